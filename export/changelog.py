"""CHANGES.md: what differs from an earlier release, pair by pair, with the IoU of old and new mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from annotator.domain import rle
from annotator.domain.dataset import PairKey
from annotator.domain.errors import BadFileError, GeometryError
from export.json_text import REMEDY, read_json
from export.layout import MANIFEST, masks_path
from export.measured import Made
from export.plain_text import as_line

Masks = Mapping[PairKey, Mapping[str, Any]]
"""RLE by pair."""


def changes_since(earlier: Path, made: Sequence[Made]) -> tuple[str, dict[str, Any]]:
    """The text and the data of the changes since the release at `earlier`; raises BadFileError when it is none."""
    manifest = read_json(_content(earlier / MANIFEST), earlier / MANIFEST)
    if not isinstance(manifest, dict):
        raise BadFileError(earlier / MANIFEST, "this is no manifest of a release", REMEDY)
    data: dict[str, Any] = {"earlier_version": as_line(str(manifest.get("version", "?"))), "datasets": {}}
    for one in made:
        path = earlier / masks_path(one.material.dataset)
        before = masks_of(read_json(_content(path), path), path) if path.is_file() else {}
        now = {
            PairKey(pair.group, Path(pair.image.file_name).stem): _rle_of(record.size, record.counts)
            for pair, record in one.measured
        }
        data["datasets"][one.material.dataset] = compare(before, now)
    return _text(data), data


def compare(before: Masks, now: Masks) -> dict[str, Any]:
    """Added and removed pairs, and the changed ones with their IoU, the most changed first."""
    changed = {}
    for key in sorted(before.keys() & now.keys()):
        if before[key] != now[key]:
            value = _iou(before[key], now[key])
            if value < 1.0:  # a single pixel too, whose IoU is 1 once it is rounded
                changed[str(key)] = round(value, 6)
    return {
        "added": [str(key) for key in sorted(now.keys() - before.keys())],
        "removed": [str(key) for key in sorted(before.keys() - now.keys())],
        "changed": dict(sorted(changed.items(), key=lambda item: (item[1], item[0]))),
        "unchanged": len(before.keys() & now.keys()) - len(changed),
    }


def masks_of(data: object, path: Path) -> dict[PairKey, dict[str, Any]]:
    """The masks of a `masks.json` by pair; raises BadFileError."""
    try:
        if not isinstance(data, dict):
            raise TypeError
        names = {image["id"]: as_line(Path(image["file_name"]).stem) for image in data["images"]}
        return {
            PairKey(int(one["category_id"]), names[one["image_id"]]): dict(one["segmentation"])
            for one in data["annotations"]
        }
    except (KeyError, TypeError, ValueError) as error:
        raise BadFileError(path, "this is no list of masks", REMEDY) from error


def _rle_of(size: tuple[int, int], counts: str) -> dict[str, Any]:
    return {"size": [size[1], size[0]], "counts": counts}


def _iou(first: Mapping[str, Any], second: Mapping[str, Any]) -> float:
    """0 for masks of different sizes: they cannot be laid over each other."""
    try:
        old = rle.decode({"size": first["size"], "counts": first["counts"]})
        new = rle.decode({"size": second["size"], "counts": second["counts"]})
    except (GeometryError, KeyError, TypeError):
        return 0.0
    if old.shape != new.shape:
        return 0.0
    union = int(np.count_nonzero(old | new))
    return int(np.count_nonzero(old & new)) / union if union else 1.0


def _text(data: Mapping[str, Any]) -> str:
    parts = [f"# Changes since version {data['earlier_version']}\n"]
    for dataset, found in data["datasets"].items():
        parts.append(f"## {dataset}\n")
        parts.append(
            f"{len(found['changed'])} masks changed, {len(found['added'])} were added, {len(found['removed'])} "
            f"removed, {found['unchanged']} are the same.\n"
        )
        if found["changed"]:
            parts.append("| pair | IoU with the earlier mask |\n|---|---|")
            parts += [f"| {key} | {value:.4f} |" for key, value in found["changed"].items()]
            parts.append("")
        for name in ("added", "removed"):
            if found[name]:
                parts.append(f"{name.capitalize()}: {', '.join(found[name])}\n")
    return "\n".join(parts)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadFileError(path, "the earlier release has no such file", "give the directory of a release") from error
