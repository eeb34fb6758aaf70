"""What a training keeps between two starts: where it stood, and which run it took its weights from."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from annotator.domain.errors import BadFileError  # noqa: E402  # after the skip
from annotator.premask.training.correspondences import Photographs, load  # noqa: E402
from annotator.premask.training.network import LocalFeatures  # noqa: E402
from annotator.premask.training.train import Recipe, train  # noqa: E402

NOTHING = Photographs((), (), ())
"""A run that takes no step needs no photographs."""


def started(out: Path, photographs: Photographs = NOTHING, **chosen: Any) -> LocalFeatures:
    """A run of at most three steps of one pair; without photographs, of none."""
    chosen = {"say": lambda _line: None, "stop_after": None if photographs.pairs else 0} | chosen
    return train(Recipe(steps=3, pairs=1), photographs, (), out, **chosen)


@pytest.fixture(scope="module")
def earlier(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a run of one step, and in `weights.pt` its weights alone."""
    folder = tmp_path_factory.mktemp("earlier")
    network = started(folder, load(data, "train"), stop_after=1)
    torch.save(network.state_dict(), folder / "weights.pt")
    return folder / "state.pt"


def kept(out: Path) -> dict[str, Any]:
    return torch.load(out / "state.pt", weights_only=True)


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def test_a_second_run_takes_the_weights_of_the_first(earlier: Path, tmp_path: Path) -> None:
    before = torch.load(earlier.with_name("weights.pt"), weights_only=True)
    again = started(tmp_path / "two", begin_with=earlier)
    for name, value in again.state_dict().items():
        torch.testing.assert_close(value, before[name])


def test_state_and_log_tell_which_run_the_weights_came_from(data: Path, earlier: Path, tmp_path: Path) -> None:
    sha256 = hashlib.sha256(earlier.read_bytes()).hexdigest()
    said: list[str] = []
    started(tmp_path, load(data, "train"), stop_after=2, begin_with=earlier, say=said.append)
    assert said[0].endswith(sha256)
    assert kept(tmp_path)["begun_with"] == sha256
    assert [row.get("begun_with") for row in rows(tmp_path)] == [sha256, None]
    started(tmp_path, load(data, "train"))  # goes on, and is not told again where it began
    assert kept(tmp_path)["begun_with"] == sha256
    assert [row.get("begun_with") for row in rows(tmp_path)] == [sha256, None, None]


def test_a_run_from_scratch_tells_of_no_other(earlier: Path) -> None:
    assert kept(earlier.parent)["begun_with"] is None
    assert "begun_with" not in rows(earlier.parent)[0]


def test_a_run_goes_on_only_with_the_weights_it_began_with(earlier: Path, tmp_path: Path) -> None:
    (tmp_path / "state.pt").write_bytes(earlier.read_bytes())
    with pytest.raises(BadFileError, match=r"its run did not begin with .*state\.pt; leave --begin-with out"):
        started(tmp_path, begin_with=earlier)
    older = kept(tmp_path)
    del older["begun_with"]
    torch.save(older, tmp_path / "state.pt")
    started(tmp_path, begin_with=earlier)  # states of older versions do not tell


@pytest.mark.parametrize("content", [None, b"", b"not a state", b"PK\x03\x04", "weights", "another network", "no step"])
@pytest.mark.parametrize("role", ["begin with", "go on"])
def test_a_file_that_is_no_state_is_named(
    earlier: Path, tmp_path: Path, content: bytes | str | None, role: str
) -> None:
    path = tmp_path / "state.pt"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is None:
        path.mkdir()
    else:
        state = torch.load(earlier, weights_only=True)
        other = {"another network": state | {"network": {}}, "no step": state | {"step": "1"}}
        torch.save(other.get(content, state["network"]), path)
    chosen = {"begin_with": path} if role == "begin with" else {}
    with pytest.raises(BadFileError, match=r"state\.pt: no state of a training run of this network; name the state"):
        started(tmp_path / "out" if chosen else tmp_path, **chosen)


def test_the_command_tells_a_bad_folder_in_one_line(tmp_path: Path) -> None:
    for module in ("annotator.premask.training", "annotator.premask.training.validate"):
        given = [sys.executable, "-m", module, str(tmp_path / "nowhere"), str(tmp_path / "out")]
        done = subprocess.run(given, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.splitlines() == [
            f"{tmp_path / 'nowhere'}: no training data of this form; name a folder with split.json."
        ]


def broken_data(folder: Path, split: object, matches: bytes | None) -> None:
    (folder / "matches").mkdir()
    (folder / "split.json").write_text(json.dumps(split))
    if matches is not None:
        (folder / "matches" / "wall.npz").write_bytes(matches)


@pytest.mark.parametrize("split", [["wall"], {"test": ["wall"]}, {"train": 3}, 3])
def test_a_split_of_another_form_is_named(tmp_path: Path, split: object) -> None:
    broken_data(tmp_path, split, None)
    with pytest.raises(BadFileError, match="no training data of this form"):
        load(tmp_path, "train")


@pytest.mark.parametrize("matches", [None, b"", b"no archive", b"PK\x03\x04"])
def test_correspondences_that_cannot_be_read_are_named(tmp_path: Path, matches: bytes | None) -> None:
    broken_data(tmp_path, {"train": ["wall"]}, matches)
    with pytest.raises(BadFileError, match=r"wall\.npz: no correspondences of this form"):
        load(tmp_path, "train")
