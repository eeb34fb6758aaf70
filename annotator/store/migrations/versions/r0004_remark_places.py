"""Remarks on regions, on query images, and on an image as a whole; until now each had a point of the index image."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annotator.store.migrations.append_only import keep, on_postgresql

revision = "r0004"
down_revision = "r0003"

_OLD = ("id", "pair_id", "x", "y", "person_id", "text", "at", "parent", "pass_sequence")
_SETTLED = ("settled_at", "settled_by")
_ONE_PLACE = "(x IS NULL) = (y IS NULL) AND (x IS NULL OR region IS NULL)"


def upgrade() -> None:
    """Let the point be absent, add region and query, and keep the new columns as the old ones are kept."""
    if on_postgresql():
        _change_in_place()
    else:
        _make_again()
    keep("remarks", (*_OLD, "query_number", "region"))


def _change_in_place() -> None:
    for name in ("x", "y"):
        op.alter_column("remarks", name, nullable=True)
    op.add_column("remarks", sa.Column("query_number", sa.Integer, sa.ForeignKey("queries.number")))
    op.add_column("remarks", sa.Column("region", sa.Text))
    op.create_check_constraint("remarks_one_place", "remarks", _ONE_PLACE)
    for word in ("update", "delete", "all"):
        op.execute(f"DROP TRIGGER remarks_keep_{word} ON remarks")


def _make_again() -> None:
    """SQLite cannot let an existing column be NULL, so the table is made again; its triggers go with the old one."""
    op.create_table(
        "remarks_new",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("pair_id", sa.Integer, sa.ForeignKey("pairs.id"), nullable=False),
        sa.Column("x", sa.Double),
        sa.Column("y", sa.Double),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        # Follows the table when it is renamed. Were it to name the old table, dropping that would break the key.
        sa.Column("parent", sa.Integer, sa.ForeignKey("remarks_new.id")),
        sa.Column("pass_sequence", sa.Integer, sa.ForeignKey("passes.sequence")),
        sa.Column("settled_at", sa.Text),
        sa.Column("settled_by", sa.Integer, sa.ForeignKey("people.id")),
        sa.Column("query_number", sa.Integer, sa.ForeignKey("queries.number")),
        sa.Column("region", sa.Text),
        sa.CheckConstraint(_ONE_PLACE, name="remarks_one_place"),
    )
    columns = ", ".join((*_OLD, *_SETTLED))
    op.execute(f"INSERT INTO remarks_new ({columns}) SELECT {columns} FROM remarks ORDER BY id")  # noqa: S608 (own words)
    op.drop_table("remarks")
    op.rename_table("remarks_new", "remarks")
    op.create_index("remarks_pair", "remarks", ["pair_id"])
