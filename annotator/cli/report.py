"""`annotator report`: where the project stands, as one HTML page and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.output import print_json
from annotator.cli.parameters import ProjectFolder
from annotator.cli.progress import progress_bar
from annotator.domain.errors import RefusedError

DEFAULT = "report.html"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("report")(report)


def report(
    project: ProjectFolder,
    out: Annotated[
        Path | None, typer.Argument(metavar="OUT.html", help="Where the page goes; report.html in PROJECT if not said.")
    ] = None,
    sheets: Annotated[
        Path | None, typer.Option("--contact-sheets", metavar="DIR", help="Also write a sheet of each group's masks.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the numbers as JSON; a page only where OUT.html is given.")
    ] = False,
) -> None:
    """Write progress, agreement, times, disputes, checks and all masks as one page that needs no network.

    Page and contact sheets show masks of every pair: keep them from annotators who may still draw pairs blind.
    """
    from annotator.project import open_project
    from qa.dashboard import dashboard
    from qa.report.json_form import report_data
    from qa.report.write import write_contact_sheets, write_report

    if out is not None and out.suffix.lower() not in (".html", ".htm"):
        raise RefusedError(f"{out} is no name for a page; let it end in .html.")
    with open_project(project, read_only=True) as opened, progress_bar() as advance:
        board = dashboard(opened, progress=lambda done, total: advance(done, total, "measuring agreement"))
        if sheets is not None:
            write_contact_sheets(opened, sheets, lambda done, total: advance(done, total, "drawing contact sheets"))
        page = out or (None if as_json else project / DEFAULT)
        if page is not None:
            write_report(opened, board, page, lambda done, total: advance(done, total, "drawing pictures"))
    if as_json:
        print_json(report_data(board))
    elif page is not None:
        typer.echo(
            f"{page}: the report of {board.name}, {board.standing.done:,} of {board.standing.pairs:,} pairs done."
        )
