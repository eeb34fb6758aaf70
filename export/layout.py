"""Where everything lies in a release (FORMAT A): paths relative to its root, with `/` on every system."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from annotator.domain.dataset import group_name

FORMAT_VERSION = "1.0"
MANIFEST = "MANIFEST.json"
CHECKSUMS = "SHA256SUMS"

_NAME = re.compile(r"[a-z0-9_]+")
_FOLDERS = {"oxford": "roxford5k", "paris": "rparis6k"}


def label_path(dataset: str, group: int, image: str) -> str:
    """The label of a pair."""
    return f"labels/{dataset}/{group_name(group)}/{image}.json"


def query_path(dataset: str, number: int) -> str:
    """The label of a query mask."""
    return f"queries/{dataset}/{number}.json"


def pair_table_path(dataset: str) -> str:
    """The table from `q_i` to label."""
    return f"{dataset}_pair2labelpath.npy"


def masks_path(dataset: str) -> str:
    """The exact masks of the pairs."""
    return f"masks/{dataset}/masks.json"


def query_masks_path(dataset: str) -> str:
    """The exact query masks."""
    return f"masks/{dataset}/queries.json"


def png_path(dataset: str, group: int, image: str) -> str:
    """The mask of a pair as a picture, where they were asked for."""
    return f"masks/{dataset}/png/{group_name(group)}/{image}.png"


def query_png_path(dataset: str, number: int) -> str:
    """A query mask as a picture, where they were asked for."""
    return f"masks/{dataset}/png/queries/{number}.png"


def provenance_path(dataset: str) -> str:
    """Who made which pair, one line each."""
    return f"provenance/{dataset}.jsonl"


def groups_path(dataset: str) -> str:
    """The query groups."""
    return f"groups/{dataset}.json"


def statistics_path(dataset: str, name: str) -> str:
    """A file of figures or pictures about a dataset."""
    return f"statistics/{dataset}/{name}"


def coco_path(dataset: str) -> str:
    """Query and index masks as one COCO file."""
    return f"coco/{dataset}.json"


def ground_truth_path(dataset: str, suffix: str) -> str:
    """The ground-truth file where Revisited Oxford and Paris keep it; `suffix` is `.pkl` or `.mat`."""
    folder = _FOLDERS.get(dataset, dataset)
    return f"revisitop/data/{folder}/gnd_{folder}{suffix}"


def is_dataset_name(name: str) -> bool:
    """Whether a dataset can have this name: small letters, digits and underscores."""
    return _NAME.fullmatch(name) is not None


def is_plain(path: str) -> bool:
    """True for a relative path with `/` separators that stays inside the folder it is relative to."""
    if not path or "\\" in path or "\0" in path or ":" in path:
        return False
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and str(parts) == path
