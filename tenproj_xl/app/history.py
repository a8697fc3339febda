"""The command `history`: the life of a row, of all that a unit reported, or of a received file.

Reads: plan and ledger. Writes: nothing, or the workbook that was asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from tenproj_xl.app.life_results import Life, LifeOf, Ruling
from tenproj_xl.app.original import files_called, received_files, several
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.app.removed_files import removed_then
from tenproj_xl.app.slips import standing_register
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import atomic_write
from tenproj_xl.core.period_rows import indicator_of_row, with_indicator
from tenproj_xl.core.texts import plain
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.lives import Paper, RecordedValue, Recording, Sources, recorded_values
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_identity import rows_of
from tenproj_xl.model.plan_versions import PlanInTime
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import printed_unit


def history(workspace: Workspace, subject: str, to: Path | None = None) -> Life:
    """Return the life of something; nothing is recorded, and nothing written but the workbook asked for.

    Args:
        workspace: The workspace.
        subject: The code of an indicator, task or issue; the name of a unit; or the name of a received file,
            or the beginning of its hash.
        to: Where to write the life as a workbook with a chart; it may not be there yet.

    Raises:
        UsageProblem: Nothing goes by that name, several files do, or the workbook is there already.
    """
    if to is not None and to.exists():
        raise UsageProblem(f"“{to.name}”已经有了，未作改动。请换一个文件名。")
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        life = _life(subject.strip(), loaded, ledger)
    if to is not None:
        from tenproj_xl.office.life_book import write_life  # noqa: PLC0415  # loads XlsxWriter

        with atomic_write(to) as temporary:
            write_life(temporary, life.title, life.values, loaded)
    return life


def _life(subject: str, loaded: Loaded, ledger: LedgerView) -> Life:
    code = indicator_of_row(plain(subject).upper())
    if code in _planned_codes(loaded.plan) or ledger.is_recorded(code):
        return _of_row(code, loaded, ledger)
    unit = in_force(loaded, ledger).plans.unit_named(subject)
    if unit is not None:
        return _of_unit(unit, loaded, ledger)
    return life_of_file(_received_file(subject, loaded, ledger), loaded, ledger)


def _planned_codes(plan: Plan) -> set[str]:
    codes = {indicator.code for indicator in plan.indicators}
    return codes | {task.code for task in plan.tasks}


def _of_row(code: str, loaded: Loaded, ledger: LedgerView) -> Life:
    """Return the life of a row, whatever codes it has had; what others recorded under its code is not its."""
    in_time = in_force(loaded, ledger)
    plans = in_time.plans
    codes = plans.codes_in_time(code)
    if codes:
        code = codes[max(codes)]
    code_at = partial(plans.code_in, codes=codes, last=code)
    recordings = []
    names = sorted({code, *codes.values()})
    for recording in ledger.recordings(names):
        if indicator_of_row(recording.row.code) == code_at(recording.row.period):
            recordings.append(_under(code, recording))
    papers = [_told_under(code, code_at(paper.told.period), paper) for paper in ledger.papers_about(names)]
    values = _values(recordings, papers, plans, ledger)
    words = loaded.plan.programme.words
    decisions = []
    for decision in ledger.decisions(names):
        if decision.issue == (code_at(decision.upon) if decision.kind else code):
            decisions.append(replace(decision.in_words(words), issue=code))
    rulings = []
    for decided in ledger.conflict_decisions():
        if indicator_of_row(decided.code) == code:
            holding = [conflict.decision for conflict in ledger.conflicts(decided.period)]
            told = replace(decided, value=words.told(decided.value))
            rulings.append(Ruling(told, holds=decided in holding))
    return Life(
        of=LifeOf.ROW,
        subject=code,
        title=f"{code} {_name(code, values, plans)}".rstrip(),
        values=tuple(values),
        decisions=tuple(decisions),
        rulings=tuple(rulings),
        slips=tuple(_slips(code, in_time, ledger)),
        plan=loaded.plan,
        zone=loaded.settings.zone,
    )


def _slips(code: str, plans: InForce, ledger: LedgerView) -> Iterator[str]:
    newest = ledger.newest_period()
    if newest is None:
        return
    register = standing_register(ledger, plans, plans.loaded.settings.span(newest), code)
    for slip in register.slips:
        if slip.code == code:
            yield register.spoken(slip)


def _name(code: str, values: Sequence[RecordedValue], plans: PlanInTime) -> str:
    """Return the name of a row: in the plan in force, else the one that its forms had last.

    Until forms are made by it, the workbook names only what no plan in force has had.
    """
    plan = plans.newest.plan if plans.newest else plans.written
    for rows in (rows_of(plan), {value.code: value for value in values}, rows_of(plans.written)):
        if code in rows:
            return rows[code].name
    return ""


def _of_unit(unit: str, loaded: Loaded, ledger: LedgerView) -> Life:
    plans = in_force(loaded, ledger).plans
    codes = plans.unit_codes(unit)
    recordings = ledger.recordings(ledger.codes_from_units(codes))
    values = _values(recordings, ledger.papers(), plans, ledger)
    receipts = [r for r in ledger.receipts() if codes.intersection((r.party.unit, r.party.recipient))]
    return Life(
        of=LifeOf.UNIT,
        subject=unit,
        title=printed_unit(unit, loaded.plan),
        values=tuple(value for value in values if codes.intersection((value.row.unit, value.row.owner))),
        receipts=tuple(receipts),
        plan=loaded.plan,
        zone=loaded.settings.zone,
    )


def life_of_file(sha256: str, loaded: Loaded, ledger: LedgerView) -> Life:
    """Return the life of a received file."""
    recordings = ledger.recordings(ledger.codes_in_file(sha256))
    values = _values(recordings, ledger.papers(), in_force(loaded, ledger).plans, ledger)
    receipts = _receipts_of(sha256, ledger)
    names = [name for sha, name, _ in ledger.received_files() if sha == sha256]
    words = loaded.plan.programme.words
    return Life(
        of=LifeOf.FILE,
        subject=sha256,
        title=names[0],
        values=tuple(value for value in values if value.row.sha256 == sha256),
        receipts=tuple(receipts),
        decisions=tuple(d.in_words(words) for d in ledger.decisions() if d.sha256 == sha256),
        withdrawn=ledger.withdrawals().get(sha256),
        plan=loaded.plan,
        zone=loaded.settings.zone,
    )


def _receipts_of(sha256: str, ledger: LedgerView) -> list[Receipt]:
    receipts: list[Receipt] = []
    for period in ledger.periods_of(sha256):
        receipts += [receipt for receipt in ledger.receipts(period) if receipt.sha256 == sha256]
    return receipts


def _values(
    recordings: Sequence[Recording], papers: Sequence[Paper], plans: PlanInTime, ledger: LedgerView
) -> list[RecordedValue]:
    sources = Sources(
        receipts=ledger.receipts_of_rows(recording.row for recording in recordings),
        withdrawals=ledger.withdrawals(),
        decisions=ledger.conflict_decisions(),
        papers=papers,
        plans=plans,
    )
    return recorded_values(recordings, sources)


def _under(code: str, recording: Recording) -> Recording:
    """Return a recording under the code that its row has now."""
    if indicator_of_row(recording.row.code) == code:
        return recording
    row = replace(recording.row, code=with_indicator(recording.row.code, code))
    return replace(recording, row=row, code_then=recording.row.code)


def _told_under(code: str, code_then: str, paper: Paper) -> Paper:
    """Return a paper that tells of one row only, under the code that it has now."""
    rows = {}
    for sheet, by_code in paper.told.rows.items():
        if code_then in by_code:
            rows[sheet] = {code: by_code[code_then]}
    return replace(paper, told=replace(paper.told, rows=rows))


def _received_file(name: str, loaded: Loaded, ledger: LedgerView) -> str:
    """Return the hash of the one received file of a name, or of the beginning of a hash."""
    found = files_called(name, received_files(ledger))
    if len(found) == 1:
        return found[0].sha256
    if found:
        raise several(name, found, loaded.settings.zone)
    if removed := removed_then(name, ledger, loaded.settings.zone):
        raise UsageProblem(removed)
    raise UsageProblem(
        f"台账里没有“{name}”：它不是指标、任务、问题的编号，不是工作计划里的单位，也不是收到过的文件。请核对写法。"
    )
