"""The database's numbers: opening, listing, saving, and three people at once on one server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import create_engine, func, select, text

from annotator.domain.codec import annotation_text
from annotator.domain.dataset import GroundTruth, PairKey, Query
from annotator.domain.geometry import polygon
from annotator.domain.passes import PairState, PersonRole
from annotator.domain.shapes import Annotation, Role, Shape
from annotator.project import create_project, open_project
from annotator.store.schema import CHAIN_HEAD, PASSES
from annotator.store.store import Store
from qa.difference import difference
from qa.queue import queue_for

PERSON = Path(__file__).with_name("store_person.py")


def outline(vertices: int) -> Annotation:
    angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    ring = np.stack([512 + 400 * np.cos(angles), 384 + 300 * np.sin(angles)], axis=1)
    return Annotation((1024, 768), (Shape("1", Role.OBJECT, polygon(ring)),))


@pytest.fixture(scope="module")
def paris(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 6,361 pairs with every image marked as here and its groups open."""
    folder = tmp_path_factory.mktemp("paris") / "project"
    data = shared / "data" / "rparis6k"
    with create_project(folder, data / "gnd_rparis6k.pkl", data / "jpg") as project:
        project.store.add_person("Rosa", PersonRole.RESEARCHER)
        project.store.add_person("Ann", PersonRole.ANNOTATOR)
        masks = {group.queries[0].number: outline(50) for group in project.groups}
        project.store.take_in(masks, {}, "Rosa", approve=True)
    return folder


def test_open_a_project_of_6361_pairs(benchmark: Any, paris: Path) -> None:
    def go() -> int:
        with open_project(paris) as project:
            return len(project.store.pairs())

    assert benchmark(go) == 6361


def test_queue_of_6361_pairs(benchmark: Any, paris: Path) -> None:
    with open_project(paris) as project:
        items = benchmark(queue_for, project, "Ann")
    assert len(items) == 100


def test_save_a_revision_of_500_vertices(benchmark: Any, paris: Path) -> None:
    drawn = outline(500)
    with open_project(paris) as project:
        key = project.store.pairs()[0].key
        benchmark(project.store.save_revision, key, drawn, "Ann")


def test_difference_on_12_megapixels(benchmark: Any) -> None:
    before, after = np.zeros((3000, 4000), dtype=bool), np.zeros((3000, 4000), dtype=bool)
    before[800:2200, 1000:3000] = True
    after[820:2230, 990:3050] = True
    found = benchmark(difference, before, after)
    assert 0.9 < found.iou < 1


def test_three_people_on_one_server(benchmark: Any) -> None:
    """10,000 leases and submits by three processes on the server that ANNOTATOR_TEST_POSTGRES names."""
    server = os.environ.get("ANNOTATOR_TEST_POSTGRES")
    if not server:
        pytest.skip("ANNOTATOR_TEST_POSTGRES names no server")
    count = 3334  # pairs of three passes each: 10,002
    name = f"bench_{os.getpid()}_{int(time.time())}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    address = engine.url.set(database=name).render_as_string(hide_password=False)
    images = tuple(f"i{number}" for number in range(count))
    query = Query(0, "q", (0.0, 0.0, 9.0, 9.0), tuple(range(count)), (), ())
    store = Store.create(address, GroundTruth("bench", (query,), images))
    store.mark_present(set(images), {"q"})
    store.add_person("Rosa", PersonRole.RESEARCHER)
    store.take_in({0: outline(20)}, {}, "Rosa", approve=True)
    people = ("Ann", "Ben", "Cem")
    for person in people:
        store.add_person(person, PersonRole.ANNOTATOR)

    def go() -> list[str]:
        command = [sys.executable, str(PERSON), address]
        running = [
            subprocess.Popen(
                [*command, person, annotation_text(outline(50))],
                stdout=subprocess.PIPE,
                text=True,
                env=os.environ | {"PYTHONPATH": str(PERSON.parents[2])},
            )
            for person in people
        ]
        return [process.communicate()[0] for process in running]

    told = benchmark.pedantic(go, rounds=1)
    leases, submits = (sum(int(line.split()[column]) for line in told) for column in (0, 1))
    with store.database.read() as connection:
        written = connection.scalar(select(func.count()).select_from(PASSES))
        chained = connection.scalar(select(CHAIN_HEAD.c.sequence))
    assert submits == written == chained == 3 * count
    assert leases >= submits
    assert Counter(pair.state for pair in store.pairs()) == {PairState.DONE: count}
    assert store.verify_chain() == []
    assert store.pair(PairKey(0, "i0")).lease is None
    benchmark.extra_info.update({"leases": leases, "submits": submits})
    store.close()
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
