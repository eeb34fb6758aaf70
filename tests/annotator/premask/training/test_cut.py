"""Training the cut on made lessons: it learns, twice the same, and writes what the program reads."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from annotator.domain.errors import BadFileError  # noqa: E402  # after the skip
from annotator.premask.cut_network import cut_from  # noqa: E402
from annotator.premask.evidence import PLANES  # noqa: E402
from annotator.premask.lesson_file import Taught, write_examples  # noqa: E402
from annotator.premask.lessons import Example  # noqa: E402
from annotator.premask.training.cut import main, parts_of, write_cut  # noqa: E402
from annotator.premask.training.cut_train import CutRecipe, train_cut  # noqa: E402


def _quiet(_line: str) -> None:
    """Say nothing."""


def _taught(count: int) -> list[Taught]:
    """Objects of which the part below a line is hidden: there nothing is found again, and the answer is no."""
    random = np.random.default_rng(0)
    found = []
    for number in range(count):
        height, width = int(random.integers(16, 28)), int(random.integers(16, 28))
        line = int(random.integers(height // 3, height))
        planes = random.normal(0, 0.2, (len(PLANES), height, width))
        planes[PLANES.index("expected")] = 1
        planes[PLANES.index("near inside"), :line] += 1
        answers = np.zeros((height, width))
        answers[:line] = 1
        example = Example(planes.astype(np.float16), answers.astype(np.float16))
        found.append(Taught(f"building {number % 5}", number % 3 == 0, example))
    return found


def test_it_learns_what_the_evidence_says_and_twice_the_same() -> None:
    torch.set_num_threads(1)
    said: list[str] = []
    taught = _taught(64)
    one = train_cut(CutRecipe(epochs=12, rate=1e-2), taught, said.append)
    losses = [float(line.rpartition(" ")[2]) for line in said]
    assert len(losses) == 12
    assert losses[-1] < 0.25 < losses[0]
    other = train_cut(CutRecipe(epochs=12, rate=1e-2), taught, _quiet)
    for name, value in one.state_dict().items():
        assert torch.equal(value, other.state_dict()[name])
    short: list[str] = []
    train_cut(CutRecipe(epochs=12, rate=1e-2, seed=1), taught, short.append)
    assert short != said


def test_planes_that_say_nothing_have_a_spread_to_divide_by() -> None:
    flat = [
        Taught("gate", False, Example(np.ones((len(PLANES), 9, 9), np.float16), np.ones((9, 9), np.float16)))
        for _ in range(3)
    ]
    network = train_cut(CutRecipe(epochs=1), flat, _quiet)
    assert all(torch.isfinite(value).all() for value in network.state_dict().values())


def test_buildings_are_divided_into_parts_of_about_one_size() -> None:
    names = ["gate"] * 10 + ["hall"] * 6 + ["spire"] * 5 + ["wall"] * 1
    assert parts_of(names, 2) == [["gate", "wall"], ["hall", "spire"]]
    assert parts_of(["gate"], 4) == [["gate"]]


def test_the_command_writes_networks_that_the_program_reads(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    write_examples(tmp_path / "lessons.npz", _taught(20))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's exporter warns about itself
        main(tmp_path / "lessons.npz", tmp_path / "out", epochs=1, seed=0, parts=3, threads=1)
    named = json.loads((tmp_path / "out" / "without.json").read_text(encoding="utf-8"))
    assert sorted(named) == [f"building {number}" for number in range(5)]
    for name in ("cut.onnx", *named.values()):
        assert cut_from(tmp_path / "out" / name)(np.zeros((40, 50, len(PLANES)), np.float32)).shape == (40, 50)
    assert not list((tmp_path / "out").rglob("*.partial"))


def test_what_is_written_says_what_was_trained(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    network = train_cut(CutRecipe(epochs=1), _taught(16), _quiet)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's exporter warns about itself
        write_cut(network, tmp_path / "cut.onnx")
    planes = np.random.default_rng(1).normal(size=(len(PLANES), 21, 34)).astype(np.float32)
    with torch.no_grad():
        expected = torch.sigmoid(network(torch.from_numpy(planes[None])))[0, 0].numpy()
    assert np.allclose(cut_from(tmp_path / "cut.onnx").of_shrunk(planes, (21, 34)), expected, atol=1e-4)


def test_lessons_of_too_few_buildings_are_refused(tmp_path: Path) -> None:
    write_examples(tmp_path / "lessons.npz", _taught(2))
    with pytest.raises(BadFileError, match="fewer than 4 buildings"):
        main(tmp_path / "lessons.npz", tmp_path / "out", epochs=1, seed=0, parts=4, threads=1)
    assert not (tmp_path / "out").exists()
