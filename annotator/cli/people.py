"""People named on the command line."""

from __future__ import annotations

from annotator.domain.errors import RefusedError
from annotator.domain.passes import PersonRole
from annotator.project import Project


def known(project: Project, name: str) -> str | None:
    """The name as the project writes it; None for somebody it does not know."""
    plain = " ".join(name.split()).casefold()
    return next((person.name for person in project.store.people() if person.name.casefold() == plain), None)


def person_named(project: Project, name: str, role: PersonRole) -> str:
    """The name of a known person, or of a new one with this role."""
    return known(project, name) or project.store.add_person(name, role).name


def only_researcher(project: Project) -> str:
    """The project's one researcher; raises RefusedError when there is none or several, since then it must be said."""
    names = [person.name for person in project.store.people() if person.role is PersonRole.RESEARCHER]
    if len(names) == 1:
        return names[0]
    who = f"one of {', '.join(names)}" if names else "your name; it is added as a researcher's"
    raise RefusedError(f"Say who imports with --as NAME ({who}).")
