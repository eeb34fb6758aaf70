"""Proposers as the command line names them, with their features and cache, in a form that goes to other processes."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path

from annotator.domain.errors import AnnotatorError
from annotator.premask import registry
from annotator.premask.choice import ROOTSIFT, Choice

CACHE = "features"


def features_folder(folder: Path | None) -> Path:
    """Where features are kept between runs: the given folder or the user's cache."""
    return folder or user_cache_path("pixel-retrieval-annotator") / CACHE


def choices(names: list[str], features: Path | None, cache: Path | None, matcher: Path | None = None) -> list[Choice]:
    """One choice per name (all proposers where none is named), and again with other features where some are named.

    `features` is a model file, or the word `rootsift` for the pipelines without learned features; `matcher` is a file
    that matches the features of such a file, for a third row.

    Raises AnnotatorError for names that there are not.
    """
    known = registry.NAMES
    for name in names:
        registry.checked(name)
    plain = [Choice(name, None, cache) for name in names or known]
    if features is None:
        return plain
    if features == ROOTSIFT:
        return plain + [Choice(name, ROOTSIFT, cache) for name in names or known if name in registry.PIPELINES]
    if not features.is_file():
        raise AnnotatorError(f"{features}: there is no such model file; name an ONNX file of local features.")
    _try(features, matcher)
    able = [name for name in names or known if name in WITH_FEATURES]
    matched = [Choice(name, features, cache, matcher) for name in able if matcher is not None]
    return plain + [Choice(name, features, cache) for name in able] + matched


def project_choice(name: str, features: Path | None, cache: Path, project: Path) -> Choice:
    """The choice of a name in a project: a proposer, or the default one with the features of a registered model.

    The name of a matcher stands for it with the features that it matches; `pipeline+NAME` takes another proposer.
    Raises AnnotatorError for names that there are not, and for a model whose file is no longer what was registered.
    """
    from annotator.project.models import model_records, proposer_files

    proposer, _, model = name.rpartition("+")
    files = () if name in registry.NAMES else proposer_files(project, model)
    if files:
        chosen = proposer or registry.DEFAULT
        registry.checked(chosen)
        if chosen not in WITH_FEATURES:
            raise AnnotatorError(f"The proposer '{chosen}' takes no local features; {', '.join(WITH_FEATURES)} do.")
        if features is not None:
            raise AnnotatorError(f"'{name}' names the model already; leave --features out.")
        return Choice(chosen, files[0].absolute(), cache, files[1].absolute() if len(files) > 1 else None)
    if name not in registry.NAMES and any(record.name == model for record in model_records(project)):
        raise AnnotatorError(f"The model '{model}' is a click-to-mask model, no proposer; it is a tool of the window.")
    own = model_proposers(project)
    if own and name not in registry.NAMES:
        known = ", ".join([*registry.NAMES, *own])
        raise AnnotatorError(f"There is no proposer '{name}' here; there are {known}.")
    return choices([name], features, cache)[-1]


def model_proposers(project: Path) -> dict[str, str]:
    """What the registered local-feature models of a project and their matchers stand for as proposers, by name."""
    from annotator.premask.models.files import ModelKind
    from annotator.project.models import model_records

    found = {}
    for one in model_records(project):
        if one.kind is ModelKind.LOCAL_FEATURES:
            found[one.name] = f"'{registry.DEFAULT}' with the local features of the project's model '{one.name}'"
        elif one.kind is ModelKind.MATCHER:
            found[one.name] = f"'{registry.DEFAULT}' with the features of '{one.features}', matched by '{one.name}'"
    return found


def _try(features: Path, matcher: Path | None) -> None:
    """Run the self-test of model files that are not registered; raises BadFileError where one fails.

    Its process is its own, since a damaged file can bring down the one that loads it.
    """
    from annotator.premask.models.trial import try_model

    try_model([features])
    if matcher is not None:
        try_model([matcher], features=features)


WITH_FEATURES = ("group", "pipeline", "homography", "hull")
"""Proposers that a model file of features makes another row of."""
