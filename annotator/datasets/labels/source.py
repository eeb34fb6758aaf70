"""Any source of labels: its form is found by looking, its labels are matched to the ground truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.datasets.file_bytes import read_json
from annotator.datasets.labels.benchmark import is_benchmark, read_benchmark
from annotator.datasets.labels.coco import is_coco, read_coco
from annotator.datasets.labels.imported import ImportedLabel, SourceLabels
from annotator.datasets.labels.labelme import read_labelme
from annotator.datasets.labels.mask_folder import is_mask_folder, read_mask_folder
from annotator.datasets.labels.matching import Places
from annotator.datasets.labels.png_masks import read_png_masks
from annotator.datasets.labels.told_group import told_group
from annotator.domain.dataset import GroundTruth
from annotator.domain.errors import BadFileError

_Reading = Iterator[ImportedLabel | BadFileError]


def read_source(source: Path, truth: GroundTruth) -> SourceLabels:
    """All labels of `source`, each with its query number or its group, and a sentence for each that cannot be used.

    A source is a benchmark directory, a folder with `queries/`, `index/` and `pairs.json`, a COCO file, a LabelMe file
    or a folder tree of them, or a PNG mask or a folder tree of them. Raises BadFileError when it is none of these, when
    it is one file that cannot be used, and when nothing in it can.
    """
    labels: list[ImportedLabel] = []
    errors: list[BadFileError] = []
    for item in _reading(source, Places.of(truth)):
        if isinstance(item, BadFileError):
            errors.append(item)
        else:
            labels.append(item)
    if errors and (not labels or source.is_file()):
        raise errors[0]
    if not labels:
        raise BadFileError(source, "nothing in it is a label of this project", "check the path")
    return SourceLabels(tuple(labels), tuple(map(str, errors)))


def _reading(source: Path, places: Places) -> _Reading:
    if not source.exists():
        raise BadFileError(source, "there is no such file or folder", "check the path")
    if source.is_file():
        return _file(source, places)
    if is_mask_folder(source):
        return read_mask_folder(source, places)
    if is_benchmark(source, places.truth.dataset):
        return read_benchmark(source, places)
    return _folder(source, places)


def _file(source: Path, places: Places) -> _Reading:
    if source.suffix.lower() == ".png":
        return read_png_masks([source], places)
    if is_coco(read_json(source)):
        return read_coco(source, places, queries=source.stem == "queries")
    return _labelme([source], places)


def _folder(source: Path, places: Places) -> _Reading:
    """A tree of LabelMe files, or else of PNG masks: LabelMe's are the richer form of the same."""
    labelme = sorted(source.rglob("*.json"))
    return _labelme(labelme, places) if labelme else read_png_masks(sorted(source.rglob("*.png")), places)


def _labelme(files: Iterable[Path], places: Places) -> _Reading:
    for path in files:
        try:
            yield places.any(read_labelme(path), told_group(path))
        except BadFileError as error:
            yield error
