"""The open pair as a session without Qt: edits, undo, hit-testing, snapping and the geometry of the drawing tools."""
