"""The garbage collector, kept from looking again and again through much that stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause the garbage collector: rows that are read are long-lived, and collecting costs 20 %."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def years_passed_over() -> Iterator[None]:
    """Have the garbage collector pass over what is there now, as rows of years are, and collect the rest."""
    is_ours = gc.get_freeze_count() == 0
    if is_ours:
        gc.freeze()
    try:
        yield
    finally:
        if is_ours:
            gc.unfreeze()
