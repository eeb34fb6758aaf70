"""`annotator verify`: check a release, or the history of a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.output import counted, print_json
from annotator.cli.progress import progress_bar

if TYPE_CHECKING:
    from export.verification.finding import Finding


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("verify")(verify)


def verify(
    path: Annotated[Path, typer.Argument(metavar="RELEASE_OR_PROJECT", help="The directory to check.")],
    images: Annotated[
        Path | None, typer.Option(help="Folder of the photographs, to compare their sizes with a release's labels.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the findings as JSON.")] = False,
) -> None:
    """Check every rule of a release that can be checked offline, or that a project's history was not altered.

    The exit code is 1 when something is found.
    """
    findings = _of_project(path) if (path / "project.toml").is_file() else _of_release(path, images)
    if as_json:
        data = [{"check": found.check, "file": found.file, "problem": found.problem} for found in findings]
        print_json({"path": str(path), "findings": data})
    else:
        for finding in findings:
            typer.echo(str(finding))
        typer.echo(f"{path}: {counted(len(findings), 'finding')}." if findings else f"{path}: everything is in order.")
    if findings:
        raise typer.Exit(1)


def _of_project(path: Path) -> list[Finding]:
    from annotator.project import open_project
    from export.verify import verify_project

    with open_project(path, read_only=True) as project:
        return verify_project(project)


def _of_release(path: Path, images: Path | None) -> list[Finding]:
    from export.verify import verify_release

    with progress_bar() as advance:
        return verify_release(path, images=images, progress=advance)
