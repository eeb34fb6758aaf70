"""`annotator doctor`: is everything here that the program needs?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.output import print_json

_SIGNS = {"ok": "ok     ", "missing": "MISSING", "optional": "-      "}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("doctor")(doctor)


def doctor(
    project: Annotated[
        Path | None, typer.Argument(metavar="[PROJECT]", help="Look at the disk under this folder too.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write what was found as JSON.")] = False,
) -> None:
    """Check Python, libraries, what the window needs, folders and disk room; exit 1 when something is missing."""
    from annotator.cli.diagnosis import examine

    findings = examine(project or Path.cwd())
    if as_json:
        data = [{"what": f.what, "state": f.state.value, "found": f.found, "remedy": f.remedy} for f in findings]
        print_json({"findings": data})
    else:
        for finding in findings:
            remedy = f" ({finding.remedy})" if finding.remedy else ""
            typer.echo(f"{_SIGNS[finding.state]} {finding.what}: {finding.found}{remedy}")
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(1)
