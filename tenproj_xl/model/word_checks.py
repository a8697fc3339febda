"""Checks of the lines of 方案 that say what levels and ranks are called."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, finding, quoted
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.core.texts import canonical
from tenproj_xl.core.words import USUAL, usual_labels
from tenproj_xl.model.plan import plain_name
from tenproj_xl.model.plan_items import LEVEL_ITEMS, PROGRAMME_ITEMS
from tenproj_xl.reading.records import Record

_LONGEST = 20
_RANK_ITEM = PROGRAMME_ITEMS["rank"]
_UNFIT = re.compile(r'[,"\n]')
"""What separates the choices of a drop-down, or ends a text in a formula."""


def lines_of_programme(records: Sequence[Record]) -> dict[str, Record]:
    """Return the lines of 方案 by item, where there are two the one that is filled in."""
    lines: dict[str, Record] = {}
    for record in records:
        if record.text("content") or record.text("item") not in lines:
            lines[record.text("item")] = record
    return lines


def word_faults(programme: Sequence[Record]) -> Iterator[Finding]:
    """Yield names of levels and ranks that a form cannot show, or that cannot be told from others."""
    lines = lines_of_programme(programme)
    for item in (_RANK_ITEM, *LEVEL_ITEMS.values()):
        if item in lines and _is_unfit(lines[item].text("content")):
            advice = f"改为不超过{_LONGEST}个字、没有英文逗号、英文引号和换行的名称"
            yield _fault(lines[item], "放不进填报表的表头或下拉选项", advice)
    yield from _doubled_levels(lines)
    if _RANK_ITEM in lines and canonical(lines[_RANK_ITEM].text("content")) in _other_headers():
        yield _fault(lines[_RANK_ITEM], "与填报表的另一栏同名", f"换一个名称，如 {USUAL.rank}")


def word_doubts(programme: Sequence[Record]) -> Iterator[Finding]:
    """Report lines that are blank though others say what levels and ranks are called."""
    lines = lines_of_programme(programme)
    blank: list[Record] = []
    items, usual, has_words = [], [], False
    for item, word in {_RANK_ITEM: USUAL.rank, **_usual_levels(lines)}.items():
        if item in lines and not lines[item].text("content"):
            blank.append(lines[item])
            items.append(quoted(item))
            usual.append(quoted(word))
        elif item in lines:
            has_words = True
    if blank and has_words:
        place = blank[0].place("content")
        yield finding(Code.PLAN_WORD_BLANK, place, expected="、".join(items), near="、".join(usual))


def _usual_levels(lines: Mapping[str, Record]) -> dict[str, str]:
    """Return what levels are called that are not named, by item."""
    office = USUAL.office
    if PROGRAMME_ITEMS["office"] in lines:
        office = plain_name(lines[PROGRAMME_ITEMS["office"]].text("content")) or office
    return {LEVEL_ITEMS[level]: label for level, label in usual_labels(office).items()}


def _is_unfit(word: str) -> bool:
    return len(word) > _LONGEST or _UNFIT.search(word) is not None


def _doubled_levels(lines: Mapping[str, Record]) -> Iterator[Finding]:
    """Report a level that is called as one before it; a blank one has its usual name."""
    known: dict[str, str] = {}
    for item, usual in _usual_levels(lines).items():
        name = usual
        if item in lines:
            name = lines[item].text("content") or usual
        first = known.setdefault(canonical(name), item)
        if first == item:
            continue
        at_fault, other = item, first
        if item not in lines or not lines[item].text("content"):
            at_fault, other = first, item  # the one that was typed is to be mended
        yield _fault(lines[at_fault], f"与“{other}”同名", "改为与其他层级不同的名称")


def _other_headers() -> set[str]:
    """Return the names of the other columns of the indicators' sheet."""
    names: set[str] = set()
    for column in form_sheets(())[0].columns:
        if column.header != USUAL.rank:
            names.update(map(canonical, (column.header, *column.aliases)))
    return names


def _fault(line: Record, problem: str, advice: str) -> Finding:
    item, word = line.text("item"), line.text("content")
    return finding(Code.PLAN_WORD, line.place("content"), word, expected=item, near=problem, advice=advice)
