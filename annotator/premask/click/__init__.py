"""What the click tools compute from the picture: magnetic outlines, superpixels, cuts from strokes. No Qt."""
