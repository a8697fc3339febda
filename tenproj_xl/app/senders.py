"""Whether a return that came by mail may come from the address that it came from.

What somebody laid into the inbox by hand, or forwarded from the office's own address, is vouched for by the
operator, and is not asked. A lead unit may send what it collects from the units of its task forces, as long
as it changes nothing that these have said. Nor does a form in which a unit is named that has no part in it,
however it came, unless by an address of the unit that answers for the form.
"""

from dataclasses import replace

from tenproj_xl.app.plans import InForce
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.history import history
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import speaker, stranger
from tenproj_xl.model.recipients import Parting, recipient_of
from tenproj_xl.model.sections import Sections
from tenproj_xl.model.units import Recipient, is_unit, members, printed_unit, unit_code
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.recognition.identify import Return


def address_in(sender: str) -> str:
    """Return the mail address in what a mail says of its sender, `张三 kjj@example.com`, in lower case.

    It comes last; an address in the name is none.
    """
    *_, last = ["", *sender.split()]
    return last.lower() if "@" in last else ""


def doubt_about(source: Return, opened: Opened, plans: InForce) -> Finding | None:
    """Return what is to be doubted of the address that a return came from, None where nothing is.

    Nothing is where it did not come by mail, or from the office itself, or where the office keeps no
    addresses of the unit.

    Returns:
        `SENDER_OTHER_UNIT` for the address of another unit, `SENDER_CHANGES` for that of a lead unit, which
        counts where nothing changes by it, `SENDER_UNKNOWN` for one that stands nowhere, or none at all.
    """
    book, address = plans.loaded.addresses, address_in(opened.sender)
    mail = plans.loaded.settings.mail
    if not opened.sender or (address and address in (mail.account.lower(), mail.sender.lower())):
        return None
    plan, speaks = _plan_of(source, plans), speaking_unit(source, plans)
    senders = book.units_of(address)
    if speaks in senders:
        return None
    if senders:
        is_lead = not _collectors(source, speaks, plan).isdisjoint(senders)
        code = Code.SENDER_CHANGES if is_lead else Code.SENDER_OTHER_UNIT
    elif any(contact.addresses for contact in book.of_unit(speaks)):
        code = Code.SENDER_UNKNOWN
    else:
        return None
    return finding(
        code,
        Place(opened.received.name),
        address or opened.sender,
        near="、".join(printed_unit(unit, plan) for unit in senders),
        expected=printed_unit(speaks, plan),
    )


def doubt_about_cover(source: Return, opened: Opened, plans: InForce) -> Finding | None:
    """Return what is to be doubted of a unit on the cover that has no part in the task force, if anything.

    Nothing is where the form came from an address of the unit that answers for it: the cover is a slip then.
    A unit's own form is that unit's, or refused when it is judged.

    Returns:
        `STRANGER_CHANGES`, which counts where something changes by the return.
    """
    if is_unit(source.recipient):
        return None
    plan, recipient = _plan_of(source, plans), _recipient_of(source, plans)
    other = stranger(_unit_in(source), recipient, plan)
    if not other or recipient.unit in plans.loaded.addresses.units_of(address_in(opened.sender)):
        return None
    place, named = Place(opened.received.name), printed_unit(other, plan)
    return finding(Code.STRANGER_CHANGES, place, named, expected=recipient.printed)


def speaking_unit(source: Return, plans: InForce) -> str:
    """Return the unit that speaks in a return."""
    return speaker(_unit_in(source), _recipient_of(source, plans), _plan_of(source, plans))


def as_admitted(source: Return, unit: str, plans: InForce) -> Return:
    """Return a return for which the office has vouched, as that of a unit; "" as whose it says."""
    if not unit:
        return source
    return replace(source, cover={**source.cover, "unit": printed_unit(unit, _plan_of(source, plans))})


def _unit_in(source: Return) -> dict[str, str]:
    return {"unit": text_of(source.cover.get("unit"))}


def _recipient_of(source: Return, plans: InForce) -> Recipient:
    plan = _plan_of(source, plans)
    return recipient_of(source.recipient, plan, history(), Parting(Sections(plan)))


def _plan_of(source: Return, plans: InForce) -> Plan:
    return plans.plan_at(plans.loaded.settings.span(source.period))


def _collectors(source: Return, speaks: str, plan: Plan) -> frozenset[str]:
    """Return the lead units that may send what a unit filled in: those of its task forces, or of the form."""
    forces = [force for force in plan.task_forces if speaks in members(force, plan)]
    if not is_unit(source.recipient):
        forces = [plan.task_force(source.recipient)]
    return frozenset(unit_code(force.lead, plan) for force in forces)
