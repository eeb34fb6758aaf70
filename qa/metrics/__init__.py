"""The benchmark's metrics: `official_*` reproduces the published evaluator, `paper_*` follows the paper's text."""
