"""督办单 as they stand: what units have answered, in the workbooks that came back and in their returns.

What a unit writes on an item in a return that was accepted after the slip was issued answers the slip, where
it had not written the same before.
"""

from collections.abc import Container, Iterator, Sequence
from datetime import date

from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.slips import Register, Slip, SlipReply
from tenproj_xl.model.units import code_of_name, unit_named

_ANSWERS = (
    "status",
    "milestone_done",
    "progress",
    "lag_reason",
    "problems",
    "measures",
    "next_steps",
    "remark",
)
"""The fields of a row in which a unit answers a slip, in the order in which the answer is told."""
_ASIDES = ("status", "remark")
"""Those of them that are no answer on their own."""
_SEVERAL = 2


def standing_register(ledger: LedgerView, plans: InForce, period: Period) -> Register:
    """Return the register of slips with all replies, under the codes that its items have in a period.

    An item that the plan has no more had its replies while it was there.
    """
    issued = ledger.register()
    register = plans.plans.register(issued, period)
    zone = plans.loaded.settings.zone
    plan = plans.plan_at(period)
    withdrawn = ledger.withdrawals()
    for slip, as_issued in zip(register.slips, issued.slips, strict=True):
        if slip.key in register.closings or register.is_answered(slip):
            continue
        for row, text in _answers(as_issued, register.follower(slip), ledger, plans, withdrawn):
            code = row.owner if row.basis else row.unit
            for name in answering(slip, code, plan):
                reply = SlipReply(
                    year=slip.year,
                    number=slip.number,
                    replied_on=row.received_at.astimezone(zone).date(),
                    text=text,
                    period=row.period.code,
                    file=row.file,
                    sha256=row.sha256,
                    unit=name,
                )
                register = register.with_first(reply)
            if register.is_answered(slip):
                break
    return register


def answering(slip: Slip, code: str, plan: Plan) -> tuple[str, ...]:
    """Return for whom a unit answers a slip: the names in it that are that unit now.

    It is "" alone where whoever answers does so for all: of a slip to one unit, and of those recorded without
    whom they await where they do not name the unit.
    """
    if len(slip.units) < _SEVERAL:
        return ("",)
    unit = _unit_now(code, plan)
    names = tuple(name for name in slip.units if _unit_now(name, plan) == unit)
    if names or slip.awaits:
        return names
    return ("",)


def _unit_now(name: str, plan: Plan) -> str:
    """Return the code of a unit, its own name's where the plan has it no more."""
    return unit_named(name, plan) or code_of_name(name)


def _answers(
    slip: Slip, follower: Slip | None, ledger: LedgerView, plans: InForce, withdrawn: Container[str]
) -> Iterator[tuple[Reported, str]]:
    """Yield the rows in force that say something new of a slip's item, and what that is.

    They came after the slip and before its follower. The slip is as it was issued, with the code that its
    item had then.
    """
    first = ledger.first_row_after(slip)
    if first is None:
        return
    end = None
    if follower is not None:
        end = ledger.first_row_after(follower)
    codes = plans.plans.codes_in_time(slip.code, parse_period(slip.period))
    before = None
    for recording in ledger.recordings({slip.code, *codes.values()}):
        row = recording.row
        counts = row.sha256 not in withdrawn and not recording.is_kept_out
        if not counts or indicator_of_row(row.code) != plans.plans.code_in(row.period, codes, slip.code):
            continue
        if row.seq < first:
            before = row
        elif end is None or row.seq < end:
            text = _said_anew(row, before)
            if text:
                yield row, text


def _said_anew(row: Reported, before: Reported | None) -> str:
    """Return what a unit wrote in a row and not in the one before, "" where that is no answer."""
    said = {}
    for field in _ANSWERS:
        text = _text(row, field)
        if field in row.changed_fields and text and (before is None or text != _text(before, field)):
            said[field] = text
    if not set(said).difference(_ASIDES):
        return ""
    return "；".join(said.values())


def _text(row: Reported, field: str) -> str:
    return text_of(label_of(row.values.get(field))).strip()


# --- what letters say of slips


@dataclass(frozen=True)
class SlipNews:
    """The slips that units should have answered by now, and those that returns of a run answer.

    Each stands with a unit, as it is printed.
    """

    overdue: tuple[tuple[str, Slip], ...] = ()
    answered: tuple[tuple[str, Slip], ...] = ()


NO_SLIP_NEWS = SlipNews()


def slip_news(
    before: Register, results: Sequence[FileResult], ledger: LedgerView, plans: InForce, expected: Period
) -> SlipNews:
    """Return what letters say of slips after a run.

    Args:
        before: The register before the run.
        results: What became of its files; what came back as 督办单反馈 has a letter of its own.
        ledger: The ledger after it.
        plans: Plan and settings of each period.
        expected: The period that the run is for.
    """
    now = standing_register(ledger, plans, expected)
    told = {(reply.key, reply.unit) for result in results for reply in result.slip_replies}
    for slip in before.slips:
        told.update((reply.key, reply.unit) for reply in before.replies_to(slip))
    answered = []
    for slip in now.slips:
        for reply in now.replies_to(slip):
            if (reply.key, reply.unit) not in told:
                answered += [(unit, slip) for unit in slip.units if reply.unit in (unit, "")]
    overdue = now.overdue(_day_of(results, plans, expected))
    return SlipNews(tuple((unit, slip) for slip in overdue for unit in now.awaited(slip)), tuple(answered))


def _day_of(results: Sequence[FileResult], plans: InForce, expected: Period) -> date:
    """Return the day that letters of a run speak of: of its newest file, within the period and its deadline.

    The clock never enters: no slip is called overdue that may be answered in time yet.
    """
    zone = plans.loaded.settings.zone
    days = [result.received.received_at.astimezone(zone).date() for result in results]
    newest = max(days, default=expected.first)
    deadline = plans.loaded.settings.deadline(expected).astimezone(zone).date()
    return max(expected.first, min(newest, deadline))
