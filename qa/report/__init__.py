"""The report of a project: one HTML page that needs no network, and the same numbers as JSON."""
