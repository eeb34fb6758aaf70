"""The dashboard with the numbers of the quality assurance, the report and the release."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.domain.dataset import PairKey
from annotator.domain.passes import Verdict
from annotator.domain.remarks import pinned
from annotator.project.opening import open_project
from annotator.ui import theme
from annotator.ui.dialogs.release import ReleaseDialog
from annotator.ui.panels.charts import DoneChart, WeekChart, ticks
from annotator.ui.panels.progress_table import HEADS
from qa.agreement.estimates import Estimate
from qa.progress import DoneCount, Forecast


@pytest.fixture
def worked(open_folder: Path, town: Any) -> Path:
    """hall_1 done by three people, hall_2 escalated."""
    with open_project(open_folder) as project:
        town.hand(project, "hall_1", "Mei", Verdict.SUBMITTED)
        town.hand(project, "hall_1", "Jonas", Verdict.REFINED, town.drawn(2.0))
        town.hand(project, "hall_1", "Amara", Verdict.APPROVED)
        town.hand(project, "hall_2", "Mei", Verdict.ESCALATED)
    return open_folder


def dashboard(town: Any, folder: Path, person: str = "Lena") -> tuple[Any, Any]:
    window = town.open(folder, person)
    window.view.show_mode("dashboard")
    town.settled(window)
    return window, window.view.page("dashboard")


def text(page: QWidget, name: str) -> str:
    found = page.findChild(QLabel, f"dashboard.{name}")
    assert found is not None
    return found.text()


def test_figures_come_from_the_passes(worked: Path, town: Any) -> None:
    _window, page = dashboard(town, worked)
    assert text(page, "done") == "1"
    assert text(page, "stopped") == "1"
    # Passes 1 and 2 differ by two of 73 columns, 2 and 3 not at all: two comparisons of 69/73 and one of 1.
    assert text(page, "agreement") == f"{(2 * 69 / 73 + 1) / 3:.3f}"
    assert text(page, "time") == "1 min 00 s"
    assert text(page, "forecast") == "–"
    model = page.table.model()
    assert model.index(0, HEADS.index("IoU")).data() == text(page, "agreement")
    assert model.index(0, HEADS.index("Minutes")).data() == "1.0"
    assert model.headerData(5, Qt.Orientation.Horizontal) == "Agreement limit 0.85"


def test_figures_of_a_project_that_waits_say_so(folder: Path, town: Any) -> None:
    """Nothing is open yet: that is not the same as nothing left to do."""
    _window, page = dashboard(town, folder)
    said = {label.text() for label in page.findChildren(QLabel)}
    assert said >= {"all that is left waits", "no pass is handed in yet", "no mask to check yet"}
    assert "no pass is left to do" not in said


def listed(page: Any) -> list[str]:
    assert page.pairs.isVisible()
    return [row.key.image for row in page.pairs.model.rows]


def open_row(town: Any, window: Any, page: Any, row: int) -> None:
    table = page.pairs.table
    spot = table.visualRect(page.pairs.model.index(row, 0)).center()
    town.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    town.settled(window)


def test_disputes_open_their_pairs_and_those_open_to_be_settled(worked: Path, town: Any) -> None:
    window, page = dashboard(town, worked)
    cell = page.table.visualRect(page.table.model().index(0, HEADS.index("Disputes"))).center()
    town.qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    town.settled(window)
    assert text(page, "pairs.title") == "Disputes and escalations in g00"
    assert listed(page) == ["hall_2"]
    open_row(town, window, page, 0)
    assert window.view.mode == "disputes"
    assert window.view.page("disputes").open_key.image == "hall_2"
    window.view.show_mode("dashboard")
    town.settled(window)
    assert listed(page) == ["hall_2"]  # where the person was
    town.press(page.pairs.table, Qt.Key.Key_Escape)
    assert page.table.isVisible()
    town.click(page.findChild(QWidget, "dashboard.stopped.box"))
    town.settled(window)
    assert text(page, "pairs.title") == "Disputes and escalations"
    town.press(page.pairs.table, Qt.Key.Key_Return)
    town.settled(window)
    assert window.view.mode == "disputes"
    window.view.show_mode("dashboard")
    town.settled(window)
    line = page.findChild(QWidget, "dashboard.stopped.0")
    assert line is not None
    town.click(line)
    town.settled(window)
    assert window.view.mode == "disputes"


@pytest.mark.parametrize(
    ("name", "title", "images"),
    [
        ("dashboard.done.box", "Pairs done", ["hall_1"]),
        ("dashboard.agreement.box", "Agreement below the limit", []),
        ("dashboard.time.box", "Time of all passes, longest first", ["hall_1", "hall_2"]),
        ("dashboard.forecast.box", "Pairs to do", ["hall_2", "hall_3", "gone", "tower_1"]),
        ("dashboard.attention.returned", "Returned, to be done again", []),
        ("dashboard.attention.open remarks", "Open remarks", ["hall_2"]),
        ("dashboard.attention.below the limit", "Agreement below the limit", []),
        ("dashboard.checks.speck", "Findings: speck", ["hall_1"]),
        ("dashboard.person.Jonas", "Pairs of Jonas", ["hall_1"]),
    ],
)
def test_every_figure_shows_its_pairs(worked: Path, town: Any, name: str, title: str, images: list[str]) -> None:
    with open_project(worked) as project:
        project.store.add_remark(PairKey(0, "hall_2"), pinned(50, 50), "Mei", "which wing?")
        standing = project.store.pair(PairKey(0, "hall_1")).standing
        project.cache.mkdir(exist_ok=True)
        found = {"g00:hall_1": [standing, [["speck", "warning"]]]}
        (project.cache / "checks.json").write_text(json.dumps(found), encoding="utf-8")
    window, page = dashboard(town, worked)
    pressed = page.findChild(QWidget, name)
    assert pressed is not None
    page.side.ensure_visible(pressed)
    town.click(pressed)
    town.settled(window)
    assert text(page, "pairs.title") == title
    assert listed(page) == images
    assert page.pairs.table.isVisible() == bool(images)


def test_an_annotator_opens_pairs_from_the_list(worked: Path, town: Any) -> None:
    window, page = dashboard(town, worked, "Mei")
    town.click(page.findChild(QWidget, "dashboard.time.box"))
    town.settled(window)
    open_row(town, window, page, 1)
    assert window.view.mode == "pairs"
    assert window.view.page("pairs").open_key.image == "hall_2"


def test_buttons_of_the_dashboard_leave_with_it(worked: Path, town: Any) -> None:
    window, page = dashboard(town, worked)
    assert page.release.isVisible()
    assert page.report.isVisible()
    window.view.show_mode("pairs")
    assert not page.release.isVisible()
    _other, mine = dashboard(town, worked, "Mei")
    assert mine.report.isVisible()
    assert not mine.release.isVisible()


def test_report_is_saved_where_the_person_says(
    worked: Path, town: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, page = dashboard(town, worked)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_words: (str(tmp_path / "state"), ""))
    town.click(page.report)
    town.settled(window)
    page_text = (tmp_path / "state.html").read_text(encoding="utf-8")
    assert "Town" in page_text
    assert page.report.isEnabled()


def test_release_says_what_is_missing_and_then_what_it_holds(worked: Path, town: Any, tmp_path: Path) -> None:
    window, page = dashboard(town, worked)
    town.click(page.release)
    dialog = page.findChild(ReleaseDialog)
    assert dialog is not None
    out = tmp_path / "Town-release"
    dialog.folder.setText(str(out))
    town.click(dialog.findChild(QPushButton, "release.go"))
    town.settled(window)
    assert "4 pairs are not done" in dialog.said.text()
    assert not out.exists()
    dialog.incomplete.setChecked(True)
    town.click(dialog.findChild(QPushButton, "release.go"))
    town.settled(window)
    assert dialog.said.text().startswith("1 pairs and 1 query masks")
    assert (out / "MANIFEST.json").is_file()
    town.click(dialog.close_button)


def test_release_that_is_given_up_leaves_nothing(worked: Path, town: Any, tmp_path: Path) -> None:
    window, page = dashboard(town, worked)
    town.click(page.release)
    dialog = page.findChild(ReleaseDialog)
    assert dialog is not None
    out = tmp_path / "never"
    dialog.folder.setText(str(out))
    dialog.incomplete.setChecked(True)
    dialog.make()
    town.click(dialog.close_button)
    town.settled(window)
    assert not out.exists()


def grabbed(qtbot: QtBot, chart: Any) -> QImage:
    qtbot.addWidget(chart)
    chart.resize(340, 148)
    return chart.grab().toImage()


def holds(image: QImage, colour: QColor) -> bool:
    shown = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(shown.constBits(), np.uint8).reshape(shown.height(), shown.width(), 4)[:, :, 2::-1]
    return bool((np.abs(pixels.astype(int) - colour.getRgb()[:3]).sum(axis=2) < 30).any())


def test_done_chart_draws_line_and_forecast(qtbot: QtBot) -> None:
    today, chart = date(2026, 3, 20), DoneChart("chart", "Pairs done", "Nothing yet.")
    chart.set_numbers((), 100, None, today)
    assert not holds(grabbed(qtbot, chart), theme.current().colour("accent"))
    done = tuple(DoneCount(today - timedelta(days=back), 40 - back) for back in range(20, -1, -4))
    chart.set_numbers(done, 100, Forecast(today + timedelta(30), today + timedelta(20), None, 2.0), today)
    image = grabbed(qtbot, chart)
    assert holds(image, theme.current().colour("accent"))
    assert holds(image, theme.current().colour("text1"))
    assert chart.place(chart.start, 0).y() == pytest.approx(chart.area.bottom())
    assert chart.place(chart.end, 100).x() == pytest.approx(chart.area.right())


@pytest.mark.parametrize("count", [0, 1, 5])
def test_week_chart_draws_any_number_of_weeks(qtbot: QtBot, count: int) -> None:
    chart = WeekChart("chart", "Agreement", "Nothing yet.")
    first = date(2026, 1, 5)
    weeks = {first + timedelta(days=7 * n): Estimate(0.9, 0.88, 0.92, 10) for n in range(count)}
    chart.set_numbers(weeks, 0.85)
    assert chart.filled == bool(count)
    assert holds(grabbed(qtbot, chart), theme.current().colour("text1")) == bool(count)


def test_ticks_are_round() -> None:
    assert ticks(0, 100) == [0, 50, 100]
    assert ticks(0.8, 1.0) == pytest.approx([0.8, 0.9, 1.0])
