"""A self-contained HTML page of one method: rankings of chosen queries with the predicted outline on every image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.datasets.library import ImageLibrary
from annotator.domain.errors import AnnotatorError
from qa.evaluation.dataset_files import read_dataset
from qa.evaluation.layout import Benchmark, Results, WrongFolderError
from qa.evaluation.page_cards import cards
from qa.evaluation.page_html import QuerySection, document, picture
from qa.evaluation.predictions import IrregularPieceError, Predictions, read_predictions, read_predictions_whole
from qa.evaluation.scores import Evaluation, MethodScores

MOST_IMAGES = 24
"""Images of a ranking that are shown."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: of `method`, for `queries` as (data set, number) or, where empty, the first query of each data set.

    `images` is the folder of photographs; without it outlines are drawn on an empty ground.
    """

    benchmark: Path
    results: Path
    method: str
    ranks: str | None = None
    images: Path | None = None
    queries: Sequence[tuple[str, int]] = ()


def page(request: PageRequest, evaluation: Evaluation) -> str:
    """The page as HTML; raises WrongFolderError for a query or method that is not there, or BadFileError."""
    scores = next((one for one in evaluation.methods if one.method == request.method), None)
    if scores is None:
        raise WrongFolderError(f"The method {request.method} was not scored, so there is no page of it.")
    wanted = list(request.queries) or [(name, 0) for name in scores.datasets]
    return document(evaluation, scores, [_section(request, evaluation, scores, *query) for query in wanted])


def _section(
    request: PageRequest, evaluation: Evaluation, method: MethodScores, dataset: str, number: int
) -> QuerySection:
    scores = method.datasets.get(dataset)
    if scores is None or not 0 <= number < len(scores.truth.queries):
        raise WrongFolderError(f"There is no query {dataset}:{number} to show; write for example oxford:0.")
    results = Results.found(request.results)
    files = read_dataset(Benchmark(request.benchmark), dataset, evaluation.scoring)
    predictions = read_predictions(results.predictions(request.method, dataset))
    query = scores.truth.queries[number]
    ranks = results.chosen_ranking(request.ranks, request.method)
    ranking = None if scores.plain is None or ranks is None else results.ranking(ranks, dataset)
    try:
        shown = cards(files, scores, predictions, query, ranking, MOST_IMAGES)
    except IrregularPieceError:
        whole: Predictions = read_predictions_whole(predictions.path)
        shown = cards(files, scores, whole, query, ranking, MOST_IMAGES)
    names = [query.image, *(card.image for card in shown)]
    return QuerySection(dataset, query, shown, _pictures(request.images, names))


def _pictures(folder: Path | None, names: Sequence[str]) -> dict[str, str]:
    """Data URIs of the photographs that are there; what cannot be read is left out."""
    if folder is None:
        return {}
    library = ImageLibrary(folder)
    library.scan(names)
    found = {}
    for name in names:
        path = library.path(name)
        if path is not None and name not in found:
            try:
                found[name] = picture(path)
            except AnnotatorError:
                continue
    return found
