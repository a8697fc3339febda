"""What a form lacks and its unit has not sent in another one: sheets, and rows that were cut out of it."""

from collections.abc import Iterable, Iterator

from tenproj_xl.app.files_at_hand import FilesAtHand
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.recognition.identify import Return
from tenproj_xl.recognition.row_status import rows_missing
from tenproj_xl.validation.judge import JudgedReturn

_LACKING = (Code.SHEET_MISSING, Code.COLUMN_MISSING, Code.COLUMN_TWICE, Code.HEADER_LOST)
"""What is found of a sheet that did not come, or could not be used."""
_SHEETS = {sheet.name: sheet.code for sheet in TEMPLATE_SHEETS}


def not_sent_yet(findings: Iterable[Finding], judgement: JudgedReturn, run: FilesAtHand) -> list[Finding]:
    """Return the findings of recognition, without what is there all the same of what the form lacks.

    Args:
        findings: The findings.
        judgement: The return that they are about.
        run: The files that came with it, and what came before.
    """
    source, unit = judgement.source, judgement.party.unit
    kept: list[Finding] = []
    for found in findings:
        if found.code is Code.ROW_MISSING:
            kept += _rows_missing(found, source, run)
        elif found.code is not Code.SHEET_MISSING or not _is_sent(found.sheet, source, unit, run):
            kept.append(found)
    return kept


def _rows_missing(found: Finding, source: Return, run: FilesAtHand) -> Iterator[Finding]:
    """Yield which rows of a sheet are missing, but for those that stand or wait for a correction."""
    told = run.grounds.told_of(source)
    for sheet in source.statuses:
        if sheet.tab == found.sheet:
            yield from rows_missing(sheet, Place(found.file, found.sheet), told)


def _is_sent(name: str, source: Return, unit: str, run: FilesAtHand) -> bool:
    """Return whether a unit has sent a sheet of its form before, or in another file of the run.

    Nothing counts of a return that waits as a whole. Where they do, whole forms have to come.
    """
    for receipt in run.forms_before(source):
        if receipt.party.unit == unit and receipt.status.is_return:
            codes = {found.code for found in receipt.findings}
            lacks = {found.sheet for found in receipt.findings if found.code in _LACKING and found.is_error}
            if name not in lacks and Code.RETURN_WAITS not in codes:
                return True
    code = _SHEETS.get(name)
    if run.apart or run.settings.whole_files or code is None:
        return False
    for place, other in run.returns.items():
        is_same = (other.period, other.recipient) == (source.period, source.recipient)
        is_own = run.versions[run.files[place].sha256].unit == unit
        if is_same and is_own and code not in other.absent:
            return True
    return False
