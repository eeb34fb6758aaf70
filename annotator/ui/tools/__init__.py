"""The tools of the canvas, one per file; `registry` lists them."""
