"""The view graph of a group: which index images see the same places, and whether paths through them agree."""
