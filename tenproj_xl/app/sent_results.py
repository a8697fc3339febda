"""What becomes of a workbook that a unit was sent to say something in, and that comes back."""

from dataclasses import replace

from tenproj_xl.app.identify_files import sender_of
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Place, finding
from tenproj_xl.model.receipts import Party
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import printed_unit
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.recognition.rows import Issues


def sent_result(opened: Opened, issued: Issues, plans: InForce, status: Status) -> FileResult:
    """Return the result of such a workbook, before anything in it is read; refused from another unit.

    Args:
        opened: The file.
        issued: Its rows, as they were printed.
        plans: Plan and settings of each period.
        status: What it is.
    """
    first, name = next(iter(issued.values()))[-1], opened.received.name
    plan = plans.plan_at(plans.loaded.settings.span(first.period))
    result = FileResult(
        received=opened.received,
        party=Party("", (), first.recipient),
        period=first.period,
        sender=printed_unit(first.recipient, plan),
        status=status,
        findings=(),
    )
    sender = sender_of(opened, plan)
    if not sender or sender.unit == result.sender:
        return result
    wrong = finding(Code.LEAD_SENDER, Place(name), sender.unit, expected=result.sender)
    return replace(result, status=Status.REFUSED, sender=sender.unit, party=Party(), findings=(wrong,))
