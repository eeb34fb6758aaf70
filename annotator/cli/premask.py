"""`annotator premask`: pre-masks of a project in batch."""

from __future__ import annotations

from typing import Annotated

import typer

from annotator.cli.groups import group_numbers
from annotator.cli.output import counted, print_json
from annotator.cli.parameters import FeatureFile, Processes, ProjectFolder, Scheduler
from annotator.cli.progress import progress_bar
from annotator.cli.proposer_choice import project_choice
from annotator.premask import registry
from annotator.premask.choice import Choice, made
from annotator.premask.executor import executor


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("premask")(premask)


def premask(
    project: ProjectFolder,
    group: Annotated[list[str] | None, typer.Option(metavar="gNN", help="Group; repeat for several. All else.")] = None,
    proposer: Annotated[
        str, typer.Option(help="Proposer, as 'annotator proposers --project PROJECT' lists them.")
    ] = registry.DEFAULT,
    features: FeatureFile = None,
    workers: Processes = 0,
    scheduler: Scheduler = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the counts as JSON.")] = False,
) -> None:
    """Make the pre-masks of all open pairs; what is done already is kept, and stopping loses nothing."""
    from annotator.project import open_project
    from annotator.project.premasks import FEATURES, group_work, run_premasks
    from annotator.project.teaching import link_groups

    with open_project(project) as opened:
        choice: Choice = project_choice(proposer, features, (opened.cache / FEATURES).absolute(), opened.folder)
        numbers = group_numbers(opened, group)
        work = group_work(opened, numbers, made, choice)
        runner = executor(workers, scheduler)
        with progress_bar() as advance:
            counts = run_premasks(opened, work, runner, advance)
        with progress_bar() as advance:
            link_groups(opened, numbers, choice.cache, runner, advance)
    if as_json:
        print_json({"proposer": choice.label, **counts})
    elif not work:
        typer.echo("No group has an approved query mask and an image that waits for a pre-mask.")
    else:
        typer.echo(
            f"{counted(counts['proposed'], 'pre-mask')} made, {counts['refused']:,} refused, {counts['kept']:,} kept."
        )
