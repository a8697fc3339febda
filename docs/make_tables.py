"""Write the tables of columns.md (sheets), 操作手册.md (rules) and python.md (frames) from the declarations.

That of spoils.md is made from the collection in tests/spoils and what became of it.

    python docs/make_tables.py [--check]

`--check` writes nothing and exits with 1 where a table is stale.
"""

import csv
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tenproj_xl.core.columns import Column, Fill, Sheet
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.policy import Policy
from tenproj_xl.core.rules import RuleLine, rule_lines
from tenproj_xl.core.sheets import COVER, TEMPLATE_SHEETS, target_field
from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.plan_schema import shipped_plan
from tenproj_xl.model.settings_reader import default_settings
from tenproj_xl.rollup.data_columns import DataColumn
from tenproj_xl.rollup.facts.editions import MONTH, QUARTER, WEEK, YEAR, Release
from tenproj_xl.rollup.facts.input import nothing_reported
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.frames import DataTable, data_tables

HOME = Path(__file__).parent
DOCUMENTS = (HOME / "columns.md", HOME / "操作手册.md", HOME / "python.md", HOME / "spoils.md")
SPOILS = HOME.parent / "tests" / "spoils"
OUTCOMES = ("right", "misleading", "silently wrong")


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


def frames() -> str:
    """Return the columns of all frames, a table for each with those that any edition has."""
    plan, _ = read_plan(shipped_plan(), "工作计划.xlsx")
    if plan is None:
        raise ValueError("the shipped plan is at fault")
    tables: dict[str, DataTable] = {}
    for edition, code in ((QUARTER, "2026-Q4"), (MONTH, "2026-11"), (YEAR, "2026"), (WEEK, "2026-W48")):
        data = nothing_reported(plan, default_settings(), parse_period(code))
        for made in data_tables(facts_of(replace(data, release=Release(edition)))):
            known = tables.setdefault(made.code, made)
            tables[made.code] = replace(known, columns=_joined(known.columns, made.columns))
    return "\n\n".join(_frame(made) for made in tables.values())


def _joined(known: Sequence[DataColumn], others: Sequence[DataColumn]) -> tuple[DataColumn, ...]:
    """Return the columns of two editions, each that one alone has behind those that precede it there."""
    joined = list(known)
    for n, column in enumerate(others):
        names = [one.name for one in joined]
        if column.name not in names:
            before = others[n - 1].name if n else ""
            joined.insert(names.index(before) + 1 if before else 0, column)
    return tuple(joined)


def _frame(made: DataTable) -> str:
    rows = [_column(column) for column in made.columns]
    head = ["| column | in the sheet | type | unit | meaning |", "|---|---|---|---|---|"]
    return "\n".join([f"**`{made.code}`** {made.title}", "", *head, *rows])


def _column(column: DataColumn) -> str:
    meaning = column.meaning
    if column.labels:
        meaning += "".join(f"<br>`{code}` {label}" for code, label in column.labels.items())
    return f"| `{column.name}` | {column.title} | {column.holds} | {column.unit} | {meaning} |"


def spoils() -> str:
    """Return how many spoils of each family came to what, first and today, and each mechanism."""
    rows = list(csv.DictReader((SPOILS / "outcomes.csv").read_text("utf-8").splitlines()))
    head = ("family", "spoils", *(f"first {o}" for o in OUTCOMES), *(f"today {o}" for o in OUTCOMES))
    lines = [_cells(head), "|" + "---|" * len(head)]
    families = sorted(SPOILS.glob("collection/*.toml"))
    for path in families:
        lines.append(_counts(path.stem, [r for r in rows if r["spoil"].startswith(f"{path.stem}/")]))
    lines.append(_counts("**all**", rows))
    tables = [_mechanisms(path, rows) for path in families]
    return "\n".join(lines) + "\n\n" + "\n\n".join(tables)


def _cells(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _counts(name: str, rows: list[dict[str, str]]) -> str:
    first, today = (Counter(row[when] for row in rows) for when in ("first", "today"))
    return _cells((name, len(rows), *(first[o] for o in OUTCOMES), *(today[o] for o in OUTCOMES)))


def _mechanisms(path: Path, rows: list[dict[str, str]]) -> str:
    lines = [
        f"**{path.stem}**",
        "",
        "| mechanism | the clerk … | a careful human understands | first | today |",
        "|---|---|---|---|---|",
    ]
    for mechanism in tomllib.loads(path.read_text("utf-8"))["mechanism"]:
        own = [row for row in rows if row["spoil"].startswith(f"{path.stem}/{mechanism['name']}/")]
        first, today = (_told(Counter(row[when] for row in own)) for when in ("first", "today"))
        lines.append(_cells((mechanism["name"], mechanism["did"], mechanism["understood"], first, today)))
    return "\n".join(lines)


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[o]} {o}" for o in OUTCOMES if counts[o])


def renewed(text: str) -> str:
    """Return a document's text with its tables made anew."""
    for name, made in (("sheets", sheets), ("rules", rules), ("frames", frames), ("spoils", spoils)):
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
