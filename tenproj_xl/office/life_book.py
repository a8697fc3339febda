"""Write the life of a figure as a workbook: all its values, and a chart of them over their data periods.

Reads: recorded values. Gives: an .xlsx file; the same values give the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.excel import style
from tenproj_xl.excel.writer import WorkbookWriter
from tenproj_xl.model.lives import RecordedValue, ValueStanding
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import printed_unit
from tenproj_xl.office.life_words import clock, papers_of, plan_of, source_of
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.table import CellLook, Field, Table, write_table
from tenproj_xl.rollup.facts.editions import PLAIN

VALUES, COURSE = "数据沿革", "走势"
_FILLS: Mapping[str, str] = {ValueStanding.CURRENT: style.GREEN, ValueStanding.WITHDRAWN: style.GREY}
_CHART_ROWS, _CHART_SIZE = 18, {"width": 900, "height": 340}
_WIDTHS = (16, 11, 11)


def write_life(path: Path, title: str, values: Sequence[RecordedValue], loaded: Loaded) -> None:
    """Write the values, and a chart for each indicator among them that has numbers."""
    book = WorkbookWriter(path)
    properties: dict[str, object] = {"title": f"{title} {VALUES}", "author": loaded.plan.programme.signature}
    if values:
        properties["created"] = max(value.recording.at for value in values).replace(tzinfo=None)
    book.file.set_properties(properties)
    page = Page(book, VALUES, PLAIN, VALUES)
    write_table(page, _table(title, values, loaded), "")
    courses = list(_courses(values))
    if courses:
        _write_courses(Page(book, COURSE, PLAIN, VALUES), courses)
    book.close()


# --- the values


def _table(title: str, values: Sequence[RecordedValue], loaded: Loaded) -> Table[RecordedValue]:
    return Table(
        sheet=VALUES,
        heading=f"{title}　{VALUES}",
        note="每一个记入台账的数：属于哪一期、何时记入、来自哪份文件哪个单元格；“现行”的是现在采用的。",
        fields=tuple(_fields(loaded)),
        lines=values,
        fixed=4,
        empty="台账里还没有记过。",
    )


def _fields(loaded: Loaded) -> Iterator[Field[RecordedValue]]:
    yield from _what(loaded.settings.zone)
    yield from _where(loaded)


def _what(zone: tzinfo) -> Iterator[Field[RecordedValue]]:
    yield Field("code", "编号", "编号。", 12, lambda v: v.code, CellLook.WORD)
    yield Field("name", "名称", "名称。", 24, lambda v: v.name)
    yield Field("header", "项目", "填报表里的列。", 12, lambda v: v.header, CellLook.WORD)
    yield Field("about", "数据所属期", "数据所属期。", 14, lambda v: v.about.dated_label, CellLook.WORD)
    yield Field("value", "数值或内容", "记入的值。", 16, lambda v: v.value, CellLook.NUMBER)
    yield Field("measure", "单位", "计量单位。", 8, lambda v: v.measure, CellLook.WORD)
    yield Field("nature", "数据性质", "数据性质。", 10, lambda v: v.nature, CellLook.WORD)
    yield Field(
        "standing",
        "现在",
        "是否现行。",
        10,
        lambda v: v.standing,
        CellLook.STATE,
        fills=_FILLS,
    )
    yield Field("recorded", "记入时间", "记入时间。", 16, lambda v: clock(v.recording.at, zone))
    yield Field("received", "收到时间", "收到时间。", 16, lambda v: clock(v.row.received_at, zone))


def _where(loaded: Loaded) -> Iterator[Field[RecordedValue]]:
    zone = loaded.settings.zone
    yield Field("period", "报送期", "在哪一期报来。", 14, lambda v: v.row.period.dated_label, CellLook.WORD)
    yield Field("sender", "报送单位", "谁报来。", 14, lambda v: printed_unit(v.row.unit, loaded.plan))
    yield Field("filler", "填报人", "谁填报。", 9, lambda v: v.filler, CellLook.WORD)
    yield Field("source", "文件 › 工作表 › 单元格", "出自哪里。", 44, source_of, CellLook.SMALL)
    yield Field("plan", "当时的工作计划", "计划版本。", 20, plan_of, CellLook.SMALL)
    yield Field("findings", "核验", "核验。", 36, lambda v: _lines(map(_said, v.findings)), CellLook.LONG)
    yield Field(
        "papers", "列入的材料", "列入的材料。", 36, lambda v: _lines(papers_of(v, zone)), CellLook.LONG
    )


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _said(finding: Finding) -> str:
    return f"{finding.severity.label}：{finding.message}"


# --- the chart


@dataclass(frozen=True)
class _Course:
    """The numbers of an indicator by data period, each period's in the order of recording.

    The last of a period is the one that counts; None where none does.
    """

    title: str
    measure: str
    numbers: dict[Period, tuple[list[float], float | None]]

    @property
    def most(self) -> int:
        """The most numbers that were recorded for one period."""
        return max(len(recorded) for recorded, _ in self.numbers.values())


def _courses(values: Sequence[RecordedValue]) -> Iterator[_Course]:
    by_code: dict[str, list[RecordedValue]] = {}
    for value in values:
        is_figure = value.row.sheet == "indicators" and value.is_main
        if is_figure and isinstance(value.value, float):
            by_code.setdefault(value.code, []).append(value)
    for code, own in by_code.items():
        numbers: dict[Period, tuple[list[float], float | None]] = {}
        for value in own:
            recorded, current = numbers.get(value.about, ([], None))
            number = float(str(value.value))
            if value.standing is ValueStanding.CURRENT:
                current = number
            numbers[value.about] = ([*recorded, number], current)
        yield _Course(f"{code} {own[-1].name}", own[-1].measure, dict(sorted(numbers.items())))


def _write_courses(page: Page, courses: Sequence[_Course]) -> None:
    for column, width in enumerate(_WIDTHS):
        page.width(column, width)
    row = 0
    for course in courses:
        row = _write_course(page, row, course)
    page.print_setup(COURSE, one_page=False)


def _write_course(page: Page, top: int, course: _Course) -> int:
    """Write the numbers of an indicator and their chart below; return the row that comes next."""
    heads = ["数据所属期", "现行", *(f"第{n}次记入" for n in range(1, course.most + 1))]
    page.write(top, 0, f"{course.title}（{course.measure}）", style.TITLE)
    for column, head in enumerate(heads):
        page.write(top + 1, column, head, style.HEADER)
    for row, (period, (recorded, current)) in enumerate(course.numbers.items(), top + 2):
        page.write(row, 0, period.dated_label, style.BOX)
        page.write(row, 1, current, style.BOX)
        for column, number in enumerate(recorded, 2):
            page.write(row, column, number, style.BOX)
    last = top + 1 + len(course.numbers)
    chart = page.book.file.add_chart({"type": "line"})
    for column, head in enumerate(heads[1:], 1):
        place: Callable[[int], list[object]] = lambda c: [COURSE, top + 2, c, last, c]  # noqa: E731
        chart.add_series({"name": head, "categories": place(0), "values": place(column), **_drawn(column)})
    chart.set_title(
        {"name": f"{course.title}（{course.measure}）", "name_font": {"name": style.HEAD, "size": 12}}
    )
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
    chart.set_size(_CHART_SIZE)
    page.sheet.insert_chart(last + 2, 0, chart, {"description": course.title})
    return last + 2 + _CHART_ROWS


def _drawn(column: int) -> dict[str, object]:
    """Return how a series is drawn: what counts as a line, each recording as marks of its own."""
    if column == 1:
        return {
            "line": {"color": style.STRONG[style.GREEN], "width": 2.25},
            "marker": {"type": "circle", "size": 6},
        }
    kinds = ("diamond", "square", "triangle", "x", "star")
    kind = kinds[(column - 2) % len(kinds)]
    return {"line": {"none": True}, "marker": {"type": kind, "size": 7}}
