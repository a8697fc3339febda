"""Who is at the other end of a connection on this machine, as far as the system tells.

An address that a browser is started with can be seen by all users of a machine in its list of processes, and
cookies of this machine go to servers of all its ports: so the user counts, too, not the secret alone.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
_LOCAL, _REMOTE, _USER = 1, 2, 7
_ROOT = 0
"""May do everything here anyway; relays of the system itself run as this user."""


def is_of_another_user(port: int, own_port: int) -> bool:
    """Return whether a connection from a port of this machine to ours is that of another user of it.

    Where the system does not tell, as on Windows, it is none: there nobody sees how others start programs.
    """
    if sys.platform != "linux":
        return False
    return any(user not in (_ROOT, os.getuid()) for user in _users(port, own_port))


def _users(port: int, own_port: int) -> Iterator[int]:
    for table in _TABLES:
        try:
            lines = Path(table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:  # a system without it
            continue
        for line in lines:
            columns = line.split()
            if _port(columns[_LOCAL]) == port and _port(columns[_REMOTE]) == own_port:
                yield int(columns[_USER])


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
