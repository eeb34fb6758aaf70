"""Readers of label files of other programs and of the benchmark; `source.read_source` chooses among them."""
