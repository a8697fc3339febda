"""Write the tables of columns.md (sheets) and 填报指南.md (rules) from the declarations.

    python docs/make_tables.py [--check]

`--check` writes nothing and exits with 1 where a table is stale.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from tenproj_xl.core.columns import Column, Fill, Sheet
from tenproj_xl.core.policy import Policy
from tenproj_xl.core.rules import RuleLine, rule_lines
from tenproj_xl.core.sheets import COVER, TEMPLATE_SHEETS, target_field

HOME = Path(__file__).parent
DOCUMENTS = (HOME / "columns.md", HOME / "填报指南.md")


def table(sheet: Sheet) -> str:
    """Return the Markdown table of one sheet."""
    rows = [_row(column) for column in sheet.columns if column.fill is not Fill.MACHINE]
    return "\n".join([f"**{sheet.name}**", "", "| 列 | 谁填 | 怎么填 |", "|---|---|---|", *rows])


def _row(column: Column) -> str:
    header = "各年目标" if column.field == target_field(1) else column.header
    return f"| {header} | {column.fill.label} | {column.how if column.fill.is_input else ''} |"


def sheets() -> str:
    """Return the tables of all sheets."""
    return "\n\n".join(table(sheet) for sheet in (*TEMPLATE_SHEETS, COVER))


def rules() -> str:
    """Return the rules that a sender may meet, a table for each gate."""
    return "\n".join(_rules()).strip()


def _rules() -> Iterator[str]:
    gate = ""
    for line in (x for x in rule_lines(Policy()) if x.code.is_of_senders):
        if line.code.gate.label != gate:
            gate = line.code.gate.label
            yield from ("", f"**{gate}**", "", "| 级别 | 规则 | 为什么 | 例 |", "|---|---|---|---|")
        yield _rule(line)


def _rule(line: RuleLine) -> str:
    cells = (line.severity.label, line.code.rule.title, line.code.rule.why, line.example)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def renewed(text: str) -> str:
    """Return a document's text with its tables made anew."""
    for name, made in (("sheets", sheets), ("rules", rules)):
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if start in text:
            before, _, rest = text.partition(start)
            _, _, after = rest.partition(end)
            text = f"{before}{start}\n{made()}\n{end}{after}"
    return text


if __name__ == "__main__":
    stale = [path for path in DOCUMENTS if (now := path.read_text("utf-8")) != renewed(now)]
    if "--check" in sys.argv:
        sys.exit(bool(stale))
    for path in stale:
        path.write_text(renewed(path.read_text("utf-8")), "utf-8")
