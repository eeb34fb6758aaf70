"""`annotator import`: query masks and labels from other places."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.output import counted, print_json, print_list
from annotator.cli.parameters import ProjectFolder


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("import")(import_labels)


def import_labels(
    project: ProjectFolder,
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="The file or folder to import.")],
    person: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who imports; a new name is added as a researcher's.")
    ] = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="Take query masks as approved by that researcher and open their groups.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write what was imported as JSON.")] = False,
) -> None:
    """Import query masks, and index masks as what the first pass starts from.

    SOURCE is a benchmark directory, a folder with queries/, index/ and pairs.json, LabelMe files (by imagePath),
    a COCO file, or PNG masks named as their images. An image of several groups is told apart by a folder gNN.
    """
    from annotator.cli.people import known, only_researcher, person_named
    from annotator.datasets.labels.source import read_source
    from annotator.domain.passes import PersonRole
    from annotator.project import open_project
    from annotator.project.importing import import_source

    with open_project(project) as opened:
        if person and not known(opened, person):
            read_source(source, opened.truth)  # nobody is added for a source that cannot be read
        by = person_named(opened, person, PersonRole.RESEARCHER) if person else only_researcher(opened)
        report = import_source(opened, source, by, approve)
    if as_json:
        skipped = list(report.skipped)
        print_json({"query_masks": report.query_masks, "index_masks": report.index_masks, "skipped": skipped})
        return
    masks = f"{counted(report.query_masks, 'query mask')} and {counted(report.index_masks, 'index mask')}"
    typer.echo(f"Imported by {by}: {masks}.")
    print_list("Not imported", report.skipped, everything=True)
