"""Channels: where a book tells whose form it is, beside its row tokens.

Reads: a book and its file's name. Gives: `Claim`s. Each channel survives something else (the visible line a
copy into a new book, the machine's sheet a change of format), so together they still tell whose form it is
when the tokens are gone; a claim only identifies, it authorises nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tenproj_xl.core.cells import Rows, cell_at, is_empty
from tenproj_xl.core.periods import parse_period, read_period
from tenproj_xl.core.texts import remembered, text_of
from tenproj_xl.core.tokens import MAGIC
from tenproj_xl.model.units import spoken_code, unit_of
from tenproj_xl.reading.book import Book

_ID_LINE = re.compile(
    r"(?<!\S)(?P<programme>\S+) (?P<period>\d{4}[-\dWQHD]*) (?P<recipient>\S+) (?P<version>[0-9a-f]{8})"
)
_FILE_NAME = re.compile(r"(?P<task_force>\d\d)_.*?(?P<period>\d{4}年[^_]{,9})填报表")
_ON_COVER = re.compile(r"1\. 专班：(\d\d) ")
_LONGEST_NAME = 255  # as file systems keep them; a name in a zip may be longer
_SEARCHED_ROWS = 12


class Owner(NamedTuple):
    """For which period and recipient a form was issued, and for one sheet of it ("" for the whole)."""

    period: str
    recipient: str
    sheet: str = ""

    def __str__(self) -> str:
        return f"{parse_period(self.period).full_name}{spoken_code(self.recipient)}"


class Claim(NamedTuple):
    """What one channel says; `channel` is what people call it, `tab` the one on which it stands."""

    channel: str
    programme: str
    owner: Owner
    version: str = ""
    tab: str = ""


class Sender(NamedTuple):
    """The unit that a file came from, as `channel` tells it, and the recipients whose forms it may send."""

    channel: str
    unit: str
    recipients: frozenset[str]

    def may_send(self, recipient: str) -> bool:
        """Return whether the form of a recipient may come from there; a unit speaks for its 科室."""
        return recipient in self.recipients or unit_of(recipient) in self.recipients


def machine_lines(book: Book) -> dict[str, str]:
    """Return keys and values of the machine's sheet, found by its magic word, down to the first blank."""
    for tab in book.sheets:
        if text_of(cell_at(tab.rows, 0, 0)) == MAGIC:
            return dict(_key_and_value(tab.rows[1:]))
    return {}


def _key_and_value(rows: Rows) -> Iterator[tuple[str, str]]:
    for row in rows:
        if len(row) < 2 or is_empty(row[0]):
            return
        yield text_of(row[0]), text_of(row[1])


def claims(book: Book, file: str) -> list[Claim]:
    """Return what every channel but the row tokens says, most reliable first."""
    return [*_visible_lines(book), *_machine_sheet(machine_lines(book)), *_properties(book), *_name(file)]


def _visible_lines(book: Book) -> Iterator[Claim]:
    for tab in book.sheets:
        for claim in _from_lines(f"“{tab.name}”上方", _texts(tab.rows[:_SEARCHED_ROWS])):
            yield claim._replace(tab=tab.name)


def task_force_on_cover(rows: Rows) -> str:
    """Return the code of the task force that a cover was printed for, "" where none is told."""
    for text in _texts(rows[:_SEARCHED_ROWS]):
        if match := _ON_COVER.match(text):
            return match[1]
    return ""


def _texts(rows: Rows) -> Iterator[str]:
    for row in rows:
        for cell in row:
            if isinstance(cell, str):
                yield text_of(cell)


def _machine_sheet(lines: Mapping[str, str]) -> Iterator[Claim]:
    values = [lines.get(name, "") for name in ("programme", "period", "recipient", "version")]
    if all(values):
        yield from _from_lines("系统信息表", [" ".join(values)])


def _properties(book: Book) -> Iterator[Claim]:
    yield from _from_lines("文档属性", [book.subject])
    yield from _from_lines("页眉页脚", book.running)
    yield from _from_lines("名称", book.names)


def _from_lines(channel: str, texts: Iterable[str]) -> Iterator[Claim]:
    for text in texts:
        if line := _identity_in(text):
            programme, owner, version = line
            yield Claim(channel, programme, owner, version)
            return


@remembered
def _identity_in(text: str) -> tuple[str, Owner, str] | None:
    """Return programme, owner and version of the form that a text names, None where it names none."""
    match = _ID_LINE.search(text)
    if match is None or not _is_period(match["period"]):
        return None
    return match["programme"], Owner(match["period"], match["recipient"]), match["version"]


def _name(file: str) -> Iterator[Claim]:
    if match := _FILE_NAME.search(file[-_LONGEST_NAME:]):
        period = read_period(match["period"].replace("期", "周"))
        if period:
            yield Claim("文件名", "", Owner(period.code, match["task_force"]))


def is_identity_line(text: str) -> bool:
    """Return whether a text names the form that it stands in."""
    return _identity_in(text) is not None


def _is_period(code: str) -> bool:
    """Return whether there is such a period: no year has a week 58, though a damaged line may name it."""
    try:
        parse_period(code)
    except ValueError:
        return False
    return True


def vote(channels: Sequence[Claim], programme: str, sender: Sender | None = None) -> Owner | None:
    """Return whom most channels name, the more reliable one on a tie; None where only a file's name tells.

    Who sent it has a vote for each of the forms that it may send.
    """
    votes: Counter[Owner] = Counter()
    is_certain = False
    for claim in channels:
        if claim.programme in (programme, ""):
            votes[claim.owner] += 1
            is_certain = is_certain or claim.programme == programme
    if not is_certain:
        return None
    for owner in votes:
        if sender and sender.may_send(owner.recipient):
            votes[owner] += 1
    return max(votes, key=lambda owner: votes[owner])  # of equals the first: channels come by reliability
