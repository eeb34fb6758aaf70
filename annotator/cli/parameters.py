"""Parameters that several commands have: they read and mean the same in all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ProjectFolder = Annotated[Path, typer.Argument(metavar="PROJECT", help="The project folder.")]

Processes = Annotated[int, typer.Option("--workers", metavar="N", min=0, help="Processes; 0 takes every core.")]

FeatureFile = Annotated[Path | None, typer.Option("--features", help="ONNX file of local features to use.")]

Scheduler = Annotated[str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Dask scheduler of a cluster.")]
