"""The licence of a release's annotations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Licence:
    """`name` is an SPDX identifier or a title, `url` where the terms are, `text` what LICENSE says."""

    name: str
    url: str
    text: str


CC_BY = Licence(
    "CC-BY-4.0",
    "https://creativecommons.org/licenses/by/4.0/",
    """The annotations in this directory (masks, labels, provenance, groups, statistics, texts) are licensed under the
Creative Commons Attribution 4.0 International licence, CC BY 4.0:
https://creativecommons.org/licenses/by/4.0/legalcode

The photographs that they describe are not part of this release and are not covered by this licence; their owners'
terms apply. The files below revisitop/ are unaltered copies of the ground-truth files that the annotations build on,
and stay under their authors' terms.
""",
)
"""What a release has unless its makers choose otherwise."""
