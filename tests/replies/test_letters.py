"""What senders are told and what the operator sees at the end of a run: read here as they read it."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tenproj_xl.app.check import check
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import Merged
from tenproj_xl.cli.returns_text import checked_lines, ingested_lines, merged_lines
from tenproj_xl.cli.terminal import width
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import Place, Point, finding, finding_groups, points_of
from tenproj_xl.core.sheets import COVER, KEY, TEMPLATE_SHEETS
from tenproj_xl.ledger.return_state import ReturnState
from tests.conftest import EARLIER, PERIOD
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office
from tests.helpers.rollup_reading import one, table


def told(path: Path | None) -> str:
    """Return a letter as it is pasted."""
    assert path is not None
    return path.read_text("utf-8-sig").replace("\r\n", "\n")


def letter_of(week: Office, form: Filling, *, hours: float = -3) -> str:
    week.send(form, hours=hours)
    (result,) = ingest(week.workspace, PERIOD).files
    return told(result.letter)


def test_how_to_answer_is_told_only_where_a_row_is_asked_about(week: Office) -> None:
    form = week.right("03")
    form.put("tasks", "AJ2", "技术交易总额应为30.12亿元")
    text = letter_of(week, form)
    assert "要计入的请填到对应的单元格后重新发送" in text
    assert "核实说明" not in text
    form.write("indicators", "Z03-04", remark="更正为30.12")
    assert "请在该行“核实说明”选“属实”" in letter_of(week, form, hours=-2)


def test_a_sheet_of_another_task_force_without_answers_is_called_so(week: Office) -> None:
    form = faulty(week)
    form.bring(week.blank("08"), "tasks", "08任务")
    week.send(form)
    (result,) = ingest(week.workspace, PERIOD).files
    assert result.answer
    listed = [str(cell) for row in Filling(result.answer).tab("修改清单").values for cell in row]
    assert any("工作表“08任务”是2026年第48期（11月23日—29日）08专班的，未接收" in text for text in listed)


def faulty(week: Office) -> Filling:
    form = week.right("03")
    form.cover(unit="区科技局")
    form.write("indicators", "Z03-04", value="增长较快")
    form.write("tasks", "R03-02", status="基本完成")
    form.write("tasks", "R03-01", status="已完成", completed_on="11月20日")
    return form


def test_rows_of_another_units_form_wait_for_no_correction(week: Office) -> None:
    form = week.right("04")
    form.bring(week.right("03"), "tasks")
    text = letter_of(week, form)
    assert "贵单位发来的工作表“重点任务进度表”是" in text
    assert "后计入" not in text


def test_a_sender_who_has_to_correct_is_told_what_where_and_by_when(week: Office) -> None:
    text = re.sub(r"[0-9a-f]{6}\.xlsx", "0a1b2c.xlsx", letter_of(week, faulty(week)))
    assert text == (
        "区科技局 张三：\n"
        "您好！贵单位报送的03专班2026年第48期（11月23日—29日）填报表有2处须更正，没有错误的行已接收，不必重填。\n"
        "“技术交易总额”、“帮助各类创新主体争取省、市重大科技专项”这2行待贵单位更正发回后计入。\n"
        "\n"
        "请更正：\n"
        "1. “主要指标进度表”K8：“技术交易总额”最新数值：填了“增长较快”，"
        "这里请只填数字、不带单位，如 72.5；还没有数的请空着。\n"
        "2. “重点任务进度表”L6：“帮助各类创新主体争取省、市重大科技专项”当前状态：填了“基本完成”，"
        "请从下拉选项中选择：未启动、序时推进、滞后、已完成、长期推进、申请调整。\n"
        "\n"
        "另请核对：\n"
        "1. “重点任务进度表”H5：“打造‘科技创新少年队’”完成日期：填了“11月20日”，年份不全，已记为2026-11-20，请核对。\n"
        "\n"
        "附件：03_区科技局_2026年第48期填报表_请更正_0a1b2c.xlsx\n"
        "第一张“修改清单”列出每一处，点单元格可直接跳转；改好后直接发回这份附件，不用重新填表。\n"
        "\n"
        "报送截止时间是2026年11月27日17:00，请尽快更正后发回，谢谢！\n"
        "\n"
        "总专班办公室（设在区发改经信局）\n"
    )


@pytest.mark.clock
def test_after_the_deadline_a_sender_is_asked_to_hurry(week: Office) -> None:
    assert "报送截止时间（2026年11月27日17:00）已过，请尽快更正后发回" in letter_of(
        week, faulty(week), hours=1
    )


def test_a_sender_whose_form_is_right_is_thanked(week: Office) -> None:
    text = letter_of(week, week.right("03"))
    assert text.splitlines()[1] == "您好！贵单位报送的03专班2026年第48期（11月23日—29日）填报表已接收，谢谢！"
    assert text.splitlines()[2] == "已录入主要指标8行、重点任务4行。"
    assert "附件" not in text


def test_a_sender_of_last_periods_form_finds_it_moved(later_week: Office) -> None:
    form = Filling(next((later_week.workspace.outbox / EARLIER / "填报表").glob("03_*.xlsx")))
    form.cover(**SIGNED)
    form.write("tasks", "R03-01", status="序时推进", progress="本周又成立1支")
    text = letter_of(later_week, form)
    assert (
        "贵单位发来的是2026年第42期（10月12日—18日）的填报表，本次应报03专班2026年第48期（11月23日—29日）填报表；"
        "填的内容已搬到附件，请逐项核对、补充。"
    ) in text
    assert "请填写第48期" not in text


def test_a_sender_of_something_else_is_told_why(week: Office) -> None:
    form = week.right("03")
    form.become(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")
    text = letter_of(week, form)
    assert "贵单位发来的文件“03_区科技局_2026年第48期填报表.xlsx”未接收。" in text
    assert "1. 这是PDF文件，不是可以读取的表格，请发送填好的填报表（.xlsx）。" in text


def mess(week: Office) -> Filling:
    """A form in which every figure is words and every state is something else."""
    form = week.right("03")
    for code in form.codes("indicators"):
        form.write("indicators", code, value="较快", nature="统计局")
    for code in form.codes("tasks"):
        form.write("tasks", code, status="顺利", completed_on="年底")
    form.cover(unit="区科技局", phone=None)
    return form


def test_a_mess_begins_with_a_handful_of_first_things(week: Office) -> None:
    week.send(mess(week))
    (result,) = ingest(week.workspace, PERIOD).files
    assert sum(f.is_error for f in result.findings) > 8
    text = told(result.letter)
    listed = [line for line in text.splitlines() if re.match(r"\d\. ", line)]
    assert len(listed) <= 2 * 5
    assert "1. “主要指标进度表”K5、K6、K7等共8处“不是数字”，如“" in text
    assert result.answer
    letter = Filling(result.answer).tab("修改清单")["B3"].value
    assert isinstance(letter, str)
    assert "要改的较多，建议先改这几类：1. “主要指标进度表”K5、K6、K7等共8处“不是数字”；2. " in letter


def test_a_sender_of_two_files_is_told_of_both_in_one_letter(week: Office) -> None:
    week.send(faulty(week), "指标.xlsx", hours=-3)
    other = week.right("03")
    other.cover(unit="区科技局")
    other.write("indicators", "Z03-04", value="暂未统计")
    week.send(other, "更新.xlsx", hours=-2)
    done = ingest(week.workspace, PERIOD)
    first, second = sorted(done.files, key=lambda f: f.received.received_at)
    text = told(second.letter)
    assert first.letter == second.letter
    assert text.startswith(
        "区科技局 张三：\n您好！以下事项，请贵单位逐条办理，谢谢！\n\n一、贵单位报送的03专班"
    )
    for number, name in (("一", "指标.xlsx"), ("二", "更新.xlsx")):
        form = f"03专班2026年第48期（11月23日—29日）填报表（{name}）"
        assert f"\n{number}、贵单位报送的{form}有" in text
    assert text.count("\n附件：") == 2
    assert text.index("填了“增长较快”") < text.index("填了“暂未统计”")
    screen = "\n".join(ingested_lines(done, week.workspace))
    assert "请1家更正" in screen
    assert re.search("通知：.*（1份）", screen)


def test_a_letter_takes_the_place_of_the_one_before(week: Office) -> None:
    letter_of(week, faulty(week))
    form = week.right("03")
    form.cover(unit="区科技局")
    assert "已接收，谢谢" in letter_of(week, form, hours=-1)
    (kept,) = (week.workspace.outbox / PERIOD / "通知").glob("区科技局.txt")
    assert "已接收，谢谢" in told(kept)


# --- who has not returned


def test_units_that_have_not_returned_are_reminded_until_they_have(week: Office) -> None:
    folder = week.workspace.outbox / PERIOD / "通知"
    done = merge(week.workspace, PERIOD)
    assert [path.name for path in done.ingested.reminders] == [
        "催报_区发改经信局.txt",
        "催报_区科技局.txt",
        "催报_区文广旅体局.txt",
        "催报_区政府办.txt",
    ]
    assert told(folder / "催报_区科技局.txt") == (
        "区科技局：\n"
        "您好！贵单位的03专班2026年第48期（11月23日—29日）填报表尚未收到，报送截止时间是2026年11月27日17:00。\n"
        "请填好“03_区科技局_2026年第48期填报表.xlsx”后发回；"
        "本期确无更新的，请在“填报说明”的“零报告”处选“是”后发回。谢谢！\n"
        "\n"
        "总专班办公室（设在区发改经信局）\n"
    )
    week.send(week.right("03"))
    merge(week.workspace, PERIOD)
    assert not (folder / "催报_区科技局.txt").exists()


def test_a_reminder_goes_once_all_forms_of_its_unit_are_taken_in(week: Office) -> None:
    folder = week.workspace.outbox / PERIOD / "通知"
    merge(week.workspace, PERIOD)
    week.send(week.right("03"))
    week.send(week.right("01"))
    ingest(week.workspace, PERIOD)
    assert [path.name for path in sorted(folder.glob("催报_*"))] == [
        "催报_区发改经信局.txt",
        "催报_区政府办.txt",
        "催报_区文广旅体局.txt",
    ]


def test_a_bureau_that_leads_several_task_forces_gets_one_letter_about_all_of_them(
    later_week: Office,
) -> None:
    """区发改经信局 returns 01, something to correct for 04, last period's form for 09, and nothing for 02."""
    faulty = later_week.right("04")
    faulty.write("tasks", "R04-01", status="基本完成")
    later_week.send(later_week.right("01"), hours=-5)
    later_week.send(faulty, hours=-4)
    old = Filling(next((later_week.workspace.outbox / EARLIER / "填报表").glob("09_*.xlsx")))
    old.cover(**SIGNED)
    old.write("tasks", "R09-01", status="序时推进", progress="已开工")
    later_week.send(old, "09.xlsx", hours=-3)
    done = merge(later_week.workspace, PERIOD)
    (path,) = {f.letter for f in done.ingested.files}
    assert path is not None
    assert path.name == "区发改经信局.txt"
    assert path not in done.ingested.reminders
    assert not list(path.parent.glob("*_区发改经信局.txt"))
    sections = [line for line in told(path).splitlines() if line[:2] in ("一、", "二、", "三、", "四、")]
    assert sections == [
        "一、贵单位报送的01专班2026年第48期（11月23日—29日）填报表已接收，谢谢！",
        "二、贵单位报送的04专班2026年第48期（11月23日—29日）填报表有1处须更正，没有错误的行已接收，不必重填。",
        "三、贵单位发来的是2026年第42期（10月12日—18日）的填报表，本次应报09专班2026年第48期（11月23日—29日）填报表；填的内容已搬到附件，请逐项核对、补充。",
        "四、贵单位的02专班2026年第48期（11月23日—29日）填报表尚未收到，报送截止时间是2026年11月27日17:00。",
    ]
    assert "\n“加快现有2个省级服务业创新发展区建设”这1行待贵单位更正发回后计入。\n" in told(path)
    assert told(path).count("\n附件：") == 2
    assert "06专班" not in told(path)  # not involved: nothing is owed


def test_status_letter_and_roll_up_agree_on_a_form_that_was_refused(later_week: Office) -> None:
    """09 used last period's form again, and 08's form came damaged: both are refused, neither is merely missing."""
    old = Filling(next((later_week.workspace.outbox / EARLIER / "填报表").glob("09_*.xlsx")))
    old.cover(**SIGNED)
    old.write("tasks", "R09-01", status="序时推进", progress="已开工")
    later_week.send(old)
    damaged = later_week.right("08")
    damaged.become(b"PK\x03\x04 cut short")
    later_week.send(damaged)
    done = merge(later_week.workspace, PERIOD)
    states = {line.task_force.code: line.state for line in done.matrix.lines}
    returns = table(done.rollup, "报送情况", "专班")
    for code, state in (
        ("08", ReturnState.REFUSED),
        ("09", ReturnState.REFUSED),
        ("10", ReturnState.MISSING),
    ):
        assert states[code] is state
        assert one(returns, code, "报送", "专班") == state.label
    folder = later_week.workspace.outbox / PERIOD / "通知"
    for name in ("区发改经信局", "区文广旅体局"):
        assert not (folder / f"催报_{name}.txt").exists()
    text = told(folder / "区发改经信局.txt")
    assert "本次应报09专班" in text
    (missing,) = (line for line in text.splitlines() if "尚未收到" in line)
    assert "09专班" not in missing
    assert "尚未收到" not in told(folder / "区文广旅体局.txt")
    assert "未接收" in told(folder / "区文广旅体局.txt")

    again = merge(later_week.workspace, PERIOD)
    assert "贵单位此前发来的09专班2026年第48期（11月23日—29日）填报表未接收" in told(
        folder / "催报_区发改经信局.txt"
    )
    assert [x.recipient for x in again.matrix.owing if x.state is ReturnState.REFUSED] == ["08", "09"]


@pytest.mark.parametrize(
    ("code", "faults", "state"),
    [
        ("01", {}, ReturnState.ACCEPTED),
        ("03", {"completed_on": "11月20日", "status": "已完成"}, ReturnState.WITH_WARNINGS),
        ("03", {"status": "基本完成"}, ReturnState.TO_CORRECT),
    ],
)
def test_status_letter_and_roll_up_agree_on_a_form_that_came(
    code: str, faults: dict[str, object], state: ReturnState, week: Office
) -> None:
    form = week.right(code)
    if faults:
        form.write("tasks", "R03-01", **faults)
    week.send(form)
    done = merge(week.workspace, PERIOD)
    (line,) = (line for line in done.matrix.lines if line.task_force.code == code)
    assert line.state is state
    assert str(done.ingested.files[0].status) == state
    returns = table(done.rollup, "报送情况", "专班")
    assert one(returns, code, "报送", "专班") == "按时"
    assert one(returns, code, "现行件状态", "专班") == state.label
    says = "须更正" if state is ReturnState.TO_CORRECT else "已接收，谢谢"
    assert says in told(done.ingested.files[0].letter)


# --- the operator's screen


@pytest.fixture
def merged(later_week: Office) -> Merged:
    """Ten returns: one too late, four at fault, one that is none, two asked about; two task forces silent."""
    forms = {code: later_week.right(code) for code in ("01", "02", "03", "04", "05", "06", "07", "10")}
    forms["01"].write("indicators", "Z01-02", value=12345678.9)
    forms["02"].write("tasks", "R02-01", status="基本完成")
    forms["03"].write("tasks", "R03-01", status="已完成", completed_on=date(2026, 12, 20))
    forms["04"].delete_sheet("tasks")
    forms["10"].become(b"")
    for code, form in forms.items():
        later_week.send(form, hours=20 if code == "06" else -3)
    return merge(later_week.workspace, PERIOD)


def test_the_screen_of_ten_returns_fits(later_week: Office, merged: Merged) -> None:
    lines = list(merged_lines(merged, later_week.workspace))
    assert max(map(width, lines)) <= 80
    after_the_files = lines[len(merged.ingested.files) + 1 :]
    assert len(after_the_files) <= 40
    ending = lines[lines.index("现在要做的：") :]
    assert len(ending) <= 24
    assert [line for line in ending if re.match(r"\d\. ", line)] == [
        "1. 请2家更正：把退回更正的表发回，正文可用通知里的话",
        "2. 1个文件未接收，请告知发件人",
        "3. 1家有疑问，请电话核对",
        "4. 催报2家：08区文广旅体局、09区发改经信局",
    ]
    assert lines[-2:] == [
        "汇总表：outbox/2026-W48/汇总/拱墅区十项重大工程_2026年第48周汇总表.xlsx",
        "同一文件夹里还有：打印版.xlsx、挂图作战.html、晾晒版.xlsx、简报.docx",
    ]


def test_nothing_to_do_is_not_spoken_of(week: Office) -> None:
    week.send(week.right("03"))
    done = ingest(week.workspace, PERIOD)
    assert list(ingested_lines(done, week.workspace)) == [
        "  03_区科技局_2026年第48期填报表.xlsx  已接收",
        "",
        "通知：outbox/2026-W48/通知/（1份）",
    ]


@pytest.mark.clock
def test_a_file_that_is_looked_at_is_told_of_in_full(week: Office, tmp_path: Path) -> None:
    done = check(week.workspace, [faulty(week).save(tmp_path / "03.xlsx")], PERIOD)
    lines = list(checked_lines(done, week.workspace))
    assert lines[0] == "03.xlsx（区科技局 张三）"
    assert lines[1].startswith("  1. “主要指标进度表”K8：第8行“技术交易总额”：填了“增长较快”")
    assert lines[4:6] == ["", "  03.xlsx  需更正（错误2，提示1）"]


def test_of_many_things_a_few_are_named_and_all_are_counted_for_what_they_are(week: Office) -> None:
    strays = tuple(f"签字页{n}.pdf" for n in range(1, 8))
    conflicts = tuple(
        finding(Code.SENDERS_DISAGREE, Place(), expected=n, said="", counts="") for n in range(7)
    )
    done = replace(ingest(week.workspace, PERIOD), passed_over=strays, conflicts=conflicts)
    lines = list(ingested_lines(done, week.workspace))
    assert "略过7个非填报文件：签字页1.pdf、签字页2.pdf、签字页3.pdf、签字页4.pdf、签字页5.pdf等7个" in lines
    assert "   …… 另有2条" in lines


# --- the words


def points(code: Code, *cells: str) -> list[Point]:
    return points_of(
        finding(code, Place("a.xlsx", "重点任务进度表", cell), "x", advice="选择") for cell in cells
    )


def test_what_is_alike_is_said_once() -> None:
    found = finding_groups([*points(Code.NOT_DATE, "H5"), *points(Code.NOT_CHOICE, "I5", "I6", "I7", "I8")])
    assert [gist.sentence for gist in found] == [
        "“重点任务进度表”I5、I6、I7等共4处“不在选项内”，如第5行：填了“x”，请从下拉选项中选择：选择。",
        "“重点任务进度表”H5：第5行：填了“x”，这里请选择。",
    ]


def test_what_has_no_kind_is_said_once_without_one() -> None:
    message = "“主要指标进度表”未接收的行：本期的表中没有这一项，没有填回，请核对。"
    alike = [Point(Severity.WARNING, "", "原填内容", cell, message) for cell in ("B5", "B6")]
    assert [gist.sentence for gist in finding_groups(alike)] == [f"“原填内容”B5、B6共2处，如{message}"]


def test_a_name_over_two_lines_breaks_no_line_of_a_letter(week: Office) -> None:
    form = week.right("03")
    form.write("issues", "+1", description="项目用地指标\n尚未落实", category="用地", status="整改中")
    text = letter_of(week, form)
    assert "“项目用地指标 尚未落实”" in text
    assert "\n尚未落实" not in text


_INNER = (
    {column.field for sheet in (*TEMPLATE_SHEETS, COVER) for column in sheet.columns}
    | {sheet.code for sheet in TEMPLATE_SHEETS}
    | {code.rule.code for code in Code}
    | {code.name for code in Code}
    | {str(s) for s in Severity}
    | {KEY, "None", "Unread", "NaN", "nan", "Traceback"}
) - {"code", "name", "state", "value"}


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_no_sentence_has_an_inner_word(code: Code) -> None:
    """But for the names of fields of the template, which is the office's own and has them in its cells."""
    if code.name.startswith("TEMPLATE_"):
        return
    text = re.sub(r"\{\w+\}", "", code.rule.text) + code.rule.why
    assert not {*re.findall(r"[A-Za-z_]+", text)} & _INNER


def test_of_a_long_cell_a_message_quotes_the_beginning() -> None:
    found = finding(Code.FORMULA_DIFFERS, Place(), "达序时" * 400, expected="滞后")
    assert found.message == f"显示为“{'达序时' * 100}…”，按填报的数应为“滞后”，已重新计算；公式请勿改动。"
    assert found.value == "达序时" * 400
