"""The commands' work: plain arguments in, result objects out, nothing printed.

Order of every run: originals into the archive, one ledger transaction, then what is made, and only then out of the
inbox; a run that was cut off is simply run again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.app.answers import Answers, remind
from tenproj_xl.app.intake import FileResult, gc_paused, judged, record, rows_to_come
from tenproj_xl.app.matrix import Matrix, matrix_of
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import archive, atomic_write, sha256, write_file
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.forms.content import build_form
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.model.conflicts import Conflict, conflicts, finding_of
from tenproj_xl.model.history import History
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import Recipient, of_task_force, of_units
from tenproj_xl.reading.inbox import files_in, receive
from tenproj_xl.reading.libreoffice import to_pdf


@dataclass(frozen=True)
class Ingested:
    """What a run over files did; `left` are names of files still on their way, which the next run takes in.

    `conflicts` are the open ones of the periods that the run was about.
    """

    files: tuple[FileResult, ...]
    passed_over: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()
    conflicts: tuple[Finding, ...] = ()

    @property
    def needs_a_person(self) -> bool:
        """True where somebody has to correct or decide something."""
        return bool(self.conflicts) or any(f.needs_a_person for f in self.files)


# --- generate


def generate(workspace: Workspace, period_code: str, *, by_unit: bool = False) -> list[Path]:
    """The forms of a period, one for each task force of the plan (or for each unit), remembered in the ledger."""
    from tenproj_xl.excel.look import read_look  # noqa: PLC0415  # loads openpyxl
    from tenproj_xl.forms.layout import arranged  # noqa: PLC0415  # belongs to the line above
    from tenproj_xl.forms.write import write_form  # noqa: PLC0415  # loads XlsxWriter

    loaded = load(workspace)
    period = loaded.settings.period(period_code)
    programme = loaded.plan.programme
    if not programme.first_year <= period.last.year <= programme.last_year + 1:
        raise UsageProblem(
            f"{period_code} 不在方案的年份（{programme.first_year}—{programme.last_year}年）内，请核对期号。"
        )
    look = read_look(workspace.template)
    with open_ledger(workspace.ledger, who=f"tenproj generate --period {period_code}") as ledger:
        known = ledger.history()
        recipients = _recipients(loaded.plan, known.before(period), by_unit=by_unit)
        forms = [
            build_form(loaded.plan, loaded.settings, period, r, known, ledger.secret) for r in recipients
        ]
        with ledger.batch("generate", datetime.now(UTC), loaded.snapshots):
            for form in forms:
                sheets = [part.sheet for part in form.sheets]
                columns = {s.code: [c.field for c in arranged(s, look.sheets[s.code])] for s in sheets}
                ledger.record_issue(form.period.code, form.recipient.code, form.issued, columns)
    written = []
    for form in forms:
        path = workspace.outbox / period.code / "填报表" / f"{form.stem}.xlsx"
        with atomic_write(path) as temporary:
            write_form(temporary, form, look)
        written.append(path)
    return written


def _recipients(plan: Plan, known: History, *, by_unit: bool) -> tuple[Recipient, ...]:
    return of_units(plan, known) if by_unit else tuple(of_task_force(t, plan) for t in plan.task_forces)


# --- check and ingest


@gc_paused()
def check(workspace: Workspace, paths: Sequence[Path], period_code: str | None = None) -> Ingested:
    """What would become of files; nothing is recorded, written or moved."""
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj check") as ledger:
        done = judged(receive(paths), loaded, ledger, issued_period(period_code, loaded, ledger))
        periods = sorted({r.period for r in done.files if r.judgement})
        said = [row for code in periods for row in ledger.accepted_rows(code)]
        come = rows_to_come(done.files, said)
        checked = {row.sha256 for row in come}
        found = conflicts([*said, *come], ledger.conflict_decisions())
        new = [d for d in found if any(row.sha256 in checked for row in d.words)]
        return Ingested(done.files, done.passed_over, conflicts=_waiting(new, loaded))


def ingest(workspace: Workspace, period_code: str | None = None) -> Ingested:
    """What became of the files in the inbox: archived, judged, recorded, answered, and out of the inbox.

    Args:
        workspace: The workspace.
        period_code: The period that returns are expected for, by default the newest that forms went out for. A return
            for an earlier one still counts for that one, as late, unless that one was already settled.

    Raises:
        UsageProblem: no forms went out for the period, or at all.
    """
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj ingest") as ledger:
        return _ingested(workspace, loaded, ledger, issued_period(period_code, loaded, ledger))


@gc_paused()
def _ingested(workspace: Workspace, loaded: Loaded, ledger: Ledger, expected: Period) -> Ingested:
    found = files_in(workspace.inbox)
    received = receive(found.paths, workspace.inbox)
    for r in received:
        archive(workspace.archive, r.data)
    done = judged(received, loaded, ledger, expected)
    arriving = {r.received.path for r in done.files if r.may_be_arriving}
    results = [r for r in done.files if r.received.path not in arriving]
    offices = {r.received.path for r in results if r.is_the_offices}
    with ledger.batch("ingest", datetime.now(UTC), loaded.snapshots):
        for result in results:
            if not result.is_the_offices:
                record(result, ledger)
    answers = Answers(workspace, loaded, done.known, ledger.secret, expected)
    answered = tuple(map(answers.answered, results))
    for r in received:
        if r.path not in arriving | offices:
            r.path.unlink()
    left = (*found.arriving, *(r.name for r in received if r.path in arriving))
    passed_over = (*found.passed_over, *done.passed_over)
    written = tuple(path for r in answered for path in (r.answer, r.notice) if path)
    periods = sorted({expected.code, *(r.period for r in results if r.period)})
    waiting = _waiting([d for period in periods for d in ledger.conflicts(period)], loaded)
    return Ingested(answered, passed_over, left, written, _plan_notice(expected, loaded, ledger), waiting)


def _waiting(found: Iterable[Conflict], loaded: Loaded) -> tuple[Finding, ...]:
    """The conflicts that nobody has decided, as people read them."""
    return tuple(finding_of(d, loaded.plan) for d in found if d.is_open)


def issued_period(code: str | None, loaded: Loaded, ledger: Ledger) -> Period:
    """The period of a code, or the newest, that forms went out for, whatever the calendar says by now."""
    newest = ledger.newest_period()
    if newest is None:
        raise UsageProblem(
            "台账里没有下发记录。还没有下发的，请先运行 tenproj generate --period 期号；"
            "已经下发过的，说明台账丢失，请从备份恢复 ledger 文件夹。"
        )
    if code is not None and ledger.plan_of_forms(code) is None:
        loaded.settings.period(code)  # says so if there can be no such period
        raise UsageProblem(f"{code} 还没有下发过填报表，请核对期号；最近下发的是 {newest}。")
    return loaded.settings.span(code or newest)


def _plan_notice(period: Period, loaded: Loaded, ledger: Ledger) -> tuple[str, ...]:
    if ledger.plan_of_forms(period.code) == sha256(loaded.snapshots.plan.encode()):
        return ()
    return (f"工作计划在下发{period.label}填报表之后改过。需要按新计划填报的，请重新生成填报表并分发。",)


# --- merge and status


@dataclass(frozen=True)
class Merged:
    """What a merge did: what came in, and where the roll-up lies, with what is made beside it."""

    ingested: Ingested
    rollup: Path
    beside: tuple[Path, ...]
    matrix: Matrix
    reminders: tuple[Path, ...]


def merge(workspace: Workspace, period_code: str, signed_by: str = "") -> Merged:
    """What was in the inbox, and the roll-up workbook of a period made from plan and ledger."""
    from tenproj_xl.app.editions import make  # noqa: PLC0415  # loads XlsxWriter
    from tenproj_xl.rollup.facts.editions import WEEK  # noqa: PLC0415  # belongs to the line above
    from tenproj_xl.rollup.facts.publishing import published  # noqa: PLC0415  # belongs to the line above

    loaded = load(workspace)
    with open_ledger(workspace.ledger, who=f"tenproj merge --period {period_code}") as ledger:
        period = issued_period(period_code, loaded, ledger)
        ingested = _ingested(workspace, loaded, ledger, period)
        made = make(workspace, loaded, ledger, period, WEEK, signed_by)
        with ledger.batch("merge", datetime.now(UTC), loaded.snapshots):
            ledger.record_merge(published(made.facts, ledger.sequence()))
    given = made.facts.data
    matrix = matrix_of(period, given.receipts, given.recipients[period.code], given.known, loaded)
    reminders = remind(workspace, loaded, matrix)
    return Merged(ingested, made.written[0], made.written[1:], matrix, reminders)


def printed(books: Iterable[Path]) -> tuple[Path, ...]:
    """Where workbooks lie as PDFs, beside them; those that this machine cannot print are not there."""
    return tuple(pdf for book in books if (pdf := _printed(book)))


def _printed(book: Path) -> Path | None:
    data, path = to_pdf(book.read_bytes()), book.with_suffix(".pdf")
    if data is None:
        path.unlink(missing_ok=True)  # an earlier one would say something else than the workbook
        return None
    write_file(path, data)
    return path


def report(
    workspace: Workspace, edition_code: str, period_code: str | None, signed_by: str = ""
) -> tuple[Path, ...]:
    """An edition of the roll-up made from what is in the ledger: its workbooks and its brief.

    Args:
        workspace: The workspace.
        edition_code: `meeting`, `month`, `quarter` or `year`.
        period_code: The week, month, quarter or year; of a meeting by default the newest week that forms went out for.
        signed_by: Who signed it; a draft without.

    Raises:
        UsageProblem: there is no such period, or no forms went out in it.
    """
    from tenproj_xl.app.editions import EDITIONS, make, wide_period  # noqa: PLC0415  # loads XlsxWriter

    edition = EDITIONS[edition_code]
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj report") as ledger:
        if edition.pressing:
            period = issued_period(period_code, loaded, ledger)
        else:
            period = wide_period(period_code or "", edition)
        return make(workspace, loaded, ledger, period, edition, signed_by).written


def status(workspace: Workspace, period_code: str | None = None) -> Matrix:
    """The return matrix of a period, by default of the newest that forms were sent out for.

    Raises:
        UsageProblem: no forms were sent out yet.
    """
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj status") as ledger:
        period = issued_period(period_code, loaded, ledger)
        receipts, sent = ledger.receipts(period.code), ledger.recipients(period.code)
        return matrix_of(period, receipts, sent, ledger.history(), loaded)
