"""The training loop: deterministic, resumable, on CPU or CUDA.

Every step draws its batch from a generator seeded with (seed, step), so a run that was killed and resumed, and a short
run that only repeats the first steps, see the same views.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from annotator.premask.training.batches import ViewPair, real_pair, warped_pair
from annotator.premask.training.correspondences import Grey, Photographs
from annotator.premask.training.losses import descriptor_loss, keypoint_labels, keypoint_loss, matched
from annotator.premask.training.network import CELL, LocalFeatures, sample
from annotator.premask.training.state import Run
from annotator.premask.training.views import HEIGHT, WIDTH


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides a run: steps, pairs of views a step, learning rate (one cycle), share of warps, seed.

    `rendered` views of the demo's buildings are made for it. With `tracks`, photographs that only tracks join are pairs
    too. `strength` bends the views of real pairs, 0 to 1. `half` runs the network in bfloat16, which a CPU that has it
    does 1.6 times as fast; losses stay in float32.
    """

    steps: int = 8000
    pairs: int = 4
    rate: float = 2e-3
    warps: float = 0.25
    keypoint_weight: float = 0.5
    seed: int = 0
    rendered: int = 24
    tracks: bool = False
    strength: float = 0.6
    half: bool = True


def batch(recipe: Recipe, step: int, photographs: Photographs, alone: tuple[Grey, ...]) -> list[ViewPair]:
    """The views of one step: the same for the same recipe and step."""
    rng = np.random.default_rng([recipe.seed, step])
    found: list[ViewPair] = []
    while len(found) < recipe.pairs:
        if alone and rng.random() < recipe.warps:
            pair = warped_pair(rng, alone[int(rng.integers(len(alone)))])
        else:
            pair = real_pair(rng, photographs, recipe.strength)
        if pair is not None:
            found.append(pair)
    return found


def losses(
    network: LocalFeatures, pairs: list[ViewPair], device: torch.device, *, half: bool = False
) -> tuple[Tensor, Tensor, float]:
    """Descriptor loss, keypoint loss, and the share of points that find their own match."""
    views = np.stack([view for pair in pairs for view in (pair.first, pair.second)])[:, None]
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
        logits, descriptors = network(torch.from_numpy(views).to(device))
    logits, descriptors = logits.float(), descriptors.float()
    described, found, share = [], [], 0.0
    for row, pair in enumerate(pairs):
        points = [torch.from_numpy(points).to(device) for points in (pair.points_first, pair.points_second)]
        maps = descriptors[2 * row], descriptors[2 * row + 1]
        described.append(descriptor_loss(*maps, *points))
        with torch.no_grad():
            share += matched(sample(maps[0], points[0]), sample(maps[1], points[1])) / len(pairs)
        for side, keypoints in enumerate((pair.keypoints_first, pair.keypoints_second)):
            if len(keypoints):
                labels = keypoint_labels(torch.from_numpy(keypoints), HEIGHT // CELL, WIDTH // CELL)
                found.append(keypoint_loss(logits[2 * row + side][None], labels[None].to(device)))
    keypoint = torch.stack(found).mean() if found else logits.sum() * 0
    return torch.stack(described).mean(), keypoint, share


def train(
    recipe: Recipe,
    photographs: Photographs,
    alone: tuple[Grey, ...],
    out: Path,
    *,
    stop_after: int | None = None,
    begin_with: Path | None = None,
    say: Callable[[str], None] = print,
) -> LocalFeatures:
    """Train, or go on where `out/state.pt` left off; writes the state every 100 steps and `out/log.jsonl`.

    A new run takes its weights from the state of an earlier one where `begin_with` names it; its SHA-256 is kept in the
    state and stands in the first row of the log. Raises BadFileError for a file that is no state, and where the run in
    `out` did not begin with this one.
    """
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network: LocalFeatures = LocalFeatures().to(device)
    for parameter in network.parameters():  # the faster layout of convolutions on a CPU
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, recipe.steps, pct_start=0.1)
    out.mkdir(parents=True, exist_ok=True)
    run = Run(network, optimiser, schedule)
    start, begun_with = run.begin(out / "state.pt", begin_with, device)
    if begun_with is not None:
        say(f"begun with the weights of the state with SHA-256 {begun_with}")
    last = recipe.steps if stop_after is None else min(recipe.steps, stop_after)
    started = time.monotonic()
    network.train()
    for step in range(start, last):
        descriptor, keypoint, share = losses(network, batch(recipe, step, photographs, alone), device, half=recipe.half)
        optimiser.zero_grad()
        torch.autograd.backward(descriptor + recipe.keypoint_weight * keypoint)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        row = {"step": step, "descriptor": descriptor.item(), "keypoint": keypoint.item(), "matched": share}
        begun = {"begun_with": begun_with} if step == 0 and begun_with else {}
        with (out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row | begun) + "\n")
        if step % 20 == 0:
            say(f"{json.dumps(row)} {time.monotonic() - started:.0f} s")
        if (step + 1) % 100 == 0 or step + 1 == last:
            run.keep(out / "state.pt", step + 1, asdict(recipe), begun_with)
    return network
