"""An evaluation as LaTeX tables (package booktabs), one for each measure."""

from __future__ import annotations

from qa.evaluation.cells import NAMES, TITLES, shown
from qa.evaluation.scores import Evaluation
from qa.evaluation.table import Grid, grids, spans

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}


def as_latex(evaluation: Evaluation) -> str:
    """Tables in percent; each caption says by which protocol it was scored."""
    return "\n".join(_table(grid, evaluation.scoring.value) for grid in grids(evaluation))


def escaped(text: str) -> str:
    """`text` with the characters that LaTeX treats specially."""
    return "".join(_SPECIAL.get(character, character) for character in text)


def _table(grid: Grid, protocol: str) -> str:
    groups = " & ".join(
        rf"\multicolumn{{{width}}}{{c}}{{{NAMES.get(name, escaped(name))}}}" for name, width in spans(grid.heads)
    )
    lines = [
        r"\begin{table}",
        rf"\caption{{{TITLES[grid.measure]} in \%, \emph{{{protocol}}} protocol.}}",
        rf"\begin{{tabular}}{{l{'r' * len(grid.heads)}}}",
        r"\toprule",
        rf" & {groups} \\",
        rf"Method & {' & '.join(shown(column) for _, column in grid.heads)} \\",
        r"\midrule",
        *(rf"{escaped(name)} & {' & '.join(texts)} \\".replace("–", "--") for name, texts in grid.rows),
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"
