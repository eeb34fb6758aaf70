"""Fitting the proposer's parameters to masks that people drew, for `annotator measure --fit`."""

from __future__ import annotations

import json
from pathlib import Path

from annotator.cli.mask_landmarks import LandmarkFiles, landmark
from annotator.domain.errors import AnnotatorError, EnvironmentFault
from annotator.premask.cache import FeatureCache
from annotator.premask.fitted import as_data
from annotator.premask.fitting import all_lessons, cross_validated, fit
from annotator.premask.registry import embedded_sources
from annotator.processes.whole_file import whole_file


def fit_to(out: Path, files: list[LandmarkFiles], cache: Path) -> str:
    """Fit cut and confidence, test them with one landmark left out at a time, write `out`; returns what was found.

    Raises AnnotatorError for fewer than two landmarks and EnvironmentFault where `out` cannot be written.
    """
    if len(files) < 2:
        raise AnnotatorError("Parameters need masks of at least two landmarks, to be tested on each other.")
    found = all_lessons(embedded_sources(FeatureCache(cache)), [landmark(one) for one in files])
    tested = cross_validated(found)
    data = as_data(fit(found)) | {
        "fitted_on": {one.name: len(one.queries) + len(one.images) for one in files},
        "cross_validated": tested,
    }
    try:
        with whole_file(out) as file:
            file.write(json.dumps(data, indent=1).encode() + b"\n")
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be written ({error.strerror}); name another place.") from error
    return (
        f"{tested['count']} candidates of {len(files)} landmarks; on landmarks left out: rank correlation "
        f"{tested['rank_correlation']:.2f}, mean absolute error {tested['mean_absolute_error']:.3f}."
    )
