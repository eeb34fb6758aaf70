"""Every kind of defect is planted and found, and good annotations are left alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from annotator.datasets.decode import decode
from annotator.domain.raster import mask_of
from annotator.domain.rules import Rules
from annotator.domain.shapes import Annotation
from qa.checks.finding import Given
from qa.checks.registry import CHECKS
from qa.simulation.defects import DEFECTS, CheckRate, check_rates
from qa.simulation.demo_project import Demo
from qa.simulation.synthetic import building


def known(truths: Mapping[str, Annotation]) -> dict[str, Given]:
    """Good annotations with all that may be known around them."""
    areas = {name: float(mask_of(truth).mean()) for name, truth in truths.items()}
    return {
        name: Given(
            truth,
            Rules(),
            group_areas=tuple(area for other, area in areas.items() if other != name),
            expected=mask_of(truth),
            other_groups=(("g77", mask_of(truth)),),
            active_seconds=90.0,
        )
        for name, truth in truths.items()
    }


@pytest.fixture(scope="module")
def rates() -> dict[str, CheckRate]:
    rng = np.random.default_rng(11)
    good = known({str(number): building(rng) for number in range(40)})
    return {rate.defect.kind: rate for rate in check_rates(good)}


def test_every_check_has_a_defect_that_it_ought_to_find() -> None:
    assert {defect.check for defect in DEFECTS} == {check.name for check in CHECKS}


@pytest.mark.parametrize("kind", [defect.kind for defect in DEFECTS if defect.check != "occluder left in"])
def test_planted_defects_are_found(rates: Mapping[str, CheckRate], kind: str) -> None:
    assert rates[kind].planted >= 20
    assert rates[kind].hit >= 0.95 * rates[kind].planted


def test_good_annotations_are_left_alone(rates: Mapping[str, CheckRate]) -> None:
    for rate in rates.values():
        assert rate.false <= 0.05 * rate.clean, rate.defect.check


def test_what_was_left_in_is_found_on_pictures(demo: Demo) -> None:
    project = demo.project
    names = {pair.key.image for pair in project.store.pairs()}
    good = known({name: demo.truths[name] for name in names})
    for name in names:
        path = project.library.path(name)
        assert path is not None
        given = good[name]
        good[name] = Given(given.annotation, given.rules, image=decode(path), active_seconds=90.0)
    rates = [rate for rate in check_rates(good) if rate.defect.check == "occluder left in"]
    assert len(rates) == 3
    for rate in rates:
        assert rate.planted >= 1
        assert rate.hit >= 0.5 * rate.planted
        assert rate.false == 0
