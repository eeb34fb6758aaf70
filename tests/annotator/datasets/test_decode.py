"""Decoding: one orientation rule, 8-bit RGB of every kind of file, and refusals before memory is taken."""

from __future__ import annotations

import struct
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from annotator.datasets.decode import decode, decode_bgra, read_header, read_size, thumbnail
from annotator.datasets.image_file import DamagedImageError, OversizedImageError
from annotator.datasets.orientation import orientation_of
from annotator.domain.errors import BadFileError, EnvironmentFault

ORIENTATIONS = range(1, 9)

Read = Callable[[Path], NDArray[np.uint8]]


def picture(width: int = 48, height: int = 32) -> Image.Image:
    """Four different corners, so that every turn shows."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[: height // 2, : width // 2] = (250, 20, 20)
    pixels[: height // 2, width // 2 :] = (20, 240, 20)
    pixels[height // 2 :, : width // 2] = (20, 20, 230)
    pixels[height // 2 :, width // 2 :] = (240, 240, 40)
    return Image.fromarray(pixels)


def _exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif"])
def test_every_orientation_is_applied(tmp_path: Path, orientation: int, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    quality = {"lossless": True} if ending == "webp" else {}
    picture().save(path, exif=_exif(orientation), **quality)
    found = decode(path)
    with Image.open(path) as image:
        expected = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    assert np.array_equal(found, expected)
    assert read_size(path) == (found.shape[1], found.shape[0])
    assert read_header(path).orientation == orientation
    assert found.shape[:2] == ((48, 32) if orientation >= 5 else (32, 48))
    assert_same_for_the_window(path)


def assert_same_for_the_window(path: Path) -> None:
    """What the window gets is what everybody gets, in the byte order of Qt's RGB32."""
    shown, found = decode_bgra(path), decode(path)
    assert shown.dtype == found.dtype == np.uint8
    assert shown.shape == (*found.shape[:2], 4)
    assert np.array_equal(shown[..., 2::-1], found)
    assert (shown[..., 3] == 255).all()


# Rows are copied in strips: one strip that is not full, full ones alone, a shorter last one, rows longer than a strip.
@pytest.mark.parametrize(
    "size", [(1, 1), (1, 50_000), (50_000, 1), (50_000, 3), (3, 7), (301, 72), (301, 73), (301, 500)]
)
def test_no_row_is_lost_moved_or_mixed_up(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "a.png"
    noise = np.random.default_rng(5).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    assert cv2.imwrite(str(path), noise[..., ::-1])
    assert np.array_equal(decode(path), noise)
    assert_same_for_the_window(path)


@pytest.mark.parametrize("read", [decode, decode_bgra])
def test_nobody_changes_an_image_that_others_see(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.png"
    picture().save(path)
    pixels = read(path)
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 0


@pytest.mark.parametrize("read", [decode, decode_bgra])
def test_no_second_copy_of_the_pixels_is_made(tmp_path: Path, read: Read) -> None:
    """Pillow's own memory is not counted here; fresh memory is what opening a photograph spends most of its time on."""
    path = tmp_path / "a.jpg"
    picture(1600, 1200).save(path)
    read(path)
    tracemalloc.start()
    try:
        pixels = read(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pixels.nbytes <= most < 1.25 * pixels.nbytes


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_jpeg_pixels_are_those_of_opencv(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "a.jpg"
    picture(101, 67).save(path, exif=_exif(orientation), quality=90)
    shown = cv2.imread(str(path))
    assert shown is not None
    assert np.array_equal(decode(path), shown[..., ::-1])


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_thumbnails_are_turned_too(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "a.jpg"
    picture(640, 320).save(path, exif=_exif(orientation), quality=95)
    small = thumbnail(path, 64)
    assert max(small.shape[:2]) == 64
    whole = decode(path)
    assert (small.shape[1] > small.shape[0]) == (whole.shape[1] > whole.shape[0])
    for corner in [(0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75)]:
        assert np.abs(_at(small, corner).astype(int) - _at(whole, corner)).max() < 12


def _at(pixels: NDArray[np.uint8], place: tuple[float, float]) -> NDArray[np.uint8]:
    return pixels[int(place[0] * pixels.shape[0]), int(place[1] * pixels.shape[1])]


def test_a_thumbnail_is_never_enlarged(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    picture().save(path)
    assert np.array_equal(thumbnail(path, 500), decode(path))


def test_grey_palette_alpha_and_cmyk_become_rgb(tmp_path: Path) -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    Image.fromarray(grey).save(tmp_path / "grey.png")
    assert np.array_equal(decode(tmp_path / "grey.png"), np.dstack([grey] * 3))

    Image.fromarray(grey.astype(np.uint16) * 257).save(tmp_path / "deep.png")
    assert np.array_equal(decode(tmp_path / "deep.png"), np.dstack([grey] * 3))
    Image.fromarray(grey.astype(np.uint16) * 257).save(tmp_path / "deep.tif")
    assert np.array_equal(decode(tmp_path / "deep.tif"), np.dstack([grey] * 3))

    Image.fromarray(grey > 100).save(tmp_path / "bits.png")
    assert np.array_equal(decode(tmp_path / "bits.png")[..., 0], np.where(grey > 100, 255, 0))

    picture().quantize(8).save(tmp_path / "palette.png")
    assert np.abs(decode(tmp_path / "palette.png").astype(int) - np.asarray(picture())).max() < 8

    clear = picture().convert("RGBA")
    clear.putalpha(Image.new("L", clear.size, 0))
    clear.save(tmp_path / "clear.png")
    assert (decode(tmp_path / "clear.png") == 255).all()

    picture().convert("CMYK").save(tmp_path / "cmyk.jpg", quality=100)
    assert np.abs(decode(tmp_path / "cmyk.jpg").astype(int) - np.asarray(picture())).mean() < 4

    for path in tmp_path.iterdir():
        assert_same_for_the_window(path)


def test_a_palette_with_transparency_lies_on_white(tmp_path: Path) -> None:
    image = picture().quantize(8)
    image.save(tmp_path / "a.png", transparency=image.getpixel((0, 0)))
    assert decode(tmp_path / "a.png")[0, 0].tolist() == [255, 255, 255]
    assert_same_for_the_window(tmp_path / "a.png")


def test_a_truncated_jpeg_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    picture(400, 300).save(path)
    path.write_bytes(path.read_bytes()[:-900])
    for read in (decode, decode_bgra, lambda p: thumbnail(p, 64)):
        with pytest.raises(DamagedImageError, match="truncated or damaged"):
            read(path)


def _huge_png(side: int) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(64)))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_an_image_beyond_the_limit_is_refused_from_its_header(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_huge_png(50_000))
    for read in (decode, decode_bgra, read_size, lambda p: thumbnail(p, 64)):
        with pytest.raises(OversizedImageError, match="50,000 × 50,000"):
            read(path)


def test_a_file_is_judged_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    picture().save(path, format="PNG")
    assert np.array_equal(decode(path), np.asarray(picture()))
    assert read_header(path).form == "PNG"
    text = tmp_path / "b.jpg"
    text.write_text("this is a letter", encoding="utf-8")
    for read in (decode, decode_bgra):
        with pytest.raises(BadFileError, match="no image"):
            read(text)
    gif = tmp_path / "c.png"
    picture().save(gif, format="GIF")
    with pytest.raises(BadFileError, match="no image of a known kind"):
        decode(gif)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for read in (decode, decode_bgra):
        with pytest.raises(BadFileError, match="no such file"):
            read(tmp_path / "absent.jpg")
        with pytest.raises(EnvironmentFault):
            read(tmp_path)


@pytest.mark.filterwarnings(r"ignore::UserWarning:PIL\..*")  # as `image_file` sets it; pytest makes all of them errors
@pytest.mark.parametrize(
    "exif",
    [
        None,
        b"",
        b"Exif\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
        b"Exif\0\0XX*\0",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0\0\0",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x04\0\x01\0\0\0\x06\0\0\0",
    ],
)
def test_broken_exif_counts_as_upright(exif: bytes | None, tmp_path: Path) -> None:
    assert orientation_of(exif) == 1
    if exif:
        path = tmp_path / "a.jpg"
        picture().save(path, exif=exif)
        assert read_size(path) == (48, 32)
        assert decode(path).shape == (32, 48, 3)


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders_of_exif(order: str) -> None:
    mark = b"II" if order == "<" else b"MM"
    block = mark + struct.pack(f"{order}HIHHHIH", 42, 8, 1, 0x0112, 3, 1, 6) + bytes(6)
    assert orientation_of(block) == 6


def test_photographs_are_those_of_opencv(shared: Path) -> None:
    for path in sorted((shared / "data" / "roxford5k" / "jpg").glob("all_souls_00000*.jpg")):
        shown = cv2.imread(str(path))
        assert shown is not None
        assert np.array_equal(decode(path), shown[..., ::-1])
        assert read_size(path) == (shown.shape[1], shown.shape[0])


def test_warnings_about_broken_files_stay_inside(tmp_path: Path) -> None:
    """Even where all warnings are errors before this program starts."""
    path = tmp_path / "a.jpg"
    picture().save(path, exif=b"Exif\0\0II*\0\x08\0\0\0\x09\0\x1a\x01\x05\0\x01\0\0\0\xff\xff\0\0")
    script = (
        "import pathlib, sys; from annotator.datasets.decode import read_size as r; print(r(pathlib.Path(sys.argv[1])))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(path)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("(48, 32)\n", "")
