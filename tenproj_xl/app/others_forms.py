"""Forms that another unit filled in than it should: whose file it is, and who is told."""

from collections.abc import Sequence
from dataclasses import replace

from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.senders import address_in
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.model.history import History
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Party
from tenproj_xl.model.units import is_unit, unit_named, unit_of
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.recognition.identify import Identified
from tenproj_xl.validation.judge import JudgedReturn


def of_its_sender(result: FileResult, opened: Opened, plans: InForce, known: History) -> FileResult:
    """Return what became of a file as that of the unit on its cover, where the form is another unit's.

    The rows are the other unit's: nothing is told of them. What came from an address of the unit whose form
    it is has a slip on its cover, and stays that unit's.
    """
    judgement = result.judgement
    if judgement is None or not any(f.code is Code.OTHER_UNIT for f in result.findings):
        return result
    period = plans.loaded.settings.span(judgement.source.period)
    unit = unit_named(judgement.cover.get("unit"), plans.plan_at(period))
    senders = plans.loaded.addresses.units_of(address_in(opened.sender))
    if unit is None or (unit not in senders and judgement.party.unit in senders):
        return result
    own, findings = _own_forms(unit, plans, period), _of_the_whole(result.findings)
    if len(own) != 1:  # it got none, or one for each 科室: nobody can tell which to send along
        party = Party(unit, (), unit)
        return replace(result, party=party, findings=findings, judgement=None)
    form = plans.recipient(own[0], period, known.before(period))
    party = Party(form.code, form.owes, unit)
    return replace(result, party=party, findings=findings, judgement=_without_rows(judgement, party))


def stranger_in(identified: Identified, judgement: JudgedReturn, plan: Plan) -> str:
    """Return the unit on the cover of a task force's form that has no part in it, "" where there is none.

    Nor is there one where the form came from the unit that answers for it, or the office has vouched for it.
    """
    doubt = identified.if_it_changes
    if doubt is None or doubt.code is not Code.STRANGER_CHANGES:
        return ""
    return unit_named(judgement.cover.get("unit"), plan) or ""


def _own_forms(unit: str, plans: InForce, period: Period) -> Sequence[str]:
    """Return the recipients of a unit whose forms for a period count."""
    out = plans.forms_sent(period.code).in_units(plans.plan_at(period))
    return [code for code in out.codes if is_unit(code) and unit_of(code) == unit]


def _of_the_whole(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.code is Code.OTHER_UNIT or not f.sheet)


def _without_rows(judgement: JudgedReturn, party: Party) -> JudgedReturn:
    """Return a judgement as that of a party, with the cover alone."""
    source = replace(judgement.source, rows=(), unplaced=(), outside=())
    findings = _of_the_whole(judgement.findings)
    return replace(judgement, source=source, party=party, entries=(), findings=findings)
