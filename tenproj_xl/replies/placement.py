"""Placement: where in the current form the rows of a return go back to, and which have no sure place there.

Reads: a `Form` and a `JudgedReturn`. Gives: a `Placement`. Nothing here is accepted: what is put back is only
proposed to its sender, who sends it in again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value, is_empty
from tenproj_xl.core.columns import Column, Kind
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.parse import read_cell
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import ISSUES, KEY2
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.core.tokens import is_token
from tenproj_xl.forms.form import Form
from tenproj_xl.model.correctable import choice_of
from tenproj_xl.model.history import History
from tenproj_xl.recognition.rows import ReadRow, Unplaced
from tenproj_xl.validation.corrections import typed_name
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.failures import Unread
from tenproj_xl.validation.judge import JudgedReturn

_PUT_BACK = (Code.COLUMN_MISSING, Code.COLUMN_TWICE, Code.ROW_TWICE, Code.SHEET_TWICE)
"""Why a row was left out that may be put back all the same, where its other copies say nothing different."""
_LISTED_BLANK = (Code.ROW_UNKNOWN, Code.ROW_FOREIGN, Code.ROW_NOTE)
"""Why a row was left out that is listed for its sender even if no input in it is filled."""
_OF_UNKNOWN_OWNER = (Code.KEYS_DISAGREE, Code.ROWS_SHIFTED)
"""Why a row was left out of which nobody can tell to which of several rows it belongs."""


@dataclass(frozen=True, kw_only=True)
class PlacedRow:
    """A sent row and the token of the form's row that it goes into.

    `entry` or `unplaced` is what it was read as, `disputed` are fields for which two columns hold different
    contents, `others` are rows with the same content.
    """

    row: ReadRow
    token: str
    values: Mapping[str, Value]
    entry: Entry | None = None
    unplaced: Unplaced | None = None
    disputed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    others: tuple[ReadRow, ...] = ()


@dataclass(frozen=True)
class UnplacedRow:
    """A sent row without a sure place: why, and the tokens of the form's rows that it may belong to.

    `reason` is None where the row is right and only the form has no room for it, or no longer such a row.
    """

    row: ReadRow
    reason: Code | None
    tokens: tuple[str, ...] = ()
    accepted: bool = False


@dataclass(frozen=True)
class Placement:
    """Where everything goes; `moved` is True where the form is of another period than the return."""

    placed: tuple[PlacedRow, ...]
    unplaced: tuple[UnplacedRow, ...]
    moved: bool


@dataclass(frozen=True)
class _SentRow:
    """A row that is to be placed: an entry that was judged, or one that was left out and can be put back."""

    row: ReadRow
    entry: Entry | None = None
    unplaced: Unplaced | None = None
    others: tuple[ReadRow, ...] = ()

    @property
    def is_answered(self) -> bool:
        if self.entry:
            return self.entry.is_answered
        return self.row.is_written

    @property
    def code(self) -> str:
        """The code of the form's row that it was read as; "" for a new issue."""
        if self.entry and not self.row.is_correction:
            return self.entry.code
        return code_of(self.row)


class FormSlots:
    """The rows of a form by token, each of which takes one sent row."""

    def __init__(self, form: Form) -> None:
        self.tokens: set[str] = set()
        self.codes: dict[tuple[str, str], str] = {}
        self.descriptions: dict[object, str] = {}
        self.spare: list[str] = []
        self.taken: set[str] = set()
        for part in form.sheets:
            for row in part.rows:
                self.tokens.add(row.token)
                if row.code:
                    self.codes[part.sheet.code, row.code] = row.token
                if part.sheet.code == ISSUES.code:
                    if row.code:
                        self.descriptions[canonical(row.printed.get("description"))] = row.token
                    else:
                        self.spare.append(row.token)

    def take(self, token: str) -> str:
        """Take a row and return its token, or "" if there is no such row or it is taken."""
        if not token or token in self.taken:
            return ""
        self.taken.add(token)
        return token

    def take_own(self, sent: _SentRow) -> str:
        """Take the row with the same token, else with the same code; an unanswered row takes no blank one."""
        token = sent.row.token
        if token not in self.tokens:
            token = self.codes.get((sent.row.sheet.code, sent.code), "")
        if token in self.spare and not sent.is_answered:
            return ""
        return self.take(token)

    def take_for_new_issue(self, sent: _SentRow) -> str:
        """Take a row for a new issue: that of the same issue if it is registered by now, else a blank one."""
        if sent.row.sheet.code != ISSUES.code or sent.code:
            return ""
        description = canonical(sent.row.table_row.cells.get("description"))
        return self.take(self.descriptions.get(description, "")) or self._take_blank()

    def _take_blank(self) -> str:
        for token in self.spare:
            if self.take(token):
                return token
        return ""

    def candidates(self, unplaced: Unplaced) -> tuple[str, ...]:
        """Return the tokens of the rows that a row may belong to, each once."""
        return tuple(dict.fromkeys(self._candidates(unplaced)))

    def _candidates(self, unplaced: Unplaced) -> Iterator[str]:
        row, cells = unplaced.row, unplaced.row.table_row.cells
        if unplaced.reason is Code.ROWS_SHIFTED:
            if unplaced.meant in self.tokens:
                yield unplaced.meant
            return
        for token in (row.token, text_of(cells.get(KEY2)).upper()):
            if is_token(token) and token in self.tokens:
                yield token
        codes = [text_of(cells.get("code"))]
        if row.issued:
            codes.append(code_of(row))
        for code in codes:
            if (row.sheet.code, code) in self.codes:
                yield self.codes[row.sheet.code, code]


def code_of(row: ReadRow) -> str:
    """Return a row's code: as printed, or as it stands in a row without a key."""
    if row.is_correction:
        return row.form_code
    if row.issued:
        return row.issued.code
    return text_of(row.table_row.cells.get("code"))


def place_rows(form: Form, judged: JudgedReturn, known: History) -> Placement:
    """Find the places of a return's rows in a form.

    A row goes into the row of its token, else of its code; a new issue into a blank row. Rows whose owner
    nobody can tell stay unplaced, and so do those that the form has no row for, unless what they say is known
    already. Only answers go into another period's form.
    """
    moved = form.period.code != judged.source.period
    slots = FormSlots(form)
    put_back, listed = _sorted_out(judged.source.unplaced)
    sent_rows = [s for s in _rows_to_place(judged, put_back) if s.is_answered or not moved]
    tokens = _place_by_key(sent_rows, slots)
    _reserve_doubtful(listed, slots)
    without_place = [s for s in _place_new_issues(sent_rows, tokens, slots) if not _is_known(s, known)]
    year = int(judged.source.period[:4])
    return Placement(
        placed=tuple(_placed(sent, tokens[n], year) for n, sent in enumerate(sent_rows) if n in tokens),
        unplaced=_unplaced(without_place, listed, slots, set(tokens.values()), form, judged),
        moved=moved,
    )


def _rows_to_place(judged: JudgedReturn, put_back: Iterable[_SentRow]) -> Iterator[_SentRow]:
    for entry in judged.entries:
        yield _SentRow(entry.row, entry=entry)
    yield from put_back


def _place_by_key(sent_rows: Sequence[_SentRow], slots: FormSlots) -> dict[int, str]:
    """Give each row the place of its token or code; return the tokens by the rows' index."""
    tokens = {}
    for n, sent in enumerate(sent_rows):
        if token := slots.take_own(sent):
            tokens[n] = token
    return tokens


def _place_new_issues(
    sent_rows: Sequence[_SentRow], tokens: dict[int, str], slots: FormSlots
) -> list[_SentRow]:
    """Add the places of new issues to `tokens`; return the answered rows that have none even so."""
    without_place = []
    for n, sent in enumerate(sent_rows):
        if n in tokens or not sent.is_answered:
            continue
        if token := slots.take_for_new_issue(sent):
            tokens[n] = token
        else:
            without_place.append(sent)
    return without_place


def _is_known(sent: _SentRow, known: History) -> bool:
    """Return whether the same answers were accepted before, so that there is nothing to look at."""
    e = sent.entry
    if e is None or not e.code:
        return False
    answers = {name: canonical(e.value(name)) for name in e.changed_fields}
    for row in known.of(e.row.sheet.code, e.code):
        if answers == {name: canonical(row.values.get(name)) for name in answers}:
            return True
    return False


def _reserve_doubtful(listed: Iterable[Unplaced], slots: FormSlots) -> None:
    """Keep free the rows that a row of unknown owner may belong to: its sender is to fill them in."""
    for unplaced in listed:
        if unplaced.reason in _OF_UNKNOWN_OWNER:
            slots.taken.update(slots.candidates(unplaced))


def _unplaced(
    without_place: Iterable[_SentRow],
    listed: Iterable[Unplaced],
    slots: FormSlots,
    filled: set[str],
    form: Form,
    judged: JudgedReturn,
) -> tuple[UnplacedRow, ...]:
    """Return the rows without a place, in the order of the form's sheets and of the sender's rows."""
    rows = []
    for sent in without_place:
        accepted = any(sent.entry is entry for entry in judged.accepted)
        rows.append(UnplacedRow(sent.row, None, accepted=accepted))
    for unplaced in listed:
        free = tuple(token for token in slots.candidates(unplaced) if token not in filled)
        rows.append(UnplacedRow(unplaced.row, unplaced.reason, free))
    order = [part.sheet.code for part in form.sheets]
    rows.sort(key=lambda u: (order.index(u.row.sheet.code), u.row.tab, u.row.number))
    return tuple(rows)


def _sorted_out(unplaced: Iterable[Unplaced]) -> tuple[list[_SentRow], list[Unplaced]]:
    """Return rows that can be put back although they were left out, and rows to be listed for their sender.

    Of rows that claim to be the same one, all that are filled in must have the same content.
    """
    copies: dict[tuple[str, ...], list[Unplaced]] = {}
    listed: list[Unplaced] = []
    for row in unplaced:
        if row.reason in _PUT_BACK:
            copies.setdefault(_identity(row.row), []).append(row)
        elif row.row.is_written or row.reason in _LISTED_BLANK:
            listed.append(row)
    put_back = []
    for group in copies.values():
        written, contents = [], set()
        for copy in group:
            if copy.row.is_written:
                written.append(copy)
                contents.add(_content(copy.row))
        if len(contents) > 1:
            listed += written
        else:
            first = (written or group)[0]
            others = tuple(copy.row for copy in group if copy is not first)
            put_back.append(_SentRow(first.row, unplaced=first, others=others))
    return put_back, listed


def _identity(row: ReadRow) -> tuple[str, ...]:
    """Return what rows that claim to be the same one share: the token or code, else the whole content."""
    key = row.token or code_of(row)
    if key:
        return (row.sheet.code, key)
    return (row.sheet.code, *_content(row))


def _content(row: ReadRow) -> tuple[str, ...]:
    return tuple(text_of(row.table_row.cells.get(column.field)) for column in row.open_columns)


# --- values


def _placed(sent: _SentRow, token: str, year: int) -> PlacedRow:
    if sent.entry:
        return PlacedRow(row=sent.row, token=token, values=_values_of_entry(sent.entry), entry=sent.entry)
    if sent.unplaced is None:
        raise ValueError("a row to place is an entry or was left out")
    disputed = _disputed(sent.unplaced)
    cells = dict(_cells(sent.unplaced))
    values: dict[str, Value] = {}
    for column in sent.row.open_columns:
        if column.field in disputed:
            values[column.field] = None
        elif column.field in cells:
            values[column.field] = _value_of_cell(cells[column.field], column, year)
    return PlacedRow(
        row=sent.row,
        token=token,
        values=values,
        unplaced=sent.unplaced,
        disputed=disputed,
        others=sent.others,
    )


def _values_of_entry(entry: Entry) -> dict[str, Value]:
    """Return an entry's inputs as they were understood, and as they were typed where they were not."""
    values: dict[str, Value] = {}
    for name, value in entry.inputs.items():
        if isinstance(value, Unread):
            values[name] = value.typed
        elif entry.column(name).kind is Kind.PERIOD and value:
            values[name] = parse_period(str(value)).dated_label
        else:
            values[name] = entry.value(name)
    if entry.row.is_correction:
        values["name"] = _chosen(entry)
    return values


def _chosen(entry: Entry) -> Value:
    """Return the indicator of a row for corrections as the form offers it, else as it was typed."""
    if entry.indicator is not None:
        return choice_of(entry.indicator)
    text, _ = typed_name(entry.row)
    return text or None


def _value_of_cell(cell: object, column: Column, year: int) -> Value:
    """Return a cell that was not judged as it is understood, and as it was typed where it is not."""
    meaning = read_cell(cell, column, year=year)
    if meaning.code or (meaning.value is None and not is_empty(cell)):
        return text_of(cell)
    if column.kind is Kind.PERIOD and meaning.value:
        return parse_period(str(meaning.value)).dated_label
    return meaning.value


def _cells(unplaced: Unplaced) -> Iterator[tuple[str, object]]:
    """Give the cells of a row; where a column came twice, whichever holds something."""
    for name, cell in unplaced.row.table_row.cells.items():
        if is_empty(cell):
            yield name, unplaced.second.get(name)
        else:
            yield name, cell


def _disputed(unplaced: Unplaced) -> dict[str, tuple[str, str]]:
    """Return both contents of the fields whose two columns differ."""
    disputed = {}
    for name, cell in unplaced.second.items():
        first, second = text_of(unplaced.row.table_row.cells.get(name)), text_of(cell)
        if first and second and first != second:
            disputed[name] = (first, second)
    return disputed
