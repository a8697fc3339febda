"""The garbage collector is as it was when what kept it from its work is over."""

import gc

import pytest

from tenproj_xl.core.garbage import gc_paused


@gc_paused()
def fail_after_a_pause_within() -> None:
    with gc_paused():
        assert not gc.isenabled()
    assert not gc.isenabled()
    raise ValueError("amiss")


def test_a_pause_of_the_collector_ends_where_it_began_and_after_a_fault() -> None:
    with pytest.raises(ValueError, match="amiss"):
        fail_after_a_pause_within()
    assert gc.isenabled()
