"""Triggers that keep a table's past as it was written, in the words of SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END $$
"""


def on_postgresql() -> bool:
    """Whether the step runs on PostgreSQL (otherwise on SQLite)."""
    return op.get_bind().dialect.name == "postgresql"


def define_refusal() -> None:
    """What the triggers of PostgreSQL call; to be run once, before `keep`."""
    if on_postgresql():
        op.execute(_FUNCTION)


def keep(table: str, columns: Sequence[str] = ()) -> None:
    """Refuse DELETE on `table`, and UPDATE of `columns` (of any column when none are named)."""
    of_columns = f" OF {', '.join(columns)}" if columns else ""
    events = [(f"UPDATE{of_columns}", "update"), ("DELETE", "delete")]
    for event, word in events:
        head = f"CREATE TRIGGER {table}_keep_{word} BEFORE {event} ON {table} FOR EACH ROW"
        if on_postgresql():
            op.execute(f"{head} EXECUTE FUNCTION refuse_change()")
        else:
            op.execute(f"{head} BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END")
    if on_postgresql():
        op.execute(f"CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()")
