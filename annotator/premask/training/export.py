"""Write a trained network as ONNX with free image sides."""

from __future__ import annotations

from pathlib import Path

import torch

from annotator.premask.training.network import Exported, LocalFeatures


def write_onnx(network: LocalFeatures, path: Path) -> None:
    """Write `scores` and `descriptors` of a grey `image` `(1, 1, h, w)`, sides multiples of 32, to `path`."""
    exported = Exported(network.cpu()).eval()
    partial = path.with_suffix(".partial")
    torch.onnx.export(
        exported,
        (torch.zeros(1, 1, 64, 96),),
        str(partial),
        input_names=["image"],
        output_names=["scores", "descriptors"],
        dynamic_axes={
            "image": {2: "height", 3: "width"},
            "scores": {2: "height", 3: "width"},
            "descriptors": {2: "rows", 3: "columns"},
        },
        opset_version=17,
        dynamo=False,
    )
    partial.replace(path)
