"""The tables as SQLAlchemy sees them today; `migrations` is how a database gets there (a test holds them equal).

Times are ISO 8601 texts in UTC, so that what is hashed is what is stored, on both databases.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()


def _person(name: str, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey("people.id"), nullable=nullable)


META = Table("meta", METADATA, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

PEOPLE = Table(
    "people",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    CheckConstraint("role IN ('researcher', 'annotator')", name="people_role"),
)

GROUPS = Table(
    "query_groups",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("easy", Text, nullable=False),
    Column("hard", Text, nullable=False),
    Column("junk", Text, nullable=False),
    Column("note", Text, nullable=False),
    _person("note_by", nullable=True),
    Column("opened_at", Text),
    _person("opened_by", nullable=True),
)

QUERIES = Table(
    "queries",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("group_number", Integer, ForeignKey("query_groups.number"), nullable=False),
    Column("image", Text, nullable=False),
    *[Column(name, Double, nullable=False) for name in ("x1", "y1", "x2", "y2")],
    Column("present", Boolean, nullable=False),
)

QUERY_REVISIONS = Table(
    "query_revisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("query_number", Integer, ForeignKey("queries.number"), nullable=False),
    _person("person_id"),
    Column("at", Text, nullable=False),
    Column("annotation", Text, nullable=False),
    Index("query_revisions_query", "query_number"),
)

QUERY_APPROVALS = Table(
    "query_approvals",
    METADATA,
    Column("revision_id", Integer, ForeignKey("query_revisions.id"), primary_key=True, autoincrement=False),
    _person("person_id"),
    Column("at", Text, nullable=False),
)

PAIRS = Table(
    "pairs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("group_number", Integer, ForeignKey("query_groups.number"), nullable=False),
    Column("image", Text, nullable=False),
    Column("index_number", Integer, nullable=False),
    Column("difficulty", Text, nullable=False),
    Column("present", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("standing", Integer),
    Column("latest_revision", Integer),
    UniqueConstraint("group_number", "image", name="pairs_key"),
)

REVISIONS = Table(
    "revisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("pair_id", Integer, ForeignKey("pairs.id"), nullable=False),
    _person("person_id"),
    Column("at", Text, nullable=False),
    Column("proposer", Text),
    Column("parent", Integer, ForeignKey("revisions.id")),
    Column("annotation", Text, nullable=False),
    Index("revisions_pair", "pair_id"),
)

SEATS = Table(
    "seats",
    METADATA,
    Column("pair_id", Integer, ForeignKey("pairs.id"), nullable=False),
    Column("pass_number", Integer, nullable=False),
    _person("person_id"),
    PrimaryKeyConstraint("pair_id", "pass_number", name="seats_one_person_per_pass"),
    UniqueConstraint("pair_id", "person_id", name="seats_three_different_people"),
    UniqueConstraint("pair_id", "pass_number", "person_id", name="seats_key"),
    CheckConstraint("pass_number BETWEEN 1 AND 3", name="seats_three_passes"),
)

PASSES = Table(
    "passes",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("pair_id", Integer, nullable=False),
    Column("pass_number", Integer, nullable=False),
    Column("person_id", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("revision", Integer, ForeignKey("revisions.id"), nullable=False),
    Column("base_revision", Integer, ForeignKey("revisions.id")),
    Column("proposer", Text),
    Column("active_seconds", Double, nullable=False),
    Column("reason", Text, nullable=False),
    Column("submitted_at", Text, nullable=False),
    Column("after_state", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    ForeignKeyConstraint(
        ["pair_id", "pass_number", "person_id"],
        ["seats.pair_id", "seats.pass_number", "seats.person_id"],
        name="passes_seat",
    ),
    Index("passes_pair", "pair_id"),
)

REMARKS = Table(
    "remarks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("pair_id", Integer, ForeignKey("pairs.id"), nullable=False),
    Column("x", Double),
    Column("y", Double),
    _person("person_id"),
    Column("text", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("parent", Integer, ForeignKey("remarks.id")),
    Column("pass_sequence", Integer, ForeignKey("passes.sequence")),
    Column("settled_at", Text),
    _person("settled_by", nullable=True),
    Column("query_number", Integer, ForeignKey("queries.number")),
    Column("region", Text),
    Index("remarks_pair", "pair_id"),
)

LEASES = Table(
    "leases",
    METADATA,
    Column("pair_id", Integer, ForeignKey("pairs.id"), primary_key=True, autoincrement=False),
    _person("person_id"),
    Column("until", Double, nullable=False),
)

CHAIN_HEAD = Table(
    "chain_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
)

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("pair_id", Integer, ForeignKey("pairs.id"), nullable=False),
    _person("person_id"),
    Column("at", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("before_state", Text, nullable=False),
    Column("after_state", Text, nullable=False),
    Column("revision", Integer, ForeignKey("revisions.id")),
    Column("previous", Text, nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    Index("decisions_pair", "pair_id"),
)

BLIND_ANNOTATIONS = Table(
    "blind_annotations",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("pair_id", Integer, ForeignKey("pairs.id"), nullable=False),
    _person("person_id"),
    Column("at", Text, nullable=False),
    Column("active_seconds", Double, nullable=False),
    Column("annotation", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    UniqueConstraint("pair_id", name="blind_annotations_pair"),
)

SIGHTINGS = Table(
    "sightings",
    METADATA,
    Column("pair_id", Integer, ForeignKey("pairs.id"), nullable=False),
    _person("person_id"),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("pair_id", "person_id", name="sightings_once"),
)
