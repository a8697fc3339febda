"""Placing: where in the current form the rows of a return go back to, and which have no sure place there.

Reads: a `Form` and a `Judgement`. Gives: a `Placing`. Nothing here counts as reported: what is put back is
only proposed to its sender, who sends it in again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value, is_empty
from tenproj_xl.core.columns import Column, Kind
from tenproj_xl.core.parse import canonical, read_cell, text_of
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import ISSUES, KEY2
from tenproj_xl.core.tokens import is_token
from tenproj_xl.forms.content import Form
from tenproj_xl.recognition.rows import ReadRow, Unplaced
from tenproj_xl.validation.entries import Entry, Unread
from tenproj_xl.validation.judge import JudgedReturn

_PUT_BACK = (Code.COLUMN_MISSING, Code.COLUMN_TWICE, Code.ROW_TWICE, Code.SHEET_TWICE)
"""Why a row was left out that may be put back all the same, where nothing else is said of it."""


@dataclass(frozen=True)
class Placed:
    """A sent row and the token of the form's row that it goes into; `entry` or `unplaced` is what it was read as.

    `disputed` are fields for which two columns say different things; `others` are rows that say the same.
    """

    row: ReadRow
    token: str
    values: Mapping[str, Value]
    entry: Entry | None = None
    unplaced: Unplaced | None = None
    disputed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    others: tuple[ReadRow, ...] = ()


@dataclass(frozen=True)
class Left:
    """A sent row without a sure place: why, and the tokens of the form's rows that it may belong to.

    `reason` is None where the row is right and only the form has no room for it, or no longer such a row.
    """

    row: ReadRow
    reason: Code | None
    tokens: tuple[str, ...] = ()
    accepted: bool = False


@dataclass(frozen=True)
class Placing:
    """Where everything goes; `moved` is True where the form is of another period than the return."""

    placed: tuple[Placed, ...]
    left: tuple[Left, ...]
    moved: bool


@dataclass(frozen=True)
class _Sent:
    """A row that wants a place."""

    row: ReadRow
    entry: Entry | None = None
    unplaced: Unplaced | None = None
    others: tuple[ReadRow, ...] = ()

    @property
    def is_answered(self) -> bool:
        return self.entry.is_answered if self.entry else self.row.is_written

    @property
    def code(self) -> str:
        """The row's code, as it was read; "" for a new issue."""
        return self.entry.code if self.entry else code_of(self.row)


class FormSlots:
    """The rows of a form, each of which is taken once."""

    def __init__(self, form: Form) -> None:
        rows = [(part.sheet.code, row) for part in form.sheets for row in part.rows]
        self.tokens = {row.token for _, row in rows}
        self.codes = {(sheet, row.code): row.token for sheet, row in rows if row.code}
        issues = (row for sheet, row in rows if sheet == ISSUES.code and row.code)
        self.descriptions = {canonical(row.printed.get("description")): row.token for row in issues}
        self.spare = [row.token for sheet, row in rows if sheet == ISSUES.code and not row.code]
        self.taken: set[str] = set()

    def take(self, token: str) -> str:
        """The token, unless the row is taken."""
        if not token or token in self.taken:
            return ""
        self.taken.add(token)
        return token

    def own(self, s: _Sent) -> str:
        """The row's own token, or that of the same code; a blank row for new issues is nobody's own."""
        token = s.row.token if s.row.token in self.tokens else self.codes.get((s.row.sheet.code, s.code), "")
        return "" if token in self.spare and not s.is_answered else token

    def for_issue(self, s: _Sent) -> str:
        """The token for a new issue: of the same one where that is registered by now, or of a blank row."""
        if s.row.sheet.code != ISSUES.code or s.code:
            return ""
        same = self.descriptions.get(canonical(s.row.table_row.cells.get("description")), "")
        return self.take(same) or self.take(next((t for t in self.spare if t not in self.taken), ""))

    def concerned(self, unplaced: Unplaced) -> tuple[str, ...]:
        """The form's rows that a row may belong to: the one that it was meant for, else by any of its keys or codes."""
        row, cells = unplaced.row, unplaced.row.table_row.cells
        if unplaced.reason is Code.ROWS_SHIFTED:
            return (unplaced.meant,) if unplaced.meant in self.tokens else ()
        tokens = [row.token, text_of(cells.get(KEY2)).upper()]
        found = [t for t in tokens if is_token(t) and t in self.tokens]
        codes = [text_of(cells.get("code")), row.issued.code if row.issued else ""]
        found += [t for c in codes if (t := self.codes.get((row.sheet.code, c), ""))]
        return tuple(dict.fromkeys(found))


def code_of(row: ReadRow) -> str:
    """A row's code: as printed, or as it stands in a row without a key."""
    return row.issued.code if row.issued else text_of(row.table_row.cells.get("code"))


def placing(form: Form, judged: JudgedReturn) -> Placing:
    """Where the rows of a return go in a form.

    A row goes into the row of its token, else of its code; a new issue into a blank row. Rows that nobody can
    tell the owner of are left over, and so is what the form has no row for. Into another period's form only
    answers go.
    """
    moved, source = form.period.code != judged.source.period, judged.source
    seats, year = FormSlots(form), int(source.period[:4])
    back, stray = _parted(source.unplaced)
    wanting = [
        s for s in (*(_Sent(e.row, entry=e) for e in judged.entries), *back) if s.is_answered or not moved
    ]
    seated = {id(s): token for s in wanting if (token := seats.take(seats.own(s)))}
    torn = (u for u in stray if u.reason in (Code.KEYS_DISAGREE, Code.ROWS_SHIFTED))
    doubtful = {t for u in torn for t in seats.concerned(u)} - seats.taken
    seats.taken |= doubtful
    homeless = [s for s in wanting if id(s) not in seated and s.is_answered]
    seated |= {id(s): token for s in homeless if (token := seats.for_issue(s))}
    left = [
        Left(s.row, None, (), accepted=_is_one_of(s.entry, judged)) for s in homeless if id(s) not in seated
    ]
    full = set(seated.values())
    left += [Left(u.row, u.reason, tuple(t for t in seats.concerned(u) if t not in full)) for u in stray]
    order = [part.sheet.code for part in form.sheets]
    left.sort(key=lambda x: (order.index(x.row.sheet.code), x.row.tab, x.row.number))
    placed = tuple(_placed(s, seated[id(s)], year) for s in wanting if id(s) in seated)
    return Placing(placed, tuple(left), moved)


def _is_one_of(entry: Entry | None, judged: JudgedReturn) -> bool:
    return any(entry is e for e in judged.accepted)


def _parted(unplaced: Iterable[Unplaced]) -> tuple[list[_Sent], list[Unplaced]]:
    """The rows that can be put back although they were left out, and those that have to be shown to their sender.

    Of rows that claim to be the same one, all that say something must say the same.
    """
    groups: dict[tuple[str, ...], list[Unplaced]] = {}
    stray = []
    for u in unplaced:
        if u.reason in _PUT_BACK:
            groups.setdefault(_claim(u.row), []).append(u)
        elif u.row.is_written or u.reason in (Code.ROW_UNKNOWN, Code.ROW_FOREIGN, Code.ROW_NOTE):
            stray.append(u)
    back = []
    for group in groups.values():
        written = [u for u in group if u.row.is_written]
        if len({_content(u.row) for u in written}) > 1:
            stray += written
        else:
            first = (written or group)[0]
            back.append(
                _Sent(first.row, unplaced=first, others=tuple(u.row for u in group if u is not first))
            )
    return back, stray


def _claim(row: ReadRow) -> tuple[str, ...]:
    known = row.token or code_of(row)
    return (row.sheet.code, known) if known else (row.sheet.code, *_content(row))


def _content(row: ReadRow) -> tuple[str, ...]:
    return tuple(text_of(row.table_row.cells.get(c.field)) for c in row.sheet.inputs)


# --- values


def _placed(s: _Sent, token: str, year: int) -> Placed:
    if s.entry:
        return Placed(s.row, token, _understood(s.entry), entry=s.entry)
    disputed = dict(_disputed(s.unplaced)) if s.unplaced else {}
    cells = dict(_cells(s.unplaced)) if s.unplaced else {}
    columns = [c for c in s.row.sheet.inputs if c.field in cells]
    values = {c.field: None if c.field in disputed else _value(cells[c.field], c, year) for c in columns}
    return Placed(s.row, token, values, None, s.unplaced, disputed, s.others)


def _understood(e: Entry) -> dict[str, Value]:
    """What was understood as understood, anything else as it was typed."""
    values: dict[str, Value] = {}
    for name, given in e.inputs.items():
        if isinstance(given, Unread):
            values[name] = given.typed
        elif e.column(name).kind is Kind.PERIOD and given:
            values[name] = parse_period(str(given)).dated_label
        else:
            values[name] = e.value(name)
    return values


def _value(cell: object, column: Column, year: int) -> Value:
    """The same for a cell that was not judged."""
    meaning = read_cell(cell, column, year=year)
    if meaning.code or (meaning.value is None and not is_empty(cell)):
        return text_of(cell)
    if column.kind is Kind.PERIOD and meaning.value:
        return parse_period(str(meaning.value)).dated_label
    return meaning.value


def _cells(u: Unplaced) -> Iterator[tuple[str, object]]:
    """The cells of a row; where a column came twice, whichever holds something."""
    for name, cell in u.row.table_row.cells.items():
        yield name, u.second.get(name) if is_empty(cell) else cell


def _disputed(u: Unplaced) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, cell in u.second.items():
        first, second = text_of(u.row.table_row.cells.get(name)), text_of(cell)
        if first and second and first != second:
            yield name, (first, second)
