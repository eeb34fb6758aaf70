"""Reading images for click-to-mask beside the window: one at a time, each once, and stopped when it is not wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from annotator.domain.errors import BadFileError
from annotator.premask.click_model.answer import Click
from annotator.premask.click_model.model import ClickModel
from annotator.premask.click_model.stopping import Stop, Stopped
from annotator.premask.models.files import ModelKind
from annotator.project.models import register_model, remove_model
from annotator.ui.canvas.pyramid import ImagePyramid, build_pyramid
from annotator.ui.click_reader import KEPT, ClickReader, Reading
from annotator.ui.workers import CancelToken, Workers


@pytest.fixture
def folder(toy_click_model: Callable[..., tuple[Path, Path]], tmp_path: Path) -> Path:
    files = toy_click_model(tmp_path / "made", side=64, order="HWC")
    register_model(tmp_path, "toy", ModelKind.CLICK_TO_MASK, files, "MIT", "Lena")
    return tmp_path


@pytest.fixture
def workers(qtbot: QtBot) -> Iterator[Workers]:
    del qtbot
    made = Workers(threads=2)
    yield made
    made.close()


def picture(level: int, size: tuple[int, int] = (513, 385)) -> ImagePyramid:
    """A plain picture with a lighter right half."""
    image = np.full((size[1], size[0], 3), level, dtype=np.uint8)
    image[:, size[0] // 2 :] = level + 80
    return build_pyramid(image)


def never(error: Exception) -> None:
    raise AssertionError(str(error))


def test_an_image_is_read_beside_the_window_from_a_small_level(folder, workers, qtbot) -> None:
    reader, came, shown = ClickReader(folder), [], picture(20)
    reader.want(shown, workers.submit, came.append, never)
    assert came == []
    qtbot.waitUntil(lambda: bool(came))
    reading: Reading = came[0]
    assert reading.embedding.frame.image == (513, 385)
    mask = reading.model.click(reading.embedding, [Click(400, 100)]).mask
    # A level has half a pixel more than half of 513, and eight pixels are one of the input.
    assert np.abs(np.flatnonzero(mask.any(axis=0))[0] - 256) <= 4
    assert mask[:, 262:].all()
    again: list[Any] = []
    reader.want(shown, workers.submit, again.append, never)
    assert again == [reading]


def test_the_last_images_are_kept_and_no_more(folder) -> None:
    reader, jobs = ClickReader(folder), []

    def run(channel: str, job: Any, done: Any, failed: Any) -> None:
        del channel, failed
        jobs.append(1)
        done(job(CancelToken()))

    pictures = [picture(20 + 10 * number) for number in range(KEPT + 1)]
    for shown in pictures:
        reader.want(shown, run, lambda _reading: None, never)
    for shown in pictures[1:]:
        reader.want(shown, run, lambda _reading: None, never)
    assert len(jobs) == KEPT + 1
    reader.want(pictures[0], run, lambda _reading: None, never)
    assert len(jobs) == KEPT + 2


def test_the_wish_for_another_image_ends_the_reading_of_the_one_before(folder, workers, qtbot, monkeypatch) -> None:
    begun, ends = threading.Event(), []
    embed = ClickModel.embed

    def slow(self: ClickModel, pixels: Any, size: Any, stop: Stop) -> Any:
        if not begun.is_set():
            begun.set()
            ended = threading.Event()
            while not stop.stopped:
                ended.wait(0.005)
            ends.append("stopped")
        return embed(self, pixels, size, stop)

    monkeypatch.setattr(ClickModel, "embed", slow)
    reader, came = ClickReader(folder), []
    reader.want(picture(20), workers.submit, lambda _reading: came.append("first"), never)
    qtbot.waitUntil(begun.is_set)
    reader.want(picture(60), workers.submit, lambda _reading: came.append("second"), never)
    qtbot.waitUntil(lambda: workers.busy == 0)
    assert ends == ["stopped"]
    assert came == ["second"]


def test_whoever_wished_last_for_an_image_is_told(folder, workers, qtbot) -> None:
    reader, came, shown = ClickReader(folder), [], picture(20)
    reader.want(shown, workers.submit, lambda _reading: came.append("first"), never)
    reader.want(shown, workers.submit, lambda _reading: came.append("second"), never)
    qtbot.waitUntil(lambda: workers.busy == 0)
    assert came == ["second"]


def test_what_goes_wrong_is_told_and_can_be_tried_again(folder, workers, qtbot) -> None:
    reader, shown, problems, came = ClickReader(folder), picture(20), [], []
    kept = (folder / "models" / "toy.onnx").read_bytes()
    (folder / "models" / "toy.onnx").write_bytes(b"damaged")
    reader.want(shown, workers.submit, came.append, problems.append)
    qtbot.waitUntil(lambda: bool(problems))
    assert isinstance(problems[0], BadFileError)
    (folder / "models" / "toy.onnx").write_bytes(kept)
    reader.want(shown, workers.submit, came.append, problems.append)
    qtbot.waitUntil(lambda: bool(came))
    assert len(problems) == 1


def test_closing_the_window_does_not_wait_for_the_encoder(folder, qtbot, monkeypatch) -> None:
    del qtbot
    begun = threading.Event()

    def endless(_self: ClickModel, _pixels: Any, _size: Any, stop: Stop) -> Any:
        begun.set()
        ended = threading.Event()
        while not stop.stopped:
            ended.wait(0.005)
        raise Stopped("ended")

    monkeypatch.setattr(ClickModel, "embed", endless)
    workers = Workers(threads=1)
    ClickReader(folder).want(picture(20), workers.submit, never, never)
    assert begun.wait(60)
    workers.close()
    assert workers.busy == 0


@pytest.fixture
def two(folder: Path, toy_click_model: Callable[..., tuple[Path, Path]]) -> Path:
    """A project with the models `toy` and, with an input of another size, `wide`."""
    files = toy_click_model(folder / "more", side=128)
    register_model(folder, "wide", ModelKind.CLICK_TO_MASK, files, "MIT", "Lena")
    return folder


def here(channel: str, job: Any, done: Any, failed: Any) -> None:
    del channel, failed
    done(job(CancelToken()))


def test_the_first_model_is_asked_until_another_is_chosen(two: Path) -> None:
    remembered: list[str] = []
    reader, came, shown = ClickReader(two, "", remembered.append), [], picture(20)
    assert reader.models == ("toy", "wide")
    assert reader.model == "toy"
    reader.want(shown, here, came.append, never)
    reader.choose("wide")
    assert (reader.model, remembered) == ("wide", ["wide"])
    reader.want(shown, here, came.append, never)
    assert [reading.model.canvas for reading in came] == [(64, 64), (128, 128)]
    reader.choose("toy")
    reader.want(shown, here, came.append, never)
    assert came[2] is came[0]  # what was read once is kept for each model


def test_a_choice_of_last_time_holds_as_long_as_the_project_has_the_model(two: Path) -> None:
    assert ClickReader(two, "wide").model == "wide"
    assert ClickReader(two, "gone").model == "toy"
    reader, came = ClickReader(two, "wide"), []
    remove_model(two, "wide", "Lena")
    assert reader.model == "toy"
    reader.want(picture(20), here, came.append, never)
    assert came[0].model.canvas == (64, 64)
    remove_model(two, "toy", "Lena")
    assert (reader.models, reader.model) == ((), "")
    assert "annotator models add" in reader.refusal()


def test_a_model_chosen_while_another_one_reads_is_the_one_that_answers(two: Path, workers, qtbot, monkeypatch) -> None:
    begun = threading.Event()
    embed = ClickModel.embed

    def slow(self: ClickModel, pixels: Any, size: Any = None, stop: Stop | None = None) -> Any:
        if self.canvas == (64, 64) and stop is not None:
            begun.set()
            waiting = threading.Event()
            while not stop.stopped:
                waiting.wait(0.005)
        return embed(self, pixels, size, stop)

    monkeypatch.setattr(ClickModel, "embed", slow)
    reader, came, shown = ClickReader(two), [], picture(20)
    reader.want(shown, workers.submit, lambda _reading: came.append("toy"), never)
    qtbot.waitUntil(begun.is_set)
    reader.choose("wide")
    reader.want(shown, workers.submit, lambda reading: came.append(reading.model.canvas), never)
    qtbot.waitUntil(lambda: workers.busy == 0)
    assert came == [(128, 128)]


def test_a_broken_model_keeps_nobody_from_the_others(two: Path) -> None:
    (two / "models" / "toy.onnx").unlink()
    reader, came = ClickReader(two, "wide"), []
    reader.want(picture(20), here, came.append, never)
    assert len(came) == 1


def test_what_a_project_lacks_is_told(folder, tmp_path) -> None:
    assert ClickReader(folder).refusal() == ""
    assert "annotator models add ENCODER --decoder DECODER" in ClickReader(tmp_path / "none").refusal()
    (folder / "models.toml").write_text("broken", encoding="utf-8")
    assert "models.toml" in ClickReader(folder).refusal()
