"""The first schema: people, groups, queries, pairs, revisions, seats, passes, remarks, leases, the chain's head."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from annotator.store.migrations.append_only import define_refusal, keep, on_postgresql

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """Create every table, then the triggers."""
    _people_and_groups()
    _query_masks()
    _pairs()
    _passes()
    _remarks_and_leases()
    define_refusal()
    for table in ("query_revisions", "query_approvals", "revisions", "seats", "passes"):
        keep(table)
    keep("remarks", ("id", "pair_id", "x", "y", "person_id", "text", "at", "parent", "pass_sequence"))
    _three_people_for_done()


def _people_and_groups() -> None:
    op.create_table("meta", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False, unique=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.CheckConstraint("role IN ('researcher', 'annotator')", name="people_role"),
    )
    op.create_table(
        "query_groups",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *[sa.Column(name, sa.Text, nullable=False) for name in ("easy", "hard", "junk", "note")],
        sa.Column("note_by", sa.Integer, sa.ForeignKey("people.id")),
        sa.Column("opened_at", sa.Text),
        sa.Column("opened_by", sa.Integer, sa.ForeignKey("people.id")),
    )
    op.create_table(
        "queries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("group_number", sa.Integer, sa.ForeignKey("query_groups.number"), nullable=False),
        sa.Column("image", sa.Text, nullable=False),
        *[sa.Column(name, sa.Double, nullable=False) for name in ("x1", "y1", "x2", "y2")],
        sa.Column("present", sa.Boolean, nullable=False),
    )


def _query_masks() -> None:
    op.create_table(
        "query_revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("query_number", sa.Integer, sa.ForeignKey("queries.number"), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("annotation", sa.Text, nullable=False),
    )
    op.create_index("query_revisions_query", "query_revisions", ["query_number"])
    op.create_table(
        "query_approvals",
        sa.Column(
            "revision_id", sa.Integer, sa.ForeignKey("query_revisions.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )


def _pairs() -> None:
    op.create_table(
        "pairs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("group_number", sa.Integer, sa.ForeignKey("query_groups.number"), nullable=False),
        sa.Column("image", sa.Text, nullable=False),
        sa.Column("index_number", sa.Integer, nullable=False),
        sa.Column("difficulty", sa.Text, nullable=False),
        sa.Column("present", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("standing", sa.Integer),
        sa.Column("latest_revision", sa.Integer),
        sa.UniqueConstraint("group_number", "image", name="pairs_key"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("pair_id", sa.Integer, sa.ForeignKey("pairs.id"), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("proposer", sa.Text),
        sa.Column("parent", sa.Integer, sa.ForeignKey("revisions.id")),
        sa.Column("annotation", sa.Text, nullable=False),
    )
    op.create_index("revisions_pair", "revisions", ["pair_id"])


def _passes() -> None:
    op.create_table(
        "seats",
        sa.Column("pair_id", sa.Integer, sa.ForeignKey("pairs.id"), nullable=False),
        sa.Column("pass_number", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        sa.PrimaryKeyConstraint("pair_id", "pass_number", name="seats_one_person_per_pass"),
        sa.UniqueConstraint("pair_id", "person_id", name="seats_three_different_people"),
        sa.UniqueConstraint("pair_id", "pass_number", "person_id", name="seats_key"),
        sa.CheckConstraint("pass_number BETWEEN 1 AND 3", name="seats_three_passes"),
    )
    op.create_table(
        "passes",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        *[sa.Column(name, sa.Integer, nullable=False) for name in ("pair_id", "pass_number", "person_id")],
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, sa.ForeignKey("revisions.id"), nullable=False),
        sa.Column("base_revision", sa.Integer, sa.ForeignKey("revisions.id")),
        sa.Column("proposer", sa.Text),
        sa.Column("active_seconds", sa.Double, nullable=False),
        *[sa.Column(name, sa.Text, nullable=False) for name in ("reason", "submitted_at", "after_state")],
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, unique=True),
        sa.ForeignKeyConstraint(
            ["pair_id", "pass_number", "person_id"],
            ["seats.pair_id", "seats.pass_number", "seats.person_id"],
            name="passes_seat",
        ),
    )
    op.create_index("passes_pair", "passes", ["pair_id"])
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )


def _remarks_and_leases() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("pair_id", sa.Integer, sa.ForeignKey("pairs.id"), nullable=False),
        sa.Column("x", sa.Double, nullable=False),
        sa.Column("y", sa.Double, nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("parent", sa.Integer, sa.ForeignKey("remarks.id")),
        sa.Column("pass_sequence", sa.Integer, sa.ForeignKey("passes.sequence")),
        sa.Column("settled_at", sa.Text),
        sa.Column("settled_by", sa.Integer, sa.ForeignKey("people.id")),
    )
    op.create_index("remarks_pair", "remarks", ["pair_id"])
    op.create_table(
        "leases",
        sa.Column("pair_id", sa.Integer, sa.ForeignKey("pairs.id"), primary_key=True, autoincrement=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("until", sa.Double, nullable=False),
    )


def _three_people_for_done() -> None:
    """A pair is done only when three seats are taken, which the keys of `seats` give to three different people."""
    missing = "(SELECT count(*) FROM seats WHERE seats.pair_id = NEW.id) < 3"
    if on_postgresql():
        op.execute(
            "CREATE FUNCTION refuse_early_done() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.state = 'done' AND {missing} THEN RAISE EXCEPTION 'three-people: done'; END IF; "
            "RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER pairs_done BEFORE INSERT OR UPDATE OF state ON pairs "
            "FOR EACH ROW EXECUTE FUNCTION refuse_early_done()"
        )
        return
    for event in ("INSERT", "UPDATE OF state"):
        op.execute(
            f"CREATE TRIGGER pairs_done_{event[:6].lower()} BEFORE {event} ON pairs FOR EACH ROW "
            f"WHEN NEW.state = 'done' AND {missing} BEGIN SELECT RAISE(ABORT, 'three-people: done'); END"
        )
