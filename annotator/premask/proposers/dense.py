"""Dense matching: the query is brought over by one homography, then every pixel by optical flow (DIS)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from annotator.domain.raster import Mask
from annotator.premask.outlining import outlines
from annotator.premask.proposers.homography import HomographyTransfer
from annotator.premask.protocol import EachAlone, Proposal, ProposalInput, Reference, refusal
from annotator.premask.sampling import resized, sampled, sampled_pixels
from annotator.premask.source import FeatureSource
from annotator.premask.warp import Geometry, projected

SIDE = 512
"""Long side of the images between which the flow is found."""


@dataclass(frozen=True, slots=True)
class DenseMatching(EachAlone):
    """DIS optical flow (Kroeger and others, 2016) from the index image to the warped query."""

    source: FeatureSource = field(default_factory=FeatureSource)
    name: str = "dense"
    describe: str = "Dense optical flow (DIS) after one homography carries the query mask over."

    def propose(self, given: ProposalInput) -> Proposal:
        """The query mask through homography and flow."""
        start = time.process_time()
        first = HomographyTransfer(self.source).propose(given)
        if first.refused is not None or first.geometry is None:
            return replace(first, proposer=self.name)
        reference = next(one for one in given.references if one.name == first.reference)
        mask, factor = _flowed(reference, given, first.geometry)
        seconds = time.process_time() - start
        if not mask.any():
            return refusal(self.name, f"The flow leads out of {given.index.name}.", seconds)
        polygons = outlines(mask, factor)
        return replace(first, polygons=polygons, proposer=self.name, seconds=seconds)


def _flowed(reference: Reference, given: ProposalInput, geometry: Geometry) -> tuple[Mask, float]:
    height, width = given.index.image.shape[:2]
    factor = min(1.0, SIDE / max(height, width))
    size = max(32, round(width * factor)), max(32, round(height * factor))
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    points = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) * [width / size[0], height / size[1]] - 0.5
    found = projected(np.linalg.inv(geometry.homography), points)
    back_x, back_y = np.nan_to_num(found, nan=-1e4).clip(-1e4, 3e4).astype(np.float32).T.reshape(2, size[1], size[0])
    ours = cv2.cvtColor(resized(given.index.image, size), cv2.COLOR_RGB2GRAY)
    theirs = cv2.cvtColor(sampled_pixels(reference.image, back_x, back_y), cv2.COLOR_RGB2GRAY)
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow = dis.calc(ours, theirs, np.zeros((0, 0), np.float32))
    seen = sampled(reference.mask.astype(np.float32), back_x, back_y, edge=False)
    moved_x, moved_y = ((places + flow[..., axis]).astype(np.float32) for axis, places in enumerate((x, y)))
    return sampled(seen, moved_x, moved_y, edge=False) > 0.5, size[0] / width
