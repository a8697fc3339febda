"""分歧裁定: write the workbook in which the office decides between senders who disagree, and read it back.

Reads: open conflicts, or such a workbook, filled in. Gives: a workbook, or decisions with findings by cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.parse import read_cell_in
from tenproj_xl.core.periods import Period
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.excel.style import Printing, Style, row_height
from tenproj_xl.excel.writer import SheetWriter, WorkbookWriter
from tenproj_xl.model.cell_sources import CellSource
from tenproj_xl.model.conflicts import Conflict, ConflictDecision, column_of, row_name, shown_value
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import printed_unit, unit_named
from tenproj_xl.reading.office_book import load_rows
from tenproj_xl.reading.records import Record, read_records
from tenproj_xl.validation.entries import DAYS_TO_COME, column_in_row

OTHER = "另定"
_TITLE = "分歧裁定"


def _column(field: str, header: str, width: float, advice: str = "") -> Column:
    return Column(field, header, Fill.OFFICE, Kind.LONG_TEXT, width=width, advice=advice)


_KEY = _column("key", "裁定编号", 4)
_PERIOD = _column("period", "期号", 10)
_CHOSEN = _column("chosen", "以哪家为准", 16, f"从下拉选项中选一家，都不对的选“{OTHER}”")
_OTHER = _column("other", "另定内容", 18, f"选了“{OTHER}”的，填写应当是什么")
_WHO = _column("who", "裁定人", 11, "填写姓名")
_WHY = _column("why", "理由", 28, "写明依据，如“已电话核实”")
_INPUTS = (_CHOSEN, _OTHER, _WHO, _WHY)
DECISIONS = Sheet("conflicts", _TITLE, (_KEY, _PERIOD, *_INPUTS))
"""The columns that are read back; those between them tell people what the conflict is about."""

_TEXT = Style(wrap=True).framed(1, "#BFBFBF")
_MIDDLE = replace(_TEXT, horizontal="center")
_INPUT = replace(_TEXT, number_format="@").filled("#FFF8DC")
_HEAD = (
    Style(font="黑体", size=11, bold=True, horizontal="center", wrap=True)
    .filled("#DDEBF7")
    .framed(1, "#A6A6A6")
)
_INPUT_HEAD = _HEAD.filled("#FCE4B5")
_HEADER_ROW = 2
_NOTE = (
    f"黄色的列由{{office}}填写：“以哪家为准”从下拉选项中选一家；都不对的选“{OTHER}”，在“另定内容”写明应当是什么；"
    "再填裁定人和理由。暂不裁定的行留空。填好保存后运行：tenproj resolve 本文件名。"
)
_IN_UNITS = ("value", "forecast")
"""The fields that are in the indicator's own unit."""
_DIGITS = "零一二三四五六七八九"


# --- writing


def write_conflict_book(
    path: Path, conflicts: Sequence[Conflict], period: Period, plan: Plan, zone: tzinfo
) -> None:
    """Write the open conflicts of a period, one a row, each with every sender's value and where it stands."""
    most = max(len(conflict.reports) for conflict in conflicts)
    columns = (_KEY, _PERIOD, *_about(most), *_INPUTS)
    book = WorkbookWriter(path)
    page = book.sheet(_TITLE)
    page.write_across(
        0,
        (2, len(columns) - 1),
        f"{_TITLE}　{period.full_name}　共{len(conflicts)}处",
        Style(font="黑体", size=16),
    )
    page.height(0, 34)
    note = Style(size=10.5, colour="#595959", wrap=True)
    page.write_across(1, (2, len(columns) - 1), _NOTE.format(office=plan.programme.words.office), note)
    page.height(1, 36)
    for n, column in enumerate(columns):
        page.width(n, column.width, hidden=column in (_KEY, _PERIOD))
        head = _HEAD
        if column in _INPUTS:
            head = _INPUT_HEAD
        page.write(_HEADER_ROW, n, column.header, head)
    page.height(_HEADER_ROW, 32)
    for n, conflict in enumerate(conflicts, _HEADER_ROW + 1):
        _draw(page, n, conflict, columns, plan, zone)
    page.sheet.freeze_panes(_HEADER_ROW + 1, 6)
    page.sheet.autofilter(_HEADER_ROW, 2, _HEADER_ROW + len(conflicts), len(columns) - 1)
    page.sheet.repeat_rows(_HEADER_ROW)
    page.sheet.hide_gridlines(2)
    page.print_as(Printing(), "", "&C第 &P 页，共 &N 页")
    book.close()


def _about(most: int) -> Iterator[Column]:
    """Yield the columns that tell what a conflict is about; three for each of at most `most` senders."""
    yield _column("force", "专班", 6)
    yield _column("code", "编号", 13)
    yield _column("name", "名称", 24)
    yield _column("column", "栏目", 12)
    for n in range(most):
        number = _in_chinese(n + 1)
        yield _column(f"value{n}", f"说法{number}", 20)
        yield _column(f"unit{n}", f"单位{number}", 14)
        yield _column(f"source{n}", f"出处{number}", 30)
    yield _column("now", "暂按", 16)


def _in_chinese(number: int) -> str:
    """Return a number from 1 to 99 in Chinese: 三, 十二, 二十."""
    tens, ones = divmod(number, 10)
    text = ""
    if tens > 1:
        text += _DIGITS[tens]
    if tens:
        text += "十"
    if ones:
        text += _DIGITS[ones]
    return text


def _draw(
    page: SheetWriter, row: int, conflict: Conflict, columns: Sequence[Column], plan: Plan, zone: tzinfo
) -> None:
    texts = _texts(conflict, plan, zone)
    for n, column in enumerate(columns):
        style = _MIDDLE
        if column in _INPUTS:
            style = _INPUT
        elif column.field == "name" or column.field.startswith(("value", "source")):
            style = _TEXT
        page.write(row, n, texts.get(column.field), style)
        if column in _INPUTS:
            page.sheet.data_validation(row, n, row, n, _rule(column, conflict, plan))
    page.height(
        row, row_height(((texts.get(c.field, ""), c.width, _TEXT) for c in columns if c is not _KEY), 40)
    )


def _texts(conflict: Conflict, plan: Plan, zone: tzinfo) -> dict[str, str]:
    row, field = conflict.row, conflict.field
    header = column_of(conflict.cell, plan).header
    if row.sheet == "indicators" and field in _IN_UNITS and row.values.get("unit"):
        header += f"\n（{row.values['unit']}）"
    standing = "先报"
    if row.unit == row.owner:
        standing = "报送单位"
    texts = {
        "key": conflict.key,
        "period": row.period.code,
        "force": row.task_force,
        "code": row.code,
        "name": row_name(row),
        "column": header,
        "now": f"{printed_unit(row.unit, plan)}\n（{standing}）",
    }
    for n, reported in enumerate(conflict.reports):
        at = f"{reported.received_at.astimezone(zone):%m-%d %H:%M}"
        texts[f"value{n}"] = shown_value(reported, field)
        texts[f"unit{n}"] = printed_unit(reported.unit, plan)
        texts[f"source{n}"] = f"{reported.file}\n{reported.tab} {reported.cells.get(field, '')}（{at}）"
    return texts


def _rule(column: Column, conflict: Conflict, plan: Plan) -> dict[str, object]:
    hint: dict[str, object] = {"input_title": column.header, "input_message": f"{column.how}。"}
    if column is not _CHOSEN:
        return {"validate": "any", **hint}
    choices = _choices(conflict, plan)
    return {"validate": "list", "source": choices, "error_title": "请从选项中选择", **hint}


def _choices(conflict: Conflict, plan: Plan) -> list[str]:
    return [*(printed_unit(reported.unit, plan) for reported in conflict.reports), OTHER]


# --- reading


@dataclass(frozen=True)
class ConflictDecisions:
    """The decisions of a workbook, the number of those recorded before, and what is wrong in it."""

    decisions: tuple[ConflictDecision, ...]
    unchanged: int
    findings: tuple[Finding, ...]


def periods_in(records: Sequence[Record]) -> set[str]:
    """Return the codes of the periods that a workbook is about."""
    return {record.text("period") for record in records} - {""}


def read_conflict_book(path: Path) -> list[Record]:
    """Read the rows of a workbook that was written for conflicts.

    Raises:
        UsageProblem: it is another workbook.
    """
    (rows,) = load_rows(path)
    records, _ = read_records(rows, (DECISIONS,), path.name, {})
    if records is None:
        raise UsageProblem(f"“{path.name}”不是分歧裁定表，请填写 tenproj resolve 生成的那一份。")
    return records[DECISIONS.code]


def decisions_in(
    records: Sequence[Record], conflicts: Sequence[Conflict], plan: Plan, at: datetime
) -> ConflictDecisions:
    """Return what the rows decide; a row with a fault decides nothing.

    Args:
        records: The rows of a workbook.
        conflicts: All conflicts of its periods as they are by now, decided ones too.
        plan: The plan.
        at: When the workbook was read.
    """
    known = {conflict.key: conflict for conflict in conflicts}
    decisions: list[ConflictDecision] = []
    findings: list[Finding] = []
    unchanged = 0
    of_known = []
    for record in records:
        if not any(_written(record)):
            continue
        if record.text("key") in known:
            of_known.append(record)
        else:
            findings.append(finding(Code.DISPUTE_CHANGED, record.place("chosen"), record.text("chosen")))
    for record in _once(of_known, findings):
        conflict = known[record.text("key")]
        faults = list(_faults(record, conflict, plan))
        findings += faults
        if faults:
            continue
        decision = _decision(record, conflict, plan, at)
        if conflict.decision and _content(conflict.decision) == _content(decision):
            unchanged += 1
        else:
            decisions.append(decision)
    return ConflictDecisions(tuple(decisions), unchanged, tuple(findings))


def _written(record: Record) -> tuple[str, ...]:
    return tuple(record.text(column.field) for column in _INPUTS)


def _once(records: Iterable[Record], findings: list[Finding]) -> list[Record]:
    """Return each row once; copies that differ are left out, since nobody can tell which one was meant."""
    first: dict[str, Record] = {}
    unclear = set()
    for record in records:
        before = first.setdefault(record.text("key"), record)
        if _written(record) != _written(before):
            unclear.add(record.text("key"))
            place = record.place("chosen")
            findings.append(finding(Code.ROW_TWICE, place, record.text("chosen"), expected=before.row))
    return [record for key, record in first.items() if key not in unclear]


def _content(decision: ConflictDecision) -> tuple[str, ...]:
    return decision.chosen, canonical(decision.value), decision.who, decision.why


def _faults(record: Record, conflict: Conflict, plan: Plan) -> Iterator[Finding]:
    for column in (_CHOSEN, _WHO, _WHY):
        if not record.text(column.field):
            yield _lacking(record, column)
    chosen, other = record.text("chosen"), record.text("other")
    if chosen == OTHER and not other:
        yield _lacking(record, _OTHER)
    elif chosen == OTHER:
        yield from _unread(record, conflict, plan)
    elif chosen and _chosen(chosen, conflict, plan) is None:
        advice = "、".join(_choices(conflict, plan))
        yield finding(Code.NOT_CHOICE, record.place("chosen"), chosen, advice=advice)
    elif chosen and other:
        yield finding(Code.RULING_UNCLEAR, record.place("other"), other, expected=chosen)


def _lacking(record: Record, column: Column) -> Finding:
    place = record.place(column.field)
    return finding(Code.PLAN_REQUIRED, place, expected=column.header, advice=column.wanted)


def _chosen(name: str, conflict: Conflict, plan: Plan) -> Reported | None:
    """Return the row of the unit that was chosen by its name, None where it is none of the senders."""
    unit = unit_named(name, plan)
    for reported in conflict.reports:
        if reported.unit == unit or printed_unit(reported.unit, plan) == name:
            return reported
    return None


def _other_value(record: Record, conflict: Conflict, plan: Plan) -> tuple[Column, object, Code | None]:
    """Return the conflict's column, 另定内容 read as a value of it, and what is wrong with that."""
    row = conflict.row
    indicator = plan.indicator(row.code)
    column = column_in_row(column_of(conflict.cell, plan), indicator)
    unit = ""
    if indicator and conflict.field in _IN_UNITS:
        unit = indicator.unit
    to_come = column.field in DAYS_TO_COME
    meaning = read_cell_in(row.period, record.text("other"), column, unit=unit, to_come=to_come)
    if meaning.value is None and meaning.code:
        return column, None, meaning.code
    if not column.allows(meaning.value):
        return column, meaning.value, Code.OUT_OF_BOUNDS
    return column, meaning.value, None


def _unread(record: Record, conflict: Conflict, plan: Plan) -> Iterator[Finding]:
    column, _, wrong = _other_value(record, conflict, plan)
    if wrong is None:
        return
    bounds = ""
    if wrong is Code.OUT_OF_BOUNDS:
        bounds = column.bounds
    yield finding(wrong, record.place("other"), record.text("other"), advice=column.how, expected=bounds)


def _decision(record: Record, conflict: Conflict, plan: Plan, at: datetime) -> ConflictDecision:
    place = record.place("other")
    chosen = _chosen(record.text("chosen"), conflict, plan)
    value: Value
    if chosen:
        unit, value = chosen.unit, chosen.values.get(conflict.field)
    else:
        unit, value = "", _other_value(record, conflict, plan)[1]  # type: ignore[assignment]  # a converted value
    period, sheet, code, field = conflict.cell
    return ConflictDecision(
        period=period,
        sheet=sheet,
        code=code,
        field=field,
        reported_values=conflict.reported_values,
        chosen=unit,
        value=value,
        who=record.text("who"),
        why=record.text("why"),
        source=CellSource(file=place.file, tab=place.sheet, cell=place.cell, at=at),
    )


def decided(decision: ConflictDecision, plan: Plan) -> str:
    """Return a decision in a few words: `Z03-02 最新数值：以区科技局的“72”为准`."""
    header, value = column_of(decision.cell, plan).header, text_of(decision.value) or "空白"
    if decision.chosen:
        return f"{decision.code} {header}：以{printed_unit(decision.chosen, plan)}的“{value}”为准"
    return f"{decision.code} {header}：定为“{value}”"
