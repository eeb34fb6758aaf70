"""What a release's makers may choose, and what no document of a release could quote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import RefusedError
from export.options import ReleaseOptions
from export.plain_text import as_line, is_line
from export.release import release_material
from export.verify import verify_release


@pytest.mark.parametrize("text", ["a\udcffb", "two\nlines", "tab\t", "\x1b[31m", "next\x85line", "line\u2028end"])
@pytest.mark.parametrize(("member", "word"), [("title", "title"), ("version", "version"), ("url", "address")])
def test_what_is_no_line_of_text_is_refused_before_anything_is_made(
    make_material: Any, tmp_path: Path, text: str, member: str, word: str
) -> None:
    with pytest.raises(RefusedError, match=f"The {word} of a release is one line of text") as caught:
        release_material([make_material()], tmp_path / "out", options=ReleaseOptions(**{member: text}))
    assert is_line(str(caught.value))
    assert not list(tmp_path.glob("*out*"))


def test_names_in_any_script_stand_in_every_document(make_material: Any, tmp_path: Path) -> None:
    title = 'Ōsaka “gates” \\ & <b>ورودی\u200cها</b> "2"'
    options = ReleaseOptions(title=title, version="1.0-β", url="https://example.org/ü?a=1&b=2")
    release_material([make_material()], tmp_path / "out", options=options)
    assert json.loads((tmp_path / "out/MANIFEST.json").read_text("utf-8"))["title"] == title
    croissant = json.loads((tmp_path / "out/croissant.json").read_text("utf-8"))
    assert (croissant["name"], croissant["url"]) == (title, "https://example.org/ü?a=1&b=2")
    assert (tmp_path / "out/DATASHEET.md").read_text("utf-8").startswith(f"# Datasheet of {title}, version 1.0-β\n")
    assert json.loads((tmp_path / "out/coco/oxford.json").read_text("utf-8"))["info"]["description"].startswith(title)
    assert verify_release(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [("plain é ü 字", "plain é ü 字"), ("a\nb", "a\\nb"), ("\udcff", "\\udcff"), ("\x1b[1m", "\\x1b[1m"), ("", "")],
)
def test_everything_can_be_shown_on_one_line(text: str, shown: str) -> None:
    assert as_line(text) == shown
    assert is_line(shown)
    assert is_line(text) == (text == shown)
