"""Scripts: YAML read into a program ready to be compiled, or every problem with its place."""
