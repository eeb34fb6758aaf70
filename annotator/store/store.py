"""The repository over one project database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert, text

from annotator.domain.dataset import GroundTruth
from annotator.domain.errors import RefusedError
from annotator.store.blind import BlindPart
from annotator.store.chain import GENESIS, ChainPart
from annotator.store.database import Database, use_write_ahead_log
from annotator.store.decisions import DecisionsPart
from annotator.store.groups import write_truth
from annotator.store.intake import IntakePart
from annotator.store.leases import LeasesPart
from annotator.store.migrate import CURRENT, back_up, locked_version, require_known, upgrade, version_of
from annotator.store.pairs import PairsPart
from annotator.store.part import Clock
from annotator.store.people import PeoplePart
from annotator.store.schema import CHAIN_HEAD


def now_utc() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


class Store(IntakePart, DecisionsPart, BlindPart, PeoplePart, PairsPart, LeasesPart, ChainPart):
    """Everything that is kept about a project, on SQLite or PostgreSQL.

    Every public method is one transaction: it happens as a whole or not at all. A store may be used from several
    threads. `clock` tells the time of what is written and the end of leases; on a server it follows the server's clock,
    so that laptops that disagree do not take each other's leases.
    """

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self.database = database
        self.clock = clock or _clock_of(database)

    @classmethod
    def create(cls, url: str, truth: GroundTruth, clock: Clock | None = None) -> Store:
        """Make the tables in an empty database and fill in a ground truth; all of it or nothing.

        Raises RefusedError when the database holds a project already.
        """
        database = Database(url)
        try:
            if database.path is not None:
                use_write_ahead_log(database.path)
            with database.write() as connection:
                if version_of(connection) is not None:
                    raise RefusedError(f"{database.name} holds a project already; open it, or choose another database.")
                upgrade(connection)
                connection.execute(insert(CHAIN_HEAD).values(id=1, sequence=0, sha256=GENESIS))
                write_truth(connection, truth)
            return cls(database, clock)
        except BaseException:
            database.close()
            raise

    @classmethod
    def open(cls, url: str, clock: Clock | None = None) -> Store:
        """Open a project's database, after a backup and an upgrade where its schema is older.

        Raises NewerProjectError (nothing is changed), BadFileError or EnvironmentFault.
        """
        database = Database(url)
        try:
            if require_known(database) != CURRENT:
                with database.write() as connection:
                    version = locked_version(connection, database)
                    if version != CURRENT:  # nobody else upgraded it meanwhile
                        back_up(database, version)
                        upgrade(connection)
            return cls(database, clock)
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Give the connections back; the store is not used afterwards."""
        self.database.close()


def _clock_of(database: Database) -> Clock:
    if database.is_sqlite:
        return now_utc
    with database.read() as connection:
        told: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    offset = told - now_utc()
    return lambda: now_utc() + offset
