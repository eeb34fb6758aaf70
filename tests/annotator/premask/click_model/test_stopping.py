"""A model that runs is ended from another thread."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from annotator.domain.errors import BadFileError
from annotator.premask.click_model.stopping import Stop, Stopped, run
from annotator.premask.models.files import checksum
from annotator.premask.models.session import ModelSession, open_session

STEPS = 3000
"""Products of matrices that the model makes one after the other: some seconds in all."""


@pytest.fixture
def slow(tmp_path: Path) -> ModelSession:
    onnx = pytest.importorskip("onnx", reason="the extra `train` is not installed")
    steps = "\n".join(f"x{k + 1} = MatMul(x{k}, given)" for k in range(STEPS))
    text = f'<ir_version: 8, opset_import: ["" : 17]> slow (float[512,512] given) => (float[512,512] x{STEPS})'
    path = tmp_path / "slow.onnx"
    onnx.save(onnx.parser.parse_model(f"{text} {{ x0 = Identity(given)\n{steps} }}"), path)
    return open_session(path, checksum(path))


def test_a_run_ends_when_it_is_stopped(slow) -> None:
    stop, begun, ended = Stop(), threading.Event(), []

    class Watched:
        """The model's runtime, which says when a run begins."""

        def run(self, *given: object) -> object:
            begun.set()
            return slow.runtime.run(*given)

    watched = ModelSession(slow.path, Watched(), slow.signature)

    def work() -> None:
        try:
            run(watched, {"given": np.zeros((512, 512), dtype=np.float32)}, stop)
        except Stopped as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(30)
    stop.now()
    thread.join(60)
    assert not thread.is_alive()
    assert len(ended) == 1


def test_what_is_stopped_before_does_not_begin(slow) -> None:
    stop = Stop()
    stop.now()
    assert stop.stopped
    with pytest.raises(Stopped):
        run(slow, {"given": np.zeros((512, 512), dtype=np.float32)}, stop)


def test_a_failure_is_a_failure_and_no_stop(slow) -> None:
    with pytest.raises(BadFileError, match=r"slow\.onnx"):
        run(slow, {"given": np.zeros((3, 3), dtype=np.float32)}, Stop())
    with pytest.raises(BadFileError, match=r"slow\.onnx"):
        run(slow, {"given": np.zeros((3, 3), dtype=np.float32)})
