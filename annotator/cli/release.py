"""`annotator release`: one directory in the benchmark's format."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.output import counted, print_json
from annotator.cli.parameters import Processes
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
    title: Annotated[str | None, typer.Option(help="Name of the benchmark, in the data sheet and citation.")] = None,
    number: Annotated[str | None, typer.Option("--number", help="Version of the release, such as 1.1.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the release will be found.")] = None,
    png: Annotated[bool, typer.Option("--png", help="Write every mask as a picture too.")] = False,
    names: Annotated[bool, typer.Option("--names", help="Write the names behind the pseudonyms A1, A2.")] = False,
    earlier: Annotated[Path | None, typer.Option(help="An earlier release: CHANGES.md lists what changed.")] = None,
    workers: Processes = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Write what was released as JSON.")] = False,
) -> None:
    """Release one project, or several of different datasets, into the new directory OUT."""
    if len(projects) < 2:
        raise typer.BadParameter("name the project and the new directory of the release", param_hint="PROJECT... OUT")
    from annotator.project import open_project
    from export.options import ReleaseOptions
    from export.release import make_release

    usual = ReleaseOptions()
    options = ReleaseOptions(
        title=title or usual.title,
        version=number or usual.version,
        url=url or usual.url,
        png=png,
        names=names,
        earlier=earlier,
        workers=workers or None,
    )
    *folders, out = projects
    with ExitStack() as stack:
        opened = [stack.enter_context(open_project(folder, read_only=True)) for folder in folders]
        advance = stack.enter_context(progress_bar())
        report = make_release(opened, out, allow_incomplete=allow_incomplete, progress=advance, options=options)
    if as_json:
        numbers = {"pairs": report.pairs, "query_masks": report.query_masks, "missing": report.missing}
        print_json({"path": str(report.path), "datasets": list(report.datasets), **numbers, "files": report.files})
        return
    masks = f"{counted(report.pairs, 'pair')} and {counted(report.query_masks, 'query mask')}"
    typer.echo(f"{report.path}: {masks} in {report.files:,} files.")
    if report.missing:
        typer.echo(f"Not finished and not in it (pairs and query masks): {report.missing:,}; the manifest lists them.")
