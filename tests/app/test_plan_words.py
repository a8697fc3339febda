"""A province's programme: its own words for office, ranks and levels of decision, and no other in any file."""

import html
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app.amend import amend, blank_book
from tenproj_xl.app.export import export
from tenproj_xl.app.frames import facts_for
from tenproj_xl.app.history import history
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.plan_gaps import plan_gaps
from tenproj_xl.app.report import report
from tenproj_xl.app.resolve import ask
from tenproj_xl.app.results import Merged
from tenproj_xl.app.signoff import draw_signoff, sign_off
from tenproj_xl.app.workspace import Workspace, check_workbooks
from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.sheets import ISSUES, worded
from tenproj_xl.core.words import USUAL as USUAL_WORDS
from tenproj_xl.core.words import Words
from tenproj_xl.model.plan_schema import PLAN_SHEETS
from tenproj_xl.rollup.frames import frames_of, schemas_of
from tests.helpers.filling import Office, sent_out
from tests.helpers.rollup_reading import one, table

FIRST, SECOND = "2026-W48", "2026-W49"
LEVELS = {
    "层级一（专班）": "工作组自办",
    "层级二（办公室）": "省推进办",
    "层级三（领导小组）": "省领导小组",
    "层级四（常务会议）": "省政府专题会",
    "层级五（党委）": "省委专题会",
    "层级六（上级）": "报请国家部委",
}
WORDS = {"办公室": "省推进办（设在省发展改革委）", "排名栏名称": "全国排名", **LEVELS}
USUAL = ("总专班", "全市", "专班内部", "区政府常务会议", "区委", "提请省、市", "提请省市")
ROWS: dict[str, list[list[object]]] = {
    "方案": [
        ["方案代码", "SJ"],
        ["地区", "示例省"],
        ["方案名称", "“强省行动”"],
        ["起始年", 2025],
        ["终止年", 2027],
    ],
    "专班": [
        ["01", "投资攻坚", "涉及", "某副省长", "省发展改革委", "省科技厅"],
        ["02", "科技创新", "涉及", "某副省长", "省科技厅", "省发展改革委"],
    ],
    "单位": [["省发展改革委"], ["省科技厅"]],
    "主要指标": [
        [
            "Z01-01",
            "01",
            "完成投资",
            "",
            "亿元",
            "",
            "逐年",
            "越高越好",
            "省发展改革委",
            "",
            "月",
            20,
            "匀速",
        ],
        ["Z02-01", "02", "技术交易额", "", "亿元", "", "逐年", "越高越好", "省科技厅", "", "月", 20, "匀速"],
    ],
    "年度计划": [
        [code, year, "以上", 100, "", "批准"] for code in ("Z01-01", "Z02-01") for year in (2026, 2027)
    ],
    "重点任务": [["R01-01", "01", "项目集中开工", "", "省发展改革委", "", "省发展改革委"]],
}
FIGURE: dict[str, object] = {
    "value": 60.0,
    "nature": "部门统计",
    "city_rank": 3,
    "lag_reason": "需求不足",
    "next_steps": "加紧调度",
}
ISSUE: dict[str, object] = {
    "description": "用地指标尚未落实",
    "category": "用地",
    "source": "自查",
    "raised_on": date(2026, 11, 23),
    "unit": "省发展改革委",
    "due_on": date(2026, 12, 31),
    "request": "请协调用地指标",
    "status": "整改中",
    "progress": "已上报",
}


def made_with(root: Path, words: dict[str, str]) -> Workspace:
    """A workspace with the plan of the province, and some lines of words in it."""
    workspace = Workspace(root)
    initialise(workspace, empty=True)
    book = Workbook()
    for sheet in PLAN_SHEETS:
        page = book.create_sheet(sheet.name)
        page.append([column.header for column in sheet.columns])
        rows = list(ROWS.get(sheet.name, []))
        if sheet.name == "方案":
            rows += [[item, word or None] for item, word in words.items()]
        for row in rows:
            page.append([cell if cell != "" else None for cell in row])
    del book["Sheet"]
    book.save(workspace.plan)
    return workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return made_with(tmp_path, WORDS)


def texts_in(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield all that is written in files, hidden sheets, notes and properties included."""
    for path in paths:
        if path.suffix in (".xlsx", ".docx", ".zip"):
            with zipfile.ZipFile(path) as parts:
                for part in parts.namelist():
                    text = parts.read(part).decode("utf-8", "replace")
                    yield f"{path.name}/{part}", html.unescape(re.sub(r"<[^>]*>", "", text)) + text
        elif path.is_file():
            yield path.name, path.read_text("utf-8")


def usual_words(workspace: Workspace) -> list[str]:
    """Return where a word of the district stands in the workbooks of the office, and in all that is made."""
    texts = list(texts_in([*workspace.root.glob("*.xlsx"), *workspace.outbox.rglob("*")]))
    assert len(texts) > 20
    return [f"{name}：{word}" for name, text in texts for word in USUAL if word in text]


def answered(office: Office, level: str, task_force: str = "01") -> None:
    """Send a form with a rank and a new issue for which a level is proposed."""
    form = office.blank(task_force)
    form.answer(
        {
            ("indicators", f"Z{task_force}-01"): FIGURE,
            ("issues", "+1"): {**ISSUE, "suggested_level": level},
        }
    )
    office.send(form)


def decide(path: Path, **values: object) -> None:
    """Fill in the first row of the sign-off workbook's sheet 待审定, by its headers."""
    book = load_workbook(path)
    page = book["待审定"]
    assert isinstance(page, Worksheet)
    headers = [str(cell.value) for cell in page[4]]
    for header, value in values.items():
        page.cell(5, headers.index(header) + 1).value = value  # type: ignore[assignment]  # a text or a day
    book.save(path)


def findings_of(merged: Merged) -> list[Finding]:
    return [found for file in merged.ingested.files for found in file.findings]


def test_every_file_of_a_province_says_its_own_words_and_none_of_the_districts(workspace: Workspace) -> None:
    _, findings = check_workbooks(workspace)
    assert findings == []
    initialise(workspace)  # lays down what lists the plan allows

    # The forms go out.
    first = sent_out(workspace, FIRST)
    page = load_workbook(first.path("01"))["主要指标进度表"]
    assert "全国排名" in [cell.value for cell in page[4]]
    assert usual_words(workspace) == []

    # They come back; one with a locked cell changed, which a letter tells.
    answered(first, "省政府专题会")
    spoiled = first.right("02")
    spoiled.write("indicators", "Z02-01", name="别的名称")
    first.send(spoiled)
    merged = merge(workspace, FIRST)
    (edited,) = [f for f in findings_of(merged) if f.code is Code.OFFICE_EDITED]
    assert "这一栏由省推进办填写" in edited.message
    assert one(table(merged.rollup, "主要指标"), "Z01-01", "全国排名") == 3
    (asked,) = table(merged.rollup, "提请协调", "问题编号").to_dict("records")
    assert asked["层级"] == "省政府专题会"
    assert usual_words(workspace) == []

    # The office decides, by the plan's names.
    drawn = draw_signoff(workspace, FIRST)
    decide(drawn.path, 核定层级="省委专题会", 审定人="王主任", 审定日期=date(2026, 11, 27))
    sign_off(workspace, drawn.path)
    decide(drawn.path, 核定层级="省领导小组", 审定人="王主任", 审定日期=date(2026, 11, 27))
    signed = sign_off(workspace, drawn.path)
    assert [decision.outcome for decision in signed.decisions] == ["核定层级为省领导小组"]
    assert "核定层级为省委专题会" in signed.notices[0]

    # What was told by telephone, and what is given to the office to fill in.
    amend(workspace, {"code": "Z01-01", "field": "全国排名", "value": "2", "basis": "电话告知", "by": "赵六"})
    blank_book(workspace)
    ask(workspace, FIRST)

    # The next forms show it, and come back unchanged without a question.
    second = sent_out(workspace, SECOND)
    (row,) = [row for row in second.forms["01"].part("issues").rows if row.code]
    assert [str(row.printed[field]) for field in ("suggested_level", "approved_level")] == [
        "executive_meeting",
        "head",
    ]
    blank = second.blank("01")
    assert blank.value("issues", row.code, "approved_level") == "省领导小组"
    assert blank.value("issues", row.code, "suggested_level") == "省政府专题会"
    second.send(blank.answer({("issues", row.code): {"status": "整改中", "progress": "正在办理"}}))
    second.send(second.right("02"))
    merged = merge(workspace, SECOND)
    assert Code.OFFICE_EDITED not in [f.code for f in findings_of(merged)]
    assert one(table(merged.rollup, "问题销号", "问题编号"), row.code, "层级", "问题编号") == "省领导小组"
    assert "由省推进办代录" in "".join(text for _, text in texts_in(workspace.outbox.rglob("*")))

    # Papers for leaders, lists for superiors, frames.
    for edition, period in (("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026")):
        report(workspace, edition, period)
    report(workspace, "meeting", SECOND)
    export(workspace, workspace.outbox / "导出")
    history(workspace, row.code, workspace.outbox / "问题沿革.xlsx")
    history(workspace, "Z01-01", workspace.outbox / "指标沿革.xlsx")
    assert usual_words(workspace) == []
    facts = facts_for(workspace, SECOND)
    assert list(frames_of(facts)["issues"]["level"]) == ["head"]
    column = schemas_of(facts)["issues"].columns["level"]
    assert column.metadata["labels"]["head"] == "省领导小组"


def test_forms_that_are_out_are_read_in_the_words_they_went_out_with(tmp_path: Path) -> None:
    workspace = made_with(tmp_path, {})
    first = sent_out(workspace, FIRST)
    assert "全市排名" in [cell.value for cell in load_workbook(first.path("01"))["主要指标进度表"][4]]

    # Now the plan has words; the forms of the week before come back, and the next ones have its words.
    renamed = made_with(tmp_path / "renamed", WORDS)
    renamed.plan.replace(workspace.plan)
    changes = [change.text for change in check_plan(workspace).changes]
    assert "“方案”排名栏名称：全市排名 → 全国排名" in changes
    assert "“方案”层级四（常务会议）：区政府常务会议 → 省政府专题会" in changes
    answered(first, "区政府常务会议")
    merged = merge(workspace, FIRST)
    assert one(table(merged.rollup, "主要指标"), "Z01-01", "全市排名") == 3

    second = sent_out(workspace, SECOND)
    (row,) = [row for row in second.forms["01"].part("issues").rows if row.code]
    blank = second.blank("01")
    assert blank.value("issues", row.code, "suggested_level") == "省政府专题会"
    # Typed over with the header and the name of before, they are still understood.
    blank.answer(
        {
            ("indicators", "Z01-01"): {**FIGURE, "data_period": "2026年10月", "city_rank": 4},
            ("issues", row.code): {"suggested_level": "提请省市", "status": "整改中", "progress": "在办"},
        }
    )
    blank.rename_header("indicators", "city_rank", "全市排名", codes_too=True)
    second.send(blank)
    rollup = merge(workspace, SECOND).rollup
    assert one(table(rollup, "主要指标"), "Z01-01", "全国排名") == 4
    assert one(table(rollup, "问题销号", "问题编号"), row.code, "层级", "问题编号") == "报请国家部委"


@pytest.mark.parametrize(
    ("words", "code", "cell", "said"),
    [
        ({"层级五（党委）": "省政府专题会"}, Code.PLAN_WORD, "B13", "与“层级四（常务会议）”同名"),
        ({"层级五（党委）": "甲,乙"}, Code.PLAN_WORD, "B13", "没有英文逗号"),
        ({"层级一（专班）": "很" * 21}, Code.PLAN_WORD, "B9", "不超过20个字"),
        ({"排名栏名称": "备注"}, Code.PLAN_WORD, "B8", "与填报表的另一栏同名"),
        (
            {"层级三（领导小组）": ""},
            Code.PLAN_WORD_BLANK,
            "B11",
            "“层级三（领导小组）”空着，各表上仍写“总专班”",
        ),
    ],
)
def test_words_that_a_form_cannot_show_are_told_with_their_cell(
    tmp_path: Path, words: dict[str, str], code: Code, cell: str, said: str
) -> None:
    workspace = made_with(tmp_path, WORDS | words)
    _, findings = check_workbooks(workspace)
    findings += plan_gaps(workspace, 2026).doubts
    (told,) = [found for found in findings if found.code in (Code.PLAN_WORD, Code.PLAN_WORD_BLANK)]
    assert (told.code, told.sheet, told.cell) == (code, "方案", cell)
    assert said in told.message


def test_sheets_in_the_words_of_two_plans_are_two_though_their_choices_are_equal() -> None:
    usual = worded(ISSUES, USUAL_WORDS)
    own = worded(ISSUES, Words(level_labels=tuple(f"第{n}级" for n, _ in enumerate(DecisionLevel, 1))))
    assert usual.column("suggested_level").choices == own.column("suggested_level").choices
    assert usual != own  # what is kept for one does not answer for the other
