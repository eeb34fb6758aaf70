"""The HTML of the evaluation page: no script, nothing from outside, every name escaped."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image

from annotator.datasets.decode import thumbnail
from annotator.domain.dataset import Query
from annotator.domain.geometry import Points, Size
from qa.evaluation.cells import NAMES, TITLES, shown
from qa.evaluation.page_cards import Card
from qa.evaluation.remarks import DIFFERENCES
from qa.evaluation.scores import Evaluation, MethodScores
from qa.evaluation.table import Grid, grids

SIDE = 360
"""Pixels of the longer side of an embedded picture."""

STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #c4302b; --muted: #777; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1280px; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
table { border-collapse: collapse; margin: .6rem 0 1.2rem; } caption { text-align: left; font-weight: 600; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--line); text-align: right; }
th:first-child, td:first-child { text-align: left; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: .8rem; }
.card { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.card.true { border-color: var(--good); } .card.false { border-color: var(--bad); }
.card p { margin: .4rem .6rem; } .mark { font-weight: 600; }
.true .mark { color: var(--good); } .false .mark { color: var(--bad); } .muted { color: var(--muted); }
svg { display: block; width: 100%; aspect-ratio: 4 / 3; background: #1115; }
.p { fill: #ff8a0040; stroke: #ff8a00; stroke-width: 2.5; } .t { fill: none; stroke: #19c3e6; stroke-width: 2;
stroke-dasharray: 7 5; } .p, .t { vector-effect: non-scaling-stroke; fill-rule: evenodd; }
.query { max-width: 360px; }
"""


@dataclass(frozen=True, slots=True, eq=False)
class QuerySection:
    """A query with its cards and the pictures by image name."""

    dataset: str
    query: Query
    cards: Sequence[Card]
    pictures: Mapping[str, str]


def picture(path: Path) -> str:
    """A small JPEG of a photograph as a data URI; raises BadFileError."""
    stream = io.BytesIO()
    Image.fromarray(thumbnail(path, SIDE)).save(stream, "JPEG", quality=72, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def document(evaluation: Evaluation, method: MethodScores, sections: Sequence[QuerySection]) -> str:
    """The whole page."""
    name = escape(method.method)
    body = [
        f"<h1>{name}, scored by the {evaluation.scoring} protocol</h1>",
        *(_table(grid, str(evaluation.scoring)) for grid in grids(evaluation)),
        "<p class='muted'>Orange: the prediction. Blue, dashed: the truth. A true positive has a box IoU above 0.5."
        "</p>",
        *(_section(section) for section in sections),
        "<h2>Remarks</h2><ul>",
        *(
            f"<li>{escape(NAMES.get(dataset, dataset))}: {escape(remark)}</li>"
            for dataset, scores in method.datasets.items()
            for remark in scores.remarks
        ),
        "</ul><h2>Where the official and the paper's protocol differ</h2><ul>",
        *(f"<li>{escape(difference)}</li>" for difference in DIFFERENCES),
        "</ul>",
    ]
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{name}: {evaluation.scoring} protocol</title><style>{STYLE}</style></head><body>"
    )
    return "\n".join([head, *body, "</body></html>\n"])


def _table(grid: Grid, protocol: str) -> str:
    heads = "".join(
        f"<th>{escape(NAMES.get(name, name))}<br>{escape(shown(column))}</th>" for name, column in grid.heads
    )
    rows = "".join(
        f"<tr><td>{escape(name)}</td>{''.join(f'<td>{text}</td>' for text in texts)}</tr>" for name, texts in grid.rows
    )
    title = f"{TITLES[grid.measure]} in %, {protocol} protocol"
    return f"<table><caption>{escape(title)}</caption><tr><th>method</th>{heads}</tr>{rows}</table>"


def _section(section: QuerySection) -> str:
    query = section.query
    title = f"{NAMES.get(section.dataset, section.dataset)}, query {query.number}: {query.image}"
    uri = section.pictures.get(query.image)
    image = f'<img class="query" alt="the query image" src="{uri}">' if uri else ""
    found = "".join(_card(card, section.pictures.get(card.image)) for card in section.cards)
    return f'<h2>{escape(title)}</h2>{image}<div class="cards">{found}</div>'


def _card(card: Card, uri: str | None) -> str:
    kind = card.judgement.partition(" ")[0]
    scores = "" if math.isnan(card.box) else f"box IoU {card.box:.2f}, mask IoU {card.mask:.2f}<br>"
    return (
        f'<div class="card {kind}">{_drawing(card, uri)}<p><b>{card.rank}</b> {escape(card.image)}<br>'
        f'<span class="mark">{escape(card.judgement)}</span> <span class="muted">({escape(card.difficulty)})</span><br>'
        f'{scores}<span class="muted">{escape(card.form)}</span></p></div>'
    )


def _drawing(card: Card, uri: str | None) -> str:
    width, height = card.size or _extent(card)
    image = f'<image href="{uri}" width="{width}" height="{height}"/>' if uri else ""
    paths = "".join(
        f'<path class="{name}" d="{_path(rings)}"/>'
        for name, rings in (("t", card.truth), ("p", card.prediction))
        if rings
    )
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="outlines">{image}{paths}</svg>'


def _extent(card: Card) -> Size:
    """A ground that holds every outline, where the image's size is not known."""
    rings = (*card.truth, *card.prediction)
    if not rings:
        return 1024, 768
    right, bottom = (max(int(ring[:, axis].max()) for ring in rings) + 1 for axis in (0, 1))
    return max(right, 1), max(bottom, 1)


def _path(rings: Sequence[Points]) -> str:
    return "".join("M" + " ".join(f"{x:g},{y:g}" for x, y in ring.tolist()) + "Z" for ring in rings)
