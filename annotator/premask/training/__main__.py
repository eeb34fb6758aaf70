"""`python -m annotator.premask.training DATA OUT`: train the network and write `features.onnx`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer

from annotator.domain.errors import AnnotatorError
from annotator.premask.training.correspondences import load, unpaired
from annotator.premask.training.export import write_onnx
from annotator.premask.training.rendered import with_rendered
from annotator.premask.training.tracks import with_tracks
from annotator.premask.training.train import Recipe, train


def main(
    data: Annotated[Path, typer.Argument(help="Folder with images/, matches/ and split.json.")],
    out: Annotated[Path, typer.Argument(help="Folder for the state, the log and features.onnx.")],
    steps: Annotated[int, typer.Option(help="Steps of the whole run; the learning rate follows it.")] = 8000,
    pairs: Annotated[int, typer.Option(help="Pairs of views in a step.")] = 4,
    stop_after: Annotated[int | None, typer.Option(help="Stop after this step, to be resumed.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of weights and views.")] = 0,
    threads: Annotated[
        int, typer.Option(help="Threads on the CPU; sums differ in the last digits between numbers.")
    ] = 1,
    rate: Annotated[float, typer.Option(help="Highest learning rate of the cycle.")] = 2e-3,
    tracks: Annotated[bool, typer.Option(help="Pair photographs that only tracks join, too.")] = False,
    strength: Annotated[float, typer.Option(help="How far the views of real pairs are bent, 0 to 1.")] = 0.6,
    begin_with: Annotated[Path | None, typer.Option(help="state.pt of an earlier run to take weights from.")] = None,
    non_commercial: Annotated[bool, typer.Option(help="Use the sets marked non-commercial too.")] = False,
) -> None:
    """Train the local-feature network from scratch, or go on where a run in OUT stopped."""
    torch.set_num_threads(threads)
    recipe = Recipe(steps=steps, pairs=pairs, seed=seed, rate=rate, tracks=tracks, strength=strength)
    photographs = load(data, "train", non_commercial=non_commercial)
    photographs = with_rendered(with_tracks(photographs) if tracks else photographs, recipe.rendered)
    network = train(recipe, photographs, unpaired(data), out, stop_after=stop_after, begin_with=begin_with)
    write_onnx(network, out / "features.onnx")


if __name__ == "__main__":
    try:
        typer.run(main)
    except AnnotatorError as error:
        raise SystemExit(str(error)) from None
