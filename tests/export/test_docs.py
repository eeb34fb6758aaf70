"""The example of docs/scoring.md, run as a reader would."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from qa.evaluation.evaluate import evaluate
from qa.evaluation.json_form import as_data
from qa.evaluation.scoring import Scoring

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("scoring", Scoring)
def test_predictions_that_are_written_as_the_page_says_are_scored(
    released: Path, tmp_path: Path, scoring: Scoring
) -> None:
    page = (REPOSITORY / "docs" / "scoring.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "OUT").symlink_to(released)
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(REPOSITORY)!r})\n{example}"]
    subprocess.run(command, cwd=tmp_path, check=True)
    found = as_data(evaluate(released, tmp_path / "results", ["mine"], scoring, cores=1))
    means = found["methods"]["mine"]["oxford"]["mmiou"]
    assert 0 < means["medium_mask"] < means["medium_box"] <= 1  # boxes were predicted
    assert found["methods"]["mine"]["oxford"]["raised"] == {}
