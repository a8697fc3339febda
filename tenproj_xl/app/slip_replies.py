"""督办单反馈 that came back through the inbox: what units answer in it, and its entries."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.sent_results import sent_result
from tenproj_xl.app.slips import answering
from tenproj_xl.core.findings import in_order
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.slips import SlipReply
from tenproj_xl.model.statuses import Status
from tenproj_xl.office.slip_replies import read_slip_replies
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.reading.book import Book
from tenproj_xl.recognition.rows import Issues


def read_replies(opened: Opened, issued: Issues, plans: InForce, ledger: LedgerView) -> FileResult:
    """Return the result of a 督办单反馈 that came back, with the replies in it that are new."""
    result = sent_result(opened, issued, plans, Status.SLIP_REPLY)
    if result.status is Status.REFUSED:
        return result
    if not isinstance(opened.found, Book):
        raise TypeError(f"a workbook without cells: {opened.received.name}")
    replied, findings = read_slip_replies(opened.received.name, opened.found, issued)
    register = ledger.register()
    day = opened.received.received_at.astimezone(plans.loaded.settings.zone).date()
    period = _period_of(day, result.period, ledger, plans)
    plan = plans.plan_at(plans.loaded.settings.span(period))
    replies = []
    for one in replied:
        slip = register.newest_of(one.key)
        for name in answering(slip, result.party.unit, plan):
            own = [reply for reply in register.replies_to(slip) if reply.unit in ("", name)]
            if any(reply.text == one.text or reply.replied_on > day for reply in own):
                continue
            reply = SlipReply(
                year=slip.year,
                number=slip.number,
                replied_on=day,
                text=one.text,
                period=period,
                file=opened.received.name,
                sha256=opened.received.sha256,
                unit=name,
            )
            replies.append(reply)
    found = tuple(in_order(findings))
    return replace(result, period=period, findings=found, slip_replies=tuple(replies))


def _period_of(day: date, issued_for: str, ledger: LedgerView, plans: InForce) -> str:
    """Return the period in which a day lies, of those that forms went out for; at least that of the slip."""
    codes = [issued_for]
    for code in ledger.issued_periods():
        if plans.loaded.settings.span(code).first <= day:
            codes.append(code)
    return max(codes, key=lambda code: plans.loaded.settings.span(code).last)


def record_slip_replies(results: Iterable[FileResult], ledger: Ledger) -> None:
    """Record what units answered in slips that came back, within a batch."""
    for result in results:
        for reply in result.slip_replies:
            ledger.record_slip_reply(reply)
