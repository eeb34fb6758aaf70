"""The edit in progress, on the disk: one file per person, so that a killed program loses at most the last second.

The caller writes at least once a second while something changes. A file is either the entry before or the new one,
never half of one: it is written beside, forced to the disk and renamed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from annotator.domain.codec import annotation_data, annotation_from
from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError, EnvironmentFault
from annotator.domain.passes import MOST_SECONDS
from annotator.domain.shapes import Annotation
from annotator.processes.whole_file import whole_file
from annotator.store.part import folded, to_moment, to_text

FORM = 1
LARGEST_FILE = 256 << 20


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What somebody was drawing: `key` is a pair or the number of a query whose mask is drawn, `at` the time in UTC.

    `blind` where the pair was drawn blind, and `settling` (the reason and the rule as far as they are written) where a
    researcher draws or writes the decision on it: neither is work on one of its passes.
    """

    key: PairKey | int
    person: str
    base_revision: int | None
    annotation: Annotation
    active_seconds: float
    at: datetime
    proposer: str | None = None
    blind: bool = False
    settling: tuple[str, str] | None = None


class Journal:
    """The journal files of one project, in `folder`, which is made at the first write, as `parts` below it are.

    The folder above is not made: a project folder that was taken away would be there again, with nothing else in it.
    """

    def __init__(self, folder: Path, *parts: str) -> None:
        self._top, self._parts, self.folder = folder, parts, folder.joinpath(*parts)

    def of_pair(self, kind: str, key: PairKey, *parts: str) -> Journal:
        """A journal below this one for what people begin of a `kind` on one pair: it takes the place of nothing else.

        `parts` tell further ones of the same kind and pair apart.
        """
        mark = hashlib.blake2b(str(key).encode(), digest_size=6).hexdigest()
        return Journal(self._top, *self._parts, kind, mark, *parts)

    def parts(self) -> tuple[str, ...]:
        """The names of the folders in this one, sorted; none where it is not there or cannot be read."""
        try:
            return tuple(sorted(path.name for path in self.folder.iterdir() if path.is_dir()))
        except OSError:
            return ()

    def holds(self, person: str) -> bool:
        """Whether the person has an entry, which is not read for it."""
        return self._path(person).exists()

    def write(self, entry: JournalEntry) -> None:
        """Replace the person's entry; raises EnvironmentFault when the disk does not take it (the old one stays)."""
        path = self._path(entry.person)
        try:
            self._top.mkdir(exist_ok=True)
            self.folder.mkdir(parents=True, exist_ok=True)
            with whole_file(path, lasting=True) as file:
                file.write(_encoded(entry))
        except OSError as error:
            raise EnvironmentFault(
                f"{path}: the edit in progress cannot be kept on the disk ({error.strerror}); it stays in memory, make "
                "room or get the right to write there."
            ) from error

    def read(self, person: str) -> JournalEntry | None:
        """The person's entry; None where there is none. A torn or foreign file is kept aside as `*.broken`."""
        path = self._path(person)
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise ValueError("too large")
            entry = _decoded(path.read_bytes())
            if folded(entry.person) != folded(person):
                raise ValueError("somebody else's")
            return entry
        except OSError:
            return None
        except (ValueError, KeyError, TypeError, RecursionError, AnnotatorError):
            self._keep_aside(path)
            return None

    def clear(self, person: str) -> None:
        """Forget the person's entry, after it was saved or submitted."""
        try:
            self._path(person).unlink(missing_ok=True)
        except OSError as error:
            raise EnvironmentFault(f"{self._path(person)}: the old journal cannot be removed; remove it.") from error

    def _path(self, person: str) -> Path:
        plain = re.sub(r"[^a-z0-9]+", "-", folded(person)).strip("-")[:40]
        mark = hashlib.sha256(folded(person).encode()).hexdigest()[:10]
        return self.folder / f"{plain or 'person'}-{mark}.json"

    def _keep_aside(self, path: Path) -> None:
        numbered = (path.with_name(f"{path.name}.broken-{number}") for number in range(1, 10_000))
        with contextlib.suppress(OSError):  # a folder that may only be read keeps the file where it is
            path.replace(next(name for name in numbered if not name.exists()))


def _encoded(entry: JournalEntry) -> bytes:
    body = {
        "key": entry.key if isinstance(entry.key, int) else str(entry.key),
        "person": entry.person,
        "base_revision": entry.base_revision,
        "annotation": annotation_data(entry.annotation),
        "active_seconds": entry.active_seconds,
        "at": to_text(entry.at),
        "proposer": entry.proposer,
        "blind": entry.blind,
        "settling": entry.settling,
    }
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    head = json.dumps({"journal": FORM, "sha256": hashlib.sha256(text).hexdigest()}).encode()
    return head + b"\n" + text + b"\n"


def _decoded(data: bytes) -> JournalEntry:
    first, _, rest = data.partition(b"\n")
    head, text = json.loads(first), rest.removesuffix(b"\n")
    if head["journal"] != FORM or head["sha256"] != hashlib.sha256(text).hexdigest():
        raise ValueError("torn")
    entry = _entry(json.loads(text))
    _encoded(entry)  # what cannot be written again cannot be worked on
    return entry


def _entry(body: dict[str, Any]) -> JournalEntry:
    """The entry that `body` tells; raises ValueError, KeyError, TypeError or AnnotatorError for what is none."""
    key, base, proposer = body["key"], body["base_revision"], body["proposer"]
    seconds = body["active_seconds"]
    if not isinstance(body["person"], str) or not _optional(base, int) or not _optional(proposer, str):
        raise TypeError("person, base or proposer")
    if not isinstance(seconds, int | float) or not 0 <= seconds < MOST_SECONDS:
        raise TypeError("seconds")
    return JournalEntry(
        key=key if type(key) is int else PairKey.parse(key),
        person=body["person"],
        base_revision=base,
        annotation=annotation_from(body["annotation"]),
        active_seconds=float(seconds),
        at=to_moment(body["at"]),
        proposer=proposer,
        blind=bool(body.get("blind", False)),
        settling=_words(body.get("settling")),
    )


def _words(value: object) -> tuple[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError("words")
    reason, rule = value
    return reason, rule


def _optional(value: object, kind: type[object]) -> bool:
    return value is None or type(value) is kind
