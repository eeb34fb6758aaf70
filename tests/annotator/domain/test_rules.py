from __future__ import annotations

import math
import tomllib

import numpy as np
import pytest

from annotator.domain.errors import BadFileError
from annotator.domain.rules import Rules, occlusion_size, rules_from
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
