"""Files that the office has given out: which paper each is, and which figures in it are not ours."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import address
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.publications import PaperKind, Series
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.docx_text import TextDocument

_IDENTITY = re.compile(r"tenproj (\w+) (\w+) (\S+) ([0-9a-f]{8})")
_NUMBER = re.compile(r"第\s*(\d{1,4})\s*期(?:更正稿（第(\d{1,2})次）)?(（拟）)?")
_PERIOD = re.compile(
    r"\d{4}年(?!\d{1,2}月\d{1,2}日|第\d{1,2}期)(?:第\d{1,2}周|[一二三四]季度|\d{1,2}月|[上下]半年)?"
)
"""No day, nor 第48期: that is what forms and workbooks of the office are of."""
_REPORT = re.compile(r"关于\d{4}年度[^\n]{1,60}的报告")
_NO_PAPER = re.compile(r"核对稿|督办单|待发清单")
"""The titles of workbooks that tell of the period of a paper and are none: for units, or for the office."""
_DRAFT = re.compile(r"（拟）|送审稿")
_FIGURE = re.compile(
    r"(?<![A-Za-z0-9_.:：\-—〔])[-−]?\d[\d,，]*+(?:\.\d+)?+(?!\s?[年月日期号周次时:：A-Za-z\-—]|\.\d)"
)
"""A number that stands for itself: no part of a code, a date, a time or the number of a paper."""
_HEAD = 5
"""Lines from the top in which a paper says what it is."""
_ALIKE = 0.5
"""Rows that have at least so much in common are one row that was edited."""


@dataclass(frozen=True)
class Line:
    """A row of a sheet, or a paragraph: the cells as they were read, and where each stands."""

    cells: tuple[object, ...]
    places: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it as text."""
        return "\t".join(map(text_of, self.cells)).rstrip("\t")


@dataclass(frozen=True)
class PaperPart:
    """A sheet of a workbook; a text is one part."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class PaperName:
    """Which paper a file says it is; `made_from` is "" where only its words say so."""

    series: Series
    edition: str
    period: str
    made_from: str = ""


@dataclass(frozen=True, kw_only=True)
class GivenPaper:
    """A file that was given out; a scan has no parts."""

    kind: PaperKind
    subject: str = ""
    parts: tuple[PaperPart, ...] = ()

    @property
    def head(self) -> str:
        """What stands at the top of its first page."""
        if not self.parts:
            return ""
        return "\n".join(line.text for line in self.parts[0].lines[:_HEAD])

    @property
    def title(self) -> str:
        """The name of its first sheet, and the first line of it that says something."""
        first_line = next((line for line in self.head.splitlines() if line.strip()), "")
        return "\n".join([*(part.name for part in self.parts[:1]), first_line])

    @property
    def number(self) -> tuple[int, int] | None:
        """The number of the paper and of its correction as they are printed, None where none is."""
        found = _NUMBER.search(self.head)
        if found is None:
            return None
        return int(found[1]), int(found[2] or 0)

    @property
    def number_in_words(self) -> str:
        """The number as it is printed, "" where none is."""
        found = _NUMBER.search(self.head)
        if found is None:
            return ""
        return found[0]

    @property
    def draft_mark(self) -> str:
        """What says that it is a draft still, "" where nothing does."""
        found = _DRAFT.search(self.head)
        if found is None:
            return ""
        return found[0]


SCAN = GivenPaper(kind=PaperKind.SCAN)


def of_workbook(book: Book) -> GivenPaper:
    """Return a workbook as a paper, hidden sheets too."""
    parts = []
    for sheet in book.sheets:
        lines = []
        for number, cells in enumerate(sheet.rows):
            places = tuple(address(number, column) for column in range(len(cells)))
            lines.append(Line(cells, places))
        parts.append(PaperPart(sheet.name, tuple(lines)))
    return GivenPaper(kind=PaperKind.WORKBOOK, subject=book.subject, parts=tuple(parts))


def of_text(document: TextDocument) -> GivenPaper:
    """Return a text as a paper."""
    lines = [Line(line.cells, (line.place,) * len(line.cells)) for line in document.lines]
    return GivenPaper(kind=PaperKind.TEXT, subject=document.subject, parts=(PaperPart("正文", tuple(lines)),))


def name_of(paper: GivenPaper, editions: Sequence[tuple[str, str]]) -> PaperName | None:
    """Return which paper a file is, by its document property or else by its title; None where neither tells.

    Args:
        paper: The file.
        editions: The code of each edition and its words in a title. Where a title has none of them, the
            period tells the edition.
    """
    if found := _IDENTITY.search(paper.subject):
        series = Series.stored(found[1])
        if series.is_known:
            return PaperName(series=series, edition=found[2], period=found[3], made_from=found[4])
    head = paper.head
    found = _PERIOD.search(head)
    period = read_period(found[0]) if found else None
    is_other = paper.kind is PaperKind.WORKBOOK and _NO_PAPER.search(paper.title)
    if period is None or is_other:
        return None
    edition = next((code for code, words in editions if words in head), usual_edition(period))
    series = Series.stored(edition)
    if paper.kind is PaperKind.TEXT:
        series = Series.BRIEF
        if _REPORT.search(head):
            series = Series.REPORT
    elif "晾晒" in head:
        series = Series.LEAGUE
    return PaperName(series=series, edition=edition, period=period.code)


def usual_edition(period: Period) -> str:
    """Return the code of the edition that is made of a period most often."""
    if period.is_week:
        return Series.WEEK.value
    _, _, part = period.code.partition("-")
    if part.startswith("Q"):
        return Series.QUARTER.value
    if part:
        return Series.MONTH.value
    return Series.YEAR.value


# --- figures


def figures_not_ours(file: str, given: GivenPaper, ours: GivenPaper) -> list[Finding]:
    """Return a finding of each figure in a paper that is not where we put it, and none of ours if it is new.

    In a row or paragraph of ours that was edited, every figure that it did not have counts; in one that was
    added, those that stand nowhere in ours.

    Args:
        file: The name of the file.
        given: What was given out.
        ours: What the program made.
    """
    known: set[str] = set()
    made: dict[str, tuple[Line, ...]] = {}
    for part in ours.parts:
        made[part.name] = part.lines
        for line in part.lines:
            known.update(_figures(line.cells))
    found: list[Finding] = []
    for part in given.parts:
        for line, original in _aligned(part.lines, made.get(part.name, ())):
            if original is None:
                new = [f for f in _placed(line) if f[0] not in known]
            else:
                new = _new_figures(line, original)
            found += [_finding(file, part.name, figure, place, original) for figure, place in new]
    return found


def _aligned(lines: Sequence[Line], ours: Sequence[Line]) -> Iterator[tuple[Line, Line | None]]:
    """Yield each line that differs, with the one of ours that it was, None where it was added."""
    matcher = SequenceMatcher(None, [o.text for o in ours], [line.text for line in lines], autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        rest = list(ours[first:last])
        for line in lines[start:end]:
            original = _most_alike(line, rest)
            if original is not None:
                rest.remove(original)
            yield line, original


def _most_alike(line: Line, candidates: Sequence[Line]) -> Line | None:
    best, most = None, _ALIKE
    for candidate in candidates:
        ratio = SequenceMatcher(None, candidate.text, line.text, autojunk=False).ratio()
        if ratio >= most:
            best, most = candidate, ratio
    return best


def _new_figures(line: Line, original: Line) -> list[tuple[str, str]]:
    """Return the figures of a line, each with its place, that it did not have; cell by cell if it can be."""
    if len(line.cells) != len(original.cells):
        return _beyond(_placed(line), _figures(original.cells))
    new: list[tuple[str, str]] = []
    for cell, place, before in zip(line.cells, line.places, original.cells, strict=True):
        new += _beyond([(figure, place) for figure in _figures((cell,))], _figures((before,)))
    return new


def _beyond(placed: Iterable[tuple[str, str]], before: Iterable[str]) -> list[tuple[str, str]]:
    left = Counter(before)
    new = []
    for figure, place in placed:
        if left[figure]:
            left[figure] -= 1
        else:
            new.append((figure, place))
    return new


def _placed(line: Line) -> list[tuple[str, str]]:
    placed = []
    for cell, place in zip(line.cells, line.places, strict=True):
        placed += [(figure, place) for figure in _figures((cell,))]
    return placed


def _figures(cells: Iterable[object]) -> Iterator[str]:
    """Yield the figures in some cells in one spelling, numbers and those in texts; dates are none."""
    for cell in cells:
        if isinstance(cell, bool):
            continue
        if isinstance(cell, int | float):
            yield text_of(float(cell))
        elif isinstance(cell, str):
            for figure in _FIGURE.findall(cell):
                yield text_of(float(re.sub("[,，]", "", figure).replace("−", "-")))


def _finding(file: str, sheet: str, figure: str, place: str, original: Line | None) -> Finding:
    instead = ""
    before = list(_figures(original.cells)) if original else []
    if before and len(before) <= _HEAD:
        instead = f"，程序生成的这一处是“{'、'.join(before)}”"
    where = Place(file, sheet, place)
    if not place.isascii():
        where = Place(file, f"{sheet} {place}")  # a paragraph, which has no address
    return finding(Code.PAPER_FIGURE_NOT_OURS, where, figure, found=figure, instead=instead)
