"""Ground-truth files, image folders and label files of other programs, read without trusting them."""
