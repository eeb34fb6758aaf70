"""Draws the pictures of docs/premask.md: what the default proposer answers on the demo set, best, middling and worst.

Run as `.venv/bin/python .ci/premask_pictures.py docs/pictures`; prints the numbers that go with them. Every index image
of a group is answered from the group's first query alone; the shipped parameters were not fitted on the demo set.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from annotator.domain.raster import fill
from annotator.premask import registry
from annotator.premask.iou import mask_iou
from annotator.premask.protocol import IndexImage, Proposal, Reference
from resources.demo.jpeg import indexed_png
from resources.demo.render import Rendering, truth
from resources.demo.scenes import demo_scenes

SCALE = 0.75
HEIGHT = 300
QUERY, TRUE, FOUND = (0x35, 0xC6, 0xFF), (0xFF, 0xE4, 0x5C), (0xFF, 0x4D, 0x4D)

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Case:
    """One answer: query and index image as rendered, the proposal, and the IoU that it reached."""

    name: str
    query: Rendering
    index: Rendering
    proposal: Proposal
    iou: float


def cases() -> list[Case]:
    """The answers for every index image of the demo set, worst first."""
    scenes, found = demo_scenes(), []
    for group in sorted({scene.group for scene in scenes if scene.group is not None}):
        members = [scene for scene in scenes if scene.group == group]
        query = next(scene for scene in members if scene.role == "query")
        wanted = [scene for scene in members if scene.role == "index"]
        seen = truth(query.name, SCALE)
        reference = Reference(seen.image, seen.object_mask, "query", query.name, query.name)
        drawn = [truth(scene.name, SCALE) for scene in wanted]
        images = [IndexImage(one.image, scene.name, scene.name) for one, scene in zip(drawn, wanted, strict=True)]
        answers = registry.get(registry.DEFAULT).propose_group((reference,), images)
        for scene, one, answer in zip(wanted, drawn, answers, strict=True):
            height, width = one.object_mask.shape
            reached = mask_iou(fill(answer.polygons, (width, height)), one.object_mask)
            found.append(Case(scene.name, seen, one, answer, reached))
    return sorted(found, key=lambda case: case.iou)


def picture(case: Case) -> Image:
    """The query with its mask beside the index image with the true outline and the pre-mask's."""
    left, right = case.query.image.copy(), case.index.image.copy()
    _outline(left, case.query.object_mask, QUERY)
    _outline(right, case.index.object_mask, TRUE)
    height, width = case.index.object_mask.shape
    _outline(right, fill(case.proposal.polygons, (width, height)), FOUND)
    return np.hstack([_high(left), np.full((HEIGHT, 6, 3), 255, np.uint8), _high(right)])


def _outline(image: Image, mask: NDArray[np.bool_], colour: tuple[int, int, int]) -> None:
    rings, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.polylines(image, rings, True, (20, 20, 20), 5, cv2.LINE_AA)
    cv2.polylines(image, rings, True, colour, 3, cv2.LINE_AA)


def _high(image: Image) -> Image:
    size = round(image.shape[1] * HEIGHT / image.shape[0]), HEIGHT
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def main(folder: Path) -> None:
    """Write premask-good.png, premask-middling.png and premask-bad.png, and print all numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    found = cases()
    for case in found:
        print(f"{case.name} IoU {case.iou:.2f} confidence {case.proposal.confidence:.2f} {case.proposal.refused or ''}")
    chosen = {"bad": found[0], "middling": found[len(found) // 2], "good": found[-1]}
    for word, case in chosen.items():
        (folder / f"premask-{word}.png").write_bytes(indexed_png(picture(case)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
