"""What a file is for, and how it takes an image, from names and shapes alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.domain.errors import BadFileError
from annotator.premask.models.description import FileKind, ImageInput, image_input, kind_of
from annotator.premask.models.session import Port, Signature

PATH = Path("model.onnx")
IMAGE = Port("image", (1, 3, None, None), "tensor(float)")


def port(name: str, *shape: int | None, kind: str = "tensor(float)") -> Port:
    return Port(name, shape, kind)


EMBEDDING = port("image_embeddings", 1, 256, 64, 64)
POINTS, LABELS = port("point_coords", 1, None, 2), port("point_labels", 1, None)
MASKS = port("masks", None, None, None, None)

SIGNATURES = {
    "ALIKED": ((IMAGE,), (port("keypoints", 1000, 2), port("descriptors", 1000, 128), port("scores", 1000)),
               FileKind.LOCAL_FEATURES),
    "maps of our own": ((port("image", 1, 1, None, None),), (port("scores", 1, 1, None, None),
                        port("descriptors", 1, 64, None, None)), FileKind.LOCAL_FEATURES),
    "one output of rows": ((IMAGE,), (port("output", None, 131),), FileKind.LOCAL_FEATURES),
    "SAM, encoder": ((port("x", 1, 3, 1024, 1024),), (port("out", 1, 256, 64, 64),), FileKind.ENCODER),
    "MobileSAM, encoder": ((port("input_image", None, None, 3),), (EMBEDDING,), FileKind.ENCODER),
    "SAM 2, encoder": ((port("image", 1, 3, 1024, 1024),), (port("high_res_feats_0", 1, 32, 256, 256),
                       port("high_res_feats_1", 1, 64, 128, 128), port("image_embed", 1, 256, 64, 64)),
                       FileKind.ENCODER),
    "SAM, decoder": ((EMBEDDING, POINTS, LABELS, port("mask_input", 1, 1, 256, 256), port("has_mask_input", 1),
                      port("orig_im_size", 2)), (MASKS, port("iou_predictions", None, None)), FileKind.DECODER),
    "for the browser, decoder": ((port("image_embeddings", 1, 256, 64, 64), port("input_points", None, None, 2),
                                  port("input_labels", None, None)), (MASKS,), FileKind.DECODER),
    "LightGlue": ((port("kpts0", 1, None, 2), port("kpts1", 1, None, 2), port("desc0", 1, None, 128),
                   port("desc1", 1, None, 128)), (port("matches0", None, 2), port("mscores0", None)),
                  FileKind.MATCHER),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNATURES)
def test_public_models_are_told_apart(name: str) -> None:
    inputs, outputs, kind = SIGNATURES[name]
    assert kind_of(PATH, Signature(inputs, outputs)) is kind


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [
        ((), ()),
        ((port("tokens", 1, 77, kind="tensor(int64)"),), (port("logits", 1, 10),)),
        ((port("x"),), (port("y"),)),
        ((IMAGE, port("threshold", 1)), (port("boxes", None, 4),)),
        ((port("image0", 1, 1, None, None), port("image1", 1, 1, None, None)), (port("flow", 1, 2, None, None),)),
    ],
)
def test_anything_else_is_refused_with_its_names(inputs: tuple[Port, ...], outputs: tuple[Port, ...]) -> None:
    with pytest.raises(BadFileError, match=r"model\.onnx: it is neither .* \(inputs .*; outputs .*\)"):
        kind_of(PATH, Signature(inputs, outputs))


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((1, 3, 480, 640), ("CHW", True, 3, 480, 640)),
        ((None, None, None, None), ("CHW", True, None, None, None)),
        ((1, 480, 640, 3), ("HWC", True, 3, 480, 640)),
        ((None, None, 3), ("HWC", False, 3, None, None)),
        ((1, None, None), ("CHW", False, 1, None, None)),
        ((480, 640), ("HW", False, 1, 480, 640)),
        ((1, 3, 64, 3000), ("CHW", True, 3, 64, 3000)),
    ],
)
def test_how_an_image_is_taken_is_read_from_the_shape(
    shape: tuple[int | None, ...], expected: tuple[str, bool, int | None, int | None, int | None]
) -> None:
    assert image_input(PATH, port("x", *shape)) == ImageInput("x", *expected, "float32")


@pytest.mark.parametrize("kind", ["tensor(float16)", "tensor(uint8)", "tensor(double)"])
def test_numbers_of_other_kinds_are_taken(kind: str) -> None:
    assert image_input(PATH, port("x", 1, 3, 64, 64, kind=kind)).numbers in ("float16", "uint8", "float64")


@pytest.mark.parametrize(
    ("shape", "words"),
    [((), "0 axes"), ((7,), "1 axes"), ((1, 1, 3, 64, 64), "5 axes"), ((2, 3, 64, 64), "2 images"),
     ((1, 4, 64, 64), "4 channels"), ((1, 3, 8, 64), "64 by 8"), ((0, 3, 64, 64), "0 images")],
)  # fmt: skip
def test_what_is_no_image_is_told(shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(BadFileError, match=words):
        image_input(PATH, port("x", *shape))
    with pytest.raises(BadFileError, match="takes tensor"):
        image_input(PATH, port("x", 1, 3, 64, 64, kind="tensor(string)"))
