"""The commands' work: plain arguments in, result objects out, nothing printed.

Order of every run: originals into the archive, one ledger transaction, then what is made, and only then out of the
inbox; a run that was cut off is simply run again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tenproj_xl.cells import is_empty
from tenproj_xl.content import Form, build_form
from tenproj_xl.crosschecks import Context
from tenproj_xl.errors import UsageProblem
from tenproj_xl.findings import Code, Finding, Place, finding, has_errors, in_order
from tenproj_xl.guard import Refusal
from tenproj_xl.history import History, Receipt, Reported, Status
from tenproj_xl.inbox import Received, files_in, receive
from tenproj_xl.ledger import Ledger, open_ledger
from tenproj_xl.notices import notice
from tenproj_xl.periods import Period, parse_period
from tenproj_xl.plan import TaskForce
from tenproj_xl.reader import Book, Reader
from tenproj_xl.returns import Identified, Return, identify, tokens_in
from tenproj_xl.sheets import form_sheets
from tenproj_xl.storage import archive, sha256, whole_file, write_whole
from tenproj_xl.values import canonical, text_of
from tenproj_xl.workspace import Loaded, Workspace, load

if TYPE_CHECKING:
    from tenproj_xl.entries import Entry
    from tenproj_xl.validate import Judgement


@dataclass(frozen=True)
class FileResult:
    """What became of one file; `answer` is what lies in the outbox for its sender, if anything."""

    received: Received
    task_force: str
    period: str
    sender: str
    status: Status
    findings: tuple[Finding, ...]
    late: bool = False
    answer: Path | None = None
    judgement: "Judgement | None" = None

    @property
    def needs_a_person(self) -> bool:
        """True where somebody has to correct or decide something."""
        return self.status in (Status.TO_CORRECT, Status.REFUSED)


@dataclass(frozen=True)
class Ingested:
    """What a run over files did."""

    files: tuple[FileResult, ...]
    passed_over: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()


# --- generate


def generate(workspace: Workspace, period_code: str) -> list[Path]:
    """The forms of a period, one for each task force of the plan, remembered row by row in the ledger."""
    from tenproj_xl.forms import write_form  # noqa: PLC0415  # loads XlsxWriter
    from tenproj_xl.look import read_look  # noqa: PLC0415  # loads openpyxl

    loaded = load(workspace)
    period = loaded.settings.period(period_code)
    look = read_look(workspace.template)
    with open_ledger(workspace.ledger, who=f"tenproj generate --period {period_code}") as ledger:
        known = ledger.history()
        forms = [_form(loaded, period, t, known, ledger) for t in loaded.plan.task_forces]
        with ledger.batch("generate", datetime.now(UTC), loaded.snapshots):
            for form in forms:
                ledger.record_issue(form)
    written = []
    for form in forms:
        path = workspace.outbox / period.code / "填报表" / f"{form.stem}.xlsx"
        with whole_file(path) as temporary:
            write_form(temporary, form, look)
        written.append(path)
    return written


def _form(loaded: Loaded, period: Period, task_force: TaskForce, known: History, ledger: Ledger) -> Form:
    return build_form(loaded.plan, loaded.settings, period, task_force, known, ledger.secret)


# --- check and ingest


def check(workspace: Workspace, paths: Sequence[Path], period_code: str | None = None) -> Ingested:
    """What would become of files; nothing is recorded, written or moved."""
    loaded = load(workspace)
    expected = loaded.settings.period(period_code) if period_code else None
    with open_ledger(workspace.ledger, who="tenproj check") as ledger:
        return Ingested(tuple(_judged(receive(paths), loaded, ledger, expected)))


def ingest(workspace: Workspace, period_code: str | None = None) -> Ingested:
    """What became of the files in the inbox: archived, judged, recorded, answered, and out of the inbox.

    Args:
        workspace: The workspace.
        period_code: The period that returns are expected for. One for an earlier period still counts for that one, as
            late, unless that one was already settled; without a period every return simply counts for its own.
    """
    loaded = load(workspace)
    expected = loaded.settings.period(period_code) if period_code else None
    paths, passed_over = files_in(workspace.inbox)
    with open_ledger(workspace.ledger, who="tenproj ingest") as ledger:
        received = receive(paths, workspace.inbox)
        for r in received:
            archive(workspace.archive, r.data)
        results = list(_judged(received, loaded, ledger, expected))
        forms = {r.received.name: form for r in results if (form := _form_for(r, loaded, ledger, expected))}
        with ledger.batch("ingest", datetime.now(UTC), loaded.snapshots):
            for result in results:
                _record(result, ledger)
    answered = [_answer(workspace, r, forms.get(r.received.name), expected) for r in results]
    for r in received:
        r.path.unlink()
    return Ingested(tuple(answered), tuple(passed_over), tuple(r.answer for r in answered if r.answer))


def _judged(
    received: Sequence[Received], loaded: Loaded, ledger: Ledger, expected: Period | None
) -> Iterator[FileResult]:
    """The result of each file, in the order of receipt; all returns are validated at once."""
    from tenproj_xl.validate import judge  # noqa: PLC0415  # loads pandas and pandera

    fresh = _unseen(received, ledger)
    with Reader() as reader:
        books = list(reader.read([(r.name, r.data) for r in fresh]))
    identified = [_identified(r, b, loaded, ledger) for r, b in zip(fresh, books, strict=True)]
    timely = [_in_period(i, loaded, ledger, expected) for i in identified]
    known = ledger.history()

    @cache
    def before(code: str) -> tuple[Period, History]:
        period = loaded.settings.period(code)
        return period, known.before(period)

    def context_of(source: Return, *, nil: bool) -> Context:
        return Context(loaded.plan, loaded.settings, *before(source.period), nil)

    sheets = form_sheets(loaded.plan.programme.years)
    judgements = iter(judge([i.result for i in timely if i.result], sheets, loaded.plan, context_of))
    results = [
        _result(r, i, next(judgements) if i.result else _unjudged(i, loaded), known)
        for r, i in zip(fresh, timely, strict=True)
    ]
    by_name = {r.received.name: r for r in _with_lateness(results, loaded, ledger)}
    return (by_name.get(r.name) or _duplicate(r) for r in received)


def _unseen(received: Sequence[Received], ledger: Ledger) -> list[Received]:
    """The files whose bytes have not been taken in before; a file once refused may be tried again."""
    kept = {r.sha256 for r in ledger.receipts() if r.status.is_return}
    fresh = []
    for r in received:
        if r.sha256 not in kept:
            seen = ledger.first_seen(r.sha256)
            fresh.append(replace(r, received_at=seen) if seen else r)
        kept.add(r.sha256)
    return fresh


def _duplicate(r: Received) -> FileResult:
    return FileResult(r, "", "", "", Status.DUPLICATE, ())


def _identified(r: Received, book: Book | Refusal, loaded: Loaded, ledger: Ledger) -> Identified:
    if isinstance(book, Refusal):
        return Identified(None, [finding(book.code, Place(r.name), found=book.found)])
    sheets = form_sheets(loaded.plan.programme.years)
    issued = ledger.issued(tokens_in(book))
    return identify(r.name, book, sheets, issued, ledger.printed, loaded.plan.programme)


def _in_period(i: Identified, loaded: Loaded, ledger: Ledger, expected: Period | None) -> Identified:
    """The same, unless for another period: a belated return counts for its own, an old form used again does not."""
    if i.result is None or expected is None or i.result.period == expected.code:
        return i
    own = loaded.settings.period(i.result.period)
    earlier = [r for r in ledger.receipts(own.code) if r.task_force == i.result.task_force and r.status.is_return]
    settled = bool(earlier) and earlier[-1].status is not Status.TO_CORRECT
    code = Code.OTHER_PERIOD if settled or own.last > expected.last else Code.LATE_PERIOD
    said = finding(code, Place(i.result.file), own.label, expected=expected.label)
    return Identified(None if said.is_error else i.result, [*i.findings, said], i.result)


def _unjudged(identified: Identified, loaded: Loaded) -> "Judgement | None":
    """What stands in a form of ours that is not taken in, so that nobody has to type it again."""
    from tenproj_xl.entries import entry  # noqa: PLC0415  # beside the import of `judge`
    from tenproj_xl.validate import Judgement  # noqa: PLC0415  # loads pandas and pandera

    source = identified.owner
    if source is None:
        return None
    entries = tuple(entry(source, row, loaded.plan) for row in source.rows)
    cover = {name: text_of(cell) or None for name, cell in source.cover.items()}
    return Judgement(source, entries, (), cover, nil=False, findings=())


def _result(r: Received, identified: Identified, judgement: "Judgement | None", known: History) -> FileResult:
    if judgement is None:
        return FileResult(r, "", "", "", Status.REFUSED, tuple(in_order(identified.findings)))
    source = judgement.source
    findings = tuple(in_order([*identified.findings, *judgement.findings]))
    status = Status.REFUSED if identified.result is None else _status(r, judgement, findings, known)
    sender = " ".join(str(v) for f in ("unit", "filler") if (v := judgement.cover.get(f)))
    judgement = replace(judgement, findings=findings)
    return FileResult(r, source.task_force, source.period, sender, status, findings, judgement=judgement)


def _with_lateness(results: Sequence[FileResult], loaded: Loaded, ledger: Ledger) -> Iterator[FileResult]:
    """The results, late ones marked; a correction of what came in time is in time."""
    in_time = {(r.task_force, r.period) for r in ledger.receipts() if r.status.is_return and not r.late}
    for result in results:
        owner = (result.task_force, result.period)
        if not result.status.is_return or owner in in_time:
            yield result
        elif result.received.received_at > loaded.settings.deadline(loaded.settings.period(result.period)):
            yield replace(result, late=True)
        else:
            in_time.add(owner)
            yield result


def _status(r: Received, judgement: "Judgement", findings: Sequence[Finding], known: History) -> Status:
    if judgement.is_refused:
        return Status.REFUSED
    if judgement.accepted and all(_is_outdated(e, r, known) for e in judgement.accepted):
        return Status.SUPERSEDED
    if has_errors(findings):
        return Status.TO_CORRECT
    return Status.WITH_WARNINGS if findings else Status.ACCEPTED


def _is_outdated(e: "Entry", r: Received, known: History) -> bool:
    """True where a later word on the row, for the same period, is in the ledger already."""
    later = (x for x in known.of(e.row.sheet.code, e.code) if e.code and x.period.code == e.source.period)
    return any((x.received_at, x.sha256) > (r.received_at, r.sha256) for x in later)


# --- what is recorded


def _record(result: FileResult, ledger: Ledger) -> None:
    r = result.received
    ledger.record_file(r.sha256, r.name, len(r.data), r.received_at)
    judgement = result.judgement
    cover = judgement.cover if judgement else {}
    nil = judgement.nil if judgement else False
    ledger.record_receipt(
        Receipt(
            r.name, r.sha256, result.task_force, result.period, result.sender, result.status, r.received_at,
            result.late, nil, cover, result.findings, 0,
        )
    )  # fmt: skip
    for e in judgement.accepted if judgement else ():
        ledger.record_row(_reported(e, r, ledger))


def _reported(e: "Entry", r: Received, ledger: Ledger) -> Reported:
    period = parse_period(e.source.period)
    code = e.code or ledger.issue_code(_issue_key(e), e.source.task_force, period.last.year)
    printed = e.row.issued.printed if e.row.issued else {}
    inputs = [f for f in e.inputs if not is_empty(e.row.table_row.cells.get(f))]
    return Reported(
        e.row.sheet.code, code, e.source.task_force, period, {**printed, **{f: e.value(f) for f in e.inputs}},
        {f: e.typed(f) for f in inputs}, {f: e.row.table_row.address(f) for f in inputs}, r.name, r.sha256, e.row.tab,
        r.received_at, 0,
    )  # fmt: skip


def _issue_key(e: "Entry") -> str:
    """By what a new issue is known for good: its row's token, or for a row without one what it says."""
    return e.row.token or sha256(f"{e.source.task_force}/{canonical(e.value('description'))}".encode())


# --- what goes back to senders


def _form_for(result: FileResult, loaded: Loaded, ledger: Ledger, expected: Period | None) -> Form | None:
    """The current form for a sender who has to correct: of the return's own period, or of the one that was expected."""
    if not result.needs_a_person or result.judgement is None:
        return None
    old = any(f.code is Code.OTHER_PERIOD for f in result.findings)
    period = expected if old and expected else loaded.settings.period(result.period)
    return _form(loaded, period, loaded.plan.task_force(result.task_force), ledger.history(), ledger)


def _answer(workspace: Workspace, result: FileResult, form: Form | None, expected: Period | None) -> FileResult:
    """The result with what was laid into the outbox for its sender: a correction workbook, or a short notice."""
    if not result.needs_a_person:
        return result
    period = form.period if form else expected
    folder = workspace.outbox / (period.code if period else "未识别") / "退回更正"
    stem = re.sub(r"[\\/:*?\"<>|\s]+", "_", Path(result.received.name).with_suffix("").as_posix())
    if form and result.judgement:
        path = folder / f"{form.stem}_请更正_{result.received.sha256[:6]}.xlsx"
        _write_correction(workspace, path, form, result.judgement)
    else:
        path = folder / f"{stem}_未收下_{result.received.sha256[:6]}.txt"
        write_whole(path, notice(result.received.name, result.findings).encode("utf-8-sig"))
    return replace(result, answer=path)


def _write_correction(workspace: Workspace, path: Path, form: Form, judgement: "Judgement") -> None:
    from tenproj_xl.corrections import refill  # noqa: PLC0415  # loads XlsxWriter
    from tenproj_xl.forms import write_form  # noqa: PLC0415  # loads XlsxWriter
    from tenproj_xl.look import read_look  # noqa: PLC0415  # loads openpyxl

    filled, marks, notes = refill(form, judgement)
    with whole_file(path) as temporary:
        write_form(temporary, filled, read_look(workspace.template), marks, notes)


# --- merge and status


@dataclass(frozen=True)
class Merged:
    """What a merge did: what came in, and where the roll-up lies."""

    ingested: Ingested
    rollup: Path


def merge(workspace: Workspace, period_code: str) -> Merged:
    """What was in the inbox, and the roll-up workbook of a period made from plan and ledger."""
    from tenproj_xl.rollup.book import write_rollup  # noqa: PLC0415  # loads XlsxWriter
    from tenproj_xl.rollup.facts import Given  # noqa: PLC0415  # belongs to the line above

    loaded = load(workspace)
    period = loaded.settings.period(period_code)
    ingested = ingest(workspace, period_code)
    with open_ledger(workspace.ledger, who=f"tenproj merge --period {period_code}") as ledger:
        version = f"计划快照 {sha256(loaded.snapshots.plan.encode())[:8]}，台账序号 {ledger.sequence()}"
        receipts = tuple(ledger.receipts(period.code))
        given = Given(loaded.plan, loaded.settings, period, ledger.history().up_to(period), receipts, version)
    name = f"{loaded.plan.programme.title}_{period.code[:4]}年第{int(period.code[-2:])}期汇总表.xlsx"
    path = workspace.outbox / period.code / "汇总" / name.replace("“", "").replace("”", "")
    with whole_file(path) as temporary:
        write_rollup(temporary, given)
    return Merged(ingested, path)


@dataclass(frozen=True)
class ReturnLine:
    """One task force's line of the return matrix; `receipt` is the last return that counts."""

    task_force: TaskForce
    lead: str
    receipt: Receipt | None
    returns: int

    late: bool

    @property
    def state(self) -> str:
        """What people read."""
        if self.receipt is None:
            return "未报" if self.task_force.involved else "不要求报送"
        return self.receipt.status.label + ("（迟报）" if self.late else "")


@dataclass(frozen=True)
class Matrix:
    """Who has returned what for a period, and the files that could not be taken in."""

    period: Period
    deadline: datetime
    lines: tuple[ReturnLine, ...]
    refused: tuple[Receipt, ...]


def status(workspace: Workspace, period_code: str | None = None) -> Matrix:
    """The return matrix of a period, by default of the newest that forms were sent out for.

    Raises:
        UsageProblem: no forms were sent out yet.
    """
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj status") as ledger:
        code = period_code or ledger.newest_period()
        if code is None:
            raise UsageProblem("还没有下发过填报表，请先运行 tenproj generate --period 期号。")
        period = loaded.settings.period(code)
        receipts = ledger.receipts(period.code)
    lines = tuple(_line(t, receipts, loaded) for t in loaded.plan.task_forces)
    refused = tuple(r for r in receipts if r.status is Status.REFUSED)
    return Matrix(period, loaded.settings.deadline(period), lines, refused)


def _line(task_force: TaskForce, receipts: Sequence[Receipt], loaded: Loaded) -> ReturnLine:
    own = [r for r in receipts if r.task_force == task_force.code and r.status.is_return]
    lead, last = loaded.plan.printed(task_force.lead), own[-1] if own else None
    return ReturnLine(task_force, lead, last, len(own), late=bool(own) and all(r.late for r in own))
