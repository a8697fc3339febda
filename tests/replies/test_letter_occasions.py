"""What units and the work group are told on each occasion, read here as they read it in a chat."""

from dataclasses import field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.core.answers import IssueCategory
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Point, finding_groups
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.decisions import ChangeReply, Decision, Extension, Verdict
from tenproj_xl.model.letter_passages import PASSAGES, Occasion
from tenproj_xl.model.letter_texts import DEFAULT_TEXTS, LetterTexts
from tenproj_xl.model.statuses import Status
from tenproj_xl.replies.letter_content import (
    AnsweredFile,
    DecidedIssue,
    FormsOut,
    GroupNotice,
    MissingUnit,
    MissingUnits,
    OutstandingForm,
    ReturnedRow,
    ReturnedRows,
    RowsToCheck,
    ScoreToCheck,
    SlipsOut,
    SlipToAnswer,
    UnitLetter,
    WaitingFile,
)
from tenproj_xl.replies.letters import group_text, letter_parts, parts_subject, parts_text
from tenproj_xl.replies.without_figures import remedy, told_without_figures
from tests.conftest import PERIOD
from tests.helpers.filling import Office
from tests.helpers.settings_book import set_parameter

WITHOUT_FIGURES = replace(DEFAULT_TEXTS, has_figures=False)
DUE = datetime(2026, 11, 27, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
FORM, FILE = "03专班2026年第48期（11月23日—29日）填报表", "03_区科技局_2026年第48期填报表"
BARE = UnitLetter(
    unit="区科技局",
    deadline=DUE,
    office="总专班办公室",
    phone="0571-88880000",
    period="2026年第48期（11月23日—29日）",
    channel="浙政钉",
)
END = "\n\n总专班办公室\n联系方式：0571-88880000\n"
OUT = OutstandingForm(form=FORM, file=FILE, was_refused=False)
NIL = "本期确无更新的，请在“填报说明”的“零报告”处选“是”后发回。谢谢！"
SLIP = SlipToAnswer(
    label="〔2026〕3号",
    stage="督办",
    name="新增建设用地35亩",
    reply_by=date(2026, 12, 6),
    code="W03-2026-007",
)


def letter_text(letter: UnitLetter, texts: LetterTexts) -> str:
    return parts_text(letter_parts(letter, texts), letter, texts)


def letter_subject(letter: UnitLetter, texts: LetterTexts) -> str:
    return parts_subject(letter_parts(letter, texts), letter, texts)


def told(letter: UnitLetter, texts: LetterTexts = DEFAULT_TEXTS) -> str:
    text = letter_text(letter, texts)
    assert text.count("\r\n") == text.count("\n")
    return text.replace("\r\n", "\n")


def body(letter: UnitLetter, texts: LetterTexts = DEFAULT_TEXTS) -> str:
    """Return what stands between the head and the end of a letter about one matter."""
    text = told(letter, texts)
    assert text.startswith("区科技局：\n您好！")
    assert text.endswith(END)
    return text.removeprefix("区科技局：\n您好！").removesuffix(END)


def test_forms_go_out_with_how_to_return_them_and_what_is_new() -> None:
    forms = FormsOut(
        deadline=DUE,
        forms=[FORM],
        files=[f"{FILE}.xlsx"],
        example="填报示例.xlsx",
        news=["问题W03-2026-001“用地”已销号。"],
    )
    assert body(replace(BARE, forms_out=[forms])) == (
        f"{FORM}请查收，见附件“{FILE}.xlsx”。\n"
        f"请填好黄色单元格，于2026年11月27日17:00前用浙政钉发回；{NIL}\n"
        "填法可看“填报示例.xlsx”。\n"
        "\n"
        "本期请留意：\n"
        "1. 问题W03-2026-001“用地”已销号。"
    )


def test_forms_that_go_out_after_the_deadline_are_asked_for_at_once() -> None:
    forms = FormsOut(deadline=DUE, forms=[FORM], files=[f"{FILE}.xlsx"], is_late=True)
    assert body(replace(BARE, forms_out=[forms])) == (
        f"{FORM}请查收，见附件“{FILE}.xlsx”。\n"
        "报送截止时间（2026年11月27日17:00）已过，请尽快填好黄色单元格，用浙政钉发回，暂时报不了的请来电说明；"
        f"{NIL}"
    )


def test_where_nothing_is_new_nothing_is_said_of_it() -> None:
    text = body(replace(BARE, forms_out=[FormsOut(deadline=DUE, forms=[FORM], files=["甲.xlsx", "乙.xlsx"])]))
    assert "附件“甲.xlsx”、“乙.xlsx”。" in text
    assert "填法" not in text
    assert "留意" not in text


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (None, "尚未收到，报送截止时间是2026年11月27日17:00。\n请填好“"),
        (date(2026, 11, 26), "尚未收到，报送截止时间是2026年11月27日17:00。\n请填好“"),
        (date(2026, 11, 27), "尚未收到，今天17:00截止。\n请抓紧填好“"),
        (date(2026, 11, 28), "尚未收到，报送截止时间（2026年11月27日17:00）已过。\n请尽快填好“"),
    ],
)
def test_a_reminder_goes_by_the_day(day: date | None, says: str) -> None:
    assert f"贵单位的{FORM}{says}{FILE}.xlsx”后发回" in body(replace(BARE, day=day, outstanding=[OUT]))


def test_the_lead_is_told_whose_rows_are_missing_and_whom_to_call() -> None:
    missing = MissingUnits(
        "03",
        [
            MissingUnit("区商务局", {"主要指标": 2, "重点任务": 0, "问题": 1}, "李四（0571-88880001）"),
            MissingUnit("区住建局", {"重点任务": 1}),
        ],
    )
    assert body(replace(BARE, missing=[missing])) == (
        "03专班2026年第48期（11月23日—29日）填报表，还有2家单位没有报来，"
        "报送截止时间（2026年11月27日17:00）已过。请贵单位作为牵头单位督促以下单位尽快报送，谢谢！\n"
        "1. 区商务局：主要指标2行、问题1条，联系李四（0571-88880001）\n"
        "2. 区住建局：重点任务1行"
    )


def decided(verdict: Verdict | None, **parts: object) -> DecidedIssue:
    decision = Decision(
        issue="W03-2026-007",
        on=date(2026, 11, 30),
        by="王主任",
        upon=parse_period("2026-W48"),
        verdict=verdict,
        opinion="还缺35亩的批文",
    )
    return DecidedIssue(replace(decision, **parts), "新增建设用地35亩")  # type: ignore[arg-type]


def test_decisions_are_told_with_their_reasons_and_what_follows() -> None:
    decisions = [
        decided(Verdict.SIGN_OFF, opinion=""),
        decided(Verdict.SEND_BACK),
        decided(Verdict.REOPEN, until=date(2027, 1, 31)),
        decided(None, extension=Extension.GRANTED, until=date(2027, 1, 31), opinion=""),
    ]
    assert body(replace(BARE, decisions=decisions)) == (
        "贵单位有4个问题的审定结果已登记：\n"
        "1. W03-2026-007“新增建设用地35亩”：2026年11月30日审定，同意销号，下期起不再列入填报表。\n"
        "2. W03-2026-007“新增建设用地35亩”：2026年11月30日审定，退回整改。\n"
        "原因：还缺35亩的批文\n"
        "请整改到位后，在填报表“当前状态”重新选“申请销号”，并写明佐证材料。\n"
        "3. W03-2026-007“新增建设用地35亩”：2026年11月30日审定，重新挂账（整改时限2027-01-31）。\n"
        "原因：还缺35亩的批文\n"
        "下期起仍列入填报表，请继续整改并报送进展。\n"
        "4. W03-2026-007“新增建设用地35亩”：2026年11月30日审定，同意延期至2027-01-31。"
    )


def test_slips_go_out_with_their_files_and_deadlines() -> None:
    out = SlipsOut(slips=[SLIP], files=["督办单.xlsx", "督办单反馈_区科技局.xlsx"])
    assert body(replace(BARE, slips_out=out)) == (
        "以下1件事项已列入督办，督办单见附件“督办单.xlsx”、“督办单反馈_区科技局.xlsx”。"
        "请于反馈时限前填写“督办单反馈”表的“办理情况”栏发回：\n"
        "1. 督办〔2026〕3号“新增建设用地35亩”，反馈时限2026年12月6日"
    )


NOTICE = GroupNotice(
    period="2026年第48期（11月23日—29日）",
    deadline=DUE,
    returned=["区科技局", "区投促局"],
    missing=["区商务局"],
    channel="浙政钉",
    office="总专班办公室",
)


def group(notice: GroupNotice, *, by_name: bool) -> str:
    return group_text(notice, DEFAULT_TEXTS, by_name=by_name).replace("\r\n", "\n")


def test_the_work_group_is_told_who_has_returned_and_who_has_not() -> None:
    assert group(NOTICE, by_name=True) == (
        "各单位：\n"
        "2026年第48期（11月23日—29日）填报表应报3家，已报2家，未报1家；报送截止时间是2026年11月27日17:00。\n"
        "已报：区科技局、区投促局。谢谢！\n"
        "未报：区商务局。请尽快填好，用浙政钉发回；确无更新的，请作零报告。\n"
        "总专班办公室\n"
    )
    assert "已报：" not in group(replace(NOTICE, returned=[]), by_name=True)


def test_the_work_group_is_told_how_many_without_a_name() -> None:
    text = group(replace(NOTICE, phone="0571-88880000"), by_name=False)
    assert text == (
        "各单位：\n"
        "2026年第48期（11月23日—29日）填报表应报3家，已报2家，还有1家未报；报送截止时间是2026年11月27日17:00。\n"
        "请未报的单位尽快填好，用浙政钉发回；确无更新的，请作零报告。谢谢！\n"
        "总专班办公室\n联系方式：0571-88880000\n"
    )


def test_a_group_of_which_all_have_returned_is_thanked() -> None:
    done = replace(NOTICE, missing=[])
    text = group(done, by_name=True)
    assert text == group(done, by_name=False)
    assert "应报的2家已全部报送，谢谢各单位！" in text
    assert "区科技局" not in text


def test_a_letter_about_nothing_is_not_written() -> None:
    assert letter_text(BARE, DEFAULT_TEXTS) == ""


# --- everything in one letter


def answered(status: Status, *points: Point, **parts: object) -> AnsweredFile:
    file = AnsweredFile(
        file="填报表.xlsx",
        form=FORM,
        sender="",
        status=status,
        points=points,
        attachment="",
        moved_from="",
        received_at=DUE - timedelta(hours=3),
    )
    return replace(file, **parts)  # type: ignore[arg-type]


def point(code: Code, severity: Severity) -> Point:
    message = "“技术交易总额”最新数值：本次4321，请核对。"
    return Point(severity, code.rule.title, "主要指标进度表", "K8", message, in_row=True)


ERROR = point(Code.NOT_NUMBER, Severity.ERROR)
QUESTION = point(Code.VALUE_FELL, Severity.QUESTION)
WARNING = point(Code.UNIT_GUESSED, Severity.WARNING)
OWED = point(Code.FIGURE_MISSING, Severity.WARNING)
FILES = (
    answered(Status.ACCEPTED, rows={"主要指标": 7, "问题": 2}),
    answered(Status.WITH_WARNINGS, WARNING, unknown_address="someone@example.org"),
    answered(Status.WITH_WARNINGS, QUESTION),
    answered(Status.WITH_WARNINGS, OWED),
    answered(Status.TO_CORRECT, ERROR, WARNING, attachment="请更正.xlsx", waiting=["目标4321"]),
    answered(Status.TO_CORRECT, point(Code.RETURN_WAITS, Severity.WARNING), ERROR, attachment="请更正.xlsx"),
    answered(Status.TO_CORRECT, QUESTION, attachment="请更正.xlsx"),
    answered(Status.TO_CORRECT, ERROR, attachment="请更正.xlsx", moved_from="2026年第42期（10月12日—18日）"),
    answered(Status.REFUSED, point(Code.NOT_OURS, Severity.ERROR), form=""),
    answered(Status.SUPERSEDED, point(Code.RETURN_SET_ASIDE, Severity.QUESTION)),
    answered(Status.COMPANION, point(Code.SCAN_ALONE, Severity.ERROR)),
    answered(Status.LEAD_CHECK, said="同意5行，退回1行"),
    answered(Status.SCORE_CHECK),
)
EVERYTHING = replace(
    BARE,
    day=DUE.date(),
    liaisons="张三（科技科）",
    files=FILES,
    waiting=[
        WaitingFile(file="填报表.xlsx", form=FORM, rows=["目标4321"], sheets=[], attachment="请更正.xlsx")
    ],
    forms_out=[FormsOut(deadline=DUE, forms=[FORM], files=["甲.xlsx"], news=["技术交易总额上期4321"])],
    outstanding=[OUT, replace(OUT, was_refused=True)],
    missing=[MissingUnits("03", [MissingUnit("区商务局", {"主要指标": 2})])],
    returned=[
        ReturnedRows(
            "区科技局", "03", [ReturnedRow("主要指标", "技术交易总额4321亿元", "应为4321", "Z03-04")]
        )
    ],
    to_check=[
        RowsToCheck(task_force="03", file="专班核对稿.xlsx", rows=9, waiting=4, counts_first=True),
    ],
    scores=[
        ScoreToCheck(
            task_force="03",
            period="2026年11月",
            file="得分核对稿.xlsx",
            score=43.21,
            deductions=3,
            until="12月3日17:00",
        )
    ],
    slips_out=SlipsOut(slips=[replace(SLIP, name="用地4321亩")], files=["督办单.xlsx"]),
    slips=[replace(SLIP, name="用地4321亩")],
    answered_slips=["〔2026〕2号"],
    decisions=[
        replace(decided(Verdict.SIGN_OFF, opinion="已完成4321"), description="用地4321亩"),
        decided(Verdict.SEND_BACK, opinion="还差4321"),
        decided(Verdict.REOPEN),
        decided(
            None,
            change=ChangeReply.AGREED,
            description="改为4321亩",
            category=IssueCategory.LAND,
            opinion="4321",
        ),
    ],
)


@dataclass(frozen=True)
class Watched(LetterTexts):
    """The default texts, and which passages were written."""

    written: set[Occasion] = field(default_factory=set)

    def write(self, occasion: Occasion, values: dict[str, str]) -> str:  # type: ignore[override]
        self.written.add(occasion)
        return super().write(occasion, values)


def test_every_passage_is_written_on_some_occasion_with_all_its_fields() -> None:
    """Every field that the office may use has a value then, or writing it would fail."""
    texts = Watched({occasion: passage_with_all_fields(occasion) for occasion in Occasion})
    told(EVERYTHING, texts)
    letter_subject(EVERYTHING, texts)
    one = replace(BARE, files=FILES[4:5])
    for letter in (one, replace(one, deadline=DUE - timedelta(days=1))):
        told(letter, texts)
    for day in (DUE.date() - timedelta(days=1), DUE.date() + timedelta(days=1)):
        told(replace(BARE, day=day, outstanding=[OUT]), texts)
    told(
        replace(BARE, forms_out=[FormsOut(deadline=DUE, forms=[FORM], files=["甲.xlsx"], is_late=True)]),
        texts,
    )
    for notice in (NOTICE, replace(NOTICE, missing=[])):
        for by_name in (True, False):
            group_text(notice, texts, by_name=by_name)
    assert texts.written == set(Occasion)


def passage_with_all_fields(occasion: Occasion) -> str:
    return "\n".join(f"{{{name}}}" for name in PASSAGES[occasion].fields)


def test_the_subject_of_a_mail_names_each_matter_once() -> None:
    letter = replace(BARE, files=FILES[4:8], slips=[SLIP], answered_slips=["〔2026〕2号"])
    subject = letter_subject(letter, DEFAULT_TEXTS)
    assert subject == "2026年第48期（11月23日—29日）填报表：请更正、请核对、督办单反馈已登记、督办单催办"
    named = LetterTexts({Occasion.SUBJECT: "{单位}\n{事由}"})
    assert letter_subject(replace(BARE, outstanding=[OUT]), named) == "区科技局 催报"


def test_sections_are_numbered_beyond_ten() -> None:
    numbers = [line.partition("、")[0] for line in told(EVERYTHING).split("\n\n") if "、" in line[:4]]
    assert numbers[:2] == ["一", "二"]
    assert numbers[8:12] == ["九", "十", "十一", "十二"]
    assert numbers[-1] == "二十五"


def test_a_nil_return_is_told_as_one() -> None:
    file = answered(Status.ACCEPTED, is_nil=True)
    assert body(replace(BARE, files=[file])).splitlines()[1] == "已录入零报告（本期无更新）。"


def test_no_brace_is_left_in_any_letter() -> None:
    text = told(EVERYTHING)
    assert not {"{", "}"} & set(text)
    assert "\n\n\n" not in text


def test_without_figures_a_letter_about_everything_has_no_value_no_target_and_no_score() -> None:
    assert "4321" in told(EVERYTHING)
    assert "43.2" in told(EVERYTHING)
    text = told(EVERYTHING, WITHOUT_FIGURES)
    assert "4321" not in text
    assert "43.2" not in text
    for said in (
        "1. “主要指标进度表”K8“不是数字”：请只填数字、不带单位；还没有数的请空着。",
        "1. “主要指标进度表”K8“累计数下降”：请核对，如属核减，请在“核实说明”写明；进度滞后的，请一并填写滞后原因。",
        "其余1行待贵单位更正发回后计入。",
        "03专班2026年11月的得分和扣分，见附件“得分核对稿.xlsx”。",
        "1. 督办〔2026〕3号W03-2026-007，反馈时限2026年12月6日",
        "1. 主要指标Z03-04：退回理由请向牵头单位了解",
        "2. W03-2026-007：2026年11月30日审定，退回整改。\n原因：请向办公室了解",
        "4. W03-2026-007：2026年11月30日审定，同意变更。\n\n“填报表.xlsx”是以贵单位名义从",
    ):
        assert said in text


def test_many_points_of_a_kind_are_one_without_figures_too() -> None:
    points = [ERROR._replace(cell=f"K{row}") for row in range(5, 9)]
    (group_of_points,) = finding_groups(points)
    assert told_without_figures(group_of_points) == (
        "“主要指标进度表”K5、K6、K7等共4处“不是数字”：请只填数字、不带单位；还没有数的请空着。"
    )


def test_what_has_no_name_is_told_by_its_cell_and_the_list_in_the_attachment(week: Office) -> None:
    form = week.right("10")
    form.delete_sheet("issues")
    set_parameter(week.workspace, "信函含数字", "否")
    week.send(form)
    (result,) = ingest(week.workspace, PERIOD).files
    assert result.letter is not None
    text = result.letter.read_text("utf-8-sig")
    assert "1. “问题销号进度表”B4：请按附件“修改清单”写的办。" in text


@pytest.mark.parametrize("code", [c for c in Code if c.is_of_senders], ids=lambda code: code.name)
def test_every_rule_says_what_to_do_without_what_was_found(code: Code) -> None:
    said = remedy(code)
    assert "{" not in said
    assert any(word in said for word in ("请", "不必", "不列入"))
    assert not said.endswith(("。", "，", "；"))
