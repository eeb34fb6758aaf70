"""What the program adds to the work of a click-to-mask model on an image of 12 megapixels (DESIGN 4, issue: 100 ms).

Run with `pytest tests/benchmarks/test_click_to_mask.py --benchmark-only --benchmark-disable-gc`. Timers are the CPU
time of this thread. Shapes are those of SAM: an input of 1,024 pixels, four masks of that size, their logits at 256.
"""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from annotator.premask.click.outlines import Smallest
from annotator.premask.click_model.answer import Answer, Click, best
from annotator.premask.click_model.frame import Frame, framed
from annotator.premask.click_model.numbers import Numbers, image_tensor
from annotator.premask.click_model.outline import answer_polygons
from annotator.premask.click_model.prompt import prompt
from annotator.premask.click_model.roles import DecoderRoles
from annotator.premask.models.description import ImageInput
from annotator.premask.models.session import Port

SIZE, SIDE = (4000, 3000), 1024
FLOAT = "tensor(float)"
HERE = Path("decoder.onnx")
CLICKS = [Click(2000, 1500), Click(1500, 1300), Click(100, 100, positive=False)]

pytestmark = pytest.mark.benchmark(timer=time.thread_time, min_rounds=5, warmup=True, warmup_iterations=1)


@pytest.fixture(scope="module")
def roles() -> DecoderRoles:
    cv2.setNumThreads(1)
    return DecoderRoles(
        points=Port("point_coords", (1, None, 2), FLOAT),
        labels=Port("point_labels", (1, None), FLOAT),
        embeddings=(),
        masks="masks",
        earlier=Port("mask_input", (1, 1, 256, 256), FLOAT),
        has_earlier=Port("has_mask_input", (1,), FLOAT),
        size=Port("orig_im_size", (2,), FLOAT),
        scores="iou_predictions",
        low="low_res_masks",
    )


@pytest.fixture(scope="module")
def frame() -> Frame:
    return framed(SIZE, (SIDE, SIDE), stretched=False)


@pytest.fixture(scope="module")
def outputs() -> dict[str, np.ndarray]:
    """A building over a third of the image with a wavy outline and forty windows, and three variants of it."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    away = np.maximum(np.abs(x - 512) - 300, np.abs(y - 390) - 240) + 6 * np.sin(x / 9) * np.cos(y / 11)
    logits = -away / 4
    for row in range(5):
        for column in range(8):
            window = np.maximum(np.abs(x - 260 - 72 * column) - 14, np.abs(y - 200 - 90 * row) - 20)
            logits = np.minimum(logits, window / 4)
    masks = np.stack([logits, logits - 2, logits + 2, logits * 2])[None].astype(np.float32)
    low = np.stack([cv2.resize(mask, (256, 256), interpolation=cv2.INTER_AREA) for mask in masks[0]])[None]
    return {"masks": masks, "low_res_masks": low, "iou_predictions": np.array([[0.9, 0.8, 0.7, 0.6]])}


@pytest.fixture(scope="module")
def answer(roles: DecoderRoles, frame: Frame, outputs: dict[str, np.ndarray]) -> Answer:
    return best(HERE, roles, frame, CLICKS, outputs)


def test_image_for_the_encoder(frame: Frame, benchmark: BenchmarkFixture) -> None:
    level = np.random.default_rng(0).integers(0, 255, (1500, 2000, 3), dtype=np.uint8)
    image = ImageInput("images", "CHW", True, 3, SIDE, SIDE, "float32")
    assert benchmark(lambda: image_tensor(level, frame, image, Numbers.NORMALISED)).shape == (1, 3, SIDE, SIDE)


def test_prompt_of_clicks(roles: DecoderRoles, frame: Frame, answer: Answer, benchmark: BenchmarkFixture) -> None:
    assert benchmark(lambda: prompt(roles, frame, CLICKS, answer.low))["point_coords"].shape == (1, 4, 2)


def test_prompt_from_a_mask(roles: DecoderRoles, frame: Frame, answer: Answer, benchmark: BenchmarkFixture) -> None:
    assert benchmark(lambda: prompt(roles, frame, CLICKS, answer.mask))["mask_input"].max() > 9


def test_mask_of_an_answer(
    roles: DecoderRoles, frame: Frame, outputs: dict[str, np.ndarray], benchmark: BenchmarkFixture
) -> None:
    assert benchmark(lambda: best(HERE, roles, frame, CLICKS, outputs)).mask.shape == SIZE[::-1]


def test_polygons_of_an_answer(frame: Frame, answer: Answer, benchmark: BenchmarkFixture) -> None:
    (found,) = benchmark(lambda: answer_polygons(answer.mask, frame, Smallest()))
    assert len(found.holes) == 40
