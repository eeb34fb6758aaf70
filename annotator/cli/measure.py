"""`annotator measure`: proposers against masks that people drew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from annotator.cli.fitting_run import fit_to, write_lessons
from annotator.cli.mask_landmarks import LandmarkFiles, landmark, landmarks_of
from annotator.cli.output import print_json, print_list
from annotator.cli.parameters import Processes
from annotator.cli.progress import progress_bar
from annotator.cli.proposer_choice import choices, features_folder
from annotator.premask.choice import ROOTSIFT, Choice, made
from annotator.premask.executor import executor
from annotator.premask.measuring import Score, Setting, measured, summary


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("measure")(measure)


def measure(
    masks: Annotated[Path, typer.Argument(metavar="MASKS", help="Folder with queries/, index/ and pairs.json.")],
    images: Annotated[
        list[Path], typer.Option(metavar="FOLDER", help="Folder of the photographs; repeat for several.")
    ],
    proposer: Annotated[list[str] | None, typer.Option(help="Proposer; repeat for several. All by default.")] = None,
    references: Annotated[
        str,
        typer.Option(
            help="Numbers of approved masks beside the query, as 0,1,3; 'queries' takes all queries, 'each' one "
            "approved mask alone."
        ),
    ] = "0",
    features: Annotated[Path | None, typer.Option(help="ONNX file of local features: adds rows with them.")] = None,
    matcher: Annotated[Path | None, typer.Option(help="ONNX file that matches those features: adds rows too.")] = None,
    also: Annotated[
        list[Path] | None, typer.Option(metavar="MASKS", help="Another folder of masks; repeat for several.")
    ] = None,
    cache: Annotated[Path | None, typer.Option(help="Folder to keep features in; the user's cache by default.")] = None,
    lessons: Annotated[Path | None, typer.Option(help="Write what the cut's network is trained on.")] = None,
    fit: Annotated[Path | None, typer.Option(help="Fit the confidence into this file; takes --cuts.")] = None,
    cuts: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder of the cut's training, to fit the confidence on.")
    ] = None,
    workers: Processes = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Write everything as JSON.")] = False,
) -> None:
    """Measure proposers on masks: mean IoU per landmark and over landmarks, confidence and CPU time per pair."""
    settings = list(dict.fromkeys(_setting(word) for word in references.split(",") if word.strip()))
    if not settings:
        raise typer.BadParameter("name at least one number of references; write them as 0,1,2,3,5, queries or each")
    files, missing = landmarks_of([masks, *(also or [])], images)
    if lessons is not None or fit is not None:
        typer.echo(_taught(files, features_folder(cache), lessons, fit, cuts))
        return
    if matcher is not None and features in (None, ROOTSIFT):
        raise typer.BadParameter("name the model whose features the matcher matches with --features")
    chosen = choices(list(dict.fromkeys(proposer or [])), features, features_folder(cache), matcher)
    report = _measured(chosen, settings, files, workers)
    if as_json:
        print_json({"masks": str(masks), "missing": missing, "proposers": report})
        return
    _print(report)
    print_list("Left out", missing, everything=False)


def _taught(files: list[LandmarkFiles], cache: Path, lessons: Path | None, fit: Path | None, cuts: Path | None) -> str:
    """Write lessons or parameters, whichever is asked for; returns what was found."""
    if lessons is not None:
        return write_lessons(lessons, files, cache)
    if fit is None or cuts is None:
        raise typer.BadParameter("name the folder that the cut's training wrote with --cuts")
    return fit_to(fit, files, cache, cuts)


def _measured(
    chosen: list[Choice], settings: list[Setting], files: list[LandmarkFiles], workers: int
) -> dict[str, dict[str, Any]]:
    """The report of every proposer in every setting."""
    tasks = [
        Task(choice, setting, one, query)
        for choice in chosen
        for setting in settings
        for one in files
        for query in _queries(setting, one)
    ]
    results: dict[int, list[Score]] = {}
    with progress_bar() as advance:
        for number, scores in executor(workers).results(run_task, tasks):
            results[number] = scores
            advance(len(results), len(tasks), tasks[number].choice.label)
    return _report(tasks, results)


@dataclass(frozen=True, slots=True)
class Task:
    """One proposer in one setting with one query of a landmark, or one of its masked index images."""

    choice: Choice
    setting: Setting
    files: LandmarkFiles
    query: str


def run_task(task: Task) -> list[Score]:
    """The scores of a task; runs in a worker process."""
    return measured(made(task.choice), landmark(task.files), task.setting, task.query)


def _setting(word: str) -> Setting:
    text = word.strip()
    if text == "queries":
        return Setting(all_queries=True)
    if text == "each":
        return Setting(each=True)
    if not text.isascii() or not text.isdigit() or int(text) > 100:
        raise typer.BadParameter(f"'{text}' is no number of references; write them as 0,1,2,3,5, queries or each")
    return Setting(int(text))


def _queries(setting: Setting, files: LandmarkFiles) -> list[str]:
    """The references of a setting by name, one task each: queries or, with `each`, masked index images."""
    names = [name for name, *_ in (files.images if setting.each else files.queries)]
    return names[:1] if setting.all_queries else names


def _report(tasks: list[Task], results: dict[int, list[Score]]) -> dict[str, dict[str, Any]]:
    """Per proposer and setting the summary of its scores, in the order of the tasks."""
    scores: dict[str, dict[str, list[Score]]] = {}
    for number, task in enumerate(tasks):
        rows = scores.setdefault(task.choice.label, {}).setdefault(task.setting.name, [])
        rows += results[number]
    return {name: {key: summary(rows) for key, rows in settings.items()} for name, settings in scores.items()}


def _print(report: dict[str, dict[str, Any]]) -> None:
    groups = next(iter(next(iter(report.values())).values()))["per_group"]
    head = f"{'proposer':28}{'references':>11}{'mask':>7}{'box':>7}{'CPU-s':>7}  "
    typer.echo(head + "".join(f"{group:>14}" for group in groups))
    for name, settings in report.items():
        for setting, row in settings.items():
            each = "".join(f"{100 * g['mask']:8.1f}/{100 * g['box']:5.1f}" for g in row["per_group"].values())
            numbers = f"{100 * row['mask']:7.1f}{100 * row['box']:7.1f}{row['cpu_seconds_per_pair']:7.2f}"
            typer.echo(f"{name:28}{setting:>11}{numbers}  {each}")
            trust = row["confidence"]
            typer.echo(
                f"{'':28}confidence: rank correlation {trust['rank_correlation']:.2f}, mean absolute error "
                f"{trust['mean_absolute_error']:.3f}, {trust['confident']} of {trust['count']} at 0.75 or more, "
                f"{100 * trust['confident_and_bad']:.1f} % of them below IoU 0.3"
            )
