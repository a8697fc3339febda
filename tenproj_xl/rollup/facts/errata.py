"""What differs between a paper that was given out and what would be given out now: was, is, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tenproj_xl.core.codes import LabelledCode, label_of
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.published import Published, Row
from tenproj_xl.rollup.facts.errata_reasons import Retold, reason_of, reason_of_gone_issue, reason_of_rank
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import SIGNED_OFF, IssueLine
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.publishing import WAITED, published, read_by_all
from tenproj_xl.rollup.facts.reported import ReportedLine
from tenproj_xl.rollup.facts.tasks import TaskLine

NOT_LISTED = "（没有列）"
"""Stands for what one of two papers does not have."""
_SUM = "由表中各项变动而来"
_HEADLINE = {
    "counted": "应评指标",
    "on_track": "达序时",
    "slow": "略滞后",
    "lagging": "滞后",
    "met": "达标",
    "missed": "未达标",
    "pending": "待核定",
    "missing": "未报",
    "stale": "数据过旧",
    "tasks_overdue": "任务逾期",
    "issues_open": "问题在办",
    "issues_overdue": "问题逾期",
    "asks": "提请协调",
    "owed": "应报",
    "returned": "已报",
}
"""The numbers of page one that call for a correction, by name."""
_OF_RETURNS = {"owed": "应报的专班有变动，见“报送情况”", "returned": "收到或撤回了报送，见“报送情况”"}
_NAMED = 3


class Shift(LabelledCode):
    """What has changed, the gravest first; all but the last call for a correction."""

    VERDICT = "verdict", "评价"
    RANK = "rank", "名次"
    HEADLINE = "headline", "首页数字"
    FIGURE = "figure", "数据和内容"


class Matter(LabelledCode):
    """What it is about."""

    INDICATOR = "indicators", "指标"
    TASK = "tasks", "任务"
    ISSUE = "issues", "问题"
    LEAGUE = "league", "晾晒排名"
    PRAISE = "praise", "亮点做法"
    NUMBERS = "numbers", "首页"


_COUNTED = {
    "tasks_overdue": Matter.TASK,
    "issues_open": Matter.ISSUE,
    "issues_overdue": Matter.ISSUE,
}
"""What the numbers count that do not count indicators."""
_SHEETS = {Matter.INDICATOR: "主要指标", Matter.TASK: "重点任务", Matter.ISSUE: "问题销号"}
_KEPT_BESIDE = {
    "stale": (Matter.INDICATOR, "的数据新旧有变动"),
    "asks": (Matter.ISSUE, "的提请事项或办理情况有变动"),
}
"""Numbers that count what the list shows in no column: of which rows, and what differs in them."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One difference: `was` in the paper, `now` is; `source` is where the new content was typed."""

    shift: Shift
    subject: Matter
    code: str
    name: str
    was: str
    now: str
    why: str
    source: str

    @property
    def code_for_people(self) -> str:
        """The code of a row; "" of a number of page one."""
        if self.subject is Matter.NUMBERS:
            return ""
        return self.code

    @property
    def calls_for_correction(self) -> bool:
        """Whether a verdict, a rank or a headline number has changed."""
        return self.shift is not Shift.FIGURE


def differences(told: Published, facts: Facts) -> tuple[Difference, ...]:
    """Return the differences between what a paper told and the facts for its readers, the gravest first.

    A sheet or number that the version which made the paper did not know of tells of no difference.
    """
    told = told.in_words(facts.data.plan.programme.words)
    found: list[Difference] = []
    for subject, before, now, lines in _compared(told, facts):
        for code in sorted(before.keys() | now.keys()):
            was, is_now, line = before.get(code), now.get(code), lines.get(code)
            difference = _of_row(subject, code, was, is_now)
            if difference is None:
                continue
            if subject is Matter.LEAGUE:
                why = reason_of_rank(was or {}, is_now or {})
            elif subject is Matter.ISSUE and is_now is None:
                why = reason_of_gone_issue(code, told, was or {}, facts.data)
            else:
                why = _why(told, was or {}, is_now or {}, line, facts.data)
            found.append(replace(difference, why=why, source=_source(line, facts)))
    if not facts.data.release.is_public:
        found += _of_numbers(told, facts, found)
    order, subjects = list(Shift), list(Matter)
    found.sort(key=lambda d: (order.index(d.shift), subjects.index(d.subject), d.code))
    return tuple(found)


_Rows = Mapping[str, Row]


def _compared(
    told: Published, facts: Facts
) -> Iterator[tuple[Matter, _Rows, _Rows, Mapping[str, ReportedLine]]]:
    """Yield what a paper told of each kind of rows, what it would tell now, and the lines of now."""
    current = published(facts, told.sequence).rows
    lines: dict[Matter, Mapping[str, ReportedLine]] = {
        Matter.INDICATOR: {line.indicator.code: line for line in facts.indicators},
        Matter.TASK: {line.task.code: line for line in facts.tasks},
        Matter.ISSUE: {line.code: line for line in facts.issues},
    }
    for subject in _shown(facts):
        if subject.value not in told.rows:
            continue
        of_kind = lines.get(subject, {})
        before, now = _told_of(told.rows, subject, of_kind, facts), _told_of(current, subject, of_kind, facts)
        yield subject, before, now, of_kind


def _shown(facts: Facts) -> tuple[Matter, ...]:
    """Return the kinds of rows that the readers of the release may see."""
    if facts.data.release.is_public:
        return (Matter.INDICATOR, Matter.TASK, Matter.LEAGUE)
    return (Matter.INDICATOR, Matter.TASK, Matter.ISSUE, Matter.LEAGUE)


def _told_of(
    rows: Mapping[str, _Rows], subject: Matter, lines: Mapping[str, ReportedLine], facts: Facts
) -> _Rows:
    """Return the rows of a kind that the readers may see, without issues that were signed off before."""
    hidden = {i.code for i in facts.data.plan.indicators if not facts.data.may_show(i)}
    told = {}
    for code, row in rows.get(subject.value, {}).items():
        long_closed = row.get("state") == SIGNED_OFF and code not in lines
        if code not in hidden and not long_closed:
            told[code] = read_by_all(row) if facts.data.release.is_public else row
    return told


def _of_row(subject: Matter, code: str, before: Row | None, now: Row | None) -> Difference | None:
    was, is_now = _spoken(subject, before), _spoken(subject, now)
    if was == is_now:
        return None
    return Difference(
        shift=_shift(subject, before or {}, now or {}),
        subject=subject,
        code=code,
        name=str((now or before or {}).get("name") or ""),
        was=was,
        now=is_now,
        why="",
        source="",
    )


def _shift(subject: Matter, before: Row, now: Row) -> Shift:
    if subject is Matter.LEAGUE:
        if before.get("rank") != now.get("rank"):
            return Shift.RANK
        return Shift.FIGURE
    if before.get("state") != now.get("state") and not _is_published_since(before, now):
        return Shift.VERDICT
    return Shift.FIGURE


def _is_published_since(before: Row, now: Row) -> bool:
    """Return whether a figure was not published when the paper was given out, and is now: no fault.

    What all may read now has another data period then; of the facts for all, a figure that waits is no part.
    """
    is_another = before.get("data_period") != now.get("data_period")
    return bool(before.get(WAITED)) and not now.get(WAITED) and is_another


def _spoken(subject: Matter, row: Row | None) -> str:
    """Return what a paper tells of a row, in words: what differs in it differs in the paper."""
    if row is None:
        return NOT_LISTED
    if subject is Matter.LEAGUE:
        return _rank(row)
    parts = [str(label_of(row.get("state") or ""))]
    if row.get("value") is not None:
        parts.append(f"{text_of(row['value'])}（{_period_of(row)}）")
    if row.get("target"):
        parts.append(f"目标{row['target']}")
    if row.get("milestone"):
        parts.append(f"节点{row['milestone']}")
    if row.get("level"):
        parts.append(f"层级{label_of(row['level'])}")
    if row.get("deadline"):
        parts.append(f"时限{row['deadline']}")
    return "，".join(filter(None, parts))


def _rank(row: Row) -> str:
    if row.get("rank") is None:
        return "不排名"
    return f"第{text_of(row['rank'])}名，{text_of(row.get('score'))}分"


def _period_of(row: Row) -> str:
    code = str(row.get("data_period") or "")
    try:
        return parse_period(code).dated_label
    except ValueError:
        return code


# --- why


def _why(told: Published, before: Row, now: Row, line: ReportedLine | None, data: RollupInput) -> str:
    if not before:
        return "印发时还没有列入"
    if _is_published_since(before, now):
        return "数据已经公布"
    if line is None:
        return "现在的计划里没有这一项"
    return reason_of(Retold(told=told, before=before, now=now, line=line, data=data))


def _source(line: ReportedLine | None, facts: Facts) -> str:
    """Return where the newest content of a line was typed."""
    if isinstance(line, IndicatorLine):
        return facts.data.source_of(line.figure)
    if isinstance(line, TaskLine):
        return facts.data.source(line.status_row)
    if isinstance(line, IssueLine):
        return facts.data.source(line.row)
    return ""


def _of_numbers(told: Published, facts: Facts, found: Sequence[Difference]) -> Iterator[Difference]:
    """Yield the numbers of page one that are others now; `found` are the rows that differ."""
    for name, label in _HEADLINE.items():
        now = float(getattr(facts.headline, name))
        before = told.numbers.get(name)
        if before is not None and before != now:
            yield Difference(
                shift=Shift.HEADLINE,
                subject=Matter.NUMBERS,
                code=name,
                name=label,
                was=text_of(before),
                now=text_of(now),
                why=_why_counted(name, told, facts, found),
                source="",
            )


def _why_counted(name: str, told: Published, facts: Facts, found: Iterable[Difference]) -> str:
    """Return why a number of page one is another: the rows it counts differ in the list, or not."""
    if name in _OF_RETURNS:
        return _OF_RETURNS[name]
    if name in _KEPT_BESIDE:
        return _why_beside(name, told, facts)
    subject = _COUNTED.get(name, Matter.INDICATOR)
    if any(one.subject is subject and one.shift is not Shift.RANK for one in found):
        return _SUM
    return f"“{_SHEETS[subject]}”中的评价有变动"


def _why_beside(name: str, told: Published, facts: Facts) -> str:
    """Return which rows are counted otherwise in a number that no column of the list tells of."""
    subject, said = _KEPT_BESIDE[name]
    before, now = told.rows.get(subject.value, {}), published(facts, told.sequence).rows[subject.value]
    changed = []
    for code in sorted(before.keys() | now.keys()):
        was, is_now = before.get(code, {}), now.get(code, {})
        is_kept = not was or name in was
        if is_kept and (was.get(name) or 0.0) != (is_now.get(name) or 0.0):
            changed.append(code)
    more = f"等{len(changed)}项" if len(changed) > _NAMED else ""
    return "、".join(changed[:_NAMED]) + more + said


def change_line(found: Iterable[Difference]) -> str:
    """Return how many there are in a line: `变动5处，1处改变评价`; "" where there are none."""
    shifts = [difference.shift for difference in found]
    if not shifts:
        return ""
    parts = [f"变动{len(shifts)}处"]
    for shift in (Shift.VERDICT, Shift.RANK, Shift.HEADLINE):
        if shift in shifts:
            parts.append(f"{shifts.count(shift)}处改变{shift.label}")
    return "，".join(parts)
