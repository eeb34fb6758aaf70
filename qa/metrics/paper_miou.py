"""Mean of mIoU by the paper's text (FORMAT B4): an empty or missing prediction counts 0, easy pairs included."""

from __future__ import annotations

import numpy as np

from qa.metrics.pairs import Floats, PairScores, State
from qa.metrics.query_means import MiouScores, miou_scores


def paper_iou_table(scores: PairScores) -> tuple[Floats, Floats]:
    """Box and mask IoU `(n,)` with 0 where nothing was found or predicted."""
    scored = scores.state == State.SCORED
    return np.where(scored, scores.box, 0.0), np.where(scored, scores.mask, 0.0)


def paper_miou(scores: PairScores) -> MiouScores:
    """The four scores over all pairs."""
    box, mask = paper_iou_table(scores)
    return miou_scores(scores.pairs, box, mask, np.ones(len(scores.pairs), dtype=np.bool_))
