"""Which pairs teach the proposer most: those whose mask would explain many images that nothing explains yet."""

from __future__ import annotations

from collections.abc import Mapping

UNLOCKED = 0.6
"""Confidence from which an image counts as explained."""

REACHED = 0.85
"""Confidence that an approved mask gives an image over a perfect link."""


def teaching_values(confidence: Mapping[str, float], links: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """For every image how many others its approved mask would unlock, as an expectation.

    `confidence` of the present pre-mask by image (0 where there is none), `links` strength by two images in any order.
    An image that is explained already gains nothing; one that is not gains by as much as the link is certain. An image
    whose own pre-mask is sure teaches half of what one does whose mask is not known: it serves as a bridge already.
    """
    found = dict.fromkeys(confidence, 0.0)
    for (one, other), strength in links.items():
        for taught, teacher in ((one, other), (other, one)):
            if taught in confidence and teacher in confidence and confidence[taught] < UNLOCKED:
                known = 0.5 * min(1.0, confidence[teacher] / UNLOCKED)
                gain = max(0.0, REACHED * strength - confidence[taught]) / REACHED
                found[teacher] += gain * (1 - known)
    return found
