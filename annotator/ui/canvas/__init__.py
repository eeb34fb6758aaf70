"""The canvas: one QWidget that shows an image with its polygons, and everything that it is painted from."""
