"""`annotator release`: one directory in the benchmark's format."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.output import print_json
from annotator.cli.progress import progress_bar


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("release")(release)


def release(
    projects: Annotated[
        list[Path], typer.Argument(metavar="PROJECT... OUT", help="Project folders, then the release.")
    ],
    allow_incomplete: Annotated[
        bool, typer.Option("--allow-incomplete", help="Release what is done; the manifest says what is missing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write what was released as JSON.")] = False,
) -> None:
    """Release one project, or several of different datasets, into the new directory OUT."""
    if len(projects) < 2:
        raise typer.BadParameter("name the project and the new directory of the release", param_hint="PROJECT... OUT")
    from annotator.project import open_project
    from export.release import make_release

    *folders, out = projects
    with ExitStack() as stack:
        opened = [stack.enter_context(open_project(folder)) for folder in folders]
        advance = stack.enter_context(progress_bar())
        report = make_release(opened, out, allow_incomplete=allow_incomplete, progress=advance)
    if as_json:
        numbers = {"pairs": report.pairs, "query_masks": report.query_masks, "missing": report.missing}
        print_json({"path": str(report.path), "datasets": list(report.datasets), **numbers, "files": report.files})
        return
    typer.echo(
        f"{report.path}: {report.pairs:,} pairs and {report.query_masks:,} query masks in {report.files:,} files."
    )
    if report.missing:
        typer.echo(f"{report.missing:,} pairs and query masks are not finished and not in it; the manifest lists them.")
