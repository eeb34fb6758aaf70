"""Photographs and masks with damaged bytes: pixels of the size that the header says, or one sentence."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from annotator.datasets.completeness import ends_early
from annotator.datasets.decode import decode, decode_bgra, read_header, thumbnail
from annotator.datasets.labels.png_masks import read_mask
from annotator.datasets.library import ImageLibrary
from annotator.domain.errors import AnnotatorError, EnvironmentFault

FORMS = ("JPEG", "PNG", "BMP", "WEBP")


def encoded(form: str, mode: str = "RGB") -> bytes:
    noise = np.random.default_rng(4).integers(0, 255, (40, 52, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(stream, form, **({} if form == "BMP" else {"exif": exif}))
    return stream.getvalue()


WHOLE = {f"{form} {mode}": encoded(form, mode) for form in FORMS for mode in ("RGB", "L")} | {"P": encoded("PNG", "P")}
Read = Callable[[Path], Any]


@pytest.mark.filterwarnings(r"ignore::UserWarning:PIL\..*")  # as `image_file` sets it; pytest makes all of them errors
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(st.tuples(st.integers(0, 1 << 16), st.binary(max_size=4), st.sampled_from([0, 4])), max_size=4),
    head=st.booleans(),
)
def test_damaged_bytes_give_pixels_or_a_sentence(
    tmp_path: Path, name: str, changes: list[tuple[int, bytes, int]], head: bool
) -> None:
    data = bytearray(WHOLE[name])
    for place, replacement, length in changes:
        start = place % min(len(data), 120 if head else len(data))
        data[start : start + (length or len(replacement))] = replacement
    path = tmp_path / "a.img"
    path.write_bytes(data)
    found: dict[str, Any] = {}
    readers: dict[str, Read] = {
        "header": lambda p: read_header(p).size,
        "pixels": lambda p: decode(p).shape[1::-1],
        "window": lambda p: decode_bgra(p).shape[1::-1],
        "mask": read_mask,
        "small": lambda p: max(thumbnail(p, 16).shape[:2]),
    }
    for what, read in readers.items():
        try:
            found[what] = read(path)
        except AnnotatorError as error:
            assert str(path) in str(error)  # noqa: PT017 (both outcomes are right)
            assert "\n" not in str(error)  # noqa: PT017
    if "pixels" in found:
        assert found["pixels"] == found["header"]
    assert found.get("window") == found.get("pixels")
    if "small" in found:
        assert found["small"] <= 16


@pytest.mark.parametrize("form", FORMS)
def test_every_cut_of_a_file_is_noticed_before_anybody_works_on_it(tmp_path: Path, form: str) -> None:
    whole = WHOLE[f"{form} RGB"]
    path = tmp_path / "a.jpg"
    for length in {*range(0, len(whole) - 1, max(1, len(whole) // 40)), len(whole) - 1}:
        path.write_bytes(whole[:length])
        report = ImageLibrary(tmp_path).scan(["a"])
        if report.present:  # forms without a mark at their end are told by decoding alone
            assert form in ("BMP", "WEBP")
            with pytest.raises(AnnotatorError):
                decode(path)


@pytest.mark.parametrize(
    ("form", "tail", "expected"),
    [
        ("JPEG", b"...\xff\xd9", False),
        ("JPEG", b"...\xff\xd8", True),
        ("JPEG", b"\xff\xd9" + bytes(65_000), None),
        ("JPEG", b"\xff\xd9" + bytes(65_535), True),
        ("MPO", b"\xff\xd9", False),
        ("PNG", b"IEND\xaeB`\x82", False),
        ("PNG", b"IEND\xaeB`", True),
        ("PNG", b"IEND\xaeB`\x82\n", None),
        ("JPEG", b"", True),
        ("WEBP", b"anything", None),
        ("BMP", b"", None),
    ],
)
def test_the_end_of_a_file_tells_whether_it_was_cut(form: str, tail: bytes, expected: bool | None) -> None:
    assert ends_early(io.BytesIO(tail), len(tail), form) is expected


def test_a_mask_is_what_is_not_black_in_every_kind_of_png(tmp_path: Path) -> None:
    wanted = np.zeros((6, 8), dtype=bool)
    wanted[2:4, 1:7] = True
    grey = wanted.astype(np.uint8)
    clear = np.dstack([grey * 9, grey * 0, grey * 0, np.zeros_like(grey)])  # colours under no opacity count as well
    palette = Image.fromarray(grey * 3).convert("P")
    palette.putpalette([0, 0, 0] * 3 + [0, 0, 1] + [0] * 756)
    images = {
        "bits": Image.fromarray(wanted),
        "one": Image.fromarray(grey),
        "blue": Image.fromarray(np.dstack([grey * 0, grey * 0, grey])),
        "deep": Image.fromarray(grey.astype(np.uint16) * 256),
        "clear": Image.fromarray(clear),
        "palette": palette,
    }
    for name, image in images.items():
        image.save(tmp_path / f"{name}.png")
        assert np.array_equal(read_mask(tmp_path / f"{name}.png"), wanted), name


@pytest.mark.parametrize("read", [decode, decode_bgra])
def test_without_memory_an_image_is_a_matter_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Read
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(WHOLE["PNG RGB"])

    def none_left(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("annotator.datasets.decode.np.asarray", none_left)
    with pytest.raises(EnvironmentFault, match="not enough memory to decode this image"):
        read(path)
