"""Where things are kept: a cache by content, and a person's own folders."""
