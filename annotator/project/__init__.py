"""One project folder: its database, image library, rules, journal and pre-mask cache."""

from annotator.project.create import create_project
from annotator.project.importing import ImportReport, import_source
from annotator.project.opening import open_project
from annotator.project.project import Project

__all__ = ["ImportReport", "Project", "create_project", "import_source", "open_project"]
