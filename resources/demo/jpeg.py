"""JPEG bytes with an orientation tag, and PNG bytes with few colours."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np

from resources.demo.pixels import Bytes

QUARTERS = {1: 0, 3: 2, 6: 1, 8: 3}


def exif_orientation(orientation: int) -> bytes:
    """An APP1 segment with one entry, tag 0x0112 (Exif 2.3, 4.6.4)."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    body = b"Exif\0\0" + b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def jpeg_bytes(shown: Bytes, quality: int = 92, orientation: int = 1) -> bytes:
    """`shown` (h, w, 3) RGB as a JPEG that looks like it once its orientation (1, 3, 6 or 8) is applied.

    Other orientations raise KeyError.
    """
    stored = np.ascontiguousarray(np.rot90(shown, QUARTERS[orientation])[..., ::-1])
    done, data = cv2.imencode(".jpg", stored, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise OSError("OpenCV could not make a JPEG of the demo image.")
    plain = bytes(data)
    if orientation == 1:
        return plain
    return plain[:2] + exif_orientation(orientation) + plain[2:]


def indexed_png(image: Bytes, colours: int = 64) -> bytes:
    """`image` (h, w, 3) RGB as a PNG with a palette of at most 256 colours, for small pictures in the manual."""
    flat = image.reshape(-1, 3).astype(np.float32)
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 0.5)
    start = np.zeros((len(flat), 1), np.int32)
    _, labels, centres = cv2.kmeans(flat, colours, start, stop, 1, cv2.KMEANS_PP_CENTERS)
    palette = np.asarray(np.clip(centres, 0, 255) + 0.5, np.uint8)
    index = np.asarray(labels, np.uint8).reshape(image.shape[:2])
    lines = b"".join(b"\0" + row.tobytes() for row in index)
    header = struct.pack(">IIBBBBB", image.shape[1], image.shape[0], 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
