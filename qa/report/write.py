"""Writing a report: the page all at once, or not."""

from __future__ import annotations

from pathlib import Path

from annotator.domain.dataset import group_name
from annotator.domain.errors import EnvironmentFault
from annotator.processes.whole_file import whole_file
from annotator.project.project import Project
from qa.contact_sheet import contact_sheet
from qa.dashboard import Dashboard
from qa.picture import jpeg
from qa.report.document import document
from qa.report.pictures import Progress, pictures


def write_report(project: Project, board: Dashboard, out: Path, progress: Progress | None = None) -> Path:
    """Write the page to `out`, replacing an earlier one; raises EnvironmentFault where that cannot be done."""
    return _write(out, document(board, pictures(project, board.disputes, progress)).encode())


def write_contact_sheets(project: Project, folder: Path, progress: Progress | None = None) -> tuple[Path, ...]:
    """Write `gNN.jpg` with all masks of each group that has any into `folder`; raises EnvironmentFault."""
    written = []
    for done, group in enumerate(project.groups, 1):
        page = contact_sheet(project, group.number)
        if page is not None:
            written.append(_write(folder / f"{group_name(group.number)}.jpg", jpeg(page, 85)))
        if progress is not None:
            progress(done, len(project.groups))
    return tuple(written)


def _write(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as stream:
            stream.write(content)
    except OSError as error:
        raise EnvironmentFault(f"{path}: cannot be written ({error.strerror}); choose another place.") from error
    return path
