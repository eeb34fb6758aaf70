"""`annotator status`: how far a project is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from annotator.cli.output import print_json, print_list, print_table
from annotator.cli.parameters import ProjectFolder

SUMMARY = "{queries:,} queries, {groups:,} groups, {pairs:,} pairs; {workable:,} pairs are workable, {waiting:,} wait."


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("status")(status)


def status(
    project: ProjectFolder,
    everything: Annotated[bool, typer.Option("--all", help="List every missing image, not only the first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write everything as JSON.")] = False,
) -> None:
    """Show how many pairs are workable, waiting and done, and which images are missing."""
    from annotator.project import open_project
    from qa.status import status as measure

    with open_project(project, read_only=True) as opened:
        data = measure(opened)
    if as_json:
        print_json(data)
    else:
        typer.echo(f"{data['name']} ({data['dataset']})")
        print_status(data, project, everything)


def print_status(data: dict[str, Any], project: Path, everything: bool) -> None:
    """The numbers and lists of `qa.status.status` for people."""
    states = [(f"  {state}", count) for state, count in data["states"].items() if count]
    print_table(
        [
            ("queries", data["queries"]),
            ("  with an approved query mask", data["approved_query_masks"]),
            ("query groups", data["groups"]),
            ("  opened for annotation", data["open_groups"]),
            ("pairs", data["pairs"]),
            ("  whose image is here (workable)", data["workable"]),
            ("  whose image is missing", data["waiting"]),
            *[("pairs by state:", data["pairs"]), *states],
            ("open remarks", data["open_remarks"]),
            *[
                (f"  in {group}", counts["open"])
                for group, counts in data["remarks"]["groups"].items()
                if counts["open"]
            ],
            *[
                (f"  concern {name}", counts["open"])
                for name, counts in data["remarks"]["people"].items()
                if counts["open"]
            ],
        ]
    )
    more = f"; 'annotator status {project} --all' lists them"
    print_list("Query images that are missing", data["missing_query_images"], everything, more)
    print_list("Index images that are missing, whose pairs wait", data["missing_index_images"], everything, more)
    print_list("Files with a problem", data["image_problems"], everything, more)
