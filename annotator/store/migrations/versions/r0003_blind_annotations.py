"""Blind second annotations of a sampled share of the pairs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annotator.store.migrations.append_only import keep

revision = "r0003"
down_revision = "r0002"


def upgrade() -> None:
    """Create the table of blind annotations, append-only like the passes, at most one for each pair."""
    op.create_table(
        "blind_annotations",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pair_id", sa.Integer, sa.ForeignKey("pairs.id"), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("active_seconds", sa.Double, nullable=False),
        sa.Column("annotation", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, unique=True),
        sa.UniqueConstraint("pair_id", name="blind_annotations_pair"),
    )
    keep("blind_annotations")
