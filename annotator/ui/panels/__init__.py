"""The areas around the canvas: each shows plain view data and tells by signals what the person wants."""
