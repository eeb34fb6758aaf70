"""Trying model files in a process of their own: a file that brings a runtime down brings nothing else down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.domain.errors import AnnotatorError, BadFileError, EnvironmentFault
from annotator.premask.executor import Executor, Processes
from annotator.premask.models.click_test import click_on_building
from annotator.premask.models.description import FileKind, kind_of
from annotator.premask.models.files import ModelKind, checksum
from annotator.premask.models.loading import load_features
from annotator.premask.models.matcher import load_matcher
from annotator.premask.models.opencv_features import OpenCvFeatures
from annotator.premask.models.self_test import SelfTest, check_features
from annotator.premask.models.session import RunsNotError, open_session
from annotator.processes.pool import WorkerLostError


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial found: the kind of model, what runs it, and how the self-test went, in words."""

    kind: ModelKind
    runner: str
    words: str


def try_model(files: Sequence[Path], executor: Executor | None = None, features: Path | None = None) -> Trial:
    """The trial of one file of local features, of an encoder and its decoder, or of a matcher of the model `features`.

    Raises BadFileError where the files are something else or fail the self-test, or where the runtime crashes on them;
    EnvironmentFault where nothing here runs models. The files are tried in another process unless `executor` is given.
    """
    for path in files:
        checksum(path)  # what is no file of a sane size is told at once
    try:
        work = tuple(path.absolute() for path in files), None if features is None else features.absolute()
        ((_, found),) = (executor or Processes(1)).results(_tried, [work])
    except WorkerLostError as error:
        raise BadFileError(files[0], "what runs models crashed with it", "name another model") from error
    if isinstance(found, Trial):
        return found
    where, problem, remedy = found
    raise BadFileError(where, problem, remedy) if where else EnvironmentFault(problem)


def _tried(given: tuple[tuple[Path, ...], Path | None]) -> Trial | tuple[str, str, str]:
    """The trial, or the path, problem and remedy of an error, which would not travel between processes by itself."""
    try:
        files, features = given
        return _trial(files) if features is None else _matcher_trial(files, features)
    except BadFileError as error:
        return error.path, error.problem, error.remedy
    except AnnotatorError as error:
        return "", str(error), ""


def _trial(files: tuple[Path, ...]) -> Trial:
    path, *more = files
    kinds = [_kind(file) for file in files]
    if FileKind.MATCHER in kinds:
        remedy = "name the model of the project whose features it matches, with --features"
        raise BadFileError(files[kinds.index(FileKind.MATCHER)], f"it is a {FileKind.MATCHER}", remedy)
    if kinds == [FileKind.ENCODER, FileKind.DECODER]:
        return Trial(ModelKind.CLICK_TO_MASK, "ONNX Runtime", click_on_building(path, more[0]))
    if kinds[0] is FileKind.DECODER:
        raise BadFileError(path, f"it is a {kinds[0]}", "name its encoder first, and this file with --decoder")
    if kinds == [FileKind.ENCODER]:
        raise BadFileError(path, f"it is a {kinds[0]}", "name its decoder too, with --decoder")
    if len(files) > 1:
        odd = path if kinds[0] is not FileKind.ENCODER else more[0]
        raise BadFileError(odd, f"it is a {kinds[files.index(odd)]}", "name an encoder, and its decoder with --decoder")
    features = load_features(path)
    runner = f"OpenCV's {features.runner}" if isinstance(features, OpenCvFeatures) else "ONNX Runtime"
    return Trial(ModelKind.LOCAL_FEATURES, runner, _words(check_features(path, features)))


def _matcher_trial(files: tuple[Path, ...], features: Path) -> Trial:
    if len(files) > 1:
        raise BadFileError(files[1], "a matcher of local features has no decoder", "leave --decoder out")
    matcher = load_matcher(files[0])
    return Trial(ModelKind.MATCHER, matcher.runner, _words(check_features(files[0], load_features(features), matcher)))


def _words(result: SelfTest) -> str:
    return (
        f"{result.right} of {result.matches} matches between two views of a drawn scene are right "
        f"({result.share:.0%}; by chance {result.chance:.1%})"
    )


def _kind(path: Path) -> FileKind:
    """What a file is; one that ONNX Runtime does not run can only be local features, which OpenCV may run."""
    try:
        return kind_of(path, open_session(path, checksum(path)).signature)
    except (RunsNotError, EnvironmentFault):
        return FileKind.LOCAL_FEATURES
