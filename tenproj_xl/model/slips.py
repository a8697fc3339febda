"""Supervision slips (督办单), replies to them and their closings, as plain objects; the ledger keeps them.

Slips are numbered from 1 in each year: 〔2026〕1号. An item has at most one open slip: another one follows
it, and one that was not answered in time is followed by one of the next stage.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.model.duties import Duty


class Level(LabelledCode):
    """How urgent an item of 督办清单 is; the order is that of the list."""

    RED = "red", "红督办"
    YELLOW = "yellow", "黄催办"
    BLUE = "blue", "蓝提醒"


class Stage(LabelledCode):
    """How strong a word a slip is; the order is that in which they follow each other."""

    REMIND = "remind", "提醒"
    URGE = "urge", "催办"
    SUPERVISE = "supervise", "督办"
    AGAIN = "again", "再次督办"
    CIRCULATE = "circulate", "通报"

    @property
    def next(self) -> "Stage":
        """The stage of a slip that follows one which was not answered; there is none beyond the last."""
        stages = list(Stage)
        return stages[min(stages.index(self) + 1, len(stages) - 1)]


_FIRST_STAGES: Mapping[str, Stage] = {
    Level.RED: Stage.SUPERVISE,
    Level.YELLOW: Stage.URGE,
    Level.BLUE: Stage.REMIND,
}


def stage_of(level: Level) -> Stage:
    """Return the stage of the first slip on an item that is as urgent as a level."""
    return _FIRST_STAGES.get(level, Stage.SUPERVISE)


@dataclass(frozen=True, kw_only=True)
class Slip:
    """One slip as it was issued.

    `period` is that of the roll-up it comes from, `chosen_in` the SHA-256 of the workbook that selected it.
    `follows` is the key of the slip before it on the same item. Those of 0.3.0 and before have no `stage` of
    their own: it is that of their level. `awaits` are the units that are each to answer it; of those that
    were recorded without them, whoever answers first answers for all.
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
    stage: Stage | None = None
    follows: tuple[int, int] | None = None
    awaits: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The units that it went to, as they are printed."""
        return tuple(filter(None, self.unit.split("、")))

    @property
    def issued_as(self) -> Stage:
        """Its stage."""
        return self.stage or stage_of(self.level)

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


@dataclass(frozen=True, kw_only=True)
class SlipReply:
    """What a unit answered: in its return (`file` is that), or in the slip that came back.

    `period` is that of the return, or the one in which the slip came back. `unit` is which of the units of a
    slip answered, as the slip names it; "" where the slip went to one alone, and in replies of before.
    """

    year: int
    number: int
    replied_on: date
    text: str
    period: str
    file: str
    sha256: str
    unit: str = ""

    @property
    def key(self) -> tuple[int, int]:
        """Year and number of the slip."""
        return self.year, self.number

    @property
    def spoken(self) -> str:
        """When a unit answered what: `2026-12-10已反馈：月底到位`, with the unit where there are several."""
        return f"{self.replied_on}{self.unit}已反馈：{self.text}"


def _awaited_after(slip: Slip, replies: Iterable[SlipReply]) -> tuple[str, ...]:
    """Return the units that are still to answer a slip after some replies."""
    answered = {reply.unit for reply in replies}
    if not answered:
        return slip.units
    if "" in answered:
        return ()
    return tuple(unit for unit in slip.awaits if unit not in answered)


def is_answered_by(slip: Slip, replies: Collection[SlipReply]) -> bool:
    """Return whether replies answer a slip, those of each unit that it awaits."""
    return bool(replies) and not _awaited_after(slip, replies)


@dataclass(frozen=True)
class Register:
    """The register of slips (督办台账): all slips by number, with closings and replies by key."""

    slips: tuple[Slip, ...] = ()
    closings: Mapping[tuple[int, int], Closing] = field(default_factory=dict)
    replies: Mapping[tuple[int, int], Sequence[SlipReply]] = field(default_factory=dict)

    def up_to(self, period: Period) -> "Register":
        """Return the register as it stood at the end of a period."""
        slips = tuple(s for s in self.slips if parse_period(s.period).last <= period.last)
        closings = {k: c for k, c in self.closings.items() if parse_period(c.period).last <= period.last}
        replies = {}
        for key, to_slip in self.replies.items():
            replies[key] = [r for r in to_slip if parse_period(r.period).last <= period.last]
        return Register(slips, closings, replies)

    def closing(self, slip: Slip) -> Closing | None:
        """Return how a slip was closed by the office, None while it is not."""
        return self.closings.get(slip.key)

    def replies_to(self, slip: Slip) -> Sequence[SlipReply]:
        """Return what units answered to a slip, the newest of each."""
        return self.replies.get(slip.key, ())

    def awaited(self, slip: Slip) -> tuple[str, ...]:
        """Return the units that are still to answer a slip."""
        return _awaited_after(slip, self.replies_to(slip))

    def is_answered(self, slip: Slip) -> bool:
        """Return whether a slip was answered, by each unit that it awaits."""
        return is_answered_by(slip, self.replies_to(slip))

    @cached_property
    def _by_key(self) -> Mapping[tuple[int, int], Slip]:
        return {slip.key: slip for slip in self.slips}

    @cached_property
    def _followers(self) -> Mapping[tuple[int, int], Slip]:
        """The slips that follow another one, by the key of that one."""
        return {slip.follows: slip for slip in reversed(self.slips) if slip.follows is not None}

    @cached_property
    def _by_item(self) -> Mapping[str, Sequence[Slip]]:
        """The slips on each item, oldest first."""
        by_item: dict[str, list[Slip]] = {}
        for slip in self.slips:
            by_item.setdefault(slip.code, []).append(slip)
        return by_item

    def follower(self, slip: Slip) -> Slip | None:
        """Return the slip that took the place of another, None where none did."""
        return self._followers.get(slip.key)

    def newest_of(self, key: tuple[int, int]) -> Slip:
        """Return the last slip that followed that of a key: an answer to any of them is about their item."""
        slip = self._by_key[key]
        while (follower := self.follower(slip)) is not None:
            slip = follower
        return slip

    @property
    def open(self) -> tuple[Slip, ...]:
        """The slips that are neither closed nor answered, nor followed by another."""
        return tuple(filter(self._is_open, self.slips))

    def _is_open(self, slip: Slip) -> bool:
        is_settled = slip.key in self.closings or slip.key in self._followers
        return not is_settled and not self.is_answered(slip)

    def open_on(self, code: str) -> Slip | None:
        """Return the newest open slip on an item, None if there is none."""
        return next(filter(self._is_open, reversed(self._by_item.get(code, ()))), None)

    def shown_on(self, code: str) -> Slip | None:
        """Return the newest slip on an item, unless the office has closed it."""
        last = self.last_on(code)
        if last is None or last.key in self.closings:
            return self.open_on(code)
        return last

    def last_on(self, code: str) -> Slip | None:
        """Return the newest slip on an item, None if there is none."""
        return next(reversed(self._by_item.get(code, ())), None)

    def overdue(self, day: date) -> tuple[Slip, ...]:
        """Return the open slips that should have been answered before a day."""
        return tuple(slip for slip in self.open if slip.reply_by < day)

    def before(self, slip: Slip) -> tuple[Slip, ...]:
        """Return the slips that one follows, oldest first."""
        earlier: list[Slip] = []
        while slip.follows is not None and slip.follows in self._by_key:
            slip = self._by_key[slip.follows]
            earlier.insert(0, slip)
        return tuple(earlier)

    def spoken(self, slip: Slip) -> str:
        """Return a slip and what became of it: `督办〔2026〕3号（…签发，…前反馈），待反馈`."""
        told = f"{slip.issued_as.label}{slip.label}（{slip.issued_on}签发，{slip.reply_by}前反馈）"
        closing, follower = self.closing(slip), self.follower(slip)
        if closing is not None:
            return f"{told}，{closing.closed_on}办结：{closing.outcome}"
        parts = [told, *(f"{reply.spoken}（{reply.file}）" for reply in self.replies_to(slip))]
        if not self.is_answered(slip):
            late = self.late_ones(slip)
            parts.append(f"待{late}反馈" if follower is None else f"{late}未反馈，已再发{follower.label}")
        return "，".join(parts)

    def late_ones(self, slip: Slip) -> str:
        """Return the units that are still to answer where others have, "" where none has."""
        return "、".join(self.awaited(slip)) if self.replies_to(slip) else ""

    def chosen_in(self, sha256: str) -> tuple[Slip, ...]:
        """Return the slips that were issued from a selection, given by the SHA-256 of its workbook."""
        return tuple(s for s in self.slips if s.chosen_in == sha256)

    def next_number(self, year: int) -> int:
        """Return the next free number of a year."""
        return max((s.number for s in self.slips if s.year == year), default=0) + 1


NO_SLIPS = Register()
_MOST_RUNS = 8
"""More runs of numbers than a file's name can hold."""


def numbers_of(slips: Sequence[Slip]) -> str:
    """Return the numbers of slips with their years, as people write them.

    That is `2026年3号`, `2026年1—2号`, `2026年1、4—5号`, `2026年1—90号中的20件`, `2026年12号、2027年1号`.
    """
    by_year: dict[int, list[int]] = {}
    for year, number in sorted(slip.key for slip in slips):
        by_year.setdefault(year, []).append(number)
    return "、".join(f"{year}年{_runs_of(numbers)}" for year, numbers in by_year.items())


def _runs_of(numbers: Sequence[int]) -> str:
    """Return sorted numbers with those that follow each other drawn together."""
    runs: list[list[int]] = []
    for number in numbers:
        if not runs or number > runs[-1][-1] + 1:
            runs.append([])
        runs[-1].append(number)
    if len(runs) > _MOST_RUNS:
        return f"{numbers[0]}—{numbers[-1]}号中的{len(numbers)}件"
    return "、".join(f"{run[0]}—{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs) + "号"
