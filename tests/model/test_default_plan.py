"""The shipped default plan compared with the district's document, sentence by sentence."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from tenproj_xl.core.periods import Frequency, parse_period
from tenproj_xl.model.evaluate_indicators import due_period
from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.plan_schema import shipped_plan

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tenproj_xl" / "data" / "plan"
DOCUMENT = (ROOT / "docs" / "source" / "gongzhengbanfa-2023-12.txt").read_text("utf-8")
DUTIES = DOCUMENT[DOCUMENT.index("二、责任分工") : DOCUMENT.index("三、工作机制")]
NO_PART = "该工程省市任务不涉及拱墅区,拱墅区将积极做好配合工作。"
YEARS = ("2023", "2024", "2025", "2026", "2027")

Row = dict[str, str]


def table(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PROGRAMME = {r["项目"]: r["内容"] for r in table("programme")}
TASK_FORCES = {r["编号"]: r for r in table("task_forces")}
UNITS = table("units")
INDICATORS = {r["指标编号"]: r for r in table("indicators")}
TARGETS = table("targets")
TASKS = {r["任务编号"]: r for r in table("tasks")}
MILESTONES = table("milestones")
MECHANISMS = {r["机制"]: r for r in table("mechanisms")}

HEADERS = {
    "programme": "项目,内容",
    "task_forces": "编号,专班名称,是否涉及,召集人,牵头单位,责任单位,责任单位附注,目标任务",
    "units": "文件用名,现用名,简称,起始日期,终止日期,承继单位,备注",
    "indicators": (
        "指标编号,专班编号,指标名称,所属领域,计量单位,统计口径,类型,方向,数据报送单位,责任单位,更新频次,发布时滞,进度曲线,"
        "起算日期,基期值,基期日期,公开,待核事项,原文"
    ),
    "targets": "指标编号,目标期,用语,目标值,目标文字,性质,批准依据,待核事项,原文",
    "tasks": (
        "任务编号,专班编号,重点任务,年度目标,牵头单位,责任单位,数据报送单位,责任人,年度计划投资,完成时限,待核事项,原文"
    ),
    "milestones": "任务编号,序号,节点,节点时限,性质,原文",
    "mechanisms": "机制,频次,内容,主持（牵头）,原文",
    "people": "专班编号,职务,姓名,单位,承办科室,联系电话,起始日期,终止日期",
}


def sections() -> dict[str, str]:
    """Return the text under each of the document's ten headings, by the code of its task force."""
    texts = re.split(r"\n(?=\([一二三四五六七八九十]+\)实施)", DUTIES)[1:]
    return {f"{n:02d}": text for n, text in enumerate(texts, 1)}


SECTIONS = sections()


def text_behind(task_force: str, label: str) -> str:
    """Return the text behind a label (召 集 人, 牵头单位, …) in a task force's section, "" if there is none."""
    match = re.search(rf"^{label}:(.*)$", SECTIONS[task_force], re.MULTILINE)
    return match[1].strip() if match else ""


def test_the_document_has_ten_sections_to_compare_with() -> None:
    assert list(SECTIONS) == list(TASK_FORCES) == [f"{n:02d}" for n in range(1, 11)]


# --- the files


@pytest.mark.parametrize("name", HEADERS)
def test_a_file_is_plain_utf8_with_its_exact_header(name: str) -> None:
    raw = (FOLDER / f"{name}.csv").read_bytes()
    text = raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert "\r" not in text
    assert text.split("\n")[0] == HEADERS[name]
    assert text.endswith("\n")


@pytest.mark.parametrize("name", HEADERS)
def test_every_row_is_as_wide_as_its_header_and_no_cell_is_padded(name: str) -> None:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert {len(r) for r in rows} == {len(HEADERS[name].split(","))}
    assert [c for r in rows for c in r if c != c.strip()] == []


# --- quotations


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("indicators", "原文"),
        ("targets", "原文"),
        ("tasks", "原文"),
        ("milestones", "原文"),
        ("mechanisms", "原文"),
        ("milestones", "节点"),
        ("tasks", "年度目标"),
        ("task_forces", "目标任务"),
        ("task_forces", "专班名称"),
    ],
)
def test_every_quotation_is_in_the_document_character_for_character(name: str, field: str) -> None:
    assert [r[field] for r in table(name) if r[field] not in DOCUMENT] == []


def test_every_row_but_those_of_the_programme_is_quoted() -> None:
    rows = [*INDICATORS.values(), *TARGETS, *TASKS.values(), *MILESTONES]
    assert [r for r in rows if len(r["原文"]) < 5] == []


def test_a_quotation_comes_from_the_section_of_its_own_task_force() -> None:
    owned = [(r["专班编号"], r["原文"]) for r in (*INDICATORS.values(), *TASKS.values())]
    owned += [(INDICATORS[r["指标编号"]]["专班编号"], r["原文"]) for r in TARGETS]
    owned += [(TASKS[r["任务编号"]]["专班编号"], r["原文"]) for r in MILESTONES]
    assert [(code, quoted) for code, quoted in owned if quoted not in TASK_FORCES[code]["目标任务"]] == []


def test_the_mechanisms_are_quoted_from_the_third_chapter() -> None:
    chapter = DOCUMENT[DOCUMENT.index("三、工作机制") :]
    assert [r["机制"] for r in MECHANISMS.values() if r["原文"] not in chapter] == []


@pytest.mark.parametrize(
    ("name", "rhythm", "chair"),
    [
        ("制定计划", "每年年初", ""),
        ("年度工作推进会", "每年年初", "工程专班召集人"),
        ("联络员例会", "每两周", "总专班办公室主任（或委托办公室常务副主任）"),
        ("专题调度会", "每月1次", "总召集人"),
        ("季度汇报", "每季度1次", "区政府常务会议"),
        ("年度汇报", "每年1次", "区政府"),
    ],
)
def test_meetings_have_the_rhythm_and_the_chair_of_the_document(name: str, rhythm: str, chair: str) -> None:
    assert (MECHANISMS[name]["频次"], MECHANISMS[name]["主持（牵头）"]) == (rhythm, chair)


def test_an_aim_in_words_uses_the_documents_words() -> None:
    worded = [r for r in TARGETS if r["目标文字"]]
    assert worded
    assert [r for r in worded if r["目标文字"] not in r["原文"]] == []


# --- task forces and units


def test_three_of_the_ten_task_forces_are_not_involved() -> None:
    outside = [c for c, r in TASK_FORCES.items() if r["是否涉及"] == "不涉及"]
    assert outside == ["05", "06", "07"]
    assert {TASK_FORCES[c]["目标任务"] for c in outside} == {NO_PART}
    assert {r["是否涉及"] for c, r in TASK_FORCES.items() if c not in outside} == {"涉及"}


@pytest.mark.parametrize("code", SECTIONS)
def test_a_task_force_is_called_as_its_heading_says(code: str) -> None:
    heading = SECTIONS[code].split("\n")[0]
    assert heading.endswith(")实施" + TASK_FORCES[code]["专班名称"])


@pytest.mark.parametrize("code", SECTIONS)
def test_the_aims_are_the_whole_paragraph(code: str) -> None:
    assert TASK_FORCES[code]["目标任务"] == (text_behind(code, "目标任务") or SECTIONS[code].split("\n\n")[1])


@pytest.mark.parametrize("code", SECTIONS)
def test_conveners_are_those_of_the_document(code: str) -> None:
    assert TASK_FORCES[code]["召集人"].split("、") == text_behind(code, "召 集 人").split()


def test_the_last_task_force_has_two_conveners() -> None:
    assert TASK_FORCES["10"]["召集人"] == "樊峥常委副区长、包晓东副区长"


@pytest.mark.parametrize("code", SECTIONS)
def test_the_lead_unit_is_that_of_the_document(code: str) -> None:
    assert TASK_FORCES[code]["牵头单位"] == text_behind(code, "牵头单位")


@pytest.mark.parametrize("code", SECTIONS)
def test_responsible_units_and_their_note_give_back_the_documents_line(code: str) -> None:
    row = TASK_FORCES[code]
    line = text_behind(code, "责任单位").removesuffix("。")
    joint = "、" if row["责任单位附注"].startswith("区“") else ""
    assert row["责任单位"] + joint + row["责任单位附注"] == line


def test_what_is_no_unit_stands_in_the_note() -> None:
    notes = {c: r["责任单位附注"] for c, r in TASK_FORCES.items() if r["责任单位附注"]}
    assert notes == {
        "01": "等",
        "02": "区“新制造业计划”推进领导小组其他成员单位",
        "03": "等",
        "08": "等",
        "09": "及有关能源发电企业等",
    }


def plain(name: str) -> str:
    return re.sub(r"\([^()]*\)$", "", name)


def used_units() -> set[str]:
    rows = [*TASK_FORCES.values(), *INDICATORS.values(), *TASKS.values()]
    fields = ("牵头单位", "责任单位", "数据报送单位")
    return {name for r in rows for f in fields for name in r.get(f, "").split("、") if name}


def test_every_unit_that_is_used_resolves_to_exactly_one_row() -> None:
    names = [r["文件用名"] for r in UNITS]
    rows_by_unit = {u: [n for n in names if n == u or plain(n) == u or n == plain(u)] for u in used_units()}
    assert {u: rows for u, rows in rows_by_unit.items() if len(rows) != 1} == {}


def test_every_unit_of_the_list_is_named_in_the_document_and_used() -> None:
    used = used_units() | {plain(u) for u in used_units()}
    assert [r["文件用名"] for r in UNITS if r["文件用名"] not in DOCUMENT] == []
    assert [r["文件用名"] for r in UNITS if r["文件用名"] not in used] == ["总专班办公室"]
    assert len({plain(r["文件用名"]) for r in UNITS}) == len(UNITS) == 30


def test_second_names_in_brackets_are_noted() -> None:
    bracketed = {u for u in used_units() if "(" in u}
    notes = "".join(r["备注"] for r in UNITS)
    assert bracketed == {"区委组织部(区委人才办)", "区委宣传部(区委文创办)", "区发改经信局(区委社建委)"}
    assert [u for u in bracketed if u[u.index("(") :] not in notes] == []


def test_reforms_of_units_are_left_to_the_office() -> None:
    left_open = ("现用名", "起始日期", "终止日期", "承继单位")
    assert [r for r in UNITS if any(r[f] for f in left_open)] == []


def test_a_short_name_only_drops_the_district() -> None:
    short = [(r["文件用名"], r["简称"]) for r in UNITS if r["简称"]]
    assert [(n, s) for n, s in short if s not in (n.removeprefix("区"), n.replace("拱墅", ""))] == []
    assert len({s for _, s in short}) == len(short)


def test_the_programme_is_the_documents() -> None:
    facts = ("文件名称", "文号", "地区", "方案名称", "总召集人")
    assert [f for f in facts if PROGRAMME[f] not in DOCUMENT] == []
    assert (PROGRAMME["方案代码"], PROGRAMME["起始年"], PROGRAMME["终止年"]) == ("GS10", "2023", "2027")
    assert PROGRAMME["联系方式"] == ""


# --- codes and choices


def test_codes_are_well_formed_unique_and_without_gaps() -> None:
    for letter, name, field in (("Z", "indicators", "指标编号"), ("R", "tasks", "任务编号")):
        rows = table(name)
        count: dict[str, int] = {}
        for row in rows:
            count[row["专班编号"]] = count.get(row["专班编号"], 0) + 1
            assert row[field] == f"{letter}{row['专班编号']}-{count[row['专班编号']]:02d}"
        assert list(count) == sorted(count)


def test_targets_and_milestones_belong_to_rows_that_exist() -> None:
    assert {r["指标编号"] for r in TARGETS} == set(INDICATORS)
    assert {r["任务编号"] for r in MILESTONES} <= set(TASKS)
    assert len({(r["指标编号"], r["目标期"]) for r in TARGETS}) == len(TARGETS)
    assert len({(r["任务编号"], r["序号"]) for r in MILESTONES}) == len(MILESTONES)


def test_a_name_stands_once_in_its_task_force() -> None:
    for rows, field in ((INDICATORS, "指标名称"), (TASKS, "重点任务")):
        assert len({(r["专班编号"], r[field]) for r in rows.values()}) == len(rows)


CHOICES = {
    "类型": {"逐年", "目标年当年", "期间累计", "期末存量", "比率", "增速", "当年完成率", "比较", "定性"},
    "方向": {"越高越好", "越低越好", "适中"},
    "更新频次": {f.label for f in Frequency},
    "进度曲线": {"匀速", "按计划", "阶梯", "年末考核"},
}
WORDS = {
    *("以上", "至少", "达", "完成", "提高到", "超过", "突破", "以内"),
    *("左右", "力争", "保持", "覆盖全体", "快于", "提高", "稳定"),
}


def test_choices_are_those_that_the_plan_knows() -> None:
    assert [(c, f) for c, r in INDICATORS.items() for f, known in CHOICES.items() if r[f] not in known] == []
    assert [r for r in TARGETS if r["用语"] not in WORDS] == []


def test_every_target_is_of_a_year_of_the_programme() -> None:
    assert {parse_period(r["目标期"]).code for r in TARGETS} == set(YEARS)


def test_a_target_has_a_number_or_for_a_qualitative_indicator_words() -> None:
    in_words = {c for c, r in INDICATORS.items() if r["类型"] == "定性"}
    assert [r for r in TARGETS if (r["目标值"] == "") != (r["指标编号"] in in_words)] == []
    assert [r for r in TARGETS if r["指标编号"] in in_words and not r["目标文字"]] == []


def test_lower_is_better_exactly_where_a_target_is_a_limit() -> None:
    limited = {r["指标编号"] for r in TARGETS if r["用语"] == "以内"}
    assert limited == {c for c, r in INDICATORS.items() if r["方向"] == "越低越好" and r["类型"] != "定性"}
    assert [INDICATORS[c]["指标名称"] for c in limited] == ["困难群众合理医疗费用个人负担率"]


def test_neither_higher_nor_lower_is_better_exactly_where_a_target_has_two_sides() -> None:
    two_sided = {
        r["指标编号"] for r in TARGETS if r["用语"] in ("左右", "稳定") and r["目标文字"] != "稳中有降"
    }
    assert two_sided == {c for c, r in INDICATORS.items() if r["方向"] == "适中"}


def test_the_name_of_an_aim_in_words_says_what_is_to_be_achieved() -> None:
    aims = {
        (INDICATORS[r["指标编号"]]["指标名称"], r["目标文字"].removeprefix("实现"))
        for r in TARGETS
        if not r["目标值"]
    }
    assert [(name, text) for name, text in aims if text not in name] == []


def test_the_name_of_a_comparison_says_what_is_compared() -> None:
    compared = [r for r in INDICATORS.values() if r["类型"] == "比较"]
    assert [r["指标名称"] for r in compared if not re.search("快于|比上年", r["指标名称"])] == []
    assert [r["指标名称"] for r in compared if "减" not in r["统计口径"] or r["计量单位"] != "百分点"] == []


def test_no_indicator_in_words_is_due_every_week_or_month() -> None:
    assert [c for c, r in INDICATORS.items() if r["类型"] == "定性" and r["更新频次"] in ("周", "月")] == []


def test_what_a_planned_investment_counts_is_open_so_no_pace_within_the_year_is_set() -> None:
    planned = {
        r["指标名称"]: r for r in INDICATORS.values() if "计划" in r["指标名称"] and "投资" in r["指标名称"]
    }
    del planned["实施全省文化和旅游投资“双百”计划重大项目数"]
    assert len(planned) == 3
    assert {r["进度曲线"] for r in planned.values()} == {"年末考核"}
    assert [n for n, r in planned.items() if "口径待核" not in r["统计口径"]] == []


def test_built_or_only_begun_is_left_to_the_office() -> None:
    stations = [
        r for r in (*INDICATORS.values(), *TASKS.values()) if "变电站" in (r.get("指标名称") or r["重点任务"])
    ]
    assert len(stations) == 6
    assert [r for r in stations if "“建设”指开工还是建成" not in r["待核事项"]] == []


def test_dates_are_last_days_of_years_and_a_task_is_due_with_its_milestone() -> None:
    due = {r["任务编号"]: r["节点时限"] for r in MILESTONES}
    assert due == {c: r["完成时限"] for c, r in TASKS.items() if r["完成时限"]}
    assert {(d.month, d.day) for d in map(date.fromisoformat, due.values())} == {(12, 31)}
    assert [r for r in MILESTONES if f"{r['节点时限'][:4]}年" not in r["原文"]] == []


# --- nothing is invented


def test_baselines_are_empty_because_the_document_has_none() -> None:
    assert [c for c, r in INDICATORS.items() if r["基期值"] or r["基期日期"]] == []


def test_people_and_investment_are_empty_because_the_document_has_none() -> None:
    assert [c for c, r in TASKS.items() if r["责任人"] or r["年度计划投资"]] == []


def test_only_what_the_document_says_is_claimed() -> None:
    assert {r["性质"] for r in (*TARGETS, *MILESTONES)} == {"原文"}
    assert {r["批准依据"] for r in TARGETS} == {PROGRAMME["文号"]}


def test_only_cumulative_indicators_have_a_start_and_it_is_to_be_confirmed() -> None:
    started = {c: r for c, r in INDICATORS.items() if r["起算日期"]}
    assert {r["起算日期"] for r in started.values()} == {"2023-01-01"}
    assert {r["类型"] for r in started.values()} == {"期间累计"}
    cumulative = [r for r in INDICATORS.values() if r["类型"] == "期间累计"]
    assert [r for r in cumulative if "口径待核" not in r["待核事项"]] == []


def test_defaults_that_are_not_in_the_document_are_to_be_confirmed() -> None:
    note = "频次、时滞、曲线、报送单位为默认值，待核"
    assert [c for c, r in INDICATORS.items() if not r["待核事项"].endswith(note)] == []
    assert [c for c, r in TASKS.items() if not r["待核事项"].endswith("数据报送单位为默认值，待核")] == []
    for row in (*INDICATORS.values(), *TASKS.values()):
        assert row["数据报送单位"] == TASK_FORCES[row["专班编号"]]["牵头单位"]


def test_figures_of_national_accounts_and_research_are_not_asked_before_they_exist() -> None:
    lag = {r["指标名称"]: (r["更新频次"], int(r["发布时滞"])) for r in INDICATORS.values()}
    assert lag["全社会研究与试验发展经费支出"] == ("年", 300)
    assert lag["服务业增加值"] == ("季", 25)
    assert lag["人均预期寿命"] == ("年", 90)
    assert min(days for _, days in lag.values()) >= 10


def test_in_a_week_of_2026_a_figure_of_the_last_year_is_asked_or_that_of_the_last_target() -> None:
    plan, _ = read_plan(shipped_plan(), "x")
    assert plan is not None
    for indicator in plan.indicators:
        asked = due_period(indicator, date(2026, 11, 29), plan.programme.first_year)
        assert asked is not None, indicator.code
        assert asked.last >= min(date(2025, 12, 31), indicator.targets[-1].period.last), indicator.code


# --- nothing is left out

NO_TARGETS = {
    "01": {
        "9大领域": "how many fields are listed behind it; in the name of a task",
        "3年完成": "a period; the value follows",
        "5年完成": "a period; the value follows",
        "3年累计": "a period; the value follows",
        "5年累计": "a period; the value follows",
    },
    "02": {"“1+4”": "name of the leading industries"},
    "03": {
        "“315”": "name of the province's project",
        "15大战略领域": "the province's fields",
        "“1+4”": "name of the leading industries",
    },
    "04": {"“1+4”": "name of the leading industries"},
    "09": {"220kV": "a voltage, part of a name", "110kV": "a voltage, part of a name"},
    "10": {"3岁以下": "an age, part of a name"},
}
YEAR = re.compile(r"20\d\d(?=年)")


def spans(part: str, text: str) -> list[range]:
    """Return the places where a part stands in a text."""
    return [range(m.start(), m.end()) for m in re.finditer(re.escape(part), text)]


def covered(place: int, quoted: str, text: str) -> bool:
    return any(place in span for span in spans(quoted, text))


def is_target(task_force: str, number: re.Match[str]) -> bool:
    """Return whether a target quotes this number with its unit right behind it."""
    text = number.string
    return any(
        r["目标值"] == number[0]
        and text.startswith(INDICATORS[r["指标编号"]]["计量单位"], number.end())
        and covered(number.start(), r["原文"], text)
        for r in TARGETS
        if INDICATORS[r["指标编号"]]["专班编号"] == task_force
    )


def is_task(task_force: str, number: re.Match[str]) -> bool:
    """Return whether the name of a task has this number and the character behind it."""
    text = number.string
    return any(
        text[number.start() : number.end() + 1] in r["重点任务"] and covered(number.start(), r["原文"], text)
        for r in TASKS.values()
        if r["专班编号"] == task_force
    )


@pytest.mark.parametrize("code", SECTIONS)
def test_every_number_of_the_aims_is_a_target_or_task_or_explained_here(code: str) -> None:
    text = TASK_FORCES[code]["目标任务"]
    explained = NO_TARGETS.get(code, {})
    left = [
        f"{number[0]}@{text[max(0, number.start() - 12) : number.end() + 6]}"
        for number in re.finditer(r"\d+(?:\.\d+)?", text)
        if not YEAR.match(text, number.start())
        and not any(covered(number.start(), phrase, text) for phrase in explained)
        and not is_target(code, number)
        and not is_task(code, number)
    ]
    assert left == []


@pytest.mark.parametrize("code", SECTIONS)
def test_a_number_that_stands_twice_belongs_to_two_indicators(code: str) -> None:
    text = TASK_FORCES[code]["目标任务"]
    aims = {
        (r["目标值"] + INDICATORS[r["指标编号"]]["计量单位"], r["指标编号"])
        for r in TARGETS
        if INDICATORS[r["指标编号"]]["专班编号"] == code and r["目标值"] not in ("", "0")
    }
    times_quoted = {amount: len(re.findall(rf"(?<![\d.]){re.escape(amount)}", text)) for amount, _ in aims}
    assert times_quoted == {amount: sum(s == amount for s, _ in aims) for amount in times_quoted}


FRAMES = [
    "投资规模合理增长",
    "投资结构持续优化",
    "现代化基础设施体系加快完善",
    "围绕“三城五区”目标",
    "立足拱墅区“1+4”主导产业",
    "贯彻落实省“315”科技创新体系建设工程",
    "聚焦省三大科创高地、15大战略领域、杭州市五大产业生态圈和拱墅区“1+4”主导产业",
    "瞄准建设现代服务业强区目标",
    "强化服务业市场主体培育",
    "成为极具江南韵、市井味、国际化的运河文化休闲首选地",
    "文化标识更加凸显",
    "文旅品牌更加鲜明",
    "推进分布式光伏发电、新型储能、电网等能源基础设施建设",
    "推动空调负荷控制改造、集中供热等综合能源项目建设",
    "推进“幼有善育”",
    "推进“学有优教”",
    "推进“劳有所得”",
    "推进“病有良医”",
    "推进“老有康养”",
    "推进“住有宜居”",
    "推进“弱有众扶”",
    "坚持就业优先导向",
    "形成覆盖全域的基层医疗服务体系",
    "切实解决困难群体基本生活问题",
]
"""Clauses of the aims without a target or task: headings, and aims that the rest of the sentence gives in figures."""


def test_every_clause_of_the_aims_is_quoted_by_a_target_or_task_or_is_a_frame() -> None:
    quoted = [(r["专班编号"], r["原文"]) for r in TASKS.values()]
    quoted += [(INDICATORS[r["指标编号"]]["专班编号"], r["原文"]) for r in TARGETS]
    left = []
    for code, task_force in TASK_FORCES.items():
        text = task_force["目标任务"]
        seen = {place for c, q in quoted if c == code for span in spans(q, text) for place in span}
        clauses = [
            m for m in re.finditer(r"[^,;。]+", text) if not seen.issuperset(range(m.start(), m.end()))
        ]
        left += [m[0] for m in clauses]
    assert [c for c in left if c not in FRAMES] == []
    assert set(FRAMES) <= set(left)


def test_every_explained_number_is_really_there() -> None:
    for code, phrases in NO_TARGETS.items():
        assert [p for p in phrases if p not in TASK_FORCES[code]["目标任务"]] == []


def test_every_value_stands_in_its_quotation_right_before_its_unit() -> None:
    measured = [r for r in TARGETS if r["目标值"] and INDICATORS[r["指标编号"]]["类型"] != "比较"]
    unsaid = [
        r
        for r in measured
        if not re.search(
            rf"(?<![\d.]){re.escape(r['目标值'] + INDICATORS[r['指标编号']]['计量单位'])}", r["原文"]
        )
    ]
    assert unsaid == []
    assert len({(r["指标编号"], r["目标值"]) for r in measured}) > 70


def test_comparisons_are_measured_from_zero() -> None:
    compared = [r for r in TARGETS if INDICATORS[r["指标编号"]]["类型"] == "比较"]
    assert {r["目标值"] for r in compared} == {"0"}
    assert [r for r in compared if "目标值0为临界值" not in r["待核事项"]] == []


def test_the_year_of_a_target_is_in_its_quotation_or_the_plan_says_why_not() -> None:
    each_year = re.compile(r"每年|逐年")
    unexplained = [
        r
        for r in TARGETS
        if f"{r['目标期']}年" not in r["原文"]
        and not each_year.search(r["原文"])
        and "口径待核" not in r["待核事项"] + INDICATORS[r["指标编号"]]["待核事项"]
    ]
    assert unexplained == []


def test_every_year_has_its_row_where_the_aim_is_for_each_year() -> None:
    periods: dict[str, tuple[str, ...]] = {}
    for row in TARGETS:
        periods[row["指标编号"]] = (*periods.get(row["指标编号"], ()), row["目标期"])
    annual = {c: periods[c] for c, r in INDICATORS.items() if r["类型"] in ("逐年", "当年完成率", "比较")}
    short = {INDICATORS[c]["指标名称"]: p for c, p in annual.items() if p != YEARS}
    assert short == {"文化和旅游项目每年计划投资": YEARS[:3], "共有产权住房筹建": YEARS[:2]}


def test_a_wording_that_is_not_in_the_document_is_explained() -> None:
    silent = [
        r
        for r in TARGETS
        if r["用语"] not in r["原文"]
        and "用语" not in r["待核事项"]
        and f"原文用“{r['用语'][0]}”" not in r["待核事项"]
    ]
    assert silent == []


def test_targets_to_strive_for_have_their_own_wording() -> None:
    strives = {INDICATORS[r["指标编号"]]["指标名称"] for r in TARGETS if r["用语"] == "力争"}
    assert strives == {"全社会研究与试验发展经费支出", "全社会研究与试验发展经费占地区生产总值比重"}


WORKS = {
    "08": (
        "京杭大运河博物院 运河湾国际旅游休闲综合体 大运河未来艺术科技中心 大运河滨水公共空间 杭钢遗址公园 "
        "国家文化产业和旅游产业融合发展示范区"
    ),
    "09": "220kV变电站 110kV变电站 集中供热试点 迎峰度夏 亚运场馆 楼宇空调柔性控制 三年行动方案 综合能源建设",
    "10": (
        "邵逸夫医院大运河院区 新华国际医院 上塘中心 桥西中心 拱宸桥中心 庆隆中心 小河湖墅中心小河院区 "
        "东新分中心 潮鸣分中心 石桥分中心 全国基层中医药工作示范县 杭州市中医药综合改革先行区 大运河中医药 爱心卡 "
        "名城工匠 义务教育优质均衡发展县 智慧托育管理系统 儿童健康促进行动 共有产权住房 普惠托育纳入基本公共服务"
    ),
    "01": "专项资金 政府专项债券 银项精准对接机制 要素优先保障 能耗增量",
    "02": "产业扶持政策 专项资金 产业基金 工业用地 产业基础再造",
    "03": "科技创新集成政策 重大科技专项 科技融资机制 科技创新少年队",
    "04": "省级服务业创新发展区 大武林商圈 中央商务区 地瓜经济 专项资金",
}


@pytest.mark.parametrize(("code", "work"), [(c, w) for c, works in WORKS.items() for w in works.split()])
def test_a_named_work_is_a_task_of_its_task_force(code: str, work: str) -> None:
    assert work in DOCUMENT
    assert [c for c, r in TASKS.items() if r["专班编号"] == code and work in r["重点任务"]] != []


@pytest.mark.parametrize("code", ["05", "06", "07"])
def test_a_task_force_that_is_not_involved_has_one_task_and_no_indicator(code: str) -> None:
    tasks = [r for r in TASKS.values() if r["专班编号"] == code]
    assert [r["原文"] for r in tasks] == [NO_PART]
    assert tasks[0]["重点任务"].startswith("配合")
    assert [c for c, r in INDICATORS.items() if r["专班编号"] == code] == []


# --- examples read by hand


@pytest.mark.parametrize(
    ("name", "period", "word", "value", "unit"),
    [
        ("每年滚动推进重大项目数", "2026", "左右", "5", "个"),
        ("重大项目当年完成投资", "2024", "以上", "35", "亿元"),
        ("重大项目累计完成投资", "2027", "以上", "200", "亿元"),
        ("固定资产投资", "2025", "超过", "860", "亿元"),
        ("累计保障建设用地", "2025", "以上", "1100", "亩"),
        ("新材料产业生态圈规模", "2027", "达", "25", "亿元"),
        ("全社会研究与试验发展经费支出", "2025", "力争", "47", "亿元"),
        ("全社会研究与试验发展经费占地区生产总值比重", "2027", "以上", "2.8", "%"),
        ("高价值发明专利拥有量", "2027", "突破", "6186", "件"),
        ("“十四五”期间财政科技支出年均增长", "2025", "以上", "15", "%"),
        ("服务业增加值", "2025", "突破", "2000", "亿元"),
        ("十亿级行业领跑企业数", "2027", "超过", "180", "家"),
        ("新增高技能人才", "2023", "达", "4000", "名"),
        ("文化和旅游项目每年计划投资", "2024", "超过", "40", "亿元"),
        ("空调系统负荷控制改造", "2023", "达", "22.54", "万千瓦"),
        ("建设220kV变电站数", "2025", "达", "1", "座"),
        ("建设220kV变电站容量", "2025", "达", "48", "万千瓦"),
        ("普惠性幼儿园在园幼儿占比", "2025", "超过", "93", "%"),
        ("人均预期寿命", "2027", "超过", "85.65", "岁"),
        ("建有安宁疗护病区的县级医院数", "2027", "至少", "1", "家"),
        ("保障性住房累计建设筹集", "2027", "达", "2.8", "万套"),
        ("共有产权住房筹建", "2024", "达", "1250", "套"),
        ("最低生活保障标准年人均", "2027", "提高到", "16000", "元"),
        ("困难群众合理医疗费用个人负担率", "2027", "以内", "15", "%"),
        ("区级社会救助服务联合体完成率", "2023", "完成", "100", "%"),
    ],
)
def test_a_target_read_by_hand_is_in_the_plan(
    name: str, period: str, word: str, value: str, unit: str
) -> None:
    (code,) = [c for c, r in INDICATORS.items() if r["指标名称"] == name]
    (target,) = [r for r in TARGETS if r["指标编号"] == code and r["目标期"] == period]
    assert (target["用语"], target["目标值"], INDICATORS[code]["计量单位"]) == (word, value, unit)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("重大项目当年完成投资", "逐年"),
        ("重大项目累计完成投资", "期间累计"),
        ("固定资产投资", "目标年当年"),
        ("高新技术企业数", "期末存量"),
        ("城镇住房保障受益覆盖率", "比率"),
        ("“十四五”期间财政科技支出年均增长", "增速"),
        ("省重大服务业项目当年投资完成率", "当年完成率"),
        ("水利投资增速快于面上投资增速", "比较"),
        ("基本养老服务覆盖全体老年人", "定性"),
    ],
)
def test_an_indicator_is_counted_as_its_sentence_says(name: str, kind: str) -> None:
    assert [r["类型"] for r in INDICATORS.values() if r["指标名称"] == name] == [kind]
