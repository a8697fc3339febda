"""The plan in time: the version in force in each period, and histories told in its words.

A version is in force from the period whose forms were made by it until the next one's. What the plan dates by
itself (生效期, 撤并期, 起止日期) holds from its own date, whenever it was written down.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple

from tenproj_xl.core.cells import Value
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row, with_indicator
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.sheets import ISSUES, TASKS
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.core.words import Words
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.evaluate_tasks import milestone_meant
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.people import with_holders
from tenproj_xl.model.plan import Indicator, Milestone, Plan, Target, Task
from tenproj_xl.model.plan_changes import PlanDifference, differences, of_contents
from tenproj_xl.model.plan_dates import dated, successors, with_ended_units
from tenproj_xl.model.plan_identity import codes_after, codes_on_the_way, followed, renamed_units, rows_of
from tenproj_xl.model.plan_scopes import LaterRow, with_later
from tenproj_xl.model.plan_targets import holds
from tenproj_xl.model.published import Published
from tenproj_xl.model.slips import Register, Slip
from tenproj_xl.model.units import (
    code_of_name,
    codes_of,
    is_planned,
    names_listed,
    present_unit,
    printed_unit,
    spellings,
    unit_named,
    units_mentioned,
)

GONE = "@"
"""Stands between the code of a row that the plan has no more, and the period that it is of."""
_PLANNED = ("indicators", TASKS.code)
"""The sheets whose rows stand in the plan."""


@dataclass(frozen=True, kw_only=True)
class PlanVersion:
    """The plan as it was written when it came in force; `sha256` is that of its snapshot in the ledger.

    `reason` says why it was put right, "" for one by which forms were made; `batch` recorded it.
    """

    since: Period
    plan: Plan
    sha256: str
    reason: str = ""
    batch: int = field(default=0, compare=False)


class _Step(NamedTuple):
    """A plan and the one that took its place, from a period on; None for the workbook as it is written."""

    before: Plan
    after: Plan
    since: Period | None


def _rows_after(code: str, steps: Sequence[_Step]) -> list[LaterRow]:
    """Return the rows that an indicator has in later plans."""
    codes = codes_on_the_way(code, ((step.before, step.after) for step in steps))
    found = [(step.since, step.after.indicator(now or "")) for step, now in zip(steps, codes, strict=True)]
    return [LaterRow(since=since, row=row) for since, row in found if row]


@dataclass(frozen=True, kw_only=True)
class PlanInTime:
    """All versions of the plan as they were recorded, oldest first, and the workbook as it is `written`."""

    versions: tuple[PlanVersion, ...]
    written: Plan

    def version_at(self, period: Period) -> PlanVersion | None:
        """Return the version in force in a period, before the first version that one; None without any."""
        begun = bisect_right(self._days, period.counted_on)
        if begun:
            return self._in_turn[begun - 1]
        return next(iter(self._in_turn), None)

    def words_at(self, period: Period) -> Words:
        """Return the words of the plan in force in a period, which no date in it changes."""
        return self._written_at(period).programme.words

    @property
    def newest(self) -> PlanVersion | None:
        """The version of the latest period that forms were made for; None without any."""
        return next(reversed(self._in_turn), None)

    def in_force_from(self, since: Period) -> list[tuple[Period, PlanVersion]]:
        """Return the versions in force in a period and later, each with its first period from then on."""
        versions = []
        if first := self.version_at(since):
            versions.append((since, first))
        versions += [(v.since, v) for v in self._in_turn if v.since.last > since.last]
        return versions

    def turns(self, until: date) -> list[tuple[Period, str]]:
        """Return the versions that came in force by a day: their first periods, and hashes of the plans."""
        return [(version.since, version.sha256) for version in self._in_turn if version.since.last <= until]

    def at(self, period: Period) -> Plan:
        """Return the plan in force in a period, with what holds in it by its own date."""
        if period not in self._plans:
            plan = self._in_force(period)
            # Of equal ones the first: what is kept for it is found without comparing their rows each time.
            self._plans[period] = self._different.setdefault(plan, plan)
        return self._plans[period]

    @cached_property
    def _plans(self) -> dict[Period, Plan]:
        return {}

    @cached_property
    def _different(self) -> dict[Plan, Plan]:
        return {}

    def with_forms_of(self, period: Period) -> "PlanInTime":
        """Return the same with the workbook in force from a period on, as when its forms are made by it."""
        version = PlanVersion(since=period, plan=self.written, sha256="")
        return replace(self, versions=(*self.versions, version))

    def known(self, history: History, period: Period) -> History:
        """Return a history in the codes, task forces, units, milestones and words of the plan of a period.

        A row whose indicator or task the plan has no more keeps a code that nothing else has.
        """
        history = history.in_words(self.at(period).programme.words)
        if any(decision.kind or decision.unit for decision in history.decisions):
            history = replace(history, decisions=self._decisions(history.decisions, period))
        tellers: dict[Period, _Retelling] = {}
        for row in history.rows:
            if row.period not in tellers:
                tellers[row.period] = self._retelling(row.period, period)
        if all(teller.changes_nothing for teller in tellers.values()):
            return history  # with what it has worked out already
        return replace(history, rows=tuple(tellers[row.period].told(row) for row in history.rows))

    def _decisions(self, decisions: Sequence[Decision], period: Period) -> tuple[Decision, ...]:
        """Return decisions in the words of a period: codes of items of 督办清单, units of issues."""
        return tuple(self._decision(decision, period) for decision in decisions)

    def _decision(self, decision: Decision, period: Period) -> Decision:
        if decision.kind is not None:
            code = self._retelling(decision.upon, period).code(decision.issue, decision.upon)
            return replace(decision, issue=code)
        if decision.unit:
            unit = self._retelling(decision.upon, period).units_in_charge(decision.unit)
            return replace(decision, unit=unit)
        return decision

    def changes(self, before: Period, after: Period) -> tuple[PlanDifference, ...]:
        """Return what differs between the plans in force in two periods."""
        return of_contents(differences(self.at(before), self.at(after)))

    def published(self, before: Published, period: Period) -> Published:
        """Return what was published of a period, in the codes and words that its rows have in a later one."""
        told = self._retelling(before.period, period)
        before = before.in_words(self.at(period).programme.words)
        rows = dict(before.rows)
        for sheet in _PLANNED:
            if sheet in rows:
                rows[sheet] = {told.code(code, before.period): row for code, row in rows[sheet].items()}
        return replace(before, rows=rows)

    def register(self, register: Register, period: Period) -> Register:
        """Return the register of slips under the codes that their items have in a period."""
        return replace(register, slips=tuple(self._slip(slip, period) for slip in register.slips))

    def _slip(self, slip: Slip, period: Period) -> Slip:
        if slip.kind not in (Duty.INDICATOR, Duty.TASK):
            return slip
        issued = parse_period(slip.period)
        return replace(slip, code=self._retelling(issued, period).code(slip.code, issued))

    def code_then(self, code: str, period: Period, then: Period) -> str | None:
        """Return the code that a row of one period has in the plan of another; None where it has none."""
        if later := self._steps(period, then):
            return followed(code, later)
        earlier = self._steps(then, period)
        if not earlier:
            return code
        return next((was for was in rows_of(self._written_at(then)) if followed(was, earlier) == code), None)

    def code_of_row(self, code: str, period: Period, then: Period) -> str | None:
        """Return the same for any row of an indicator, also one that stands for a single data period."""
        now = self.code_then(indicator_of_row(code), period, then)
        if now is None:
            return None
        return with_indicator(code, now)

    def codes_in_time(self, code: str, by: Period | None = None) -> Mapping[Period, str]:
        """Return the codes that an indicator or task has had, by the first period of each version.

        The row is the one that had the code last, in a period or before it where one is given. Versions in
        which it was not there have none.
        """
        turn = self._in_turn
        # Few plans are in force in many periods.
        plans = {id(version.plan): version.plan for version in turn}
        with_it = {key for key, plan in plans.items() if code in rows_of(plan)}
        having = [n for n, version in enumerate(turn) if id(version.plan) in with_it]
        if by is not None:
            having = [n for n in having if not by.precedes(turn[n].since)]
        if not having:
            return {}
        codes = {turn[having[-1]].since: code}
        now: str | None = code
        for before, after in pairwise(turn[having[-1] :]):
            now = codes_after(before.plan, after.plan).get(now or "")
            if now is not None:
                codes[after.since] = now
        for before, after in reversed(list(pairwise(turn[: having[-1] + 1]))):
            if before.plan is after.plan:
                codes[before.since] = codes[after.since]
                continue
            moved = codes_after(before.plan, after.plan)
            former = [was for was, became in moved.items() if became == codes[after.since]]
            if not former:
                break
            (codes[before.since],) = former
        return codes

    def code_in(self, period: Period, codes: Mapping[Period, str], last: str) -> str:
        """Return the code that a row had in a period, by its codes in time; "" where it was not there.

        Of a period without a plan, and where no codes are known, it is the last.
        """
        version = self.version_at(period)
        if version is None or not codes:
            return last
        return codes.get(version.since, "")

    @cached_property
    def renumbered(self) -> frozenset[str]:
        """The codes of indicators and tasks that were those of other rows in some version."""
        codes: set[str] = set()
        for before, after in pairwise([*(v.plan for v in self._in_turn), self.written]):
            moved = {} if before is after else codes_after(before, after)
            for was, now in moved.items():
                if now != was:
                    codes |= {was, now or was}
        return frozenset(codes)

    @cached_property
    def heirs(self) -> frozenset[tuple[str, str]]:
        """The task forces that have ended in some version, each with the one that took it over."""
        plans = [*(version.plan for version in self._in_turn), self.written]
        forces = chain.from_iterable(plan.task_forces for plan in plans)
        return frozenset((force.code, force.successor) for force in forces if force.successor)

    def unit_codes(self, code: str) -> frozenset[str]:
        """Return the codes that a unit, and the units that it succeeds, had in any version."""
        codes = set(codes_of(code, self.written))
        for was, now in reversed(self.renamed):
            if now in codes:
                codes.add(was)
        return frozenset(codes)

    def unit_named(self, name: str) -> str | None:
        """Return the present code of the unit that goes by a name, or went by it in some version."""
        plans = [*(version.plan for version in self._in_turn), self.written]
        for number, plan in reversed(list(enumerate(plans))):
            code = unit_named(name, plan)
            if code is None:
                continue
            for before, after in pairwise(plans[number:]):
                code = _renamed_codes(before, after).get(code, code)
            return present_unit(code, self.written)
        return None

    @cached_property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """The codes of the units whose 文件用名 was replaced, each with the next one, oldest first."""
        pairs: list[tuple[str, str]] = []
        for before, after in pairwise([*(v.plan for v in self._in_turn), self.written]):
            pairs += _renamed_codes(before, after).items()
        return tuple(pairs)

    # --- the plan of a period

    def _in_force(self, period: Period) -> Plan:
        version = self.version_at(period)
        if version is None:
            plan = with_holders(self.written, (), period.last)
            return dated(plan, period, plan.indicators)
        earlier = [v.plan for v in self._in_turn if v.since.last < version.since.last]
        later = [v.plan for v in self._in_turn if v.since.last > version.since.last]
        # The same plan is in force for many periods: of each its last turn.
        newer = list(reversed(dict.fromkeys([self.written, *reversed(later)])))
        steps = self._steps_after(version)
        indicators = []
        for indicator in version.plan.indicators:
            fallback = tuple(self._targets_before(indicator, version.plan, reversed(earlier), period))
            told = with_later(indicator, _rows_after(indicator.code, steps), period)
            if fallback:
                told = replace(told, targets=(*fallback, *told.targets))
            indicators.append(told)
        plan = with_holders(version.plan, newer, period.last)
        plan = with_ended_units(plan, newer)
        return dated(plan, period, indicators)

    def _steps_after(self, version: PlanVersion) -> list[_Step]:
        """Return what came in force after a version, one after the other, and the workbook as written."""
        turn = self._in_turn[self._places[version.since] :]
        steps = [_Step(before.plan, after.plan, after.since) for before, after in pairwise(turn)]
        steps.append(_Step(turn[-1].plan, self.written, None))
        return [step for step in steps if step.before is not step.after]

    def _targets_before(
        self, indicator: Indicator, plan: Plan, earlier: Iterable[Plan], period: Period
    ) -> Iterable[Target]:
        """Yield the earlier targets in place of those overwritten by ones that take effect later."""
        covered = {t.period for t in indicator.targets if holds(t, period)}
        missing = {t.period for t in indicator.targets} - covered
        for older in earlier:
            if not missing:
                return
            codes = [code for code, now in codes_after(older, plan).items() if now == indicator.code]
            for found in filter(None, map(older.indicator, codes)):
                for target in found.targets:
                    if target.period in missing and holds(target, period):
                        yield target
                        missing.discard(target.period)

    # --- from one plan to another

    def _steps(self, first: Period, last: Period) -> list[tuple[Plan, Plan]]:
        """Return the pairs of different versions that follow each other from one period to a later one."""
        begin, end = self.version_at(first), self.version_at(last)
        if begin is None or end is None or begin is end:
            return []
        between = self._in_turn[self._places[begin.since] : self._places[end.since] + 1]
        return [pair for pair in pairwise(version.plan for version in between) if pair[0] is not pair[1]]

    @cached_property
    def _in_turn(self) -> list[PlanVersion]:
        """The version of each period that has one, in the order of the periods."""
        last: dict[Period, PlanVersion] = {}
        for version in self.versions:
            last[version.since] = version
        return [last[since] for since in sorted(last)]

    @cached_property
    def _places(self) -> dict[Period, int]:
        """The place of each version in turn; versions are compared by their periods, for a plan is large."""
        return {version.since: place for place, version in enumerate(self._in_turn)}

    @cached_property
    def _days(self) -> list[date]:
        return [version.since.counted_on for version in self._in_turn]

    def _retelling(self, first: Period, last: Period) -> "_Retelling":
        """Return how the rows of a period are told in the words of another, which may be an earlier one."""
        steps = self._steps(first, last)
        backwards = self._steps(last, first)
        plan = self.at(last)
        return _Retelling(
            steps=tuple(steps),
            later_codes={followed(code, backwards): code for code in rows_of(plan)} if backwards else {},
            units=(
                *(_renamed_codes(before, after) for before, after in steps),
                *(_renamed_codes(after, before) for before, after in reversed(backwards)),
            ),
            task_forces=successors(self._written_at(last), last),
            before=self._written_at(first),
            plan=plan,
        )

    def _written_at(self, period: Period) -> Plan:
        version = self.version_at(period)
        if version is None:
            return self.written
        return version.plan


@dataclass(frozen=True, kw_only=True)
class _Retelling:
    """How rows of one period are told in the words of another: codes, units and task forces.

    `later_codes` has the codes of rows in an earlier plan by those in the later one that they are told from.
    """

    steps: tuple[tuple[Plan, Plan], ...]
    later_codes: Mapping[str | None, str]
    units: tuple[Mapping[str, str], ...]
    task_forces: Mapping[str, str]
    before: Plan
    plan: Plan

    @cached_property
    def changes_nothing(self) -> bool:
        """Whether all rows are told as they are."""
        is_same_plan = not self.steps and not self.later_codes
        return is_same_plan and not self.task_forces and not any(u.successor for u in self.plan.units)

    @cached_property
    def _codes(self) -> dict[str, str | None]:
        return {}

    def told(self, row: Reported) -> Reported:
        """Return a row in the words of the other period."""
        if self.changes_nothing:
            return row
        code = row.code
        if row.sheet in _PLANNED:
            code = self.code(row.code, row.period)
        return replace(
            row,
            code=code,
            task_force=self.task_forces.get(row.task_force, row.task_force),
            unit=self._unit(row.unit),
            owner=self._unit(row.owner),
            values=self._values(row, code),
        )

    def code(self, code: str, period: Period) -> str:
        """Return what a row's code has become; one that no other row has where it is gone."""
        own = indicator_of_row(code)
        if own not in self._codes:
            told = followed(own, self.steps)
            if self.later_codes:
                told = self.later_codes.get(own)
            self._codes[own] = told
        now = self._codes[own]
        if now is None:
            now = f"{own}{GONE}{period.code}"
        return with_indicator(code, now)

    def _unit(self, unit: str) -> str:
        for renamed in self.units:
            unit = renamed.get(unit, unit)
        return unit

    def units_in_charge(self, text: str) -> str:
        """Return the units that a text names, those that were renamed or have ended as who is there now."""
        names = tuple(names_listed(text, self.before))
        present = tuple(map(self._present_name, names))
        if present == names:
            return text
        return "、".join(dict.fromkeys(present))

    def _present_name(self, name: str) -> str:
        """Return one name of a list as it is, where it means the same units now, else with those of now."""
        mentions = units_mentioned(name, self.before) or units_mentioned(name, self.plan)
        present = [present_unit(self._unit(code_of_name(m.unit.name)), self.plan) for m in mentions]
        if present == [code_of_name(m.unit.name) for m in units_mentioned(name, self.plan)]:
            return name
        squeezed, told = "".join(name.split()), canonical(name)
        if len(squeezed) == len(told):
            told = squeezed  # brackets stay as they are written
        for mention, now in reversed(list(zip(mentions, present, strict=True))):
            if is_planned(now, self.plan) and mention.spelled not in spellings(now, self.plan):
                told = told[: mention.begin] + printed_unit(now, self.plan) + told[mention.end :]
        return told

    def _values(self, row: Reported, code: str) -> Mapping[str, Value]:
        """Return the values of a row with its milestone, by name and day, and the units in charge of now."""
        if unit := row.sheet == ISSUES.code and text_of(row.values.get("unit")):
            return {**row.values, "unit": self.units_in_charge(unit)}
        printed = row.values.get("milestone")
        was, now = rows_of(self.before).get(row.code), rows_of(self.plan).get(code)
        if printed is None or not isinstance(was, Task) or not isinstance(now, Task):
            return row.values
        names = {m.name for m in now.milestones}
        meant = milestone_meant(was, printed, row.values.get("milestone_due"))
        present = next((m for m in now.milestones if meant and m.number == meant.number), None)
        if present is None:
            return row.values
        if printed == present.name:
            return {**row.values, "milestone_due": present.due_on}
        if printed in names or not _is_reworded(present, was):
            return row.values
        return {**row.values, "milestone": present.name}


def _renamed_codes(before: Plan, after: Plan) -> dict[str, str]:
    renamed = renamed_units(before, after)
    return {code_of_name(was): code_of_name(now) for was, now in renamed.items()}


def _is_reworded(milestone: Milestone, was: Task) -> bool:
    """Return whether a milestone has a name that none of the task had before: it is the old one, reworded."""
    return milestone.name not in {m.name for m in was.milestones}
