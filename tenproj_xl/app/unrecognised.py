"""What becomes of a file that is no return: refused, and told to whom it can be told.

Only its name tells whose form a file was meant to be. Who sends an example back is known by the mail or the
folder that it came in, too, or by what was typed on its cover.
"""

from dataclasses import replace

from tenproj_xl.app.companions import DuePeriod
from tenproj_xl.app.identify_files import recipient_by_name, sender_of
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, finding, in_order
from tenproj_xl.forms.form import form_stem
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Party
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import Recipient, is_unit, unit_named
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.reading.book import Book
from tenproj_xl.recognition.identify import Identified, Return, read_cover


def unrecognised(opened: Opened, identified: Identified, due: DuePeriod | None) -> FileResult:
    """Return the result of a file in which no return was recognised."""
    findings = tuple(in_order(identified.findings))
    result = FileResult(
        received=opened.received,
        party=Party(),
        period="",
        sender=opened.sender,
        status=Status.REFUSED,
        findings=findings,
    )
    if identified.waiting:
        (doubt,) = identified.findings
        result = _as_if_admitted(result, identified.waiting, identified.speaks)
        return waiting_for_admission(result, doubt)
    if due is None or result.stays:
        return result
    name = opened.received.name
    recipient = recipient_by_name(name, due.period, due.recipients)
    unit = ""
    if identified.is_example:
        unit = _unit_of_example(opened, due.plan)
        recipient = recipient or _only_recipient(unit, due)
        findings = (_asking_for_the_form(name, recipient, due),)
    if recipient:
        party = Party(recipient.code, recipient.owes, unit or recipient.unit)
    elif unit:
        party = Party("", (), unit)
    else:
        return result
    return replace(result, party=party, period=due.period.code, findings=findings)


def waiting_for_admission(result: FileResult, doubt: Finding) -> FileResult:
    """Return the result of a return that counts only when the office has admitted it."""
    return replace(result, status=Status.AWAITING, findings=(doubt,), judgement=None)


def _as_if_admitted(result: FileResult, source: Return, unit: str) -> FileResult:
    """Return a result as that of a return of a unit."""
    forces = () if is_unit(source.recipient) else (source.recipient,)
    return replace(result, party=Party(source.recipient, forces, unit), period=source.period)


def _unit_of_example(opened: Opened, plan: Plan) -> str:
    """Return the code of the unit that sends an example, as far as it can be told; else ""."""
    if sender := sender_of(opened, plan):
        return unit_named(sender.unit, plan) or ""
    if isinstance(opened.found, Book):
        cover, _, _ = read_cover(opened.found)
        return unit_named(cover.get("unit"), plan) or ""
    return ""


def _only_recipient(unit: str, due: DuePeriod) -> Recipient | None:
    """Return the recipient whose form a unit answers for, None where there is not exactly one."""
    own = [recipient for recipient in due.recipients if unit and recipient.unit == unit]
    return own[0] if len(own) == 1 else None


def _asking_for_the_form(name: str, recipient: Recipient | None, due: DuePeriod) -> Finding:
    """Return the finding that an example came back, with the name of the form that is to come instead."""
    expected = f"“{form_stem(recipient, due.period)}”" if recipient else ""
    return finding(Code.FORM_EXAMPLE, Place(name), expected=expected)
