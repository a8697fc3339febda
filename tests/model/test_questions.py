"""What units write into 核实说明 when they are asked about a value: that it is right, that it is wrong, or why."""

import pytest

from tenproj_xl.model.questions import QuestionState, answer_in

RIGHT = [
    "属实",
    "属实。",
    "属实：上次填错了",
    "属实:上次填错了，应为10.2",
    "属实（上期口径有误）",
    "属实，上期数有误",
    "属实：系核减，省统计局更正上月数",
    "属实，没有误差",
    "属实 上期漏报",
    "属实，但上期填错了",
    "属实，企业错峰生产",
    "属实，请以此数为准",
    "经核实属实",
    "经核实，情况属实",
    "情况属实",
    "数据属实",
    "数据属实，上月统计有误，已在本期更正",
    "经与市统计局核对，数据属实",
    "确认无误",
    "无误",
    "核实后确认无误",
    "已核对，数据无误",
    "没有错",
    "没有填错，是两个项目集中入库",
    "数据准确",
    "与统计局口径一致，属实",
    "核减：上期多报，有误",
    "核减系统计局反馈",
    "系核减，省统计局更正上月数",
    "两个项目集中入库",
    "去年漏报的企业本期一并补报，误差已消除",
    "应为季节因素",
    "上期误报，本期已按实际报送",
    "企业错峰用电所致",
    "新增3家规上企业",
]
WRONG = [
    "更正",
    "更正：多打了一位",
    "更正为51.04",
    "不属实",
    "不属实，应为51.04",
    "并不属实",
    "有误",
    "有误，应为51.04",
    "数据有误",
    "数据有误，请更正",
    "经核实有误",
    "写错了，应该是51.04",
    "写错了",
    "填错了",
    "填错行了",
    "经办人录入错误",
    "单位填错，应是万元",
    "数据错误，正在核实",
    "不对，多了一个0",
    "多打了一个0",
    "错了",
    "不准确",
    "不正确",
    "不是这个数，请以51.04为准",
    "重复计算了，实际51.04",
    "笔误",
    "系手误，应为51.04亿元",
    "小数点点错了",
    "误填上月数，应为51.04",
    "应为51.04",
    "改为51.04",
    "以51.04为准",
    "沿用上月数",
    "单位应为万元",
    "下期更正",
    "正在核实",
    "待核实",
    "属实，但应为51.04",
    "属实，应为51.04",
    "口径不同，本期数填错了",
]
OTHERWISE = ["口径不同", "口径不同：含未公布数", "口径不同，上期有误", "统计口径调整", "按新口径统计"]


@pytest.mark.parametrize("said", RIGHT)
def test_who_says_that_a_value_is_right_or_why_it_is_confirms_it_whatever_was_wrong_before(said: str) -> None:
    assert answer_in(said) is QuestionState.TRUE


@pytest.mark.parametrize("said", WRONG)
def test_who_says_in_whatever_words_that_a_value_is_wrong_does_not_confirm_it(said: str) -> None:
    assert answer_in(said) is QuestionState.CORRECTED


@pytest.mark.parametrize("said", OTHERWISE)
def test_who_counts_otherwise_says_so_by_the_scope(said: str) -> None:
    assert answer_in(said) is QuestionState.SCOPE
