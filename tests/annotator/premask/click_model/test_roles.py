"""Inputs and outputs of public exports are told apart by name and shape, in any order."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.domain.errors import BadFileError
from annotator.premask.click_model.numbers import Numbers, candidates
from annotator.premask.click_model.roles import canvas_of, decoder_roles, encoder_input, stretches
from annotator.premask.models.session import Port, Signature

FLOAT, WHOLE = "tensor(float)", "tensor(int64)"
HERE = Path("model.onnx")

Shape = tuple[int | None, ...]


def ports(kind: str = FLOAT, **shapes: Shape) -> tuple[Port, ...]:
    return tuple(Port(name, shape, kind) for name, shape in shapes.items())


SAM_ENCODER = Signature(ports(input_image=(None, None, 3)), ports(image_embeddings=(1, 256, 64, 64)))
SAM = Signature(
    ports(
        image_embeddings=(1, 256, 64, 64),
        point_coords=(1, None, 2),
        point_labels=(1, None),
        mask_input=(1, 1, 256, 256),
        has_mask_input=(1,),
        orig_im_size=(2,),
    ),
    ports(masks=(None,) * 4, iou_predictions=(None, None), low_res_masks=(None,) * 4),
)


def test_sam() -> None:
    roles = decoder_roles(HERE, SAM, SAM_ENCODER)
    assert (roles.points.name, roles.labels.name, roles.places) == ("point_coords", "point_labels", None)
    assert roles.earlier is not None
    assert roles.has_earlier is not None
    assert roles.size is not None
    assert (roles.earlier.name, roles.has_earlier.name, roles.size.name) == (
        "mask_input",
        "has_mask_input",
        "orig_im_size",
    )
    assert (roles.masks, roles.scores, roles.low) == ("masks", "iou_predictions", "low_res_masks")
    assert [(name, port.name) for name, port in roles.embeddings] == [("image_embeddings", "image_embeddings")]
    image = encoder_input(HERE, SAM_ENCODER)
    assert canvas_of(image, roles) == (1024, 1024)  # four pixels for each cell of an earlier mask
    assert candidates(image, SAM_ENCODER, {}) == (Numbers.BYTES,)
    assert not stretches(SAM_ENCODER)


def test_the_order_of_inputs_and_outputs_does_not_count() -> None:
    turned = Signature(SAM.inputs[::-1], SAM.outputs[::-1])
    assert decoder_roles(HERE, turned, SAM_ENCODER) == decoder_roles(HERE, SAM, SAM_ENCODER)


def test_efficient_sam() -> None:
    encoder = Signature(ports(batched_images=(None, 3, None, None)), ports(image_embeddings=(None, 256, 64, 64)))
    decoder = Signature(
        ports(
            image_embeddings=(None, 256, 64, 64),
            batched_point_coords=(1, 1, None, 2),
            batched_point_labels=(1, 1, None),
            orig_im_size=(2,),
        ),
        ports(output_masks=(None,) * 5, iou_predictions=(None,) * 3, low_res_masks=(None,) * 5),
    )
    roles = decoder_roles(HERE, decoder, encoder)
    assert (roles.masks, roles.earlier, roles.mask_size) == ("output_masks", None, None)
    image = encoder_input(HERE, encoder)
    assert canvas_of(image, roles) == (1024, 1024)
    assert candidates(image, encoder, {}) == (Numbers.SHARES,)


def test_sam_2_has_finer_features_and_stretches_images() -> None:
    features = {"high_res_feats_0": (1, 32, 256, 256), "high_res_feats_1": (1, 64, 128, 128)}
    encoder = Signature(ports(image=(1, 3, 1024, 1024)), ports(**features, image_embed=(1, 256, 64, 64)))
    decoder = Signature(
        ports(
            image_embed=(1, 256, 64, 64),
            **features,
            point_coords=(None, None, 2),
            point_labels=(None, None),
            mask_input=(None, 1, 256, 256),
            has_mask_input=(None,),
        ),
        ports(masks=(None, None, 256, 256), iou_predictions=(None, None)),
    )
    roles = decoder_roles(HERE, decoder, encoder)
    assert [name for name, _ in roles.embeddings] == ["image_embed", "high_res_feats_0", "high_res_feats_1"]
    assert (roles.masks, roles.low, roles.size) == ("masks", None, None)
    assert stretches(encoder)
    assert candidates(encoder_input(HERE, encoder), encoder, {}) == (Numbers.NORMALISED,)


def test_exports_for_the_browser_have_names_of_their_own() -> None:
    made = {"image_embeddings": (1, 256, 64, 64), "image_positional_embeddings": (1, 256, 64, 64)}
    encoder = Signature(ports(pixel_values=(1, 3, 1024, 1024)), ports(**made))
    decoder = Signature(
        (*ports(input_points=(1, 1, None, 2)), *ports(WHOLE, input_labels=(1, 1, None)), *ports(**made)),
        ports(iou_scores=(1, 1, 3), pred_masks=(1, 1, 3, 256, 256)),
    )
    roles = decoder_roles(HERE, decoder, encoder)
    assert (roles.points.name, roles.labels.kind) == ("input_points", WHOLE)
    assert (roles.masks, roles.scores, roles.low) == ("pred_masks", "iou_scores", None)
    assert [name for name, _ in roles.embeddings] == ["image_embeddings", "image_positional_embeddings"]


def test_embeddings_of_other_names_are_joined_by_their_shapes() -> None:
    encoder = Signature(ports(x=(1, 3, 512, 512)), ports(fine=(1, 32, 128, 128), coarse=(1, 64, 32, 32)))
    decoder = Signature(
        ports(a=(1, 64, 32, 32), b=(1, 32, 128, 128), points=(1, 5, 2), labels=(1, 5)), ports(masks=(1, 1, 512, 512))
    )
    roles = decoder_roles(HERE, decoder, encoder)
    assert [(name, port.name) for name, port in roles.embeddings] == [("coarse", "a"), ("fine", "b")]
    assert roles.places == 5
    assert canvas_of(encoder_input(HERE, encoder), roles) == (512, 512)


def test_a_file_says_its_numbers_itself() -> None:
    encoder = Signature(ports(x=(1, 3, 512, 512)), ports(y=(1, 64, 32, 32)))
    image = encoder_input(HERE, encoder)
    assert candidates(image, encoder, {"image_numbers": "0..1"}) == (Numbers.SHARES,)
    unknown = candidates(image, encoder, {"image_numbers": "of my own"})
    assert unknown == (Numbers.NORMALISED, Numbers.BYTES, Numbers.SHARES)


def without(signature: Signature, *names: str) -> Signature:
    return Signature(
        tuple(port for port in signature.inputs if port.name not in names),
        tuple(port for port in signature.outputs if port.name not in names),
    )


@pytest.mark.parametrize(
    ("decoder", "words"),
    [
        (without(SAM, "point_coords"), "takes points and labels"),
        (without(SAM, "point_labels"), "takes points and labels"),
        (without(SAM, "image_embeddings"), "takes nothing from an encoder"),
        (without(SAM, "masks", "low_res_masks"), "none of its outputs is called masks"),
        (Signature((*SAM.inputs, Port("interm", (4, 1, 64, 64, 768), FLOAT)), SAM.outputs), "gives nothing for"),
        (Signature((*without(SAM, "point_coords").inputs, Port("point_coords", (1, 4), FLOAT)), SAM.outputs), "shape"),
        (Signature((*without(SAM, "mask_input").inputs, Port("mask_input", (9, 9), FLOAT)), SAM.outputs), "earlier"),
    ],
)
def test_what_is_no_decoder_is_refused(decoder: Signature, words: str) -> None:
    with pytest.raises(BadFileError, match=words) as error:
        decoder_roles(HERE, decoder, SAM_ENCODER)
    assert "model.onnx" in str(error.value)
