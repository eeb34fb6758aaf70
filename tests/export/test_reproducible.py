"""The same project gives the same bytes in another process, whatever surrounds it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from export.release import make_release
from qa.simulation.demo_project import Demo

SURROUNDINGS = {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "LC_ALL": "C", "OMP_NUM_THREADS": "2"}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_no_hash_seed_time_zone_or_language_shows_in_a_release(demo: Demo, tmp_path: Path) -> None:
    make_release([demo.project], tmp_path / "here", allow_incomplete=True)
    command = [sys.executable, "-m", "annotator", "release", str(demo.project.folder), "there", "--allow-incomplete"]
    subprocess.run(command, cwd=tmp_path, env=os.environ | SURROUNDINGS, check=True, capture_output=True)
    assert bytes_of(tmp_path / "there") == bytes_of(tmp_path / "here")
