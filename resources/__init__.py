"""Icons, the rules' text and pictures, and the demo set; the lowest layer."""
