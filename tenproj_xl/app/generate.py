"""The command `generate`: the forms of a period, written and remembered."""

from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import atomic_write
from tenproj_xl.excel.look import Look, read_look
from tenproj_xl.forms.content import Form, build_form
from tenproj_xl.forms.layout import arranged
from tenproj_xl.forms.write import write_form
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.history import History
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import Recipient, of_task_force, of_units


def generate(workspace: Workspace, period_code: str, *, by_unit: bool = False) -> list[Path]:
    """Write and record the forms of a period, one for each task force of the plan, or for each unit."""
    loaded = load(workspace)
    period = loaded.settings.period(period_code)
    programme = loaded.plan.programme
    if not programme.first_year <= period.last.year <= programme.last_year + 1:
        raise UsageProblem(
            f"{period_code} 不在方案的年份（{programme.first_year}—{programme.last_year}年）内，请核对期号。"
        )
    look = read_look(workspace.template)
    with open_ledger(workspace.ledger, who=f"tenproj generate --period {period_code}") as ledger:
        known = ledger.history_of(period.first, period.last)
        recipients = _recipients(loaded.plan, known.before(period), by_unit=by_unit)
        forms = []
        for recipient in recipients:
            form = build_form(loaded.plan, loaded.settings, period, recipient, known, ledger.secret)
            forms.append(form)
        with ledger.batch("generate", datetime.now(UTC), loaded.snapshots):
            for form in forms:
                columns = _columns(form, look)
                ledger.record_issue(form.period.code, form.recipient.code, form.issued, columns)
    written = []
    for form in forms:
        path = workspace.outbox / period.code / "填报表" / f"{form.stem}.xlsx"
        with atomic_write(path) as temporary:
            write_form(temporary, form, look)
        written.append(path)
    return written


def _recipients(plan: Plan, known: History, *, by_unit: bool) -> tuple[Recipient, ...]:
    if by_unit:
        return of_units(plan, known)
    return tuple(of_task_force(task_force, plan) for task_force in plan.task_forces)


def _columns(form: Form, look: Look) -> dict[str, list[str]]:
    """Return the fields of each sheet, from left to right as the template arranges them."""
    columns = {}
    for part in form.sheets:
        arrangement = arranged(part.sheet, look.sheets[part.sheet.code])
        columns[part.sheet.code] = [column.field for column in arrangement]
    return columns
