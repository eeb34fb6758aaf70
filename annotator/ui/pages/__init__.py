"""Whole pages: start, pairs, queries, disputes, dashboard."""
