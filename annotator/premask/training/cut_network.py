"""The network of the cut: planes of evidence in, the log odds that a pixel depicts the query object out.

Residual convolutions with growing dilation (Yu and Koltun, 2016, "Multi-scale context aggregation by dilated
convolutions"), so that every pixel sees most of the object: what hides its foot is one thing, and is cut as one.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

CHANNELS = 24
DILATIONS = (1, 2, 4, 8, 1)

FARTHEST = 4.0
"""Standard deviations beyond which a plane says no more."""


class CutNetwork(nn.Module):
    """Maps planes `(n, p, h, w)` to logits `(n, 1, h, w)`; `mean` and `spread` `(p,)` are those of the planes."""

    def __init__(self, mean: Tensor, spread: Tensor, dropout: float = 0.0) -> None:
        super().__init__()
        self.mean: Tensor
        self.spread: Tensor
        self.register_buffer("mean", mean.view(1, -1, 1, 1))
        self.register_buffer("spread", spread.view(1, -1, 1, 1))
        self.dropout = dropout
        self.first = nn.Conv2d(len(mean), CHANNELS, 1)
        self.around = nn.ModuleList(nn.Conv2d(CHANNELS, CHANNELS, 3, padding=far, dilation=far) for far in DILATIONS)
        self.last = nn.Conv2d(CHANNELS, 1, 1)

    def forward(self, planes: Tensor) -> Tensor:
        """Logits of planes at their size."""
        known = ((planes - self.mean) / self.spread).clamp(-FARTHEST, FARTHEST)
        seen = functional.relu(self.first(known))
        for convolution in self.around:
            seen = seen + functional.relu(convolution(seen))
            seen = functional.dropout2d(seen, self.dropout, self.training)
        found: Tensor = self.last(seen)
        return found
