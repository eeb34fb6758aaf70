"""`python -m annotator.premask.training DATA OUT`: train the network and write `features.onnx`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import torch
import typer

from annotator.premask.training.correspondences import load, unpaired
from annotator.premask.training.export import write_onnx
from annotator.premask.training.rendered import with_rendered
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
    non_commercial: Annotated[bool, typer.Option(help="Use the sets marked non-commercial too.")] = False,
) -> None:
    """Train the local-feature network from scratch, or go on where a run in OUT stopped."""
    torch.set_num_threads(threads)
    recipe = Recipe(steps=steps, pairs=pairs, seed=seed)
    photographs = with_rendered(load(data, "train", non_commercial=non_commercial), recipe.rendered)
    network = train(recipe, photographs, unpaired(data), out, stop_after=stop_after)
    write_onnx(network, out / "features.onnx")


if __name__ == "__main__":
    typer.run(main)
