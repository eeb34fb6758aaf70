"""The checks of a release (FORMAT A5) that can be repeated from its files alone, one subject per file."""
