"""The settings workbook: mistakes that the office may make in it, their messages, and the calendar of returns."""

import copy
import os
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.findings import Finding
from tenproj_xl.model.folders import folder_faults
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.settings_reader import default_settings, read_settings, unknown_subjects
from tenproj_xl.model.settings_schema import (
    CALENDAR_SHEET,
    EXAMPLES,
    EXEMPTION_SHEET,
    RULE_SHEET,
    default_rows,
    example_sentences,
)
from tests.helpers.settings_book import add_line

pytestmark = pytest.mark.clock

FILE = "设置.xlsx"
Tables = dict[str, list[list[object]]]


def fresh() -> Tables:
    return {name: [list(row) for row in rows] for name, rows in default_rows().items()}


def with_parameter(name: str, value: object) -> tuple[Tables, str]:
    """Return fresh settings with one parameter changed, and the address of its cell."""
    tables = copy.deepcopy(fresh())
    row = next(n for n, r in enumerate(tables["参数"], 1) if r[0] == name)
    tables["参数"][row - 1][1] = value
    return tables, f"B{row}"


def with_calendar(*rows: list[object]) -> Tables:
    """Return fresh settings with lines in the calendar: period, owed, deadline, why."""
    tables = fresh()
    tables["报送日历"] += rows
    return tables


def read(tables: Tables) -> tuple[Settings | None, list[Finding]]:
    return read_settings(tables, FILE)


def settings(tables: Tables) -> Settings:
    read_without_fault, findings = read(tables)
    assert findings == []
    assert read_without_fault is not None
    return read_without_fault


def test_fresh_settings_are_the_default_settings() -> None:
    assert settings(fresh()) == default_settings()


@pytest.mark.parametrize(
    ("name", "value", "code", "says"),
    [
        ("截止日", "星期五", Code.SETTING_VALUE, "“截止日”填了“星期五”，应为周一、周二"),
        ("截止时刻", "下午5点", Code.SETTING_VALUE, "“截止时刻”填了“下午5点”，应为如 17:00 的写法"),
        ("截止时刻", "25:00", Code.SETTING_VALUE, "“截止时刻”填了“25:00”"),
        ("时区", "北京", Code.SETTING_VALUE, "“时区”填了“北京”，应为如 Asia/Shanghai 的写法"),
        ("略滞后界限", "五", Code.SETTING_VALUE, "“略滞后界限”填了“五”，应为0到100之间的数"),
        ("略滞后界限", 500, Code.SETTING_VALUE, "“略滞后界限”填了“500”，应为0到100之间的数"),
        ("首个报送期", "第二周", Code.SETTING_VALUE, "“首个报送期”填了“第二周”，应为如 2026-W02 的写法"),
        ("首个报送期", "2026-11", Code.SETTING_VALUE, "“首个报送期”填了“2026-11”"),
        ("报送周期", "—", Code.SETTING_VALUE, "“报送周期”填了“—”，应为每周、每两周"),
        ("略滞后界限", None, Code.PLAN_REQUIRED, "请填写“取值”"),
    ],
)
def test_a_wrong_parameter_is_named_by_its_cell(name: str, value: object, code: Code, says: str) -> None:
    tables, cell = with_parameter(name, value)
    refused, findings = read(tables)
    assert refused is None
    assert [(f.code, f.file, f.sheet, f.cell) for f in findings] == [(code, FILE, "参数", cell)]
    assert says in findings[0].message


def test_an_unknown_parameter_is_named() -> None:
    tables = fresh()
    tables["参数"].append(["截止日期", "周五", "", ""])
    refused, findings = read(tables)
    assert refused is None
    assert [(f.code, f.cell, f.value) for f in findings] == [
        (Code.SETTING_UNKNOWN, f"A{len(tables['参数'])}", "截止日期")
    ]


def test_a_missing_parameter_is_named_with_its_default() -> None:
    tables = fresh()
    tables["参数"] = [row for row in tables["参数"] if row[0] != "临近时限天数"]
    refused, findings = read(tables)
    assert refused is None
    assert [(f.code, f.sheet) for f in findings] == [(Code.SETTING_MISSING, "参数")]
    assert findings[0].message == "缺少参数“临近时限天数”，请补回；初始取值为“14”。"


def test_returns_are_due_on_friday_at_five() -> None:
    normal = default_settings()
    deadline = normal.deadline(normal.period("2026-W48"))
    assert deadline == datetime(2026, 11, 27, 17, 0, tzinfo=normal.zone)
    assert deadline.isoformat() == "2026-11-27T17:00:00+08:00"


def test_a_week_may_be_left_out_and_another_put_off() -> None:
    holiday = settings(
        with_calendar(["2026-W40", "否", None, "国庆"], ["2026-W41", "是", "2026-10-12", "国庆后顺延"])
    )
    with pytest.raises(UsageProblem, match="不是报送期"):
        holiday.period("2026-W40")
    deadline = holiday.deadline(holiday.period("2026-W41"))
    assert deadline.isoformat() == "2026-10-12T17:00:00+08:00"


@pytest.mark.parametrize(
    ("cycle", "days", "code", "deadline"),
    [
        ("每旬", 3, "2026-11-D2", "2026-11-23T17:00:00+08:00"),
        ("每月", 3, "2026-11", "2026-12-03T17:00:00+08:00"),
        ("每月", -5, "2026-11", "2026-11-25T17:00:00+08:00"),
        ("每季度", 10, "2026-Q3", "2026-10-09T17:00:00+08:00"),
        ("每半年", 0, "2026-H1", "2026-06-30T17:00:00+08:00"),
        ("每年", 20, "2026", "2027-01-20T17:00:00+08:00"),
    ],
)
def test_returns_of_a_longer_period_are_due_some_days_before_or_after_its_end(
    cycle: str, days: int, code: str, deadline: str
) -> None:
    tables, _ = with_parameter("报送周期", cycle)
    row = next(row for row in tables["参数"] if row[0] == "期末后天数")
    row[1] = days
    rhythmical = settings(tables)
    assert rhythmical.deadline(rhythmical.period(code)).isoformat() == deadline
    with pytest.raises(
        UsageProblem, match=r"2026年第48期（11月23日—29日）不是报送期，每.*报送的期号应如 2026"
    ):
        rhythmical.period("2026-W48")


def test_settings_of_before_the_other_rhythms_have_the_default_for_them() -> None:
    tables = fresh()
    tables["参数"] = [row for row in tables["参数"] if row[0] != "期末后天数"]
    assert settings(tables) == default_settings()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("cycle", "now", "code"),
    [
        ("每周", "2026-11-27T17:00", "2026-W48"),
        ("每周", "2026-11-27T17:01", "2026-W49"),
        ("每月", "2026-12-03T09:00", "2026-11"),
        ("每月", "2026-12-04T09:00", "2026-12"),
        ("每季度", "2026-12-04T09:00", "2026-Q4"),
        ("每年", "2026-12-31T09:00", "2026"),
    ],
)
def test_due_is_the_first_period_whose_deadline_is_not_past(cycle: str, now: str, code: str) -> None:
    tables, _ = with_parameter("报送周期", cycle)
    assert settings(tables).calendar.due(at(now)).code == code


def test_a_period_that_is_not_owed_is_never_due() -> None:
    holiday = settings(with_calendar(["2026-W40", "否", None, "国庆"], ["2026-W41", "否", None, "国庆"]))
    due = holiday.calendar.due(at("2026-09-28T09:00"))
    assert due.code == "2026-W42"
    assert holiday.calendar.following(holiday.period("2026-W39")) == due


def test_weeks_of_before_may_stay_in_the_calendar_of_a_month() -> None:
    tables, _ = with_parameter("报送周期", "每月")
    tables["报送日历"] += [["2026-W40", "否", None, "国庆"], ["2026-10", "是", "2026-11-09", "顺延"]]
    monthly = settings(tables)
    assert monthly.deadline(monthly.period("2026-10")).isoformat() == "2026-11-09T17:00:00+08:00"


def test_every_two_weeks_a_period_has_fourteen_days() -> None:
    tables, _ = with_parameter("报送周期", "每两周")
    fortnightly = settings(tables)
    period = fortnightly.period("2026-W48")
    assert (period.last - period.first).days == 13
    with pytest.raises(UsageProblem):
        fortnightly.period("2026-W47")


@pytest.mark.parametrize(
    ("code", "told"), [("2026-11", "2026年11月不是报送期"), ("2026-W60", "2026-W60"), ("下周", "下周")]
)
def test_a_code_that_is_not_a_reporting_period_is_refused_in_plain_words(code: str, told: str) -> None:
    with pytest.raises(UsageProblem, match=told):
        default_settings().period(code)


@pytest.mark.parametrize(
    ("line", "cell", "says"),
    [
        (["2026-11", "是", None, ""], "A2", "“期”填了“2026-11”，应为如 2026-W48 的期号"),
        (["2026-W40", "是", "2025-10-09", ""], "C2", "“截止日期”填了“2025-10-09”，应为第40期"),
    ],
)
def test_a_wrong_calendar_line_is_named_by_its_cell(line: list[object], cell: str, says: str) -> None:
    refused, findings = read(with_calendar(line))
    assert refused is None
    assert [(f.code, f.sheet, f.cell) for f in findings] == [(Code.SETTING_VALUE, "报送日历", cell)]
    assert says in findings[0].message


def test_a_period_may_stand_in_the_calendar_once() -> None:
    _, findings = read(with_calendar(["2026-W40", "否", None, "国庆"], ["2026-W40", "是", None, "照常"]))
    assert [(f.code, f.cell, f.message) for f in findings] == [
        (Code.SETTING_TWICE, "A3", "第3行：2026-W40已在第2行登记，请只保留一行。")
    ]


@pytest.mark.parametrize("sheet", [CALENDAR_SHEET, RULE_SHEET, EXEMPTION_SHEET], ids=lambda sheet: sheet.name)
def test_a_sheet_that_begins_empty_shows_above_its_header_how_it_is_filled(
    sheet: Sheet, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path)
    initialise(workspace)
    before = load(workspace).settings
    book = load_workbook(workspace.settings)
    page = book[sheet.name]
    note, *lines = str(page["A1"].value).splitlines()
    assert note
    assert lines == example_sentences(sheet)
    for n, row in enumerate(EXAMPLES[sheet.code], 3):
        for column, cell in enumerate(row, 1):
            page.cell(n, column).value = cell
    book.save(workspace.settings)
    assert load(workspace).settings != before


def test_an_example_names_the_columns_that_it_fills() -> None:
    assert example_sentences(CALENDAR_SHEET) == [
        "例：期填“2026-W40”，是否报送填“否”，说明填“国庆长假”",
        "例：期填“2026-W41”，是否报送填“是”，截止日期填“2026-10-12”，说明填“国庆后顺延”",
    ]


# --- the policy: rules, probation, exemptions


def with_lines(sheet: str, *lines: list[object]) -> Tables:
    """Return fresh settings with lines in a sheet of the policy."""
    tables = fresh()
    tables[sheet] += lines
    return tables


@pytest.mark.parametrize("name", ["累计数下降", "value_fell"])
def test_a_rule_may_be_named_by_its_title_or_its_code(name: str) -> None:
    policy = settings(with_lines("规则", [name, "错误", None, "核减须先报告"])).policy
    assert policy.levels == {Code.VALUE_FELL: Severity.ERROR}


def test_a_rule_may_be_on_probation_until_a_day() -> None:
    policy = settings(with_lines("规则", ["日期先后", None, "2026-12-31", "新规则"])).policy
    assert policy.trials == {Code.DATES_ORDER: date(2026, 12, 31)}


def test_an_exemption_says_who_until_when_and_why() -> None:
    (line,) = settings(
        with_lines("豁免", ["应报未报", "区统计局", "2026-12-31", "季报改年报"])
    ).policy.exemptions
    assert (line.code, line.spoken) == (Code.FIGURE_MISSING, "区统计局，至2026-12-31：季报改年报")


@pytest.mark.parametrize(
    ("sheet", "line", "code", "cell", "says"),
    [
        (
            "规则",
            ["不是数字", "提示", None, ""],
            Code.SETTING_FIXED,
            "A2",
            "“不是数字”的级别不能改，也不能豁免",
        ),
        ("豁免", ["行错位", "03", "2026-12-31", "先接收"], Code.SETTING_FIXED, "A2", "“行错位”的级别不能改"),
        (
            "规则",
            ["数值下降", "错误", None, ""],
            Code.SETTING_VALUE,
            "A2",
            "“规则”填了“数值下降”，应为tenproj rules 列出",
        ),
        (
            "规则",
            ["累计数下降", "严重", None, ""],
            Code.NOT_CHOICE,
            "B2",
            "请从下拉选项中选择：错误、提示、疑问",
        ),
        (
            "规则",
            ["累计数下降", None, None, ""],
            Code.PLAN_REQUIRED,
            "B2",
            "请填写“级别”（错误、提示、疑问，或",
        ),
        ("豁免", ["应报未报", "区统计局", None, "季报"], Code.PLAN_REQUIRED, "C2", "请填写“截止日期”"),
        ("豁免", ["应报未报", "区统计局", "—", "季报"], Code.PLAN_REQUIRED, "C2", "请填写“截止日期”"),
        ("豁免", ["应报未报", "区统计局", "年底", "季报"], Code.NOT_DATE, "C2", "填了“年底”"),
    ],
)
def test_a_wrong_line_of_the_policy_is_named_by_its_cell(
    sheet: str, line: list[object], code: Code, cell: str, says: str
) -> None:
    refused, findings = read(with_lines(sheet, line))
    assert refused is None
    assert [(f.code, f.sheet, f.cell) for f in findings] == [(code, sheet, cell)]
    assert says in findings[0].message


def test_a_rule_may_stand_once_and_an_exemption_once_for_each_subject() -> None:
    _, findings = read(with_lines("规则", ["累计数下降", "错误", None, ""], ["累计数下降", "提示", None, ""]))
    assert [(f.code, f.cell, f.message) for f in findings] == [
        (Code.SETTING_TWICE, "A3", "第3行：“累计数下降”已在第2行登记，请只保留一行。")
    ]
    both = with_lines(
        "豁免", ["应报未报", "03", "2026-12-31", "季报"], ["应报未报", "04", "2026-12-31", "季报"]
    )
    assert len(settings(both).policy.exemptions) == 2
    overlap = with_lines(
        "豁免", ["应报未报", "03", "2026-12-31", "季报"], ["应报未报", "04、03", "2026-12-31", "季报"]
    )
    _, findings = read(overlap)
    assert [(f.code, f.cell) for f in findings] == [(Code.SETTING_TWICE, "A3")]


def test_the_subject_of_an_exemption_is_in_the_plan_or_everybody() -> None:
    tables = with_lines(
        "豁免", ["应报未报", "区教育局", "2026-12-31", "季报"], ["应报未报", "全部", "2026-12-31", "假期"]
    )
    (fault,) = unknown_subjects(tables, FILE, {"区科技局"})
    assert (fault.code, fault.cell) == (Code.SETTING_VALUE, "B2")
    assert fault.message == (
        "第2行：“对象”填了“区教育局”，应为工作计划中的单位、专班编号或行的编号，或“全部”。"
    )


def test_an_exemption_may_list_several_subjects_in_one_cell() -> None:
    tables = with_lines("豁免", ["应报未报", "区科技局/区教育局；区统计局", "2026-12-31", "季报"])
    faults = unknown_subjects(tables, FILE, {"区科技局", "区统计局"})
    assert [(f.cell, f.value) for f in faults] == [("B2", "区教育局")]
    assert unknown_subjects(tables, FILE, {"区科技局", "区教育局", "区统计局"}) == []
    assert unknown_subjects(tables, FILE, {"区科技局/区教育局;区统计局"}) == []  # one unit with such a name


# --- when figures are published


def test_a_line_of_the_calendar_of_publication_may_name_several_indicators_and_units() -> None:
    read_lines = settings(
        with_lines(
            "数据发布日历",
            ["Z03-04、Z03-05", "2026年10月", "2026-11-20", None],
            ["区统计局", "2026-Q3", "2026-10-28", "市局统一发布"],
            ["全部", "2026", "2027-02-10", None],
        )
    ).releases.lines
    assert [(line.period, str(line.on)) for line in read_lines] == [
        ("2026-10", "2026-11-20"),
        ("2026-Q3", "2026-10-28"),
        ("2026", "2027-02-10"),
    ]
    assert {"Z03-04", "Z03-05"} < read_lines[0].subjects


@pytest.mark.parametrize(
    ("line", "cell", "message"),
    [
        (
            ["Z03-04", "2026-W48", "2026-12-20", None],
            "B2",
            "第2行：“数据所属期”填了“2026-W48”，应为如 2026-10、2026-Q3、2026 的写法。",
        ),
        (
            ["Z03-04", "2026-10", "2025-11-20", None],
            "C2",
            "第2行：“公布日期”填了“2025-11-20”，应为2026年10月结束以后的日期。",
        ),
        (
            ["Z03-04", None, "2026-11-20", None],
            "B2",
            "第2行：请填写“数据所属期”（年、季或月，如 2026、2026-Q3、2026-10）。",
        ),
        (["Z03-04", "2026-10", None, None], "C2", "第2行：请填写“公布日期”（年月日，如 2026-11-25）。"),
    ],
    ids=["a week", "before its end", "no period", "no day"],
)
def test_a_day_of_publication_is_for_a_data_period_that_is_over(
    line: list[object], cell: str, message: str
) -> None:
    _, findings = read(with_lines("数据发布日历", line))
    assert [(f.severity, f.cell) for f in findings] == [(Severity.ERROR, cell)]
    assert findings[0].message == message


def test_the_day_of_publication_of_a_figure_is_entered_once() -> None:
    lines: tuple[list[object], ...] = (
        ["Z03-04、Z03-05", "2026-10", "2026-11-20", None],
        ["Z03-05", "2026-10", "2026-11-25", None],
    )
    _, findings = read(with_lines("数据发布日历", *lines))
    assert [(f.code, f.message) for f in findings] == [
        (Code.SETTING_TWICE, "第3行：“Z03-05”2026年10月的公布日期已在第2行登记，请只保留一行。")
    ]
    others: tuple[list[object], ...] = (
        ["Z03-05", "2026-10", "2026-11-20", None],
        ["Z03-05", "2026-09", "2026-10-25", None],
    )
    assert len(settings(with_lines("数据发布日历", *others)).releases.lines) == 2


def test_the_subject_of_a_day_of_publication_is_an_indicator_or_who_reports_it() -> None:
    tables = with_lines(
        "数据发布日历", ["Z03-99", "2026-10", "2026-11-20", None], ["全部", "2026-09", "2026-10-20", None]
    )
    (fault,) = unknown_subjects(tables, FILE, {"Z03-99"}, {"Z03-04"})
    assert (fault.code, fault.cell, fault.message) == (
        Code.SETTING_VALUE,
        "A2",
        "第2行：“指标”填了“Z03-99”，应为工作计划中的指标编号或数据报送单位，或“全部”。",
    )
    assert unknown_subjects(tables, FILE, {"Z03-04"}, {"Z03-99"}) == []


def test_settings_of_before_have_no_calendar_of_publication() -> None:
    tables = fresh()
    del tables["数据发布日历"]
    assert settings(tables).releases.lines == ()


# --- ranks by superiors


def test_a_line_of_ranks_is_for_a_data_period_and_has_a_rank_or_a_score() -> None:
    lines = settings(
        with_lines(
            "上级排名",
            ["Z03-05", "2026年10月", 4, 13, None, "市通报"],
            ["全市考评", "2026-Q3", None, None, 87.2, "市考评办"],
        )
    ).rankings.lines
    assert [(line.subject, line.period.code, line.rank, line.of, line.score) for line in lines] == [
        ("Z03-05", "2026-10", 4, 13, None),
        ("全市考评", "2026-Q3", None, 0, 87.2),
    ]


@pytest.mark.parametrize(
    ("line", "cell", "message"),
    [
        (
            ["Z03-05", "2026-W48", 4, 13, None, "市通报"],
            "B2",
            "第2行：“数据所属期”填了“2026-W48”，应为如 2026-10、2026-Q3、2026 的写法。",
        ),
        (
            ["Z03-05", "2026-10", 14, 13, None, "市通报"],
            "C2",
            "第2行：“名次”填了“14”，应为1到13的整数。",
        ),
        (["Z03-05", "2026-10", 2.5, None, None, "市通报"], "C2", "第2行：“名次”填了“2.5”，应为1起的整数。"),
        (
            ["Z03-05", "2026-10", None, 13, None, "市通报"],
            "C2",
            "第2行：“名次”填了“（空）”，应为名次；只有得分的填“得分”。",
        ),
        (
            ["Z03-05", "2026-10", 4, 13, None, None],
            "F2",
            "第2行：请填写“依据”（通报、文件的名称和日期）。",
        ),
    ],
    ids=["a week", "beyond all", "half a place", "nothing", "no basis"],
)
def test_a_rank_is_a_place_among_those_who_are_ranked(line: list[object], cell: str, message: str) -> None:
    _, findings = read(with_lines("上级排名", line))
    assert [(f.severity, f.cell) for f in findings] == [(Severity.ERROR, cell)]
    assert findings[0].message == message


def test_settings_of_before_have_no_ranks_by_superiors() -> None:
    tables = fresh()
    del tables["上级排名"]
    assert settings(tables).rankings.lines == ()


# --- 收件夹


def with_folders(*rows: list[object]) -> Tables:
    tables = fresh()
    tables["收件夹"] += rows
    return tables


def faults_of(tmp_path: Path, *rows: list[object]) -> list[tuple[Code, str, str]]:
    found = folder_faults(settings(with_folders(*rows)).folders, tmp_path / "工作区")
    return [(f.code, f.cell, f.message) for f in found]


def test_folders_lie_where_their_text_says_from_the_workspace_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    lines = settings(
        with_folders(
            ["../聊天文件", "旁看", "微信", None],
            ["回表\\U盘", "取走", None, None],
            ["~/下载", "旁看", "浙政钉", None],
            ['"/mnt/共享"', "旁看", "共享盘", None],
            [r"E:\回表", "旁看", "U盘", None],
            [r"\\服务器\共享\回表", "取走", None, None],
        )
    ).folders
    root = tmp_path / "工作区"
    if os.name != "nt":
        assert [line.path(root) for line in lines] == [
            tmp_path / "聊天文件",
            root / "回表" / "U盘",
            tmp_path / "home" / "下载",
            Path("/mnt/共享"),
            None,
            None,
        ]
    assert [line.is_watched for line in lines] == [True, False, True, True, True, False]
    assert [line.channel for line in lines] == ["微信", "", "浙政钉", "共享盘", "U盘", ""]
    assert list(folder_faults(lines, root)) == []


@pytest.mark.parametrize(
    ("folder", "taking", "says"),
    [
        (".", "旁看", "“.”就是工作区本身，请改填别的文件夹，或删去这一行。"),
        ("outbox/2026-W48", "旁看", "在工作区的发件夹（outbox）里，那里的文件是程序写的"),
        ("ledger", "取走", "在工作区的台账（ledger）里"),
        ("备份", "取走", "在工作区的备份（备份）里"),
        ("inbox", "旁看", "“inbox”是工作区的收件夹，收完总是移走，请把“方式”改为“取走”。"),
        ("inbox/微信", "取走", "在工作区的收件夹（inbox）里面，本来就会收取，请删去这一行。"),
        ("..", "取走", "里面有工作区，不能取走，请另建一个专放回表的文件夹。"),
        ("~", "取走", "里面有许多别的文件，会被当作回表移走，请把“方式”改为“旁看”"),
    ],
)
def test_a_folder_that_is_no_place_for_returns_is_a_fault_with_its_cell_and_the_remedy(
    folder: str, taking: str, says: str, tmp_path: Path
) -> None:
    [(code, cell, message)] = faults_of(tmp_path, [folder, taking, None, None])
    assert (code, cell) == (Code.SETTING_FOLDER, "A2")
    assert says in message


def test_the_same_folder_twice_or_one_in_another_is_a_fault(tmp_path: Path) -> None:
    watched: list[list[object]] = [
        ["../聊天", "旁看", "微信", None],
        ["../聊天/../聊天/", "旁看", "QQ", None],
    ]
    assert faults_of(tmp_path, *watched) == [
        (Code.SETTING_TWICE, "A3", "第3行：“../聊天/../聊天/”已在第2行登记，请只保留一行。")
    ]
    inside = faults_of(tmp_path, ["../聊天", "旁看", None, None], ["../聊天/微信", "取走", None, None])
    assert inside == [
        (
            Code.SETTING_FOLDER,
            "A3",
            "第3行：“../聊天/微信”在第2行“../聊天”的里面，同一个文件会收两次，请只保留一行。",
        )
    ]
    (outside,) = faults_of(tmp_path, ["../聊天/微信", "取走", None, None], ["../聊天", "旁看", None, None])
    assert "在第2行“../聊天/微信”的外面" in outside[2]


def test_a_folder_around_the_workspace_may_be_watched(tmp_path: Path) -> None:
    assert faults_of(tmp_path, ["..", "旁看", "桌面", None]) == []


def test_a_line_without_its_folder_or_its_way_is_named_by_its_cell() -> None:
    _, findings = read(with_folders(["../聊天", None, "微信", None], [None, "旁看", None, None]))
    assert [(f.code, f.sheet, f.cell) for f in findings] == [
        (Code.PLAN_REQUIRED, "收件夹", "B2"),
        (Code.PLAN_REQUIRED, "收件夹", "A3"),
    ]


def test_settings_of_before_the_folders_go_on() -> None:
    tables = fresh()
    del tables["收件夹"]
    assert settings(tables).folders == ()


def test_a_stick_that_is_out_is_a_warning_of_plan_check_and_a_wrong_folder_an_error(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "工作区")
    initialise(workspace)
    add_line(workspace, "收件夹", "../U盘", "旁看", "U盘")
    (found,) = [f for f in check_plan(workspace).findings if f.file == FILE]
    assert (found.code, found.severity, found.sheet, found.cell) == (
        *(Code.SETTING_FOLDER_AWAY, Severity.WARNING, "收件夹", "A3"),
    )
    assert found.message == (
        "第3行：没有找到文件夹“../U盘”，收表时会跳过；U盘没有插上、共享盘没有连上的，接上以后自然会收，"
        "写错了的请改正这一格。"
    )
    (tmp_path / "U盘").mkdir()
    assert [f for f in check_plan(workspace).findings if f.file == FILE] == []
    add_line(workspace, "收件夹", "outbox", "旁看", None)
    with pytest.raises(EnvironmentProblem, match=r"“设置.xlsx”收件夹 A4：第4行：“outbox”在工作区的发件夹"):
        load(workspace)
