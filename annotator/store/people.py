"""People and their roles."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from annotator.domain.errors import ConflictError, RefusedError
from annotator.domain.passes import Person, PersonRole
from annotator.store.part import Part, folded
from annotator.store.schema import PEOPLE

LONGEST_NAME = 100


class PeoplePart(Part):
    """Who works in the project."""

    def add_person(self, name: str, role: PersonRole) -> Person:
        """Add somebody; raises RefusedError for an empty name or one that is there already (case does not matter)."""
        plain = " ".join(name.split())
        if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
            raise RefusedError(f"A name has 1 to {LONGEST_NAME} letters; choose another.")
        with self.database.write() as connection:
            there = connection.scalar(select(PEOPLE.c.name).where(PEOPLE.c.folded == folded(plain)))
            if there is not None:
                raise RefusedError(f"There is already somebody called {there}; choose another name.")
            values = {"name": plain, "folded": folded(plain), "role": role.value}
            row = connection.execute(insert(PEOPLE).values(values).returning(*PEOPLE.c)).one()
        return _person(row)

    def forget_person(self, name: str) -> bool:
        """Take out somebody who did nothing yet, and say whether that was possible; who did anything stays for ever."""
        try:
            with self.database.write() as connection:
                connection.execute(delete(PEOPLE).where(PEOPLE.c.folded == folded(name)))
        except ConflictError:  # other rows name the person
            return False
        return True

    def people(self) -> tuple[Person, ...]:
        """Everybody, in the order in which they came."""
        with self.database.read() as connection:
            return tuple(_person(row) for row in connection.execute(select(PEOPLE).order_by(PEOPLE.c.id)))

    def person(self, name: str) -> Person:
        """Somebody by name; raises RefusedError that names who exists."""
        with self.database.read() as connection:
            return _person(self._person_row(connection, name))

    def researchers(self) -> int:
        """How many researchers there are."""
        counted = select(func.count()).where(PEOPLE.c.role == PersonRole.RESEARCHER.value)
        with self.database.read() as connection:
            return connection.scalar(counted) or 0


def _person(row: Row[Any]) -> Person:
    return Person(row.id, row.name, PersonRole(row.role))
