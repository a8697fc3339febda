"""督办单 as they stand: what units have answered, in the workbooks that came back and in their returns.

What a unit writes on an item in a return that was accepted after the slip was issued answers the slip, where
it had not written the same before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from tenproj_xl.app.addressees import Addressee, Addressees
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
from tenproj_xl.model.slips import Register, Slip, SlipReply, is_answered_by
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
_NEAR = 2
"""As many rows before a slip, and after it, mostly tell what became of it."""


def standing_register(
    ledger: LedgerView, plans: InForce, period: Period, item: str | None = None
) -> Register:
    """Return the register of slips with all replies, under the codes that its items have in a period.

    An item that the plan has no more had its replies while it was there. Where the code of one item is
    given, nobody asks what returns reply to slips on others.
    """
    issued = ledger.register()
    register = plans.plans.register(issued, period)
    waiting = list(_waiting(register, issued, ledger, plans, item))
    read = partial(_replies, ledger=ledger, plans=plans, plan=plans.plan_at(period))
    found = read([one.nearest() for one in waiting])
    found |= read([one for one in waiting if found[one.slip.key] is None])
    told = {key: replies for key, replies in found.items() if replies}
    return replace(register, replies={**register.replies, **told})


@dataclass(frozen=True, kw_only=True)
class _Waiting:
    """A slip that is still to be answered, as far as replies are recorded.

    Attributes:
        slip: The slip under the code that its item has now.
        code: The code that its item had when it was issued.
        codes: The codes of its item in time.
        replies: The replies to it that are recorded.
        earlier: The numbers of the rows about its item that were accepted before it was issued.
        since: Those of the rows that came after it, and before its follower.
        is_whole_before: Whether no earlier ones are left out.
        is_whole_since: Whether no later ones are.
    """

    slip: Slip
    code: str
    codes: Mapping[Period, str]
    replies: Sequence[SlipReply]
    earlier: Sequence[int]
    since: Sequence[int]
    is_whole_before: bool = True
    is_whole_since: bool = True

    def nearest(self) -> "_Waiting":
        """Return it with the rows next to it alone: mostly they tell."""
        return replace(
            self,
            earlier=self.earlier[-_NEAR:],
            since=self.since[:_NEAR],
            is_whole_before=len(self.earlier) <= _NEAR,
            is_whole_since=len(self.since) <= _NEAR,
        )


def _waiting(
    register: Register, issued: Register, ledger: LedgerView, plans: InForce, item: str | None
) -> Iterator[_Waiting]:
    """Yield the slips of a register (on an item, if one is given) for which returns are looked through.

    `issued` has the same slips with the codes that their items had then.
    """
    batches = ledger.batches_of_slips()
    numbers: dict[frozenset[str], list[int]] = {}
    for slip, as_issued in zip(register.slips, issued.slips, strict=True):
        is_asked = item is None or slip.code == item
        if not is_asked or slip.key in register.closings or register.is_answered(slip):
            continue
        codes = plans.plans.codes_in_time(as_issued.code, parse_period(slip.period))
        had = frozenset((as_issued.code, *codes.values()))
        if had not in numbers:
            numbers[had] = ledger.row_numbers(had)
        rows = numbers[had]
        first, end = ledger.recorded_by(batches[slip.key], rows), len(rows)
        follower = register.follower(slip)
        if follower is not None:
            end = ledger.recorded_by(batches[follower.key], rows)
        yield _Waiting(
            slip=slip,
            code=as_issued.code,
            codes=codes,
            replies=register.replies_to(slip),
            earlier=rows[:first],
            since=rows[first:end],
        )


def _replies(
    waiting: Sequence[_Waiting], ledger: LedgerView, plans: InForce, plan: Plan
) -> dict[tuple[int, int], Sequence[SlipReply] | None]:
    """Return the replies to slips by their keys, None where the rows that they have do not tell all."""
    numbers = {number for one in waiting for number in (*one.earlier, *one.since)}
    rows = {row.seq: row for row in ledger.counting_rows(numbers)}
    found = {}
    for one in waiting:
        about = [rows[n] for n in one.earlier if n in rows and _is_about(rows[n], one, plans)]
        later = [rows[n] for n in one.since if n in rows and _is_about(rows[n], one, plans)]
        found[one.slip.key] = _replies_to(one, about, later, plans, plan)
    return found


def _is_about(row: Reported, waiting: _Waiting, plans: InForce) -> bool:
    """Whether a row was about the item of a slip: its code may have been that of another one."""
    return indicator_of_row(row.code) == plans.plans.code_in(row.period, waiting.codes, waiting.code)


def _replies_to(
    waiting: _Waiting, earlier: Sequence[Reported], since: Sequence[Reported], plans: InForce, plan: Plan
) -> Sequence[SlipReply] | None:
    """Return the first reply of each unit: what its row says that the row before the slip did not."""
    if not earlier and not waiting.is_whole_before:
        return None
    slip, replies = waiting.slip, list(waiting.replies)
    before = next(reversed(earlier), None)
    for row in since:
        text = _said_anew(row, before)
        if not text:
            continue
        code = row.owner if row.basis else row.unit
        for name in answering(slip, code, plan):
            if all(reply.unit != name for reply in replies):
                replies.append(_reply(slip, row, text, name, plans))
        if is_answered_by(slip, replies):
            return replies
    return replies if waiting.is_whole_since else None


def _reply(slip: Slip, row: Reported, text: str, unit: str, plans: InForce) -> SlipReply:
    return SlipReply(
        year=slip.year,
        number=slip.number,
        replied_on=row.received_at.astimezone(plans.loaded.settings.zone).date(),
        text=text,
        period=row.period.code,
        file=row.file,
        sha256=row.sha256,
        unit=unit,
    )


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

    Each stands with whom that is told.
    """

    overdue: tuple[tuple[Addressee, Slip], ...] = ()
    answered: tuple[tuple[Addressee, Slip], ...] = ()


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
    now, addressees = standing_register(ledger, plans, expected), Addressees(plans)
    told = {(reply.key, reply.unit) for result in results for reply in result.slip_replies}
    for slip in before.slips:
        told.update((reply.key, reply.unit) for reply in before.replies_to(slip))
    answered = []
    for slip in now.slips:
        for reply in now.replies_to(slip):
            if (reply.key, reply.unit) not in told:
                answered += [(sender, slip) for sender in _senders(reply, ledger, addressees)]
    overdue = []
    for slip in now.overdue(_day_of(results, plans, expected)):
        overdue += [(addressees.named(unit, expected), slip) for unit in now.awaited(slip)]
    return SlipNews(tuple(overdue), tuple(answered))


def _senders(reply: SlipReply, ledger: LedgerView, addressees: Addressees) -> Iterator[Addressee]:
    """Yield who sent the return that a reply stands in: it need not be the unit that the slip went to."""
    for receipt in ledger.receipts(reply.period):
        if receipt.sha256 == reply.sha256 and receipt.status.is_return:
            period = addressees.plans.loaded.settings.span(receipt.period)
            yield addressees.of_form(receipt.party.recipient, receipt.party.unit, period)
            return


def _day_of(results: Sequence[FileResult], plans: InForce, expected: Period) -> date:
    """Return the day that letters of a run speak of: of its newest file, within the period and its deadline.

    The clock never enters: no slip is called overdue that may be answered in time yet.
    """
    zone = plans.loaded.settings.zone
    days = [result.received.received_at.astimezone(zone).date() for result in results]
    newest = max(days, default=expected.first)
    deadline = plans.loaded.settings.deadline(expected).astimezone(zone).date()
    return max(expected.first, min(newest, deadline))
