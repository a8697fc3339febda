"""Rows for corrections, which went out blank: what each is about is found once it is filled in.

From then on such a row goes by the code of its data period, like `Z03-04/2026-08`.
"""

from dataclasses import replace

from tenproj_xl.core.parse import read_cell_in
from tenproj_xl.core.period_rows import is_correction_place, row_of_period
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.texts import is_blank, text_of
from tenproj_xl.core.wordings import Says, says
from tenproj_xl.model.correctable import chosen_indicator
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.plan import Indicator
from tenproj_xl.model.units import reporter
from tenproj_xl.recognition.identify import Return
from tenproj_xl.recognition.rows import NAMING, ReadRow
from tenproj_xl.validation.context import Context


def with_corrections(source: Return, context: Context) -> Return:
    """Return a return whose rows for corrections go by what was filled in, where that is sure."""
    if not any(row.is_correction for row in source.rows):
        return source
    return replace(source, rows=tuple(_resolved(row, context) for row in source.rows))


def typed_name(row: ReadRow) -> tuple[str, str]:
    """Return what was typed as the indicator of a row for corrections, and in which field."""
    for field in NAMING:
        text = text_of(row.table_row.cells.get(field))
        if not is_nothing(text) and not is_correction_place(text):
            return text, field
    return "", NAMING[0]


def is_nothing(text: str) -> bool:
    """Return whether a text in a row for corrections is none, or says that there is nothing to put right."""
    return is_blank(text) or says(text, Says.NONE)


def _resolved(row: ReadRow, context: Context) -> ReadRow:
    text, _ = typed_name(row)
    if not row.is_correction or row.issued is None or not text:
        return row
    indicator = chosen_indicator(text, context.recipient, context.plan)
    if indicator is None:
        return row
    period = _period(row, indicator, context)
    if period is None:
        return replace(row, corrects=indicator.code)
    code = row_of_period(indicator.code, period)
    return replace(row, corrects=indicator.code, resolved=_as_printed(row.issued, code, indicator, context))


def _period(row: ReadRow, indicator: Indicator, context: Context) -> Period | None:
    """Return the data period that was filled in, as its figure was reported for it, if one was."""
    column, cell = row.sheet.column("data_period"), row.table_row.cells.get("data_period")
    meaning = read_cell_in(context.period, cell, column)
    period = read_period(str(meaning.value or ""))
    if period is None:
        return None
    of_then = [f.period for f in context.known.figures(indicator.code) if f.period.last == period.last]
    if not of_then or period in of_then:
        return period
    return of_then[-1]


def _as_printed(issued: Issued, code: str, indicator: Indicator, context: Context) -> Issued:
    """Return how the row would have been printed for a figure; the code in its cell is that of its place."""
    plan = context.plan
    printed = {
        **issued.printed,
        "name": indicator.name,
        "area": indicator.area,
        "basis": indicator.basis,
        "unit": indicator.unit,
        "reporting_unit": plan.printed(indicator.reporting_unit),
        "responsible_units": plan.printed(*indicator.responsible),
    }
    unit = reporter(indicator, plan)
    return replace(issued, code=code, task_force=indicator.task_force, unit=unit, printed=printed)
