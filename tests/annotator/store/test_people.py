from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import RefusedError
from annotator.domain.passes import PersonRole
from annotator.domain.remarks import pinned
from annotator.domain.shapes import Annotation
from annotator.store.store import Store


def test_people_are_found_without_regard_to_case_and_spaces(empty_store: Store) -> None:
    mei = empty_store.add_person("  Mei   Lin ", PersonRole.ANNOTATOR)
    assert mei.name == "Mei Lin"
    assert empty_store.person("mei lin") == mei
    assert empty_store.people() == (mei,)
    assert empty_store.researchers() == 0


def test_an_unknown_name_is_answered_with_the_known_ones(empty_store: Store) -> None:
    with pytest.raises(RefusedError, match="knows nobody yet"):
        empty_store.person("Mei")
    empty_store.add_person("Ana", PersonRole.RESEARCHER)
    with pytest.raises(RefusedError, match=r"Nobody is called 'Mei' here; the project knows Ana"):
        empty_store.person("Mei")


def test_who_did_nothing_can_be_taken_out_again(empty_store: Store) -> None:
    ana = empty_store.add_person("Ana", PersonRole.RESEARCHER)
    empty_store.add_person("Mei Lin", PersonRole.ANNOTATOR)
    assert empty_store.forget_person(" mei  lin")
    assert empty_store.forget_person("nobody")
    assert empty_store.people() == (ana,)


@pytest.mark.parametrize("act", ["lease", "revision", "note", "query mask", "remark", "sighting"])
def test_who_did_anything_stays(store: Store, draw: Callable[..., Annotation], act: str) -> None:
    key = PairKey(0, "a")
    store.add_person("Eva", PersonRole.RESEARCHER)
    {
        "lease": lambda: store.take_lease(key, "Eva", 30),
        "revision": lambda: store.save_revision(key, draw(), "Eva"),
        "note": lambda: store.set_note(0, "x", "Eva"),
        "query mask": lambda: store.save_query_mask(0, draw(), "Eva"),
        "remark": lambda: store.add_remark(key, pinned(1, 1), "Eva", "look"),
        "sighting": lambda: store.record_sighting(key, "Eva"),
    }[act]()
    assert not store.forget_person("Eva")
    assert store.person("Eva").name == "Eva"


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "x" * 101])
def test_a_name_that_is_none_is_refused(empty_store: Store, name: str) -> None:
    with pytest.raises(RefusedError, match="1 to 100 letters"):
        empty_store.add_person(name, PersonRole.ANNOTATOR)
    assert empty_store.people() == ()


def test_a_name_exists_once(empty_store: Store) -> None:
    empty_store.add_person("Ana", PersonRole.RESEARCHER)
    with pytest.raises(RefusedError, match="already somebody called Ana"):
        empty_store.add_person("ANA", PersonRole.ANNOTATOR)


@pytest.mark.parametrize(("first", "second"), [("Strauß", "STRAUSS"), ("Ärzte", "ärzte"), ("Ada  L", "\u00a0ada l ")])
def test_names_that_are_the_same_to_people_are_the_same(empty_store: Store, first: str, second: str) -> None:
    person = empty_store.add_person(first, PersonRole.ANNOTATOR)
    assert empty_store.person(second) == person
    with pytest.raises(RefusedError, match="already somebody called"):
        empty_store.add_person(second, PersonRole.ANNOTATOR)


def test_people_stay_in_the_order_in_which_they_came(empty_store: Store) -> None:
    names = ["Zoe", "Ann", "Mei", "Ben"]
    roles = [PersonRole.ANNOTATOR, PersonRole.RESEARCHER, PersonRole.ANNOTATOR, PersonRole.RESEARCHER]
    for name, role in zip(names, roles, strict=True):
        empty_store.add_person(name, role)
    assert [(person.name, person.role) for person in empty_store.people()] == list(zip(names, roles, strict=True))
    assert empty_store.researchers() == 2
    with pytest.raises(RefusedError, match="the project knows Ann, Ben, Mei, Zoe"):
        empty_store.person("Eve")
