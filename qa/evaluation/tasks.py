"""Work for one process: the pairs that share a label, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotator.domain.errors import BadFileError
from annotator.domain.rle import Rle
from qa.evaluation.predictions import IrregularPieceError

BadFile = tuple[str, str, str]
"""Path, problem and remedy of a BadFileError, which does not travel between processes itself."""


@dataclass(frozen=True, slots=True)
class Task:
    """The pairs of one label: their positions in the pair list and the values of their predictions.

    `label` is None where the pair table has no entry; `rle` is the exact mask where there is one.
    """

    label: str | None
    rle: Rle | None
    keys: tuple[str, ...]
    positions: tuple[int, ...]
    values: tuple[object, ...]


@dataclass(slots=True)
class Scored:
    """Scores of the pairs of some tasks, row by row; `raised` are exceptions of the official evaluator by key.

    `bad` is the first broken file, after which nothing was scored; `irregular` asks for reading the predictions whole.
    """

    positions: list[int] = field(default_factory=list)
    box: list[float] = field(default_factory=list)
    mask: list[float] = field(default_factory=list)
    state: list[int] = field(default_factory=list)
    raised: dict[str, str] = field(default_factory=dict)
    bad: BadFile | None = None
    irregular: bool = False

    def add(self, position: int, state: int, box: float = float("nan"), mask: float = float("nan")) -> None:
        """One pair."""
        self.positions.append(position)
        self.state.append(state)
        self.box.append(box)
        self.mask.append(mask)


ScoreTask = Callable[[Task, Path, Scored], None]
"""Scores the pairs of one task; the path is that of the predictions, which errors name."""


def score_tasks(tasks: Sequence[Task], score: ScoreTask, predictions: Path) -> Scored:
    """IoU and state of every pair of `tasks`; runs in any process."""
    scored = Scored()
    try:
        for task in tasks:
            score(task, predictions, scored)
    except BadFileError as error:
        scored.bad = (error.path, error.problem, error.remedy)
    except IrregularPieceError:
        scored.irregular = True
    return scored
