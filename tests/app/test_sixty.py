"""Sixty forms spoiled in sixty ways that people have: what each clerk is told, word for word.

Each form is otherwise right. What is to be found is found, in that cell and in no other, and nothing that only follows
from it; no other row stays out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest

from tenproj_xl.app.check import check
from tenproj_xl.app.results import FileResult
from tenproj_xl.cli.open_form import TABS
from tenproj_xl.core.catalogue import Code, Severity
from tests.conftest import PERIOD
from tests.helpers.answers import right_answers
from tests.helpers.filling import Filling, Office

ISSUE: Mapping[str, object] = {
    "description": "项目用地指标尚未落实",
    "category": "用地",
    "source": "自查",
    "raised_on": date(2026, 11, 23),
    "unit": "区科技局",
    "due_on": date(2026, 12, 31),
    "status": "整改中",
}
APPLIED: Mapping[str, object] = {
    **ISSUE,
    "status": "申请销号",
    "evidence": "会议纪要1份",
    "applied_on": date(2026, 11, 25),
    "lead_opinion": "同意",
}


@dataclass(frozen=True)
class Spoiled:
    """What a clerk wrote into a row of an otherwise right form, and what is said of it, by field."""

    name: str
    sheet: str
    row: str
    wrote: Mapping[str, object]
    said: Mapping[str, tuple[Code, str]] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @property
    def file(self) -> str:
        return f"{self.name}.xlsx"


W, Q = Severity.WARNING, Severity.QUESTION
"""Errors are not marked as such."""
FIGURE, TASK, NEW = ("indicators", "Z03-04"), ("tasks", "R03-01"), ("issues", "+1")
BEHIND = {"lag_reason": "授权放缓", "next_steps": "加大培育"}
SIXTY = [
    # --- numbers
    Spoiled("单位写在数字后面", *FIGURE, {"value": "12.5亿元"}),
    Spoiled(
        "按万元填",
        *FIGURE,
        {"value": "125000万元"},
        {
            "value": (
                Code.UNIT_GUESSED,
                "第7行“技术交易总额”：填了“125000万元”，已按计量单位记为12.5亿元，请核对。",
            )
        },
        W,
    ),
    Spoiled(
        "万元没写单位",
        *FIGURE,
        {"value": 125000},
        {
            "value": (
                Code.UNIT_SUSPECT,
                "第7行“技术交易总额”：本次125000亿元，上次10.2亿元，疑似单位为万元，请核对；这里应按亿元填写。",
            )
        },
        Q,
    ),
    Spoiled(
        "按元填",
        *FIGURE,
        {"value": 1250000000},
        {
            "value": (
                Code.UNIT_SUSPECT,
                "第7行“技术交易总额”：本次1250000000亿元，上次10.2亿元，疑似单位为元，请核对；这里应按亿元填写。",
            )
        },
        Q,
    ),
    Spoiled(
        "约数",
        *FIGURE,
        {"value": "约12"},
        {
            "value": (
                Code.READ_ROUGHLY,
                "第7行“技术交易总额”：填了“约12”，已记为12亿元，请核对；以后请填写准确的数字或日期。",
            )
        },
        W,
    ),
    Spoiled(
        "以上",
        *FIGURE,
        {"value": "12以上"},
        {
            "value": (
                Code.NOT_NUMBER,
                "第7行“技术交易总额”：填了“12以上”，这里请只填数字、不带单位，如 72.5；还没有数的请空着。",
            )
        },
    ),
    Spoiled(
        "区间",
        *FIGURE,
        {"value": "12-13"},
        {
            "value": (
                Code.NOT_NUMBER,
                "第7行“技术交易总额”：填了“12-13”，这里请只填数字、不带单位，如 72.5；还没有数的请空着。",
            )
        },
    ),
    Spoiled(
        "同上",
        *FIGURE,
        {"value": "同上"},
        {
            "value": (
                Code.NOT_NUMBER,
                "第7行“技术交易总额”：填了“同上”，这里请只填数字、不带单位，如 72.5；还没有数的请空着。",
            )
        },
    ),
    Spoiled(
        "较快增长",
        *FIGURE,
        {"value": "增长较快"},
        {
            "value": (
                Code.NOT_NUMBER,
                "第7行“技术交易总额”：填了“增长较快”，这里请只填数字、不带单位，如 72.5；还没有数的请空着。",
            )
        },
    ),
    Spoiled(
        "待统计",
        *FIGURE,
        {"value": "待统计"},
        {
            "value": (
                Code.NOT_NUMBER,
                "第7行“技术交易总额”：填了“待统计”，这里请只填数字、不带单位，如 72.5；还没有数的请空着。",
            )
        },
    ),
    Spoiled(
        "画了杠",
        *FIGURE,
        {"value": "—", "nature": None},
        {
            "value": (
                Code.FIGURE_MISSING,
                "第7行“技术交易总额”：本期应报2026年10月的数，没有填写。请补报；确无更新的，请声明零报告。",
            )
        },
        W,
    ),
    Spoiled(
        "打了斜杠",
        *FIGURE,
        {"value": "/", "nature": None},
        {
            "value": (
                Code.FIGURE_MISSING,
                "第7行“技术交易总额”：本期应报2026年10月的数，没有填写。请补报；确无更新的，请声明零报告。",
            )
        },
        W,
    ),
    Spoiled(
        "写了无",
        *FIGURE,
        {"value": "无", "nature": None},
        {
            "value": (
                Code.FIGURE_MISSING,
                "第7行“技术交易总额”：本期应报2026年10月的数，没有填写。请补报；确无更新的，请声明零报告。",
            )
        },
        W,
    ),
    Spoiled(
        "填了零",
        *FIGURE,
        {"value": 0},
        {
            "value": (
                Code.ZERO_FILLED,
                "第7行“技术交易总额”：填了0，上次为10.2亿元，请核对；没有新数的请空着，不要填0。",
            )
        },
        Q,
    ),
    Spoiled(
        "多打一位",
        *FIGURE,
        {"value": 125},
        {
            "value": (
                Code.VALUE_JUMPED,
                "第7行“技术交易总额”：本次125亿元，上次10.2亿元，相差约12倍，请核对数值和单位。",
            )
        },
        Q,
    ),
    Spoiled(
        "少一个小数点",
        *FIGURE,
        {"value": 1250},
        {
            "value": (
                Code.VALUE_JUMPED,
                "第7行“技术交易总额”：本次1250亿元，上次10.2亿元，相差约123倍，请核对数值和单位。",
            )
        },
        Q,
    ),
    Spoiled(
        "多打了负号",
        *FIGURE,
        {"value": -12.5},
        {"value": (Code.NEGATIVE, "第7行“技术交易总额”：填了-12.5，这一项一般不会是负数，请核对。")},
        Q,
    ),
    Spoiled(
        "两个小数点",
        *FIGURE,
        {"value": "12.5.1"},
        {
            "value": (
                Code.NOT_NUMBER,
                "第7行“技术交易总额”：填了“12.5.1”，这里请只填数字、不带单位，如 72.5；还没有数的请空着。",
            )
        },
    ),
    Spoiled(
        "公式出错",
        *FIGURE,
        {"value": "#REF!"},
        {
            "value": (
                Code.ERROR_VALUE,
                "第7行“技术交易总额”：单元格显示为“#REF!”，这里请只填数字、不带单位，如 72.5。",
            )
        },
    ),
    Spoiled(
        "公式被零除",
        *FIGURE,
        {"value": "#DIV/0!"},
        {
            "value": (
                Code.ERROR_VALUE,
                "第7行“技术交易总额”：单元格显示为“#DIV/0!”，这里请只填数字、不带单位，如 72.5。",
            )
        },
    ),
    Spoiled(
        "比上次少",
        *FIGURE,
        {"value": 9.8},
        {
            "value": (
                Code.VALUE_FELL,
                "第7行“技术交易总额”：本次9.8亿元，低于上次10.2亿元，请核对；如属核减，请在“核实说明”写明。",
            )
        },
        Q,
    ),
    Spoiled(
        "粘进一段话",
        *FIGURE,
        {"value": "1—10月实现技术交易额12.5亿元，同比增长8%"},
        {
            "value": (
                Code.NOT_NUMBER,
                "第7行“技术交易总额”：填了“1—10月实现技术交易额12.5亿元，同比增长8%”，这里请只填数字、不带单位，如 72.5；还没有数的请空着。",
            )
        },
    ),
    Spoiled("名次写成第三", "indicators", "Z03-05", {"city_rank": "第3"}),
    Spoiled(
        "名次为零",
        "indicators",
        "Z03-05",
        {"city_rank": 0},
        {"city_rank": (Code.OUT_OF_BOUNDS, "第8行“高价值发明专利拥有量”：填了“0”，应在1到99之间，请核对。")},
    ),
    Spoiled("家数带单位", "indicators", "Z03-03/2025", {"value": "970家"}),
    Spoiled(
        "家数多打一位",
        "indicators",
        "Z03-03/2025",
        {"value": 9700},
        {
            "value": (
                Code.VALUE_JUMPED,
                "第10行“高新技术企业数（2025年）”：本次9700家，上次918家，相差约11倍，请核对数值和单位。",
            )
        },
        Q,
    ),
    Spoiled(
        "百分数当小数",
        "indicators",
        "Z03-02",
        {"value": 0.024},
        {
            "value": (
                Code.UNIT_GUESSED,
                "第6行“全社会研究与试验发展经费占地区生产总值比重”：填了“0.024”，已按计量单位记为2.4%，请核对。",
            )
        },
        W,
    ),
    Spoiled(
        "百分数的小数填成文字",
        "indicators",
        "Z03-02",
        {"value": "0.024"},
        {
            "value": (
                Code.UNIT_GUESSED,
                "第6行“全社会研究与试验发展经费占地区生产总值比重”：填了“0.024”，已按计量单位记为2.4%，请核对。",
            )
        },
        W,
    ),
    Spoiled("百分数带百分号", "indicators", "Z03-02", {"value": "2.6%"}),
    Spoiled(
        "百分数乘了一百",
        "indicators",
        "Z03-02",
        {"value": 265},
        {
            "value": (
                Code.UNIT_SUSPECT,
                "第6行“全社会研究与试验发展经费占地区生产总值比重”：本次265%，上次2.04%，疑似多乘了100，请核对；这里应填百分数，如 93 表示93%。",
            )
        },
        Q,
    ),
    Spoiled(
        "预计数小于已完成",
        *FIGURE,
        {"forecast": 9},
        {
            "forecast": (
                Code.FORECAST_LOW,
                "第7行“技术交易总额”：预计全年完成值9亿元低于已完成的10.2亿元，请核对。",
            )
        },
        Q,
    ),
    Spoiled(
        "预计数按万元",
        *FIGURE,
        {"forecast": 150000},
        {
            "forecast": (
                Code.UNIT_SUSPECT,
                "第7行“技术交易总额”：本次150000亿元，最新数值为10.2亿元，疑似单位为万元，请核对；这里应按亿元填写。",
            )
        },
        Q,
    ),
    # --- periods and natures
    Spoiled(
        "没写所属期",
        *FIGURE,
        {"data_period": None},
        {
            "data_period": (
                Code.PERIOD_MISSING,
                "第7行“技术交易总额”：填了最新数值，请在“数据所属期”填明是哪一期的数，如 2026年10月。",
            )
        },
    ),
    Spoiled(
        "所属期写上月",
        *FIGURE,
        {"data_period": "上月"},
        {
            "data_period": (
                Code.NOT_PERIOD,
                "第7行“技术交易总额”：填了“上月”，这里请填写数据所属的年、季或月，如 2026年三季度。",
            )
        },
    ),
    Spoiled(
        "所属期写截至目前",
        *FIGURE,
        {"data_period": "截至目前"},
        {
            "data_period": (
                Code.NOT_PERIOD,
                "第7行“技术交易总额”：填了“截至目前”，这里请填写数据所属的年、季或月，如 2026年三季度。",
            )
        },
    ),
    Spoiled(
        "所属期写全年",
        *FIGURE,
        {"data_period": "2026年"},
        {
            "data_period": (
                Code.PERIOD_FUTURE,
                "第7行“技术交易总额”：数据所属期“2026年”到本期截止时尚未结束，请核对；预计数请填在“预计全年完成值”。",
            )
        },
    ),
    Spoiled(
        "所属期是旧月份",
        *FIGURE,
        {"data_period": "2026年9月"},
        {
            "data_period": (
                Code.PERIOD_STALE,
                "第7行“技术交易总额”：报的是2026年9月的数，本期应已有2026年10月的数，请补报。",
            )
        },
        W,
    ),
    Spoiled(
        "所属期比上次还早",
        *FIGURE,
        {"data_period": "2026年6月"},
        {
            "data_period": (
                Code.PERIOD_BACKWARD,
                "第7行“技术交易总额”：报的是2026年6月的数，早于上次已报的2026年8月，请核对。",
            )
        },
        Q,
    ),
    Spoiled(
        "没选数据性质",
        *FIGURE,
        {"nature": None},
        {
            "nature": (
                Code.REQUIRED,
                "第7行“技术交易总额”：填了最新数值，请填写“数据性质”（统计核定、统计快报、部门统计、预计）。",
            )
        },
    ),
    Spoiled(
        "数据性质写上报数",
        *FIGURE,
        {"nature": "上报数"},
        {
            "nature": (
                Code.NOT_CHOICE,
                "第7行“技术交易总额”：填了“上报数”，请从下拉选项中选择：统计核定、统计快报、部门统计、预计。",
            )
        },
    ),
    Spoiled(
        "滞后没说原因",
        "indicators",
        "Z03-05",
        {"value": 5000},
        {
            "lag_reason": (
                Code.REQUIRED,
                "第8行“高价值发明专利拥有量”：进度评价为“滞后”，请填写“滞后原因”（为什么落后，如 2个地块推迟出让，500字以内）。",
            ),
            "next_steps": (
                Code.REQUIRED,
                "第8行“高价值发明专利拥有量”：进度评价为“滞后”，请填写“下一步举措”（做什么、何时做完，如 12月底前完成出让，500字以内）。",
            ),
        },
    ),
    Spoiled(
        "滞后只说原因",
        "indicators",
        "Z03-05",
        {"value": 5000, "lag_reason": "授权放缓"},
        {
            "next_steps": (
                Code.REQUIRED,
                "第8行“高价值发明专利拥有量”：进度评价为“滞后”，请填写“下一步举措”（做什么、何时做完，如 12月底前完成出让，500字以内）。",
            )
        },
    ),
    Spoiled(
        "改了目标",
        *FIGURE,
        {"target_2027": "达80"},
        {
            "target_2027": (
                Code.OFFICE_EDITED,
                "第7行“技术交易总额”：“2027年目标”原为“达90”，现为“达80”。这一栏由总专班办公室填写，仍以下发的为准；确需调整的，请另行报告。",
            )
        },
        W,
    ),
    Spoiled(
        "改了指标名称",
        *FIGURE,
        {"name": "技术合同交易总额"},
        {
            "name": (
                Code.OFFICE_EDITED,
                "第7行“技术交易总额”：“指标名称”原为“技术交易总额”，现为“技术合同交易总额”。这一栏由总专班办公室填写，仍以下发的为准；确需调整的，请另行报告。",
            )
        },
        W,
    ),
    Spoiled(
        "评价改成达序时",
        "indicators",
        "Z03-05",
        {"value": 5000, **BEHIND, "state": "达序时"},
        {
            "state": (
                Code.FORMULA_DIFFERS,
                "第8行“高价值发明专利拥有量”：显示为“达序时”，按填报的数应为“滞后”，已重新计算；公式请勿改动。",
            )
        },
        W,
    ),
    # --- tasks
    Spoiled(
        "状态写基本完成",
        *TASK,
        {"status": "基本完成"},
        {
            "status": (
                Code.NOT_CHOICE,
                "第5行“打造‘科技创新少年队’”：填了“基本完成”，请从下拉选项中选择：未启动、序时推进、滞后、已完成、长期推进、申请调整。",
            )
        },
    ),
    Spoiled(
        "状态写正常",
        *TASK,
        {"status": "正常推进"},
        {
            "status": (
                Code.NOT_CHOICE,
                "第5行“打造‘科技创新少年队’”：填了“正常推进”，请从下拉选项中选择：未启动、序时推进、滞后、已完成、长期推进、申请调整。",
            )
        },
    ),
    Spoiled(
        "滞后没说问题和举措",
        *TASK,
        {"status": "滞后"},
        {
            "problems": (
                Code.REQUIRED,
                "第5行“打造‘科技创新少年队’”：任务滞后或申请调整，请填写“存在问题”（卡在哪里，如 3户未签约，影响进场，500字以内）。",
            ),
            "next_steps": (
                Code.REQUIRED,
                "第5行“打造‘科技创新少年队’”：任务滞后，请填写“下一步举措”（做什么、何时做完，如 12月底前完成签约，500字以内）。",
            ),
        },
    ),
    Spoiled(
        "完成没填日期",
        *TASK,
        {"status": "已完成"},
        {
            "completed_on": (
                Code.REQUIRED,
                "第5行“打造‘科技创新少年队’”：任务已完成，请填写“完成日期”（年月日，如 2026-11-25）。",
            )
        },
    ),
    Spoiled(
        "完成日期在将来",
        *TASK,
        {"status": "已完成", "completed_on": date(2026, 12, 20)},
        {
            "completed_on": (
                Code.DATES_ORDER,
                "第5行“打造‘科技创新少年队’”：“完成日期”2026-12-20晚于本期最后一天2026-11-29，请核对日期。",
            )
        },
    ),
    Spoiled(
        "日期写月底",
        *TASK,
        {"status": "已完成", "completed_on": "11月底"},
        {
            "completed_on": (
                Code.NOT_DATE,
                "第5行“打造‘科技创新少年队’”：填了“11月底”，这里请填写年月日，如 2026-11-25。",
            )
        },
    ),
    Spoiled(
        "日期没有年",
        *TASK,
        {"status": "已完成", "completed_on": "11月20日"},
        {
            "completed_on": (
                Code.YEAR_GUESSED,
                "第5行“打造‘科技创新少年队’”：填了“11月20日”，年份不全，已记为2026-11-20，请核对。",
            )
        },
        W,
    ),
    Spoiled(
        "日期写年月",
        *TASK,
        {"status": "已完成", "completed_on": "2026.11"},
        {
            "completed_on": (
                Code.NOT_DATE,
                "第5行“打造‘科技创新少年队’”：填了“2026.11”，这里请填写年月日，如 2026-11-25。",
            )
        },
    ),
    Spoiled(
        "不存在的日期",
        *TASK,
        {"status": "已完成", "completed_on": "2026-11-31"},
        {
            "completed_on": (
                Code.NOT_DATE,
                "第5行“打造‘科技创新少年队’”：填了“2026-11-31”，这里请填写年月日，如 2026-11-25。",
            )
        },
    ),
    Spoiled("八位数日期", *TASK, {"status": "已完成", "completed_on": 20261120}),
    Spoiled(
        "有状态没进展",
        *TASK,
        {"progress": None},
        {
            "progress": (
                Code.REQUIRED,
                "第5行“打造‘科技创新少年队’”：填了当前状态，请填写“本期进展”（本期做了什么，如 主体结顶，开始内装，500字以内）。",
            )
        },
    ),
    Spoiled(
        "进展粘了整篇材料",
        *TASK,
        {"progress": "一是加强组织领导。" * 70},
        {"progress": (Code.TOO_LONG, "第5行“打造‘科技创新少年队’”：共630字，超过500字的上限，请压缩。")},
    ),
    Spoiled(
        "进展变成日期",
        *TASK,
        {"progress": date(2026, 1, 2)},
        {
            "progress": (
                Code.TEXT_ALTERED,
                "第5行“打造‘科技创新少年队’”：这里现为“2026-01-02”，可能是填写后被表格软件自动改成了日期，请核对；改填时请先把单元格设为文本格式。",
            )
        },
        W,
    ),
    Spoiled(
        "申请调整没说为什么",
        *TASK,
        {"status": "申请调整"},
        {
            "problems": (
                Code.REQUIRED,
                "第5行“打造‘科技创新少年队’”：任务滞后或申请调整，请填写“存在问题”（卡在哪里，如 3户未签约，影响进场，500字以内）。",
            )
        },
    ),
    Spoiled(
        "任务完成节点没完成",
        "tasks",
        "R03-02",
        {"status": "已完成", "completed_on": date(2026, 11, 20), "milestone_done": "未完成"},
        {
            "milestone_done": (
                Code.DONE_HALFWAY,
                "第6行“帮助各类创新主体争取省、市重大科技专项”：当前状态为“已完成”，节点完成情况却是“未完成”，请核对。",
            )
        },
        Q,
    ),
    Spoiled(
        "投资额为负",
        "tasks",
        "R03-02",
        {"invest_done": -3},
        {
            "invest_done": (
                Code.OUT_OF_BOUNDS,
                "第6行“帮助各类创新主体争取省、市重大科技专项”：填了“-3”，应不小于0，请核对。",
            )
        },
    ),
    # --- issues
    Spoiled(
        "新问题没有时限",
        *NEW,
        {**ISSUE, "due_on": None},
        {
            "due_on": (
                Code.ISSUE_INCOMPLETE,
                "第5行“项目用地指标尚未落实”：登记新问题请填写“原定时限”（年月日，如 2026-11-25）。",
            )
        },
    ),
    Spoiled(
        "新问题没有责任单位",
        *NEW,
        {**ISSUE, "unit": None},
        {
            "unit": (
                Code.ISSUE_INCOMPLETE,
                "第5行“项目用地指标尚未落实”：登记新问题请填写“责任单位”（单位名称，如 区住建局）。",
            )
        },
    ),
    Spoiled(
        "时限早于提出日期",
        *NEW,
        {**ISSUE, "due_on": date(2026, 10, 31)},
        {
            "due_on": (
                Code.DATES_ORDER,
                "第5行“项目用地指标尚未落实”：“提出日期”2026-11-23晚于“原定时限”2026-10-31，请核对日期。",
            )
        },
    ),
    Spoiled(
        "时限写尽快",
        *NEW,
        {**ISSUE, "due_on": "尽快"},
        {
            "due_on": (
                Code.NOT_DATE,
                "第5行“项目用地指标尚未落实”：填了“尽快”，这里请填写年月日，如 2026-11-25。",
            )
        },
    ),
    Spoiled(
        "类别自己写",
        *NEW,
        {**ISSUE, "category": "土地"},
        {
            "category": (
                Code.NOT_CHOICE,
                "第5行“项目用地指标尚未落实”：填了“土地”，请从下拉选项中选择：用地、用能、资金、审批、征迁、其他。",
            )
        },
    ),
    Spoiled(
        "申请延期没有理由",
        *NEW,
        {**ISSUE, "extend_to": date(2027, 1, 31)},
        {
            "extend_reason": (
                Code.REQUIRED,
                "第5行“项目用地指标尚未落实”：申请了延期，请填写“延期理由”（延期的理由，如 规划调整，需重新报批，500字以内）。",
            )
        },
    ),
    Spoiled(
        "延期早于原时限",
        *NEW,
        {**ISSUE, "extend_to": date(2026, 12, 1), "extend_reason": "规划调整"},
        {
            "extend_to": (
                Code.DATES_ORDER,
                "第5行“项目用地指标尚未落实”：“原定时限”2026-12-31晚于“申请延期至”2026-12-01，请核对日期。",
            )
        },
    ),
    Spoiled(
        "销号没有佐证",
        *NEW,
        {**APPLIED, "evidence": None},
        {
            "evidence": (
                Code.REQUIRED,
                "第5行“项目用地指标尚未落实”：申请销号，请填写“佐证材料”（材料名称、文号，如 市局用地批复（文号），500字以内）。",
            )
        },
    ),
    Spoiled(
        "销号没有初审",
        *NEW,
        {**APPLIED, "lead_opinion": None},
        {
            "lead_opinion": (
                Code.REQUIRED,
                "第5行“项目用地指标尚未落实”：申请销号，请填写“牵头单位初审”（同意、不同意）。",
            )
        },
    ),
    Spoiled(
        "初审不同意还申请销号",
        *NEW,
        {**APPLIED, "lead_opinion": "不同意"},
        {
            "lead_opinion": (
                Code.OPINION_AGAINST,
                "第5行“项目用地指标尚未落实”：申请销号，牵头单位初审却是“不同意”，请核对；不同意的，请把当前状态改为“整改中”。",
            )
        },
        Q,
    ),
    Spoiled(
        "关联了不存在的任务",
        *NEW,
        {**ISSUE, "related": "R03-99"},
        {
            "related": (
                Code.LINK_UNKNOWN,
                "第5行“项目用地指标尚未落实”：“R03-99”不是指标编号或任务编号，请核对；没有关联的可以不填。",
            )
        },
        W,
    ),
    Spoiled(
        "状态写已销号",
        *NEW,
        {**ISSUE, "status": "已销号"},
        {
            "status": (
                Code.NOT_CHOICE,
                "第5行“项目用地指标尚未落实”：填了“已销号”，请从下拉选项中选择：整改中、申请销号。",
            )
        },
    ),
]


@pytest.fixture(scope="module")
def judged(later: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Filling, FileResult]]:
    folder = tmp_path_factory.mktemp("sent")
    forms = {}
    for case in SIXTY:
        form = forms[case.file] = later.right("03")
        form.write(case.sheet, case.row, **case.wrote)
        form.save(folder / case.file)
    results = check(later.workspace, sorted(folder.iterdir()), PERIOD).files
    return {f.received.name: (forms[f.received.name], f) for f in results}


@pytest.fixture(params=SIXTY, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Spoiled:
    found: Spoiled = request.param
    return found


def test_a_clerk_is_told_of_this_and_of_nothing_else(
    case: Spoiled, judged: dict[str, tuple[Filling, FileResult]]
) -> None:
    form, result = judged[case.file]
    expected = {
        (form.at(case.sheet, case.row, column), code, case.severity, message)
        for column, (code, message) in case.said.items()
    }
    assert {(f.cell, f.code, f.severity, f.message) for f in result.findings} == expected
    assert {f.sheet for f in result.findings} <= {TABS[case.sheet]}


def test_only_a_row_with_an_error_stays_out(
    case: Spoiled, judged: dict[str, tuple[Filling, FileResult]], later: Office
) -> None:
    form, result = judged[case.file]
    assert result.judgement
    counted = {(e.row.sheet.code, e.row.table_row.index + 1) for e in result.judgement.accepted}
    answered = {*right_answers(later.forms["03"]), (case.sheet, case.row)}
    waits = {(case.sheet, case.row)} if any(f.is_error for f in result.findings) else set()
    blank = {(case.sheet, case.row)} if any(f.code is Code.FIGURE_MISSING for f in result.findings) else set()
    assert counted == {(sheet, form.row(sheet, row)) for sheet, row in answered - waits - blank}


def test_there_are_sixty_and_more() -> None:
    assert len({case.name for case in SIXTY}) == len(SIXTY) >= 60
