"""Words in files and names of files: image names, groups, roles and kinds."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.datasets.image_names import LONGEST, image_name, name_problem
from annotator.datasets.labels.meaning import role_and_kind
from annotator.datasets.labels.told_group import group_in, told_group
from annotator.domain.shapes import OccluderKind, Role


@given(st.text(max_size=20))
def test_a_good_name_stays_in_its_folder_on_every_system(name: str) -> None:
    if name_problem(name) is not None:
        return
    assert PurePosixPath("images", f"{name}.jpg").parent == PurePosixPath("images")
    assert PureWindowsPath("images", f"{name}.jpg").parent == PureWindowsPath("images")
    assert PureWindowsPath("images", f"{name}.jpg").drive == ""
    assert f"{name}.jpg".encode()
    assert image_name(f"somewhere/{name}.jpg") == image_name(f"..\\some where\\{name}.PNG") == name


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("all_souls_000051", None),
        ("Förster 2.v3", None),
        ("美玲", None),
        ("it's [1]", None),
        ("x" * LONGEST, None),
        ("x" * (LONGEST + 1), "is longer than 200 characters"),
        ("", "is no text"),
        (" \t", "is no text"),
        (None, "is no text"),
        (b"a", "is no text"),
        ("a\x7f", "holds a control character"),
        ("a\nb", "holds a control character"),
        ("\udce9", "holds a control character"),
        (".", "leaves the image folder"),
        (". .", "leaves the image folder"),
        ("a..b", "leaves the image folder"),
        ("a/b", "leaves the image folder"),
        ("a\\b", "leaves the image folder"),
        ("a:b", "leaves the image folder"),
    ],
)
def test_what_a_name_may_be(name: object, problem: str | None) -> None:
    assert name_problem(name) == problem


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.jpg", "a"),
        ("a.b.JPEG", "a.b"),
        ("x/y\\z.tiff", "z"),
        ("a.jpg.png", "a.jpg"),
        ("a.gif", "a.gif"),
        ("a", "a"),
        (".jpg", ""),
        ("a.json", "a"),
        ("folder/", ""),
    ],
)
def test_only_the_ending_of_an_image_goes(path: str, name: str) -> None:
    assert image_name(path) == name


@pytest.mark.parametrize(
    ("word", "number"),
    [("g00", 0), ("g07", 7), ("g123", 123), ("oxford/g04", 4), ("a/b/g04", 4), ("g4", None), ("G04", None),
     ("g04x", None), ("xg04", None), ("g1234567", None), ("", None), ("g04/", None), ("g٠٤", None), ("object", None)],
)  # fmt: skip
def test_a_group_is_told_by_its_number_alone(word: str, number: int | None) -> None:
    assert group_in(word) == number


def test_the_nearest_folder_tells_the_group() -> None:
    assert told_group(Path("labels/g03/gate.json")) == 3
    assert told_group(Path("g03/more/gate.json")) is None
    assert told_group(Path("g03.json")) is None


@pytest.mark.parametrize(
    ("label", "hints", "role", "kind"),
    [
        ("object", (), Role.OBJECT, None),
        ("occluders", (), Role.OBJECT, None),
        ("", ("person",), Role.OBJECT, None),
        ("object:person", (), Role.OBJECT, None),
        ("occluder", (), Role.OCCLUDER, OccluderKind.OTHER),
        (" OCCLUDER ", ("tree",), Role.OCCLUDER, OccluderKind.OTHER),
        ("occluder", ("tree", "Vegetation"), Role.OCCLUDER, OccluderKind.VEGETATION),
        ("occluder:vehicle", ("person",), Role.OCCLUDER, OccluderKind.VEHICLE),
        ("occluder:tank", ("person",), Role.OCCLUDER, OccluderKind.PERSON),
        ("occluder:street-furniture", (), Role.OCCLUDER, OccluderKind.STREET_FURNITURE),
        ("kept_occlusion", (), Role.KEPT, OccluderKind.OTHER),
        ("Kept-Occlusion:building", (), Role.KEPT, OccluderKind.BUILDING),
        ("kept occlusion", ("street  furniture",), Role.KEPT, OccluderKind.STREET_FURNITURE),
    ],
)
def test_what_a_label_means(label: str, hints: tuple[str, ...], role: Role, kind: OccluderKind | None) -> None:
    assert role_and_kind(label, hints) == (role, kind)


@given(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=3))
def test_an_occluder_has_a_kind_whatever_is_written(label: str, hints: list[str]) -> None:
    role, kind = role_and_kind(label, hints)
    assert (kind is None) == (role is Role.OBJECT)
