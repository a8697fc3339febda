"""Writes the table of sheets in README.md from the declarations; `--check` only compares."""

import sys
from pathlib import Path

from tenproj_xl.sheets import COVER, TEMPLATE_SHEETS, Column, Fill, Sheet, target_field

README = Path(__file__).parent.parent / "README.md"
START, END = "<!-- sheets -->", "<!-- /sheets -->"


def table(sheet: Sheet) -> str:
    """The Markdown table of one sheet."""
    rows = [_row(column) for column in sheet.columns if column.fill is not Fill.MACHINE]
    return "\n".join([f"**{sheet.name}**", "", "| 列 | 谁填 | 怎么填 |", "|---|---|---|", *rows])


def _row(column: Column) -> str:
    header = "各年目标" if column.field == target_field(1) else column.header
    return f"| {header} | {column.fill.label} | {column.how if column.fill.is_input else ''} |"


def tables() -> str:
    """All tables, as they stand between the marks in the README."""
    return "\n\n".join(table(sheet) for sheet in (*TEMPLATE_SHEETS, COVER))


def renewed(text: str) -> str:
    """A README's text with its tables made anew."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    now = README.read_text(encoding="utf-8")
    if "--check" in sys.argv:
        sys.exit(now != renewed(now))
    README.write_text(renewed(now), encoding="utf-8")
