"""A simulated team with known skills: draws what people would draw where the truth is known."""
