from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError, BadFileError, EnvironmentFault
from annotator.domain.passes import PairState
from annotator.domain.shapes import Annotation
from annotator.project import Project, open_project


@pytest.fixture
def folder(project: Project) -> Path:
    project.close()
    return project.folder


def test_a_project_opens_as_it_was_left(project: Project, draw: Callable[..., Annotation]) -> None:
    project.store.save_revision(PairKey(0, "a"), draw(4), "Ann")
    project.close()
    with open_project(project.folder) as again:
        assert (again.truth, again.groups, again.rules) == (project.truth, project.groups, project.rules)
        assert again.store.pairs() == project.store.pairs()
        assert again.store.revision(1) == draw(4)


def test_images_that_came_or_went_are_noticed(folder: Path, images: Path) -> None:
    (images / "c.png").rename(images / "d.png")
    with open_project(folder) as project:
        present = {pair.key.image: pair.present for pair in project.store.pairs()}
        assert present == {"a": True, "b": True, "c": False, "d": True}
        assert project.store.pair(PairKey(0, "c")).state is PairState.WAITING


def test_the_projects_own_rules_count(folder: Path) -> None:
    (folder / "rules.toml").write_text("[quality]\nagreement = 0.5\n")
    with open_project(folder) as project:
        assert project.rules.agreement == 0.5


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("project.toml", None, "holds no project.toml"),
        ("project.toml", "name = ", "it is no TOML"),
        ("project.toml", "\udcff", "it is no TOML"),
        ("project.toml", 'name = "x"', "'dataset' is missing"),
        ("project.toml", 'name=1\ndataset="x"', "'name' is missing or no text"),
        ("project.toml", 'name="x"\ndataset="x"\nground_truth="../a.pkl"\nimages="i"', "leaves the project folder"),
        ("project.toml", "#" * 2_000_000, "far too large"),
        ("project.sqlite", None, "the project's database is not here"),
        ("project.sqlite", "x" * 5000, "no project database"),
        ("rules.toml", None, "this file is missing"),
        ("rules.toml", "[quality]\nagreement = 'high'", "the rule 'agreement' is 'high'"),
        ("ground_truth.pkl", None, "ground-truth file is missing"),
        ("ground_truth.pkl", "other", "not the ground-truth file that the project was made from"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said_in_one_sentence(
    folder: Path, name: str, content: str | None, words: str
) -> None:
    (folder / name).unlink()
    for extra in folder.glob("project.sqlite-*"):
        extra.unlink()
    if content is not None:
        (folder / name).write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(BadFileError) as caught:
        open_project(folder)
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value).replace("\\n", "")


def test_folders_that_are_none(tmp_path: Path, folder: Path, images: Path) -> None:
    with pytest.raises(AnnotatorError, match="there is no such folder"):
        open_project(tmp_path / "nowhere")
    with pytest.raises(AnnotatorError, match="it is no project folder"):
        open_project(images)
    images.rename(tmp_path / "elsewhere")
    with pytest.raises(EnvironmentFault, match="the image folder is not here; put it back, or correct 'images'"):
        open_project(folder)


@pytest.mark.parametrize("name", ["project.toml", "rules.toml"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"name = ",
        b"x = " + b"[" * 100_000,
        b"[work]\nlease_minutes = 1" + b"0" * 5000,
        b'store = 5\nname = "x"',
        b"[work]\nlease_minutes = inf",
        b"work = 5",
    ],
)
def test_any_settings_open_or_are_one_sentence(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    try:
        open_project(folder).close()
    except BadFileError as error:
        assert name in str(error)  # noqa: PT017 (both outcomes are right)
        assert len(str(error).splitlines()) == 1  # noqa: PT017
    else:
        assert (name, content) == ("rules.toml", b"")  # every rule has a default


@pytest.mark.parametrize("value", ["..", ".", "../ground_truth.pkl", "/etc/hostname", "cache", "absent.pkl", ""])
def test_a_ground_truth_elsewhere_is_not_read(folder: Path, value: str) -> None:
    settings = folder / "project.toml"
    text = settings.read_text(encoding="utf-8").replace('"ground_truth.pkl"', f'"{value}"')
    settings.write_text(text, encoding="utf-8")
    with pytest.raises(AnnotatorError) as caught:
        open_project(folder)
    assert type(caught.value) in (BadFileError, EnvironmentFault)


def test_a_project_that_was_moved_opens_with_what_was_drawn(folder: Path, tmp_path: Path) -> None:
    moved = folder.rename(tmp_path / "another name")
    with open_project(moved) as project:
        assert project.folder == moved
        assert project.store.query_records()[0].approved_by == "Rui"
        assert project.store.verify_chain() == []
