"""When the desk ends: as soon as its last window is closed, and never because one only sleeps."""

import pytest

from tenproj_xl.desk.windows import Windows


class _Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def windows(clock: _Clock) -> Windows:
    return Windows(clock)


def are_closed_after(windows: Windows, clock: _Clock, seconds: int) -> bool:
    """Look every second, as the server does, and return whether the last look found all closed."""
    closed = windows.are_closed()
    for _ in range(seconds):
        clock.now += 1
        closed = windows.are_closed()
    return closed


def test_a_browser_may_take_its_time_to_open(windows: Windows, clock: _Clock) -> None:
    assert not are_closed_after(windows, clock, 590)
    assert are_closed_after(windows, clock, 20)


def test_a_closed_window_ends_it_soon(windows: Windows, clock: _Clock) -> None:
    windows.speaks("a")
    windows.closes("a")
    assert not are_closed_after(windows, clock, 5)
    assert are_closed_after(windows, clock, 3)


def test_what_a_window_said_before_it_was_closed_may_come_after_that(windows: Windows, clock: _Clock) -> None:
    windows.speaks("a")
    windows.closes("a")
    windows.speaks("a")
    assert not are_closed_after(windows, clock, 5)
    assert are_closed_after(windows, clock, 3)


def test_a_page_that_says_it_is_closed_before_it_said_it_is_open_is_closed(
    windows: Windows, clock: _Clock
) -> None:
    windows.closes("a")
    windows.speaks("a")
    assert are_closed_after(windows, clock, 8)


def test_going_on_to_another_page_does_not_end_it(windows: Windows, clock: _Clock) -> None:
    windows.speaks("a")
    windows.closes("a")
    assert not are_closed_after(windows, clock, 4)
    windows.asks()
    assert not are_closed_after(windows, clock, 4)
    windows.speaks("b")
    assert not are_closed_after(windows, clock, 60)


def test_the_second_window_keeps_it_open(windows: Windows, clock: _Clock) -> None:
    windows.speaks("a")
    windows.speaks("b")
    windows.closes("a")
    assert not are_closed_after(windows, clock, 30)


def test_a_window_in_the_background_speaks_once_a_minute(windows: Windows, clock: _Clock) -> None:
    for _ in range(10):
        windows.speaks("a")
        assert not are_closed_after(windows, clock, 60)


def test_a_browser_that_was_killed_ends_it_in_the_end(windows: Windows, clock: _Clock) -> None:
    windows.speaks("a")
    assert are_closed_after(windows, clock, 160)


def test_a_window_whose_dialog_for_printing_is_open_is_waited_for(windows: Windows, clock: _Clock) -> None:
    windows.speaks("a", prints=True)
    assert not are_closed_after(windows, clock, 600)


def test_a_machine_that_slept_is_given_time_anew(windows: Windows, clock: _Clock) -> None:
    windows.speaks("a")
    assert not are_closed_after(windows, clock, 2)
    clock.now += 8 * 3600
    assert not are_closed_after(windows, clock, 5)
