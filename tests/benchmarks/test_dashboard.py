"""The dashboard's numbers: a look at a project of 6,361 pairs whose masks were measured before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sqlalchemy import insert, update

from annotator.domain.codec import annotation_text
from annotator.project import Project
from annotator.store.schema import PAIRS, PASSES, REVISIONS, SEATS
from qa.agreement.measured import measure
from qa.agreement.summary import summarise
from qa.dashboard import dashboard
from qa.simulation.skill import Skill, drawn
from qa.simulation.synthetic import synthetic_project

PAIRS_OF_GROUPS = [254] * 24 + [265]
DRAWINGS = 300


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """6,361 pairs with 19,083 passes, written straight into the tables; masks repeat every 100 pairs."""
    made = synthetic_project(tmp_path_factory.mktemp("large"), PAIRS_OF_GROUPS, ["Ann", "Ben", "Cem"])
    rng = np.random.default_rng(1)
    truths = list(made.truths.values())[: DRAWINGS // 3]
    texts = [annotation_text(drawn(truth, Skill(jitter=1.5), rng)) for truth in truths for _ in range(3)]
    with made.project.store.database.write() as connection:
        for table, rows in _rows(texts).items():
            connection.execute(insert(table), rows)
        connection.execute(update(PAIRS).values(standing=PAIRS.c.id * 3, state="done"))
    measure(made.project)
    yield made.project
    made.project.close()


def _rows(texts: list[str]) -> dict[Any, list[dict[str, Any]]]:
    people = {1: 3, 2: 4, 3: 5}
    revisions, seats, passes = [], [], []
    for pair in range(1, sum(PAIRS_OF_GROUPS) + 1):
        day = f"2026-0{1 + pair % 8}-{1 + pair % 27:02d}T10:00:00.000000+00:00"
        for number in (1, 2, 3):
            place = 3 * (pair - 1) + number
            text = texts[place % len(texts)]
            revisions.append({"id": place, "pair_id": pair, "person_id": people[number], "at": day, "annotation": text})
            seats.append({"pair_id": pair, "pass_number": number, "person_id": people[number]})
            passes.append(
                {
                    "sequence": place,
                    "pair_id": pair,
                    "pass_number": number,
                    "person_id": people[number],
                    "verdict": "submitted" if number == 1 else "refined",
                    "revision": place,
                    "active_seconds": 60.0 + place % 90,
                    "reason": "",
                    "submitted_at": day,
                    "after_state": "done",
                    "previous": "",
                    "sha256": f"{place:064d}",
                }
            )
    return {REVISIONS: revisions, SEATS: seats, PASSES: passes}


def test_dashboard_of_6361_pairs(benchmark: Any, project: Project) -> None:
    board = benchmark(dashboard, project)
    assert board.standing.done == 6361
    assert board.agreement.iou.count == 6361
    assert board.unmeasured == 0


def test_summary_of_6361_pairs(benchmark: Any, project: Project) -> None:
    measured = measure(project)
    summary = benchmark(summarise, measured)
    assert len(summary.groups) == 25
