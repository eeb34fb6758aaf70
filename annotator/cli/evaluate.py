"""`annotator evaluate`: score methods against a benchmark directory, the official way or the paper's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from annotator.cli.output import print_json
from annotator.cli.parameters import Processes
from annotator.domain.errors import EnvironmentFault
from annotator.processes.whole_file import whole_file
from qa.evaluation.scoring import Scoring

if TYPE_CHECKING:
    from qa.evaluation.scores import Evaluation


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("evaluate")(evaluate)


def evaluate(
    benchmark: Annotated[Path, typer.Option(metavar="DIR", help="Benchmark directory, as a release is written.")],
    results: Annotated[Path, typer.Option(metavar="DIR", help="Folder with pixel-level/M/… and image-level/….")],
    method: Annotated[list[str], typer.Option(metavar="M", help="A method's folder; repeat to compare several.")],
    protocol: Annotated[
        Scoring, typer.Option(help="official: the published evaluator, bit for bit; paper: the paper's text.")
    ] = Scoring.OFFICIAL,
    ranks: Annotated[str, typer.Option(metavar="NAME", help="Folder of rankings, if there are several.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Write the scores as JSON.")] = False,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the scores to a CSV file too.")] = None,
    latex: Annotated[Path | None, typer.Option(metavar="FILE", help="Write LaTeX tables to a file too.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page of the first method too.")] = None,
    images: Annotated[Path | None, typer.Option(metavar="DIR", help="Photographs to put into the page.")] = None,
    query: Annotated[list[str] | None, typer.Option(metavar="Q", help="Query on the page, as oxford:0.")] = None,
    workers: Processes = 0,
) -> None:
    """Score methods against a benchmark directory; the output says by which protocol and where the two differ."""
    from qa.evaluation.csv_form import as_csv
    from qa.evaluation.json_form import as_data
    from qa.evaluation.latex_form import as_latex
    from qa.evaluation.page import PageRequest, page

    shown = [_query(text) for text in query or []]
    methods = list(dict.fromkeys(method))
    found = _scored(benchmark, results, methods, protocol, ranks or None, workers or None)
    if csv is not None:
        _write(csv, as_csv(found))
    if latex is not None:
        _write(latex, as_latex(found))
    if html is not None:
        _write(html, page(PageRequest(benchmark, results, methods[0], ranks or None, images, shown), found))
    if as_json:
        print_json(as_data(found))
    else:
        _print(found)


def _scored(
    benchmark: Path, results: Path, methods: list[str], protocol: Scoring, ranks: str | None, workers: int | None
) -> Evaluation:
    from qa.evaluation.evaluate import evaluate as score

    columns = (TextColumn("scoring {task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    hidden = not console.is_terminal
    # Without the refreshing thread: worker processes start faster from a process of one thread.
    with Progress(*columns, console=console, transient=True, auto_refresh=False, disable=hidden) as progress:
        task = progress.add_task("", total=1.0)

        def report(what: str, done: float) -> None:
            progress.update(task, description=escape(what), completed=done, refresh=True)

        return score(benchmark, results, methods, protocol, ranks, workers, report)


def _print(found: Evaluation) -> None:
    from qa.evaluation.text_form import notes, tables

    console = Console(width=None if sys.stdout.isatty() else 200)
    for table in tables(found):
        console.print(table)
    for note in notes(found):
        console.print(note, markup=False, highlight=False)


def _query(text: str) -> tuple[str, int]:
    dataset, colon, number = text.rpartition(":")
    if not colon or not dataset or not number.isascii() or not number.isdigit() or len(number) > 9:
        raise typer.BadParameter(f"'{text}' names no query; write it as oxford:0")
    return dataset, int(number)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all; raises EnvironmentFault."""
    try:
        with whole_file(path) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be written ({error.strerror or error}); name another place.") from error
