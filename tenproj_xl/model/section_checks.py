"""Find the 科室 in the cells of a plan that the address book does not know."""

from collections.abc import Iterator, Mapping
from datetime import date

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.model.address_book import AddressBook
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_schema import INDICATORS, TASK_FORCES, TASKS
from tenproj_xl.model.sections import is_same_section
from tenproj_xl.model.units import printed_unit, unit_code
from tenproj_xl.reading.records import read_records

_SHEETS = ((TASK_FORCES, "lead"), (INDICATORS, "reporting_unit"), (TASKS, "reporting_unit"))
"""The sheets that name a 科室, and the column that names its unit."""
_LISTED = 6


def section_findings(
    tables: Mapping[str, Rows], file: str, book: AddressBook, plan: Plan, day: date
) -> Iterator[Finding]:
    """Yield each 科室 in the cells of a plan for which its unit has nobody in office on a day."""
    if not book.contacts:
        return
    records, _ = read_records(tables, [sheet for sheet, _ in _SHEETS], file, {})
    for sheet, column in _SHEETS:
        for record in (records or {}).get(sheet.code, ()):
            section = record.text("section")
            if not section:
                continue
            unit = unit_code(record.text(column), plan)
            known = [contact.section for contact in book.of_unit(unit) if contact.is_in_office(day)]
            if any(is_same_section(one, section) for one in known):
                continue
            others = list(dict.fromkeys(filter(None, known)))
            advice = f"（通讯录里现有{'、'.join(others[:_LISTED])}）" if others else ""
            yield finding(
                Code.ADDRESS_SECTION,
                record.place("section"),
                section,
                expected=printed_unit(unit, plan),
                advice=advice,
            )
