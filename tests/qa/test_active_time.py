from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.active_time import ActiveClock


def test_idle_time_is_cut_off() -> None:
    clock = ActiveClock(idle_seconds=60)
    assert clock.seconds(5) == 0
    clock.touch(10)
    clock.touch(40)
    assert clock.seconds(50) == 40
    clock.touch(1000)  # a long lunch counts for a minute
    assert clock.seconds(1000) == 90
    assert clock.seconds(5000) == 150


def test_a_paused_clock_stands_and_goes_on_from_before() -> None:
    clock = ActiveClock(idle_seconds=60, before=7.5)
    clock.touch(0)
    clock.pause(20)
    assert clock.seconds(500) == 27.5
    clock.touch(600)
    assert clock.seconds(610) == 37.5


def test_a_clock_that_runs_backwards_adds_nothing() -> None:
    clock = ActiveClock(idle_seconds=60)
    clock.touch(100)
    clock.touch(90)
    assert clock.seconds(95) == 0
    assert clock.seconds(101) == 1


@given(times=st.lists(st.floats(0, 1e6), min_size=1), idle=st.floats(0.1, 1e3))
def test_active_time_is_never_more_than_the_time_that_passed(times: list[float], idle: float) -> None:
    clock = ActiveClock(idle)
    for now in sorted(times):
        clock.touch(now)
    total = clock.seconds(max(times))
    assert 0 <= total <= max(times) - min(times) + 1e-6
    assert total <= idle * len(times) + 1e-6
