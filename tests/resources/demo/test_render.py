"""Demo photographs are the same every time, and their masks are what their buffers say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from annotator.domain.rules import Rules, occlusion_size
from resources.demo.render import FINE, OFFSET, Rendering, is_kept, render, truth, view_of
from resources.demo.scenes import Scene, demo_scenes, random_scene, scene_named

SCALE = 0.25
KINDS = {"building", "vegetation", "person", "vehicle", "street furniture", "other"}
WITH_OBJECT = [s for s in demo_scenes() if s.role in ("query", "index")]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Rendering]:
    """Every scene at a quarter of its size."""
    return {scene.name: render(scene, SCALE) for scene in demo_scenes()}


def test_the_same_scene_gives_the_same_pixels(drawn: dict[str, Rendering]) -> None:
    scene = scene_named("gate_000012")
    again = render(scene, SCALE)
    assert np.array_equal(again.image, drawn[scene.name].image)
    assert np.array_equal(again.object_mask, drawn[scene.name].object_mask)


@pytest.mark.parametrize("scene", demo_scenes(), ids=lambda s: s.name)
def test_everything_has_the_size_of_the_image(scene: Scene, drawn: dict[str, Rendering]) -> None:
    one = drawn[scene.name]
    width, height = round(scene.size[0] * SCALE), round(scene.size[1] * SCALE)
    assert one.image.shape == (height, width, 3)
    assert one.image.dtype == np.uint8
    assert one.object_mask.shape == one.object_full.shape == (height, width)
    assert all(o.mask.shape == (height, width) for o in one.occluders)


@pytest.mark.parametrize("scene", demo_scenes(), ids=lambda s: s.name)
def test_the_mask_is_the_full_object_without_what_is_cut(scene: Scene, drawn: dict[str, Rendering]) -> None:
    one = drawn[scene.name]
    cut = np.zeros_like(one.object_full)
    for occluder in one.occluders:
        assert occluder.kind in KINDS
        assert occluder.mask.any()
        assert not (occluder.mask & ~one.object_full).any()
        assert occluder.kept == is_kept(occluder.mask, int(one.object_full.sum()))
        if not occluder.kept:
            cut |= occluder.mask
    assert np.array_equal(one.object_mask, one.object_full & ~cut)


@pytest.mark.parametrize("scene", WITH_OBJECT, ids=lambda s: s.name)
def test_every_positive_shows_enough_of_the_object(scene: Scene, drawn: dict[str, Rendering]) -> None:
    assert drawn[scene.name].object_mask.sum() >= 900


@pytest.mark.parametrize("scene", [s for s in demo_scenes() if s.role == "distractor"], ids=lambda s: s.name)
def test_distractors_show_no_object(scene: Scene, drawn: dict[str, Rendering]) -> None:
    assert not drawn[scene.name].object_full.any()
    assert drawn[scene.name].query_box is None


@pytest.mark.parametrize("name", ["gate_000012", "gate_000005", "museum_000009"])
def test_the_mask_agrees_with_the_buffer_of_instances(name: str) -> None:
    view = view_of(scene_named(name), SCALE)
    one = render(scene_named(name), SCALE)
    objects = np.array([thing.is_object for thing in view.model.things])
    seen = objects[view.buffers.thing]
    assert not (seen & ~view.buffers.hit).any()
    rows, columns = one.object_mask.shape
    share = seen.reshape(rows, FINE, columns, FINE).mean(axis=(1, 3))
    visible = one.object_full.copy()
    for occluder in one.occluders:
        visible &= ~occluder.mask
    assert (share[visible] >= 0.25).all()
    assert visible[share == 1.0].all()
    assert not visible[share == 0.0].any()
    assert np.array_equal(visible, objects[view.labels % OFFSET] & (view.labels >= OFFSET))


@pytest.mark.parametrize(("name", "least"), [("gate_000012", 5), ("gate_000005", 5), ("gate_000018", 4)])
def test_one_sees_the_sky_through_the_archway_and_the_gallery(name: str, least: int) -> None:
    one = render(scene_named(name), 0.5)
    rings, tree = cv2.findContours(one.object_full.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    holes = [cv2.contourArea(ring) for ring, links in zip(rings, tree[0], strict=True) if links[3] >= 0]
    assert sum(area >= 60 for area in holes) >= least
    assert max(holes) >= 1500


def test_queries_have_the_box_of_their_mask(drawn: dict[str, Rendering]) -> None:
    for scene in demo_scenes():
        box = drawn[scene.name].query_box
        assert (box is not None) == (scene.role == "query")
        if box is not None:
            rows, columns = np.nonzero(drawn[scene.name].object_mask)
            assert box == (columns.min(), rows.min(), columns.max(), rows.max())


def test_the_set_has_kept_and_cut_occluders_of_most_kinds(drawn: dict[str, Rendering]) -> None:
    occluders = [o for scene in WITH_OBJECT for o in drawn[scene.name].occluders]
    assert {o.kind for o in occluders} == KINDS
    assert any(o.kept for o in occluders)
    assert any(o.kept and o.kind == "street furniture" for o in occluders)
    assert any(not o.kept and o.kind == "vegetation" for o in occluders)


def test_the_truth_of_a_name_is_its_rendering_and_is_kept(drawn: dict[str, Rendering]) -> None:
    one = truth("gate_000012", SCALE)
    assert np.array_equal(one.image, drawn["gate_000012"].image)
    assert truth("gate_000012", SCALE) is one


def test_photographs_look_like_photographs(drawn: dict[str, Rendering]) -> None:
    for one in drawn.values():
        assert 45 < one.image.mean() < 210
        assert one.image.std() > 25


def test_a_thin_small_mask_is_kept_and_a_thick_one_is_not() -> None:
    thin, thick = np.zeros((200, 200), np.bool_), np.zeros((200, 200), np.bool_)
    thin[50:100, 60:62] = True
    thick[50:150, 60:100] = True
    assert is_kept(thin, 30_000)
    assert not is_kept(thick, 30_000)
    assert not is_kept(thin, 3_000)


def test_kept_means_what_the_rules_of_the_program_mean(drawn: dict[str, Rendering]) -> None:
    sides = set()
    for one in drawn.values():
        for occluder in one.occluders:
            kept = occlusion_size(occluder.mask, int(one.object_full.sum()), Rules()).kept
            assert kept == occluder.kept
            sides.add(kept)
    assert sides == {True, False}


@pytest.mark.parametrize("seed", [0, 1, 5])
def test_random_scenes_show_a_landmark(seed: int) -> None:
    scene = random_scene(seed)
    assert scene == random_scene(seed)
    assert scene != random_scene(seed + 1000)
    assert render(scene, SCALE).object_full.mean() > 0.05
