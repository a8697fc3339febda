"""Mend `time.sleep` under faketime, which every Python process imports before anything else.

With the monotonic clock left real, libfaketime 0.9.10 hands clock_nanosleep a wrong moment, and the call fails.
With it faked, locks with a timeout would wait for a year.
"""

import select
import time


def sleep(seconds: float) -> None:
    """Sleep without clock_nanosleep."""
    select.select([], [], [], seconds)


time.sleep = sleep
