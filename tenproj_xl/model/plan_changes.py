"""What differs between two versions of the plan, in words for the office and for leaders."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.core.words import Words
from tenproj_xl.model.people import by_office
from tenproj_xl.model.plan import Indicator, Plan, Target, Task, TaskForce, Unit
from tenproj_xl.model.plan_identity import PlanTable, Row, codes_after, renamed_units, rows_of
from tenproj_xl.model.plan_items import LEVEL_ITEMS, PROGRAMME_ITEMS
from tenproj_xl.model.plan_people import Person, Role
from tenproj_xl.model.plan_targets import started


class PlanChange(LabelledCode):
    """What has become of a row of the plan; the order is that in which changes are told."""

    ADDED = "added", "新增"
    WITHDRAWN = "withdrawn", "撤出"
    RENUMBERED = "renumbered", "改编号"
    RENAMED = "renamed", "改名"
    TARGET = "target", "目标调整"
    SCOPE = "scope", "口径调整"
    MILESTONE = "milestone", "节点调整"
    CHANGED = "changed", "修改"


@dataclass(frozen=True, kw_only=True)
class PlanDifference:
    """One difference: `code` and `name` of the row as it is now, and what stood and stands in one column.

    `basis` is 批准依据, `effective` 生效期, where the plan says them.
    """

    change: PlanChange
    table: PlanTable
    code: str
    name: str
    column: str = ""
    before: str = ""
    after: str = ""
    basis: str = ""
    effective: Period | None = None

    @property
    def text(self) -> str:
        """The difference in words: `Z03-04“技术交易总额”2026年目标：40亿元以上 → 38亿元以上（依据…）`."""
        whose = f"{self.code}“{self.name}”"
        if self.code == self.name:
            whose = f"“{self.name}”"
        if not self.column:
            return f"{self.table.label}：{self.change.label}{whose}"
        said = f"{whose}{self.column}：{self.before or '空'} → {self.after or '空'}"
        if self.basis:
            said += f"（依据：{self.basis}）"
        return said


# --- what a difference is about

_SECTION = "承办科室"
_WHOM_FORMS_GO_TO = (Role.LIAISON.label, _SECTION)
_Columns = Mapping[str, tuple[PlanChange, str]]
"""The columns that are compared, by field: what a difference there is, and the header."""


@dataclass(frozen=True)
class _Subject:
    """A row of the plan that may have changed."""

    table: PlanTable
    code: str
    name: str

    def changed(
        self,
        change: PlanChange,
        column: str = "",
        before: str = "",
        after: str = "",
        *,
        basis: str = "",
        effective: Period | None = None,
    ) -> PlanDifference:
        """Return the difference that tells a change of the row."""
        return PlanDifference(
            change=change,
            table=self.table,
            code=self.code,
            name=self.name,
            column=column,
            before=before,
            after=after,
            basis=basis,
            effective=effective,
        )

    def compared(self, was: object, now: object, columns: _Columns) -> Iterator[PlanDifference]:
        """Yield the differences between two states of the row; a field that neither has tells of none."""
        for field, (change, header) in columns.items():
            stood, stands = _written(getattr(was, field, None)), _written(getattr(now, field, None))
            if stood != stands:
                yield self.changed(change, header, stood, stands)


_PROGRAMME = _Subject(PlanTable.PROGRAMME, PlanTable.PROGRAMME.label, PlanTable.PROGRAMME.label)


def _subject(row: Row | TaskForce | Unit) -> _Subject:
    match row:
        case Indicator():
            return _Subject(PlanTable.INDICATORS, row.code, row.name)
        case Task():
            return _Subject(PlanTable.TASKS, row.code, row.name)
        case TaskForce():
            return _Subject(PlanTable.TASK_FORCES, row.code, row.name)
        case Unit():
            return _Subject(PlanTable.UNITS, row.name, row.name)


# --- all differences


def differences(before: Plan, after: Plan) -> tuple[PlanDifference, ...]:
    """Return what differs between two versions of the plan, in the order of `PlanChange`."""
    found = [
        *_of_task_forces(before, after),
        *_PROGRAMME.compared(before.programme, after.programme, {"office": (PlanChange.RENAMED, "办公室")}),
        *_of_words(before.programme.words, after.programme.words),
        *_of_people(before, after, None),
        *_of_units(before, after),
        *_of_rows(before, after),
    ]
    order = list(PlanChange)
    return tuple(sorted(found, key=lambda difference: order.index(difference.change)))


def of_contents(found: Iterable[PlanDifference]) -> tuple[PlanDifference, ...]:
    """Return the differences but for 联络员 and 科室, which change nothing that is reported or evaluated."""
    return tuple(difference for difference in found if difference.column not in _WHOM_FORMS_GO_TO)


def _of_words(before: Words, after: Words) -> Iterator[PlanDifference]:
    """Yield what ranks and levels are called otherwise."""
    yield from _PROGRAMME.compared(before, after, {"rank": (PlanChange.RENAMED, PROGRAMME_ITEMS["rank"])})
    for was, now in zip(before.levels, after.levels, strict=True):
        if was.label != now.label:
            yield _PROGRAMME.changed(PlanChange.RENAMED, LEVEL_ITEMS[now], was.label, now.label)


def _of_rows(before: Plan, after: Plan) -> Iterator[PlanDifference]:
    old, new = rows_of(before), rows_of(after)
    codes = codes_after(before, after)
    origins = {code: former for former, code in codes.items() if code is not None}
    for code, row in new.items():
        if code not in origins:
            yield _subject(row).changed(PlanChange.ADDED)
            continue
        was = old[origins[code]]
        if was.code != code:
            yield _subject(row).changed(PlanChange.RENUMBERED, "编号", was.code, code)
        yield from _subject(row).compared(was, row, _COLUMNS)
        if isinstance(was, Indicator) and isinstance(row, Indicator):
            yield from _of_targets(was, row)
        if isinstance(was, Task) and isinstance(row, Task):
            yield from _of_milestones(was, row)
    for code, row in old.items():
        if codes[code] is None:
            yield _subject(row).changed(PlanChange.WITHDRAWN)


_COLUMNS: _Columns = {
    "name": (PlanChange.RENAMED, "名称"),
    "series_starts": (PlanChange.SCOPE, "口径调整期"),
    "unit": (PlanChange.SCOPE, "计量单位"),
    "basis": (PlanChange.SCOPE, "统计口径"),
    "task_force": (PlanChange.CHANGED, "专班编号"),
    "area": (PlanChange.CHANGED, "所属领域"),
    "measure": (PlanChange.CHANGED, "类型"),
    "direction": (PlanChange.CHANGED, "方向"),
    "lead_unit": (PlanChange.CHANGED, "牵头单位"),
    "reporting_unit": (PlanChange.CHANGED, "数据报送单位"),
    "responsible": (PlanChange.CHANGED, "责任单位"),
    "frequency": (PlanChange.CHANGED, "更新频次"),
    "lag_days": (PlanChange.CHANGED, "发布时滞"),
    "curve": (PlanChange.CHANGED, "进度曲线"),
    "starts": (PlanChange.CHANGED, "起算日期"),
    "baseline": (PlanChange.CHANGED, "基期值"),
    "baseline_on": (PlanChange.CHANGED, "基期日期"),
    "disclosure": (PlanChange.CHANGED, "公开"),
    "low": (PlanChange.CHANGED, "下限"),
    "high": (PlanChange.CHANGED, "上限"),
    "places": (PlanChange.CHANGED, "小数位"),
    "is_core": (PlanChange.CHANGED, "核心"),
    "annual_goal": (PlanChange.CHANGED, "年度目标"),
    "person": (PlanChange.CHANGED, "责任人"),
    "invest_plan": (PlanChange.CHANGED, "年度计划投资"),
    "due_on": (PlanChange.CHANGED, "完成时限"),
    "section": (PlanChange.CHANGED, _SECTION),
}
"""The columns of indicators and tasks that are compared, by field."""


def _written(value: object) -> str:
    """Return a value of the plan as people write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, date):
        return value.isoformat()
    return str(label_of(value) if isinstance(value, str) else value)


def _of_targets(was: Indicator, row: Indicator) -> Iterator[PlanDifference]:
    old, new = _last_by_period(was.targets), _last_by_period(row.targets)
    for period in sorted(old.keys() | new.keys()):
        before, after = old.get(period), new.get(period)
        if _target_text(before, was) == _target_text(after, row):
            continue
        column = f"{period.label}目标"
        basis, effective = "", None
        if after:
            basis, effective = after.basis, after.effective
        yield _subject(row).changed(
            PlanChange.TARGET,
            column,
            _target_text(before, was),
            _target_text(after, row),
            basis=basis,
            effective=effective,
        )


def _last_by_period(targets: Iterable[Target]) -> dict[Period, Target]:
    """Return the newest of the targets for each period."""
    last: dict[Period, Target] = {}
    for target in targets:
        known = last.get(target.period)
        if known is None or started(target) >= started(known):
            last[target.period] = target
    return last


def _target_text(target: Target | None, indicator: Indicator) -> str:
    if target is None:
        return ""
    note = "" if target.judges else "（推算）"
    return f"{target.spoken_with(indicator.unit)}{note}"


def _of_milestones(was: Task, row: Task) -> Iterator[PlanDifference]:
    old = {m.number: m for m in was.milestones}
    new = {m.number: m for m in row.milestones}
    for number in sorted(old.keys() | new.keys()):
        texts = []
        for milestone in (old.get(number), new.get(number)):
            texts.append(f"{milestone.name}（{milestone.due_on:%Y-%m-%d}）" if milestone else "")
        if texts[0] != texts[1]:
            yield _subject(row).changed(PlanChange.MILESTONE, f"节点{number}", texts[0], texts[1])


def _of_task_forces(before: Plan, after: Plan) -> Iterator[PlanDifference]:
    old, new = {t.code: t for t in before.task_forces}, {t.code: t for t in after.task_forces}
    for code, force in new.items():
        if code not in old:
            yield _subject(force).changed(PlanChange.ADDED)
        else:
            yield from _subject(force).compared(old[code], force, _FORCE_COLUMNS)
            yield from _of_people(before, after, force)
    for code, force in old.items():
        if code not in new:
            yield _subject(force).changed(PlanChange.WITHDRAWN)


_FORCE_COLUMNS: _Columns = {
    "name": (PlanChange.RENAMED, "专班名称"),
    "involved": (PlanChange.CHANGED, "是否涉及"),
    "lead": (PlanChange.CHANGED, "牵头单位"),
    "responsible": (PlanChange.CHANGED, "责任单位"),
    "ends": (PlanChange.WITHDRAWN, "撤并期"),
    "successor": (PlanChange.WITHDRAWN, "承继专班"),
    "section": (PlanChange.CHANGED, _SECTION),
}


def _of_people(before: Plan, after: Plan, force: TaskForce | None) -> Iterator[PlanDifference]:
    """Yield who is replaced in the offices of a task force, or of the whole programme."""
    code, subject = "", _PROGRAMME
    if force:
        code, subject = force.code, _subject(force)
    for role in (Role.CHIEF_CONVENER, Role.CONVENER, Role.LIAISON):
        was, now = _held(before, code, role), _held(after, code, role)
        if was != now:
            yield subject.changed(PlanChange.CHANGED, role.label, was, now)


def _held(plan: Plan, task_force: str, role: Role) -> str:
    """Return who holds an office, by 人员 or else 专班 and 方案: `张三（2026-11-29止）、李四`."""
    people = by_office(plan).get((task_force, role))
    if people:
        return "、".join(map(_in_office, people))
    if role is Role.CHIEF_CONVENER and not task_force:
        return plan.programme.convener
    if role is Role.CONVENER and task_force:
        return "、".join(plan.task_force(task_force).conveners)
    return ""


def _in_office(person: Person) -> str:
    days = []
    if person.starts:
        days.append(f"{person.starts}起")
    if person.ends:
        days.append(f"{person.ends}止")
    if days:
        return f"{person.name}（{'，'.join(days)}）"
    return person.name


_UNIT_COLUMNS: _Columns = {
    "current_name": (PlanChange.RENAMED, "现用名"),
    "short": (PlanChange.CHANGED, "简称"),
    "starts": (PlanChange.CHANGED, "起始日期"),
    "ends": (PlanChange.CHANGED, "终止日期"),
    "successor": (PlanChange.CHANGED, "承继单位"),
}


def _of_units(before: Plan, after: Plan) -> Iterator[PlanDifference]:
    renamed = renamed_units(before, after)
    old, new = {u.name: u for u in before.units}, {u.name: u for u in after.units}
    origins = {now: was for was, now in renamed.items()}
    for name, unit in new.items():
        was = old.get(origins.get(name, name))
        if was is None:
            yield _subject(unit).changed(PlanChange.ADDED)
            continue
        if was.name != name:
            yield _subject(unit).changed(PlanChange.RENAMED, "文件用名", was.name, name)
        yield from _subject(unit).compared(was, unit, _UNIT_COLUMNS)
    for name, unit in old.items():
        if name not in new and name not in renamed:
            yield _subject(unit).changed(PlanChange.WITHDRAWN)
