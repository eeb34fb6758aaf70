"""The pair table against the ground truth: every pair once, every path a label of the release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from annotator.datasets.plain_npy import load_npy_dict
from annotator.domain.errors import AnnotatorError
from export.layout import is_plain, pair_table_path
from export.verification.files import read_limited
from export.verification.finding import Finding

CHECK = "pair table"


def table_findings(root: Path, dataset: str, expected: Mapping[str, str]) -> Iterator[Finding]:
    """`expected` is the table as it should be. The file is read without executing anything that it may hold."""
    path = pair_table_path(dataset)
    try:
        table = load_npy_dict(read_limited(root / path), path)
    except AnnotatorError as error:
        yield Finding(CHECK, path, getattr(error, "problem", "this is no .npy file"))
        return
    for key in sorted(expected.keys() - table.keys()):
        yield Finding(CHECK, path, f"it has no entry for {key}, at which the evaluator stops")
    for key in sorted(table.keys() - expected.keys()):
        yield Finding(CHECK, path, f"{key[:60]!r} is no pair that this release should have")
    for key, value in table.items():
        if key in expected and value != expected[key]:
            yield Finding(CHECK, path, _wrong(key, value, expected[key]))


def _wrong(key: str, value: object, expected: str) -> str:
    shown = f"{str(value)[:200]!r}"
    if not isinstance(value, str):
        return f"the value of {key} is no path but {shown}"
    if not is_plain(value):
        return f"the path of {key}, {shown}, leaves the release"
    return f"{key} leads to {shown} instead of {expected}"
