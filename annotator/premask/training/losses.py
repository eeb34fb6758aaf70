"""Losses: dual softmax over correspondences, and cells' keypoints.

Descriptors: the probability that two points choose each other (dual softmax as in LoFTR, Sun et al., 2021) among all
points of the pair and all other cells of the view, which makes every other place of the same facade a hard negative.
Keypoints: cross-entropy of the cell classes of SuperPoint (DeTone et al., 2018), with places that were found again in
another photograph as labels.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from annotator.premask.training.network import CELL, sample

TEMPERATURE = 0.05
NEAR = 20.0
"""Pixels around the true place in which a cell is no negative."""

EMPTY_CELL_WEIGHT = 0.15
"""A cell without a label may still hold a good keypoint that no pair happened to confirm."""


def descriptor_loss(first: Tensor, second: Tensor, points_first: Tensor, points_second: Tensor) -> Tensor:
    """Mean negative log probability of the true matches of one pair.

    Descriptor maps are `(d, h/8, w/8)`, points `(m, 2)` xy that correspond row by row.
    """
    first, second = first.float(), second.float()
    chosen = sample(first, points_first), sample(second, points_second)
    similarity = chosen[0] @ chosen[1].T / TEMPERATURE
    own = similarity.diagonal()
    rows = own - torch.cat([similarity, _elsewhere(chosen[0], second, points_second)], dim=1).logsumexp(dim=1)
    columns = own - torch.cat([similarity.T, _elsewhere(chosen[1], first, points_first)], dim=1).logsumexp(dim=1)
    # Bounded: a wrong correspondence in the data must not outweigh a hundred right ones.
    return -torch.clamp(rows + columns, min=-24).mean()


def _elsewhere(described: Tensor, other: Tensor, true_places: Tensor) -> Tensor:
    """Similarities `(m, cells)` of descriptors to the other view's cells, minus infinity near the true places."""
    _, rows, columns = other.shape
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    centres = (torch.stack([x, y], dim=-1).reshape(-1, 2).to(true_places) + 0.5) * CELL - 0.5
    similarity = described @ other.flatten(1) / TEMPERATURE
    return similarity.masked_fill(torch.cdist(true_places, centres) < NEAR, -torch.inf)


def keypoint_labels(points: Tensor, rows: int, columns: int) -> Tensor:
    """Classes `(rows, columns)`: the position in its cell of one of the cell's points, or 64 for none."""
    labels = torch.full((rows, columns), CELL * CELL, dtype=torch.int64)
    pixel = torch.floor(points + 0.5).long()
    inside = (pixel[:, 0] >= 0) & (pixel[:, 1] >= 0) & (pixel[:, 0] < columns * CELL) & (pixel[:, 1] < rows * CELL)
    pixel = pixel[inside]
    cell = pixel // CELL
    within = pixel % CELL
    labels[cell[:, 1], cell[:, 0]] = within[:, 1] * CELL + within[:, 0]
    return labels


def keypoint_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy over cells; logits `(n, 65, rows, columns)`, labels `(n, rows, columns)`."""
    weight = torch.ones(CELL * CELL + 1)
    weight[-1] = EMPTY_CELL_WEIGHT
    return functional.cross_entropy(logits.float(), labels, weight=weight.to(logits.device))


def matched(first: Tensor, second: Tensor) -> float:
    """Share of rows whose nearest neighbour is their own: the figure that the log shows."""
    similarity = first @ second.T
    own = torch.arange(len(first), device=first.device)
    return float(((similarity.argmax(1) == own) & (similarity.argmax(0) == own)).float().mean())
