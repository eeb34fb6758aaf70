"""Scoring of methods against a benchmark directory: reading, scoring on all cores, tables and the page."""
