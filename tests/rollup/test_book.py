"""The workbook of the roll-up, read back: its numbers, links and texts, and that nothing typed becomes live."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Place, finding
from tenproj_xl.excel.style import line_count, shortened, text_width
from tenproj_xl.excel.writer import harmless
from tenproj_xl.model.receipts import Party
from tenproj_xl.model.statuses import Status
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.drawing import counts
from tenproj_xl.rollup.drawing.sheet_spec import BookContents
from tenproj_xl.rollup.facts.editions import MONTH, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.registry import sheets_of
from tests.helpers import rollup_example as ex
from tests.helpers.libreoffice import recalculated
from tests.helpers.programs import need

Grid = Sequence[Sequence[object]]


def written(data: RollupInput, path: Path) -> dict[str, Grid]:
    write_rollup(path, facts_of(data))
    return read(path)


def read(path: Path) -> dict[str, Grid]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def frame(grid: Grid) -> pd.DataFrame:
    header = [str(cell).replace("\n", "") for cell in grid[2]]
    return pd.DataFrame(grid[3:], columns=header, dtype=object)


def own(data: pd.DataFrame, task_force: str) -> pd.DataFrame:
    return data if task_force == "合　计" else data[data["专班"] == task_force]


# --- the workbook


def hundred_issues() -> RollupInput:
    long = "因管线交叉须多部门联审，" * 42
    rows = [ex.issue(f"W01-2026-{n:03d}", request=long[:500], description=long[:500]) for n in range(100)]
    return ex.week_of(*rows, ex.figure("Z01-02", 19.0, "2026年三季度", lag_reason=long[:500]))


WEEKS = {
    "ordinary": ex.ordinary_week,
    "following": ex.following_week,
    "awful": ex.awful_week,
    "first": ex.first_week,
    "nothing": ex.week_of,
    "hundred": hundred_issues,
    "no plan rows": ex.rollup_input,
}


@pytest.mark.parametrize("week", WEEKS)
def test_every_week_gives_a_workbook_with_all_sheets(week: str, tmp_path: Path) -> None:
    assert list(written(WEEKS[week](), tmp_path / "x.xlsx")) == [spec.title for spec in sheets_of(Release())]


def test_a_finding_that_a_later_return_has_overtaken_says_so(tmp_path: Path) -> None:
    fault = finding(
        Code.NOT_NUMBER, Place("01填报表.xlsx", "主要指标进度表", "K8"), "很多", advice="只填数字"
    )
    receipts = (
        ex.receipt("01", Status.TO_CORRECT, 26, (fault,)),
        ex.receipt("01", Status.ACCEPTED, 27),
        ex.receipt("02", Status.TO_CORRECT, 26, (fault,), cover={"unit": "乙局"}),
    )
    checks = frame(written(ex.rollup_input(receipts=receipts), tmp_path / "x.xlsx")["核验清单"])
    assert checks[["专班", "级别", "处理"]].to_numpy().tolist() == [
        ["01", "错误", "已另报"],
        ["02", "错误", "该行未计入，待更正"],
    ]


def test_a_figure_that_was_left_blank_is_not_said_to_count(tmp_path: Path) -> None:
    place = Place("01填报表.xlsx", "主要指标进度表", "K8", "技术交易总额", "01")
    blank = finding(Code.FIGURE_MISSING, place, expected="2026年10月")
    receipts = (ex.receipt("01", Status.WITH_WARNINGS, 26, (blank,)),)
    checks = frame(written(ex.rollup_input(receipts=receipts), tmp_path / "x.xlsx")["核验清单"])
    assert checks["处理"].tolist() == ["未报"]


def test_a_finding_in_the_form_of_a_unit_that_sits_in_several_task_forces_names_that_of_its_row(
    tmp_path: Path,
) -> None:
    of_row = Place("甲局填报表.xlsx", "主要指标进度表", "K8", "技术交易总额", "02")
    of_cover = Place("甲局填报表.xlsx", "填报说明", "C8")
    faults = (
        finding(Code.NOT_NUMBER, of_row, "很多", advice="只填数字"),
        finding(Code.NOT_NUMBER, of_cover, "很多", advice="只填数字"),
    )
    party = Party("甲局", ("01", "02"), "甲局")
    receipts = (ex.receipt("01", Status.TO_CORRECT, 26, faults, party=party),)
    checks = frame(written(ex.rollup_input(receipts=receipts), tmp_path / "x.xlsx")["核验清单"])
    assert checks[["专班", "对应的行"]].to_numpy().tolist() == [["02", "技术交易总额"], ["—", "第8行"]]


def test_the_data_sheets_show_what_was_reported_and_where_it_stands(tmp_path: Path) -> None:
    sheets = written(ex.ordinary_week(), tmp_path / "x.xlsx")
    indicators = frame(sheets["主要指标"]).set_index("编号")
    first = indicators.loc["Z01-01"]
    assert (first["最新数值"], first["数据所属期"], first["完成率"], first["全市排名"]) == (
        85.0,
        "2026年10月",
        0.85,
        3.0,
    )
    source = "来源（文件 › 工作表 › 单元格，时间）"
    assert first[source] == "01填报表.xlsx › 主要指标进度表 › K8（2026-11-23 09:00）"
    assert indicators.loc["Z02-03"]["最新数值"] == ""  # not reported, not zero
    assert indicators.loc["Z02-01"]["时效"] == "沿用第47周"
    assert indicators.loc["Z01-04"]["上次数值"] == 860.0
    returns = frame(sheets["报送情况"]).set_index("专班")["报送"]
    assert dict(returns) == {"01": "按时", "02": "迟报", "03": "不涉及"}


HOSTILE = (
    "=1+1",
    "<r>x</r>",
    "<r><t>x</t></r>",
    "http://x.cn",
    "+1",
    "@SUM(A1)",
    "a\x00\x0bb",
    "_x0041_",
    "{=1}",
    "&<>\"'",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_typed_comes_alive(text: str, tmp_path: Path) -> None:
    rows = (
        ex.figure("Z01-02", 19.0, "2026年三季度", lag_reason=text, next_steps=text),
        ex.issue(
            "W01-2026-001", description=text, request=text, unit=text, due_on=date(2026, 11, 1), progress=text
        ),
        ex.row("tasks", "R01-02", {"status": "滞后", "progress": text, "problems": text}),
    )
    fault = finding(Code.NOT_NUMBER, Place(text, text, "K8", text), text, advice="只填数字")
    receipts = (
        ex.receipt(
            "01", Status.TO_CORRECT, findings=(fault,), file=text, cover={"unit": text, "filler": text}
        ),
    )
    data = replace(ex.week_of(*rows), receipts=receipts, version_line=text)
    path = tmp_path / "x.xlsx"
    sheets = written(data, path)
    clean = "ab" if "\x00" in text else text
    assert frame(sheets["主要指标"]).set_index("编号").loc["Z01-02"]["滞后原因"] == clean
    assert frame(sheets["问题销号"]).iloc[0]["提请协调事项"] == clean
    assert frame(sheets["核验清单"]).iloc[0]["填的内容"] == clean
    for name, xml in parts(path).items():
        assert 'TargetMode="External"' not in xml, name
        for formula in re.findall(r"<f>(.*?)</f>", xml):
            assert formula.startswith(("SUMPRODUCT(", "IF(", "&quot;", '"')), formula


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {n: archive.read(n).decode() for n in archive.namelist() if n.endswith((".xml", ".rels"))}


def test_text_beyond_a_cell_is_cut_with_a_mark(tmp_path: Path) -> None:
    data = ex.week_of(ex.issue("W01-2026-001", description="长" * 40_000))
    shown = str(frame(written(data, tmp_path / "x.xlsx")["问题销号"]).iloc[0]["问题描述"])
    assert len(shown) == 32_767
    assert shown.endswith("…（文字过长，已截断）")
    assert harmless("𬭚" * 20_000).endswith("已截断）")
    assert harmless("\ud800a\x7f\ufffe") == "a"


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_rollup(tmp_path / name, facts_of(ex.following_week()))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_every_sheet_leads_back_to_page_one(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.ordinary_week()))
    for n in range(2, len(sheets_of(Release())) + 1):
        assert "location=\"'总览'!A1\"" in parts(path)[f"xl/worksheets/sheet{n}.xml"]


def links_of(path: Path) -> dict[str, str]:
    """Where the cells of page one lead to."""
    page_one = parts(path)["xl/worksheets/sheet1.xml"]
    return dict(re.findall(r'<hyperlink ref="(\w+)" location="([^"]+)"', page_one))


def test_rank_and_score_on_page_one_of_a_month_are_those_of_the_league(tmp_path: Path) -> None:
    many = tuple(ex.task(f"R01-{n:02d}", due_on=date(2026, 12, 10)) for n in range(11, 15))
    data = ex.rollup_input_for(MONTH)
    data = replace(data, plan=replace(data.plan, tasks=(*data.plan.tasks, *many)))
    sheets = written(data, path := tmp_path / "x.xlsx")
    (line,) = [row for row in sheets["晾晒排名"] if row[1] == "01"]
    header = [str(cell).replace("\n", "") for cell in sheets["晾晒排名"][2]]
    score = float(str(line[header.index("得分")]))
    (at,) = [
        n for n, row in enumerate(sheets["总览"]) if row[0] == "01" and row[19] != "" and row[1] == "甲工程"
    ]
    assert sheets["总览"][at][2] == f"1（{score:g}）"
    assert links_of(path)[f"C{at + 1}"] == "'晾晒排名'!A4"


def test_every_formula_uses_functions_that_old_programs_know(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_rollup(path, facts_of(ex.ordinary_week()))
    formulas = re.findall(r"<f>(.*?)</f>", parts(path)["xl/worksheets/sheet1.xml"])
    assert len(formulas) > 40
    assert {name for f in formulas for name in re.findall(r"([A-Z]+)\(", f)} <= {
        "SUMPRODUCT",
    }


def test_counts_name_columns_that_there_are() -> None:
    facts: Facts = facts_of(ex.ordinary_week())
    counter = counts.Counter(BookContents(sheets_of(Release()), facts))
    for name in (*counts.COUNTS, "unverified"):
        assert hasattr(facts.headline, name)
        assert counter.formula(name).startswith("=SUMPRODUCT(")


def test_texts_are_measured_as_they_are_wide() -> None:
    assert text_width("ab中文，") == 8
    assert line_count("中" * 30, 20) == 4  # 60 characters, some 19.7 to a line
    assert line_count("一\n二", 20) == 2
    assert shortened("一 二\n三", 5) == "一 二 三"
    assert shortened("一二三四五六", 4) == "一二三…"


# --- LibreOffice


BOOKS = {**WEEKS, **{name: made for name, (made, _) in ex.OWN_SHEETS.items()}}


@pytest.mark.libreoffice
@pytest.mark.parametrize("book", BOOKS)
def test_libreoffice_computes_what_was_cached(book: str, tmp_path: Path) -> None:
    need("soffice")
    path, data = tmp_path / "x.xlsx", BOOKS[book]()
    cached, fresh = written(data, path), recalculated(path)
    for n, spec in enumerate(sheets_of(data.release), 1):
        formulas = re.findall(r'<c r="([A-Z]+)(\d+)"[^>]*><f>', parts(path)[f"xl/worksheets/sheet{n}.xml"])
        assert formulas or spec.title not in ("总览", "晾晒排名")
        for letters, number in formulas:
            column = sum((ord(c) - 64) * 26**i for i, c in enumerate(reversed(letters))) - 1
            expected = cached[spec.title][int(number) - 1][column]
            got = fresh[spec.title].get(letters + number, "")
            same = got == (pytest.approx(expected) if isinstance(expected, float) else expected)
            assert same, f"{spec.title}!{letters}{number}: {got} instead of {expected}"
