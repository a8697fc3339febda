"""The garbage collector is as it was when what kept it from its work is over."""

import gc
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tenproj_xl.core.garbage import gc_paused, years_passed_over


def fail_within(context: Callable[[], AbstractContextManager[None]], is_on: Callable[[], bool]) -> None:
    """Enter a context twice and fail there; what is on within stays so until the outer one is left."""
    with context():
        with context():
            assert is_on()
        assert is_on()
        raise ValueError("amiss")


def test_a_pause_of_the_collector_ends_where_it_began_and_after_a_fault() -> None:
    with pytest.raises(ValueError, match="amiss"):
        fail_within(gc_paused, lambda: not gc.isenabled())
    assert gc.isenabled()


def test_what_is_there_is_passed_over_until_the_outermost_is_through() -> None:
    before = gc.get_freeze_count()
    with pytest.raises(ValueError, match="amiss"):
        fail_within(years_passed_over, lambda: gc.get_freeze_count() > 0)
    assert gc.get_freeze_count() == before
