"""Proposers: from masked references and an index image to a pre-mask with a confidence (docs/premask.md)."""
