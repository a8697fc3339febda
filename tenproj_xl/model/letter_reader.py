"""Read the cells of 信函.xlsx into `LetterTexts`, or into findings; and write the default texts."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.findings import Finding, Place, finding, has_errors
from tenproj_xl.core.placeholders import fields_in, has_stray_brace, plain_braces
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.letter_passages import PASSAGES, Occasion, Passage
from tenproj_xl.model.letter_texts import DEFAULT_TEXTS, LetterTexts
from tenproj_xl.reading.records import Record, read_records

LETTER_SHEET = Sheet(
    "letters",
    "信函",
    (
        Column("occasion", "场合", Fill.CARRIED, width=26),
        Column("text", "文字", Fill.OFFICE, Kind.LONG_TEXT, width=84),
        Column("fields", "可用字段", Fill.CARRIED, Kind.LONG_TEXT, width=44, may_lack=True),
        Column("when", "什么时候写", Fill.CARRIED, Kind.LONG_TEXT, width=40, may_lack=True),
    ),
)
LETTER_NOTE = (
    "各种信的文字，一行一段，改“文字”一栏，下次写信时生效；“场合”请勿改动。"
    "改完请运行 tenproj template check。\n"
    "花括号里的字段，如{单位}，写信时换成实际内容；只能用“可用字段”列出的。\n"
    "一行里的字段都没有内容的，这一行不写；单独一行的清单没有内容的，上面的小标题也不写。"
)


def default_letter_rows() -> dict[str, Rows]:
    """Return the table of a fresh 信函.xlsx under its headers, by sheet title."""
    head = [column.header for column in LETTER_SHEET.columns]
    return {LETTER_SHEET.name: [head, *(list(letter_row(occasion).values()) for occasion in Occasion)]}


def letter_row(occasion: Occasion) -> dict[str, str]:
    """Return the row of a passage with its default text, by the fields of the sheet."""
    passage = PASSAGES[occasion]
    return {
        "occasion": occasion.label,
        "text": passage.default,
        "fields": _spoken(passage.fields),
        "when": passage.when,
    }


def read_letter_texts(sheets: Mapping[str, Rows] | None, file: str) -> tuple[LetterTexts, list[Finding]]:
    """Return the texts of a workbook's cells, the defaults for those it lacks, and what is wrong with them.

    Args:
        sheets: The tables of 信函.xlsx, None where there is no such file.
        file: Its name.
    """
    if sheets is None:
        return DEFAULT_TEXTS, []
    required = {LETTER_SHEET.code: ("occasion", "text")}
    records, findings = read_records(sheets, (LETTER_SHEET,), file, required)
    texts: dict[Occasion, str] = {}
    rows: dict[Occasion, int] = {}
    for record in (records or {}).get(LETTER_SHEET.code, ()):
        occasion = _occasion(record, findings)
        if occasion is None:
            continue
        if occasion in rows:
            place, found = record.place("occasion"), f"“{occasion.label}”"
            findings.append(finding(Code.SETTING_TWICE, place, found, expected=rows[occasion]))
            continue
        rows[occasion] = record.row
        texts[occasion] = plain_braces(record.text("text"))
        if texts[occasion]:
            findings += _faults(texts[occasion], occasion, record.place("text"))
    if records is not None:
        findings += _missing(rows, file)
    if has_errors(findings):
        return DEFAULT_TEXTS, findings
    return LetterTexts(texts), findings


def lacking(sheets: Mapping[str, Rows], file: str) -> list[Occasion]:
    """Return the passages that a workbook has no row of."""
    records, _ = read_records(sheets, (LETTER_SHEET,), file, {})
    rows = (records or {}).get(LETTER_SHEET.code, ())
    known = {_BY_NAME.get(canonical(record.text("occasion"))) for record in rows}
    return [occasion for occasion in Occasion if occasion not in known]


_BY_NAME = {canonical(name): occasion for occasion in Occasion for name in occasion.labels}


def _occasion(record: Record, findings: list[Finding]) -> Occasion | None:
    """Return the occasion of a row; None, with a finding where it is unknown."""
    typed = record.text("occasion")
    occasion = _BY_NAME.get(canonical(typed))
    if occasion is None and typed:  # a blank one is reported as such
        near = _near(typed, [known.label for known in Occasion])
        findings.append(finding(Code.SETTING_LETTER_UNKNOWN, record.place("occasion"), typed, near=near))
    return occasion


def _faults(text: str, occasion: Occasion, place: Place) -> Iterator[Finding]:
    """Yield what keeps a text from being filled in, or from saying what it must."""
    passage, label = PASSAGES[occasion], occasion.label
    if has_stray_brace(text):
        yield finding(Code.SETTING_LETTER_BRACES, place, expected=label)
    for name in fields_in(text):
        if name not in passage.fields:
            known, near = _spoken(passage.fields), _near(name, passage.fields)
            yield finding(
                Code.SETTING_LETTER_FIELD, place, f"{{{name}}}", expected=label, near=near, known=known
            )
    lacks = _lacks(text, passage)
    if lacks and not has_stray_brace(text):
        yield finding(Code.SETTING_LETTER_LACKS, place, expected=label, advice=_spoken(lacks))


def _lacks(text: str, passage: Passage) -> list[str]:
    there = fields_in(text)
    return [name for name in passage.needs if name not in there]


def _missing(known: Mapping[Occasion, int], file: str) -> Iterator[Finding]:
    missing = [occasion.label for occasion in Occasion if occasion not in known]
    if missing:
        place = Place(file, LETTER_SHEET.name)
        yield finding(Code.SETTING_LETTER_MISSING, place, "、".join(missing))


def _spoken(names: tuple[str, ...] | list[str]) -> str:
    return "、".join(f"{{{name}}}" for name in names)


def _near(typed: str, names: tuple[str, ...] | list[str]) -> str:
    return "".join(f"，是不是“{name}”" for name in get_close_matches(typed, names, 1, 0.5))
