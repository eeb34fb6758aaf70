"""One project folder: its database, image library, rules, journal and pre-mask cache."""

from annotator.project.create import create_project
from annotator.project.opening import open_project
from annotator.project.project import Project

__all__ = ["Project", "create_project", "open_project"]
