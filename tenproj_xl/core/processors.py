"""The processors of the machine that this process may work on."""

import os


def usable_cores() -> int:
    """Return on how many cores this process may run: `taskset` or a container may leave it some of them."""
    if hasattr(os, "sched_getaffinity"):  # neither Windows nor macOS tells
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
