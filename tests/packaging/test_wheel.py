"""What the wheel holds, and that it starts where nothing of the checkout can be seen."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ("annotator", "qa", "export", "resources")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    source = tmp_path_factory.mktemp("source") / "checkout"
    # Built from a copy: setuptools writes build/ and *.egg-info into the folder that it builds.
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=REPOSITORY, capture_output=True
    )
    names = [name for name in tracked.stdout.decode().split("\0") if name]
    if not names:
        pytest.skip("this is no git checkout, so what belongs to it is not known")
    for name in names:
        target = source / name
        if (REPOSITORY / name).is_file() and not name.startswith(("tests/", "docs/")):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((REPOSITORY / name).read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = out.glob("*.whl")
    return found


def test_pyproject_lists_exactly_the_packages_that_exist() -> None:
    listed = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    there = [
        path.parent.relative_to(REPOSITORY).as_posix().replace("/", ".")
        for package in PACKAGES
        for path in (REPOSITORY / package).rglob("__init__.py")
    ]
    assert sorted(listed) == sorted(there)


def test_the_wheel_holds_every_source_and_resource_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {
        path.relative_to(REPOSITORY).as_posix()
        for package in PACKAGES
        for path in (REPOSITORY / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == expected
    assert {name.partition("/")[0] for name in inside} == set(PACKAGES)


def test_the_wheel_installs_and_starts_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    venv.create(home, with_pip=False)
    site = next((home / "lib").glob("python*/site-packages"))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            "--target",
            str(site),
            str(wheel),
        ],
        check=True,
    )
    # Only the libraries come from here: a path line does not bring the checkout's own editable install along.
    dependencies = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    (site / "libraries.pth").write_text(f"{dependencies}\n")
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "DISPLAY"}}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    python = home / "bin" / "python"
    where = subprocess.run(
        [python, "-c", "import annotator; print(annotator.__file__)"], cwd=tmp_path, capture_output=True, text=True
    )
    assert where.stdout.startswith(str(site)), where.stdout + where.stderr
    for arguments in (["--version"], ["--help"], ["doctor"]):
        run = subprocess.run(
            [python, "-m", "annotator", *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stdout + run.stderr
        assert run.stdout.strip()
