"""The languages that sessions speak, each a module named by its tag, with its record as LANGUAGE."""
