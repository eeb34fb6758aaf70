from __future__ import annotations

import math
import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from annotator.domain.errors import BadFileError
from annotator.domain.rules import OcclusionSize, Rules, occlusion_size, rules_from
from resources.accessor import read_text


def test_the_default_rules_file_gives_the_defaults_of_the_code() -> None:
    read = rules_from(tomllib.loads(read_text("rules/rules.toml")), "rules.toml")
    assert read.reasons[0] == "wrong object"
    assert Rules(reasons=read.reasons) == read


def test_missing_keys_keep_their_defaults() -> None:
    assert rules_from({"occlusion": {"share": 0.01}}, "rules.toml") == Rules(share=0.01)


@pytest.mark.parametrize(
    "wrong",
    [
        {"occlusions": {}},
        {"occlusion": 3},
        {"occlusion": {"shares": 0.1}},
        {"occlusion": {"share": "much"}},
        {"occlusion": {"share": 1.5}},
        {"occlusion": {"share": True}},
        {"occlusion": {"share": math.nan}},
        {"occlusion": {"thickness": math.inf}},
        {"quality": {"minimum_hole_area": 10**400}},
        {"work": {"idle_seconds": -1}},
        {"work": {"idle_seconds": 1e300}},
        {"work": {"lease_minutes": 0}},
        {"work": {"lease_minutes": math.inf}},
        {"work": {"lease_minutes": 10**400}},
        {"work": {"lease_minutes": 1_000_000}},
        {"return": {"reasons": []}},
        {"return": {"reasons": [1]}},
    ],
)
def test_a_wrong_rule_is_named_with_its_file(wrong: dict[str, object]) -> None:
    with pytest.raises(BadFileError, match=r"^rules\.toml: "):
        rules_from(wrong, "rules.toml")


def test_a_disc_is_as_thick_as_its_diameter() -> None:
    y, x = np.mgrid[:41, :41]
    disc = (x - 20) ** 2 + (y - 20) ** 2 <= 10**2
    size = occlusion_size(disc, 100_000, Rules())
    assert size.thickness == pytest.approx(20, abs=1)
    assert size.share == disc.sum() / 100_000
    assert size.thickness_limit == pytest.approx(0.035 * math.sqrt(100_000))


def test_both_limits_decide_together() -> None:
    pole = np.zeros((400, 400), bool)
    pole[:, 100:104] = True
    thin_and_small = occlusion_size(pole, 1_000_000, Rules())
    assert thin_and_small.thickness == pytest.approx(3.5, abs=1)
    assert thin_and_small.kept
    assert not occlusion_size(pole, 100_000, Rules()).kept  # 1.6 % of the object
    block = np.zeros((400, 400), bool)
    block[100:160, 100:160] = True
    assert not occlusion_size(block, 1_000_000, Rules()).kept  # 60 px thick, the limit is 35


def test_one_pixel_and_no_object() -> None:
    dot = np.ones((1, 1), bool)
    assert occlusion_size(dot, 10_000, Rules()).thickness == 1
    assert not occlusion_size(dot, 0, Rules()).kept


@pytest.mark.parametrize(
    ("share", "thickness", "kept"),
    [(0.0049, 9.99, True), (0.005, 9.99, False), (0.0049, 10.0, False), (0.005, 10.0, False), (0.0, 0.0, True)],
)
def test_what_reaches_a_limit_is_cut_out(share: float, thickness: float, kept: bool) -> None:
    assert OcclusionSize(share, 0.005, thickness, 10.0).kept is kept


@pytest.mark.parametrize(("width", "thickness"), [(1, 1), (3, 3), (4, 3), (5, 5), (21, 21)])
def test_a_bar_is_as_thick_as_the_disc_between_its_sides(width: int, thickness: int) -> None:
    bar = np.zeros((60, 90), bool)
    bar[:, 30 : 30 + width] = True
    assert occlusion_size(bar, 100_000, Rules()).thickness == pytest.approx(thickness)


def test_the_limit_on_thickness_grows_with_the_side_of_the_object() -> None:
    rules = Rules(thickness=0.1)
    dot = np.ones((1, 1), bool)
    assert occlusion_size(dot, 400, rules).thickness_limit == pytest.approx(2)
    assert occlusion_size(dot, 40_000, rules).thickness_limit == pytest.approx(20)


@given(hnp.arrays(bool, (9, 11)), st.integers(0, 4), st.integers(0, 4))
def test_an_occlusion_measures_the_same_in_every_window(mask: np.ndarray, above: int, left: int) -> None:
    mask[0], mask[:, 0] = False, False
    mask[4, 5] = True
    large = np.zeros((20, 20), bool)
    large[above : above + 9, left : left + 11] = mask
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    small = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    expected = occlusion_size(mask, 5000, Rules())
    assert occlusion_size(large, 5000, Rules()) == occlusion_size(small, 5000, Rules()) == expected


def test_every_rule_is_read_from_its_file_under_its_own_name() -> None:
    text = """
        [occlusion]
        share = 0.01
        thickness = 0.02
        [quality]
        agreement = 0.7
        boundary_tolerance = 4
        hausdorff_percentile = 90
        minimum_hole_area = 5
        minimum_polygon_area = 6
        minimum_seconds = 7
        [work]
        lease_minutes = 8
        idle_seconds = 9
        blind_share = 0.1
        [return]
        reasons = ["wrong object", "façade"]
    """
    assert rules_from(tomllib.loads(text), "rules.toml") == Rules(
        0.01, 0.02, 0.7, 4.0, 90.0, 5.0, 6.0, 7.0, 8.0, 9.0, 0.1, ("wrong object", "façade")
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"occlusion": {"share": 1.5}}, "the rule 'share' is 1.5; write a number from 0 to 1"),
        ({"work": {"lease_minutes": 0.5}}, "the rule 'lease_minutes' is 0.5; write a number from 1 to 10080"),
        ({"quality": {"minimum_seconds": -1}}, "the rule 'minimum_seconds' is -1; write a number from 0 to 1e"),
        ({"works": {}}, "'works' is no section of the rules; use occlusion, quality, return, work"),
        ({"work": {"lease": 5}}, "'lease' is no rule; the rules are agreement, blind_share"),
        ({"return": {"reasons": ["a", ""]}}, "'reasons' is not a list of words"),
    ],
)
def test_a_wrong_rule_says_what_may_stand_there(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(BadFileError) as caught:
        rules_from(wrong, "rules.toml")
    assert words in str(caught.value)
