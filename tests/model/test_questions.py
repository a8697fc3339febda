"""What units write into 核实说明 when they are asked about a value: that it is right, that it is wrong, or why."""

from time import process_time

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
    "属实，以统计局反馈为准",
    "属实，以年报为准",
    "属实，以2025年同口径计算",
    "属实，以后按此口径",
    "属实，有误差说明见附件",
    "属实，应为正常波动",
    "属实，应是3家企业集中投产",
    "重复计算已剔除，数据属实",
    "误报已剔除，属实",
    "增长较快，应是3家企业集中投产",
    "应该是5月份集中申报所致",
    "上期数有误，本期已更正",
    "投资额有误差，系四舍五入",
    "投资额没有错误",
    "投资额无需更正",
    "未发现投资额有误",
    "两个项目申报成功",
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
    "情况不属实",
    "经核实情况不属实",
    "本次有误",
    "该指标数据有误",
    "投资额有误",
    "投资额有误，尚未更正",
    "10月数有误",
    "请改为12.5",
    "现改为12.5",
    "请按12.5更正",
    "请办公室更正为12.5",
    "本期应为51.04",
    "上期数有误，本期应为51.04",
    "累计数应为12.5",
    "实际完成应为12.5",
    "投资额应为亿元",
    "应是3家",
    "数据正在核实中",
    "把万元填成亿元了",
    "属实，请改为12.5",
    "属实，单位应为万元",
    "统计口径有误",
    "非税收入有误",
    "投资额有误，去年同期为3亿元",
    "万元填成了亿元",
    "误填上月数",
    "填成上月数了",
]
OTHERWISE = [
    "口径不同",
    "口径不同：含未公布数",
    "口径不同，上期有误",
    "统计口径调整",
    "按新口径统计",
    "统计口径改为全口径",
]


@pytest.mark.parametrize("said", RIGHT)
def test_who_says_that_a_value_is_right_or_why_it_is_confirms_it_whatever_was_wrong_before(said: str) -> None:
    assert answer_in(said) is QuestionState.TRUE


@pytest.mark.parametrize("said", WRONG)
def test_who_says_in_whatever_words_that_a_value_is_wrong_does_not_confirm_it(said: str) -> None:
    assert answer_in(said) is QuestionState.CORRECTED


@pytest.mark.parametrize("said", OTHERWISE)
def test_who_counts_otherwise_says_so_by_the_scope(said: str) -> None:
    assert answer_in(said) is QuestionState.SCOPE


@pytest.mark.parametrize(
    "word",
    [
        "本单位",
        "数据",
        "该数据",
        "数值",
        "指标值",
        "填报",
        "填报数据",
        "填报数值",
        "本期数据",
        "经核实",
        "核实后",
        "确认",
        "系是为",
        "属实",
    ],
)
@pytest.mark.parametrize("end", ["x", "属", "应"])
def test_a_word_over_and_over_is_read_at_once(word: str, end: str) -> None:
    said = (word * 60)[:59] + end
    answer_in(said)
    start = process_time()
    answer_in(said)
    assert process_time() - start < 0.05
