"""Automatic tests of an annotation, one per file; `registry` lists them."""
