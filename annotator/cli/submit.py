"""`annotator submit`: hand over a pass, as the window does."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.output import print_json
from annotator.cli.parameters import ProjectFolder


class VerdictName(StrEnum):
    """Verdicts as they are typed."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFINED = "refined"
    RETURNED = "returned"
    ESCALATED = "escalated"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("submit")(submit)


def submit(
    project: ProjectFolder,
    pair: Annotated[str, typer.Option(metavar="GROUP:IMAGE", help="The pair, for example g00:all_souls_000051.")],
    pass_number: Annotated[int, typer.Option("--pass", metavar="N", help="1, 2 or 3.")],
    person: Annotated[str, typer.Option("--as", metavar="NAME", help="Who did it; a new name is added.")],
    labels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="LabelMe file of the image; not needed to return or escalate.")
    ] = None,
    verdict: Annotated[
        VerdictName | None,
        typer.Option(help="How the pass ends; by default submitted, refined, or approved when nothing was changed."),
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why a pass is returned or escalated.")] = "",
    seconds: Annotated[float, typer.Option(min=0, help="Active seconds that the work took.")] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Write what was recorded as JSON.")] = False,
) -> None:
    """Submit one pass of a pair from a LabelMe file, under the same rules as in the window.

    A name that the project does not know is added as an annotator's once the pass can be recorded.
    """
    from annotator.cli.handing_over import Request, hand_over
    from annotator.domain.dataset import PairKey
    from annotator.domain.passes import Verdict
    from annotator.project import open_project

    request = Request(
        key=PairKey.parse(pair),
        pass_number=pass_number,
        person=person,
        labels=labels,
        verdict=None if verdict is None else Verdict[verdict.name],
        reason=reason,
        seconds=seconds,
    )
    with open_project(project) as opened:
        record = hand_over(opened, request)
        state = opened.store.pair(request.key).state
    done = record.pass_
    if as_json:
        data = {"pair": str(done.pair), "pass": done.pass_number, "by": done.person, "verdict": done.verdict.value}
        print_json({**data, "state": state.value, "sha256": record.sha256})
    else:
        typer.echo(f"Pass {done.pass_number} of {done.pair} by {done.person}: {done.verdict}; the pair is {state}.")
