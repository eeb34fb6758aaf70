from __future__ import annotations

import numpy as np

from annotator.domain.geometry import polygon
from annotator.domain.raster import mask_of
from annotator.domain.shapes import Annotation, OccluderKind, Role, Shape
from annotator.project import Project
from qa.contact_sheet import QUERY, SIDE, cells_of, contact_sheet
from qa.picture import EMPTY, OBJECT, jpeg, over, picture, shrunk
from qa.simulation.demo_project import Demo

DRAWN = Annotation(
    (400, 300),
    (
        Shape("1", Role.OBJECT, polygon([[100, 60], [299, 60], [299, 239], [100, 239]])),
        Shape("2", Role.OCCLUDER, polygon([[200, 60], [299, 60], [299, 239], [200, 239]]), OccluderKind.PERSON),
    ),
)


def test_a_mask_lies_where_it_lies_at_every_size() -> None:
    large, small = mask_of(DRAWN), mask_of(shrunk(DRAWN, (100, 75)))
    blocks = large.reshape(75, 4, 100, 4).mean(axis=(1, 3))
    assert (small == (blocks > 0.5)).mean() > 0.98


def test_the_object_is_blue_the_rest_dim_and_occluders_are_hatched() -> None:
    grey = np.full((300, 400, 3), 100, dtype=np.uint8)
    drawn = over(grey, DRAWN)
    assert drawn[10, 10].tolist() == [62, 62, 62]
    assert drawn[150, 150, 2] > 110 > drawn[150, 150, 0]
    assert drawn[150, 100].tolist() == list(OBJECT)
    occluder = drawn[80:220, 210:290]
    hatched = (occluder == (255, 147, 48)).all(axis=2).mean()
    assert 0.1 < hatched < 0.3


def test_an_image_that_is_not_here_is_grey(demo: Demo) -> None:
    found = picture(demo.project, "not here", DRAWN, 100)
    assert found.shape == (75, 100, 3)
    assert picture(demo.project, "not here", None, 40)[0, 0].tolist() == list(EMPTY)
    assert jpeg(found).startswith(b"\xff\xd8")


def test_a_sheet_shows_queries_first_and_every_pair_with_a_mask(demo: Demo) -> None:
    cells = cells_of(demo.project, 0)
    pairs = [pair for pair in demo.project.store.pairs(0) if pair.standing is not None]
    queries = [query for query in demo.project.store.query_records(0) if query.annotation is not None]
    assert [cell.colour == QUERY for cell in cells] == [True] * len(queries) + [False] * len(pairs)
    page = contact_sheet(demo.project, 0, columns=4)
    assert page is not None
    assert page.shape[1] >= 4 * SIDE
    assert len(np.unique(page)) > 100


def test_few_are_taken_evenly_from_all(demo: Demo) -> None:
    some = cells_of(demo.project, 0, most=4)
    every = cells_of(demo.project, 0)
    assert len(some) == 4
    assert some[-1].image == every[-1].image
    assert {cell.image for cell in some} <= {cell.image for cell in every}


def test_a_group_without_masks_has_no_sheet(project: Project) -> None:
    assert contact_sheet(project, 1) is None
