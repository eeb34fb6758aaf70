"""What commands print: JSON, tables and long lists."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import typer

SHOWN = 12
"""So many entries of a long list are shown."""


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 pair, 2,463 pairs."""
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def print_json(data: object) -> None:
    """Plain data as JSON on stdout, with escapes where its encoding lacks a letter."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(data, indent=1)
    typer.echo(text)


def print_table(rows: Sequence[tuple[str, int]]) -> None:
    """Names and whole numbers in two columns."""
    names = max((len(name) for name, _ in rows), default=0)
    digits = max((len(f"{number:,}") for _, number in rows), default=0)
    for name, number in rows:
        typer.echo(f"{name.ljust(names)}  {number:>{digits},}")


def print_list(title: str, entries: Sequence[str], everything: bool, more: str = "") -> None:
    """A titled list, shortened unless `everything`; `more` tells how to see the rest. Nothing for an empty one."""
    if not entries:
        return
    typer.echo(f"\n{title} ({len(entries):,}):")
    shown = entries if everything else entries[:SHOWN]
    for entry in shown:
        typer.echo(f"  {entry}")
    if len(shown) < len(entries):
        typer.echo(f"  and {len(entries) - len(shown):,} more{more}")
