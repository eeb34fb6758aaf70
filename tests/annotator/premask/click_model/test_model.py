"""Click-to-mask with small models of known answers: the colours within 40 grey levels of the clicked ones."""

from __future__ import annotations

import tracemalloc

import cv2
import numpy as np
import pytest

from annotator.domain.errors import BadFileError
from annotator.domain.raster import fill
from annotator.premask.click.outlines import Smallest
from annotator.premask.click_model.answer import Click
from annotator.premask.click_model.frame import framed
from annotator.premask.click_model.model import check_click_model, load_click_model
from annotator.premask.click_model.numbers import Numbers
from annotator.premask.click_model.outline import answer_polygons
from annotator.premask.click_model.stopping import Stop, Stopped

GROUND, WALL, DOOR = (100, 100, 100), (180, 100, 100), (100, 180, 100)
"""Any two lie 80 grey levels apart."""


@pytest.fixture
def facade() -> np.ndarray:
    """128 by 96 pixels: a wall from (16, 16) to (95, 79) with a door from (40, 40) to (63, 63), 80 levels apart."""
    image = np.full((96, 128, 3), GROUND, dtype=np.uint8)
    image[16:80, 16:96] = WALL
    image[40:64, 40:64] = DOOR
    return image


def wall() -> np.ndarray:
    mask = np.zeros((96, 128), dtype=bool)
    mask[16:80, 16:96] = True
    mask[40:64, 40:64] = False
    return mask


def door() -> np.ndarray:
    mask = np.zeros((96, 128), dtype=bool)
    mask[40:64, 40:64] = True
    return mask


def same(found: np.ndarray, expected: np.ndarray) -> bool:
    """Equal but for a pixel beside the border: an earlier mask weighs less than a colour, which moves the border."""
    square = np.ones((3, 3), np.uint8)
    inner, outer = (change(expected.astype(np.uint8), square).astype(bool) for change in (cv2.erode, cv2.dilate))
    return bool((found[inner]).all() and not found[~outer].any())


VARIANTS = {
    "plain": {},
    "colours last": {"order": "HWC", "image": "input_image"},
    "shares of white": {"numbers": "0..1", "image": "batched_images"},
    "normalised": {"numbers": "normalised", "image": "pixel_values"},
    "told by the file": {"numbers": "0..1", "metadata": "0..1"},
    "tried": {"numbers": "0..1"},
    "no earlier mask": {"without": ("mask_input",)},
    "no size": {"without": ("orig_im_size",)},
    "masks alone": {"without": ("orig_im_size", "low_res_masks", "iou_predictions", "mask_input")},
    "points in batches": {"axes": 4},
    "other side": {"side": 128},
}


@pytest.mark.parametrize("variant", list(VARIANTS))
def test_a_click_gives_what_the_model_means_to_the_pixel(toy_click_model, tmp_path, facade, variant) -> None:
    model = load_click_model(*toy_click_model(tmp_path, **VARIANTS[variant]))
    answer = model.click(model.embed(facade), [Click(20, 20)])
    # 80 levels lie between the parts and 40 is the limit, so that borders run midway between the input's pixels:
    # exactly between pixels of the image.
    assert (answer.mask == wall()).all()
    assert answer.missed == ()
    assert answer.score == (None if "iou_predictions" in VARIANTS[variant].get("without", ()) else pytest.approx(0.9))


def test_the_numbers_that_an_encoder_takes_are_found_out(toy_click_model, tmp_path) -> None:
    for numbers in Numbers:
        folder = tmp_path / str(list(Numbers).index(numbers))
        model = load_click_model(*toy_click_model(folder, numbers=numbers.value))
        assert model.numbers is numbers
        assert check_click_model(model) > 0.9


def test_several_clicks_add_and_take_away(toy_click_model, tmp_path, facade) -> None:
    model = load_click_model(*toy_click_model(tmp_path))
    embedding = model.embed(facade)
    both = model.click(embedding, [Click(20, 20), Click(50, 50)])
    assert (both.mask == (wall() | door())).all()
    everything = np.ones((96, 128), dtype=bool)
    less = model.click(embedding, [Click(50, 50), Click(5, 5, positive=False)], everything)
    assert same(less.mask, wall() | door())


@pytest.mark.parametrize("previous", ["mask", "answer"])
def test_an_earlier_mask_is_refined(toy_click_model, tmp_path, facade, previous) -> None:
    model = load_click_model(*toy_click_model(tmp_path))
    embedding = model.embed(facade)
    first = model.click(embedding, [Click(20, 20)])
    assert first.low is not None
    assert first.low.shape == (16, 16)
    more = model.click(embedding, [Click(50, 50)], wall() if previous == "mask" else first.low)
    # The earlier mask comes back in cells of eight pixels, on whose borders wall and door lie.
    assert same(more.mask, wall() | door())
    less = model.click(embedding, [Click(50, 50, positive=False)], wall() | door())
    assert same(less.mask, wall())


def test_a_model_without_earlier_masks_refines_from_a_click_in_the_midst_of_the_mask(
    toy_click_model, tmp_path, facade
) -> None:
    model = load_click_model(*toy_click_model(tmp_path, without=("mask_input",)))
    embedding = model.embed(facade)
    assert (model.click(embedding, [Click(50, 50)], wall()).mask == (wall() | door())).all()
    assert (model.click(embedding, [Click(50, 50, positive=False)], wall() | door()).mask == wall()).all()
    assert not model.click(embedding, [Click(5, 5, positive=False)], np.zeros((96, 128), dtype=bool)).mask.any()


def test_among_several_masks_the_clicks_come_before_the_predicted_iou(toy_click_model, tmp_path, facade) -> None:
    files = toy_click_model(tmp_path, masks=("all", "none", "colour"), scores=(0.9, 0.95, 0.7))
    model = load_click_model(*files)
    embedding = model.embed(facade)
    one = model.click(embedding, [Click(20, 20)])
    assert one.mask.all()  # the empty one is better by its IoU, and does not hold the click
    assert one.score == pytest.approx(0.9)
    two = model.click(embedding, [Click(20, 20), Click(5, 5, positive=False)])
    assert (two.mask == wall()).all()
    assert two.score == pytest.approx(0.7)


def test_clicks_that_no_mask_follows_are_told(toy_click_model, tmp_path, facade) -> None:
    model = load_click_model(*toy_click_model(tmp_path))
    clicks = [Click(20, 20), Click(22, 22, positive=False)]
    answer = model.click(model.embed(facade), clicks)
    assert not answer.mask.any()
    assert answer.missed == (clicks[0],)


@pytest.mark.parametrize("size", [(128, 96), (96, 128), (333, 47), (40, 900)])
def test_places_are_right_in_images_of_any_shape(toy_click_model, tmp_path, size) -> None:
    width, height = size
    x1, x2, y1, y2 = width // 4, width * 3 // 4, height // 4, height * 3 // 4
    image = np.full((height, width, 3), GROUND, dtype=np.uint8)
    image[y1:y2, x1:x2] = WALL
    model = load_click_model(*toy_click_model(tmp_path, side=128))
    embedding = model.embed(image)
    mask = model.click(embedding, [Click((x1 + x2) / 2, (y1 + y2) / 2)]).mask
    assert mask.shape == (height, width)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    room = max(embedding.frame.step, width / embedding.frame.content[0], 1.0)
    found = [columns[0], columns[-1] + 1, rows[0], rows[-1] + 1]
    assert np.abs(np.array(found) - [x1, x2, y1, y2]).max() <= room
    assert mask.sum() > 0.9 * (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1)


def test_fewer_pixels_of_the_image_give_the_mask_of_the_whole_one(toy_click_model, tmp_path, facade) -> None:
    model = load_click_model(*toy_click_model(tmp_path))
    large = np.repeat(np.repeat(facade, 4, axis=0), 4, axis=1)
    embedding = model.embed(facade, (512, 384))
    mask = model.click(embedding, [Click(80, 80)]).mask
    wrong = np.argwhere(mask != np.repeat(np.repeat(wall(), 4, axis=0), 4, axis=1))
    assert len(wrong) <= 8 * 6  # six pixels at each of eight corners, which linear values round
    corners = np.array(
        [(y, x) for y in (63.5, 319.5) for x in (63.5, 383.5)]
        + [(y, x) for y in (159.5, 255.5) for x in (159.5, 255.5)]
    )
    assert np.abs(wrong[:, None] - corners).max(axis=2).min(axis=1).max() <= 4
    assert (model.click(model.embed(large), [Click(80, 80)]).mask == mask).all()


def test_one_and_several_threads_give_the_same(toy_click_model, tmp_path, facade) -> None:
    files = toy_click_model(tmp_path, side=256)
    found = []
    for threads in (1, 3):
        model = load_click_model(*files, threads=threads)
        embedding = model.embed(facade)
        answer = model.click(embedding, [Click(20, 20), Click(50, 50, positive=False)])
        found.append((embedding.arrays["image_embeddings"], answer))
    assert np.abs(found[0][0] - found[1][0]).max() <= 1e-4
    assert np.abs(found[0][1].low - found[1][1].low).max() <= 1e-4
    assert (found[0][1].mask == found[1][1].mask).all()


def test_a_large_image_needs_no_floats_of_its_size(toy_click_model, tmp_path) -> None:
    model = load_click_model(*toy_click_model(tmp_path, side=256))
    image = np.full((3000, 4000, 3), GROUND, dtype=np.uint8)
    image[1000:2000, 1000:3000] = WALL
    tracemalloc.start()
    answer = model.click(model.embed(image), [Click(1500, 1500)])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert abs(int(answer.mask.sum()) - 2_000_000) < 10_000
    assert peak < 60e6  # the mask itself has 12 MB; one plane of floats would have 48


def test_the_polygons_follow_the_rules() -> None:
    mask = wall()
    mask[20:23, 20:23] = False  # a hole whose ring has 16 square pixels
    mask[90:92, 120:122] = True  # a speck
    frame = framed((128, 96), (128, 128), stretched=False)
    (piece,) = answer_polygons(mask, frame, Smallest(hole=25, part=16))
    assert len(piece.holes) == 1
    expected = wall()
    assert (fill([piece], (128, 96)) != expected).sum() <= 12
    pieces = answer_polygons(mask, frame, Smallest(hole=10, part=0))
    assert [len(one.holes) for one in pieces] == [2]
    assert answer_polygons(np.zeros((96, 128), dtype=bool), frame, Smallest()) == ()


def test_an_encoder_can_be_stopped(toy_click_model, tmp_path, facade) -> None:
    model = load_click_model(*toy_click_model(tmp_path))
    stop = Stop()
    assert model.embed(facade, stop=stop).frame.image == (128, 96)
    stop.now()
    with pytest.raises(Stopped):
        model.embed(facade, stop=stop)


# what is no such model


def refusal(encoder, decoder) -> str:
    try:
        model = load_click_model(encoder, decoder)
        model.click(model.embed(np.zeros((8, 8, 3), dtype=np.uint8)), [Click(1, 1)])
    except BadFileError as error:
        return str(error)
    return "no refusal"


def test_files_that_are_no_models_are_refused_by_name(toy_click_model, tmp_path) -> None:
    encoder, decoder = toy_click_model(tmp_path)
    assert "none.onnx: there is no such file" in refusal(encoder, tmp_path / "none.onnx")
    short = tmp_path / "short.onnx"
    short.write_bytes(decoder.read_bytes()[:500])
    assert "short.onnx" in refusal(encoder, short)
    text = tmp_path / "text.onnx"
    text.write_text("no model", encoding="utf-8")
    assert "text.onnx" in refusal(text, decoder)


def test_encoder_and_decoder_that_do_not_fit_are_refused(toy_click_model, tmp_path) -> None:
    encoder, decoder = toy_click_model(tmp_path / "one")
    larger, other = toy_click_model(tmp_path / "two", side=128)
    assert "another shape" in refusal(larger, decoder)
    assert "another shape" in refusal(encoder, other)
    assert "no encoder" in refusal(decoder, encoder)
    assert "decoder" in refusal(encoder, encoder)


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("nan = Div(out, out)\n masks = Add(answers, nan)", "not finite"),
        ("masks = Flatten<axis=4>(answers)", "no masks"),
        ("many = Expand(answers, long)\n masks = Identity(many)", "cannot load it"),
        ("masks = Concat<axis=1>(answers, answers)", "2 masks and 1 predicted IoU"),
        ("masks = Concat<axis=1>(" + ", ".join(["answers"] * 17) + ")", "17 masks"),
    ],
)
def test_answers_that_are_no_masks_are_refused(toy_click_model, tmp_path, ending, words) -> None:
    assert words in refusal(*toy_click_model(tmp_path, order="HWC", ending=ending))


def test_a_model_that_finds_something_else_is_refused(toy_click_model, tmp_path) -> None:
    files = toy_click_model(tmp_path, masks=("all",))
    with pytest.raises(BadFileError, match="IoU 0"):
        load_click_model(*files)
    with pytest.raises(BadFileError, match="IoU 0"):
        check_click_model(load_click_model(*toy_click_model(tmp_path, masks=("all",), order="HWC")))
