"""`python -m annotator.premask.training.cut LESSONS OUT`: train the cut's network and write `cut.onnx`.

It also writes networks that did not learn from some buildings, on which the confidence is fitted and everything is
tested: `without/*.onnx`, and `without.json`, which says which building has which.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer

from annotator.domain.errors import AnnotatorError, BadFileError
from annotator.premask.evidence import PLANES
from annotator.premask.lesson_file import read_examples
from annotator.premask.training.cut_network import CutNetwork
from annotator.premask.training.cut_train import CutRecipe, train_cut


def main(
    lessons: Annotated[Path, typer.Argument(help="File that annotator measure --lessons wrote.")],
    out: Annotated[Path, typer.Argument(help="Folder for cut.onnx and the networks without some buildings.")],
    epochs: Annotated[int, typer.Option(min=1, help="Rounds over all examples.")] = CutRecipe().epochs,
    seed: Annotated[int, typer.Option(min=0, help="Seed of weights, order and mirroring.")] = 0,
    parts: Annotated[int, typer.Option(min=2, help="Parts into which the buildings are divided for tests.")] = 4,
    threads: Annotated[int, typer.Option(min=1, help="Threads; sums differ in the last digits between numbers.")] = 1,
) -> None:
    """Train the cut's network on lessons, once on all and once without each part of the buildings."""
    torch.set_num_threads(threads)
    taught = read_examples(lessons)
    divided = parts_of([one.building for one in taught], parts)
    if len(divided) < parts:
        raise BadFileError(lessons, f"has fewer than {parts} buildings", "take lessons of more, or fewer --parts")
    recipe = CutRecipe(epochs=epochs, seed=seed)
    (out / "without").mkdir(parents=True, exist_ok=True)
    files = {name: f"without/{number}.onnx" for number, part in enumerate(divided) for name in part}
    for number, part in enumerate(divided):
        typer.echo(f"without {', '.join(part)}")
        kept = [one for one in taught if one.building not in part]
        write_cut(train_cut(recipe, kept, typer.echo), out / "without" / f"{number}.onnx")
    (out / "without.json").write_text(json.dumps(files, indent=1) + "\n", encoding="utf-8")
    typer.echo("with all")
    write_cut(train_cut(recipe, taught, typer.echo), out / "cut.onnx")


def parts_of(buildings: Sequence[str], count: int) -> list[list[str]]:
    """The buildings in `count` parts of about as many examples, those with most examples first."""
    sizes = {name: buildings.count(name) for name in sorted(set(buildings))}
    found: list[list[str]] = [[] for _ in range(min(count, len(sizes)))]
    for name in sorted(sizes, key=lambda one: (-sizes[one], one)):
        min(found, key=lambda part: (sum(sizes[one] for one in part), len(part))).append(name)
    return found


def write_cut(network: CutNetwork, path: Path) -> None:
    """Write `logits` of `planes` `(1, len(PLANES), h, w)` with free sides as ONNX to `path`."""
    partial = path.with_suffix(".partial")
    torch.onnx.export(
        network.eval(),
        (torch.zeros(1, len(PLANES), 24, 32),),
        str(partial),
        input_names=["planes"],
        output_names=["logits"],
        dynamic_axes={name: {2: "height", 3: "width"} for name in ("planes", "logits")},
        opset_version=17,
        dynamo=False,
    )
    partial.replace(path)


if __name__ == "__main__":
    try:
        typer.run(main)
    except AnnotatorError as error:
        raise SystemExit(str(error)) from None
