"""The office's own word: which received files do not count, and what becomes of issues.

Only what is named on the command line is taken; nothing that comes with the mail can speak for the office.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from tenproj_xl.app.intake import withdrawn_finding
from tenproj_xl.app.pipeline import issued_period
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import archive, atomic_write
from tenproj_xl.core.findings import Finding, Place, finding, has_errors
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import ISSUES, OPEN
from tenproj_xl.ledger.issue_codes import NewIssue, issue_code
from tenproj_xl.ledger.store import Ledger, Taken, open_ledger
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.history import History, Reported, Withdrawal
from tenproj_xl.model.settings import Loaded
from tenproj_xl.office.signoff import APPLICATIONS, build_signoff_book, is_signoff_book
from tenproj_xl.office.signoff_reading import Registration, Rulings, desk, read_rulings
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.containers import Contents
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.inbox import Received, receive
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.recognition.identify import tokens_in

# --- taking a file out again

_SHORTEST_PREFIX = 6
_LISTED = 10


@dataclass(frozen=True)
class Withdrawn:
    """What a withdrawal did: of the file's `rows`, for `standing` an earlier word counts now; how much it `decided`.

    `already` is True where nothing changed, because the file was withdrawn (or counted) before; `undone` where the
    file counts again.
    """

    file: Taken
    rows: int
    standing: int
    decided: int
    already: bool
    undone: bool
    zone: tzinfo


def withdraw(workspace: Workspace, name: str, why: str, *, undo: bool = False) -> Withdrawn:
    """Take a file out again, or back in: what it said does not count, the earlier word on each row does.

    Args:
        workspace: The workspace.
        name: The file's name, or the beginning of its hash.
        why: The reason, which the ledger keeps.
        undo: Take an earlier withdrawal back.

    Raises:
        UsageProblem: no reason was given, or not exactly one file goes by the name.
    """
    if not why.strip():
        raise UsageProblem("请用 --why 写明撤回的原因。")
    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj withdraw") as ledger:
        file = _called(name, ledger, loaded.settings.zone)
        already = bool(file.withdrawn) is not undo
        if not already:
            withdrawal = Withdrawal(file.sha256, why.strip(), datetime.now(UTC))
            with ledger.batch("withdraw", datetime.now(UTC), loaded.snapshots):
                ledger.record_withdrawal(withdrawal, undone=undo)
        known = ledger.history()
        named, decided = ledger.rows_named_in(file.sha256), ledger.decided_in(file.sha256)
    standing = sum(known.latest(sheet, code) is not None for sheet, code in named)
    return Withdrawn(file, len(named), standing, decided, already, undo, loaded.settings.zone)


def _called(name: str, ledger: Ledger, zone: tzinfo) -> Taken:
    """The one file that goes by a name or by the beginning of its hash."""
    wanted, files = name.strip().casefold(), ledger.taken()
    found = [f for f in files if wanted in (f.file.casefold(), f.file.casefold().rpartition("/")[2])]
    if not found and len(wanted) >= _SHORTEST_PREFIX:
        found = [f for f in files if f.sha256.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    listed = "\n".join(_line(f, zone) for f in (found or files)[-_LISTED:])
    if found:
        raise UsageProblem(
            f"叫“{name}”的文件有{len(found)}份，请改写校验码的前几位，指明是哪一份：\n{listed}"
        )
    known = f"收下过的有：\n{listed}" if files else "还没有收下过文件。"
    raise UsageProblem(f"没有收下过叫“{name}”的文件，请核对文件名或校验码。{known}")


def _line(file: Taken, zone: tzinfo) -> str:
    state = "，已撤回" if file.withdrawn else ""
    return f"  {file.sha256[:12]}  {file.received_at.astimezone(zone):%Y-%m-%d %H:%M}  {file.file}{state}"


# --- the sign-off workbook


@dataclass(frozen=True)
class Drawn:
    """A sign-off workbook: where it lies, how many issues wait; `kept` where one that may be filled in lay there."""

    path: Path
    waiting: int
    kept: bool


def draw_signoff(workspace: Workspace, period_code: str | None = None) -> Drawn:
    """The workbook in which the office decides; one that lies there already is never written over.

    Args:
        workspace: The workspace.
        period_code: The period whose last day issues are judged on, by default the newest that forms went out for.

    Raises:
        UsageProblem: no forms went out for the period, or at all.
    """
    from tenproj_xl.office.signoff_book import write_signoff_book  # noqa: PLC0415  # loads XlsxWriter

    loaded = load(workspace)
    with open_ledger(workspace.ledger, who="tenproj signoff") as ledger:
        period = issued_period(period_code, loaded, ledger)
        docket = build_signoff_book(
            loaded.plan, loaded.settings, period, ledger.history(), ledger.secret, ledger.sequence()
        )
        with ledger.batch("signoff", datetime.now(UTC), loaded.snapshots):
            ledger.record_signoff_rows(docket.issued)
    path = workspace.outbox / period.code / "销号审定" / f"{docket.stem}.xlsx"
    kept = path.exists()
    if not kept:
        with atomic_write(path) as temporary:
            write_signoff_book(temporary, docket)
    return Drawn(path, len(docket.rows(APPLICATIONS)), kept)


@dataclass(frozen=True)
class Signed:
    """What a filled-in sign-off workbook did; `repeated` counts rows that were recorded before as they stand."""

    file: str
    sha256: str
    decisions: tuple[Decision, ...]
    repeated: int
    findings: tuple[Finding, ...]
    notices: tuple[str, ...] = ()

    @property
    def needs_a_person(self) -> bool:
        """True where something was not recorded."""
        return has_errors(self.findings)


def sign_off(workspace: Workspace, path: Path) -> Signed:
    """Record what the office decided in a workbook: who decided what, when. Reading it twice changes nothing."""
    loaded = load(workspace)
    (received,) = receive([path])
    with open_ledger(workspace.ledger, who="tenproj signoff") as ledger:
        seen = ledger.first_seen(received.sha256)
        book = _book(received, loaded, ledger)
        if isinstance(book, Finding):
            return Signed(received.name, received.sha256, (), 0, (book,))
        issued = ledger.issued(tokens_in(book))
        if not is_signoff_book(issued):
            said = finding(Code.NOT_SIGNOFF, Place(received.name))
            return Signed(received.name, received.sha256, (), 0, (said,))
        archive(workspace.archive, received.data)
        known = ledger.history()
        rulings = read_rulings(
            received.name, book, issued, desk(loaded.plan, known, received, loaded.settings.zone)
        )
        with ledger.batch("signoff", datetime.now(UTC), loaded.snapshots):
            ledger.record_file(
                received.sha256, received.name, len(received.data), seen or received.received_at
            )
            decisions, repeated = _record(rulings, received, known, ledger)
        notices = (*_replaced(known.decisions, decisions), *_notices(decisions, loaded, ledger))
    return Signed(
        received.name, received.sha256, decisions, rulings.repeated + repeated, rulings.findings, notices
    )


def _book(received: Received, loaded: Loaded, ledger: Ledger) -> Book | Finding:
    place = Place(received.name)
    if withdrawal := ledger.withdrawals().get(received.sha256):
        return withdrawn_finding(received.name, withdrawal, loaded.settings.zone)
    with Reader(loaded.settings.limits, loaded.settings.passwords) as reader:
        (found,) = reader.open([received.data])
    if isinstance(found, Refusal):
        return finding(found.code, place, found=found.found)
    return finding(Code.NOT_SIGNOFF, place) if isinstance(found, Contents) else found


def _record(
    rulings: Rulings, received: Received, known: History, ledger: Ledger
) -> tuple[tuple[Decision, ...], int]:
    """What was decided, recorded; and how many registered issues were known already as they stand."""
    sealed = [replace(d, sha256=received.sha256) for d in rulings.decisions]
    repeated = 0
    for registration in rulings.registrations:
        code = issue_code(_new(registration), ledger)
        decision = replace(registration.decision, issue=code, sha256=received.sha256)
        period = registration.row.issued.period
        before = next((r for r in known.of("issues", code) if r.period.code == period), None)
        same = any(d.token == decision.token and d.same == decision.same for d in known.decisions)
        if same and before and all(before.values.get(f) == v for f, v in registration.values.items()):
            repeated += 1
            continue
        # What is read later is the later word, whichever copy was saved first.
        at = (
            max(received.received_at, before.received_at + timedelta(seconds=1))
            if before
            else received.received_at
        )
        ledger.record_row(replace(_reported(registration, code, received), received_at=at))
        sealed.append(decision)
    for decision in sealed:
        ledger.record_decision(decision)
    return tuple(sealed), repeated


def _new(registration: Registration) -> NewIssue:
    row = registration.row
    description = registration.values["description"]
    return NewIssue(row.issued.period, registration.task_force, row.token, description)


def _reported(registration: Registration, code: str, received: Received) -> Reported:
    """The issue as a row of 问题销号进度表, as if its department had registered it."""
    row = registration.row
    blank: dict[str, Value] = {c.field: None for c in ISSUES.inputs}
    written = [f for f, v in registration.values.items() if v is not None]
    return Reported(
        ISSUES.code,
        code,
        registration.task_force,
        parse_period(row.issued.period),
        {**blank, **registration.values, "status": OPEN},
        {f: str(registration.values[f]) for f in written},
        {f: row.table_row.address(f) for f in written},
        received.name,
        received.sha256,
        row.tab,
        received.received_at,
        0,
    )


def _replaced(before: Sequence[Decision], decisions: Sequence[Decision]) -> Iterator[str]:
    """Which decisions of the same rows were corrected, for it may have been somebody else's."""
    earlier = {(d.token, d.issue): d for d in before}
    for d in decisions:
        if old := earlier.get((d.token, d.issue)):
            yield f"{d.issue} 此前录入的“{old.spoken}”已改为上面的结果。"


def _notices(decisions: Sequence[Decision], loaded: Loaded, ledger: Ledger) -> tuple[str, ...]:
    """Where forms are out already that do not show what was decided, and that the department has still to fill in."""
    newest = ledger.newest_period()
    if newest is None or not any(d.upon.code < newest for d in decisions):
        return ()
    return (
        f"{loaded.settings.span(newest).label}的填报表已经下发，要让审定结果出现在表中，请重新生成并分发。",
    )
