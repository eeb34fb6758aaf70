from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from annotator.domain.errors import AnnotatorError, BadFileError, EnvironmentFault, RefusedError
from annotator.project import Project, create_project, open_project
from resources import accessor


def test_a_project_folder_holds_what_it_needs(project: Project, ground_truth: Path) -> None:
    names = {path.name for path in project.folder.iterdir()}
    assert {"project.toml", "project.sqlite", "rules.toml", "cache", "ground_truth.pkl"} <= names
    assert (project.folder / "ground_truth.pkl").read_bytes() == ground_truth.read_bytes()
    assert (project.folder / "rules.toml").read_bytes() == accessor.read_bytes("rules/rules.toml")
    assert (project.name, project.truth.dataset) == ("project", "toy")
    assert [group.name for group in project.groups] == ["g00", "g01"]
    assert project.group(1) is project.groups[1]
    with pytest.raises(RefusedError, match="no group g07; this project has g00 to g01"):
        project.group(7)


def test_only_images_that_somebody_looks_at_are_looked_for(project: Project) -> None:
    assert set(project.images.present) == {"a", "b", "c", "q0", "q1", "q2"}
    assert project.images.missing == ("d",)  # e is junk alone


def test_an_empty_folder_is_taken_and_a_full_one_refused(tmp_path: Path, ground_truth: Path, images: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    create_project(folder, ground_truth, images).close()
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(RefusedError, match="here is not empty; choose a new folder"):
        create_project(folder, ground_truth, images)
    assert sorted(path.name for path in folder.iterdir()) == before
    with pytest.raises(RefusedError, match="is not empty"):
        create_project(ground_truth, ground_truth, images)


def test_folders_above_are_made(tmp_path: Path, ground_truth: Path, images: Path) -> None:
    create_project(tmp_path / "x" / "y" / "project", ground_truth, images).close()
    assert (tmp_path / "x" / "y" / "project" / "project.toml").is_file()


class Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('it ran')",))


def left_behind(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.iterdir() if path.name not in {"images", "gnd_toy.pkl"})


def test_a_hostile_ground_truth_leaves_nothing(tmp_path: Path, ground_truth: Path, images: Path) -> None:
    ground_truth.write_bytes(pickle.dumps(Hostile()))
    with pytest.raises(BadFileError):
        create_project(tmp_path / "x" / "project", ground_truth, images)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("step", ["annotator.store.store.write_truth", "annotator.project.create.open_project"])
@pytest.mark.parametrize(
    ("error", "kind"), [(OSError(28, "No space left on device"), AnnotatorError), (MemoryError(), MemoryError)]
)
def test_whatever_fails_nothing_is_left(
    tmp_path: Path,
    ground_truth: Path,
    images: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: BaseException,
    kind: type[BaseException],
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(step, fails)
    expected = kind if "write_truth" in step else type(error)
    with pytest.raises(expected):
        create_project(tmp_path / "x" / "y" / "project", ground_truth, images)
    assert left_behind(tmp_path) == []


def test_a_missing_image_folder_and_a_server_that_is_away(tmp_path: Path, ground_truth: Path, images: Path) -> None:
    with pytest.raises(BadFileError, match="there is no such image folder"):
        create_project(tmp_path / "project", ground_truth, tmp_path / "nowhere")
    with pytest.raises(EnvironmentFault, match="does not answer"):
        create_project(tmp_path / "project", ground_truth, images, f"postgresql://me@/x?host={tmp_path}")
    assert left_behind(tmp_path) == []


def test_images_inside_the_project_move_with_it(tmp_path: Path, ground_truth: Path, images: Path) -> None:
    folder = tmp_path / "project"
    create_project(folder, ground_truth, images).close()
    settings = (folder / "project.toml").read_text()
    shutil.copytree(images, folder / "photographs")
    (folder / "project.toml").write_text(settings.replace(f'"{images}"', '"photographs"'))
    folder.rename(tmp_path / "moved")
    with open_project(tmp_path / "moved") as project:
        assert len(project.images.present) == 6


def test_names_with_quotes_and_accents(tmp_path: Path, ground_truth: Path, images: Path) -> None:
    create_project(tmp_path / 'Förster "x" \\ y', ground_truth, images).close()
    with open_project(tmp_path / 'Förster "x" \\ y') as project:
        assert project.name == 'Förster "x" \\ y'
