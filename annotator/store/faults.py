"""What the database says, as sentences for people: the one place where database errors become the project's."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

from annotator.domain.errors import AnnotatorError, BadFileError, ConflictError, EnvironmentFault, RefusedError

NOT_WRITABLE = "it may not be written; get the right to write there, or open a copy of the project"

_ENVIRONMENT = (
    ("database or disk is full", "the disk is full; nothing was lost, make room and save again"),
    ("disk i/o error", "the disk does not take what is written; nothing was lost, look after the disk and save again"),
    ("no space left", "the server's disk is full; nothing was lost, make room and save again"),
    ("readonly database", NOT_WRITABLE),
    ("read-only transaction", "the server allows reading only; ask whoever runs it for the right to write"),
    ("permission denied", "this account may not write there; ask whoever runs the server for the right"),
    ("unable to open", "it cannot be opened; look whether the folder is there and may be written"),
    ("database is locked", "another program has held it for a long time; close that one and try again"),
    ("password authentication failed", "the server refuses the name or password; correct the project's store address"),
    ("no password supplied", "the server asks for a password; write it into ~/.pgpass, or into the store address"),
    ("fatal:  role", "the server does not know this name; correct the project's store address"),
    ("no pg_hba.conf entry", "the server does not let this computer or account in; ask whoever runs it"),
    ("fatal:  database", "there is no such database on the server; correct the project's store address"),
)
_BROKEN = (
    ("not a database", "this is no project database", "choose a project folder, or restore the file from a backup"),
    ("malformed", "the database is damaged", "restore the file from a backup"),
    ("no such table", "parts of the database are missing", "restore the file from a backup"),
)
NO_TEXT = "A text holds a sign that is no text; nothing was changed, write it again without that sign."
"""What no database keeps as text: half of a surrogate pair, as bytes of a command line become that are no UTF-8."""
_RULES = (
    ("cannot contain nul", NO_TEXT),
    ("append-only", "What was submitted cannot be changed or deleted; nothing was changed."),
    ("three-people", "A pair is done only after passes by three different people; nothing was changed."),
    ("seats_three_different_people", "The three passes of a pair are done by three different people."),
    ("seats.pair_id, seats.person_id", "The three passes of a pair are done by three different people."),
)
_AWAY = ("connection", "timeout", "timed out", "shutting down", "starting up")
_RACES = (
    "unique",
    "duplicate key",
    "foreign key",
    "deadlock",
    "could not serialize",
)
_STATES = {
    "53100": "no space left",
    "42501": "permission denied",
    "25006": "read-only transaction",
    "23505": "unique",
    "23503": "foreign key",
    "40001": "could not serialize",
    "40P01": "deadlock",
    "55P03": "timeout",
    "57P01": "shutting down",
    "57P02": "shutting down",
    "57P03": "starting up",
}
"""What a PostgreSQL server means in whatever language it is set to speak, by its SQLSTATE."""


def as_sentence(error: DBAPIError, name: str) -> AnnotatorError | None:
    """The error that a person can act on for `error` of the database `name`; None where it is a bug of the program."""
    state = getattr(error.orig, "sqlstate", None)
    text = f"{error.orig} {_STATES.get(state or '', '')}".lower()
    for sign, sentence in _RULES:
        if sign in text:
            return RefusedError(sentence)
    for sign, problem, remedy in _BROKEN:
        if sign in text:
            return BadFileError(name, problem, remedy)
    for sign, sentence in _ENVIRONMENT:
        if sign in text:
            return EnvironmentFault(f"{name}: {sentence}.")
    if any(sign in text for sign in _RACES):
        return ConflictError("Somebody else saved the same thing at the same moment; load it again and repeat.")
    never_met = isinstance(error, OperationalError) and error.statement is None  # a name that no network knows, too
    if never_met or error.connection_invalidated or any(sign in text for sign in _AWAY):
        return EnvironmentFault(f"{name}: the database does not answer; nothing was lost, try again when it does.")
    return None
