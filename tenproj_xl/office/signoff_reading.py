"""Read the sign-off workbook that the office has filled in: the decisions, and what is wrong in which cell.

Reads: a book, what was printed in its rows, and the history. Gives: `SignoffDecisions`. Each row stands for
itself: one at fault keeps no other out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows, Value, is_empty
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import TEXT_LIMIT, Column, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.dates import with_likely_year
from tenproj_xl.core.findings import Finding, Place, finding, has_errors, in_order, quoted
from tenproj_xl.core.meaning import Meaning
from tenproj_xl.core.parse import read_cell, read_code
from tenproj_xl.core.sheets import KEY, KEY2
from tenproj_xl.core.tables import TableRow, data_rows, locate
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.core.tokens import is_token
from tenproj_xl.model.decisions import ChangeReply, Coordination, Decision, Extension, Verdict
from tenproj_xl.model.history import History
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.issues import IssueHistory, issue_history
from tenproj_xl.office.decided_row import DecidedRow, Registration, SignoffContext, after, after_today
from tenproj_xl.office.item_rules import ItemRules
from tenproj_xl.office.registrations import registered, registration_faults, repeated_items
from tenproj_xl.office.signoff import CLOSED, REGISTRATION, changed_field, stamp_of, wanted
from tenproj_xl.office.signoff_items import ITEMS
from tenproj_xl.reading.book import Book

_CONCLUSIONS = ("verdict", "level", "coordination", "extension", "change")
_REFUSALS = (
    Verdict.SEND_BACK,
    Verdict.REOPEN,
    Extension.REFUSED,
    Coordination.DECLINED,
    ChangeReply.REFUSED,
)
_NEW_DEADLINES = (Extension.GRANTED, Verdict.REOPEN)
_DAYS_TO_COME = ("until", "due_on")
_SHORTEST_PART = 2
"""How many characters the part of a name has at least."""


@dataclass(frozen=True)
class SignoffDecisions:
    """The decisions of a workbook; `repeated` is the number of rows recorded before with the same content."""

    decisions: tuple[Decision, ...]
    registrations: tuple[Registration, ...]
    repeated: int
    findings: tuple[Finding, ...]


def read_signoff_book(
    name: str, book: Book, issued: Mapping[str, Sequence[Issued]], context: SignoffContext
) -> SignoffDecisions:
    """Return what was decided in a book; `issued` has the printed rows of each token in it."""
    findings: list[Finding] = []
    rows = _once(_rows(name, book, issued, context, findings), findings)
    decisions, registrations, repeated = [], [], 0
    twice = repeated_items(rows)
    of_items = None
    if any(row.sheet.code == ITEMS.code for row in rows):
        of_items = ItemRules(context.supervised({row.token for row in rows}), rows, context.today)
    for row in rows:
        faults = list(row.faults)
        if not has_errors(faults):
            faults += [*twice.get(row.token, ()), *_faults(row, context, of_items)]
        findings += faults
        decision = row.decision
        if has_errors(faults) or decision is None:
            continue
        if row.sheet.registers:
            registrations.append(registered(row, decision, context.known))
        elif _is_recorded(decision, context.known):
            repeated += 1
        else:
            decisions.append(_with_period(decision, context.known))
    return SignoffDecisions(tuple(decisions), tuple(registrations), repeated, tuple(in_order(findings)))


def _with_period(decision: Decision, known: History) -> Decision:
    """Return a decision with the period of the return that it is about."""
    issue = issue_history(known, decision.issue)
    if issue is None:
        return decision
    return replace(decision, upon=issue.row.period)


def _is_recorded(decision: Decision, known: History) -> bool:
    return any(d.token == decision.token and d.content == decision.content for d in known.decisions)


# --- the rows


def _rows(
    file: str,
    book: Book,
    issued: Mapping[str, Sequence[Issued]],
    context: SignoffContext,
    findings: list[Finding],
) -> Iterator[DecidedRow]:
    """Yield the rows that the office wrote in; a row that was never printed is a finding."""
    for tab in book.sheets:
        sheet = _sheet_of(tab.rows, issued, context.sheets)
        if sheet is None:
            continue
        layout = locate(tab.rows, sheet)
        if layout is None:
            continue
        needed = [c for c in layout.missing if not c.may_lack]
        missing = [c for c in needed if c.fill.is_input or c.field == KEY]
        if missing:
            findings += [_missing_column(Place(file, tab.name), column) for column in missing]
            continue
        for table_row in data_rows(tab.rows, layout):
            if not _is_written(sheet, table_row):
                continue
            row = _row(file, tab.name, sheet, table_row, issued, context.today)
            if isinstance(row, Finding):
                findings.append(row)
            else:
                yield row


def _missing_column(place: Place, column: Column) -> Finding:
    advice = "请用重新生成的表填写"
    return finding(Code.COLUMN_MISSING, place, expected=column.header, advice=advice)


def _sheet_of(rows: Rows, issued: Mapping[str, Sequence[Issued]], sheets: Sequence[Sheet]) -> Sheet | None:
    """Return the sheet that most of the tokens in a tab were printed in, whatever the tab's name."""
    votes: Counter[str] = Counter()
    for row in rows:
        for cell in row:
            if isinstance(cell, str) and (token := text_of(cell).upper()) in issued:
                votes[issued[token][-1].sheet] += 1
    if not votes:
        return None
    code, _ = votes.most_common(1)[0]
    return next((sheet for sheet in sheets if sheet.code == code), None)


def _is_written(sheet: Sheet, row: TableRow) -> bool:
    """Return whether anything was decided in a row, not only 审定人 and 审定日期 filled down a column."""
    fields = {column.field for column in sheet.inputs}
    if sheet.code != REGISTRATION.code:
        fields -= {"by", "decided_on"}
    return any(not is_empty(row.cells.get(field)) for field in fields)


def _once(rows: Iterable[DecidedRow], findings: list[Finding]) -> list[DecidedRow]:
    """Return each row once; copies that differ are left out, since nobody can tell which one was meant."""
    first: dict[str, DecidedRow] = {}
    unclear = set()
    for row in rows:
        before = first.setdefault(row.token, row)
        if row.values != before.values:
            unclear.add(row.token)
            findings.append(finding(Code.ROW_TWICE, row.place(KEY), expected=before.table_row.index + 1))
    return [row for token, row in first.items() if token not in unclear]


def _row(
    file: str,
    tab: str,
    sheet: Sheet,
    table_row: TableRow,
    issued: Mapping[str, Sequence[Issued]],
    today: date,
) -> DecidedRow | Finding:
    tokens = _tokens(table_row)
    printings = [issued[token][-1] for token in tokens if token in issued]
    printings = [printing for printing in printings if printing.sheet == sheet.code]
    code = text_of(table_row.cells.get("code"))
    if not printings:
        return finding(Code.ROW_UNKNOWN, Place(file, tab, table_row.address(KEY), code), code)
    printed = printings[0]
    if len(set(tokens)) > 1 or (code and printed.code and code != printed.code):
        place = Place(file, tab, table_row.address(KEY))
        rows = f"第{table_row.index + 1}行{quoted(code or printed.code)}"
        return finding(Code.KEYS_DISAGREE, place, rows=rows)
    row = DecidedRow(
        file=file, tab=tab, sheet=sheet, table_row=table_row, issued=printed, values={}, faults=()
    )
    values: dict[str, Value] = {}
    faults = []
    for column in sheet.inputs:
        fault = _read(row, column, values, today)
        if fault:
            faults.append(fault)
    return replace(row, values=values, faults=tuple(faults))


def _tokens(row: TableRow) -> list[str]:
    texts = [text_of(row.cells.get(field)).upper() for field in (KEY, KEY2)]
    return [text for text in texts if is_token(text)]


def _read(row: DecidedRow, column: Column, values: dict[str, Value], today: date) -> Finding | None:
    """Put the meaning of a cell into `values`; return the finding about it, if any."""
    cell = row.table_row.cells.get(column.field)
    values[column.field] = None
    if is_empty(cell):
        return None
    meaning = _meaning(cell, column, today)
    place, typed = row.place(column.field), text_of(cell)
    if meaning.code is None:
        values[column.field] = meaning.value
        return None
    if meaning.code.rule.is_guess:
        values[column.field] = meaning.value
        if column.kind is not Kind.DATE:
            return None
        return finding(meaning.code, place, typed, expected=meaning.detail)
    if meaning.code is Code.TOO_LONG:
        return finding(meaning.code, place, typed, found=meaning.detail, expected=TEXT_LIMIT)
    return finding(meaning.code, place, typed, advice=column.how)


def _meaning(cell: object, column: Column, today: date) -> Meaning:
    """Return what a cell means; a day without a year is the likely one as of the day of saving."""
    meaning = read_cell(cell, column, year=today.year)
    if meaning.code is Code.YEAR_GUESSED:
        return with_likely_year(meaning, cell, today, to_come=column.field in _DAYS_TO_COME)
    if meaning.code is Code.NOT_CHOICE and column.field == "task_force":
        return _task_force_in(cell, column) or meaning
    return meaning


def _task_force_in(cell: object, column: Column) -> Meaning | None:
    """Return the task force whose code or unique part of a name a cell holds; None where it is unclear."""
    code, part = f"{read_code(cell).value} ", canonical(cell)
    named = []
    for choice in column.choices:
        if choice.startswith(code):
            return Meaning(choice)
        if len(part) >= _SHORTEST_PART and part in canonical(choice):
            named.append(choice)
    if len(named) == 1:
        return Meaning(named[0])
    return None


# --- the rules


def _faults(row: DecidedRow, context: SignoffContext, of_items: ItemRules | None) -> Iterator[Finding]:
    if row.sheet.registers:
        yield from registration_faults(row, context)
        return
    if row.decision and _is_recorded(row.decision, context.known):
        return
    if of_items is not None and row.sheet.code == ITEMS.code:
        yield from of_items.faults(row)
        return
    issue = _before(row, context.known)
    if issue is None:
        news = "登记这个问题的文件已撤回"
        yield finding(Code.DECISION_OUTDATED, row.place("code"), row.issued.code, found=news)
    elif row.issued.printed.get("stamp") != stamp_of(issue, row.token):
        news = _news(row, issue)
        yield finding(Code.DECISION_OUTDATED, row.place("code"), row.issued.code, found=news)
    else:
        yield from _incomplete(row, issue)
        yield from _unasked(row, issue)
        yield from _dates_in_disorder(row, issue, context.today)


def _before(row: DecidedRow, known: History) -> IssueHistory | None:
    """Return the issue as it was without the decisions of this same row, which may have been read before."""
    others = tuple(d for d in known.decisions if d.token != row.token)
    return issue_history(History(known.rows, others), row.issued.code)


def _news(row: DecidedRow, issue: IssueHistory) -> str:
    """Return what has changed on an issue since its row was printed."""
    printed_row, _, _ = str(row.issued.printed.get("stamp")).partition("/")
    if str(issue.row.seq) != printed_row:
        return f"单位在{issue.row.period.spoken}又有填报，或原来的填报已更正、撤回"
    if issue.decisions:
        return issue.decisions[-1].spoken
    return "此前的审定已撤回"


def _incomplete(row: DecidedRow, issue: IssueHistory) -> Iterator[Finding]:
    """Yield what is lacking: a decision has a result, a name and a day, some an opinion or a deadline."""
    results = [row.values[field] for field in _CONCLUSIONS if row.text(field)]
    if not results:
        yield row.lacking(_expected_field(issue), "写了意见或日期，没有选审定结果")
        return
    for field in ("by", "decided_on"):
        if row.values.get(field) is None:
            yield row.lacking(field, f"选了“{label_of(results[0])}”")
    refusal = next((result for result in results if result in _REFUSALS), None)
    if refusal and not row.text("opinion"):
        yield row.lacking("opinion", f"选了“{label_of(refusal)}”")
    new_deadline = next((r for r in results if r in _NEW_DEADLINES), None)
    if new_deadline and row.day("until") is None:
        yield row.lacking("until", f"选了“{label_of(new_deadline)}”")
    if row.day("until") and not new_deadline:
        yield row.lacking("extension", "写了同意延期的日期")
    yield from _change_incomplete(row)


def _change_incomplete(row: DecidedRow) -> Iterator[Finding]:
    """Yield what is lacking where a change is agreed to but not written, or written but not agreed to."""
    new = [column.field for column in row.sheet.inputs if column.field.startswith(changed_field(""))]
    is_agreed = row.values.get("change") is ChangeReply.AGREED
    is_given = any(row.values.get(field) is not None for field in new)
    if is_agreed and not is_given:
        yield row.lacking(changed_field("unit"), "同意变更，要写明改成什么，至少填一栏")
    if is_given and not is_agreed:
        yield row.lacking("change", "写了改成什么")


def _expected_field(issue: IssueHistory) -> str:
    """Return the first field of a result that the issue waits for."""
    asked = wanted(issue)
    return next((field for field in _CONCLUSIONS if field in asked), "verdict")


def _unasked(row: DecidedRow, issue: IssueHistory) -> Iterator[Finding]:
    """Yield results for what nobody has asked."""
    if not issue.application and row.sheet.code != CLOSED.code:
        yield from _unasked_result(row, "verdict", "待审定的销号申请")
    if not issue.asks:
        yield from _unasked_result(row, "coordination", "待答复的提请事项")
    if not issue.extension_request and row.values.get("extension") is not Extension.GRANTED:
        yield from _unasked_result(row, "extension", "待答复的延期申请")
    if not issue.change_request and row.values.get("change") is ChangeReply.REFUSED:
        yield from _unasked_result(row, "change", "待审定的变更申请")


def _unasked_result(row: DecidedRow, field: str, expected: str) -> Iterator[Finding]:
    if row.text(field):
        typed = text_of(row.values[field])
        yield finding(Code.DECISION_UNASKED, row.place(field), typed, expected=expected)


def _dates_in_disorder(row: DecidedRow, issue: IssueHistory, today: date) -> Iterator[Finding]:
    on = row.day("decided_on")
    if on is None:
        return
    earlier = {"提出日期": issue.reported("raised_on")}
    if issue.application and row.text("verdict"):
        earlier["申请销号日期"] = issue.application.values.get("applied_on")
    if issue.decisions:
        earlier["上次审定"] = issue.decisions[-1].on
    yield from after(row, "decided_on", earlier)
    yield from after_today(row, today)
    earlier = {"审定日期": on}
    if row.values.get("extension") is Extension.GRANTED:
        earlier["现行时限"] = issue.due
    yield from after(row, "until", earlier)
