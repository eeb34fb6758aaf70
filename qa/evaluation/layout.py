"""Where the files of a benchmark directory and of results lie (FORMAT A and A6)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from annotator.domain.errors import AnnotatorError

GROUND_TRUTH = {"oxford": "roxford5k", "paris": "rparis6k"}
"""Names of the two published data sets; others are found by their ground-truth file's name."""

_TABLE_END = "_pair2labelpath.npy"


class WrongFolderError(AnnotatorError):
    """A folder that is not what the command needs."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark directory."""

    root: Path

    def datasets(self) -> tuple[str, ...]:
        """Short names of the data sets here, Oxford first, then Paris; raises WrongFolderError when there is none."""
        names = [path.name.removesuffix(_TABLE_END) for path in self.root.glob(f"*{_TABLE_END}")]
        if not names:
            raise WrongFolderError(
                f"{self.root} holds no benchmark: there is no file that ends in {_TABLE_END}; "
                "name the folder that a release was written to."
            )
        return tuple(sorted(names, key=lambda name: (name not in GROUND_TRUTH, name)))

    def pair_table(self, dataset: str) -> Path:
        """The table from query-index pairs to label files."""
        return self.root / f"{dataset}{_TABLE_END}"

    def ground_truth(self, dataset: str) -> Path:
        """The original ground-truth file; raises WrongFolderError when it is not there."""
        folder = self.root / "revisitop" / "data"
        name = GROUND_TRUTH.get(dataset, dataset)
        usual = [folder / name / f"gnd_{name}{suffix}" for suffix in (".pkl", ".mat")]
        found = [path for path in usual if path.is_file()][:1]
        if not found and dataset not in GROUND_TRUTH:  # a benchmark of others may add to the name, as revisitop does
            found = sorted(folder.glob(f"*{dataset}*/gnd_*{dataset}*.pkl"))
        if len(found) != 1 or not found[0].is_file():
            raise WrongFolderError(
                f"{folder} holds no ground-truth file for {dataset}; copy the original gnd file to its place there."
            )
        return found[0]

    def masks(self, dataset: str) -> Path:
        """The exact masks; releases of others may lack them."""
        return self.root / "masks" / dataset / "masks.json"


@dataclass(frozen=True, slots=True)
class Results:
    """A folder of results: predictions of methods and rankings."""

    root: Path

    @classmethod
    def found(cls, folder: Path) -> Results:
        """The results in `folder`, or in its subfolder `results`."""
        inner = folder / "results"
        if not (folder / "pixel-level").is_dir() and (inner / "pixel-level").is_dir():
            return cls(inner)
        return cls(folder)

    def methods(self) -> tuple[str, ...]:
        """Names of the methods that have a folder here."""
        return _folders(self.root / "pixel-level")

    def rankings(self) -> tuple[str, ...]:
        """Names of the folders of rankings."""
        return _folders(self.root / "image-level")

    def predictions(self, method: str, dataset: str) -> Path:
        """The prediction file of a method."""
        return self.root / "pixel-level" / method / "matching_result" / f"pr{dataset}.npy"

    def ranking(self, name: str, dataset: str, distractors: bool = False) -> Path:
        """The ranking file, of the plain database or of the one with a million distractors."""
        return self.root / "image-level" / name / f"{'R1M' if distractors else 'r'}{dataset}.npy"

    def chosen_ranking(self, wanted: str | None, method: str) -> str | None:
        """Which folder of rankings goes with a method: the wanted one, its namesake, RANKS, or the only one.

        None when there is none; raises WrongFolderError when the choice is not clear.
        """
        names = self.rankings()
        if wanted is not None:
            if wanted not in names:
                raise WrongFolderError(f"{self.root / 'image-level'} holds no rankings named {wanted}.")
            return wanted
        for name in (method, "RANKS"):
            if name in names:
                return name
        if len(names) > 1:
            raise WrongFolderError(
                f"{self.root / 'image-level'} holds several rankings ({', '.join(names)}); choose one with --ranks."
            )
        return names[0] if names else None


def _folders(parent: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in parent.iterdir() if path.is_dir())) if parent.is_dir() else ()
