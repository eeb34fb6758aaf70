"""The report's tables say the dashboard's numbers, in words that a person reads."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.passes import PersonRole
from annotator.project import Project
from qa.agreement.consensus import Consensus
from qa.agreement.estimates import NOTHING, Estimate
from qa.check_run import CheckCount, CheckCounts
from qa.dashboard import Dashboard, PersonRow, dashboard
from qa.premask_use import Band, PremaskUse
from qa.progress import Forecast
from qa.remarks import OpenAndSettled, OpenThread, RemarkCounts
from qa.report import tables, words

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


class Cells(HTMLParser):
    """The texts of a table's cells by row, and everything outside of tables."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.beside = ""
        self._inside = False
        self.feed(source)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data
        else:
            self.beside += data


@pytest.fixture
def board(project: Project) -> Dashboard:
    """The dashboard of a project in which nothing was done; tests put their numbers in."""
    return dashboard(project)


def test_premasks_are_told_by_their_confidence(board: Dashboard) -> None:
    bands = (
        Band(0.5, 0.7, 3, Estimate(0.61, 0.5, 0.7, 3), Estimate(0.0, 0.0, 0.56, 3)),
        Band(0.95, 1.0, 1, Estimate(0.999, math.nan, math.nan, 1), Estimate(1.0, 0.2, 1.0, 1)),
    )
    use = PremaskUse(Estimate(0.4, 0.168, 0.687, 10), Estimate(0.7, 0.6, 0.8, 4), Estimate(0.25, 0.05, 0.7, 4), bands)
    found = Cells(tables.premask_table(replace(board, premasks=use)))
    assert found.beside == "40 % of the passes 1 began from a pre-mask (17 to 69 %)."
    assert found.rows[1:] == [
        ["0.50 to 0.70", "3", "0.610", "0.50 to 0.70", "0 %", "0 to 56 %"],
        ["0.95 to 1.00", "1", "0.999", "–", "100 %", "20 to 100 %"],
        ["all", "4", "0.700", "0.60 to 0.80", "25 %", "5 to 70 %"],
    ]
    nobody = replace(board, premasks=PremaskUse(Estimate(0.0, 0.0, 0.3, 9), NOTHING, NOTHING, ()))
    assert Cells(tables.premask_table(nobody)).beside == "No pass 1 began from a pre-mask."
    assert Cells(tables.premask_table(board)).rows == []


def test_blind_annotations_are_told_with_the_pull_of_premasks(board: Dashboard) -> None:
    found = Consensus(
        iou=Estimate(0.9, 0.85, 0.95, 12),
        with_premask=Estimate(0.88, 0.8, 0.93, 8),
        without_premask=Estimate(0.94, 0.9, 0.97, 4),
        bias=Estimate(0.06, -0.01, 0.12, 4),
        seconds=NOTHING,
    )
    assert Cells(tables.blind_table(replace(board, consensus=found))).rows[1:] == [
        ["all pairs drawn blind", "0.900", "0.850 to 0.950", "12"],
        ["where pass 1 began from a pre-mask", "0.880", "0.800 to 0.930", "8"],
        ["where it did not", "0.940", "0.900 to 0.970", "4"],
        ["difference, the pull of pre-masks", "0.060", "-0.010 to 0.120", "4"],
    ]
    nobody = Cells(tables.blind_table(replace(board, blind_share=0.05)))
    assert nobody.beside == "Nobody drew a pair blind yet; the rules ask for 5 % of the pairs."


def thread(number: int) -> OpenThread:
    at = AT + timedelta(days=number)
    return OpenThread(PairKey(0, f"im_{number}"), "index image", "Ann", f"<b>{number}</b>?", at, number % 3)


def test_the_oldest_forty_open_remarks_are_written_out(board: Dashboard) -> None:
    assert Cells(tables.remarks_table(board)).beside == "No remark is open."
    some = Cells(tables.remarks_table(replace(board, open_threads=tuple(map(thread, range(40))))))
    assert some.rows[1] == ["g00:im_0", "index image", "Ann", "1 Mar 26", "<b>0</b>?", "0"]
    assert (len(some.rows), some.beside) == (41, "")
    for more, words_ in ((1, "1 more is open; the window lists them."), (1200, "1,200 more are open")):
        many = Cells(tables.remarks_table(replace(board, open_threads=tuple(map(thread, range(40 + more))))))
        assert len(many.rows) == 41
        assert many.beside.startswith(words_)


def test_checks_say_how_many_masks_they_looked_at(board: Dashboard) -> None:
    counts = (CheckCount("speck", 2, 0, 3), CheckCount("empty mask", 1, 1, 0), CheckCount("too fast", 0, 0, 0))
    found = Cells(tables.checks_table(replace(board, checks=CheckCounts(1, 1500, 1, counts))))
    assert found.beside == "1 mask of 1,500 checked."
    assert found.rows[1:] == [["speck", "2", "0", "3"], ["empty mask", "1", "1", "0"]]
    clean = Cells(tables.checks_table(replace(board, checks=CheckCounts(2, 2, 0, counts[2:]))))
    assert (clean.rows, clean.beside) == ([], "2 masks of 2 checked.Nothing was found.")
    assert "annotator check" in Cells(tables.checks_table(board)).beside


def test_reasons_are_the_ten_most_frequent(board: Dashboard) -> None:
    reasons = tuple((f"reason {number} & more", 20 - number) for number in range(12))
    found = Cells(tables.reasons_table(replace(board, reasons=reasons))).rows[1:]
    assert [(row[0], row[2]) for row in found] == [(reason, str(times)) for reason, times in reasons[:10]]
    assert Cells(tables.reasons_table(board)).beside == "No pass was returned."


def test_a_group_is_done_forecast_or_unknown(board: Dashboard) -> None:
    row = board.groups[0]
    done = replace(row, standing=replace(row.standing, pairs=3, done=3, waiting=0, open=0))
    end = date(2026, 5, 9)
    going = replace(row, forecast=Forecast(end, end, end, 2.0), standing=replace(row.standing, pairs=3, stopped=2))
    shown = replace(board, groups=(done, going, replace(row, forecast=None)))
    rows = Cells(tables.groups_table(shown)).rows
    assert rows[0][-1] == "Forecast"
    assert [cells[-1] for cells in rows[1:]] == ["done", "9 May 26", "–"]
    assert [cells[4] for cells in rows[1:]] == ["100 %", "0 %", "0 %"]
    assert rows[2][rows[0].index("To settle")] == "2"


def test_people_have_their_passes_times_and_open_remarks(board: Dashboard) -> None:
    quick, slow = Estimate(75.4, 61.0, 3671.0, 5), Estimate(59.6, math.nan, math.nan, 1)
    row = PersonRow("Zoë <z>", PersonRole.ANNOTATOR, (1200, 1, 0), Estimate(0.91, 0.9, 0.93, 5), (quick, slow, NOTHING),
                    3, 1, 2)  # fmt: skip
    remarks = RemarkCounts(OpenAndSettled(4, 0), {}, {"Zoë <z>": OpenAndSettled(4, 0)})
    (cells,) = Cells(tables.people_table(replace(board, people=(row,), remarks=remarks))).rows[1:]
    assert cells == ["Zoë <z>", "1,200", "1", "0", "0.910", "0.900 to 0.930", "1:15", "1:01 to 1:01:11", "1:00", "–",
                     "3", "1", "4", "2"]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (59.4, "0:59"), (59.5, "1:00"), (3599.4, "59:59"), (3599.6, "1:00:00"), (36_061, "10:01:01"),
     (math.nan, words.UNKNOWN), (math.inf, words.UNKNOWN)],
)  # fmt: skip
def test_times_are_minutes_and_seconds_and_hours_where_there_are_any(seconds: float, shown: str) -> None:
    assert words.minutes(seconds) == shown


def test_what_is_not_known_is_a_dash() -> None:
    one = Estimate(0.5, math.nan, math.nan, 1)
    for shown in (words.mean(NOTHING), words.interval(one), words.interval(NOTHING), words.time_interval(one),
                  words.share(NOTHING), words.share_interval(NOTHING), words.share_interval(one)):  # fmt: skip
        assert shown == words.UNKNOWN
    assert (words.mean(one), words.share(one)) == ("0.500", "50 %")
    assert [words.count(number, "pair", "pairs") for number in (0, 1, 1000)] == ["0 pairs", "1 pair", "1,000 pairs"]
