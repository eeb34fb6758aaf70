from __future__ import annotations

import pytest

from annotator.domain.errors import RefusedError
from annotator.domain.passes import PersonRole
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


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "x" * 101])
def test_a_name_that_is_none_is_refused(empty_store: Store, name: str) -> None:
    with pytest.raises(RefusedError, match="1 to 100 letters"):
        empty_store.add_person(name, PersonRole.ANNOTATOR)
    assert empty_store.people() == ()


def test_a_name_exists_once(empty_store: Store) -> None:
    empty_store.add_person("Ana", PersonRole.RESEARCHER)
    with pytest.raises(RefusedError, match="already somebody called Ana"):
        empty_store.add_person("ANA", PersonRole.ANNOTATOR)
