"""Who has seen the masks of a pair without doing a pass of it, and therefore no longer draws it blind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annotator.store.migrations.append_only import keep

revision = "r0005"
down_revision = "r0004"


def upgrade() -> None:
    """Create the table of sightings; what was seen stays seen."""
    op.create_table(
        "sightings",
        sa.Column("pair_id", sa.Integer, sa.ForeignKey("pairs.id"), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pair_id", "person_id", name="sightings_once"),
    )
    keep("sightings")
