"""Corrections: what goes back to a sender loses nothing, says only what is true of it, and is accepted once mended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl import Workbook, load_workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.status import status
from tenproj_xl.cli.open_form import TABS
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import quoted
from tenproj_xl.core.sheets import CORRECTION_SHEET, COVER, ISSUES, SENT_SHEET, TASKS
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.statuses import Status
from tests.app.test_ingest import ISSUE, figure, ingested, issue_codes, value
from tests.conftest import EARLIER, PERIOD
from tests.core.test_catalogue import EXAMPLES
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office, sent_out
from tests.helpers.libreoffice import type_into
from tests.helpers.programs import need

INDICATORS = TABS["indicators"]
ERROR, LOOK = "须更正", "请核对"
RED, YELLOW = "FFFADBD8", "FFFFE699"
FIRST_TASK = "打造“科技创新少年队”"


class Line(NamedTuple):
    """One line of 修改清单."""

    word: str
    sheet: str
    cell: str
    row: str
    typed: str
    advice: str


class Answer(Filling):
    """A workbook for correction, as its receiver has it open."""

    @property
    def letter(self) -> str:
        """What 修改清单 says above its lines."""
        return str(self.book[CORRECTION_SHEET]["B3"].value)

    @property
    def todo(self) -> list[Line]:
        """The lines of 修改清单."""
        rows = self.book[CORRECTION_SHEET].iter_rows(min_row=5, min_col=3, max_col=8, values_only=True)
        return [Line(*map(str, row)) for row in rows]

    @property
    def sent(self) -> dict[int, dict[str, object]]:
        """The lines of 原填内容 by their row numbers: what stands there, by header."""
        found: dict[int, dict[str, object]] = {}
        headers: list[object] = []
        rows = (
            self.book[SENT_SHEET].iter_rows(min_row=4, min_col=2, values_only=True) if self.has_sent else ()
        )
        for n, row in enumerate(rows, 4):
            if row[0] == "工作表":
                headers = list(row)
            elif row[0]:
                pairs = zip(headers, row, strict=True)
                found[n] = {str(h): v for h, v in pairs if h and v is not None}
        return found

    @property
    def has_sent(self) -> bool:
        return SENT_SHEET in self.book.sheetnames

    def colour(self, sheet: str, row: str, field: str) -> object:
        """The ground of a cell."""
        return self.tab(sheet)[self.at(sheet, row, field)].fill.fgColor.rgb

    def note(self, sheet: str, cell: str) -> str:
        """The comment on a cell."""
        comment = self.tab(sheet)[cell].comment
        return comment.text if comment else ""

    def values(self, sheet: str, row: str, *fields: str) -> list[object]:
        """What stands in cells of a row."""
        return [self.value(sheet, row, f) for f in fields]


def take_in(week: Office, form: Filling, name: str = "1.xlsx", hours: float = -5) -> FileResult:
    week.send(form, name, hours=hours)
    return ingested(week)[name]


def answered(week: Office, form: Filling, name: str = "1.xlsx") -> Answer:
    """What goes back for a form."""
    result = take_in(week, form, name)
    assert result.answer, result.status
    return Answer(result.answer)


def said_again(week: Office, back: Filling) -> list[str]:
    """What is found fault with when a correction comes in; nothing may keep a row out."""
    result = take_in(week, back, "2.xlsx", hours=-4)
    assert result.status in (Status.ACCEPTED, Status.WITH_WARNINGS), [f.message for f in result.findings]
    return [f.message for f in result.findings]


# --- cells at fault


def test_a_cell_at_fault_is_marked_and_the_rest_is_filled_in_again(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("indicators", "Z03-04", value="很多")
    back = answered(later_week, form)
    assert back.todo == [
        Line(
            ERROR,
            INDICATORS,
            "K7",
            "技术交易总额　最新数值",
            "很多",
            "填了“很多”，这里请只填数字、不带单位，如 72.5；还没有数的请空着。",
        )
    ]
    assert back.letter.startswith("您好！贵单位报送的填报表有1处须更正，见下表；")
    assert "下表没有列出的内容不必重填" in back.letter
    assert not back.has_sent
    assert back.values("indicators", "Z03-04", "value", "nature") == ["很多", "部门统计"]
    assert back.values("tasks", "R03-01", "status", "progress") == ["序时推进", "按计划推进"]
    assert (back.colour("indicators", "Z03-04", "value"), back.note("indicators", "K7")) == (
        RED,
        back.todo[0].advice,
    )


def test_what_was_guessed_on_the_way_is_not_asked_about_again(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("indicators", "Z03-04", value="很多")
    form.write("tasks", "R03-01", status="已完成", completed_on="11月20日")
    form.write("issues", "+1", **ISSUE)
    back = answered(later_week, form)
    assert [line.word for line in back.todo] == [ERROR, LOOK]
    assert "已记为2026-11-20，请核对" in back.todo[1].advice
    back.write("indicators", "Z03-04", value=12.5)
    assert said_again(later_week, back) == []


def test_places_are_those_of_the_form_that_goes_back(later_week: Office) -> None:
    form = later_week.right("03")
    form.reorder("indicators", ["Z03-05", "Z03-01", "Z03-04", "Z03-02", "Z03-06", "Z03-03"])
    form.insert_rows("indicators", 1, 3)
    form.put(INDICATORS, "K10", "增长较快")
    back = answered(later_week, form)
    assert [(line.cell, line.row) for line in back.todo] == [("K7", "技术交易总额　最新数值")]
    assert back.todo[0].advice.startswith("填了“增长较快”")


def test_a_cell_of_the_office_is_restored_and_only_to_be_looked_at(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("indicators", "Z03-04", target_2027="达80")
    form.write("tasks", "R03-02", status="基本完成")
    back = answered(later_week, form)
    advice = "这一栏由总专班办公室填写，已恢复为“达90”，请核对；确需调整的，请另行报告。"
    assert [(x.word, x.row, x.typed, x.advice) for x in back.todo[1:]] == [
        (LOOK, "技术交易总额　2027年目标", "达80", advice)
    ]
    assert back.value("indicators", "Z03-04", "target_2027") == "达90"
    back.write("tasks", "R03-02", status="序时推进")
    assert said_again(later_week, back) == []


def test_what_is_wrong_on_the_cover_is_marked_on_the_cover(week: Office) -> None:
    form = figure(week, "很多")
    form.cover(signed_on="上周五", unit=None, phone=None)
    back = answered(week, form)
    found = {x.row: x for x in back.todo if x.sheet == COVER.name}
    cell = back.cover_at("signed_on")
    assert back.book[COVER.name][cell].value == "上周五"
    assert found["审签日期"][:5] == (LOOK, COVER.name, cell, "审签日期", "上周五")
    assert found["审签日期"].advice == "填了“上周五”，这里请填写年月日，如 2026-11-25。"
    assert found["填报单位"][4:] == ("（空）", "没有填写，已填为“区科技局”，请核对。")
    assert found["联系电话"].advice == "没有填写，请填写办公电话或手机。"
    assert back.book[COVER.name][cell].comment


def test_what_is_only_to_be_looked_at_is_not_called_an_error(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("indicators", "Z03-04", value="很多")
    form.write("tasks", "R03-01", status=None, progress=None)
    back = answered(later_week, form)
    assert [(x.word, x.sheet, x.row) for x in back.todo] == [
        (ERROR, INDICATORS, "技术交易总额　最新数值"),
        (LOOK, TASKS.name, "整张表"),
    ]
    assert "有1处须更正、1处请核对" in back.letter


def test_a_blank_return_gets_the_form_back_with_one_line(later_week: Office) -> None:
    form = later_week.blank("03")
    form.cover(**SIGNED)
    back = answered(later_week, form)
    assert [(x.word, x.row) for x in back.todo] == [(ERROR, "全表")]
    assert back.todo[0].advice.startswith("三张进度表与下发时一样，都没有填写。")
    assert "不必重填" not in back.letter


def test_of_a_long_text_the_list_shows_the_beginning(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("tasks", "R03-01", progress="已兑现。" * 150)
    back = answered(later_week, form)
    assert [x.typed for x in back.todo] == ["已兑现。" * 15 + "…"]
    assert back.value("tasks", "R03-01", "progress") == "已兑现。" * 150


# --- rows that nobody can tell the owner of


def torn(week: Office) -> Filling:
    """A right form in which some columns of the tasks were sorted and the others not."""
    form = week.right("03")
    for code in form.codes("tasks"):
        form.write("tasks", code, progress=f"{code}的进展")
    form.reorder(
        "tasks", ["R03-02", "R03-03", "R03-04", "R03-01"], only=["code", "name", "status", "progress"]
    )
    return form


def test_torn_rows_come_back_as_they_were_sent(later_week: Office) -> None:
    back = answered(later_week, torn(later_week))
    assert list(back.sent) == [5, 6, 7, 8]
    assert [(x["工作表"], x["原行号"], x["任务编号"], x["本期进展"]) for x in back.sent.values()] == [
        (TASKS.name, "5", "R03-02", "R03-02的进展"),
        (TASKS.name, "6", "R03-03", "R03-03的进展"),
        (TASKS.name, "7", "R03-04", "R03-04的进展"),
        (TASKS.name, "8", "R03-01", "R03-01的进展"),
    ]
    assert back.values("tasks", "R03-01", "status", "progress") == [None, None]
    assert {back.colour("tasks", code, f) for code in back.codes("tasks") for f in ("name", "progress")} == {
        RED
    }


def test_torn_rows_are_to_be_filled_in_again_and_the_letter_says_so(later_week: Office) -> None:
    back = answered(later_week, torn(later_week))
    assert back.todo[0] == Line(
        ERROR,
        TASKS.name,
        "B5",
        FIRST_TASK,
        "（整行）",
        "这一行未接收，请对照“原填内容”第5、8行重新填写（行的各部分对不上，可能只对部分列排了序，或贴错了行）。",
    )
    assert [x.cell for x in back.todo] == ["B5", "B6", "B7", "B8"]
    assert "有4行未接收，照原样列在“原填内容”，请按其中“填到”一栏填写。" in back.letter
    assert back.sent[5]["填到"] == "重点任务进度表第5、6行"
    for code in back.codes("tasks"):
        back.write("tasks", code, status="序时推进", progress=f"{code}的进展")
    assert said_again(later_week, back) == []


def test_a_block_pasted_too_low_comes_back_beside_the_rows_that_it_was_meant_for(later_week: Office) -> None:
    form = later_week.right("03")
    for code in form.codes("tasks"):
        form.write("tasks", code, progress=f"{code}的进展")
    form.shift_down("tasks", ["status", "progress"])
    back = answered(later_week, form)
    assert [(n, x["原行号"], x["本期进展"]) for n, x in back.sent.items()] == [
        (5, "6", "R03-01的进展"),
        (6, "7", "R03-02的进展"),
        (7, "8", "R03-03的进展"),
        (8, "9", "R03-04的进展"),
    ]
    assert [(x.word, x.cell, x.advice) for x in back.todo] == [
        (ERROR, f"B{n}", f"这一行未接收，请对照“原填内容”第{n}行重新填写（整块内容像是往下贴错了行）。")
        for n in (5, 6, 7, 8)
    ]
    for code in back.codes("tasks"):
        back.write("tasks", code, status="序时推进", progress=f"{code}的进展")
    assert said_again(later_week, back) == []


def test_a_total_with_figures_is_listed_and_nothing_is_asked_for_it(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("tasks", "R03-02", status="基本完成")
    form.append("tasks", code="合计", invest_done=12.5)
    back = answered(later_week, form)
    assert [(x.word, x.typed, x.advice) for x in back.todo[1:]] == [
        (LOOK, "合计", "这一行是合计或说明，没有填回，请核对。")
    ]
    assert [x["任务编号"] for x in back.sent.values()] == ["合计"]


def test_of_two_rows_that_say_different_things_neither_is_chosen(later_week: Office) -> None:
    form = later_week.right("03")
    last = form.copy_row("tasks", "R03-02")
    form.tab("tasks").cell(last, form.column("tasks", "progress")).value = "已完成评审"
    back = answered(later_week, form)
    assert [(x["原行号"], x["本期进展"]) for x in back.sent.values()] == [
        ("6", "按计划推进"),
        ("9", "已完成评审"),
    ]
    assert back.values("tasks", "R03-02", "status", "progress") == [None, None]
    assert [x.advice for x in back.todo] == [
        "这一行未接收，请对照“原填内容”第5、6行重新填写（同一项有两行，填的内容不一样）。"
    ]
    back.write("tasks", "R03-02", status="序时推进", progress="已完成评审")
    assert said_again(later_week, back) == []


def test_of_two_equal_rows_one_counts_and_nothing_is_asked(later_week: Office) -> None:
    form = later_week.right("03")
    form.copy_row("tasks", "R03-02")
    result = take_in(later_week, form)
    assert (result.findings, result.answer) == ((), None)


def test_two_rows_with_the_same_answers_become_one(later_week: Office) -> None:
    form = later_week.right("03")
    last = form.copy_row("tasks", "R03-02")
    form.tab("tasks").cell(last, form.column("tasks", "annual_goal")).value = "争取立项4个"
    back = answered(later_week, form)
    assert [(x.word, x.cell, x.advice) for x in back.todo] == [
        (LOOK, "B6", "贵单位发来的表里第6、9行是同一项，内容没有冲突，已合为一行，请核对。")
    ]
    assert back.colour("tasks", "R03-02", "name") == YELLOW
    assert said_again(later_week, back) == []


def test_what_was_written_below_the_table_is_shown(later_week: Office) -> None:
    form = later_week.right("03")
    row = form.append("tasks", name="新增任务", status="序时推进", progress="已启动")
    form.append("tasks", code="注：以上为快报数")
    back = answered(later_week, form)
    assert [(x["原行号"], x.get("重点任务"), x.get("任务编号")) for x in back.sent.values()] == [
        (str(row), "新增任务", None),
        (str(row + 1), None, "注：以上为快报数"),
    ]
    assert [(x.word, x.sheet, x.cell, x.typed) for x in back.todo] == [
        (ERROR, SENT_SHEET, "B5", "新增任务"),
        (LOOK, SENT_SHEET, "B6", "注：以上为快报数"),
    ]
    assert back.todo[0].advice == (
        "这一行不是下发的行，没有填回；需要报送的，请对照“原填内容”第5行填到原有的行内。"
    )
    assert back.values("tasks", "R03-01", "status") == ["序时推进"]
    assert said_again(later_week, back) == []


def test_a_row_of_another_task_forces_form_belongs_in_that_form(later_week: Office) -> None:
    form, other = later_week.right("03"), later_week.right("08")
    form.tab("tasks").append([cell.value for cell in other.tab("tasks")[other.row("tasks", "R08-01")]])
    back = answered(later_week, form)
    assert [(x["任务编号"], x["填到"]) for x in back.sent.values()] == [("R08-01", "08专班的填报表")]
    assert [x.advice for x in back.todo] == [
        "是第48期（11月23日—29日）08专班的内容，没有填回；需要报送的，请填到08专班的填报表中发送。"
    ]


def test_what_is_typed_on_the_list_of_rows_is_not_read(later_week: Office) -> None:
    back = answered(later_week, torn(later_week))
    back.delete_sheet("issues")
    back.put(SENT_SHEET, "B12", "乱填")
    result = take_in(later_week, back, "2.xlsx", hours=-4)
    assert result.judgement
    assert result.judgement.source.absent == {"issues"}
    assert not [f for f in result.findings if f.sheet == SENT_SHEET]


# --- sheets that could not be used


def earlier_form(week: Office, task_force: str) -> Filling:
    form = Filling(next((week.workspace.outbox / EARLIER / "填报表").glob(f"{task_force}_*.xlsx")))
    form.cover(**SIGNED)
    return form


def test_a_sheet_of_another_week_is_listed_row_by_row(later_week: Office) -> None:
    form, old = later_week.right("03"), earlier_form(later_week, "03")
    old.write("tasks", "R03-01", status="序时推进", progress="又成立1支")
    form.bring(old, "tasks")
    back = answered(later_week, form)
    assert [(x.cell, x.row) for x in back.todo] == [("B4", "整张表"), ("B5", FIRST_TASK)]
    assert back.todo[0].advice == (
        "贵单位发来的工作表“重点任务进度表”是第42期（10月12日—18日）03专班的，未接收；"
        "填的内容列在“原填内容”，请对照填到这里。"
    )
    assert [(x["任务编号"], x["本期进展"]) for x in back.sent.values()] == [("R03-01", "又成立1支")]
    assert back.values("indicators", "Z03-05", "value") == [5978]
    back.write("tasks", "R03-01", status="序时推进", progress="又成立1支")
    assert any("没有填写进展" in text for text in said_again(later_week, back))


def test_rows_that_are_to_be_filled_in_again_are_one_point_of_the_letter(later_week: Office) -> None:
    form, old = later_week.right("03"), earlier_form(later_week, "03")
    for code in ("R03-01", "R03-02", "R03-03"):
        old.write("tasks", code, status="序时推进", progress="又成立1支")
    form.bring(old, "tasks")
    result = take_in(later_week, form)
    assert result.letter
    letter = result.letter.read_text("utf-8-sig")
    head = f"“重点任务进度表”B5、B6、B7共3处“未接收的行”，如{quoted(FIRST_TASK)}：这一行未接收"
    assert head in letter
    assert letter.count("这一行未接收") == 1


def test_a_sheet_of_another_task_force_belongs_in_that_ones_form(later_week: Office) -> None:
    form = later_week.right("03")
    form.bring(later_week.right("08"), "tasks", "08任务")
    back = answered(later_week, form)
    assert back.todo[0].advice == (
        "贵单位发来的工作表“08任务”是第48期（11月23日—29日）08专班的，未接收；"
        "填的内容列在“原填内容”，请填到08专班的填报表中发送。"
    )
    assert back.values("tasks", "R03-01", "status") == ["序时推进"]


def test_of_a_sheet_that_came_twice_only_what_differs_is_to_be_filled_in_again(later_week: Office) -> None:
    form = later_week.right("03")
    form.copy_sheet("tasks", "任务(改)")
    form.put("任务(改)", form.at("tasks", "R03-02", "progress"), "已完成评审")
    back = answered(later_week, form)
    assert [(x.word, x.cell) for x in back.todo] == [(ERROR, "B6"), (LOOK, "B4")]
    assert [(x["工作表"], x["原行号"], x["本期进展"]) for x in back.sent.values()] == [
        ("任务(改)", "6", "已完成评审"),
        (TASKS.name, "6", "按计划推进"),
    ]
    assert back.values("tasks", "R03-01", "progress") == ["按计划推进"]
    back.write("tasks", "R03-02", status="序时推进", progress="已完成评审")
    assert said_again(later_week, back) == []


def test_where_a_column_is_gone_the_others_are_filled_in_again(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("issues", "+1", **ISSUE)
    form.write("tasks", "R03-01", person="赵六")
    form.delete_column("tasks", "progress")
    back = answered(later_week, form)
    assert back.todo == [
        Line(
            ERROR,
            TASKS.name,
            "M4",
            "本期进展　整列",
            "None",
            "贵单位发来的表里没有“本期进展”列；其余内容已填回，请补填这一列，没有内容的可以空着。",
        )
    ]
    assert back.values("tasks", "R03-01", "status", "person", "progress") == ["序时推进", "赵六", None]
    assert (back.colour("tasks", "R03-01", "progress"), back.colour("tasks", "R03-01", "status")) == (
        RED,
        "FFFFF9DF",
    )
    assert back.note("tasks", "M4") == back.todo[0].advice
    assert not back.has_sent
    for code in back.codes("tasks"):
        back.write("tasks", code, progress="按计划推进")
    assert said_again(later_week, back) == []


def test_where_a_column_came_twice_only_what_differs_is_asked_for(later_week: Office) -> None:
    form = later_week.right("03")
    second = form.copy_column("tasks", "progress")
    letter = second.rstrip("0123456789")
    form.put(TASKS.name, f"{letter}6", "已完成评审")
    form.put(TASKS.name, f"{letter}7", None)
    back = answered(later_week, form)
    assert [(x.word, x.cell, x.typed) for x in back.todo] == [
        (ERROR, "M6", "按计划推进 / 已完成评审"),
        (LOOK, "B4", "None"),
    ]
    assert back.todo[0].advice == (
        "贵单位发来的表里这一列有两处，分别填了“按计划推进”和“已完成评审”，请填写正确的一个。"
    )
    assert [back.value("tasks", code, "progress") for code in back.codes("tasks")] == [
        "按计划推进",
        None,
        "按计划推进",
        "按计划推进",
    ]
    back.write("tasks", "R03-02", progress="已完成评审")
    assert said_again(later_week, back) == []


def test_where_the_keys_are_gone_rows_go_back_by_their_codes(later_week: Office) -> None:
    form = later_week.right("03")
    form.write("issues", "+1", **ISSUE)
    form.write("tasks", "R03-02", status="基本完成")
    for sheet in ("tasks", "issues"):
        form.delete_column(sheet, "key", "key2")
    form.delete_column("issues", "remark")
    back = answered(later_week, form)
    assert [(x.word, x.sheet, x.row) for x in back.todo] == [
        (ERROR, TASKS.name, "帮助各类创新主体争取省、市重大科技专项　当前状态"),
        (ERROR, ISSUES.name, "备注　整列"),
        (LOOK, TASKS.name, "整张表"),
        (LOOK, ISSUES.name, "整张表"),
    ]
    assert back.values("tasks", "R03-01", "status", "progress") == ["序时推进", "按计划推进"]
    assert back.values("issues", "+1", "description", "category") == [ISSUE["description"], "用地"]
    back.write("tasks", "R03-02", status="序时推进")
    assert said_again(later_week, back) == []
    assert issue_codes(later_week) == ["W03-2026-001"]


def test_a_sheet_that_is_gone_is_there_again(later_week: Office) -> None:
    form = later_week.right("03")
    form.delete_sheet("issues")
    back = answered(later_week, form)
    assert [(x.word, x.sheet, x.advice) for x in back.todo] == [
        (ERROR, ISSUES.name, "贵单位发来的文件中没有这张工作表，这里已补上，请填写。")
    ]
    assert said_again(later_week, back) == []


# --- new issues


def test_a_new_issue_goes_back_into_its_own_row(week: Office) -> None:
    form = figure(week, "很多")
    form.write("issues", "+3", **ISSUE)
    back = answered(week, form)
    assert [back.value("issues", f"+{n}", "description") for n in (1, 2, 3)] == [
        None,
        None,
        ISSUE["description"],
    ]
    back.write("indicators", "Z03-04", value=12.5)
    said_again(week, back)
    assert issue_codes(week) == ["W03-2026-001"]


def test_an_issue_without_a_key_goes_into_a_blank_row(week: Office) -> None:
    form = week.blank("03")
    form.cover(**SIGNED)
    form.write("issues", "+1", **{**ISSUE, "description": "配套资金到位率偏低"})
    row = form.append("issues", **{**ISSUE, "category": "土地"})
    back = answered(week, form)
    assert back.values("issues", "+2", "description", "category") == [ISSUE["description"], "土地"]
    found = {x.row: x for x in back.todo if x.sheet == ISSUES.name}
    assert found["项目用地指标尚未落实　问题类别"][:3] == (
        ERROR,
        ISSUES.name,
        back.at("issues", "+2", "category"),
    )
    advice = f"这一行是在原表第{row}行自行添加的，已移到登记新问题的空行，请核对。"
    assert (found["项目用地指标尚未落实"].typed, found["项目用地指标尚未落实"].advice) == ("（整行）", advice)
    back.write("issues", "+2", category="用地")
    said_again(week, back)
    assert issue_codes(week) == ["W03-2026-001", "W03-2026-002"]


def test_an_issue_without_a_key_is_not_registered_twice_by_its_correction(week: Office) -> None:
    form = figure(week, "很多")
    form.append("issues", **ISSUE)
    back = answered(week, form)
    back.write("indicators", "Z03-04", value=12.5)
    said_again(week, back)
    assert issue_codes(week) == ["W03-2026-001"]


def test_issues_beyond_the_blank_rows_are_listed(week: Office) -> None:
    form = week.blank("03")
    form.cover(**SIGNED)
    for n in range(1, 11):
        form.write("issues", f"+{n}", **{**ISSUE, "description": f"问题{n}"})
    form.append("issues", **{**ISSUE, "description": "第十一个问题", "category": "土地"})
    back = answered(week, form)
    assert [(x["问题描述"], x["未接收的原因"]) for x in back.sent.values()] == [
        ("第十一个问题", "登记新问题的空行不够")
    ]


# --- another period's form


def moved(week: Office) -> Answer:
    """The answer to the earlier form filled in again, which has long been settled."""
    form = earlier_form(week, "03")
    form.write("indicators", "Z03-04", value=12.5, nature="部门统计")
    form.write("tasks", "R03-01", status="序时推进", progress="又成立1支")
    form.write("issues", "+1", **ISSUE)
    return answered(week, form)


def test_an_old_form_is_moved_into_the_current_one(later_week: Office) -> None:
    back = moved(later_week)
    assert back.values("tasks", "R03-01", "status", "progress") == ["序时推进", "又成立1支"]
    assert back.value("issues", "+1", "description") == ISSUE["description"]
    assert back.values("indicators", "Z03-05", "value", "data_period") == [
        None,
        "2026年三季度",
    ]  # not answered there
    assert back.letter.startswith(
        "您好！贵单位发来的是2026年第42期（10月12日—18日）的填报表，本次应报第48期（11月23日—29日）；"
        "填的内容已搬到本工作簿，有2处请核对，见下表。逐项核对、补充后请把本工作簿用邮件附件发回"
    )
    assert [(x.word, x.row) for x in back.todo] == [(LOOK, "全表"), (LOOK, "技术交易总额　数据所属期")]
    assert back.todo[0].advice == (
        "这些内容原来填在2026年第42期（10月12日—18日）的表中，已搬到本期的表；请逐项核对、补充后发回。"
    )
    assert back.todo[1].advice == "这是2026年8月的数，本期应报2026年10月的数，请核对。"


def test_a_moved_form_is_accepted_once_it_is_completed(later_week: Office) -> None:
    back = moved(later_week)
    back.write("indicators", "Z03-04", data_period="2026年10月")
    said_again(later_week, back)
    assert value(later_week, "Z03-04") == 12.5
    assert issue_codes(later_week) == ["W03-2026-001"]


def test_a_task_that_is_finished_by_now_is_listed(later_week: Office) -> None:
    done = later_week.blank("03")
    done.cover(**SIGNED)
    done.write("tasks", "R03-01", status="已完成", completed_on="2026-11-20", progress="已办结")
    take_in(later_week, done, "done.xlsx", hours=-9)
    closed = sent_out(later_week.workspace, "2026-W49")  # where it stands once more, to be taken back
    form = closed.blank("03")
    form.cover(**SIGNED)
    form.write("tasks", "R03-02", status="序时推进", progress="12月初的进展")
    take_in(closed, form, "W49.xlsx", hours=-9)
    generate(later_week.workspace, "2026-W50")
    form = later_week.blank("03")
    form.cover(**SIGNED)
    form.write("tasks", "R03-01", status="已完成", completed_on="2026-11-20", progress="12月再办一期")
    form.write("tasks", "R03-02", status="序时推进", progress="12月的进展")
    form.save(later_week.workspace.inbox / "old.xlsx", later_week.deadline)
    (result,) = ingest(later_week.workspace, "2026-W50").files
    assert result.answer
    back = Answer(result.answer)
    assert [(x["任务编号"], x["本期进展"]) for x in back.sent.values()] == [("R03-01", "12月再办一期")]
    assert back.value("tasks", "R03-02", "progress") == "12月的进展"
    (line,) = [x for x in back.todo if x.sheet == SENT_SHEET]
    assert (line.word, line.typed, line.advice) == (
        LOOK,
        FIRST_TASK,
        "本期的表中没有这一项，没有填回，请核对。",
    )


def test_of_an_old_form_rows_that_were_accepted_as_they_are_need_no_look(later_week: Office) -> None:
    form = later_week.right("03")
    of_last_year = [code for code in form.rows("indicators") if code.endswith("/2025")]
    assert of_last_year
    form.write("indicators", of_last_year[0], value=11, nature="统计核定")
    form.write("indicators", of_last_year[1], value=52, nature="统计核定")
    take_in(later_week, form, "W48.xlsx", hours=-9)
    next_week = sent_out(later_week.workspace, "2026-W49")
    form.write("indicators", of_last_year[1], value=53, nature="统计核定")
    form.write("tasks", "R03-02", status="序时推进", progress="12月初的进展")
    next_week.send(form, "again.xlsx")
    (result,) = ingest(next_week.workspace, "2026-W49").files
    assert result.answer
    assert result.letter
    assert [x["指标编号"] for x in Answer(result.answer).sent.values()] == [of_last_year[1]]
    (line,) = [x for x in Answer(result.answer).todo if x.sheet == SENT_SHEET]
    assert f"：{quoted(line.typed)}：本期的表中没有这一项" in result.letter.read_text("utf-8-sig")
    refused = [receipt.file for receipt in status(next_week.workspace, "2026-W49").refused]
    assert refused == ["again.xlsx"]


def test_an_old_form_is_not_called_refused_any_more_once_its_correction_is_accepted(
    later_week: Office,
) -> None:
    back = moved(later_week)
    assert [receipt.file for receipt in status(later_week.workspace, PERIOD).refused] == ["1.xlsx"]
    back.write("indicators", "Z03-04", data_period="2026年10月")
    said_again(later_week, back)
    assert not status(later_week.workspace, PERIOD).refused


# --- nothing is lost


def texts_of(book: Workbook) -> set[str]:
    """Everything that stands in a workbook, spelled one way."""
    cells = (cell for page in book.worksheets for cell in page._cells.values())
    return {canonical(cell.value) for cell in cells if cell.value is not None}


def test_whatever_was_typed_stands_somewhere_in_the_answer(later_week: Office) -> None:
    typed: dict[str, set[str]] = {}
    blank = {code: texts_of(later_week.blank(code).book) for code in {e.task_force for e in EXAMPLES}}
    for example in EXAMPLES:
        form = later_week.right(example.task_force)
        example.spoil(form)
        typed[example.file] = texts_of(form.book) - blank[example.task_force]
        later_week.send(form, example.file)
    answers = {
        name: f.answer for name, f in ingested(later_week).items() if f.answer and f.answer.suffix == ".xlsx"
    }
    assert len(answers) > 20
    for name, path in answers.items():
        there = texts_of(load_workbook(path))
        lost = {text for text in typed[name] - there if not any(text in longer for longer in there)}
        assert lost == set(), name


# --- refused, corrected, accepted


@dataclass(frozen=True)
class Case:
    """A fault, and how its sender mends the workbook that comes back."""

    code: Code
    spoil: Callable[[Filling], object]
    mend: Callable[[Filling], object]


def cell(code: Code, sheet: str, row: str, wrong: Mapping[str, object], right: Mapping[str, object]) -> Case:
    return Case(
        code, lambda form: form.write(sheet, row, **wrong), lambda form: form.write(sheet, row, **right)
    )


def a_new_issue(**more: object) -> dict[str, object]:
    return {**ISSUE, **more}


CASES = [
    cell(Code.NOT_NUMBER, "indicators", "Z03-04", {"value": "增长较快"}, {"value": 12.5}),
    cell(Code.ERROR_VALUE, "indicators", "Z03-04", {"value": "#DIV/0!"}, {"value": 12.5}),
    cell(Code.NOT_PERIOD, "indicators", "Z03-04", {"data_period": "上月"}, {"data_period": "2026年10月"}),
    cell(
        Code.PERIOD_FUTURE, "indicators", "Z03-04", {"data_period": "2026年"}, {"data_period": "2026年10月"}
    ),
    cell(Code.PERIOD_MISSING, "indicators", "Z03-04", {"data_period": None}, {"data_period": "2026年10月"}),
    cell(Code.REQUIRED, "indicators", "Z03-04", {"nature": None}, {"nature": "部门统计"}),
    cell(Code.OUT_OF_BOUNDS, "indicators", "Z03-05", {"city_rank": 0}, {"city_rank": 3}),
    cell(
        Code.REQUIRED,
        "indicators",
        "Z03-05",
        {"value": 5000},
        {"lag_reason": "授权放缓", "next_steps": "加大培育"},
    ),
    cell(
        Code.NOT_DATE,
        "tasks",
        "R03-01",
        {"completed_on": "2026-11-31", "status": "已完成"},
        {"completed_on": "2026.11.20"},
    ),
    cell(Code.NOT_CHOICE, "tasks", "R03-02", {"status": "基本完成"}, {"status": "序时推进"}),
    cell(Code.TOO_LONG, "tasks", "R03-03", {"progress": "已兑现。" * 150}, {"progress": "已兑现。"}),
    cell(Code.DATES_ORDER, "issues", "+1", a_new_issue(due_on="2026-10-31"), {"due_on": "2026-12-31"}),
    cell(Code.ISSUE_INCOMPLETE, "issues", "+1", a_new_issue(due_on=None), {"due_on": "2026-12-31"}),
    Case(
        Code.KEYS_DISAGREE,
        lambda form: form.reorder("tasks", ["R03-02", "R03-01"], only=["code", "status"]),
        lambda form: [
            form.write("tasks", r, status="序时推进", progress="按计划推进") for r in ("R03-01", "R03-02")
        ],
    ),
    Case(Code.SHEET_MISSING, lambda form: form.delete_sheet("issues"), lambda _: None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code.name)
def test_what_was_refused_is_accepted_once_it_is_mended(case: Case, later_week: Office) -> None:
    form = later_week.right("03")
    case.spoil(form)
    result = take_in(later_week, form)
    assert (case.code in {f.code for f in result.findings}, result.status.is_return) == (True, True)
    assert result.answer
    back = Answer(result.answer)
    case.mend(back)
    assert said_again(later_week, back) == []
    assert value(later_week, "Z03-04") is not None


@pytest.mark.libreoffice
def test_a_correction_mended_in_libreoffice_is_accepted(later_week: Office) -> None:
    need("soffice")
    form = torn(later_week)
    form.write("indicators", "Z03-04", value="很多")
    result = take_in(later_week, form)
    assert result.answer
    back = Answer(result.answer)
    typed = [(INDICATORS, back.at("indicators", "Z03-04", "value"), "12.5")]
    for code in back.codes("tasks"):
        typed.append((TASKS.name, back.at("tasks", code, "status"), "序时推进"))
        typed.append((TASKS.name, back.at("tasks", code, "progress"), f"{code}的进展"))
    type_into(Path(result.answer), typed, later_week.workspace.inbox / "2.xlsx")
    again = ingested(later_week)["2.xlsx"]
    assert [f.message for f in again.findings] == []
    assert (again.status, again.period) == (Status.ACCEPTED, PERIOD)
