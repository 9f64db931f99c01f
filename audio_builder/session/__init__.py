"""The finished session as data: its cue sheet, the recipe it is linked from, and the files that lie beside it."""
