"""The report's plots: what they draw stands where its numbers say."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from qa.agreement.estimates import NOTHING, Estimate
from qa.dashboard import Standing
from qa.progress import DoneCount, Forecast
from qa.report.figures import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, bar, done_plot, dot, progress_bar, week_plot

TODAY = date(2026, 3, 30)


def standing(done: int, two: int, one: int, open_: int, waiting: int) -> Standing:
    return Standing(done + two + one + open_ + waiting, done, two, one, open_, waiting, 0, 0)


def bars(svg: str) -> list[tuple[float, float]]:
    """Beginning and width of every filled rectangle."""
    return [(float(x), float(wide)) for x, wide in re.findall(r'<rect x="([\d.]+)" y="0" width="([\d.]+)"', svg)]


def labels(svg: str) -> list[str]:
    """The numbers at the left of a plot, from below."""
    return re.findall(r'text-anchor="end">([\d.,]+)</text>', svg)


def days_of(svg: str) -> list[str]:
    return re.findall(rf'y="{HEIGHT - 6}" text-anchor="\w+">([^<]+)<', svg)


def line(svg: str, style: str) -> list[tuple[float, float]]:
    """The points of the path that has a style."""
    (path,) = re.findall(rf'<path d="M([^"]+?)Z?"[^>]*{style}', svg)
    return [(float(x), float(y)) for x, y in (point.split(" ") for point in path.split("L"))]


def test_a_progress_bar_is_as_wide_as_the_pairs_are_many() -> None:
    svg = progress_bar(standing(4, 2, 1, 1, 8))
    assert bars(svg) == [(0, 40), (40, 20), (60, 10), (70, 10)]
    assert '<rect x="80.5" y="0.5" width="79.0"' in svg
    assert "4 of 16 done" in svg
    assert "dasharray" not in progress_bar(standing(3, 0, 0, 1, 0))
    assert bars(progress_bar(standing(0, 0, 0, 0, 0))) == [(0, 0)] * 4


def test_a_dot_stands_on_its_interval_between_the_ends_of_the_scale() -> None:
    svg = dot(Estimate(0.75, 0.5, 1.0, 9), limit=0.6, low=0.5, high=1.0, width=108)  # 100 px for the scale
    assert 'cx="54.0"' in svg
    assert "M4.0 8H104.0M4.0 5v6M104.0 5v6" in svg
    assert 'd="M24.0 0v16"' in svg
    assert 'fill="var(--warn)"' in svg  # the interval reaches below the limit
    assert 'fill="var(--text)"' in dot(Estimate(0.75, 0.7, 1.0, 9), 0.6, 0.5, 1.0)
    assert 'cx="4.0"' in dot(Estimate(0.2, math.nan, math.nan, 1), 0.6, 0.5, 1.0)  # what is below stands at the end
    assert dot(NOTHING, 0.6, 0.5, 1.0) == ""


@pytest.mark.parametrize(
    ("total", "told"),
    [
        (1, ["0", "1"]),
        (2, ["0", "1", "2"]),
        (3, ["0", "1", "2", "3"]),
        (10, ["0", "5", "10"]),
        (100, ["0", "25", "50", "75", "100"]),
        (6361, ["0", "2,000", "4,000", "6,000"]),
    ],
)
def test_numbers_of_pairs_are_whole_and_stand_once(total: int, told: list[str]) -> None:
    assert labels(done_plot([DoneCount(TODAY, 1)], total, None, TODAY)) == told


@pytest.mark.parametrize("lowest", [0.02, 0.33, 0.5, 0.71, 0.86, 0.9, 0.949, 0.999])
def test_numbers_of_agreement_are_what_they_are_written_as(lowest: float) -> None:
    svg = week_plot({TODAY: Estimate(lowest, lowest, lowest, 5)}, limit=0.95)
    told = [float(label) for label in labels(svg)]
    gaps = {round(later - earlier, 6) for earlier, later in pairwise(told)}
    assert len(gaps) == 1
    assert told[-1] == pytest.approx(1.0, abs=gaps.pop())
    heights = [float(y) for y in re.findall(rf'<path d="M{LEFT} ([\d.]+)H{WIDTH - RIGHT}" stroke="var\(--line\)"', svg)]
    places = [(HEIGHT - BOTTOM - y) / (HEIGHT - TOP - BOTTOM) for y in heights]
    low = math.floor(20 * min(0.93, lowest)) / 20
    assert places == pytest.approx([(value - low) / (1 - low) for value in told], abs=0.002)


def test_pairs_done_rise_to_today_and_the_forecast_goes_on_from_there() -> None:
    done = [DoneCount(TODAY - timedelta(days=back), count) for back, count in ((9, 10), (4, 40))]
    forecast = Forecast(TODAY + timedelta(days=10), TODAY + timedelta(days=5), TODAY + timedelta(days=20), 3.0)
    svg = done_plot(done, 80, forecast, TODAY)
    day = (WIDTH - LEFT - RIGHT) / 30  # from the day before the first pair to the end of the interval
    pair = (HEIGHT - TOP - BOTTOM) / 80

    def at(days: int, pairs: int) -> tuple[float, float]:
        return pytest.approx((LEFT + day * days, HEIGHT - BOTTOM - pair * pairs), abs=0.06)

    assert line(svg, 'stroke="var\\(--text\\)"') == [at(0, 0), at(1, 10), at(6, 40), at(10, 40)]
    assert line(svg, 'stroke="var\\(--accent\\)"') == [at(10, 40), at(20, 80)]
    assert line(svg, 'fill="var\\(--band\\)"') == [at(10, 40), at(15, 80), at(30, 80)]
    assert days_of(svg) == ["20 Mar 26", "30 Mar 26", "9 Apr 26", "19 Apr 26"]


def test_an_end_out_of_sight_does_not_press_the_past_together() -> None:
    """The work of 40 days is a quarter of the plot, however far the interval reaches."""
    done = [DoneCount(TODAY - timedelta(days=39), 10)]
    far = Forecast(TODAY + timedelta(days=300), TODAY + timedelta(days=100), None, 0.1)
    for forecast in (far, Forecast(far.day, far.low, TODAY + timedelta(days=5000), 0.1)):
        circle = re.search(r'<circle cx="([\d.]+)"', done_plot(done, 80, forecast, TODAY))
        assert circle is not None
        assert (float(circle[1]) - LEFT) / (WIDTH - LEFT - RIGHT) == pytest.approx(40 / 160, abs=0.001)


def test_a_week_has_a_dot_and_several_have_a_band() -> None:
    one = week_plot({TODAY: Estimate(0.9, 0.85, 0.95, 9)}, 0.8)
    assert one.count("<circle") == 1
    assert 'fill="var(--band)"' not in one
    weeks = {
        TODAY: Estimate(0.9, 0.85, 0.95, 9),
        TODAY + timedelta(days=7): Estimate(0.7, math.nan, math.nan, 1),
        TODAY + timedelta(days=14): NOTHING,
    }
    both = week_plot(weeks, 0.8)
    assert both.count("<circle") == 2
    band = line(both, 'fill="var\\(--band\\)"')
    assert len(band) == 4
    assert band[1] == band[2]  # a week of one pair has no interval
    assert week_plot({TODAY: NOTHING}, 0.8) == week_plot({}, 0.8) == ""


def test_bars_are_as_long_as_their_share_of_the_largest() -> None:
    assert 'width="90.0"' in bar(5, 10)
    assert 'width="180.0"' in bar(10, 10)
    assert 'width="1.0"' in bar(0, 10)
