"""Which of a decoder's masks the clicks mean, of planes of 8 by 8 cells over an image of as many pixels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.domain.errors import BadFileError
from annotator.premask.click_model.answer import MOST_MASKS, Answer, Click, best
from annotator.premask.click_model.frame import framed
from annotator.premask.click_model.roles import DecoderRoles
from annotator.premask.models.session import Port

FLOAT, PATH = "tensor(float)", Path("decoder.onnx")
FRAME = framed((8, 8), (8, 8), stretched=False)
ROLES = DecoderRoles(
    points=Port("point_coords", (1, None, 2), FLOAT),
    labels=Port("point_labels", (1, None), FLOAT),
    embeddings=(),
    masks="masks",
    earlier=Port("mask_input", (1, 1, 8, 8), FLOAT),
    has_earlier=None,
    size=None,
    scores="iou",
    low="low",
)

LEFT, TOP, ALL = (np.zeros((8, 8), dtype=bool) for _ in range(3))
LEFT[:, :4], TOP[:4], ALL[:] = True, True, True


def logits(*masks: np.ndarray) -> np.ndarray:
    return np.stack([np.where(mask, 3.0, -3.0) for mask in masks])[None].astype(np.float32)


def answered(masks: np.ndarray, scores: Any = None, clicks: tuple[Click, ...] = (Click(1, 1),), **more: Any) -> Answer:
    roles = replace(ROLES, **more.pop("roles", {}))
    iou = np.zeros(masks.shape[-3]) if scores is None else np.array(scores)
    return best(PATH, roles, FRAME, clicks, {"masks": masks, "iou": iou, "low": masks} | more)


@pytest.mark.parametrize(
    "masks",
    [
        logits(LEFT),
        logits(LEFT)[0],
        logits(LEFT)[None],
        np.where(LEFT, 0.9, 0.1)[None, None],  # probabilities
        np.where(LEFT, 1.0, 0.5)[None, None],  # one half is not more likely than not
        np.where(LEFT, 0.2, -0.1)[None, None],  # small logits are no probabilities
        np.where(LEFT, 1.5, 0.0)[None, None] - 0.5,
        LEFT[None, None],
        LEFT[None, None].astype(np.uint8) * 255,
        LEFT[None, None].astype(np.int64),
        logits(LEFT).astype(np.float16),
    ],
)
def test_logits_probabilities_and_plain_masks_say_the_same(masks: np.ndarray) -> None:
    found = answered(masks)
    np.testing.assert_array_equal(found.mask, LEFT)
    assert found.missed == ()


def test_the_mask_that_follows_most_clicks_is_meant_whatever_the_model_expects() -> None:
    clicks = (Click(1, 6), Click(6, 1, positive=False))
    found = answered(logits(TOP, ALL, LEFT), [0.99, 0.98, 0.1], clicks)
    np.testing.assert_array_equal(found.mask, LEFT)
    assert found.score == pytest.approx(0.1)


@pytest.mark.parametrize(("scores", "chosen"), [([0.4, 0.9], TOP), ([0.9, 0.4], LEFT), ([0.5, 0.5], LEFT)])
def test_among_masks_that_follow_as_many_the_expected_iou_decides_and_then_the_order(
    scores: list[float], chosen: np.ndarray
) -> None:
    np.testing.assert_array_equal(answered(logits(LEFT, TOP), scores).mask, chosen)


def test_clicks_that_the_mask_does_not_follow_are_told() -> None:
    clicks = (Click(1, 1), Click(6, 6), Click(2, 2, positive=False))
    assert answered(logits(LEFT), clicks=clicks).missed == clicks[1:]


def test_a_model_that_expects_nothing_has_no_score() -> None:
    found = answered(logits(LEFT, TOP), roles={"scores": None})
    np.testing.assert_array_equal(found.mask, LEFT)
    assert found.score is None


def test_what_is_refined_from_is_of_the_chosen_mask_and_of_the_size_that_is_taken() -> None:
    both = logits(LEFT, TOP)
    chosen = answered(both, [0.1, 0.9]).low
    np.testing.assert_array_equal(chosen, both[0, 1])
    assert answered(both, roles={"earlier": None}).low is None
    small = np.full((1, 2, 4, 4), -3, dtype=np.float32)
    np.testing.assert_array_equal(answered(both, low=small).low, both[0, 0])  # the masks themselves fit
    wide = Port("mask_input", (1, 1, 16, 16), FLOAT)
    assert answered(both, low=small, roles={"earlier": wide}).low is None
    free = Port("mask_input", (1, 1, None, None), FLOAT)
    np.testing.assert_array_equal(answered(both, low=small, roles={"earlier": free}).low, small[0, 0])
    assert answered(both, [0.1, 0.9], low=small[:, :1], roles={"earlier": free}).low is None  # of the other mask alone


@pytest.mark.parametrize(
    ("masks", "more", "words"),
    [
        (logits(LEFT)[0, 0][None][:0], {}, r"'masks' has the shape \[0, 8, 8\], which are no masks"),
        (np.zeros((1, 1, 0, 8)), {}, "which are no masks"),
        (np.zeros((2, 1, 8, 8)), {}, "which are no masks"),
        (np.zeros((1, MOST_MASKS + 1, 8, 8)), {}, "it gives 17 masks for one prompt"),
        (np.full((1, 1, 8, 8), np.nan), {}, "'masks' holds numbers that are not finite"),
        (np.full((1, 1, 8, 8), np.inf), {}, "'masks' holds numbers that are not finite"),
        (logits(LEFT), {"iou": np.zeros(2)}, "it gives 1 masks and 2 predicted IoU"),
        (logits(LEFT), {"iou": np.array([np.nan])}, "the IoU that it predicts are not finite"),
        (logits(LEFT), {"low": np.full((1, 1, 8, 8), -np.inf)}, "'low' holds numbers that are not finite"),
    ],
)
def test_answers_that_are_no_masks_are_refused_by_name(masks: np.ndarray, more: dict[str, Any], words: str) -> None:
    with pytest.raises(BadFileError, match=rf"decoder\.onnx: .*{words}"):
        answered(masks, **more)


def test_a_mask_of_two_axes_is_refused() -> None:
    with pytest.raises(BadFileError, match=r"has the shape \[8, 8\]"):
        best(PATH, ROLES, FRAME, (Click(1, 1),), {"masks": np.zeros((8, 8)), "iou": np.zeros(1)})


def test_as_many_masks_as_a_decoder_may_offer_are_looked_at() -> None:
    many = logits(*[ALL] * (MOST_MASKS - 1), LEFT)
    found = answered(many, clicks=(Click(1, 1), Click(6, 6, positive=False)))
    np.testing.assert_array_equal(found.mask, LEFT)
