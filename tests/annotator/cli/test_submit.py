"""submit: the three passes from LabelMe files, under the rules of the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PersonRole
from annotator.project import open_project


def _submit(cli: Any, town: Any, number: int, person: str, *more: object, image: str = "gate", shift: int = 0) -> Any:
    pair = ("--pair", f"g00:{image}", "--pass", number, "--as", person)
    labels = () if "--no-labels" in more else ("--labels", town.label(image, shift=shift))
    return cli("submit", town.project, *pair, *labels, *(word for word in more if word != "--no-labels"))


def test_three_people_finish_a_pair(cli: Any, project: Any) -> None:
    first = _submit(cli, project, 1, "Ann", "--json", "--seconds", 61.5).json
    assert (first["verdict"], first["state"]) == ("submitted", "after pass 1")
    second = _submit(cli, project, 2, "Ben", "--json").json
    assert (second["verdict"], second["state"]) == ("approved unchanged", "after pass 2")
    third = _submit(cli, project, 3, "Cem", "--json", shift=1).json
    assert (third["verdict"], third["state"]) == ("refined", "done")
    with open_project(project.project) as opened:
        roles = {person.name: person.role for person in opened.store.people()}
        assert roles["Ann"] is roles["Ben"] is roles["Cem"] is PersonRole.ANNOTATOR
        assert opened.store.all_passes()[0].active_seconds == 61.5
        assert all(pair.lease is None for pair in opened.store.pairs())
    assert cli("status", project.project, "--json").json["done"] == 1


def test_one_pair_is_one_pair(cli: Any, project: Any, tmp_path: Path) -> None:
    for number, person in enumerate(("Ann", "Ben", "Cem"), 1):
        _submit(cli, project, number, person)
    assert "1 pair checked" in cli("check", project.project).out
    assert "1 pair is not done" not in cli("release", project.project, tmp_path / "out").err  # there are three others
    made = cli("release", project.project, tmp_path / "out", "--allow-incomplete").out
    assert made.startswith(f"{tmp_path / 'out'}: 1 pair and 1 query mask in ")


def test_a_returned_pass_goes_back(cli: Any, project: Any) -> None:
    _submit(cli, project, 1, "Ann")
    returned = ("--verdict", "returned", "--reason", "the arch is missing", "--json")
    found = _submit(cli, project, 2, "Ben", "--no-labels", *returned).json
    assert (found["verdict"], found["state"]) == ("returned", "returned to pass 1")
    _submit(cli, project, 1, "Dora", shift=2).refused("Ann")
    assert _submit(cli, project, 1, "ann", shift=2).code == 0


def test_a_pair_is_escalated_without_polygons(cli: Any, project: Any) -> None:
    reason = ("--verdict", "escalated", "--reason", "the object is not there", "--json")
    assert _submit(cli, project, 1, "Ann", "--no-labels", *reason).json["state"] == "escalated"


@pytest.mark.parametrize(
    ("number", "person", "words"),
    [
        (2, "Ann", "three different people"),
        (1, "Ann", "can no longer be changed"),
        (1, "Nora", "was done by Ann"),
        (3, "Nora", "after pass 1"),
        (4, "Nora", "There is no pass 4"),
        (0, "Nora", "There is no pass 0"),
    ],
)
def test_the_rules_after_pass_1(cli: Any, project: Any, number: int, person: str, words: str) -> None:
    _submit(cli, project, 1, "Ann")
    before = project.state()
    _submit(cli, project, number, person, shift=1).refused(words)
    assert project.state() == before


def test_there_is_no_fourth_pass(cli: Any, project: Any) -> None:
    for number, person in enumerate(("Ann", "Ben", "Cem"), start=1):
        assert _submit(cli, project, number, person).code == 0
    before = project.state()
    _submit(cli, project, 3, "Dora").refused("done by Cem")
    _submit(cli, project, 3, "Cem").refused("no fourth pass")
    assert project.state() == before


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"shapes": []}, "Nothing is drawn"),
        ({"shapes": [{"label": "object", "points": [[1, 1], [9, 9]]}]}, "this one has 2"),
        ({"shapes": [{"label": "object", "points": [[1, 1], [20, 20], [20, 1], [1, 20]]}]}, "crosses itself"),
        ({"shapes": [{"label": "object", "points": [[1, 1], [200, 20], [20, 30]]}]}, "outside the image"),
        ({"shapes": [{"label": "object", "points": [[1, 1], [float("nan"), 20], [20, 30]]}]}, "no place"),
        ({"imageWidth": 91}, "another image size"),
        ({"imagePath": "wall.jpg"}, "it is the label of 'wall' and not of 'gate'"),
    ],
)
def test_labels_that_cannot_be_a_pass(cli: Any, project: Any, more: dict[str, Any], words: str) -> None:
    before = project.state()
    label = project.label("gate", **more)
    pair = ("--pair", "g00:gate", "--pass", 1, "--as", "Nora", "--labels", label)
    cli("submit", project.project, *pair).refused(words)
    assert project.state() == before


@pytest.mark.parametrize(
    ("pair", "words"),
    [("gate", "gNN:IMAGE"), ("g09:gate", "g09"), ("g00:moon", "moon"), ("g01:door", "waits"), ("g00:far", "waits")],
)
def test_pairs_that_take_no_pass(cli: Any, project: Any, pair: str, words: str) -> None:
    before = project.state()
    label = project.label(pair.rpartition(":")[2])
    cli("submit", project.project, "--pair", pair, "--pass", 1, "--as", "Nora", "--labels", label).refused(words)
    assert project.state() == before


def test_a_verdict_must_fit_what_was_done(cli: Any, project: Any) -> None:
    _submit(cli, project, 1, "Ann")
    assert _submit(cli, project, 2, "Rosa", "--verdict", "approved", "--no-labels").code == 0
    before = project.state()
    _submit(cli, project, 3, "Cem", "--no-labels").refused("--labels FILE")
    assert project.state() == before
    _submit(cli, project, 3, "Cem", "--verdict", "approved", shift=1).refused("no approval unchanged")
    _submit(cli, project, 3, "Cem", "--verdict", "refined").refused("no refinement")
    _submit(cli, project, 3, "Cem", "--verdict", "returned", "--no-labels").refused("reason")
    assert project.state() == before
    assert _submit(cli, project, 3, "Cem", "--verdict", "perfect").code == 2


def test_a_pair_that_somebody_works_on_is_left_alone(cli: Any, project: Any) -> None:
    with open_project(project.project) as opened:
        key = opened.store.pairs(0)[0].key
        opened.store.take_lease(key, "Rosa", 30)
    before = project.state()
    _submit(cli, project, 1, "Nora", image=key.image).refused("Rosa")
    assert project.state() == before


def test_a_known_name_stays_and_a_lease_of_its_own_too_when_its_pass_is_refused(cli: Any, project: Any) -> None:
    _submit(cli, project, 1, "Ann")
    with open_project(project.project) as opened:
        opened.store.add_person("Cem", PersonRole.ANNOTATOR)
        opened.store.take_lease(PairKey(0, "gate"), "Cem", 30)
    _submit(cli, project, 2, "Cem", "--verdict", "returned", "--no-labels").refused("reason")
    with open_project(project.project) as opened:
        lease = opened.store.pair(PairKey(0, "gate")).lease
        assert lease is not None
        assert lease.person == "Cem"


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e9", "-1"])
def test_nobody_worked_for_an_impossible_time(cli: Any, project: Any, seconds: str) -> None:
    before = project.state()
    found = _submit(cli, project, 1, "Nora", "--seconds", seconds)
    assert found.code in (1, 2)
    assert "fault of the program" not in found.err
    assert project.state() == before
