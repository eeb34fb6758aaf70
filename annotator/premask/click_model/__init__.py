"""Click-to-mask models from files: an encoder reads an image once, a decoder turns clicks into a mask. No Qt."""
