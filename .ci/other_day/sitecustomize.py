"""Mend `time.sleep` under faketime, which every Python process imports before anything else.

libfaketime 0.9.10 breaks clock_nanosleep where the monotonic clock is left real. Where that is faked as well,
locks with a timeout wait for a year.
"""

import select
import time


def sleep(seconds: float) -> None:
    """Sleep without clock_nanosleep."""
    select.select([], [], [], seconds)


time.sleep = sleep
