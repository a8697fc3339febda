"""Findings: faults in data as values, and the one catalogue of their codes.

Every message says where (sheet, cell, the row's own name), what was found and what to do, in plain Chinese.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass

_MANY = 20
"""The most findings of one kind on one sheet that are listed."""
_LONGEST = 300
"""How many characters of a value a message quotes; what was typed in several places may stand in one."""


def quoted(text: str) -> str:
    """Put a name in quotation marks; those inside it become single ones."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: `cell` as in `K8` ("" for a whole sheet or file), `name` the row's own name.

    `task_force` is the code of the row's task force, "" where there is no row.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    name: str = ""
    task_force: str = ""

    @property
    def row(self) -> int:
        """The row number (first row 1), 0 where the place is no cell."""
        return int("".join(c for c in self.cell if c.isdigit()) or 0)

    @property
    def spoken(self) -> str:
        """The beginning of a message: `第8行“技术交易总额”`."""
        row = f"第{self.row}行" if self.row else ""
        return row + quoted(self.name) if self.name else row


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fault found in one place; `value` is what stood there, as typed.

    `name` is the row's own name, `note` what excuses an exempt one, `task_force` that of the row, `answer`
    what the sender wrote in the row's 核实说明. `row`, `field` and `data_period` are the code of the row, the
    field and the data period that a question is about.
    """

    code: Code
    severity: Severity
    file: str
    sheet: str
    cell: str
    value: str
    message: str
    name: str = ""
    note: str = ""
    task_force: str = ""
    answer: str = ""
    row: str = ""
    field: str = ""
    data_period: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is more than a record of something exempt."""
        return self.severity is not Severity.EXEMPT

    @property
    def is_error(self) -> bool:
        """Whether the row or the file stays out."""
        return self.severity is Severity.ERROR


def finding(
    code: Code, place: Place, value: object = "", severity: Severity | None = None, **fields: object
) -> Finding:
    """Make the finding of a rule at a place, its message from the catalogue's text and the fields it names.

    `severity` is the catalogue's unless given. Of a long value the message quotes the beginning.
    """
    rule = code.rule
    if isinstance(value, LabelledCode):
        value = value.label
    typed = "" if value is None else str(value)
    quotation = typed
    if len(typed) > _LONGEST:
        quotation = f"{typed[:_LONGEST]}…"
    text = rule.text.format(**{"found": quotation, "value": quotation, **fields})
    message = f"{place.spoken}：{text}" if place.spoken else text
    return Finding(
        code=code,
        severity=severity or rule.severity,
        file=place.file,
        sheet=place.sheet,
        cell=place.cell,
        value=typed,
        message=message,
        name=place.name,
        task_force=place.task_force,
    )


_ORDER = {code: n for n, code in enumerate(Code)}


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings as people should meet them: errors first, then cell by cell, in a cell by gate."""
    severities = list(Severity)

    def key(f: Finding) -> tuple[int, str, int, int, str, int]:
        return (
            severities.index(f.severity),
            f.sheet,
            Place(cell=f.cell).row,
            len(f.cell),
            f.cell,
            _ORDER.get(f.code, len(_ORDER)),
        )

    return sorted(dict.fromkeys(findings), key=key)


def capped(findings: Sequence[Finding]) -> list[Finding]:
    """Keep a readable number of findings of one kind on one sheet; the last of them says how many more.

    Each row of the form that stays out is among them: what still waits of a return goes by its rows.
    """
    seen: Counter[tuple[Code, Severity, str]] = Counter()
    rows: set[tuple[Code, str, str]] = set()
    kept: list[Finding] = []
    last: dict[tuple[Code, Severity, str], int] = {}
    for f in findings:
        kind = (f.code, f.severity, f.sheet)
        row = (f.code, f.sheet, f.row)
        seen[kind] += 1
        stays_out = f.is_error and f.row not in ("", f.name) and row not in rows
        if seen[kind] <= _MANY or stays_out:
            rows.add(row)
            last[kind] = len(kept)
            kept.append(f)
    left = seen - Counter((f.code, f.severity, f.sheet) for f in kept)
    for kind, count in left.items():
        told = kept[last[kind]]
        kept[last[kind]] = replace(told, message=f"{told.message}另有{count}处同样的情况，不再逐一列出。")
    return kept


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether any of them keeps something out."""
    return any(f.is_error for f in findings)


# --- first things first

_CELLS = 3


class Point(NamedTuple):
    """One message about one place; `kind` is what such messages are called, "" where it is the only one.

    Of one that is `in_row` the sender says in 核实说明 of the row what is true.
    """

    severity: Severity
    kind: str
    sheet: str
    cell: str
    message: str
    in_row: bool = False


@dataclass(frozen=True)
class FindingGroup:
    """Points that are alike, told in one sentence."""

    points: tuple[Point, ...]

    @property
    def head(self) -> str:
        """Places, number and kind, if they have one: `“主要指标进度表”Q5、Q6、Q7等共12处“不是数字”`."""
        first, count = self.points[0], len(self.points)
        cells = "、".join(p.cell for p in self.points[:_CELLS] if p.cell) + ("等" if count > _CELLS else "")
        where = f"“{first.sheet}”{cells}" if first.sheet else ""
        kind = quoted(first.kind) if first.kind else ""
        return f"{where}共{count}处{kind}"

    @property
    def sentence(self) -> str:
        """The one message with its place, or what many have in common with the first for an example."""
        first = self.points[0]
        if len(self.points) > 1:
            return f"{self.head}，如{first.message}"
        return located(first)


def located(told: Finding | Point) -> str:
    """Put the sheet and the cell before a message: `“主要指标进度表”N8：第8行…`."""
    return f"“{told.sheet}”{told.cell}：{told.message}" if told.sheet else told.message


def finding_groups(points: Iterable[Point]) -> list[FindingGroup]:
    """Group points that are alike: errors first, files and sheets before cells, many before few."""
    alike: dict[tuple[str, str, str], list[Point]] = {}
    for p in points:
        alike.setdefault((p.severity, p.kind or p.message, p.sheet), []).append(p)
    return sorted((FindingGroup(tuple(some)) for some in alike.values()), key=_urgency)


def _urgency(gist: FindingGroup) -> tuple[int, bool, bool, int]:
    first = gist.points[0]
    return list(Severity).index(first.severity), bool(first.sheet), bool(first.cell), -len(gist.points)


def points_of(findings: Iterable[Finding]) -> list[Point]:
    """Return the open findings of a sender's own file as points."""
    points = []
    for f in findings:
        if f.is_open:
            points.append(
                Point(f.severity, f.code.rule.title, f.sheet, f.cell, f.message, in_row=bool(f.row))
            )
    return points


def for_sender(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that a sender is told, those for the office left out."""
    return tuple(f for f in findings if not f.code.rule.is_for_office)
