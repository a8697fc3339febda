"""Mend `time.sleep` under faketime, which every Python process imports before anything else.

libfaketime 0.9.10 makes clock_nanosleep fail where the monotonic clock is left real; where that is faked, too,
locks with a timeout wait for a year.
"""

import select
import time


def sleep(seconds: float) -> None:
    """Sleep without clock_nanosleep."""
    select.select([], [], [], seconds)


time.sleep = sleep
