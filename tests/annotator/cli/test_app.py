"""The command line as a whole: help, version, exit codes, one sentence for an error, a log for a bug."""

from __future__ import annotations

import errno
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import annotator.cli
from annotator import __version__
from annotator.cli import error_report
from annotator.cli.app import command_modules
from annotator.domain.errors import BadFileError


def test_the_version_is_told(cli: Any) -> None:
    assert cli("--version").out.strip() == __version__


def test_the_program_starts_as_a_module() -> None:
    command = [sys.executable, "-m", "annotator", "status", "no-such-project"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("annotator: ")
    assert done.stderr.count("\n") == 1


def test_every_module_with_a_command_is_found() -> None:
    registering = {
        info.name
        for info in pkgutil.iter_modules(annotator.cli.__path__)
        if hasattr(importlib.import_module(f"annotator.cli.{info.name}"), "register")
    }
    assert {module.rpartition(".")[2] for module in command_modules().values()} == registering


def test_the_help_names_every_command(cli: Any) -> None:
    found = cli("--help")
    assert found.code == 0
    assert all(f"  {name} " in found.out for name in command_modules())


@pytest.mark.parametrize("command", ["init", "open", "import", "submit", "status", "release", "verify", "doctor"])
def test_every_command_has_help(cli: Any, command: str) -> None:
    found = cli(command, "--help")
    assert found.code == 0
    assert "Usage: annotator" in found.out


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["status"], ["status", "a", "b"], ["submit", "P"], ["release", "P"]]
)
def test_wrong_usage_is_exit_code_2(cli: Any, arguments: list[str]) -> None:
    found = cli(*arguments)
    assert (found.code, found.out) == (2, "")
    assert "Usage: annotator" in found.err


def test_without_arguments_the_window_opens(cli: Any, windows: Any) -> None:
    assert cli().code == 7
    assert windows.opened == [(None, None)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a display is taken for granted")
@pytest.mark.parametrize("arguments", [(), ("open", "P")])
def test_without_a_display_the_window_is_refused_and_not_tried(
    cli: Any, windows: Any, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Qt would end the program with a core dump."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    cli(*arguments).refused("The window needs a display, and there is none here")
    assert windows.opened == []
    monkeypatch.setenv("QT_QPA_PLATFORM", "vnc")
    assert cli(*arguments).code == 7


def test_open_hands_project_and_person_to_the_window(cli: Any, windows: Any, tmp_path: Path) -> None:
    assert cli("open", tmp_path, "--as", "Rosa").code == 7
    assert windows.opened == [(tmp_path, "Rosa")]


def test_an_expected_failure_is_one_sentence(cli: Any, tmp_path: Path) -> None:
    cli("status", tmp_path).refused("project.toml")


def test_a_sentence_stays_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert error_report.report_error(BadFileError("a\nb.json", "this is\nbroken", "mend it")) == 1
    assert capsys.readouterr().err == "annotator: a b.json: this is broken; mend it.\n"


def _break(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(_: Path, **__: object) -> None:
        raise error

    monkeypatch.setattr("annotator.project.open_project", fail)


def test_a_bug_is_logged_with_its_traceback(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_report, "user_log_path", lambda *_, **__: tmp_path / "log")
    monkeypatch.delenv(error_report.TRACEBACK, raising=False)
    _break(monkeypatch, ZeroDivisionError("a bug"))
    found = cli("status", tmp_path)
    log = tmp_path / "log" / "errors.log"
    found.refused(f"A fault of the program (ZeroDivisionError); the details are in {log}")
    assert "Traceback" in log.read_text(encoding="utf-8")
    monkeypatch.setenv(error_report.TRACEBACK, "1")
    assert "ZeroDivisionError: a bug" in cli("status", tmp_path).err


def test_a_bug_on_a_path_with_broken_letters_is_logged_too(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_report, "user_log_path", lambda *_, **__: tmp_path / "log")
    monkeypatch.setattr("sys.argv", ["annotator", "status", "a\udcff"])
    _break(monkeypatch, ZeroDivisionError("a bug"))
    cli("status", tmp_path).refused("A fault of the program (ZeroDivisionError); the details are in")
    assert "status a\\udcff" in (tmp_path / "log" / "errors.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "a/b"),
            "a/b cannot be used (Permission denied); check its",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "a/b"),
            "a/b cannot be used (No space left on device); make room",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), "The output cannot be used (No space left on device)"),
        (
            NotADirectoryError(errno.ENOTDIR, "Not a directory", "f/x"),
            "f/x cannot be used (Not a directory); check the",
        ),
    ],
)
def test_what_the_system_refuses_is_no_bug(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, sentence: str
) -> None:
    monkeypatch.setattr(error_report, "user_log_path", lambda *_, **__: tmp_path / "log")
    _break(monkeypatch, error)
    cli("status", tmp_path).refused(sentence)
    assert not (tmp_path / "log").exists()


@pytest.mark.parametrize(
    "arguments", [("status",), ("verify",), ("report",), ("check",), ("models", "list"), ("proposers", "--project")]
)
def test_a_name_that_no_system_takes_is_one_sentence(cli: Any, arguments: tuple[str, ...]) -> None:
    cli(*arguments, "x" * 5000).refused("File name too long")


@pytest.mark.parametrize("where", ["f", "f/deep"])
def test_a_demo_in_the_place_of_a_file_is_one_sentence_and_leaves_it(cli: Any, tmp_path: Path, where: str) -> None:
    (tmp_path / "f").write_text("a letter", encoding="utf-8")
    cli("demo", tmp_path / where, "--no-window", "--scale", 0.2).refused("check the path")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").read_text(encoding="utf-8") == "a letter"


def test_a_log_that_cannot_be_written_is_no_second_error(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(error_report, "user_log_path", lambda *_, **__: tmp_path / "file" / "log")
    _break(monkeypatch, ZeroDivisionError("a bug"))
    cli("status", tmp_path).refused(f"{error_report.TRACEBACK}=1")


def test_an_interrupt_ends_in_one_sentence(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, KeyboardInterrupt())
    found = cli("status", tmp_path)
    assert (found.code, found.err) == (
        130,
        "annotator: Stopped; what was finished is kept, and nothing is half-written.\n",
    )


def test_commands_load_neither_qt_nor_other_commands() -> None:
    script = (
        "import sys\n"
        "from annotator.cli.app import build_app\n"
        "build_app(['status'])\n"
        "print([name for name in ('PySide6', 'scipy', 'matplotlib', 'sqlalchemy') if name in sys.modules])\n"
        "print('annotator.cli.release' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "False"]
