"""The proposers, one per file: the default, its parts, and the published families beside it."""
