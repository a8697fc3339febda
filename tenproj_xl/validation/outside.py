"""Findings about what a sender wrote outside the cells: one for the sender, one for the office."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tenproj_xl.core.asides import holds_figure
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, Place, finding, quoted
from tenproj_xl.core.identity_numbers import without_identity_numbers
from tenproj_xl.reading.book import Outside, OutsideKind
from tenproj_xl.recognition.identify import Return

_LISTED = 5
_LONGEST, _KEPT = 60, 1000
"""Characters of a text that a message repeats, and of all texts that are kept beside it."""


def outside_findings(source: Return, *, is_blank: bool) -> Iterator[Finding]:
    """Yield what stands outside the cells, to the sender if it holds a figure or nothing is filled in."""
    told = [one for one in source.outside if is_blank or _concerns_sender(one)]
    noted = [one for one in source.outside if one not in told]
    for code, some in ((Code.OUTSIDE_CELLS, told), (Code.OUTSIDE_NOTED, noted)):
        if some:
            yield _finding(code, some, source.file)


def _concerns_sender(one: Outside) -> bool:
    return one.kind is not OutsideKind.DOCUMENT and holds_figure(one.text)


def _finding(code: Code, some: Sequence[Outside], file: str) -> Finding:
    listed = list(dict.fromkeys(_spoken(one, some) for one in some))
    found = "；".join(listed[:_LISTED])
    if len(listed) > _LISTED:
        found += f"等{len(listed)}处"
    texts = "；".join(filter(None, (without_identity_numbers(one.text) for one in some)))
    told = replace(finding(code, Place(file), found), value=texts[:_KEPT])
    if len(some) == 1 and some[0].kind in _ON_SHEETS:
        return replace(told, sheet=some[0].sheet, cell=some[0].cell)
    return told


_ON_SHEETS = frozenset(
    {
        OutsideKind.COMMENT,
        OutsideKind.TEXT_BOX,
        OutsideKind.PICTURE,
        OutsideKind.STRUCK,
        OutsideKind.NOTE,
        OutsideKind.COLUMN,
        OutsideKind.SHEET,
    }
)


def _spoken(one: Outside, all_of_them: Sequence[Outside]) -> str:
    """Return where something stands, and what: `“主要指标进度表”K8的批注“实为30.12”`."""
    text, sheet = quoted(_short(one.text)), quoted(one.sheet)
    match one.kind:
        case OutsideKind.PICTURE:
            count = Counter((other.kind, other.sheet) for other in all_of_them)[one.kind, one.sheet]
            return f"{sheet}上的图片{count}张"
        case OutsideKind.STRUCK:
            return f"{sheet}{one.cell}中打了删除线的{text}"
        case OutsideKind.MAIL:
            return f"邮件正文{text}"
        case OutsideKind.SHEET | OutsideKind.DOCUMENT:
            return f"{one.kind.label}{sheet}中的{text}"
        case OutsideKind.TEXT_BOX | OutsideKind.COLUMN:
            return f"{sheet}上的{one.kind.label}{text}"
    return f"{sheet}{one.cell}的{one.kind.label}{text}"


def _short(text: str) -> str:
    line = " ".join(without_identity_numbers(text).split())
    if len(line) > _LONGEST:
        return f"{line[:_LONGEST]}…"
    return line
