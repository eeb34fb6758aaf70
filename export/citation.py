"""CITATION.cff: how a release is cited, and the works that it builds on."""

from __future__ import annotations

from export.licence import Licence


def citation_text(title: str, version: str, date: str, licence: Licence) -> str:
    """CITATION.cff (Citation File Format 1.2.0) for a release; `date` is the day of its last round, YYYY-MM-DD."""
    return (
        "cff-version: 1.2.0\n"
        "message: If you use this dataset, cite it and the works that it builds on.\n"
        "type: dataset\n"
        f"title: {_quoted(title)}\n"
        f"version: {_quoted(version)}\n"
        f"date-released: {date}\n"
        f"license-url: {_quoted(licence.url)}\n"
        "authors:\n"
        f"  - name: {_quoted(f'The makers of {title}')}\n"
        "references:\n"
        "  - type: conference-paper\n"
        '    title: "Revisiting Oxford and Paris: Large-Scale Image Retrieval Benchmarking"\n'
        "    year: 2018\n"
        "    authors:\n"
        "      - {family-names: Radenović, given-names: Filip}\n"
        "      - {family-names: Iscen, given-names: Ahmet}\n"
        "      - {family-names: Tolias, given-names: Giorgos}\n"
        "      - {family-names: Avrithis, given-names: Yannis}\n"
        "      - {family-names: Chum, given-names: Ondřej}\n"
        "  - type: conference-paper\n"
        '    title: "Towards Content-based Pixel Retrieval in Revisited Oxford and Paris"\n'
        "    year: 2023\n"
        "    authors:\n"
        "      - {family-names: An, given-names: Guoyuan}\n"
        "      - {name: others}\n"
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
