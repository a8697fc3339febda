"""Why a row is told otherwise than in the paper that was given out: who reported or decided what since.

Reads: what the paper told of a row and what it would tell now, the line of now, what became of the grounds of
papers. Gives: the reason in words. All may read which kind it is, but neither people, units nor typed texts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import read_period
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.cell_sources import CellSource, Giver
from tenproj_xl.model.decisions import Decision
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import Reported
from tenproj_xl.model.lead_words import LeadVerdict
from tenproj_xl.model.plan_changes import PlanChange, PlanDifference
from tenproj_xl.model.plan_identity import PlanTable
from tenproj_xl.model.published import LAST_DECISION, Published, Row
from tenproj_xl.rollup.facts.given_out import file_mark
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import IssueLine
from tenproj_xl.rollup.facts.publishing import BY_OFFICE, BY_RULING, DECIDED, FROM, LAST_DAY, LAST_ROW, PARTS
from tenproj_xl.rollup.facts.reported import ReportedLine
from tenproj_xl.rollup.facts.tasks import TaskLine

_BY_OTHER_MEASURE = "报送的内容没有变，按现在的计划和设置评价不同"
_BY_OTHER_SETTINGS = "报送的内容和计划没有变，按现在的设置评价不同"
_ANY = "报送的内容、办公室的决定或计划、设置有变"
"""Stands where an earlier version kept too little of what it told."""
_FIELDS: Mapping[type[ReportedLine], Mapping[str, str]] = {
    IndicatorLine: {"value": "最新数值", "data_period": "数据所属期", "nature": "数据性质"},
    TaskLine: {"status": "当前状态", "milestone_done": "节点完成情况", "invest_done": "累计完成投资"},
    IssueLine: {"status": "当前状态", "suggested_level": "建议层级", "original_due": "原定时限"},
}
"""What units report of a line and it is judged by."""
_SHOWN = ("value", "data_period")
"""Fields that 更正内容 shows as they were and are."""
_UNJUDGED = frozenset(
    (
        "名称",
        "编号",
        "所属领域",
        "牵头单位",
        "数据报送单位",
        "责任单位",
        "责任人",
        "承办科室",
        "核心",
        "小数位",
    )
)
"""Columns of the plan that change no judgement."""


@dataclass(frozen=True, kw_only=True)
class Retold:
    """A row that is told otherwise: as the paper told it, as it is now, and the line that it is now."""

    told: Published
    before: Row
    now: Row
    line: ReportedLine
    data: RollupInput

    @property
    def code(self) -> str:
        """The code of the row; "" of another kind of line."""
        match self.line:
            case IndicatorLine():
                return self.line.indicator.code
            case TaskLine():
                return self.line.task.code
            case IssueLine():
                return self.line.code
        return ""

    @property
    def files(self) -> list[str]:
        """The marks of the files that it came from; none where that was not kept."""
        return str(self.before.get(FROM) or "").split()

    @property
    def is_kept(self) -> bool:
        """Whether the version that made the paper kept all that the row was judged by."""
        return FROM in self.before

    def has_changed(self, field: str) -> bool:
        """Return whether a field is another; one that was not kept is none."""
        return field in self.before and self.before[field] != self.now.get(field)


def reason_of(row: Retold) -> str:
    """Return why a row is told otherwise."""
    reasons = [*_reported(row)]
    if isinstance(row.line, IssueLine):
        reasons += _decided(row, row.line)
    reasons += _planned(row)
    if not reasons:
        reasons += _moved_on(row)
    return "；".join(dict.fromkeys(reasons)) or _measured(row)


def reason_of_gone_issue(code: str, told: Published, before: Row, data: RollupInput) -> str:
    """Return why an issue is told no more: it was closed before the period, or what registered it is gone."""
    decided = [one.spoken for one in _decided_since(data.known.decisions_on(code), told, before)]
    withdrawn = _withdrawn(str(before.get(FROM) or "").split(), data)
    return "；".join(decided) or withdrawn or "现在的台账里没有这一项"


# --- what was reported


def _reported(row: Retold) -> Iterator[str]:
    """Yield who has given the values that are others now, each with the fields."""
    found: dict[str, list[str]] = {}
    for field, label in _FIELDS[type(row.line)].items():
        if row.has_changed(field):
            found.setdefault(_giver(row, field), []).append(_told(row, field, label))
    if not found and row.has_changed("milestone") and not _plan_changes(row):
        found[_giver(row, "status")] = ["节点"]
    for giver, fields in found.items():
        yield f"{giver}：{'、'.join(fields)}"


def _told(row: Retold, field: str, label: str) -> str:
    """Return what a field is called, for leaders with what it was and is, where the list does not show it."""
    if field in _SHOWN or row.data.release.is_public:
        return label
    was, now = (_spoken(one.get(field)) for one in (row.before, row.now))
    return f"{label}（{was}→{now}）"


def _spoken(value: Value) -> str:
    return text_of(label_of(value)) or "空"


def _giver(row: Retold, field: str) -> str:
    """Return who gave the value of a field that counts now, and why another one counted before."""
    source, report = _source(row.line, field), _report(row.line, field)
    if source and source.giver is not Giver.UNIT:
        return _of_office(source, row.data)
    lost = _withdrawn(row.files, row.data) or _returned_by_lead(row) or _refused(row.files, row.data)
    if report is None or source is None:
        return lost or "原来报的不再计入"
    reported = _of_unit(source, row.data)
    if lost:
        return f"{lost}，改按{reported}"
    if adopted := row.data.adopted.get((report.sha256, report.code, report.period.code)):
        return _with_basis(f"{report.office}核实后采用", adopted, row.data)
    return _counting(row, field, report, reported)


def _counting(row: Retold, field: str, report: Reported, reported: str) -> str:
    """Return who reported a value that the paper did not tell, and why not, where it was there already."""
    if file_mark(report.sha256) in row.files:
        for kind, word in ((BY_OFFICE, "办公室此前代录的不再采用"), (BY_RULING, "办公室此前的裁定不再有效")):
            if field in str(row.before.get(kind) or "").split():
                return f"{word}，改按{reported}"
        return reported
    last = row.told.numbers.get(LAST_ROW)
    if not row.is_kept or last is None or report.seq > last or field in report.elsewhere:
        return reported
    if row.before.get(field) in (None, ""):
        return f"{reported}，印发后计入"
    return f"原来报的不再计入，改按{reported}"


def _returned_by_lead(row: Retold) -> str:
    """Return that a lead unit has returned what the paper told, and why; "" where none has."""
    for checked in row.data.checked:
        word, report = checked.word, checked.row
        is_returned = word is not None and word.verdict is LeadVerdict.RETURNED
        is_told = file_mark(report.sha256) in row.files and indicator_of_row(report.code) == row.code
        if word and is_returned and is_told:
            return _with_basis("牵头单位退回了原来报的", word.why, row.data)
    return ""


def _of_office(source: CellSource, data: RollupInput) -> str:
    if source.giver is Giver.OFFICE:
        return "由办公室代录" if data.release.is_public else source.file
    if data.release.is_public:
        return "经办公室裁定"
    return _with_basis(source.note, source.basis, data)


def _with_basis(said: str, basis: str, data: RollupInput) -> str:
    """Return what the office did, for leaders with its reason as it was typed."""
    if not basis or data.release.is_public:
        return said
    return f"{said}（{basis}）"


def _of_unit(source: CellSource, data: RollupInput) -> str:
    unit = "报送单位"
    if source.unit and not data.release.is_public:
        unit = data.units(source.unit)
    return f"{unit}{data.clock(source.at)[:10]}报来"


def _withdrawn(files: Iterable[str], data: RollupInput) -> str:
    for file in files:
        if withdrawal := data.since.withdrawn.get(file):
            return _with_basis("原来报的文件已撤回", withdrawal.why, data)
    return ""


def _refused(files: Iterable[str], data: RollupInput) -> str:
    for file in files:
        if file in data.since.refused:
            return _with_basis("办公室决定不采用原来报的数", data.since.refused[file], data)
    return ""


def _report(line: ReportedLine, field: str) -> Reported | None:
    """Return the report that a field of a line comes from, None where nothing was reported."""
    if isinstance(line, IndicatorLine):
        return line.figure.row if line.figure else None
    if isinstance(line, TaskLine):
        if field == "invest_done" and line.invested:
            return line.invested
        return line.status_row
    if isinstance(line, IssueLine):
        return line.history.rows[0] if field == "original_due" else line.row
    return None


def _source(line: ReportedLine, field: str) -> CellSource | None:
    """Return where a field of a line was given, None where nothing was reported."""
    report = _report(line, field)
    if report is None:
        return None
    return _source_of(report, "due_on" if field == "original_due" else field)


def _source_of(report: Reported, field: str) -> CellSource:
    source = report.source(field)
    return replace(source, unit=source.unit or report.unit)


# --- what was decided


def _decided(row: Retold, line: IssueLine) -> Iterator[str]:
    """Yield the decisions about an issue that the paper did not know of, or that it alone knew of."""
    decisions = line.history.decisions
    for decision in _decided_since(decisions, row.told, row.before):
        yield decision.spoken
    last = row.before.get(DECIDED)
    if last and not any(decision.seq == last for decision in decisions):
        yield "此前的审核决定已撤回或更正"


def _decided_since(decisions: Iterable[Decision], told: Published, before: Row) -> Iterator[Decision]:
    """Yield the decisions about an issue that a paper did not know of and that change what it tells."""
    last = before.get(DECIDED, told.numbers.get(LAST_DECISION))
    for decision in decisions:
        decided = decision.verdict or decision.level or decision.until or decision.coordination
        if isinstance(last, float) and decision.seq > last and decided:
            yield decision


# --- what was planned


def _plan_changes(row: Retold) -> list[PlanDifference]:
    """Return what differs of a row in the plan that the paper was made by, and changes how it is judged."""
    corrects = row.data.corrects
    if corrects is None:
        return []
    found = []
    for change in row.data.since.plan_changes.get(corrects.plan, ()):
        if _is_about(change, row.line) and change.column not in _UNJUDGED:
            found.append(change)
    return found


def _is_about(change: PlanDifference, line: ReportedLine) -> bool:
    if isinstance(line, IndicatorLine):
        own, force = (PlanTable.INDICATORS, line.indicator.code), line.task_force.code
    elif isinstance(line, TaskLine):
        own, force = (PlanTable.TASKS, line.task.code), line.task_force.code
    else:
        return False
    if change.change in (PlanChange.ADDED, PlanChange.RENAMED, PlanChange.RENUMBERED):
        return False
    is_of_force = change.table is PlanTable.TASK_FORCES and change.code == force
    return (change.table, change.code) == own or (is_of_force and change.column == "是否涉及")


def _planned(row: Retold) -> Iterator[str]:
    """Yield what the plan has otherwise, and why; what is known to differ without it, in general."""
    changes = _plan_changes(row)
    is_public = row.data.release.is_public
    verb = "工作计划更正" if row.data.since.plan_reason else "工作计划调整"
    if changes:
        said = [_column(change, is_public=is_public) for change in changes]
        yield f"{_with_basis(verb, row.data.since.plan_reason, row.data)}：{'、'.join(said)}"
        return
    if row.has_changed("target"):
        yield "计划里的目标改了"
    if isinstance(row.line, TaskLine) and row.has_changed("deadline"):
        yield "计划里的时限改了"


def _column(change: PlanDifference, *, is_public: bool) -> str:
    if is_public:
        return change.column
    said = f"{change.column}（{change.before or '空'}→{change.after or '空'}）"
    if change.basis:
        said += f"，依据：{change.basis}"
    return said


# --- what follows from the rest


def _moved_on(row: Retold) -> Iterator[str]:
    """Yield who reported on an issue since, else how far the time that a row is judged by has moved on."""
    report = _report(row.line, "status")
    is_kept_issue = isinstance(row.line, IssueLine) and row.is_kept
    if is_kept_issue and report and file_mark(report.sha256) not in row.files:
        yield f"{_of_unit(_source_of(report, 'status'), row.data)}：进展、提请或申请"
        return
    due = read_period(str(row.now.get("due") or ""))
    if isinstance(row.line, IndicatorLine):
        if row.has_changed("due") and due is not None:
            yield f"应报的数已到{due.dated_label}"
        return
    before, now = row.told.numbers.get(LAST_DAY), row.data.day
    if before is not None and before != now.toordinal():
        yield f"评价到{now}（印发时评价到{date.fromordinal(int(before))}）"


def _measured(row: Retold) -> str:
    """Return by what a row is judged otherwise whose content has not changed, as far as that is known."""
    corrects = row.data.corrects
    if not row.is_kept:
        report = _report(row.line, "status")
        if corrects and report and report.received_at > corrects.published_at:
            return f"{_of_unit(_source_of(report, 'status'), row.data)}，报送的内容有变"
        return _ANY
    if corrects and corrects.plan == row.data.plan_snapshot:
        return _BY_OTHER_SETTINGS
    return _BY_OTHER_MEASURE


def reason_of_rank(before: Row, now: Row) -> str:
    """Return why a task force has another rank or score."""
    if not before or not now or PARTS not in before:
        return "得分项有变动"
    was, is_now = (str(row.get(PARTS) or "").split() for row in (before, now))
    changed = [duty.label for duty, one, other in zip_longest(Duty, was, is_now) if duty and one != other]
    if changed:
        return f"本专班{'、'.join(changed)}的得分项有变动"
    if before.get("score") == now.get("score"):
        return "本专班得分没有变，其他专班的得分有变动"
    return "得分项没有变，按现在的设置计分不同"
