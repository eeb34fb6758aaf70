"""Text that can stand on one line of a file or a terminal: no control characters, no halves of characters."""

from __future__ import annotations

import re

_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def is_line(text: str) -> bool:
    """Whether `text` is one line that UTF-8 can hold."""
    return _ODD.search(text) is None


def as_line(text: str) -> str:
    """`text` with everything that is no part of a line written as Python writes it: `\\n`, `\\x1b`, `\\udcff`."""
    return _ODD.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
