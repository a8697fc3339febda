"""Recorded times that tests set: the clock by which a ledger records, whatever the machine's says."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tenproj_xl.core.periods import parse_period
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.issued import Snapshots

ZONE = ZoneInfo("Asia/Shanghai")
_real = Ledger.batch


def moment(text: str) -> datetime:
    """Return a moment in the office's zone: `2099-12-04 17:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def first_morning(period: str) -> datetime:
    """Return when the office comes in on the first day of a period."""
    return moment(f"{parse_period(period).first} 09:00")


class Clock:
    """A clock that stands still until it is set; a ledger records by it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = moment("2099-11-01 09:00")
        monkeypatch.setattr(Ledger, "batch", self._batch())

    def set(self, text: str) -> None:
        """Set the time in the office's zone: `2099-12-04 17:00`.

        The years of tests lie ahead of every machine's clock, so that what fixtures recorded lies before them.
        """
        self.now = moment(text)

    def _batch(self) -> Callable[..., AbstractContextManager[Ledger]]:
        clock = self

        @contextmanager
        def batch(ledger: Ledger, command: str, _at: datetime, snapshots: Snapshots) -> Iterator[Ledger]:
            with _real(ledger, command, clock.now, snapshots) as opened:
                yield opened

        return batch
