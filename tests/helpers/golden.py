"""Golden texts: the contents and the layout of every sheet of a workbook, kept so that a review sees each change.

A text is one file for a data set and a sheet, such as `tests/rollup/golden/ordinary/总览.txt`. Where a change is meant,
renew them with `pytest tests/rollup/test_golden.py --renew-golden` and read what `git diff` shows.
"""

import warnings
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

HOME = Path(__file__).parents[1] / "rollup" / "golden"
_SAID, _BEGINNING = 80, 24
"""Longer texts are named by how they begin and how long they are."""


def texts(path: Path) -> Mapping[str, str]:
    """Return the text of each sheet of a workbook by the title of the sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl passes over sparklines and says so
        shown, live = load_workbook(path, data_only=True), load_workbook(path)
    return {name: "\n".join(_lines(shown[name], live[name])) + "\n" for name in shown.sheetnames}


def compare(path: Path, data_set: str, *, renew: bool, only: Collection[str] = ()) -> list[str]:
    """Return the sheets whose text is not the kept one, or that are gone; with `renew`, keep the new texts first.

    With `only`, other sheets are left out.
    """
    home = HOME / data_set
    found = {f"{name}.txt": text for name, text in texts(path).items() if not only or name in only}
    if renew:
        home.mkdir(parents=True, exist_ok=True)
        for stale in set(home.glob("*.txt")) - {home / name for name in found}:
            stale.unlink()
        for name, text in found.items():
            (home / name).write_text(text, "utf-8")
    kept = {p.name: p.read_text("utf-8") for p in home.glob("*.txt")}
    return sorted(name for name in {*kept, *found} if kept.get(name) != found.get(name))


def _lines(shown: Worksheet, live: Worksheet) -> Iterator[str]:
    yield from _layout(live)
    yield from (f"图表 {title}" for title in map(_title_of, live._charts))  # type: ignore[attr-defined]
    for rules in live.conditional_formatting:
        yield f"条件格式 {rules.sqref} {'、'.join(_rule(r) for r in rules.rules)}"
    for row in range(1, live.max_row + 1):
        cells = [_cell(shown.cell(row, c), live.cell(row, c)) for c in range(1, live.max_column + 1)]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield f"{row:4} {_height(live, row)} {' | '.join(cells)}"


def _layout(sheet: Worksheet) -> Iterator[str]:
    widths = sorted(sheet.column_dimensions.items(), key=lambda item: item[1].min or 0)
    yield "列宽 " + " ".join(_columns(d) for _, d in widths)
    yield f"冻结 {sheet.freeze_panes}　筛选 {sheet.auto_filter.ref}　打印 {_printing(sheet)}"
    if sheet.merged_cells.ranges:
        yield "合并 " + " ".join(sorted((str(r) for r in sheet.merged_cells.ranges), key=_place))


def _columns(dimension: Any) -> str:
    first, last = get_column_letter(dimension.min), get_column_letter(dimension.max)
    span = first if first == last else f"{first}-{last}"
    return f"{span}:{dimension.width:g}" + ("（折叠）" if dimension.hidden else "")


def _printing(sheet: Worksheet) -> str:
    setup = sheet.page_setup
    fits = sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
    high = "任意" if setup.fitToHeight == 0 else setup.fitToHeight or 1
    pages = f"宽{setup.fitToWidth or 1}页、高{high}页" if fits else "不缩放"
    return f"{sheet.print_area} 纸{setup.paperSize} {setup.orientation} {pages}，重复{sheet.print_title_rows}"


def _place(span: str) -> tuple[int, str]:
    first = span.partition(":")[0]
    letters = first.rstrip("0123456789")
    return int(first[len(letters) :]), letters.rjust(3)


def _title_of(chart: Any) -> str:
    if chart.title is None or chart.title.tx is None:
        return "（无标题）"
    runs = (run.t for paragraph in chart.title.tx.rich.p for run in paragraph.r or ())
    return f"{type(chart).__name__} “{''.join(runs)}” {len(chart.series)}个系列"


def _rule(rule: Any) -> str:
    return " ".join(str(part) for part in (rule.type, rule.operator, *rule.formula) if part is not None)


def _height(sheet: Worksheet, row: int) -> str:
    height = sheet.row_dimensions[row].height
    return f"[{height:g}]" if height else "[]"


def _cell(shown: Any, live: Any) -> str:
    """Return a cell's text: `=` before the value of a formula, `→place` behind the text of a link."""
    value = "" if shown.value is None else str(shown.value).replace("\n", "⏎").removesuffix(" 00:00:00")
    value = value if len(value) <= _SAID else f"{value[:_BEGINNING]}…（{len(value)}字）"
    formula = "=" if isinstance(live.value, str) and live.data_type == "f" else ""
    link = f" →{live.hyperlink.location}" if live.hyperlink and live.hyperlink.location else ""
    return f"{formula}{value}{link}"
