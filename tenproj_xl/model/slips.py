"""Supervision slips (督办单) and their closings, as plain objects; the ledger keeps them permanently.

Slips are numbered from 1 in each year: 〔2026〕1号. An item has at most one open slip, unless the office asks
for another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.model.duties import Duty


class Level(LabelledCode):
    """How urgent an item of 督办清单 is; the order is that of the list."""

    RED = "red", "红督办"
    YELLOW = "yellow", "黄催办"
    BLUE = "blue", "蓝提醒"


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One slip as it was issued.

    `period` is that of the roll-up it comes from, `chosen_in` the SHA-256 of the workbook that selected it.
    """

    year: int
    number: int
    level: Level
    kind: Duty
    code: str
    name: str
    task_force: str
    unit: str
    situation: str
    basis: str
    reply_by: date
    signer: str
    issued_on: date
    period: str
    chosen_in: str

    @property
    def key(self) -> tuple[int, int]:
        """Year and number, which identify the slip."""
        return self.year, self.number

    @property
    def label(self) -> str:
        """The number as it is written: `〔2026〕3号`."""
        return f"〔{self.year}〕{self.number}号"


@dataclass(frozen=True)
class Closing:
    """The office's record that what a slip asked for is done."""

    year: int
    number: int
    closed_on: date
    outcome: str
    period: str


@dataclass(frozen=True)
class Register:
    """The register of slips (督办台账): all slips by number, and the closings by key."""

    slips: tuple[Slip, ...] = ()
    closings: Mapping[tuple[int, int], Closing] = field(default_factory=dict)

    def up_to(self, period: Period) -> "Register":
        """Return the register as it stood at the end of a period."""
        slips = tuple(s for s in self.slips if parse_period(s.period).last <= period.last)
        closings = {k: c for k, c in self.closings.items() if parse_period(c.period).last <= period.last}
        return Register(slips, closings)

    def closing(self, slip: Slip) -> Closing | None:
        """Return how a slip was closed, None while it is open."""
        return self.closings.get(slip.key)

    @property
    def open(self) -> tuple[Slip, ...]:
        """The slips that are not closed."""
        return tuple(s for s in self.slips if s.key not in self.closings)

    def open_on(self, code: str) -> Slip | None:
        """Return the newest open slip on an item, None if there is none."""
        for slip in reversed(self.open):
            if slip.code == code:
                return slip
        return None

    def chosen_in(self, sha256: str) -> tuple[Slip, ...]:
        """Return the slips that were issued from a selection, given by the SHA-256 of its workbook."""
        return tuple(s for s in self.slips if s.chosen_in == sha256)

    def next_number(self, year: int) -> int:
        """Return the next free number of a year."""
        return max((s.number for s in self.slips if s.year == year), default=0) + 1


NO_SLIPS = Register()
