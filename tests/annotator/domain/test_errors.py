"""Errors keep their sentence and their parts on the way from a worker process."""

from __future__ import annotations

import pickle

import pytest

from annotator.domain.errors import AnnotatorError, BadFileError, ConflictError, EnvironmentFault, RefusedError
from annotator.domain.errors import SelfCrossingError as Crossing
from annotator.premask.models.session import RunsNotError


@pytest.mark.parametrize("kind", [BadFileError, RunsNotError])
def test_a_bad_file_is_the_same_after_a_journey(kind: type[BadFileError]) -> None:
    error = kind("a/b.onnx", "it is no model", "name another")
    found = pickle.loads(pickle.dumps(error))
    assert type(found) is kind
    assert (found.path, found.problem, found.remedy) == ("a/b.onnx", "it is no model", "name another")
    assert str(found) == str(error) == "a/b.onnx: it is no model; name another."


@pytest.mark.parametrize("kind", [AnnotatorError, EnvironmentFault, ConflictError, RefusedError, Crossing])
def test_other_errors_keep_their_sentence(kind: type[AnnotatorError]) -> None:
    found = pickle.loads(pickle.dumps(kind("A sentence.")))
    assert type(found) is kind
    assert str(found) == "A sentence."
