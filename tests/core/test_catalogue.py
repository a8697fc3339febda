"""Every finding of the catalogue, each provoked once through the real path: a form filled in rightly, then spoiled.

Each example shows what the clerk did and what the sender reads; nothing else may be found in that file, and no other
row may suffer.
"""

import io
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from tenproj_xl.app.check import check
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.open_form import TABS
from tenproj_xl.core.catalogue import Code, Gate, Severity, known
from tenproj_xl.core.findings import Finding, Place, finding, in_order
from tenproj_xl.core.sheets import COVER, ISSUES, TASKS
from tenproj_xl.forms import content
from tenproj_xl.model.statuses import Status
from tests.conftest import EARLIER, PERIOD
from tests.helpers import examples, oldxls
from tests.helpers.answers import SIGNED, right_answers
from tests.helpers.filling import Filling, Office, below, sent_out
from tests.helpers.shared import made_once

INDICATORS = TABS["indicators"]
ISSUE: Mapping[str, object] = {
    "description": "项目用地指标尚未落实",
    "category": "用地",
    "source": "自查",
    "raised_on": date(2026, 11, 23),
    "unit": "区科技局",
    "due_on": date(2026, 12, 31),
    "status": "整改中",
}


@dataclass(frozen=True)
class Found:
    """What is to be found: where, what stood there, and the sentence."""

    sheet: str
    cell: str
    value: str
    message: str
    severity: Severity = Severity.ERROR


def warning(sheet: str, cell: str, value: str, message: str) -> Found:
    return Found(sheet, cell, value, message, Severity.WARNING)


def question(sheet: str, cell: str, value: str, message: str) -> Found:
    return Found(sheet, cell, value, message, Severity.QUESTION)


@dataclass(frozen=True)
class Example:
    """One spoiled form; `out` are the rows that may not be accepted (a sheet's name for all of its rows)."""

    code: Code
    spoil: Callable[[Filling], Found]
    out: tuple[str, ...]
    task_force: str

    @property
    def file(self) -> str:
        return f"{self.spoil.__name__}.xlsx"


EXAMPLES: list[Example] = []
Spoiling = Callable[[Filling], Found]


def provokes(code: Code, *out: str, task_force: str = "03") -> Callable[[Spoiling], Spoiling]:
    """Takes a function up as the example of a code. It spoils a right form and gives what is to be found."""

    def register(spoil: Spoiling) -> Spoiling:
        EXAMPLES.append(Example(code, spoil, out, task_force))
        return spoil

    return register


ALL = (INDICATORS, TASKS.name, ISSUES.name)

# --- can it be read?


def with_part(data: bytes, part: str, pattern: bytes, new: bytes) -> bytes:
    """A workbook with something replaced in one of its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            assert name != part or re.search(pattern, content)
            target.writestr(name, re.sub(pattern, new, content) if name == part else content)
    return file.getvalue()


@provokes(Code.FILE_EMPTY, *ALL)
def an_empty_file(form: Filling) -> Found:
    form.become(b"")
    return Found("", "", "", "文件是空的（0字节），可能没有传完，请重新发送。")


@provokes(Code.FILE_TRUNCATED, *ALL)
def half_a_file(form: Filling) -> Found:
    form.become(form.data[: len(form.data) // 2])
    return Found("", "", "", "文件不完整或已损坏，打不开，请在WPS或Excel中另存为.xlsx后重新发送。")


@provokes(Code.FILE_ENCRYPTED, *ALL)
def a_file_with_a_password(form: Filling) -> Found:
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(form.data)).encrypt("保密", locked)
    form.become(locked.getvalue())
    return Found("", "", "", "文件设了打开密码，请取消密码后重新发送，或将打开密码告知总专班办公室。")


@provokes(Code.FILE_KIND, *ALL)
def a_printed_form(form: Filling) -> Found:
    form.become(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n")
    return Found("", "", "", "这是PDF文件，不是可以读取的表格，请发送填好的填报表（.xlsx）。")


@provokes(Code.FILE_LIMITS, *ALL)
def a_character_in_the_last_cell_of_a_sheet(form: Filling) -> Found:
    form.put(INDICATORS, "XFD1048576", "。")
    return Found(
        "",
        "",
        "",
        "工作表的内容一直到第1048576行、第16384列，超出正常填报表的范围，未予读取；"
        "请用原填报表重新填写后发送。",
    )


@provokes(Code.FILE_UNREADABLE, *ALL)
def a_workbook_whose_list_of_sheets_is_gone(form: Filling) -> Found:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form.data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name,
                data.replace(b"<sheet ", b"<sheet r:id='rId99' x") if name == "xl/workbook.xml" else data,
            )
    form.become(file.getvalue())
    return Found("", "", "", "文件内部的工作表目录已损坏，请在WPS或Excel中打开原表，另存为.xlsx后重新发送。")


# --- is it ours, and for what?


@provokes(Code.NOT_OURS, *ALL)
def a_workbook_of_somebody_else(form: Filling) -> Found:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("通讯录").write_row(0, 0, ["姓名", "电话"])
    form.become(file.getvalue())
    return Found("", "", "", "不是本系统发出的填报表，请填写下发的填报表后发送。")


@provokes(Code.FORM_UNKNOWN, *ALL)
def all_by_which_a_form_is_known_is_gone(form: Filling) -> Found:
    form.forget_whose_it_is()
    return Found(
        "",
        "",
        "",
        "表中用来对应各行的隐藏列已被删去，或不是这里发出的表，无法对应；请填写最近一次下发的填报表。",
    )


@provokes(Code.OTHER_TASK_FORCE)
def a_department_fills_in_another_task_forces_form(form: Filling) -> Found:
    cell = form.cover(unit="区文广旅体局")
    return question(
        COVER.name,
        cell,
        "区文广旅体局",
        "第17行“填报单位”：填报单位“区文广旅体局”不在本专班的单位名单内"
        "（03 “315”科技创新体系建设工程，牵头单位区科技局），内容照收，请核对是否填错了表。",
    )


# --- is everything there?


@provokes(Code.SHEET_MISSING, TASKS.name)
def a_sheet_is_gone(form: Filling) -> Found:
    form.delete_sheet("tasks")
    return Found(TASKS.name, "", "", "缺少工作表“重点任务进度表”，请用完整的填报表重新发送。")


@provokes(Code.SHEET_TWICE, TASKS.name)
def a_sheet_was_copied_and_both_were_filled_in(form: Filling) -> Found:
    form.copy_sheet("tasks", "重点任务进度表 (2)")
    form.put("重点任务进度表 (2)", form.at("tasks", "R03-01", "progress"), "已成立3支")
    return Found(
        "重点任务进度表 (2)",
        "",
        "",
        "与“重点任务进度表”是同一张表，填的内容却不一样，都未接收；请只保留一张后重新发送。",
    )


@provokes(Code.COLUMN_MISSING, TASKS.name)
def a_column_is_gone(form: Filling) -> Found:
    form.delete_column("tasks", "status")
    return Found(TASKS.name, "", "", "缺少“当前状态”列，这张表未接收，请把数据填入完整的填报表后重新发送。")


@provokes(Code.COLUMN_TWICE, TASKS.name)
def a_column_was_copied(form: Filling) -> Found:
    cell = form.copy_column("tasks", "progress")
    return Found(
        TASKS.name,
        cell,
        "",
        "第4行：“本期进展”列出现了两次，不知以哪一列为准，请删去多出的一列后重新发送。",
    )


@provokes(Code.ROW_MISSING, "Z03-03")
def a_row_is_gone(form: Filling) -> Found:
    form.delete_row("indicators", "Z03-03")
    return warning(INDICATORS, "", "", "没有找到“高新技术企业数”这1行，本次按未报处理；请保留下发的每一行。")


@provokes(Code.ROW_TWICE, "R03-02")
def a_row_was_copied_below_the_table(form: Filling) -> Found:
    row = form.copy_row("tasks", "R03-02")
    form.tab("tasks").cell(row, form.column("tasks", "progress")).value = "已立项4个"
    return Found(
        TASKS.name,
        f"B{row}",
        "",
        "第9行“帮助各类创新主体争取省、市重大科技专项”：与第6行是同一项，两行都未接收，请只保留一行。",
    )


@provokes(Code.ROW_UNKNOWN)
def a_task_was_added_below_the_table(form: Filling) -> Found:
    row = form.append("tasks", code="R03-05", name="建设科创中心", status="序时推进", progress="已开工")
    return Found(
        TASKS.name,
        f"B{row}",
        "R03-05",
        "第9行：“R03-05”不是下发的行，未接收；要报的内容请填在原有的行内。",
    )


@provokes(Code.ROW_NEW)
def an_issue_was_added_below_the_blank_rows(form: Filling) -> Found:
    row = form.append("issues", **ISSUE)
    return warning(
        ISSUES.name,
        f"B{row}",
        "",
        "第15行“项目用地指标尚未落实”：这一行是自行添加的，按新问题处理，请核对。",
    )


@provokes(Code.ROW_NOTE)
def a_total_was_put_below_the_table(form: Filling) -> Found:
    row = form.append("tasks", code="合  计", invest_done=12.5)
    return warning(
        TASKS.name, f"B{row}", "合  计", "第9行：“合  计”是合计或说明，不算填报的内容，未接收；不必更正。"
    )


@provokes(Code.ROWS_SHIFTED, "R03-01", "R03-02", "R03-03", "R03-04")
def a_block_was_pasted_one_row_too_low(form: Filling) -> Found:
    form.shift_down("tasks", ["status", "progress"])
    return Found(
        TASKS.name,
        "B5",
        "",
        "第5、6、7、8、9行的内容像是整块往下贴错了行（最上面空着，表格下面多出来），未接收；请移回原来的行后重新发送。",
    )


@provokes(Code.KEYS_DISAGREE, "R03-01", "R03-02", "R03-03", "R03-04")
def only_the_visible_columns_left_of_the_second_key_were_sorted(form: Filling) -> Found:
    form.reorder(
        "tasks", ["R03-02", "R03-03", "R03-04", "R03-01"], only=["code", "name", "status", "progress"]
    )
    return Found(
        TASKS.name,
        "B5",
        "",
        "第5、6、7、8行的左右两部分对不上，可能只对部分列排了序，或贴错了行；请恢复原来的行次后重新发送。",
    )


# --- is each cell what it should be?


@provokes(Code.ERROR_VALUE, "Z03-04")
def a_cell_shows_an_error(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", value="#DIV/0!")
    return Found(
        INDICATORS,
        cell,
        "#DIV/0!",
        "第7行“技术交易总额”：单元格显示为“#DIV/0!”，这里请只填数字、不带单位，如 72.5。",
    )


@provokes(Code.CELLS_MERGED)
def one_remark_was_written_for_two_rows(form: Filling) -> Found:
    cell = form.write("tasks", "R03-01", remark="两项一并推进")
    form.write("tasks", "R03-02", remark=None)
    form.tab("tasks").merge_cells(f"{cell}:{below(cell)}")
    return warning(
        TASKS.name,
        cell,
        "两项一并推进",
        f"第5行“打造‘科技创新少年队’”：{cell}至{below(cell)}合并成了一格，所填内容只算在第一格，其余按未填处理；"
        "请取消合并，逐格填写。",
    )


@provokes(Code.RESULT_MISSING, "Z03-04")
def a_script_wrote_a_formula(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", value="=6+6.5")
    return Found(
        INDICATORS,
        cell,
        "=6+6.5",
        "第7行“技术交易总额”：这里是公式，文件中没有保存计算结果。请直接填写结果（只填数字、不带单位，如 72.5），"
        "或在WPS、Excel中打开，保存后重新发送。",
    )


@provokes(Code.RESULT_STALE)
def a_script_saved_what_had_been_a_formula(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", value="=6+6.5")
    solved = form.data
    form.become(
        with_part(solved, "xl/worksheets/sheet2.xml", rb"(<f>6\+6\.5</f>)<v(?: ?/>|></v>)", rb"\1<v>12.5</v>")
    )
    return warning(
        INDICATORS,
        cell,
        "12.5",
        "第7行“技术交易总额”：这里是公式，文件保存时没有重新计算，“12.5”可能不是最新结果，请核对；以后请直接填写结果。",
    )


@provokes(Code.NOT_NUMBER, "Z03-04")
def words_stand_where_a_number_belongs(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", value="增长较快")
    return Found(
        INDICATORS,
        cell,
        "增长较快",
        "第7行“技术交易总额”：填了“增长较快”，这里请只填数字、不带单位，如 72.5；还没有数的请空着。",
    )


@provokes(Code.NOT_DATE, "R03-01")
def a_day_that_does_not_exist(form: Filling) -> Found:
    cell = form.write("tasks", "R03-01", status="已完成", completed_on="2026-11-31")
    return Found(
        TASKS.name,
        cell,
        "2026-11-31",
        "第5行“打造‘科技创新少年队’”：填了“2026-11-31”，这里请填写年月日，如 2026-11-25。",
    )


@provokes(Code.NOT_PERIOD, "Z03-04")
def a_data_period_that_is_none(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", data_period="上月")
    return Found(
        INDICATORS,
        cell,
        "上月",
        "第7行“技术交易总额”：填了“上月”，这里请填写数据所属的年、季或月，如 2026年三季度。",
    )


@provokes(Code.NOT_CHOICE, "R03-02")
def a_state_that_is_not_in_the_list(form: Filling) -> Found:
    cell = form.write("tasks", "R03-02", status="基本完成")
    return Found(
        TASKS.name,
        cell,
        "基本完成",
        "第6行“帮助各类创新主体争取省、市重大科技专项”：填了“基本完成”，请从下拉选项中选择："
        "未启动、序时推进、滞后、已完成、长期推进、申请调整。",
    )


@provokes(Code.OUT_OF_BOUNDS, "Z03-05")
def a_rank_that_there_is_not(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-05", city_rank=0)
    return Found(INDICATORS, cell, "0", "第8行“高价值发明专利拥有量”：填了“0”，应在1到99之间，请核对。")


@provokes(Code.TOO_LONG, "R03-03")
def a_text_longer_than_people_read(form: Filling) -> Found:
    cell = form.write("tasks", "R03-03", progress="已兑现政策资金。" * 63)
    return Found(
        TASKS.name,
        cell,
        "已兑现政策资金。" * 63,
        "第7行“落实科技创新集成政策”：共504字，超过500字的上限，请压缩。",
    )


@provokes(Code.UNIT_GUESSED)
def a_unit_behind_the_number(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", value="125000万元")
    return warning(
        INDICATORS,
        cell,
        "125000万元",
        "第7行“技术交易总额”：填了“125000万元”，已按计量单位记为12.5亿元，请核对。",
    )


@provokes(Code.YEAR_GUESSED)
def a_date_without_its_year(form: Filling) -> Found:
    cell = form.write("tasks", "R03-01", status="已完成", completed_on="11月20日")
    return warning(
        TASKS.name,
        cell,
        "11月20日",
        "第5行“打造‘科技创新少年队’”：填了“11月20日”，年份不全，已记为2026-11-20，请核对。",
    )


@provokes(Code.READ_ROUGHLY)
def a_number_that_is_only_about_right(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", value="约12亿元")
    return warning(
        INDICATORS,
        cell,
        "约12亿元",
        "第7行“技术交易总额”：填了“约12亿元”，已记为12亿元，请核对；以后请填写准确的数字或日期。",
    )


# --- do the cells of a row agree?


@provokes(Code.TEXT_ALTERED)
def a_text_became_a_date(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", remark=date(2026, 1, 2))
    return warning(
        INDICATORS,
        cell,
        "2026-01-02",
        "第7行“技术交易总额”：这里现为“2026-01-02”，可能是填写后被表格软件自动改成了日期，请核对；"
        "改填时请先把单元格设为文本格式。",
    )


@provokes(Code.SAME_AS_ABOVE)
def a_text_that_only_points_to_another_row(form: Filling) -> Found:
    cell = form.write("tasks", "R03-02", progress="同上")
    return warning(
        TASKS.name,
        cell,
        "同上",
        "第6行“帮助各类创新主体争取省、市重大科技专项”：填了“同上”，汇总后各行另有次序，看不出指的是哪一行，请写出具体内容。",
    )


@provokes(Code.IDENTITY_NUMBER)
def a_person_is_named_with_an_identity_number(form: Filling) -> Found:
    cell = form.write("tasks", "R03-01", person="张三11010519491231002X")
    wrong_check_digit, within_20_digits = "110105194912310021", "11010519491231011802"
    form.write("tasks", "R03-02", person=f"李四{wrong_check_digit}", remark=f"流水号{within_20_digits}")
    return warning(
        TASKS.name,
        cell,
        "",
        "第5行“打造‘科技创新少年队’”：“责任人”里有身份证号，汇总后会有多人看到，请删去；只写姓名和职务即可。",
    )


@provokes(Code.REQUIRED, "Z03-04")
def a_figure_without_its_nature(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", nature=None)
    return Found(
        INDICATORS,
        cell,
        "",
        "第7行“技术交易总额”：填了最新数值，请填写“数据性质”（统计核定、统计快报、部门统计、预计）。",
    )


@provokes(Code.PERIOD_MISSING, "Z03-04")
def a_figure_without_its_period(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", data_period=None)
    return Found(
        INDICATORS,
        cell,
        "",
        "第7行“技术交易总额”：填了最新数值，请在“数据所属期”填明是哪一期的数，如 2026年10月。",
    )


@provokes(Code.PERIOD_FUTURE, "Z03-04")
def a_figure_of_a_year_that_is_not_over(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", data_period="2026年")
    return Found(
        INDICATORS,
        cell,
        "2026年",
        "第7行“技术交易总额”：数据所属期“2026年”到本期截止时尚未结束，请核对；预计数请填在“预计全年完成值”。",
    )


@provokes(Code.PERIOD_STALE)
def a_figure_older_than_what_is_known_by_now(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", data_period="2026年9月")
    return warning(
        INDICATORS,
        cell,
        "2026年9月",
        "第7行“技术交易总额”：报的是2026年9月的数，本期应已有2026年10月的数，请补报。",
    )


@provokes(Code.PERIOD_BACKWARD)
def a_figure_older_than_the_last_one(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", data_period="2026年6月")
    return question(
        INDICATORS,
        cell,
        "2026年6月",
        "第7行“技术交易总额”：报的是2026年6月的数，早于上次已报的2026年8月，请核对。",
    )


@provokes(Code.FIGURE_MISSING, "Z03-04")
def a_figure_that_is_due_was_left_out(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", nature=None, value=None)
    return warning(
        INDICATORS,
        cell,
        "",
        "第7行“技术交易总额”：本期应报2026年10月的数，没有填写。请补报；确无更新的，请声明零报告。",
    )


@provokes(Code.ISSUE_INCOMPLETE)
def a_new_issue_without_a_deadline(form: Filling) -> Found:
    form.write("issues", "+1", **ISSUE)
    cell = form.write("issues", "+1", due_on=None)
    return Found(
        ISSUES.name,
        cell,
        "",
        "第5行“项目用地指标尚未落实”：登记新问题请填写“原定时限”（年月日，如 2026-11-25）。",
    )


@provokes(Code.ISSUE_TWICE)
def an_issue_registered_twice(form: Filling) -> Found:
    form.write("issues", "+1", **ISSUE)
    form.write("issues", "+2", **ISSUE)
    cell = form.write("issues", "+2", description="项目的用地指标还没有落实。".replace("还没有", "尚未"))
    return question(
        ISSUES.name,
        cell,
        "项目的用地指标尚未落实。",
        "第6行“项目的用地指标尚未落实。”：与第5行像是同一个问题，请核对；是同一个的，进展请填在原来那一行，"
        "并请告知总专班办公室撤去这一个。",
    )


@provokes(Code.ISSUE_SPLIT, ISSUES.name)
def an_issue_broken_over_three_rows(form: Filling) -> Found:
    form.write("issues", "+1", **ISSUE)
    cell = form.write("issues", "+2", description="影响一期开工，")
    form.write("issues", "+3", description="需区级协调。")
    return Found(
        ISSUES.name,
        cell,
        "影响一期开工，",
        "第6行“影响一期开工，”：第6、7行像是第5行问题的续写，没有登记；一个问题请写在一行里，把这些文字并入第5行。",
    )


@provokes(Code.UNIT_UNCLEAR)
def an_issue_that_nobody_answers_for(form: Filling) -> Found:
    form.write("issues", "+1", **ISSUE)
    cell = form.write("issues", "+1", unit="相关部门")
    return question(
        ISSUES.name,
        cell,
        "相关部门",
        "第5行“项目用地指标尚未落实”：责任单位填了“相关部门”，不是工作计划里的单位，暂由区科技局填报进展；"
        "请明确由哪一个单位负责。",
    )


@provokes(Code.APPLICATION_UNCLEAR)
def a_day_of_application_of_an_issue_still_in_progress(form: Filling) -> Found:
    form.write("issues", "+1", **ISSUE)
    cell = form.write("issues", "+1", applied_on=date(2026, 11, 25))
    return question(
        ISSUES.name,
        cell,
        "2026-11-25",
        "第5行“项目用地指标尚未落实”：填了申请销号日期2026-11-25，当前状态却是“整改中”，请核对；"
        "申请销号的，请改选“申请销号”。",
    )


@provokes(Code.TASK_SILENT, "R03-01", "R03-04")
def tasks_without_a_word(form: Filling) -> Found:
    form.write("tasks", "R03-01", status=None, progress=None)
    form.write("tasks", "R03-04", status=None, progress=None)
    return warning(
        TASKS.name,
        "",
        "",
        "“打造‘科技创新少年队’”、“加强科技与金融结合,探索多元化科技融资机制”"
        "本期没有填写进展，请补报；确无更新的，请声明零报告。",
    )


@provokes(Code.COVER_BLANK)
def nobody_to_call(form: Filling) -> Found:
    cell = form.cover(phone=None)
    return warning(COVER.name, cell, "", "第19行“联系电话”：没有填写，请填写办公电话或手机。")


@provokes(Code.COVER_UNIT)
def a_person_where_the_unit_belongs(form: Filling) -> Found:
    cell = form.cover(unit="张三")
    return question(
        COVER.name,
        cell,
        "张三",
        "第17行“填报单位”：填了“张三”，不是工作计划里的单位，内容照收，请核对；这份表是发给区科技局的。",
    )


@provokes(Code.NIL_WITH_ANSWERS)
def a_nil_return_that_is_filled_in(form: Filling) -> Found:
    cell = form.cover(nil_return="是")
    return warning(
        COVER.name,
        cell,
        "是",
        "第23行“零报告”：选了“是”，表中却有10行填了内容，已按填报的内容接收；有更新的请改选“否”。",
    )


@provokes(Code.LINK_UNKNOWN)
def an_issue_of_something_that_there_is_not(form: Filling) -> Found:
    form.write("issues", "+1", **ISSUE)
    cell = form.write("issues", "+1", related="Z03-04、R03-99")
    return warning(
        ISSUES.name,
        cell,
        "Z03-04、R03-99",
        "第5行“项目用地指标尚未落实”：“R03-99”不是指标编号或任务编号，请核对；没有关联的可以不填。",
    )


@provokes(Code.DATES_ORDER)
def an_issue_that_was_due_before_it_was_raised(form: Filling) -> Found:
    form.write("issues", "+1", **ISSUE)
    cell = form.write("issues", "+1", due_on=date(2026, 10, 31))
    return Found(
        ISSUES.name,
        cell,
        "2026-10-31",
        "第5行“项目用地指标尚未落实”：“提出日期”2026-11-23晚于“原定时限”2026-10-31，请核对日期。",
    )


# --- does it agree with what we printed and what was said before?


@provokes(Code.OFFICE_EDITED)
def a_target_was_lowered(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", target_2027="达80")
    return warning(
        INDICATORS,
        cell,
        "达80",
        "第7行“技术交易总额”：“2027年目标”原为“达90”，现为“达80”。"
        "这一栏由总专班办公室填写，仍以下发的为准；确需调整的，请另行报告。",
    )


@provokes(Code.FORMULA_DIFFERS)
def a_state_was_typed_over_its_formula(form: Filling) -> Found:
    cell = form.write(
        "indicators", "Z03-05", value=5000, lag_reason="授权放缓", next_steps="加大培育", state="达序时"
    )
    return warning(
        INDICATORS,
        cell,
        "达序时",
        "第8行“高价值发明专利拥有量”：显示为“达序时”，按填报的数应为“滞后”，已重新计算；公式请勿改动。",
    )


@provokes(Code.VALUE_FELL)
def a_sum_over_the_year_fell(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", value=9.8)
    return question(
        INDICATORS,
        cell,
        "9.8",
        "第7行“技术交易总额”：本次9.8亿元，低于上次10.2亿元，请核对；如属核减，请在“核实说明”写明。",
    )


@provokes(Code.VALUE_JUMPED)
def a_digit_too_many(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", value=122.5)
    return question(
        INDICATORS,
        cell,
        "122.5",
        "第7行“技术交易总额”：本次122.5亿元，上次10.2亿元，相差约12倍，请核对数值和单位。",
    )


@provokes(Code.VALUE_FAR)
def a_years_figure_with_a_digit_too_many(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-01", value=479.4)
    return question(
        INDICATORS,
        cell,
        "479.4",
        "第5行“全社会研究与试验发展经费支出”：本次479.4亿元，目标为47亿元，相差约10倍，请核对数值和单位。",
    )


@provokes(Code.UNIT_SUSPECT)
def a_figure_in_another_unit(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", value=112000)
    return question(
        INDICATORS,
        cell,
        "112000",
        "第7行“技术交易总额”：本次112000亿元，上次10.2亿元，疑似单位为万元，请核对；这里应按亿元填写。",
    )


@provokes(Code.FORECAST_LOW)
def a_year_that_ends_with_less_than_is_done(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", forecast=9)
    return question(
        INDICATORS,
        cell,
        "9",
        "第7行“技术交易总额”：预计全年完成值9亿元低于已完成的10.2亿元，请核对。",
    )


@provokes(Code.FORECAST_FAR)
def a_forecast_that_no_year_can_reach(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", forecast=400)
    return question(
        INDICATORS,
        cell,
        "400",
        "第7行“技术交易总额”：预计全年完成值400亿元，最新数值为10.2亿元，相差约39倍，请核对数值和单位。",
    )


@provokes(Code.RANK_DOUBTFUL)
def a_rank_below_all_places(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", city_rank=50)
    return question(INDICATORS, cell, "50", "第7行“技术交易总额”：填了“50”，名次应是1到40的整数，请核对。")


@provokes(Code.NOT_WHOLE)
def a_part_of_a_patent(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-05", value=5580.5)
    return question(
        INDICATORS,
        cell,
        "5580.5",
        "第8行“高价值发明专利拥有量”：填了5580.5，这一项按件计，一般是整数，请核对。",
    )


@provokes(Code.REMARK_AGAINST)
def a_remark_that_says_that_the_figure_is_wrong(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", remark="数据有误，待更正")
    return question(
        INDICATORS,
        cell,
        "数据有误，待更正",
        "第7行“技术交易总额”："
        "“备注”写着“数据有误，待更正”，与所填的数不一致，请核对：数、数据所属期、单位以填报栏为准，有误的请改填报栏。",
    )


@provokes(Code.PERIOD_OFF_CYCLE)
def a_month_where_quarters_are_counted(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-05", data_period="2026年10月")
    return question(
        INDICATORS,
        cell,
        "2026年10月",
        "第8行“高价值发明专利拥有量”：这一项按季更新，数据所属期填的是2026年10月，请核对。",
    )


@provokes(Code.TEXT_ELSEWHERE)
def a_state_in_the_column_of_progress(form: Filling) -> Found:
    cell = form.write("tasks", "R03-02", status=None, progress="序时推进")
    return question(
        TASKS.name,
        cell,
        "序时推进",
        "第6行“帮助各类创新主体争取省、市重大科技专项”："
        "这里写着“序时推进”，像是“当前状态”的选项，而“当前状态”没有选，请核对是否填错了列。",
    )


@provokes(Code.NEGATIVE)
def fewer_patents_than_none(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-05", value=-5500)
    form.write("indicators", "Z03-05", lag_reason="口径调整", next_steps="核对底数")
    return question(
        INDICATORS, cell, "-5500", "第8行“高价值发明专利拥有量”：填了-5500，这一项一般不会是负数，请核对。"
    )


@provokes(Code.ZERO_FILLED)
def a_nought_for_what_is_not_known_yet(form: Filling) -> Found:
    cell = form.write("indicators", "Z03-04", value=0)
    return question(
        INDICATORS,
        cell,
        "0",
        "第7行“技术交易总额”：填了0，上次为10.2亿元，请核对；没有新数的请空着，不要填0。",
    )


@provokes(Code.DONE_HALFWAY)
def a_task_done_with_its_milestone_open(form: Filling) -> Found:
    cell = form.write("tasks", "R03-02", milestone_done="未完成")
    form.write("tasks", "R03-02", status="已完成", completed_on=date(2026, 11, 20))
    name = form.value("tasks", "R03-02", "name")
    text = f"第6行“{name}”：当前状态为“已完成”，节点完成情况却是“未完成”，请核对。"
    return question(TASKS.name, cell, "未完成", text)


@provokes(Code.OPINION_AGAINST)
def a_sign_off_that_the_lead_is_against(form: Filling) -> Found:
    form.write("issues", "+1", **ISSUE)
    form.write("issues", "+1", status="申请销号", evidence="会议纪要1份", applied_on=date(2026, 11, 25))
    cell = form.write("issues", "+1", lead_opinion="不同意")
    return question(
        ISSUES.name,
        cell,
        "不同意",
        "第5行“项目用地指标尚未落实”：申请销号，牵头单位初审却是“不同意”，请核对；"
        "不同意的，请把当前状态改为“整改中”。",
    )


@provokes(Code.WORDS_AGAINST)
def progress_that_says_the_opposite_of_the_state(form: Filling) -> Found:
    form.write("tasks", "R03-02", status="已完成", completed_on=date(2026, 11, 20))
    cell = form.write("tasks", "R03-02", progress="尚未启动，待专班会议明确")
    return question(
        TASKS.name,
        cell,
        "尚未启动，待专班会议明确",
        "第6行“帮助各类创新主体争取省、市重大科技专项”：当前状态为“已完成”，这里却写着“尚未启动，待专班会议明确”，"
        "请核对，改正状态或文字。",
    )


@provokes(Code.EMPTY_WORDS)
def progress_that_says_where_to_look(form: Filling) -> Found:
    cell = form.write("tasks", "R03-02", progress="详见附件")
    return question(
        TASKS.name,
        cell,
        "详见附件",
        "第6行“帮助各类创新主体争取省、市重大科技专项”：“本期进展”只写了“详见附件”，没有说明情况，不计入；"
        "请写明具体内容，附件里的请摘要填入。",
    )


@provokes(Code.STATUS_BLANK)
def progress_without_a_state(form: Filling) -> Found:
    cell = form.write("tasks", "R03-02", status=None)
    return question(
        TASKS.name,
        cell,
        "",
        "第6行“帮助各类创新主体争取省、市重大科技专项”：填了“本期进展”，没有选“当前状态”，请补选；填报的内容已经计入。",
    )


@provokes(Code.COMPLETION_UNCLEAR)
def a_day_of_completion_of_a_task_under_way(form: Filling) -> Found:
    cell = form.write("tasks", "R03-02", completed_on=date(2026, 11, 20))
    return question(
        TASKS.name,
        cell,
        "2026-11-20",
        "第6行“帮助各类创新主体争取省、市重大科技专项”：填了完成日期2026-11-20，节点和任务却都没有选“已完成”，请核对；"
        "没有完成的请删去日期。",
    )


@provokes(Code.DATE_FAR)
def a_task_done_ten_years_ago(form: Filling) -> Found:
    form.write("tasks", "R03-02", status="已完成", progress="已立项3个")
    cell = form.write("tasks", "R03-02", completed_on=date(2016, 11, 20))
    return question(
        TASKS.name,
        cell,
        "2016-11-20",
        "第6行“帮助各类创新主体争取省、市重大科技专项”：“完成日期”填了2016-11-20，离本期较远，请核对年份。",
    )


# --- all examples are judged in one run


@dataclass(frozen=True)
class Judged:
    """An example, what it should bring, and what it brought."""

    example: Example
    expected: Found
    result: FileResult
    answered: frozenset[tuple[str, str]]

    @property
    def accepted(self) -> set[tuple[str, str]]:
        rows = self.result.judgement.accepted if self.result.judgement else ()
        return {(e.row.sheet.name, e.code) for e in rows if e.code}


@pytest.fixture(scope="module")
def judged(later: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    folder = tmp_path_factory.mktemp("sent")
    expected = {}
    for example in EXAMPLES:
        form = later.right(example.task_force)
        expected[example.file] = example.spoil(form)
        form.save(folder / example.file)
    results = {f.received.name: f for f in check(later.workspace, sorted(folder.iterdir()), PERIOD).files}
    answered = {
        code: frozenset((TABS[sheet], row) for sheet, row in right_answers(form))
        for code, form in later.forms.items()
    }
    return {e.file: Judged(e, expected[e.file], results[e.file], answered[e.task_force]) for e in EXAMPLES}


@pytest.fixture(params=EXAMPLES, ids=lambda example: example.code.name)
def case(request: pytest.FixtureRequest, judged: dict[str, Judged]) -> Judged:
    return judged[request.param.file]


def found(f: Finding) -> Found:
    return Found(f.sheet, f.cell, f.value, f.message, f.severity)


def test_a_fault_is_found_where_it_is_said_plainly_and_said_once(case: Judged) -> None:
    assert [(f.code, found(f)) for f in case.result.findings] == [(case.example.code, case.expected)]
    assert {f.file for f in case.result.findings} == {case.example.file}


def test_people_are_shown_this_very_example(case: Judged, pytestconfig: pytest.Config) -> None:
    said = [f.message for f in case.result.findings]
    examples.settle(case.example.code, said, renew=pytestconfig.getoption("--renew-examples"))


def test_only_the_rows_at_fault_stay_out(case: Judged) -> None:
    out = {(tab, code) for tab, code in case.answered if {tab, code} & set(case.example.out)}
    assert case.accepted == case.answered - out


def test_the_status_follows_from_the_fault(case: Judged) -> None:
    if case.expected.severity is not Severity.ERROR:
        assert case.result.status is Status.WITH_WARNINGS
    elif set(ALL) <= set(case.example.out):
        assert case.result.status is Status.REFUSED
    else:
        assert case.result.status is Status.TO_CORRECT


# --- faults that need another workspace, or another week


def judge(week: Office, form: Filling, tmp_path: Path) -> FileResult:
    path = form.save(tmp_path / "sent" / form.name)
    return check(week.workspace, [path], PERIOD).files[0]


def one(result: FileResult) -> tuple[Code, Found]:
    (f,) = result.findings
    return f.code, found(f)


@pytest.mark.provokes(Code.OTHER_PROGRAMME)
def test_a_form_of_another_programme_is_refused(later: Office, tmp_path: Path) -> None:
    other = Workspace(tmp_path / "other")
    initialise(other)
    plan = openpyxl.load_workbook(other.plan)
    for row in plan["方案"].iter_rows():
        replaced = {"方案代码": "XH10", "地区": "西湖区"}.get(str(row[0].value))
        if replaced:
            row[1].value = replaced
    plan.save(other.plan)
    result = judge(later, sent_out(other, PERIOD).right("03"), tmp_path)
    message = "这是西湖区“十项重大工程”的填报表，不属于拱墅区“十项重大工程”，请核对后发送。"
    assert one(result) == (Code.OTHER_PROGRAMME, Found("", "", "西湖区“十项重大工程”", message))
    assert result.status is Status.REFUSED


def test_a_form_that_another_ledger_issued_is_unknown(later: Office, week: Office, tmp_path: Path) -> None:
    result = judge(later, week.right("03"), tmp_path)
    assert one(result)[0] is Code.FORM_UNKNOWN
    assert result.status is Status.REFUSED


@pytest.mark.provokes(Code.FORM_OLD)
def test_a_form_of_an_older_version_is_read_all_the_same(
    week: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(content, "form_version", lambda _: "00000000")
        old = sent_out(week.workspace, PERIOD)
    result = judge(week, old.right("03"), tmp_path)
    message = "这份表是旧版填报表，已照常读取；下次请使用最近一次下发的填报表。"
    assert one(result) == (Code.FORM_OLD, warning("", "", "", message))


def earlier_form(later: Office, task_force: str) -> Filling:
    folder = later.workspace.outbox / EARLIER / "填报表"
    form = Filling(next(folder.glob(f"{task_force}_*.xlsx")))
    form.cover(**SIGNED)
    return form


@pytest.mark.provokes(Code.OTHER_PERIOD)
def test_last_periods_form_used_again_is_refused(later: Office, tmp_path: Path) -> None:
    form = earlier_form(later, "03")
    form.write("tasks", "R03-01", status="序时推进", progress="本周又成立1支")
    result = judge(later, form, tmp_path)
    message = (
        "这是2026年第42期（10月12日—18日）的填报表，本次应报2026年第48期（11月23日—29日），"
        "请填写2026年第48期（11月23日—29日）的填报表后发送。"
    )
    assert one(result) == (Code.OTHER_PERIOD, Found("", "", "2026年第42期（10月12日—18日）", message))
    assert result.status is Status.REFUSED


@pytest.mark.provokes(Code.LATE_PERIOD)
def test_a_belated_return_counts_for_its_own_period(later: Office, tmp_path: Path) -> None:
    form = earlier_form(later, "05")
    form.write("tasks", "R05-01", status="序时推进", progress="已报送配合事项")
    result = judge(later, form, tmp_path)
    message = "这是2026年第42期（10月12日—18日）的填报表，已按2026年第42期（10月12日—18日）补报接收；2026年第48期（11月23日—29日）请另行报送。"
    assert one(result) == (Code.LATE_PERIOD, warning("", "", "2026年第42期（10月12日—18日）", message))
    assert result.period == EARLIER


@pytest.mark.provokes(Code.SHEET_FOREIGN)
def test_last_periods_sheet_pasted_in_stays_out(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.bring(earlier_form(later, "03"), "tasks")
    result = judge(later, form, tmp_path)
    message = (
        "这张工作表是2026年第42期（10月12日—18日）03专班的，不是2026年第48期（11月23日—29日）03专班的，未接收；"
        "如系放错，请换回下发的那一张。"
    )
    place = Found(TASKS.name, "", "", message)
    assert one(result) == (Code.SHEET_FOREIGN, place)
    assert result.judgement
    assert {e.row.sheet.code for e in result.judgement.accepted} == {"indicators"}


@pytest.mark.provokes(Code.ROW_FOREIGN)
def test_another_task_forces_row_pasted_in_stays_out(later: Office, tmp_path: Path) -> None:
    form, other = later.right("03"), later.right("04")
    source = other.row("tasks", "R04-01")
    cells = [c.value for c in other.tab("tasks")[source]]
    form.tab("tasks").append(cells)
    result = judge(later, form, tmp_path)
    message = (
        "第9行“加快现有2个省级服务业创新发展区建设”：这一行是2026年第48期（11月23日—29日）04专班的，未接收；"
        "请填在它原来的表内，由收到那份表的单位发送。"
    )
    assert one(result) == (Code.ROW_FOREIGN, Found(TASKS.name, "B9", "", message))
    assert result.judgement
    assert len(result.judgement.accepted) == len(right_answers(later.forms["03"]))


def test_a_row_of_an_earlier_form_of_ones_own_is_to_be_filled_in_where_it_stands_now(
    later: Office, tmp_path: Path
) -> None:
    form, old = later.right("03"), earlier_form(later, "03")
    form.tab("tasks").append([c.value for c in old.tab("tasks")[old.row("tasks", "R03-01")]])
    message = (
        "第9行“打造‘科技创新少年队’”：这一行是2026年第42期（10月12日—18日）03专班的，未接收；"
        "请填在本期表中这一项自己的行内。"
    )
    found = Found(TASKS.name, "B9", "", message)
    assert one(judge(later, form, tmp_path)) == (Code.ROW_FOREIGN, found)


@pytest.mark.provokes(Code.MILESTONE_PASSED)
def test_a_task_on_time_whose_milestone_is_long_past_is_asked_about(week: Office, tmp_path: Path) -> None:
    form = week.right("09")
    form.write("tasks", "R09-02", status="序时推进", milestone_done=None, completed_on=None)
    message = (
        "第6行“开展楼宇空调柔性控制”：节点时限2023-12-31已过，节点没有完成，当前状态填的是“序时推进”，请核对；"
        "确已滞后的，请改选“滞后”，并填写存在问题和下一步举措。"
    )
    place = question(TASKS.name, form.at("tasks", "R09-02", "status"), "序时推进", message)
    assert one(judge(week, form, tmp_path)) == (Code.MILESTONE_PASSED, place)


@pytest.mark.provokes(Code.TASK_PAST_DUE)
def test_a_task_on_time_after_its_last_day_is_asked_about_though_its_milestone_was_reached(
    week: Office, tmp_path: Path
) -> None:
    form = week.right("09")
    form.write("tasks", "R09-02", status="序时推进", milestone_done="已完成", completed_on=date(2023, 12, 31))
    message = (
        "第6行“开展楼宇空调柔性控制”：节点已完成，完成时限2023-12-31已过，当前状态填的是“序时推进”，请核对任务是否已经完成："
        "已经完成的，请改选“已完成”，填写完成日期；没有完成的，请改选“滞后”，并填写存在问题和下一步举措。"
    )
    place = question(TASKS.name, form.at("tasks", "R09-02", "status"), "序时推进", message)
    assert one(judge(week, form, tmp_path)) == (Code.TASK_PAST_DUE, place)


BEHIND = {"status": "滞后", "progress": "正在协调", "problems": "资金未到位", "next_steps": "争取尽快到位"}


@pytest.fixture
def third_week(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Forms for 2026-W48 are out; in the two weeks before a task was behind, for the same reasons."""

    def make(folder: Path) -> None:
        workspace = Workspace(folder)
        initialise(workspace)
        for period in ("2026-W46", "2026-W47"):
            forms = sent_out(workspace, period)
            form = forms.right("03")
            form.write("tasks", "R03-02", **BEHIND)
            forms.send(form)
            ingest(workspace, period)
        sent_out(workspace, PERIOD)

    root = tmp_path / "weeks"
    shutil.copytree(made_once(tmp_path_factory, "behind-for-two-weeks", make), root)
    return Office.of(Workspace(root), PERIOD)


def behind_again(third_week: Office, tmp_path: Path, **words: object) -> FileResult:
    """What is found in the third week in which a task is behind, its words but those given the same as before."""
    form = third_week.right("03")
    form.write("tasks", "R03-02", **(BEHIND | words))
    return judge(third_week, form, tmp_path)


@pytest.mark.provokes(Code.TEXT_REPEATED)
def test_the_same_words_for_the_third_time_are_asked_about(third_week: Office, tmp_path: Path) -> None:
    code, place = one(behind_again(third_week, tmp_path))
    assert code is Code.TEXT_REPEATED
    assert (place.sheet, place.cell, place.severity) == (TASKS.name, "M6", Severity.QUESTION)
    assert place.message == (
        "第6行“帮助各类创新主体争取省、市重大科技专项”：“本期进展”、“存在问题”、“下一步举措”连续三期一字未改，"
        "而进度滞后，请按本期情况填写；确无变化的，请写明卡在哪里。"
    )


def test_new_words_are_enough(third_week: Office, tmp_path: Path) -> None:
    said = {"progress": "第一笔资金已到位", "problems": "第二笔未到位", "next_steps": "本月底前到位"}
    assert behind_again(third_week, tmp_path, **said).findings == ()


@pytest.mark.provokes(Code.RETURN_WAITS)
def test_an_office_may_take_files_whole_or_not_at_all(week: Office, tmp_path: Path) -> None:
    with_parameter(week.workspace, "收取方式", "整份收取")
    form = week.right("03")
    form.write("tasks", "R03-02", status="基本完成")
    result = judge(week, form, tmp_path)
    assert [(f.code, f.sheet, f.cell) for f in result.findings] == [
        (Code.NOT_CHOICE, TASKS.name, form.at("tasks", "R03-02", "status")),
        (Code.RETURN_WAITS, "", ""),
    ]
    assert result.findings[1].message == (
        "表中有须更正之处，本期按整份收取，其余11行也暂不计入，待贵单位更正发回后计入。"
    )
    assert result.status is Status.TO_CORRECT
    assert result.judgement
    assert result.judgement.accepted == ()


def test_a_right_file_is_taken_whole(week: Office, tmp_path: Path) -> None:
    with_parameter(week.workspace, "收取方式", "整份收取")
    assert judge(week, week.right("03"), tmp_path).findings == ()


def with_parameter(workspace: Workspace, name: str, value: str) -> None:
    book = openpyxl.load_workbook(workspace.settings)
    row = next(cells for cells in book["参数"].iter_rows() if cells[0].value == name)
    row[1].value = value
    book.save(workspace.settings)


# --- the same codes elsewhere


def test_a_unit_that_points_to_the_row_above_is_asked_for_once(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.write("issues", "+1", **{**ISSUE, "unit": "同上"})
    assert [f.code for f in judge(later, form, tmp_path).findings] == [Code.UNIT_UNCLEAR]


def test_what_is_wrong_on_the_cover_keeps_no_figure_out(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    cell = form.cover(highlights="亮点" * 300)
    result = judge(later, form, tmp_path)
    message = "第24行“工作亮点/典型做法”：共600字，超过500字的上限，请压缩。"
    assert one(result) == (Code.TOO_LONG, warning(COVER.name, cell, "亮点" * 300, message))
    assert result.status is Status.WITH_WARNINGS


def codes(result: FileResult) -> list[tuple[Code, str]]:
    return [(f.code, f.cell) for f in result.findings]


def test_a_guess_does_not_hide_an_error_in_the_same_cell(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    cell = form.write("tasks", "R03-01", status="已完成", completed_on="12月20日")
    result = judge(later, form, tmp_path)
    assert codes(result) == [(Code.DATES_ORDER, cell)]
    assert "“完成日期”2026-12-20晚于本期最后一天2026-11-29" in result.findings[0].message


def test_a_sum_that_fell_is_not_asked_about_once_the_remark_says_why(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.write("indicators", "Z03-04", value=9.8, remark="按统计部门核减0.4亿元")
    assert codes(judge(later, form, tmp_path)) == []


def test_a_figure_of_the_very_period_that_the_form_asks_for_is_never_old(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("04")
    assert form.value("indicators", "Z04-09/2023", "asked") == "2023年全年数（统计核定，含年报）"
    form.write("indicators", "Z04-09/2023", nature="部门统计")
    assert codes(judge(later, form, tmp_path)) == []


def test_a_rate_may_be_ten_times_the_last(later: Office, tmp_path: Path) -> None:
    form = later.right("01")
    form.write("indicators", "Z01-07", value=8.4)
    assert codes(judge(later, form, tmp_path)) == []


def test_the_first_figure_of_all_is_compared_with_its_target(week: Office, tmp_path: Path) -> None:
    form = week.right("01")
    cell = form.write("indicators", "Z01-02", value=291510)  # 万元 for 亿元
    result = judge(week, form, tmp_path)
    assert codes(result) == [(Code.UNIT_SUSPECT, cell)]
    assert (
        "本次291510亿元，目标为35亿元，疑似单位为万元，请核对；这里应按亿元填写。"
        in result.findings[0].message
    )


def test_large_numbers_are_spelled_out(later: Office, tmp_path: Path) -> None:
    form = later.right("01")
    form.write("indicators", "Z01-02", value=12345678.9)
    assert "本次12345678.9亿元" in judge(later, form, tmp_path).findings[0].message


def test_a_share_typed_as_a_fraction_is_taken_for_per_cent(later: Office, tmp_path: Path) -> None:
    form = later.right("04")
    cell = form.write("indicators", "Z04-07", value=0.85)
    result = judge(later, form, tmp_path)
    assert codes(result) == [(Code.UNIT_GUESSED, cell)]
    assert result.findings[0].message.endswith("填了“0.85”，已按计量单位记为85%，请核对。")


def test_a_share_shown_as_per_cent_is_exactly_what_is_shown(later: Office, tmp_path: Path) -> None:
    form = later.right("04")
    form.write("indicators", "Z04-07", value=0.57, lag_reason="晚开工", next_steps="赶工")
    judgement = judge(later, form, tmp_path).judgement
    assert judgement
    assert [e.value("value") for e in judgement.accepted if e.code == "Z04-07"] == [57.0]


def test_a_hundred_per_cent_in_an_xls_is_not_one(later: Office, tmp_path: Path) -> None:
    form = later.right("04")
    form.write("indicators", "Z04-07", value=1)
    cells = [c for row in form.tab("indicators").iter_rows() for c in row if isinstance(c.value, str | int)]
    records = [
        oldxls.whole_number(c.row - 1, c.column - 1, c.value)
        if isinstance(c.value, int)
        else oldxls.text(c.row - 1, c.column - 1, str(c.value))
        for c in cells
    ]
    form.become(oldxls.xls([records], [INDICATORS]))
    judgement = judge(later, form, tmp_path).judgement
    assert judgement
    assert [e.value("value") for e in judgement.accepted if e.code == "Z04-07"] == [100.0]


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_an_identity_number_is_repeated_nowhere_though_it_is_in_the_name_of_its_row(
    later: Office, tmp_path: Path, number: str
) -> None:
    form = later.right("03")
    form.write("indicators", "Z03-04", remark=f"联系人{number}。")
    form.write("issues", "+1", **ISSUE)
    form.write("issues", "+1", description=f"张三（{number}）拒绝签约", person=number)
    result = judge(later, form, tmp_path)
    assert [(f.code, f.sheet, f.value) for f in result.findings] == [
        (Code.IDENTITY_NUMBER, INDICATORS, ""),
        (Code.IDENTITY_NUMBER, ISSUES.name, ""),
        (Code.IDENTITY_NUMBER, ISSUES.name, ""),
    ]
    assert [f.message.partition("里")[0] for f in result.findings] == [
        "第7行“技术交易总额”：“备注”",
        "第5行“张三（***）拒绝签约”：“问题描述”",
        "第5行“张三（***）拒绝签约”：“责任人”",
    ]


LAGGING = "第8行“高价值发明专利拥有量”：进度评价为“滞后”"


def test_a_figure_behind_its_pace_wants_a_reason_and_next_steps(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.write("indicators", "Z03-05", value=5000)
    result = judge(later, form, tmp_path)
    assert codes(result) == [(Code.REQUIRED, "Q8"), (Code.REQUIRED, "R8")]
    assert [f.message.partition("，")[::2] for f in result.findings] == [
        (LAGGING, "请填写“滞后原因”（为什么落后，如 2个地块推迟出让，500字以内）。"),
        (LAGGING, "请填写“下一步举措”（做什么、何时做完，如 12月底前完成出让，500字以内）。"),
    ]


def test_where_the_figure_itself_is_odd_no_reason_for_being_behind_is_asked_for_before_it_is_confirmed(
    later: Office, tmp_path: Path
) -> None:
    """Typed by 万件 instead of by 件: it is behind only because of that."""
    form = later.right("03")
    form.write("indicators", "Z03-05", value=0.9)
    result = judge(later, form, tmp_path)
    assert codes(result) == [(Code.UNIT_SUSPECT, "K8")]
    form.write("indicators", "Z03-05", verification="属实")
    assert codes(judge(later, form, tmp_path)) == [
        (Code.REQUIRED, "Q8"),
        (Code.REQUIRED, "R8"),
        (Code.UNIT_SUSPECT, "K8"),
    ]


def test_a_nil_return_with_answers_is_still_asked_for_the_rest(later: Office, tmp_path: Path) -> None:
    form = later.blank("03")
    form.write("indicators", "Z03-04", value=12.5, nature="部门统计")
    cell = form.cover(**SIGNED, nil_return="是")
    assert codes(judge(later, form, tmp_path)) == [
        (Code.FIGURE_MISSING, "K5"),
        (Code.FIGURE_MISSING, "K6"),
        (Code.FIGURE_MISSING, "K8"),
        (Code.NIL_WITH_ANSWERS, cell),
        (Code.TASK_SILENT, ""),
    ]


def test_an_issue_may_belong_to_several_rows_of_the_plan(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.write("issues", "+1", **ISSUE)
    form.write("issues", "+1", related="z03-04，R03-02")
    assert codes(judge(later, form, tmp_path)) == []


@pytest.mark.provokes(Code.RETURN_BLANK)
def test_a_form_sent_back_as_it_was_is_no_return(later: Office, tmp_path: Path) -> None:
    form = later.blank("03")
    form.cover(**SIGNED)
    result = judge(later, form, tmp_path)
    message = "三张进度表与下发时一样，都没有填写。本期确无更新的，请在“填报说明”的“零报告”处选“是”后发送。"
    assert one(result) == (Code.RETURN_BLANK, Found("", "", "", message))
    assert result.status is Status.REFUSED


@pytest.mark.provokes(Code.NIL_UNREPORTED)
def test_a_nil_return_is_told_of_what_was_never_reported(week: Office, tmp_path: Path) -> None:
    form = week.blank("03")
    form.cover(**SIGNED, nil_return="是")
    result = judge(week, form, tmp_path)
    assert [f.code for f in result.findings] == [Code.NIL_UNREPORTED]
    assert "等10项此前没有报过，没有可以沿用的，仍显示未报" in result.findings[0].message
    assert result.status is Status.WITH_WARNINGS


def test_a_nil_return_reaffirms_what_was_reported_before(later_week: Office, tmp_path: Path) -> None:
    later_week.send(later_week.right("03"))
    ingest(later_week.workspace, PERIOD)
    form = later_week.blank("03")
    form.cover(**SIGNED, nil_return="是")
    assert codes(judge(later_week, form, tmp_path)) == []


@pytest.mark.provokes(Code.NIL_IN_WORDS)
def test_a_blank_form_in_which_a_cell_says_nil_is_a_nil_return(later: Office, tmp_path: Path) -> None:
    form = later.blank("03")
    form.cover(**SIGNED)
    cell = form.write("tasks", "R03-02", progress="本期无更新")
    result = judge(later, form, tmp_path)
    message = (
        "第6行“帮助各类创新主体争取省、市重大科技专项”：这里写了“本期无更新”，其余都没有填写，已按零报告接收；"
        "有更新的，请填写后重新发送。零报告请在“填报说明”的“零报告”处选“是”。"
    )
    assert one(result) == (Code.NIL_IN_WORDS, question(TASKS.name, cell, "本期无更新", message))
    assert result.judgement
    assert result.judgement.nil
    form.write("tasks", "R03-03", status="序时推进", progress="已开工")
    assert Code.NIL_IN_WORDS not in [code for code, _ in codes(judge(later, form, tmp_path))]


def test_findings_are_listed_errors_first_then_as_one_reads_a_sheet() -> None:
    places = [
        ("F8", Code.YEAR_GUESSED),
        ("AA8", Code.NOT_DATE),
        ("Q8", Code.NOT_NUMBER),
        ("B10", Code.NOT_CHOICE),
    ]
    findings = [
        finding(code, Place("a.xlsx", "表", cell), "x", advice="x", expected="x") for cell, code in places
    ]
    assert [f.cell for f in in_order([*findings, *findings])] == ["Q8", "AA8", "B10", "F8"]


# --- the catalogue

TESTS = Path(__file__).parents[1]
HOMES = {
    "LIST_": "app/test_export.py",
    "TEMPLATE_": "excel/test_look.py",
    "DAYS_OFF_": "app/test_deadlines.py",
    "PLAN_PERSON_": "app/test_people_in_time.py",
    "PLAN_TWO_CHIEFS": "app/test_people_in_time.py",
    "PLAN_LIAISON_APART": "app/test_address_book.py",
    "ADDRESS_SECTION": "app/test_sections.py",
    "ADDRESS_": "app/test_address_book.py",
    "PLAN_": "*/test_plan*.py",
    "SETTING_RELEASE_UNKNOWN": "app/test_embargo.py",
    "SETTING_PASSWORDS": "app/test_passwords.py",
    "SETTING_LETTER_": "model/test_letter_texts.py",
    "SETTING_SECRET": "model/test_mail_settings.py",
    "SETTING_": "model/test_settings.py",
    "PAPER_": "app/test_papers.py",
}
"""Findings about the office's own workbooks are provoked beside their readers."""


def test_every_code_is_provoked_by_exactly_one_test() -> None:
    texts = (path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    provoked = [name for text in texts for name in re.findall(r"\bprovokes\(Code\.(\w+)", text)]
    assert sorted(provoked) == sorted(c.name for c in Code if not c.name.startswith(tuple(HOMES)))


@pytest.mark.parametrize(
    "code", [c for c in Code if c.name.startswith(tuple(HOMES))], ids=lambda code: code.name
)
def test_codes_of_office_workbooks_are_provoked_beside_their_readers(code: Code) -> None:
    homes = next(files for prefix, files in HOMES.items() if code.name.startswith(prefix))
    texts = [path.read_text(encoding="utf-8") for path in TESTS.glob(homes)]
    assert any(re.search(rf"Code\.{code.name}\b", text) for text in texts)


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_every_rule_says_why_it_is_asked(code: Code) -> None:
    assert code.rule.why.endswith("。")
    assert code.rule.why != code.rule.text


def test_rules_about_the_offices_own_workbooks_stand_apart() -> None:
    assert {c.name for c in Code if not c.is_of_senders} == {
        c.name for c in Code if c.name.startswith(tuple(HOMES))
    }


def test_there_is_an_example_of_every_rule_for_senders() -> None:
    assert sorted(examples.kept()) == sorted(c.rule.code for c in Code if not c.name.startswith(tuple(HOMES)))


def test_a_rule_for_senders_goes_by_a_title_of_its_own() -> None:
    titles = [code.rule.title for code in Code if code.is_of_senders]
    assert len(titles) == len(set(titles))


def test_a_rule_is_found_by_its_code_and_a_retired_one_is_not() -> None:
    assert [known(code.rule.code) for code in Code] == list(Code)
    assert known("a_rule_of_long_ago") is None


def test_rules_stand_in_the_order_of_their_gates() -> None:
    gates = list(Gate)
    assert sorted(Code, key=lambda code: gates.index(code.gate)) == list(Code)


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_every_sentence_is_plain_and_ends_as_one(code: Code) -> None:
    assert code.rule.text.endswith("。")
    assert not re.search(r"您必须|非法|无效|错误代码|null|None", code.rule.text)
