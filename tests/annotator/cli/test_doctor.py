"""doctor: what is here, what is missing, and what to do about it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from annotator.cli import diagnosis, qt_needs


def test_this_machine_has_what_is_needed(cli: Any, tmp_path: Path) -> None:
    found = cli("doctor", tmp_path, "--json")
    states = {row["what"]: row["state"] for row in found.json["findings"]}
    assert found.code == 0, found.out
    assert states["Python"] == states["numpy"] == states["Qt starts"] == "ok"
    assert cli("doctor", tmp_path).out.startswith("ok ")


def test_a_missing_library_is_named_with_its_remedy(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "NEEDED", ("no-such-library",))
    monkeypatch.setattr(diagnosis, "window_findings", lambda: iter(()))
    found = cli("doctor", tmp_path)
    assert found.code == 1
    assert "MISSING no-such-library: not installed (pip install no-such-library)" in found.out


def test_an_absent_extra_is_no_failure(cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "EXTRAS", {"no-such-library": "team: a team"})
    monkeypatch.setattr(diagnosis, "window_findings", lambda: iter(()))
    found = cli("doctor", tmp_path)
    assert found.code == 0
    assert "pip install 'pixel-retrieval-annotator[team]'" in found.out


def _probe_says(monkeypatch: pytest.MonkeyPatch, out: str, err: str = "", code: int = 0) -> None:
    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, code, out, err)

    monkeypatch.setattr(qt_needs.subprocess, "run", run)
    monkeypatch.setattr(sys, "platform", "linux")


def test_missing_system_libraries_are_named_as_debian_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = json.dumps(["libEGL.so.1", "libxcb-cursor.so.0"])
    _probe_says(monkeypatch, f"{missing}\n", "Traceback\nImportError: libEGL.so.1: cannot open", 1)
    monkeypatch.setenv("DISPLAY", ":1")
    libraries, starts = qt_needs.window_findings()
    assert libraries[1:3] == (False, "libEGL.so.1, libxcb-cursor.so.0")
    assert libraries[3].endswith("apt-get install libegl1 libxcb-cursor0")
    assert starts[:3] == ("Qt starts", False, "ImportError: libEGL.so.1: cannot open")


def test_x_libraries_are_looked_for_under_x_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    assert "libxcb-cursor.so.0" not in qt_needs._wanted()
    monkeypatch.setenv("DISPLAY", ":1")
    assert "libxcb-cursor.so.0" in qt_needs._wanted()


def test_a_machine_without_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    _probe_says(monkeypatch, "[]\n0\n")
    assert list(qt_needs.window_findings())[-1] == (
        "fonts",
        False,
        "0 families",
        "install a font, such as fonts-dejavu-core",
    )


def test_a_process_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError("no room for a process")

    monkeypatch.setattr(qt_needs.subprocess, "run", fail)
    assert any(row[:3] == ("Qt starts", False, "no room for a process") for row in qt_needs.window_findings())


def test_room_folders_and_display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "LEAST_ROOM", 1 << 60)
    assert diagnosis._room(tmp_path / "not" / "yet").state is diagnosis.State.MISSING
    monkeypatch.setattr(diagnosis, "_writable", lambda _: False)
    assert {found.state for found in diagnosis._folders(tmp_path)} == {diagnosis.State.MISSING}
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert diagnosis._display().state is diagnosis.State.OPTIONAL
    monkeypatch.setenv("DISPLAY", ":3")
    assert diagnosis._display().found == "DISPLAY=:3"
