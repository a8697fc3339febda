"""The sheet 说明: the rules and thresholds by which the workbook judges, with the numbers in force."""

from collections.abc import Iterable, Mapping

from tenproj_xl.core.states import LIGHTS, Light, State
from tenproj_xl.excel import style
from tenproj_xl.model.settings import Settings
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.state_colours import state_style
from tenproj_xl.rollup.facts.editions import Audience
from tenproj_xl.rollup.facts.model import Facts

TITLE = "说明"
_WIDTHS = (22, 12, 82)
_A4 = 9
_NUMERALS = "一二三四五六七八九十"


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    """Write the chapters: lines of a topic, the number in force where there is one, and the rule."""
    sheet = page.sheet
    heading = f"{TITLE}　{facts.data.period.paper_label}"
    page.write(0, 0, heading, style.TITLE)
    sheet.set_row(0, 30)
    page.back(1)
    for n, width in enumerate(_WIDTHS):
        sheet.set_column(n, n, width)
    row = 3
    for numeral, (chapter, lines) in zip(_NUMERALS, _chapters(facts, contents).items(), strict=False):
        page.merge(row, (0, len(_WIDTHS) - 1), style.SECTION)
        page.write(row, 0, f"{numeral}、{chapter}", style.SECTION)
        sheet.set_row(row, 24)
        for n, line in enumerate(lines, row + 1):
            _write_line(page, n, line)
        row += len(lines) + 2
    sheet.freeze_panes(2, 0)
    page.print_setup(heading, one_page=False)
    sheet.set_portrait()
    sheet.set_paper(_A4)


def _write_line(page: Page, row: int, line: Explanation) -> None:
    light = state_style(line.topic)
    if line.fill:
        light = {"bg_color": line.fill}
    page.write(row, 0, line.topic, {**style.BOX, **light})
    page.write(row, 1, line.value, {**style.BOX, "align": "center"})
    page.write(row, 2, line.text, style.BOX)
    height = 0.0
    for text, width in zip(line[:3], _WIDTHS, strict=True):
        height = max(height, style.text_height(text, width))
    page.sheet.set_row(row, height)


def _chapters(facts: Facts, contents: BookContents) -> dict[Chapter, list[Explanation]]:
    """Return the chapters with their lines: those of the sheets of this workbook, then the general ones."""
    settings = facts.data.settings
    general: Mapping[Chapter, Iterable[Explanation]] = {
        Chapter.NUMBERS: _numbers(),
        Chapter.STATES: _states(settings),
        Chapter.ARITHMETIC: _arithmetic(settings),
        Chapter.WORK: _tasks_and_issues(settings, facts.data.plan.programme.words.office),
        Chapter.DECISIONS: _page_one(),
        Chapter.MECHANISMS: _mechanisms(facts),
        Chapter.SOURCES: _sources(facts),
    }
    chapters: dict[Chapter, list[Explanation]] = {chapter: [] for chapter in Chapter}
    for spec in contents.specs:
        chapters[spec.chapter].extend(spec.explanations(facts))
    for chapter, lines in general.items():
        chapters[chapter].extend(lines)
    return {chapter: lines for chapter, lines in chapters.items() if lines}


def _numbers() -> list[Explanation]:
    return [
        explained(
            "应评指标",
            "有评价（达序时、略滞后、滞后、达标、未达标、待核定）的指标，加上本应有评价而未报的指标。",
            "本年目标未下达、暂不评价、未到发布期、目标期已过和不涉及的不算；各项合计即全部指标。",
        ),
        explained(
            "首页：指标总数",
            "＝可比序时（达序时、略滞后、滞后）＋到期（达标、未达标、待核定）＋应报未报＋暂不评价，每项指标只数一次；",
            "每个数字数的是哪几项，点数字或看“首页明细”。",
        ),
        explained(
            "往期目标未达标",
            "目标日期已过、核定数没有达到，现在按以后的目标评价的指标：新的数再好，也仍在首页写明有几项，",
            "直到经决定退出督办清单（办结、并入、核销）或时限调整到以后。",
        ),
        explained("趋势：达序时（含达标）", "进度评价为“达序时”或“达标”的应评指标。"),
        explained("趋势：滞后（含未达标）", "进度评价为“滞后”或“未达标”的应评指标。"),
        explained(
            "略滞后、待核定、未报",
            "进度评价为该词的应评指标。应评＝达序时＋略滞后＋滞后＋达标＋未达标＋待核定＋未报。“未报”不等于零；",
            "沿用旧数的和暂不评价的不算未报，其中应报的数没有报来的，首页另写一句。",
        ),
        explained(
            "数据过旧",
            "应评指标中，最新数值的所属期早于按更新频次和发布时滞，到报送截止时应有的所属期的；",
            "评价按数据自己的日期作出。",
        ),
        explained("到期目标未核定", "目标日期已过、还没有该日期统计核定数的指标。"),
        explained(
            "任务：序时（含完成）",
            "进度评价为“序时推进”或“已完成”的任务；临近时限、滞后、逾期、未报各按其词。",
        ),
        explained("问题：在办", "尚未销号的问题，含申请销号的；逾期是已过现行时限、又未申请销号的。"),
        explained("提请协调", "填了“提请协调事项”、尚未申请销号也未销号的问题。"),
        explained(
            "专班报送",
            "已报含迟报；“未接收（退回）”和“部分未报”（单位各自报送、还没有报齐）计入未报；不涉及的专班不计入应报。",
        ),
    ]


def _states(settings: Settings) -> Iterable[Explanation]:
    meanings = {
        State.ON_PACE: "按数据所属期末那一天算，完成值不低于（越低越好的指标不高于）序时应完成值；"
        "目标是超过、突破的须高于它。",
        State.SLOW: "落后序时，但在略滞后界限以内；“力争”类目标落后时最多为略滞后。",
        State.BEHIND: "落后序时超过略滞后界限。",
        State.MET: "目标日期的统计核定数符合目标用语：以上、达、至少为≥；超过、突破为＞；以内为≤；"
        f"左右为±{settings.about:.0%}以内（按个数计的至少为±1）。",
        State.MISSED: "目标日期的统计核定数不符合目标用语；“力争”类目标不判未达标，列为暂不评价。",
        State.PENDING: "目标日期已到，报来的还不是统计核定数，不作评价。",
        State.REFERENCE: "只列数，不评价：无本年目标（没有目标，或目标为推算），无基期（没有起点），"
        "或不按序时（年末考核，定性指标仍在推进）。",
        State.UNDECIDED: "目标逐年下达，本年的还没有下达：不评价，也不算未报；下达后写入工作计划即恢复评价。",
        State.NOT_YET: "按更新频次和发布时滞，到报送截止时还不可能有数。",
        State.PAST: "月、季、年的材料里，目标都在这一年以前到期、不再评价的；判定结果见“到期目标判定”。",
        State.MISSING: "按更新频次和发布时滞，到报送截止时应有数而没有报；"
        "流量指标上一年的数不能说明本年，也按未报。",
    }
    for state, meaning in meanings.items():
        light = LIGHTS.get(state, Light.NONE)
        shown = f"{light.label}灯"
        if light is Light.NONE:
            shown = "不亮灯"
        yield Explanation(state.label, shown, meaning)


_LEVELS_SLOW = "期末存量和比率类指标用这一界限；低于上一个已到期目标的，不论多少都是滞后。"


def _arithmetic(settings: Settings) -> list[Explanation]:
    return [
        explained(
            "完成率",
            "最新数值÷目标值。“主要指标”表的是本年目标；首页核心指标和“目标完成情况”表的，是旁边列出的目标，",
            "也可能是一月、一季的。",
        ),
        explained(
            "序时应完成值",
            "逐年类：从1月1日的0到年末目标按进度曲线；期间累计类：从起算日的0依次经过各年目标；",
            "存量、比率类：从基期值（或上一个目标）到下一个目标。没有起点的不评进度，只在目标日期判定；“年末考核”的只在年末评。",
        ),
        explained("序时进度", "序时应完成值÷目标值，算到数据所属期的最后一天，与打开表格的日期无关。"),
        explained(
            "差距",
            "最新数值－序时应完成值，按指标自己的单位，%的差是百分点；越低越好的指标取相反数；",
            "增速和比较类为最新数值－目标值。负数为落后。目标为“左右”的，在允许范围内为0，超出的取偏离的负数。",
            "不同的指标按差距占目标的百分比比较，增速和比较类按差距本身。",
        ),
        Explanation(
            "略滞后界限", f"{settings.slow * 100:g}个百分点", "落后序时在此以内为略滞后，超出为滞后。"
        ),
        Explanation("略滞后界限：存量、比率", f"{settings.slow_level * 100:g}个百分点", _LEVELS_SLOW),
        Explanation(
            "略滞后界限：增速、比较",
            f"{settings.slow_rate:g}个百分点",
            "增速和比较类指标低于目标在此以内为略滞后。",
        ),
        Explanation(
            "左右",
            f"±{settings.about:.0%}",
            "目标为“左右”的，全年两边都看：与序时应完成值上下相差在此以内（按目标值算，按个数计的至少为±1）为达序时，"
            "再超出略滞后界限的为滞后，偏高、偏低一样；到目标日期，上下相差在此以内为达标。",
        ),
        explained(
            "预计能否达成",
            "单位填报的“预计全年完成值”按目标用语与本年目标比较；没有填的为“未填预计”，这一年的目标已有评判的为“已评判”。",
            "“按目前进度推算”＝最新数值÷数据所属期末已过的全年时间比例，只用于匀速推进的逐年指标，仅供参考。",
        ),
        explained("沿用", "本期没有新数的，沿用以往各期报来的数，在“时效”列注明期次；零报告即确认沿用。"),
    ]


def _tasks_and_issues(settings: Settings, office: str) -> list[Explanation]:
    return [
        explained(
            "任务",
            "过了节点时限未完成为逾期，节点已完成的即按下一个节点，没有节点可看的按任务的完成时限；",
            f"自报滞后，或投资完成率落后时间进度超过{settings.slow * 100:g}个百分点为滞后",
            "（本期没有填投资的，沿用本年最近一次报来的）；",
            "时限在即为临近时限；其余为序时推进。",
        ),
        explained(
            "问题",
            "过了现行时限（原定时限，或最近一次同意的延期）为逾期；时限在即为临近时限；",
            "申请销号待审定、提请事项由专班以上层级办理期间暂停计时，暂停的天数不计入距时限；",
            f"暂停之前已经逾期的仍为逾期。只有{office}的审定才能销号。",
        ),
        Explanation("临近时限", f"{settings.soon_days}天", "距时限在此以内为临近时限。"),
        explained(
            "红督办",
            "逾期的任务和问题、到期未达标的指标（现在又滞后的也是）、过了时限仍从未报过进展的任务。",
        ),
        explained("黄催办", "滞后的指标和任务；目标已到期、还待核定，到目标日期为止最后报的数滞后的指标。"),
        explained("蓝提醒", "临近时限的任务和问题。"),
    ]


def _page_one() -> list[Explanation]:
    return [
        explained(
            "首页：变化",
            "与本期以前最近一期的汇总相比，评价转差的（新增滞后、略滞后、未达标、逾期，重新挂账）逐项写明，再写转好、办结的件数；",
            "只按评价变没变，不按数升数降；跨年重新起算的序时不算变化。",
        ),
        explained(
            "首页：新增滞后和主要差距",
            "先列本期转差的，再列其余滞后、逾期、未达标的：指标按差距占目标的比重，任务、问题按超期天数，交替排列；纸上放不下的见“督办清单”。",
        ),
        explained(
            "首页：核心指标",
            "工作计划“核心”列选“是”的，列不下时未达标、滞后、预计完不成的优先，没有数的最后；都没有选的，各专班依次列一项，先列按序时评价的，再列到期评价的。",
        ),
    ]


def _mechanisms(facts: Facts) -> Iterable[Explanation]:
    """Yield the meetings and other arrangements of the programme: how often, what, and who chairs."""
    for mechanism in facts.data.plan.mechanisms:
        chair = ""
        if mechanism.chair:
            chair = f"主持（牵头）：{mechanism.chair}。"
        yield Explanation(mechanism.name, mechanism.rhythm, f"{mechanism.content}。{chair}")


def _sources(facts: Facts) -> list[Explanation]:
    data = facts.data
    programme = data.plan.programme
    return [
        explained("工作方案", f"《{programme.document}》（{programme.document_no}）"),
        explained(
            "数据",
            "各专班报送的填报表；每个数的文件、工作表、单元格和收到时间见各表“来源”列。",
            "首页的数字是各表上的公式，点数字可到该表。",
        ),
        explained(
            "各家说法不一",
            "同一格各单位报的不一样，标“有分歧”，暂按数据报送单位的（都不是的按先报的一家）；空白不算说法。",
            "经裁定的，来源列写明由谁裁定。",
        ),
        explained("评价日", f"{data.day:%Y年%m月%d日}（本期最后一天）；指标按各自数据所属期的最后一天。"),
        explained("资料", f"{data.data_until}。"),
        explained("版本", data.version_line),
    ]


SPEC = SheetSpec(
    code="notes",
    title=TITLE,
    order=180,
    tab=Tab.BACKGROUND,
    audience=Audience.PUBLIC,
    write=_write,
    pointer="规则和算法见“说明”",
)
