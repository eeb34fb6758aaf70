"""The command line as a whole: commands are found in this package, errors become one sentence and an exit code."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

import annotator.cli
from annotator import __version__
from annotator.cli.error_report import report_bug, report_error, report_interrupt
from annotator.cli.surroundings import Surroundings, open_window
from annotator.domain.errors import AnnotatorError
from annotator.processes.interrupts import INTERRUPTED

ORDER = ("demo", "init", "open", "import", "submit", "premask", "status", "check", "report", "release", "verify",
         "predict", "evaluate", "measure", "proposers", "models", "doctor")  # fmt: skip
"""The commands in the order of the work, as the help lists them; each is a module of this package."""


def run(arguments: Sequence[str], surroundings: Surroundings) -> int:
    """Run one command line and return its exit code: 0 done, 1 expected failure (one sentence), 2 wrong usage, 130
    after Ctrl-C (one sentence too).
    """
    try:
        build_app(arguments)(args=list(arguments), prog_name="annotator", obj=surroundings)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        return report_interrupt() if code == INTERRUPTED else code  # as typer ends what is interrupted in a command
    except AnnotatorError as error:
        return report_error(error)
    except KeyboardInterrupt:
        return report_interrupt()
    except BrokenPipeError:  # somebody read only the beginning, as `annotator status | head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # a bug: it is logged with its traceback, and the person is told where
        return report_bug(error)
    return 0


def build_app(arguments: Sequence[str] = ()) -> typer.Typer:
    """The application with the command that `arguments` begin with, or with all where they name none.

    Only one command's modules are loaded then, which keeps each start short.
    """
    app = typer.Typer(
        name="annotator",
        help="Make pixel-retrieval benchmarks: masks of the query object, three passes by three people, release.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_start)
    names = command_modules()
    for command in [arguments[0]] if arguments and arguments[0] in names else names:
        importlib.import_module(names[command]).register(app)
    return app


def command_modules() -> dict[str, str]:
    """Modules of this package by command, in the order of the help."""
    found = {info.name.strip("_").replace("_", "-"): info.name for info in pkgutil.iter_modules(annotator.cli.__path__)}
    return {name: f"annotator.cli.{found[name]}" for name in ORDER if name in found}


def _start(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
) -> None:
    if show_version:
        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise typer.Exit(open_window(context, None, None))
