"""The accessor finds what is installed and refuses to leave the package."""

from __future__ import annotations

import tomllib

import pytest

from resources import accessor


def test_the_path_is_a_real_file() -> None:
    assert accessor.path("rules/rules.toml").is_file()


def test_bytes_and_text_are_the_same_file() -> None:
    assert accessor.read_bytes("rules/rules.md").decode("utf-8") == accessor.read_text("rules/rules.md")


@pytest.mark.parametrize("name", ["../pyproject.toml", "icons/../../x", "/etc/hostname", "", "..\\x"])
def test_names_outside_the_package_are_refused(name: str) -> None:
    with pytest.raises(FileNotFoundError, match="not the name of an installed file"):
        accessor.path(name)


@pytest.mark.parametrize("name", ["icons/no-such-icon.svg", "rules"])
def test_a_missing_file_is_named(name: str) -> None:
    with pytest.raises(FileNotFoundError, match=f"{name} is missing"):
        accessor.read_text(name)


def test_default_rules_have_every_threshold() -> None:
    rules = tomllib.loads(accessor.read_text("rules/rules.toml"))
    assert rules["occlusion"] == {"share": 0.005, "thickness": 0.035}
    assert rules["quality"] == {
        "agreement": 0.85,
        "boundary_tolerance": 3.0,
        "hausdorff_percentile": 95,
        "minimum_hole_area": 25,
        "minimum_polygon_area": 16,
        "minimum_seconds": 4,
    }
    assert rules["work"] == {"lease_minutes": 30, "idle_seconds": 60, "blind_share": 0.05}
    assert rules["return"]["reasons"][-1] == "other"
    assert len(rules["return"]["reasons"]) == 7
