"""A team's project: everything but the photographs and the folder is on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from annotator.datasets import folder_walk
from annotator.domain.dataset import PairKey
from annotator.domain.errors import AnnotatorError, ConflictError, EnvironmentFault, RefusedError
from annotator.domain.passes import PairState, PersonRole
from annotator.domain.shapes import Annotation
from annotator.project import Project, create_project, open_project
from qa.hand_over import submit, take
from qa.workflow import Verdict

KEY = PairKey(0, "a")


@pytest.fixture
def address(on_server: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """An empty database on a server."""
    with on_server() as found:
        yield found


@pytest.fixture
def team(tmp_path: Path, ground_truth: Path, images: Path, draw: Callable[..., Annotation], address: str) -> Path:
    """A project folder whose database is on the server; Rosa opened g00 for Ann and Ben."""
    with create_project(tmp_path / "rosa" / "project", ground_truth, images, address) as made:
        made.store.add_person("Rosa", PersonRole.RESEARCHER)
        for name in ("Ann", "Ben"):
            made.store.add_person(name, PersonRole.ANNOTATOR)
        made.store.take_in({0: draw(20)}, {}, "Rosa", approve=True)
    return made.folder


def on_another_computer(team: Path, tmp_path: Path, images: Path, without: str = "") -> Project:
    """The project as a colleague opens it: a folder and photographs of their own, the same server."""
    folder, photographs = tmp_path / "ben", tmp_path / "photographs of ben"
    photographs.mkdir()
    for path in images.iterdir():
        if path.stem != without:
            (photographs / path.name).write_bytes(path.read_bytes())
    (folder / "cache").mkdir(parents=True)
    for name in ("project.toml", "rules.toml", "ground_truth.pkl"):
        text = (team / name).read_bytes()
        (folder / name).write_bytes(text.replace(str(images).encode(), str(photographs).encode()))
    return open_project(folder)


def test_the_folder_holds_no_database_and_opens_again(team: Path) -> None:
    assert not list(team.glob("*.sqlite*"))
    with open_project(team) as again:
        assert [person.name for person in again.store.people()] == ["Rosa", "Ann", "Ben"]
        assert again.store.pair(KEY).state is PairState.OPEN


def test_two_computers_work_on_one_project(
    team: Path, tmp_path: Path, images: Path, draw: Callable[..., Annotation]
) -> None:
    with open_project(team) as ann, on_another_computer(team, tmp_path, images) as ben:
        take(ann, KEY, "Ann")
        with pytest.raises(ConflictError, match="Ann is working on g00:a"):
            take(ben, KEY, "Ben")
        submit(ann, KEY, "Ann", Verdict.SUBMITTED, draw(), pass_number=1)
        work = take(ben, KEY, "Ben")
        assert (work.pass_number, work.base) == (2, draw())


def test_an_image_that_one_computer_lacks_still_counts_for_the_others(team: Path, tmp_path: Path, images: Path) -> None:
    with on_another_computer(team, tmp_path, images, without="a") as ben:
        assert not ben.library.has("a")
        assert ben.store.pair(KEY).present
    with open_project(team) as ann:
        assert ann.store.pair(KEY).state is PairState.OPEN


def test_a_database_with_a_project_is_refused_and_no_folder_made(
    team: Path, tmp_path: Path, ground_truth: Path, images: Path, address: str
) -> None:
    with pytest.raises(RefusedError, match="holds a project already"):
        create_project(tmp_path / "x" / "second", ground_truth, images, address)
    assert not (tmp_path / "x").exists()
    with open_project(team) as first:
        assert len(first.store.people()) == 3


def test_photographs_that_cannot_be_read_leave_the_database_empty_for_the_next_try(
    tmp_path: Path, ground_truth: Path, images: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: str) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(folder_walk.os, "scandir", closed)
        with pytest.raises(EnvironmentFault, match="cannot be read"):
            create_project(tmp_path / "project", ground_truth, images, address)
    assert not (tmp_path / "project").exists()
    create_project(tmp_path / "project", ground_truth, images, address).close()


@pytest.mark.parametrize("store", ["sqlite:///project.sqlite", "sqlite://", "mysql://server/base", "server/base"])
def test_a_team_works_on_postgresql_alone(tmp_path: Path, ground_truth: Path, images: Path, store: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(AnnotatorError, match="postgresql://name@server/database"):
        create_project(tmp_path / "project", ground_truth, images, store)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("server", ["nowhere.invalid", "nowhere.invalid:5432", "127.0.0.1:1"])
def test_a_server_that_no_network_knows_is_one_sentence(
    tmp_path: Path, ground_truth: Path, images: Path, server: str
) -> None:
    """As on a laptop that is away from the team's network."""
    pytest.importorskip("psycopg")
    with pytest.raises(EnvironmentFault, match="the database does not answer; nothing was lost") as caught:
        create_project(tmp_path / "project", ground_truth, images, f"postgresql://me:secret@{server}/base")
    assert "secret" not in str(caught.value)
    assert not (tmp_path / "project").exists()


def test_a_store_address_with_a_password_stays_out_of_errors_when_it_is_opened(team: Path) -> None:
    settings = team / "project.toml"
    lines = [line for line in settings.read_text().splitlines() if not line.startswith("store")]
    settings.write_text("\n".join([*lines, 'store = "postgresql://me:secret@nowhere.invalid/base"', ""]))
    with pytest.raises(EnvironmentFault) as caught:
        open_project(team)
    assert "secret" not in str(caught.value)
