"""Training the cut's network on lessons: deterministic on one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from annotator.premask.lesson_file import Taught
from annotator.premask.lessons import balanced
from annotator.premask.training.cut_network import CutNetwork

LEAST_SPREAD = 0.05
"""Spread of a plane that hardly changes."""

WARM_UP = 50
"""Steps in which the learning rate rises."""

ALIKE = 16
"""Batches whose examples are sorted by size together, so that little of a batch is empty."""


@dataclass(frozen=True, slots=True)
class CutRecipe:
    """All that decides a run: rounds over the examples, examples a step, learning rate, decay, dropout, seed.

    `covered` is the weight of an example with something put before its object: with as much as others have, the network
    expects more to be hidden than is in photographs.
    """

    epochs: int = 8
    batch: int = 16
    rate: float = 2e-3
    decay: float = 1e-3
    dropout: float = 0.1
    covered: float = 0.3
    seed: int = 0


def train_cut(recipe: CutRecipe, taught: Sequence[Taught], say: Callable[[str], None] = print) -> CutNetwork:
    """The network after `recipe.epochs` rounds; every building weighs about the same, however many examples it has."""
    torch.manual_seed(recipe.seed)
    weights = balanced([one.building for one in taught])
    weights *= np.where([one.covered for one in taught], recipe.covered, 1.0)
    weights *= len(taught) / weights.sum()
    network = CutNetwork(*_statistics(taught, weights), dropout=recipe.dropout).train()
    for parameter in network.parameters():  # the faster layout of convolutions on a CPU
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    random = np.random.default_rng(recipe.seed)
    steps, step = recipe.epochs * -(-len(taught) // recipe.batch), 0
    for epoch in range(recipe.epochs):
        total = 0.0
        for rows in _batches(taught, recipe.batch, random):
            rate = recipe.rate * min(1.0, step / WARM_UP) * (0.5 + 0.5 * np.cos(np.pi * step / steps))
            for group in optimiser.param_groups:
                group["lr"] = rate
            loss = _loss(network, [taught[row] for row in rows], weights[rows], random)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            total += loss.item() * len(rows)
            step += 1
        say(f"round {epoch + 1} of {recipe.epochs}: loss {total / len(taught):.4f}")
    return network.eval()


def _statistics(taught: Sequence[Taught], weights: NDArray[np.float64]) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and spread of every plane over the pixels of all examples."""
    share = weights / weights.sum()
    means = np.stack([one.example.planes.mean(axis=(1, 2), dtype=np.float64) for one in taught])
    squares = np.stack([(one.example.planes.astype(np.float64) ** 2).mean(axis=(1, 2)) for one in taught])
    mean = share @ means
    spread = np.sqrt(np.maximum(share @ squares - mean**2, LEAST_SPREAD**2))
    return torch.from_numpy(mean.astype(np.float32)), torch.from_numpy(spread.astype(np.float32))


def _batches(taught: Sequence[Taught], size: int, random: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """All rows once in a random order, those of about one shape together."""
    order = random.permutation(len(taught))
    for start in range(0, len(order), size * ALIKE):
        some = sorted(order[start : start + size * ALIKE], key=lambda row: taught[row].example.answers.shape)
        for first in range(0, len(some), size):
            yield np.array(some[first : first + size])


def _loss(
    network: CutNetwork, some: Sequence[Taught], weights: NDArray[np.float64], random: np.random.Generator
) -> torch.Tensor:
    """Cross-entropy per pixel; examples weigh what `weights` say whatever their size, half of them are mirrored."""
    height, width = np.max([one.example.answers.shape for one in some], axis=0)
    planes = np.zeros((len(some), len(some[0].example.planes), height, width), dtype=np.float32)
    answers, weight = (np.zeros((len(some), 1, height, width), dtype=np.float32) for _ in range(2))
    for row, one in enumerate(some):
        h, w = one.example.answers.shape
        turn = -1 if random.random() < 0.5 else 1
        planes[row, :, :h, :w] = one.example.planes[..., ::turn]
        answers[row, 0, :h, :w] = one.example.answers[:, ::turn]
        weight[row, 0, :h, :w] = weights[row] / (h * w * len(some))
    given = torch.from_numpy(planes).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", dtype=torch.bfloat16):  # twice as fast on a CPU that has it
        logits = network(given).float()
    each = functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(answers), reduction="none")
    return (each * torch.from_numpy(weight)).sum()
