"""A small plan and what was reported on it, put together by hand: the roll-up's numbers can be worked out on paper.

The period is 2026-W48, whose last day is 29 November 2026. Monthly figures with ten days' lag are due for October.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tenproj_xl.core.answers import DecisionLevel, Disclosure, IssueSource
from tenproj_xl.core.cells import Value
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Frequency, parse_period
from tenproj_xl.core.sheets import with_choices
from tenproj_xl.model.decisions import Decision, Extension, Verdict
from tenproj_xl.model.history import History, Reported
from tenproj_xl.model.lives import RecordedValue, Recording, Sources, recorded_values
from tenproj_xl.model.plan import (
    Curve,
    Direction,
    Indicator,
    Measure,
    Milestone,
    Origin,
    Plan,
    Programme,
    Target,
    Task,
    TaskForce,
    Unit,
)
from tenproj_xl.model.plan_versions import PlanInTime
from tenproj_xl.model.receipts import Party, Receipt
from tenproj_xl.model.settings_reader import default_settings
from tenproj_xl.model.statuses import Status
from tenproj_xl.rollup.facts import editions
from tenproj_xl.rollup.facts.editions import Audience, Edition, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.publishing import published  # belongs to the line above
from tenproj_xl.rollup.registry import SPECS

WEEK = parse_period("2026-W48")
ZONE = ZoneInfo("Asia/Shanghai")
TABS = {"indicators": "主要指标进度表", "tasks": "重点任务进度表", "issues": "问题销号进度表"}


def target(
    period: str, wording: str, value: float | None, origin: Origin = Origin.SOURCE, text: str = ""
) -> Target:
    return Target(
        period=parse_period(period),
        wording=wording,
        value=value,
        text=text,
        origin=origin,
        basis="",
        pending="",
        quotation="",
    )


def indicator(code: str, measure: Measure, *targets: Target, **more: Any) -> Indicator:
    facts: dict[str, Any] = {
        "name": f"指标{code}",
        "area": "",
        "unit": "亿元",
        "basis": "",
        "direction": Direction.HIGHER,
        "reporting_unit": "甲局",
        "responsible": ("甲局",),
        "frequency": Frequency.MONTH,
        "lag_days": 10,
        "curve": Curve.EVEN,
        "starts": None,
        "baseline": None,
        "baseline_on": None,
        "disclosure": Disclosure.OPEN,
        "pending": "",
        "quotation": "",
    }
    return Indicator(code=code, task_force=code[1:3], measure=measure, targets=targets, **(facts | more))


def task(code: str, *milestones: tuple[str, date], **more: Any) -> Task:
    facts: dict[str, Any] = {
        "name": f"任务{code}",
        "annual_goal": "",
        "lead_unit": "甲局",
        "responsible": (),
        "reporting_unit": "甲局",
        "person": "",
        "invest_plan": None,
        "due_on": None,
        "pending": "",
        "quotation": "",
    }
    steps = tuple(Milestone(n, name, day, Origin.SOURCE) for n, (name, day) in enumerate(milestones, 1))
    return Task(code=code, task_force=code[1:3], milestones=steps, **(facts | more))


def task_force(code: str, name: str, lead: str, *, involved: bool = True) -> TaskForce:
    return TaskForce(
        code=code,
        name=name,
        involved=involved,
        conveners=(),
        lead=lead,
        responsible=(),
        responsible_note="",
        aim="",
    )


def unit(name: str) -> Unit:
    return Unit(name=name, current_name="", short="", starts=None, ends=None, successor="")


def plan(indicators: tuple[Indicator, ...] = (), tasks: tuple[Task, ...] = ()) -> Plan:
    programme = Programme(
        code="X",
        region="某区",
        name="“两项工程”",
        document="某区方案",
        document_no="某政〔2023〕1号",
        first_year=2023,
        last_year=2027,
        convener="某人",
        office="某办",
        contact="",
    )
    forces = (
        task_force("01", "甲工程", "甲局"),
        task_force("02", "乙工程", "乙局"),
        task_force("03", "丙工程", "乙局", involved=False),
    )
    units = (unit("甲局"), unit("乙局"))
    return Plan(programme=programme, task_forces=forces, units=units, indicators=indicators, tasks=tasks)


def row(
    sheet: str, code: str, values: Mapping[str, Value], period: str = "2026-W48", seq: int = 1
) -> Reported:
    week = parse_period(period)
    force = code[1:3]
    cells = {field: f"{'KLMNOPQRSTUVWXYZ'[n % 16]}8" for n, field in enumerate(values)}
    typed = {field: str(value) for field, value in values.items()}
    values = with_choices(sheet, values)
    received = datetime.combine(week.first, datetime.min.time(), ZONE).replace(hour=9)
    return Reported(
        sheet=sheet,
        code=code,
        task_force=force,
        period=week,
        values=values,
        typed=typed,
        cells=cells,
        file=f"{force}填报表.xlsx",
        sha256="a" * 64,
        tab=TABS[sheet],
        received_at=received,
        seq=seq,
    )


def figure(
    code: str, value: float | str, data_period: str, nature: str = "部门统计", **more: Any
) -> Reported:
    period = more.pop("period", "2026-W48")
    return row(
        "indicators", code, {"value": value, "data_period": data_period, "nature": nature, **more}, period
    )


def issue(code: str, period: str = "2026-W48", **values: Value) -> Reported:
    known: dict[str, Value] = {
        "description": f"问题{code}",
        "raised_on": date(2026, 11, 1),
        "due_on": date(2027, 3, 1),
        "unit": "甲局",
        "status": "整改中",
    }
    return row("issues", code, known | values, period)


def receipt(
    force: str,
    status: Status = Status.ACCEPTED,
    day: int = 26,
    findings: tuple[Finding, ...] = (),
    **more: Any,
) -> Receipt:
    facts: dict[str, Any] = {
        "file": f"{force}填报表.xlsx",
        "sha256": f"{day:064d}",
        "period": WEEK.code,
        "sender": "甲局",
        "late": False,
        "nil": False,
        "cover": {"unit": "甲局", "filler": "张三"},
        "seq": day,
        "party": Party(force, (force,), "甲局"),
    }
    received = datetime(2026, 11, day, 16, 20, tzinfo=ZONE)
    return Receipt(status=status, received_at=received, findings=findings, **(facts | more))


def rollup_input(
    *rows: Reported,
    indicators: tuple[Indicator, ...] = (),
    tasks: tuple[Task, ...] = (),
    receipts: tuple[Receipt, ...] = (),
    decisions: tuple[Decision, ...] = (),
) -> RollupInput:
    known = History(rows, decisions)
    return RollupInput(
        plan=plan(indicators, tasks),
        settings=default_settings(),
        period=WEEK,
        known=known,
        receipts=receipts,
        version_line="计划快照 1234",
        lives=lives(rows, plan(indicators, tasks)),
    )


def lives(rows: Sequence[Reported], written: Plan) -> tuple[RecordedValue, ...]:
    """The figures of rows, each recorded when it was received."""
    numbered = [replace(r, seq=n) for n, r in enumerate(rows, 1) if r.sheet == "indicators"]
    recordings = [Recording(row=r, batch=r.seq, at=r.received_at) for r in numbered]
    plans = PlanInTime(versions=(), written=written)
    sources = Sources(receipts=(), withdrawals={}, decisions=(), papers=(), plans=plans)
    return tuple(recorded_values(recordings, sources, only_main=True))


def decision(issue: str, on: date, period: str = "2026-W48", **decided: Any) -> Decision:
    if "level" in decided:
        decided["level"] = DecisionLevel.stored(decided["level"])
    return Decision(issue=issue, on=on, by="王主任", upon=parse_period(period), **decided)


ANNUAL = indicator("Z01-01", Measure.ANNUAL, target("2026", "以上", 100.0))
AT_MOST = indicator(
    "Z01-02",
    Measure.RATIO,
    target("2026", "以内", 10.0),
    frequency=Frequency.QUARTER,
    direction=Direction.LOWER,
    baseline=20.0,
    baseline_on=date(2025, 12, 31),
)
ABOUT = indicator("Z01-03", Measure.ANNUAL_IN_YEAR, target("2025", "左右", 50.0), curve=Curve.YEAR_END)
STRICT = indicator(
    "Z01-04", Measure.ANNUAL_IN_YEAR, target("2025", "超过", 860.0), target("2027", "突破", 950.0)
)
STOCK = indicator(
    "Z02-01",
    Measure.STOCK,
    target("2025", "以上", 900.0),
    target("2027", "以上", 1000.0),
    frequency=Frequency.YEAR,
    lag_days=90,
    reporting_unit="乙局",
)
CUMULATIVE = indicator(
    "Z02-02",
    Measure.CUMULATIVE,
    target("2025", "以上", 110.0),
    target("2027", "以上", 200.0),
    starts=date(2023, 1, 1),
)
GROWTH = indicator("Z02-03", Measure.GROWTH, target("2026", "以上", 15.0), unit="%")
DERIVED = indicator("Z02-04", Measure.ANNUAL, target("2026", "以上", 40.0, Origin.DERIVED))
WORDS = indicator("Z02-05", Measure.QUALITATIVE, target("2026", "保持", None, text="保持稳定"))
ASIDE = indicator("Z03-01", Measure.ANNUAL, target("2026", "以上", 10.0))
INDICATORS = (ANNUAL, AT_MOST, ABOUT, STRICT, STOCK, CUMULATIVE, GROWTH, DERIVED, WORDS, ASIDE)
TASKS = (
    task("R01-01", ("开工", date(2026, 11, 20)), ("竣工", date(2026, 12, 5)), due_on=date(2026, 12, 31)),
    task("R01-02", due_on=date(2026, 12, 10)),
    task("R02-01", invest_plan=10.0),
    task("R02-02", due_on=date(2026, 6, 30)),
    task("R03-01", due_on=date(2026, 6, 30)),
)


def week_of(*rows: Reported) -> RollupInput:
    """Return the week in which these rows were reported, all others not."""
    return rollup_input(*rows, indicators=INDICATORS, tasks=TASKS)


def ordinary_week() -> RollupInput:
    """Returns of both task forces, one late, a refused file, issues of every kind, an old figure and a carried one."""
    rows = (
        figure("Z01-01", 85.0, "2026年10月", city_rank=3.0),
        figure("Z01-02", 12.8, "2026年三季度", lag_reason="前期项目多", next_steps="加快"),
        figure("Z01-03", 52.0, "2025年12月", "统计核定"),
        figure("Z01-04", 860.0, "2025年", "统计核定"),
        figure("Z02-01", 910.0, "2025年", period="2026-W47"),
        figure("Z02-02", 100.0, "2026年8月"),
        row(
            "tasks",
            "R01-01",
            {
                "milestone": "开工",
                "milestone_due": date(2026, 11, 20),
                "due_on": date(2026, 12, 31),
                "status": "序时推进",
                "milestone_done": "未完成",
                "progress": "手续在办",
                "problems": "用地未批",
            },
        ),
        row("tasks", "R01-02", {"due_on": date(2026, 12, 10), "status": "序时推进", "progress": "正常"}),
        row(
            "tasks",
            "R02-01",
            {"status": "长期推进", "invest_plan": 10.0, "invest_done": 8.0, "progress": "在建"},
        ),
        issue("W01-2026-001", due_on=date(2026, 11, 19), request="请批复用地", suggested_level="总专班"),
        issue("W01-2026-002", due_on=date(2026, 12, 13)),
        issue("W02-2026-001", status="申请销号", request="已不需要"),
        issue("W02-2026-002", request="无"),
        issue("W03-2026-001", request="请协调省市", suggested_level="总专班"),
    )
    receipts = (
        receipt("01"),
        receipt("02", day=28, late=True, cover={"unit": "乙局"}, sender="乙局"),
        receipt("", Status.REFUSED, 25, file="新建.xlsx", cover={}),
    )
    decided = (decision("W03-2026-001", date(2026, 11, 25), level="提请省、市协调"),)
    return rollup_input(*rows, indicators=INDICATORS, tasks=TASKS, receipts=receipts, decisions=decided)


def earlier_week() -> RollupInput:
    """What was known at the end of 2026-W46, on 15 November."""
    rows = (
        figure("Z01-01", 82.0, "2026年9月", period="2026-W46"),
        figure("Z01-02", 12.5, "2026年三季度", period="2026-W46"),
        row(
            "tasks",
            "R01-01",
            {
                "milestone": "开工",
                "milestone_due": date(2026, 11, 20),
                "due_on": date(2026, 12, 31),
                "status": "序时推进",
                "milestone_done": "未完成",
            },
            "2026-W46",
        ),
        row("tasks", "R01-02", {"due_on": date(2026, 12, 10), "status": "序时推进"}, "2026-W46"),
        row("tasks", "R02-01", {"status": "长期推进", "invest_plan": 10.0, "invest_done": 8.5}, "2026-W46"),
        issue(
            "W01-2026-001",
            "2026-W46",
            due_on=date(2026, 11, 19),
            request="请批复",
            suggested_level="总专班办公室",
        ),
        issue("W01-2026-002", "2026-W46", due_on=date(2026, 12, 1)),
        issue("W02-2026-001", "2026-W46", request="请协调"),
        issue("W02-2026-002", "2026-W46", status="申请销号"),
        issue("W02-2026-003", "2026-W46"),
    )
    receipts = (
        receipt("01", day=13, period="2026-W46"),
        receipt("02", day=14, period="2026-W46", cover={"unit": "乙局"}, sender="乙局"),
    )
    signed = (decision("W02-2026-002", date(2026, 11, 12), "2026-W46", verdict=Verdict.SIGN_OFF),)
    week = rollup_input(*rows, indicators=INDICATORS, tasks=TASKS, receipts=receipts, decisions=signed)
    return replace(week, period=parse_period("2026-W46"))


def following_week() -> RollupInput:
    """The ordinary week after the earlier one was published.

    Between the two one issue was signed off, one that had been was opened again, and one was given more time.
    """
    before, now = earlier_week(), ordinary_week()
    applied = issue("W02-2026-003", "2026-W47", status="申请销号", progress="已批复")
    decided = (
        decision("W02-2026-003", date(2026, 11, 18), "2026-W47", verdict=Verdict.SIGN_OFF),
        decision(
            "W02-2026-002", date(2026, 11, 25), "2026-W46", verdict=Verdict.REOPEN, until=date(2027, 3, 1)
        ),
        decision(
            "W01-2026-002",
            date(2026, 11, 20),
            "2026-W46",
            extension=Extension.GRANTED,
            until=date(2026, 12, 13),
        ),
    )
    known = History(
        (*before.known.rows, applied, *now.known.rows),
        (*before.known.decisions, *decided, *now.known.decisions),
    )
    return replace(now, known=known, earlier=(published(facts_of(before), 10),))


_LONG = "因管线交叉须多部门联合审查，施工方案三次修改仍未批复，征迁腾房剩余四户，工期顺延，"
LONG = (_LONG * 13)[:500]
"""A text of 500 characters, as they come."""


def awful_week() -> RollupInput:
    """Half of the returns missing, a hundred issues, texts of 500 characters, nearly everything behind or overdue."""
    rows = (
        figure("Z01-01", 40.0, "2026年10月", lag_reason=LONG, next_steps=LONG),
        figure("Z01-01", 75.0, "2026年9月", period="2026-W46"),
        figure("Z01-02", 19.0, "2026年三季度", lag_reason=LONG, next_steps=LONG),
        figure("Z01-03", 30.0, "2025年12月", "统计核定", lag_reason=LONG),
        figure("Z01-04", 860.0, "2025年", "统计核定"),
        figure("Z02-01", 700.0, "2025年", "统计核定", period="2026-W46"),
        figure("Z02-03", -12.5, "2026年9月", period="2026-W46", lag_reason=LONG),
        *(
            row(
                "tasks",
                code,
                {
                    "due_on": date(2026, 11, 1),
                    "milestone": LONG[:60],
                    "milestone_due": date(2026, 10, 15),
                    "milestone_done": "未完成",
                    "status": "滞后",
                    "progress": LONG,
                    "problems": LONG,
                    "next_steps": LONG,
                },
            )
            for code in ("R01-01", "R01-02")
        ),
        *(
            issue(
                f"W01-2026-{n:03d}",
                description=LONG,
                request=LONG if n % 3 == 0 else "",
                progress=LONG,
                measures=LONG,
                suggested_level=("总专班", "提请省、市协调", "专班内部", "区政府常务会议")[n % 4],
                raised_on=date(2026, 3 + n % 9, 1 + n % 28),
                due_on=date(2026, 6 + n % 7, 15),
            )
            for n in range(1, 101)
        ),
    )
    receipts = (
        receipt("01", Status.TO_CORRECT, 29, late=True, cover={"unit": "甲局", "highlights": LONG}),
        receipt("", Status.REFUSED, 25, file="新建 Microsoft Excel 工作表(最终版)(1).xlsx", cover={}),
    )
    return rollup_input(*rows, indicators=INDICATORS, tasks=TASKS, receipts=receipts)


def first_week() -> RollupInput:
    """The first week ever: everything returned once, nothing to compare it with."""
    week = ordinary_week()
    rows = tuple(r for r in week.known.rows if r.period.code == WEEK.code and r.sheet != "issues")
    return rollup_input(
        *rows, indicators=INDICATORS, tasks=TASKS, receipts=(receipt("01"), receipt("02", cover={}))
    )


DATA_SETS: Mapping[str, Callable[[], RollupInput]] = {
    "ordinary": following_week,
    "awful": awful_week,
    "first": first_week,
}
"""What every sheet has to look right with."""


WEEKS = tuple(parse_period(code) for code in ("2026-W47", "2026-W48"))
PERIODS = {
    editions.WEEK: "2026-W48",
    editions.MEETING: "2026-W48",
    editions.MONTH: "2026-11",
    editions.QUARTER: "2026-Q4",
    editions.YEAR: "2026",
}


def rollup_input_for(
    made: Edition, audience: Audience = Audience.LEADERS, signed_by: str = "", **more: Any
) -> RollupInput:
    """The ordinary week as an edition; a longer period has the weeks 47 and 48."""
    period = parse_period(PERIODS[made])
    facts = {"period": period, "periods": () if period.is_week else WEEKS, **more}
    return replace(ordinary_week(), release=Release(made, audience, signed_by), **facts)


def meeting_week() -> RollupInput:
    """The ordinary week before the liaison meeting: of the last one an item was done, one is overdue, one unanswered."""
    held, earlier = date(2026, 11, 13), date(2026, 10, 30)
    asked: dict[str, Any] = {"source": IssueSource.MEETING, "raised_on": held}
    rows = (
        issue(
            "W01-2026-101", "2026-W46", **asked, description="明确厂房二期用地指标", due_on=date(2026, 11, 27)
        ),
        issue(
            "W01-2026-101",
            **asked,
            description="明确厂房二期用地指标",
            due_on=date(2026, 11, 27),
            progress="已批复",
        ),
        issue(
            "W02-2026-102", "2026-W46", **asked, description="落实人才公寓配租办法", due_on=date(2026, 11, 20)
        ),
        issue("W02-2026-102", "2026-W47", **asked, description="落实人才公寓配租办法", progress="正在会签"),
        issue(
            "W01-2026-103",
            "2026-W46",
            **asked,
            description="开展安全检查，建立台账",
            due_on=date(2027, 1, 15),
        ),
        issue("W02-2026-104", "2026-W44", source=IssueSource.MEETING, description="建立月调度制度"),
        issue("W01-2026-105", "2026-W44", source=IssueSource.MEETING, description="早已办结的事项"),
    )
    decided = [
        replace(decision(code, held, "2026-W46", verdict=Verdict.REGISTER), by="第11次联络员例会")
        for code in ("W01-2026-101", "W02-2026-102", "W01-2026-103")
    ]
    decided += [
        replace(decision(code, earlier, "2026-W44", verdict=Verdict.REGISTER), by="第10次联络员例会")
        for code in ("W02-2026-104", "W01-2026-105")
    ]
    decided.append(decision("W01-2026-105", date(2026, 11, 6), "2026-W44", verdict=Verdict.SIGN_OFF))
    decided.append(decision("W01-2026-101", date(2026, 11, 26), verdict=Verdict.SIGN_OFF))
    made = rollup_input_for(editions.MEETING)
    known = History((*made.known.rows, *rows), (*made.known.decisions, *decided))
    return replace(made, known=known)


def reviewed_quarter() -> RollupInput:
    """The quarter of a year whose departments say what they expect of it, with a milestone in the next one."""
    rows = (
        figure("Z01-01", 60.0, "2026年8月", period="2026-W40"),
        figure("Z01-01", 85.0, "2026年10月", forecast=98.0, lag_reason="前期项目多", next_steps="加快"),
        figure("Z02-03", 12.0, "2026年10月", forecast=15.5),
    )
    later = task("R01-03", ("主体封顶", date(2027, 2, 15)), due_on=date(2027, 6, 30))
    made = rollup_input(*rows, indicators=INDICATORS, tasks=(*TASKS, later))
    return replace(made, period=parse_period("2026-Q4"), periods=WEEKS, release=Release(editions.QUARTER))


def ended_year() -> RollupInput:
    """A year of which one target was met, one missed, one is not verified and one not reported."""
    rows = (
        figure("Z01-01", 103.0, "2026年", "统计核定", period="2026-W53"),
        figure("Z01-02", 12.0, "2026年四季度", "统计核定", period="2026-W53", lag_reason="前期项目多"),
        figure("Z02-03", 15.5, "2026年12月", period="2026-W53"),
    )
    made = rollup_input(*rows, indicators=INDICATORS, tasks=TASKS)
    weeks = (parse_period("2026-W53"),)
    return replace(made, period=parse_period("2026"), periods=weeks, release=Release(editions.YEAR))


def only_in(made: Edition) -> tuple[str, ...]:
    """Return the titles of the sheets that only some editions have, this one among them."""
    return tuple(spec.title for spec in SPECS if made in spec.only_in)


OWN_SHEETS: Mapping[str, tuple[Callable[[], RollupInput], tuple[str, ...]]] = {
    "meeting": (meeting_week, ("议程", "总览", "主要指标", "重点任务", "问题销号")),
    "month": (
        lambda: rollup_input_for(editions.MONTH),
        ("总览", "晾晒排名", "责任清单", "提请协调", "报送情况", "要素保障", "项目投资"),
    ),
    "quarter": (reviewed_quarter, ("总览", *only_in(editions.QUARTER))),
    "year": (ended_year, ("总览", "晾晒排名", *only_in(editions.YEAR))),
    "public_week": (lambda: rollup_input_for(editions.WEEK, Audience.PUBLIC), ("专班进展",)),
    "public": (
        lambda: rollup_input_for(editions.MONTH, Audience.PUBLIC),
        ("晾晒排名", "主要指标", "重点任务", "亮点做法"),
    ),
}
"""The editions, and the sheets of each that say or show anything else than those of the week."""
