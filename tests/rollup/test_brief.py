"""The brief: the form of an office document, whole sentences, figures with their data periods, two pages."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.periods import parse_period
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Measure
from tenproj_xl.model.settings import BriefReaders
from tenproj_xl.rollup.brief import write_brief
from tenproj_xl.rollup.brief_text import sections, told
from tenproj_xl.rollup.facts.editions import MEETING, MONTH, QUARTER, WEEK, YEAR, Edition, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.facts.publishing import published
from tests.helpers import rollup_example as ex
from tests.helpers.libreoffice import save_all_as
from tests.helpers.programs import need, output_of
from tests.helpers.rollup_example import rollup_input_for

LONG_ASK = "请协调解决项目用地指标，涉及三个街道、两家企业；" * 12


def brief(facts: Facts, folder: Path) -> Document:
    write_brief(folder / "简报.docx", facts)
    return docx.Document(str(folder / "简报.docx"))


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def under(document: Document, heading: str) -> list[str]:
    """Return the paragraphs under a heading, up to the next one or the end."""
    found = texts(document)
    start = next(n for n, text in enumerate(found) if text.endswith(f"、{heading}"))
    following = found[start + 1 :]
    ends = [n for n, text in enumerate(following) if re.match(r"[一二三四五六七]、|报：", text)]
    return following[: ends[0]]


# --- the form


def test_its_head_has_the_marking_the_name_the_number_the_office_the_date_and_a_title(tmp_path: Path) -> None:
    data = rollup_input_for(WEEK)
    data = replace(data, release=replace(data.release, number=13))
    assert texts(brief(facts_of(data), tmp_path))[:5] == [
        "内部资料　注意保管\t送审稿",
        "某区“两项工程”工作简报",
        "第13期（拟）",
        "某办\t2026年11月27日",
        "2026年第48周工作进展情况",
    ]
    signed = replace(data, release=replace(data.release, signed_by="张三"))
    assert texts(brief(facts_of(signed), tmp_path))[2] == "第13期"


def test_the_brief_of_a_programme_of_work_is_not_called_work_twice(tmp_path: Path) -> None:
    data = rollup_input_for(MONTH)
    programme = replace(data.plan.programme, name="2026年重点工作")
    document = brief(facts_of(replace(data, plan=replace(data.plan, programme=programme))), tmp_path)
    assert texts(document)[1] == "某区2026年重点工作简报"


def test_its_end_says_to_whom_it_goes_by_the_settings_and_leaves_the_copies_open(tmp_path: Path) -> None:
    data = rollup_input_for(WEEK)
    readers = BriefReaders(report="区委、区政府领导", send="各专班召集人", issue="区科技局、区文广旅体局")
    data = replace(data, settings=replace(data.settings, brief_readers=readers))
    assert texts(brief(facts_of(data), tmp_path))[-4:] == [
        "报：区委、区政府领导",
        "送：各专班召集人",
        "发：区科技局、区文广旅体局",
        "共印　　份",
    ]


def fonts(paragraph: Paragraph) -> set[tuple[str | None, float]]:
    found = set()
    for run in paragraph.runs:
        assert run.font.size is not None
        named = run.element.get_or_add_rPr().get_or_add_rFonts()
        found.add((named.get(qn("w:eastAsia")), run.font.size.pt))
    return found


def test_fonts_and_spacing_are_those_of_an_office_document(tmp_path: Path) -> None:
    document = brief(facts_of(rollup_input_for(WEEK)), tmp_path)
    paragraphs = document.paragraphs
    assert fonts(paragraphs[4]) == {("方正小标宋简体", 22)}
    body = [p for p in paragraphs[5:] if p.text and not re.match("[报送发]：|共印", p.text)]
    for paragraph in body:
        is_heading = re.match("[一二三四五六]、", paragraph.text)
        assert fonts(paragraph) == {("黑体" if is_heading else "仿宋_GB2312", 16)}
        look = paragraph.paragraph_format
        assert (look.line_spacing_rule, look.line_spacing) == (WD_LINE_SPACING.EXACTLY, Pt(28))
        assert look.first_line_indent == Pt(32)
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.cm, 1) for margin in margins if margin] == [3.7, 3.5, 2.8, 2.6]


def test_a_computer_without_those_fonts_is_told_which_others_to_take(tmp_path: Path) -> None:
    brief(facts_of(rollup_input_for(WEEK)), tmp_path)
    with zipfile.ZipFile(tmp_path / "简报.docx") as archive:
        table = archive.read("word/fontTable.xml").decode()
    for font, other in (("方正小标宋简体", "华文中宋"), ("仿宋_GB2312", "仿宋")):
        assert f'<w:font w:name="{font}"><w:altName w:val="{other}"/>' in table


def test_pages_are_numbered_at_their_outer_edge(tmp_path: Path) -> None:
    document = brief(facts_of(rollup_input_for(WEEK)), tmp_path)
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    sides = []
    for footer in (section.footer, section.even_page_footer):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "—  —"
        assert "PAGE" in paragraph._p.xml
        assert paragraph.alignment is not None
        sides.append(paragraph.alignment.name)
    assert sides == ["RIGHT", "LEFT"]


# --- what it says


def test_it_says_the_numbers_of_page_one_in_the_order_of_an_office_document(tmp_path: Path) -> None:
    facts = facts_of(rollup_input_for(WEEK))
    document = brief(facts, tmp_path)
    assert [text for text in texts(document) if re.match("[一二三四五六]、", text)] == [
        "一、总体情况",
        "二、滞后和主要差距",
        "三、提请协调事项",
        "四、亮点做法",
        "五、下一步工作",
    ]
    h, overall = facts.headline, under(document, "总体情况")
    assert overall[0].startswith(
        f"2026年第48周（11月23日—29日），应评指标{h.counted}项，可比序时{h.on_track + h.slow + h.lagging}项"
        f"（达序时{h.on_track}项、略滞后{h.slow}项、滞后{h.lagging}项），到期目标{h.met + h.missed + h.pending}项"
        f"（达标{h.met}项、待核定{h.pending}项），应报未报{h.missing}项，另有往期目标未达标{h.missed_before}项。"
    )
    assert f"在办问题{h.issues_open}件，其中逾期{h.issues_overdue}件；提请协调{h.asks}件。" in overall[0]
    assert overall[1].endswith(f"填报表应报{h.owed}份，已报{h.returned}份，其中迟报1份。")
    month = under(brief(facts_of(rollup_input_for(MONTH)), tmp_path), "总体情况")
    assert month[1].endswith("已报2份，其中迟报1份。未报：01专班甲局；02专班乙局。")
    assert month[-1] == "晾晒得分依次为01专班42.5分、02专班15.0分。资料截至2026年11月28日。"


def test_a_target_that_was_missed_counts_on_when_a_new_years_first_figure_comes() -> None:
    """Two missed 2025 by and by; of the first 2026's first figure came, which is well on its way."""
    goals = (ex.target("2025", "以上", 60.0), ex.target("2026", "以上", 60.0))
    codes = ("Z01-08", "Z01-09")
    flows = tuple(ex.indicator(code, Measure.ANNUAL, *goals) for code in codes)
    first = ex.figure("Z01-08", 40.0, "2025年", "统计核定", period="2026-W03")
    second = ex.figure("Z01-09", 50.0, "2025年", "统计核定", period="2026-W05")
    begun = ex.figure("Z01-08", 10.0, "2026年1月", period="2026-W05")

    def week(code: str, *rows: Reported) -> RollupInput:
        made = ex.rollup_input(*rows, indicators=flows)
        return replace(made, period=parse_period(code))

    before = published(facts_of(week("2026-W03", first)), 1)
    facts = facts_of(replace(week("2026-W05", first, second, begun), earlier=(before,)))
    assert (facts.headline.missed, facts.headline.missed_before) == (1, 1)
    said = sections(facts)[0].lead[0]
    assert "，另有往期目标未达标1项；滞后和未达标的较第3周增加1项。" in said
    kept = facts_of(replace(week("2026-W05", first, begun), earlier=(before,)))
    assert "，另有往期目标未达标1项；滞后和未达标的较第3周持平。" in sections(kept)[0].lead[0]


def test_nobody_is_called_silent_in_a_month_in_which_no_forms_went_out(tmp_path: Path) -> None:
    asked = ex.rollup_input_for(MONTH)
    assert "，应报未报1项" in " ".join(texts(brief(facts_of(asked), tmp_path)))
    told = " ".join(texts(brief(facts_of(replace(asked, periods=(), receipts=())), tmp_path)))
    assert "应报未报" not in told
    assert "，没有数可评1项" in told
    assert "这一时段没有下发填报表" in told


def test_what_lags_is_named_with_figure_data_period_unit_and_gap(tmp_path: Path) -> None:
    lines = under(brief(facts_of(ex.ordinary_week()), tmp_path), "滞后和主要差距")
    assert lines == [
        "逾期、未达标2项、滞后3项，另有历史未办结2项，详见“督办清单”。",
        "1. 指标Z02-02（甲局）：2026年8月100亿元，差39.96亿元。",
        "2. 指标Z01-02（甲局）：2026年三季度12.8亿元，差0.28亿元。",
        "3. 问题W01-2026-001（甲局）：超期10天。",
        "4. 任务R01-01（甲局）：超期9天。",
        "5. 任务R02-01（甲局）：滞后，投资差1.12亿元。",
    ]


def test_a_target_that_was_missed_is_named_with_its_gap_the_worst_first(tmp_path: Path) -> None:
    """One missed 2024 and 2025, two missed 2025; that with the least missing has the first code."""
    goals = tuple(ex.target(year, "以上", 60.0) for year in ("2024", "2025", "2026"))
    codes = ("Z01-07", "Z01-08", "Z01-09")
    flows = tuple(ex.indicator(code, Measure.ANNUAL, *goals) for code in codes)
    rows = (
        ex.figure("Z01-07", 59.5, "2025年", "统计核定", period="2026-W03"),
        ex.figure("Z01-08/2024", 20.0, "2024年", "统计核定", period="2026-W03"),
        ex.figure("Z01-08", 50.0, "2025年", "统计核定", period="2026-W03"),
        ex.figure("Z01-09", 40.0, "2025年", "统计核定", period="2026-W03"),
        *(ex.figure(code, 60.0, "2026年1月", period="2026-W05") for code in codes),
    )
    facts = facts_of(replace(ex.rollup_input(*rows, indicators=flows), period=parse_period("2026-W05")))
    assert under(brief(facts, tmp_path), "滞后和主要差距")[1:] == [
        "1. 指标Z01-09（甲局）：2026年1月60亿元，2025年目标未达标，差20亿元。",
        "2. 指标Z01-08（甲局）：2026年1月60亿元，2024年、2025年目标未达标，2025年差10亿元。",
        "3. 指标Z01-07（甲局）：2026年1月60亿元，2025年目标未达标，差0.5亿元。",
    ]
    assert [(item.code, bool(item.source)) for item in facts.supervision] == [
        ("Z01-09", True),
        ("Z01-08", True),
        ("Z01-07", True),
    ]


def test_a_figure_that_is_not_published_stands_in_it_with_its_mark(tmp_path: Path) -> None:
    data = ex.awful_week()
    first, *others = data.plan.indicators
    waiting = replace(first, disclosure=Disclosure.AFTER_RELEASE)
    data = replace(data, plan=replace(data.plan, indicators=(waiting, *others)))
    lines = under(brief(facts_of(data), tmp_path), "滞后和主要差距")
    marked = [line for line in lines if "未公布，内部掌握" in line]
    assert marked == [line for line in lines if "指标Z01-01" in line]
    assert len(marked) == 1


def test_figures_are_counted_by_their_data_periods(tmp_path: Path) -> None:
    facts = facts_of(ex.ordinary_week())
    counted = [line for line in facts.indicators if line.counted and line.figure]
    overall = under(brief(facts, tmp_path), "总体情况")[1]
    numbers = [int(number) for number in re.findall(r"的(\d+)项", overall)]
    assert sum(numbers) == len(counted)
    assert "2026年10月的1项" in overall


def test_one_wording_of_an_ask_is_told_once_with_all_task_forces(tmp_path: Path) -> None:
    asks = [
        ex.issue(
            f"W{force}-2026-00{n}",
            request="请批复用地",
            suggested_level="总专班",
            raised_on=date(2026, 11, n),
        )
        for n, force in ((1, "01"), (2, "02"), (3, "01"))
    ]
    lines = under(brief(facts_of(ex.week_of(*asks)), tmp_path), "提请协调事项")
    assert lines == ["1. 请批复用地（01、02专班，层级：总专班（建议），最长的已提请28天）。"]


def test_of_asks_of_one_wording_those_are_counted_whose_level_is_only_suggested(tmp_path: Path) -> None:
    asks = [
        ex.issue(f"W01-2026-00{n}", request="请批复用地", suggested_level="总专班", raised_on=ex.WEEK.first)
        for n in (1, 2)
    ]
    approved = [ex.decision("W01-2026-001", date(2026, 11, 25), level="总专班")]
    data = ex.week_of(*asks)
    data = replace(data, known=replace(data.known, decisions=tuple(approved)))
    lines = under(brief(facts_of(data), tmp_path), "提请协调事项")
    assert lines == ["1. 请批复用地（01专班，层级：总专班（其中1件为建议），最长的已提请6天）。"]
    approved.append(ex.decision("W01-2026-002", date(2026, 11, 25), level="总专班"))
    data = replace(data, known=replace(data.known, decisions=tuple(approved)))
    lines = under(brief(facts_of(data), tmp_path), "提请协调事项")
    assert lines == ["1. 请批复用地（01专班，层级：总专班，最长的已提请6天）。"]


def test_good_practice_says_who_does_it(tmp_path: Path) -> None:
    cover = {"unit": "甲局", "highlights": "推行“拿地即开工”，审批时限压缩到三十天。"}
    data = replace(ex.ordinary_week(), receipts=(ex.receipt("01", cover=cover),))
    lines = under(brief(facts_of(data), tmp_path), "亮点做法")
    assert lines[0].startswith("1. 甲局（要素保障）：推行“拿地即开工”，审批时限压缩到三十天。")


def test_next_steps_are_what_falls_due_and_what_units_mean_to_do(tmp_path: Path) -> None:
    row = ex.figure("Z01-01", 40.0, "2026年10月", next_steps="倒排工期，逐周调度")
    lines = under(brief(facts_of(ex.week_of(row)), tmp_path), "下一步工作")
    assert lines == ["1. 12月10日前，完成任务R01-02（甲局）。", "2. 指标Z01-01：倒排工期，逐周调度（甲局）。"]


def test_what_lagged_and_waits_for_its_verified_figure_is_counted_by_itself(tmp_path: Path) -> None:
    flow = ex.indicator("Z01-09", Measure.ANNUAL, ex.target("2026", "以上", 100.0))
    december = ex.figure("Z01-09", 90.0, "2026年12月", period="2027-W02", lag_reason="手续慢")
    data = replace(ex.rollup_input(december, indicators=(flow,)), period=parse_period("2027-W03"))
    lead, item = under(brief(facts_of(data), tmp_path), "滞后和主要差距")
    assert lead == "待核定且滞后1项，详见“督办清单”。"
    assert item.endswith("2026年目标待核定，最后报的数滞后。")


def test_next_steps_are_later_than_the_paper_and_have_their_year_where_it_is_another(tmp_path: Path) -> None:
    days = (date(2026, 12, 28), date(2027, 1, 8), date(2027, 1, 20))
    tasks = tuple(ex.task(f"R01-0{n}", due_on=day) for n, day in enumerate(days, 1))
    made = ex.rollup_input(tasks=tasks)
    week = replace(made, period=parse_period("2026-W52"))  # until the 27th of December
    assert under(brief(facts_of(week), tmp_path), "下一步工作") == [
        "1. 12月28日前，完成任务R01-01（甲局）。",
        "2. 2027年1月8日前，完成任务R01-02（甲局）。",
        "3. 2027年1月20日前，完成任务R01-03（甲局）。",
    ]
    weeks = (parse_period("2026-W52"), parse_period("2026-W53"))
    month = replace(
        made,
        period=parse_period("2026-12"),
        periods=weeks,
        release=Release(MONTH),
        newest=parse_period("2027-W02"),
    )
    assert under(brief(facts_of(month), tmp_path), "下一步工作") == ["1. 1月20日前，完成任务R01-03（甲局）。"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请批复用地。", ("请批复用地", False)),
        ("一段\n两段", ("一段 两段", False)),
        ("甲" * 20 + "，" + "乙" * 40 + "。", ("甲" * 20, True)),
        ("甲" * 60 + "。乙", ("甲" * 60, True)),
        ("甲" * 70, ("甲" * 70, False)),
        ("他说“" + "甲" * 20 + "，" + "乙" * 40 + "”", ("他说“" + "甲" * 20 + "，" + "乙" * 40 + "”", False)),
        (None, ("", False)),
    ],
)
def test_a_long_text_ends_with_a_clause_and_never_in_a_word_or_a_quotation(
    text: str | None, shown: tuple[str, bool]
) -> None:
    assert told(text) == shown


def awful(edition: Edition) -> Facts:
    """Return the awful week of ten task forces, each with an ask of three hundred characters of its own."""
    week = replace(ex.awful_week(), release=Release(edition, number=48))
    forces = tuple(
        ex.task_force(f"{n:02d}", "绿色低碳发展和能源保供稳价工程", f"规划资源第{n}分局")
        for n in range(1, 11)
    )
    asks = [ex.issue(f"W{n:02d}-2026-900", request=f"第{n}件：{LONG_ASK}") for n in range(1, 11)]
    known = replace(week.known, rows=(*week.known.rows, *asks))
    units = (*week.plan.units, *(ex.unit(force.lead) for force in forces))
    plan = replace(week.plan, task_forces=forces, units=units)
    return facts_of(replace(week, plan=plan, known=known))


def weeks() -> Iterator[tuple[str, Facts]]:
    for edition in (WEEK, MEETING, MONTH, QUARTER, YEAR):
        yield f"ordinary {edition.code}", facts_of(rollup_input_for(edition))
        yield f"awful {edition.code}", awful(edition)
    yield "first", facts_of(ex.week_of())


def test_nothing_is_cut_with_a_mark_and_what_is_left_out_is_counted(tmp_path: Path) -> None:
    for name, facts in weeks():
        document = brief(facts, tmp_path)
        assert not [text for text in texts(document) if "…" in text], name
        for section in sections(facts):
            assert section.told or not section.items, name
    lines = under(brief(awful(WEEK), tmp_path), "提请协调事项")
    assert re.search(r"（其余\d+件见汇总表“提请协调”）$", lines[-1])


def test_the_asks_that_are_left_out_are_counted_and_not_their_wordings(tmp_path: Path) -> None:
    alike = [
        ex.issue(f"W{force}-2026-00{n}", request=f"请批复第{n}块用地")
        for n in range(1, 8)
        for force in ("01", "02")
    ]
    lines = under(brief(facts_of(ex.week_of(*alike)), tmp_path), "提请协调事项")
    assert len(lines) == 5
    assert lines[-1].endswith("（其余4件见汇总表“提请协调”）")


@pytest.mark.libreoffice
def test_it_has_one_or_two_pages_whatever_the_week_was(tmp_path: Path) -> None:
    need("writer", "pdfinfo")
    paths = []
    for name, facts in weeks():
        paths.append(tmp_path / f"{name}.docx")
        write_brief(paths[-1], facts)
    pages = {}
    for printed in save_all_as("pdf", paths, tmp_path):
        (count,) = re.findall(r"Pages:\s+(\d+)", output_of(["pdfinfo", str(printed)]))
        pages[printed.stem] = int(count)
    assert len(pages) == len(paths)
    assert {name: count for name, count in pages.items() if count > 2} == {}


def test_the_same_input_gives_the_same_brief(tmp_path: Path) -> None:
    facts = facts_of(ex.awful_week())
    for name in ("a", "b"):
        write_brief(tmp_path / name, facts)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_nothing_that_was_typed_breaks_it(tmp_path: Path) -> None:
    nasty = ex.issue("W01-2026-009", request="\x07<w:t>]]></w:t>=cmd()\ud800", suggested_level="总专班")
    document = brief(facts_of(ex.rollup_input(nasty)), tmp_path)
    assert any("<w:t>]]></w:t>=cmd()" in text for text in texts(document))


def test_a_long_name_of_the_programme_and_of_the_office_stand_on_one_line_each(tmp_path: Path) -> None:
    data = rollup_input_for(WEEK)
    programme = replace(
        data.plan.programme,
        name="经济社会高质量发展重大工程和重点项目攻坚行动",
        office="高质量发展重大工程攻坚行动总指挥部办公室",
    )
    paragraphs = brief(
        facts_of(replace(data, plan=replace(data.plan, programme=programme))), tmp_path
    ).paragraphs
    assert fonts(paragraphs[1]) == {("方正小标宋简体", 15)}
    assert fonts(paragraphs[3]) == {("仿宋_GB2312", 14)}
