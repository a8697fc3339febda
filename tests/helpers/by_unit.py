"""A district that lets every unit fill in its own rows: forms by unit are out, beside those by task force.

The shipped plan with the reporting units that an office would confirm: 区财政局 reports something in three task forces,
区投促局 something in 03, where 区科技局 leads.
"""

from collections.abc import Mapping
from pathlib import Path

from tenproj_xl.app.generate import generate
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.excel.office_tables import write_workbook  # loads XlsxWriter
from tenproj_xl.forms.content import build_form
from tenproj_xl.forms.form import Form
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.plan_schema import INDICATORS, PLAN_SHEETS, TASKS, shipped_plan
from tenproj_xl.model.recipients import of_units
from tenproj_xl.model.sections import Sections
from tests.helpers.answers import right_answers
from tests.helpers.filling import Filling, Office
from tests.helpers.times import first_morning

PERIOD = "2026-W48"
FINANCE, SCIENCE, INVEST, LEAD = "区财政局", "区科技局", "区投促局", "区发改经信局"
REPORTED_BY = {"Z01-02": FINANCE, "Z02-01": FINANCE, "Z03-02": FINANCE, "R03-02": FINANCE, "Z03-03": INVEST}


def district(root: Path) -> Workspace:
    """Make a workspace with that plan."""
    workspace = Workspace(root)
    initialise(workspace)
    tables = {name: [list(row) for row in rows] for name, rows in shipped_plan().items()}
    for sheet in (INDICATORS, TASKS):
        head, *rows = tables[sheet.name]
        code, unit = (
            head.index(sheet.column("code").header),
            head.index(sheet.column("reporting_unit").header),
        )
        for row in rows:
            row[unit] = REPORTED_BY.get(str(row[code]), row[unit])
    write_workbook(workspace.plan, PLAN_SHEETS, tables, {})
    return workspace


def unit_forms(out: Office) -> Mapping[str, Form]:
    """Return the content of the units' forms, by unit."""
    plan, settings = out.loaded.plan, out.loaded.settings
    period = settings.period(out.period)
    sections = Sections(plan, out.loaded.addresses, period.last)
    with open_ledger(out.workspace.ledger, who="tests") as ledger:
        known, secret = ledger.history(), ledger.secret
    return {
        r.code: build_form(plan, settings, period, r, known, secret)
        for r in of_units(plan, known.before(period), sections)
    }


def sent_by_unit(workspace: Workspace, period: str = PERIOD) -> Office:
    """Generate both kinds of forms for a period, as on its first day."""
    for by_unit in (False, True):
        generate(workspace, period, by_unit=by_unit, now=first_morning(period))
    return Office.of(workspace, period)


def form_path(out: Office, unit: str) -> Path:
    """Return the path of a unit's form."""
    return out.workspace.outbox / out.period / "填报表" / f"{unit_forms(out)[unit].stem}.xlsx"


def blank(out: Office, unit: str) -> Filling:
    """Open a unit's form as it was issued."""
    return Filling(form_path(out, unit))


def right(out: Office, unit: str) -> Filling:
    """Open a unit's form with everything filled in that is asked, and nothing wrong."""
    return blank(out, unit).answer(right_answers(unit_forms(out)[unit]))
