"""Training of the embedded local-feature network; imported by nothing else and installed with the extra `train`."""
