"""Supervision slips: what may be put under supervision, and the slips of what the operator has chosen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import IssuedSlips, Listed
from tenproj_xl.app.rollup_input import gathered
from tenproj_xl.app.slips import standing_register
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import sha256
from tenproj_xl.core.findings import in_order
from tenproj_xl.excel.office_tables import write_workbook
from tenproj_xl.model.plan import Indicator, Task
from tenproj_xl.model.slips import Closing, Register, Slip, numbers_of
from tenproj_xl.model.units import unit_named
from tenproj_xl.office.slip_pages import write_slips
from tenproj_xl.office.slip_replies import SlipReplyBook, write_slip_reply_book
from tenproj_xl.office.supervision_choice import (
    NOTES,
    SHEETS,
    Choice,
    Selection,
    next_stage,
    period_of_selection,
    read_selection,
    tables,
)
from tenproj_xl.reading.office_book import load_rows
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.supervision import SupervisionLine

SLIPS_FOLDER = "督办"


def list_items(workspace: Workspace, period_code: str | None, *, force: bool = False) -> Listed:
    """Write a workbook to choose in what is put under supervision in a period, by default the newest.

    Raises:
        UsageProblem: the workbook is there already; what the operator wrote is only overwritten with `force`.
    """
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who="tenproj supervise") as ledger:
        loaded = with_issued(loaded, ledger)
        period = issued_period(period_code, loaded, ledger)
        facts = facts_of(gathered(loaded, ledger, period))
        register = standing_register(ledger, in_force(loaded, ledger), period)
        path = workspace.outbox / period.code / SLIPS_FOLDER / f"督办事项选择表_{period.name}.xlsx"
        if path.exists() and not force:
            where = workspace.relative(path)
            raise UsageProblem(
                f"选择表已经有了，未作改动：{where}。填好后请运行 tenproj supervise {where}；"
                "要重新列出请加 --force。"
            )
        outputs = Outputs(workspace, loaded, ledger)
        with outputs.write_for_good(path, "supervise") as temporary:
            write_workbook(temporary, SHEETS, tables(facts, register), NOTES)
    return Listed(path, len(facts.supervision), len(register.open))


def issue(workspace: Workspace, selection: Path) -> IssuedSlips:
    """Record the numbered slips of what was chosen; nothing at all if anything in the workbook is wrong.

    The same file once more writes the same slips again and numbers nothing.

    Raises:
        UsageProblem: nothing was chosen, or the file is no selection.
    """
    loaded, data = load(workspace), selection.read_bytes()
    (rows,) = load_rows(selection)
    source = sha256(data)
    if not any(sheet.name in rows for sheet in SHEETS):
        raise UsageProblem(f"“{selection.name}”不是督办事项选择表，请填写 tenproj supervise 生成的那一份。")
    with opened_ledger(workspace, loaded, who=f"tenproj supervise {selection.name}") as ledger:
        loaded = with_issued(loaded, ledger)
        code = period_of_selection(rows, selection.name)
        period = issued_period(code or None, loaded, ledger)
        inputs = gathered(loaded, ledger, period)
        plans = in_force(loaded, ledger)
        register = ledger.register()
        today = datetime.now(UTC).astimezone(loaded.settings.zone).date()
        chosen, found = read_selection(rows, selection.name, facts_of(inputs), register, today)
        findings = tuple(in_order(found))
        before = register.chosen_in(source)
        if chosen is None or (findings and not (chosen.choices or chosen.done or before)):
            return IssuedSlips(written=None, slips=(), kept=(), closed=(), findings=findings)
        standing = standing_register(ledger, plans, period)
        new, kept = ((), ()) if before else _new_slips(chosen, standing, inputs, today, source)
        closed = [d for d in chosen.done if register.closing(d.slip) is None]
        if not (chosen.choices or chosen.done):
            raise UsageProblem("没有选定事项：请在“是否督办”列选“是”，或在“是否办结”列选“是”，保存后再运行。")
        if new or closed:
            with ledger.batch("supervise", datetime.now(UTC), loaded.snapshots):
                for slip in new:
                    ledger.record_slip(slip)
                for book in _reply_books(new, inputs, ledger.secret):
                    ledger.record_workbook_rows(book.issued)
                for d in closed:
                    ledger.record_closing(Closing(*d.slip.key, d.closed_on, d.outcome, period.code))
        register = replace(ledger.register(), replies=standing.replies)
        slips = before or new
        folder = workspace.outbox / period.code / SLIPS_FOLDER
        path = folder / f"{_file_of(slips)}.xlsx"
        outputs = Outputs(workspace, loaded, ledger)
        with outputs.write(path) as temporary:
            write_slips(temporary, slips, register, inputs.plan.programme)
        books = _reply_books(slips, inputs, ledger.secret)
        for book in books:
            with outputs.write(folder / f"{book.stem}.xlsx") as temporary:
                write_slip_reply_book(temporary, book)
        outputs.record_alone("supervise")
    return IssuedSlips(
        written=path,
        slips=slips,
        kept=kept,
        closed=tuple(d.slip for d in closed),
        findings=findings,
        to_fill_in=tuple(folder / f"{book.stem}.xlsx" for book in books),
    )


def _reply_books(slips: Sequence[Slip], inputs: RollupInput, secret: str) -> list[SlipReplyBook]:
    """Return a workbook to answer in for each unit that slips went to."""
    by_unit: dict[str, list[Slip]] = {}
    for slip in slips:
        units = {unit_named(name, inputs.plan): None for name in slip.units}
        for unit in units:
            if unit is not None:
                by_unit.setdefault(unit, []).append(slip)
    return [
        SlipReplyBook(plan=inputs.plan, unit=unit, slips=own, day=inputs.day, secret=secret)
        for unit, own in by_unit.items()
    ]


def _new_slips(
    chosen: Selection, register: Register, inputs: RollupInput, today: date, source: str
) -> tuple[tuple[Slip, ...], tuple[Slip, ...]]:
    """Return new slips by number, and the open ones that make a further one needless."""
    new: list[Slip] = []
    kept: dict[str, Slip] = {}
    number = register.next_number(today.year)
    for choice in chosen.choices:
        item = choice.item
        standing = register.open_on(item.code)
        if standing and not choice.again and standing not in register.overdue(inputs.slips_day):
            kept[item.code] = standing
            continue
        slip = _slip(choice, inputs)
        last = register.last_on(item.code)
        new.append(
            replace(
                slip,
                year=today.year,
                number=number + len(new),
                issued_on=today,
                chosen_in=source,
                stage=next_stage(item, register, inputs.slips_day),
                follows=last.key if last else None,
                awaits=slip.units,
            )
        )
    return tuple(new), tuple(kept.values())


def _slip(choice: Choice, inputs: RollupInput) -> Slip:
    """Return a slip of what was chosen, without its number, its stage and what it comes from."""
    item = choice.item
    return Slip(
        year=0,
        number=0,
        level=item.level,
        kind=item.kind,
        code=item.code,
        name=item.name,
        task_force=f"{item.task_force.code} {item.task_force.name}",
        unit=item.unit,
        situation=_situation(item, inputs),
        basis=_basis(item, inputs),
        reply_by=choice.reply_by,
        signer=choice.signer,
        issued_on=choice.reply_by,
        period=inputs.period.code,
        chosen_in="",
    )


def _situation(item: SupervisionLine, inputs: RollupInput) -> str:
    """Return how things stand in a sentence, and what the unit says of it itself."""
    parts = [f"截至{inputs.day:%Y年%m月%d日}，{item.state.label}"]
    if item.told:
        parts.append(item.told)
    if item.deadline:
        parts.append(f"时限{item.deadline:%Y年%m月%d日}")
    own = f"\n单位自述：{item.reason}" if item.reason else ""
    return "，".join(parts) + "。" + own


def _basis(item: SupervisionLine, inputs: RollupInput) -> str:
    """Return the document, and the sentence of it that the item comes from."""
    programme = inputs.plan.programme
    basis = f"《{programme.document}》（{programme.document_no}）"
    rows: tuple[Indicator | Task, ...] = (*inputs.plan.indicators, *inputs.plan.tasks)
    for row in rows:
        if row.code == item.code and row.quotation:
            return f"{basis}：“{row.quotation}”"
    return basis


def _file_of(slips: Sequence[Slip]) -> str:
    """Return the name of the workbook: by its first and last number, or that of the register alone."""
    if not slips:
        return "督办台账"
    return f"督办单_{numbers_of(slips)}"
