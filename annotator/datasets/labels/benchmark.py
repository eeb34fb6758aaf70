"""Benchmark directories (FORMAT part A): exact masks where there are any, else the evaluator's labels and pair table.

A label is read as the evaluator fills it: points truncated towards zero, every ring even-odd with its own pixels, all
rings united (FORMAT A2 and B1).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.datasets.file_bytes import read_json
from annotator.datasets.image_file import MOST_PIXELS
from annotator.datasets.image_names import image_name
from annotator.datasets.labels.coco import read_coco
from annotator.datasets.labels.imported import ImportedLabel
from annotator.datasets.labels.matching import REMEDY, Places
from annotator.datasets.labels.pixels import label_of_mask
from annotator.datasets.plain_npy import read_npy_dict
from annotator.domain.errors import BadFileError, GeometryError
from annotator.domain.geometry import as_points
from annotator.domain.raster import Mask

_Reading = Iterator[ImportedLabel | BadFileError]


def is_benchmark(folder: Path, dataset: str) -> bool:
    """Whether `folder` holds a benchmark of this dataset."""
    return (folder / "masks" / dataset / "masks.json").is_file() or (folder / _table(dataset)).is_file()


def read_benchmark(folder: Path, places: Places) -> _Reading:
    """All labels of the directory, query masks first, or the error that stands for one.

    Raises BadFileError when the table or the file of exact masks is broken.
    """
    dataset = places.truth.dataset
    exact = folder / "masks" / dataset
    if (exact / "queries.json").is_file():
        yield from read_coco(exact / "queries.json", places, queries=True)
    else:
        yield from _queries(folder / "queries" / dataset, places)
    if (exact / "masks.json").is_file():
        yield from read_coco(exact / "masks.json", places)
    else:
        yield from _pairs(folder, dataset, places)


def _table(dataset: str) -> str:
    return f"{dataset}_pair2labelpath.npy"


def _queries(folder: Path, places: Places) -> _Reading:
    for query in places.truth.queries:
        path = folder / f"{query.number}.json"
        if path.is_file():
            try:
                yield places.query(_label(path, query.image))
            except BadFileError as error:
                yield error


def _pairs(folder: Path, dataset: str, places: Places) -> _Reading:
    """Labels of the pair table; the pairs of one group share a file, which is read once."""
    source = folder / _table(dataset)
    files: dict[tuple[int, str], Path] = {}
    for key, relative in read_npy_dict(source).items():
        numbers = key.split("_")
        try:
            query, index = (int(number) for number in numbers)
            group = places.group_of_query(query)
            image = places.truth.index_images[index]
        except (ValueError, IndexError):
            group = None
        if group is None or min(query, index) < 0:
            raise BadFileError(source, f"the key {key[:40]!r} is no query-index pair of the ground truth", REMEDY)
        files[group, image] = _inside(folder, relative, source)
    for (group, image), path in files.items():
        try:
            yield places.index(_label(path, image), group)
        except BadFileError as error:
            yield error


def _inside(folder: Path, relative: object, source: Path) -> Path:
    """The path of a label, which must stay inside the directory."""
    path = folder / str(relative)
    try:
        inside = isinstance(relative, str) and path.resolve().is_relative_to(folder.resolve())
    except ValueError:  # a NUL, or half a sign
        inside = False
    if not inside:
        raise BadFileError(source, f"the path {str(relative)[:80]!r} leaves the directory", "get the original again")
    return path


def _label(path: Path, image: str) -> ImportedLabel:
    content = read_json(path)
    try:
        named = content.get("imagePath")
        if isinstance(named, str) and named and image_name(named) != image:
            raise BadFileError(path, f"its imagePath is {named[:80]!r} and not '{image}'", REMEDY)
        mask = _filled([shape["points"] for shape in content["shapes"]], content["imageWidth"], content["imageHeight"])
    except (KeyError, TypeError, AttributeError, GeometryError) as error:
        raise BadFileError(path, "this is no label of the benchmark", "get the original file again") from error
    return label_of_mask(mask, image, path)


def _filled(rings: list[Any], width: int, height: int) -> Mask:
    if type(width) is not int or type(height) is not int or min(width, height) < 1 or width * height > MOST_PIXELS:
        raise GeometryError("imageWidth and imageHeight are no size of an image")
    canvas: NDArray[np.uint8] = np.zeros((height, width), dtype=np.uint8)
    for points in map(as_points, rings):
        if not len(points):
            raise GeometryError("a shape without points")
        cv2.fillPoly(canvas, [np.trunc(points).astype(np.int32)], (1,))
    return canvas.view(np.bool_)
