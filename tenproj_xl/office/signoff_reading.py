"""The sign-off workbook as it comes back from the office: what was decided, and what is wrong in it, cell by cell.

Reads: a book, what was printed in its rows, and the history. Gives: `Rulings`. Each row stands for itself: one at fault
keeps no other out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import cached_property

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows, Value, is_empty
from tenproj_xl.core.columns import TEXT_LIMIT, Column, Sheet
from tenproj_xl.core.findings import Finding, Place, finding, in_order, quoted
from tenproj_xl.core.parse import read_cell, text_of
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import KEY, KEY2
from tenproj_xl.core.tables import TableRow, data_rows, locate
from tenproj_xl.core.tokens import is_token
from tenproj_xl.model.decisions import Coordination, Decision, Extension, Verdict
from tenproj_xl.model.history import History
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.issues import IssueHistory, issue_history
from tenproj_xl.model.plan import Plan
from tenproj_xl.office.signoff import CLOSED, REGISTRATION, signoff_sheets, stamp_of, wanted
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.inbox import Received
from tenproj_xl.validation.row_rules.issues import unknown_links

_CONCLUSIONS = ("verdict", "level", "coordination", "extension")


@dataclass(frozen=True)
class DecidedRow:
    """One row that the office wrote in, its cells converted once; `faults` are those of cells and keys."""

    file: str
    tab: str
    sheet: Sheet
    table_row: TableRow
    issued: Issued
    values: Mapping[str, Value]
    faults: tuple[Finding, ...]

    @property
    def token(self) -> str:
        """What identifies the row."""
        return self.issued.token

    def place(self, field: str) -> Place:
        """Where a field stands."""
        spoken = self.issued.code or text_of(self.table_row.cells.get("description"))[:24]
        return Place(self.file, self.tab, self.table_row.address(field), spoken)

    def text(self, field: str) -> str:
        """A field as text, "" where it is blank or at fault."""
        return str(self.values.get(field) or "")

    def day(self, field: str) -> date | None:
        """A field as a date."""
        value = self.values.get(field)
        return value if isinstance(value, date) else None

    def lacking(self, field: str, when: str) -> Finding:
        """A finding that a cell should have been filled."""
        column = self.sheet.column(field)
        advice = column.how.removeprefix("填写")
        return finding(Code.REQUIRED, self.place(field), when=when, expected=column.header, advice=advice)

    @cached_property
    def decision(self) -> Decision | None:
        """What was decided, as far as it can be told; None without a day."""
        on = self.day("decided_on")
        if on is None:
            return None
        return Decision(
            self.issued.code,
            on,
            self.text("by"),
            parse_period(self.issued.period),
            verdict=self.text("verdict"),
            level=self.text("level"),
            coordination=self.text("coordination"),
            extension=self.text("extension"),
            until=self.day("until"),
            opinion=self.text("opinion"),
            token=self.token,
            file=self.file,
        )


@dataclass(frozen=True)
class Registration:
    """An issue that the office registered: the fields of 问题销号进度表, and the decision that goes with it."""

    row: DecidedRow
    task_force: str
    values: Mapping[str, Value]
    decision: Decision


@dataclass(frozen=True)
class SignoffDecisions:
    """What a workbook decided; `repeated` counts rows that were recorded before as they stand."""

    decisions: tuple[Decision, ...]
    registrations: tuple[Registration, ...]
    repeated: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class SignoffContext:
    """What rulings are checked against; `today` is the day on which the workbook was last saved."""

    plan: Plan
    known: History
    today: date


def signoff_context(plan: Plan, known: History, received: Received, zone: tzinfo) -> SignoffContext:
    """What the rulings of a file are checked against."""
    return SignoffContext(plan, known, received.received_at.astimezone(zone).date())


def read_signoff_book(
    name: str, book: Book, issued: Mapping[str, Sequence[Issued]], context: SignoffContext
) -> SignoffDecisions:
    """What was decided in a book whose tokens were printed as `issued` says."""
    findings: list[Finding] = []
    rows = _once(_rows(name, book, issued, context.plan, findings), findings)
    decisions, registrations, repeated = [], [], 0
    for row in rows:
        found = list(row.faults) or [*_faults(row, context)]
        findings += found
        decided = row.decision
        if any(f.is_error for f in found) or decided is None:
            continue
        if row.sheet.code == REGISTRATION.code:
            registrations.append(_registration(row, decided))
        elif _is_recorded(decided, context.known):
            repeated += 1
        else:
            decisions.append(_upon(decided, context.known))
    return SignoffDecisions(tuple(decisions), tuple(registrations), repeated, tuple(in_order(findings)))


def _upon(decided: Decision, known: History) -> Decision:
    issue = issue_history(known, decided.issue)
    return replace(decided, upon=issue.row.period) if issue else decided


def _is_recorded(decided: Decision, known: History) -> bool:
    return any(d.token == decided.token and d.same == decided.same for d in known.decisions)


# --- the rows


def _rows(
    file: str, book: Book, issued: Mapping[str, Sequence[Issued]], plan: Plan, findings: list[Finding]
) -> Iterator[DecidedRow]:
    """The rows that the office wrote in; a row that is none of ours is a finding."""
    for tab in book.sheets:
        sheet = _sheet_of(tab.rows, issued, plan)
        layout = locate(tab.rows, sheet) if sheet else None
        if sheet is None or layout is None:
            continue
        missing = [c for c in layout.missing if c.fill.is_input or c.field == KEY]
        advice, place = "请用重新生成的审定表填写", Place(file, tab.name)
        findings += [finding(Code.COLUMN_MISSING, place, expected=c.header, advice=advice) for c in missing]
        for table_row in data_rows(tab.rows, layout) if not missing else ():
            if not _is_written(sheet, table_row):
                continue
            row = _row(file, tab.name, sheet, table_row, issued)
            if isinstance(row, Finding):
                findings.append(row)
            else:
                yield row


def _sheet_of(rows: Rows, issued: Mapping[str, Sequence[Issued]], plan: Plan) -> Sheet | None:
    """The sheet that most of the tokens in a tab were printed in, whatever the tab is called by now."""
    texts = (text_of(cell).upper() for row in rows for cell in row if isinstance(cell, str))
    votes = Counter(issued[text][-1].sheet for text in texts if text in issued)
    return next((s for s in signoff_sheets(plan) if votes and s.code == votes.most_common(1)[0][0]), None)


def _is_written(sheet: Sheet, row: TableRow) -> bool:
    """True where anything was decided or said; who and when alone, filled down a column, decide nothing."""
    idle = () if sheet.code == REGISTRATION.code else ("by", "decided_on")
    return any(not is_empty(row.cells.get(c.field)) for c in sheet.inputs if c.field not in idle)


def _once(rows: Iterable[DecidedRow], findings: list[Finding]) -> list[DecidedRow]:
    """Each row once; of copies that say different things none counts, for nobody can tell which was meant."""
    first: dict[str, DecidedRow] = {}
    unclear = set()
    for row in rows:
        before = first.setdefault(row.token, row)
        if row.values != before.values:
            unclear.add(row.token)
            findings.append(finding(Code.ROW_TWICE, row.place(KEY), expected=before.table_row.index + 1))
    return [row for token, row in first.items() if token not in unclear]


def _row(
    file: str, tab: str, sheet: Sheet, table_row: TableRow, issued: Mapping[str, Sequence[Issued]]
) -> DecidedRow | Finding:
    tokens = [text for f in (KEY, KEY2) if is_token(text := text_of(table_row.cells.get(f)).upper())]
    known = [t for t in tokens if t in issued and issued[t][-1].sheet == sheet.code]
    code = text_of(table_row.cells.get("code"))
    if not known:
        return finding(Code.ROW_UNKNOWN, Place(file, tab, table_row.address(KEY), code), code)
    printed = issued[known[0]][-1]
    row = DecidedRow(file, tab, sheet, table_row, printed, {}, ())
    if len(set(tokens)) > 1 or (code and printed.code and code != printed.code):
        place = Place(file, tab, table_row.address(KEY))
        return finding(
            Code.KEYS_DISAGREE, place, rows=f"第{table_row.index + 1}行{quoted(code or printed.code)}"
        )
    values: dict[str, Value] = {}
    faults = [f for c in sheet.inputs if (f := _read(row, c, values))]
    return replace(row, values=values, faults=tuple(f for f in faults if f.is_error))


def _read(row: DecidedRow, column: Column, values: dict[str, Value]) -> Finding | None:
    """Take up what a cell means; the finding about it, if any."""
    cell = row.table_row.cells.get(column.field)
    values[column.field] = None
    if is_empty(cell):
        return None
    meaning = read_cell(cell, column, year=parse_period(row.issued.period).last.year)
    place, typed = row.place(column.field), text_of(cell)
    if meaning.code is None:
        values[column.field] = meaning.value
        return None
    if meaning.code.rule.is_guess:
        values[column.field] = meaning.value
        if column.field not in ("until", "decided_on", "raised_on", "due_on"):
            return None
        # An office's own date is never guessed: it decides from when something counts.
        return finding(Code.NOT_DATE, place, typed, advice=column.how)
    if meaning.code is Code.TOO_LONG:
        return finding(meaning.code, place, typed, found=meaning.detail, expected=TEXT_LIMIT)
    return finding(meaning.code, place, typed, advice=column.how)


# --- the rules


def _faults(row: DecidedRow, context: SignoffContext) -> Iterator[Finding]:
    if row.sheet.code == REGISTRATION.code:
        yield from _registration_faults(row, context)
        return
    decided = row.decision
    if decided and _is_recorded(decided, context.known):
        return
    issue = _before(row, context.known)
    if issue is None or row.issued.printed.get("stamp") != stamp_of(issue, row.token):
        yield finding(Code.DECISION_OUTDATED, row.place("code"), row.issued.code, found=_news(row, issue))
        return
    yield from _whole(row, issue)
    yield from _asked(row, issue)
    yield from _dates(row, issue, context.today)


def _before(row: DecidedRow, known: History) -> IssueHistory | None:
    """The issue as it was before what this same row decided, if it was read before."""
    others = tuple(d for d in known.decisions if d.token != row.token)
    return issue_history(History(known.rows, others), row.issued.code)


def _news(row: DecidedRow, issue: IssueHistory | None) -> str:
    if issue is None:
        return "登记这个问题的文件已撤回"
    seen, _, _ = str(row.issued.printed.get("stamp")).partition("/")
    if str(issue.row.seq) != seen:
        return f"单位在{issue.row.period.spoken}又有填报，或原来的填报已更正、撤回"
    return issue.decisions[-1].spoken if issue.decisions else "此前的审定已撤回"


def _whole(row: DecidedRow, issue: IssueHistory) -> Iterator[Finding]:
    """A decision says what, who and when; one that refuses says why."""
    decided = [row.text(f) for f in _CONCLUSIONS if row.text(f)]
    if not decided:
        asked = [f for f in _CONCLUSIONS if f in wanted(issue)]
        yield row.lacking(asked[0] if asked else "verdict", "写了意见或日期，没有选审定结果")
        return
    spoken = f"选了“{decided[0]}”"
    for field in ("by", "decided_on"):
        if row.values.get(field) is None:
            yield row.lacking(field, spoken)
    refusing = (Verdict.SEND_BACK, Verdict.REOPEN, Extension.REFUSED, Coordination.DECLINED)
    refused = next((word for word in decided if word in refusing), None)
    if refused and not row.text("opinion"):
        yield row.lacking("opinion", f"选了“{refused}”")
    moves = next((word for word in decided if word in (Extension.GRANTED, Verdict.REOPEN)), None)
    if moves and row.day("until") is None:
        yield row.lacking("until", f"选了“{moves}”")
    if row.day("until") and not moves:
        yield row.lacking("extension", "写了同意延期的日期")


def _asked(row: DecidedRow, issue: IssueHistory) -> Iterator[Finding]:
    """A decision answers something that was asked."""
    needed = {
        "verdict": (issue.application or row.sheet.code == CLOSED.code, "待审定的销号申请"),
        "coordination": (issue.asks, "待答复的提请事项"),
        "extension": (
            issue.extension_request or row.text("extension") == Extension.GRANTED,
            "待答复的延期申请",
        ),
    }
    for field, (is_asked, what) in needed.items():
        if (word := row.text(field)) and not is_asked:
            yield finding(Code.DECISION_UNASKED, row.place(field), word, expected=what)


def _dates(row: DecidedRow, issue: IssueHistory, today: date) -> Iterator[Finding]:
    on, until = row.day("decided_on"), row.day("until")
    if on is None:
        return
    last = issue.decisions[-1].on if issue.decisions else None
    applied = (
        issue.application.values.get("applied_on") if issue.application and row.text("verdict") else None
    )
    yield from _in_turn(
        row, "decided_on", {"提出日期": issue.said("raised_on"), "申请销号日期": applied, "上次审定": last}
    )
    if on > today:
        yield _later(row, "decided_on", f"“审定日期”{on}", f"审定表保存的日期{today}")
    if until and row.text("extension") == Extension.GRANTED:
        yield from _in_turn(row, "until", {"审定日期": on, "现行时限": issue.due})
    elif until:
        yield from _in_turn(row, "until", {"审定日期": on})


def _in_turn(row: DecidedRow, field: str, earlier: Mapping[str, Value]) -> Iterator[Finding]:
    """The first of some days that is later than the one in a field."""
    day, header = row.day(field), row.sheet.column(field).header
    for name, other in earlier.items():
        if day and isinstance(other, date) and other > day:
            yield _later(row, field, f"“{name}”{other}", f"“{header}”{day}")
            return


def _later(row: DecidedRow, field: str, found: str, expected: str) -> Finding:
    typed = text_of(row.table_row.cells.get(field))
    return finding(Code.DATES_ORDER, row.place(field), typed, found=found, expected=expected)


# --- issues of the office's own


def _registration_faults(row: DecidedRow, context: SignoffContext) -> Iterator[Finding]:
    for field in row.sheet.registers:
        if row.values.get(field) is None:
            column = row.sheet.column(field)
            advice = column.how.removeprefix("填写") if not column.choices else "从下拉选项中选择"
            yield finding(Code.ISSUE_INCOMPLETE, row.place(field), expected=column.header, advice=advice)
    if unknown := unknown_links(row.values.get("related"), context.plan):
        yield finding(Code.LINK_UNKNOWN, row.place("related"), row.text("related"), found="、".join(unknown))
    yield from _in_turn(row, "due_on", {"提出日期": row.day("raised_on")})
    yield from _in_turn(row, "decided_on", {"提出日期": row.day("raised_on")})
    on = row.day("decided_on")
    if on and on > context.today:
        yield _later(row, "decided_on", f"“审定日期”{on}", f"审定表保存的日期{context.today}")


def _registration(row: DecidedRow, decided: Decision) -> Registration:
    force, _, _ = row.text("task_force").partition(" ")
    kept = ("task_force", "level", "opinion", "by", "decided_on")
    values = {f: v for f, v in row.values.items() if f not in kept}
    return Registration(row, force, values, replace(decided, verdict=str(Verdict.REGISTER), until=None))
