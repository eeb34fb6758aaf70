"""Geometry of the drawing tools, without Qt: one tool per file."""
