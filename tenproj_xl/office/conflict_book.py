"""分歧裁定: the workbook in which the office decides between senders who disagree, and how it is read back.

Reads: open conflicts, or a workbook that came of them. Gives: a workbook, or decisions with findings by cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.parse import canonical, read_cell, text_of
from tenproj_xl.core.periods import Period
from tenproj_xl.excel.style import Printing, Style, row_height
from tenproj_xl.excel.writer import SheetWriter, WorkbookWriter
from tenproj_xl.model.conflicts import Conflict, ConflictDecision, column_of, row_name, spoken
from tenproj_xl.model.history import Reported, Source
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import printed_unit, unit_named
from tenproj_xl.reading.office_book import Record, load_rows, read_records
from tenproj_xl.validation.entries import column_in_row

OTHER = "另定"
_TITLE = "分歧裁定"


def _column(field: str, header: str, width: float, advice: str = "") -> Column:
    return Column(field, header, Fill.OFFICE, Kind.LONG_TEXT, width, advice=advice)


_KEY = _column("key", "裁定编号", 4)
_PERIOD = _column("period", "期号", 10)
_RULING = _column("ruling", "以哪家为准", 16, f"从下拉选项中选一家，都不对的选“{OTHER}”")
_OTHER = _column("other", "另定内容", 18, f"选了“{OTHER}”的，填写应当是什么")
_WHO = _column("who", "裁定人", 11, "填写姓名")
_WHY = _column("why", "理由", 28, "写明依据，如“已电话核实”")
_INPUTS = (_RULING, _OTHER, _WHO, _WHY)
DECISIONS = Sheet("settlements", _TITLE, (_KEY, _PERIOD, *_INPUTS))
"""What is read back; the columns between say what the conflict is about, for the reader."""

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
    f"黄色的列由总专班办公室填写：“以哪家为准”从下拉选项中选一家；都不对的选“{OTHER}”，在“另定内容”写明应当是什么；"
    "再填裁定人和理由。暂不裁定的行留空。填好保存后运行：tenproj resolve 本文件名。"
)
_DIGITS = "零一二三四五六七八九"


# --- writing


def write_conflict_book(
    path: Path, conflicts: Sequence[Conflict], period: Period, plan: Plan, zone: tzinfo
) -> None:
    """Write the open conflicts of a period, one a row, each with what everybody says and where."""
    most = max(len(d.words) for d in conflicts)
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
    page.write_across(1, (2, len(columns) - 1), _NOTE, note)
    page.height(1, 36)
    for n, column in enumerate(columns):
        page.width(n, column.width, hidden=column in (_KEY, _PERIOD))
        page.write(_HEADER_ROW, n, column.header, _INPUT_HEAD if column in _INPUTS else _HEAD)
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
    """The columns that say what a conflict is about, those of each sender last."""
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
    """A number below a hundred: 三, 十二, 二十."""
    tens, ones = divmod(number, 10)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _draw(
    page: SheetWriter, row: int, conflict: Conflict, columns: Sequence[Column], plan: Plan, zone: tzinfo
) -> None:
    texts = _texts(conflict, plan, zone)
    for n, column in enumerate(columns):
        wide = column.field in ("name", "why") or column.field.startswith(("value", "source"))
        style = _INPUT if column in _INPUTS else _TEXT if wide else _MIDDLE
        page.write(row, n, texts.get(column.field), style)
        if column in _INPUTS:
            page.sheet.data_validation(row, n, row, n, _rule(column, conflict, plan))
    page.height(
        row, row_height(((texts.get(c.field, ""), c.width, _TEXT) for c in columns if c is not _KEY), 40)
    )


def _texts(conflict: Conflict, plan: Plan, zone: tzinfo) -> dict[str, str]:
    row, name = conflict.row, conflict.field
    unit = (
        str(row.values.get("unit") or "")
        if row.sheet == "indicators" and name in ("value", "forecast")
        else ""
    )
    texts = {
        "key": conflict.key,
        "period": row.period.code,
        "force": row.task_force,
        "code": row.code,
        "name": row_name(row),
        "column": column_of(conflict.cell, plan).header + (f"\n（{unit}）" if unit else ""),
        "now": printed_unit(row.unit, plan) + ("\n（报送单位）" if row.unit == row.owner else "\n（先报）"),
    }
    for n, word in enumerate(conflict.words):
        at = f"{word.received_at.astimezone(zone):%m-%d %H:%M}"
        texts[f"value{n}"] = spoken(word, name)
        texts[f"unit{n}"] = printed_unit(word.unit, plan)
        texts[f"source{n}"] = f"{word.file}\n{word.tab} {word.cells.get(name, '')}（{at}）"
    return texts


def _rule(column: Column, conflict: Conflict, plan: Plan) -> dict[str, object]:
    hint: dict[str, object] = {"input_title": column.header, "input_message": f"{column.how}。"}
    if column is not _RULING:
        return {"validate": "any", **hint}
    choices = [*(printed_unit(w.unit, plan) for w in conflict.words), OTHER]
    return {"validate": "list", "source": choices, "error_title": "请从选项中选择", **hint}


# --- reading


@dataclass(frozen=True)
class ConflictDecisions:
    """What a workbook decides: decisions by conflict, how many stand already, and what is wrong in it."""

    decisions: tuple[ConflictDecision, ...]
    unchanged: int
    findings: tuple[Finding, ...]


def periods_in(records: Sequence[Record]) -> set[str]:
    """The periods that a workbook is about."""
    return {r.text("period") for r in records if r.text("period")}


def read_conflict_book(path: Path) -> list[Record]:
    """The rows of a workbook that was written for conflicts.

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
    """What the rows decide about all conflicts as they are now, settled ones too; a row at fault decides nothing."""
    known = {d.key: d for d in conflicts}
    settled: list[ConflictDecision] = []
    findings: list[Finding] = []
    unchanged = 0
    filled = [r for r in records if any(_written(r))]
    strange = (r for r in filled if r.text("key") not in known)
    findings += [finding(Code.DISPUTE_CHANGED, r.place("ruling"), r.text("ruling")) for r in strange]
    for record in _once((r for r in filled if r.text("key") in known), findings):
        conflict = known[record.text("key")]
        faults = list(_faults(record, conflict, plan))
        findings += faults
        if faults:
            continue
        decision = _conflict_decision(record, conflict, plan, at)
        if conflict.decision and _decision(conflict.decision) == _decision(decision):
            unchanged += 1
        else:
            settled.append(decision)
    return ConflictDecisions(tuple(settled), unchanged, tuple(findings))


def _written(record: Record) -> tuple[str, ...]:
    return tuple(record.text(c.field) for c in _INPUTS)


def _once(records: Iterable[Record], findings: list[Finding]) -> list[Record]:
    """Each row once; of copies that say different things none counts, for nobody can tell which was meant."""
    first: dict[str, Record] = {}
    unclear = set()
    for record in records:
        before = first.setdefault(record.text("key"), record)
        if _written(record) != _written(before):
            unclear.add(record.text("key"))
            findings.append(
                finding(Code.ROW_TWICE, record.place("ruling"), record.text("ruling"), expected=before.row)
            )
    return [record for key, record in first.items() if key not in unclear]


def _decision(decision: ConflictDecision) -> tuple[str, ...]:
    return decision.chosen, canonical(decision.value), decision.who, decision.why


def _faults(record: Record, conflict: Conflict, plan: Plan) -> Iterator[Finding]:
    for column in (_RULING, _WHO, _WHY):
        if not record.text(column.field):
            yield finding(
                Code.PLAN_REQUIRED, record.place(column.field), expected=column.header, advice=column.wanted
            )
    ruling, other = record.text("ruling"), record.text("other")
    if ruling == OTHER and not other:
        yield finding(Code.PLAN_REQUIRED, record.place("other"), expected=_OTHER.header, advice=_OTHER.wanted)
    elif ruling == OTHER:
        yield from _unread(record, conflict, plan)
    elif ruling and _chosen(ruling, conflict, plan) is None:
        advice = "、".join([*(printed_unit(w.unit, plan) for w in conflict.words), OTHER])
        yield finding(Code.NOT_CHOICE, record.place("ruling"), ruling, advice=advice)
    elif ruling and other:
        yield finding(Code.RULING_UNCLEAR, record.place("other"), other, expected=ruling)


def _chosen(ruling: str, conflict: Conflict, plan: Plan) -> Reported | None:
    unit = unit_named(ruling, plan)
    return next((w for w in conflict.words if unit == w.unit or ruling == printed_unit(w.unit, plan)), None)


def _meant(record: Record, conflict: Conflict, plan: Plan) -> tuple[Column, object, Code | None]:
    """The typed value as the conflict's column takes it, and what is wrong with it."""
    row = conflict.row
    indicator = plan.indicator(row.code)
    column = column_in_row(column_of(conflict.cell, plan), indicator)
    unit = indicator.unit if indicator and conflict.field in ("value", "forecast") else ""
    meaning = read_cell(record.text("other"), column, unit=unit, year=row.period.last.year)
    wrong = meaning.code if meaning.value is None else None
    return column, meaning.value, wrong or (None if column.allows(meaning.value) else Code.OUT_OF_BOUNDS)


def _unread(record: Record, conflict: Conflict, plan: Plan) -> Iterator[Finding]:
    column, _, wrong = _meant(record, conflict, plan)
    if wrong:
        bounds = column.bounds if wrong is Code.OUT_OF_BOUNDS else ""
        yield finding(wrong, record.place("other"), record.text("other"), advice=column.how, expected=bounds)


def _conflict_decision(record: Record, conflict: Conflict, plan: Plan, at: datetime) -> ConflictDecision:
    place = record.place("other")
    chosen = _chosen(record.text("ruling"), conflict, plan)
    value: Value = chosen.values.get(conflict.field) if chosen else _meant(record, conflict, plan)[1]  # type: ignore[assignment]  # a converted value
    return ConflictDecision(
        *conflict.cell,
        conflict.spellings,
        chosen.unit if chosen else "",
        value,
        record.text("who"),
        record.text("why"),
        Source(place.file, place.sheet, place.cell, at),
    )


def decided(decision: ConflictDecision, plan: Plan) -> str:
    """A decision in a few words: `Z03-02 最新数值：以区科技局的72为准`."""
    header, value = column_of(decision.cell, plan).header, text_of(decision.value) or "空白"
    if decision.chosen:
        return f"{decision.code} {header}：以{printed_unit(decision.chosen, plan)}的“{value}”为准"
    return f"{decision.code} {header}：定为“{value}”"
