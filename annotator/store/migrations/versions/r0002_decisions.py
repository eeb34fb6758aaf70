"""How researchers settle pairs that are escalated or in dispute."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annotator.store.migrations.append_only import keep

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    """Create the table of decisions, append-only like the passes."""
    op.create_table(
        "decisions",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pair_id", sa.Integer, sa.ForeignKey("pairs.id"), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        *[sa.Column(name, sa.Text, nullable=False) for name in ("at", "reason", "before_state", "after_state")],
        sa.Column("revision", sa.Integer, sa.ForeignKey("revisions.id")),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, unique=True),
    )
    op.create_index("decisions_pair", "decisions", ["pair_id"])
    keep("decisions")
