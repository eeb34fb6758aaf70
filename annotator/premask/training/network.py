"""The local-feature network: one grey image in, keypoint scores and dense descriptors out.

A small convolutional pyramid (stride 4 to 32) with top-down fusion at stride 8, where the descriptors live, in the
manner of feature pyramids (Lin et al., 2017). Keypoints are classified per cell of 8 × 8 pixels with one class for "no
keypoint" (DeTone et al., SuperPoint, 2018), from the raw cell, finer features and the fused ones.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

CELL = 8
"""Pixels on the side of a cell; image sides are multiples of `MULTIPLE`."""

MULTIPLE = 32
DIMENSIONS = 64


def _block(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(inplace=True),
    )


class LocalFeatures(nn.Module):
    """Maps grey images `(n, 1, h, w)` in 0..1, sides multiples of 32, to keypoint logits and descriptors."""

    def __init__(self) -> None:
        super().__init__()
        self.normalise = nn.InstanceNorm2d(1)
        self.quarter = nn.Sequential(_block(1, 8), _block(8, 16, 2), _block(16, 16), _block(16, 32, 2), _block(32, 32))
        self.eighth = nn.Sequential(_block(32, 64, 2), _block(64, 64), _block(64, 64))
        self.sixteenth = nn.Sequential(_block(64, 96, 2), _block(96, 96), _block(96, 96))
        self.thirtysecond = nn.Sequential(_block(96, 128, 2), _block(128, 128), _block(128, 128))
        self.lateral_16 = nn.Conv2d(96, 64, 1)
        self.lateral_32 = nn.Conv2d(128, 64, 1)
        self.fuse = nn.Sequential(_block(64, 64), _block(64, 64))
        self.describe = nn.Conv2d(64, DIMENSIONS, 1)
        self.detect = nn.Sequential(
            nn.Conv2d(CELL * CELL + 4 * 32 + 64, 128, 1, bias=False),
            nn.BatchNorm2d(128),
            nn.ReLU(inplace=True),
            nn.Conv2d(128, 128, 1, bias=False),
            nn.BatchNorm2d(128),
            nn.ReLU(inplace=True),
            nn.Conv2d(128, CELL * CELL + 1, 1),
        )

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits `(n, 65, h/8, w/8)`, class 64 meaning none, and unit descriptors `(n, 64, h/8, w/8)`."""
        grey = self.normalise(image)
        quarter = self.quarter(grey)
        eighth = self.eighth(quarter)
        sixteenth = self.sixteenth(eighth)
        top = self.lateral_32(self.thirtysecond(sixteenth))
        middle = self.lateral_16(sixteenth) + _larger(top, 2)
        fused = self.fuse(eighth + _larger(middle, 2))
        cells = functional.pixel_unshuffle(grey, CELL)
        fine = functional.pixel_unshuffle(quarter, 2)
        logits = self.detect(torch.cat([cells, fine, fused], dim=1))
        return logits, functional.normalize(self.describe(fused), dim=1)


def _larger(features: Tensor, factor: int) -> Tensor:
    return functional.interpolate(features, scale_factor=float(factor), mode="bilinear", align_corners=False)


class Exported(nn.Module):
    """What is written to ONNX: a full-resolution score map and the descriptor map.

    Scores are `(n, 1, h, w)`, the probability that a pixel is a keypoint; descriptors `(n, 64, h/8, w/8)`.
    """

    def __init__(self, network: LocalFeatures) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Scores and descriptors of grey images `(n, 1, h, w)` in 0..1."""
        logits, descriptors = self.network(image)
        cells = logits.softmax(dim=1)[:, :-1]
        return functional.pixel_shuffle(cells, CELL), descriptors


def sample(descriptors: Tensor, points: Tensor) -> Tensor:
    """Unit descriptors `(m, d)` of one map `(d, h/8, w/8)` at `points` `(m, 2)`, xy in image pixels, bilinear."""
    _, rows, columns = descriptors.shape
    scale = torch.tensor([2.0 / (columns * CELL), 2.0 / (rows * CELL)], dtype=points.dtype, device=points.device)
    grid = (points + 0.5) * scale - 1
    found = functional.grid_sample(
        descriptors[None], grid[None, None], mode="bilinear", padding_mode="border", align_corners=False
    )
    return functional.normalize(found[0, :, 0].T, dim=1)
