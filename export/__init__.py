"""Releases of finished work: the benchmark's files with exact masks, their verification and a reader."""
