"""Model files that people have: what a file is, whether it works, and where public ones can be had."""
