"""Plots of a release's figures as PNG; the same figures give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from export.statistics import Measured, row_of

BLUE, ORANGE, GREY = "#2f6fde", "#e07b1a", "#8a8f98"
PLACE: Final = "best"
"""Of the legend: Matplotlib's own, but where it is not named a search of over a second warns the user."""


def plots(measured: Measured) -> dict[str, bytes]:
    """File name to PNG for one dataset's pairs."""
    return {f"{name}.png": _picture(draw, measured) for name, draw in _DRAWN.items()}


def _picture(draw: Callable[[Axes, Measured], None], measured: Measured) -> bytes:
    """Agg without pyplot keeps no global state; without the Software text the bytes depend on the picture alone."""
    figure = Figure(figsize=(6, 4), dpi=100, layout="tight")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    draw(axes, measured)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def _sizes(axes: Axes, measured: Measured) -> None:
    bins = np.linspace(0, 100, 41).tolist()
    for difficulty, colour in (("easy", BLUE), ("hard", ORANGE)):
        rows = [row_of(pair, record) for pair, record in measured if pair.difficulty.value == difficulty]
        values = [100 * row["area_share"] for row in rows]
        axes.hist(values, bins=bins, color=colour, alpha=0.6, label=f"{difficulty} ({len(values)})")
    axes.set(xlabel="mask, % of the image", ylabel="pairs", title="Sizes")
    axes.legend(loc=PLACE, frameon=False)


def _positions(axes: Axes, measured: Measured) -> None:
    rows = [row_of(pair, record) for pair, record in measured]
    x, y = [row["centre_x"] for row in rows], [row["centre_y"] for row in rows]
    found = axes.hist2d(x, y, bins=24, range=[[0, 1], [0, 1]], cmap="Blues")
    axes.invert_yaxis()
    axes.set(xlabel="x, from 0 to 1", ylabel="y, from 0 (top) to 1", title="Centres of the masks' boxes")
    axes.figure.colorbar(found[3], ax=axes, label="pairs")


def _occlusion(axes: Axes, measured: Measured) -> None:
    kinds: dict[str, list[float]] = {}
    for _, record in measured:
        for kind, share in record.occlusion.items():
            kinds.setdefault(kind, []).append(100 * share)
    names = sorted(kinds)
    axes.barh(names, [len(kinds[name]) for name in names], color=ORANGE)
    for place, name in enumerate(names):
        axes.annotate(f" median {np.median(kinds[name]):.1f} % of the object", (0, place), va="center", fontsize=8)
    axes.set(xlabel="pairs with an occluder of the kind", title="Occlusion by kind")


def _components(axes: Axes, measured: Measured) -> None:
    for shift, colour, label, values in (
        (-0.2, BLUE, "components", [record.components for _, record in measured]),
        (0.2, GREY, "holes", [record.holes for _, record in measured]),
    ):
        counts = np.bincount(np.minimum(np.array(values, dtype=np.int64), 8), minlength=9)
        axes.bar(np.arange(9) + shift, counts, width=0.4, color=colour, label=label)
    axes.set_xticks(range(9), [*(str(number) for number in range(8)), "8+"])
    axes.set(xlabel="number in a mask", ylabel="pairs", title="Components and holes")
    axes.legend(loc=PLACE, frameon=False)


def _agreement(axes: Axes, measured: Measured) -> None:
    bins = np.linspace(0, 1, 51).tolist()
    first = [record.iou[pair.rounds[0].revision] for pair, record in measured if pair.rounds]
    second = [record.iou[pair.rounds[1].revision] for pair, record in measured if len(pair.rounds) > 1]
    axes.hist(first, bins=bins, color=ORANGE, alpha=0.6, label="first round")
    axes.hist(second, bins=bins, color=BLUE, alpha=0.6, label="second round")
    axes.set(xlabel="IoU with the final mask", ylabel="pairs", title="Agreement")
    axes.legend(loc=PLACE, frameon=False)


def _time(axes: Axes, measured: Measured) -> None:
    steps: dict[str, list[float]] = {}
    for pair, _ in measured:
        for round_ in pair.rounds:
            steps.setdefault(round_.step, []).append(min(round_.active_seconds / 60, 10))
    bins = np.linspace(0, 10, 41).tolist()
    for (step, values), colour in zip(sorted(steps.items()), (BLUE, ORANGE, GREY), strict=False):
        axes.hist(values, bins=bins, color=colour, alpha=0.6, label=step)
    axes.set(xlabel="active minutes (10 and more in the last bar)", ylabel="rounds", title="Time")
    if steps:
        axes.legend(loc=PLACE, frameon=False)


_DRAWN: dict[str, Callable[[Axes, Measured], None]] = {
    "sizes": _sizes,
    "positions": _positions,
    "occlusion": _occlusion,
    "components": _components,
    "agreement": _agreement,
    "time": _time,
}
