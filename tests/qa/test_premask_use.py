from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.domain.shapes import Annotation
from annotator.project import Project
from qa.hand_over import save, submit, take
from qa.premask_told import told
from qa.premask_use import FILE, premask_use

Draw = Callable[..., Annotation]


def begin(project: Project, image: str, premask: Annotation, drawn: Annotation, proposer: str) -> None:
    """Pass 1 from a pre-mask: it is kept, then what was made of it half-way, then the pass."""
    key = PairKey(0, image)
    take(project, key, "Ann")
    first = project.store.save_revision(key, premask, "Ann", proposer)
    half = save(project, key, "Ann", drawn, base_revision=first, proposer=proposer)
    submit(project, key, "Ann", Verdict.SUBMITTED, drawn, pass_number=1, base_revision=half, proposer=proposer)


def test_use_by_confidence(project: Project, draw: Draw) -> None:
    begin(project, "a", draw(20), draw(20), told("pipeline", 0.9))
    begin(project, "b", draw(20), draw(24), told("pipeline", 0.6))
    take(project, PairKey(0, "c"), "Ann")
    submit(project, PairKey(0, "c"), "Ann", Verdict.SUBMITTED, draw(20), pass_number=1)
    found = premask_use(project, project.store.all_passes())
    assert found.used.mean == pytest.approx(2 / 3)
    assert found.kept.mean == pytest.approx((1 + 21**2 / 25**2) / 2)
    assert found.unchanged.mean == 0.5
    assert [(band.low, band.high, band.passes, round(band.kept.mean, 3)) for band in found.bands] == [
        (0.5, 0.7, 1, 0.706),
        (0.85, 0.95, 1, 1.0),
    ]
    assert (project.cache / FILE).is_file()
    assert premask_use(project, project.store.all_passes()) == found


def test_a_pre_mask_that_was_not_kept_counts_as_used_only(project: Project, draw: Draw) -> None:
    key = PairKey(0, "a")
    take(project, key, "Ann")
    submit(project, key, "Ann", Verdict.SUBMITTED, draw(20), pass_number=1, proposer="pipeline 0.80")
    found = premask_use(project, project.store.all_passes())
    assert found.used.mean == 1
    assert not found.kept.known


def test_without_pre_masks_nothing_is_known(project: Project) -> None:
    found = premask_use(project, ())
    assert not found.used.known
    assert found.bands == ()
