"""Figures that are not for all where units quote them: named, rounded, in another scale, as a rate or as a rank."""

from dataclasses import replace

import pytest

from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.plan_schema import shipped_plan
from tenproj_xl.rollup.facts.quoted_figures import QuotedFigures

CLOSED = {
    "Z01-02": (29.94,),  # 重大项目当年完成投资, 亿元
    "Z01-04": (815.84,),  # 固定资产投资, 亿元
    "Z03-04": (88.17, 92.48),  # 技术交易总额, 亿元
    "Z04-01": (2026.11,),  # 服务业增加值, 亿元
    "Z09-06": (5.0,),  # 建设110kV变电站数, 座
    "Z10-18": (15400.0,),  # 最低生活保障标准年人均, 元
}


@pytest.fixture(scope="module")
def quoted() -> QuotedFigures:
    plan, _ = read_plan(shipped_plan(), "")
    assert plan is not None
    closed = ((one, CLOSED[one.code]) for one in plan.indicators if one.code in CLOSED)
    return QuotedFigures(plan, closed)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("技术交易总额达924800万元", "技术交易总额达（数值略）万元"),
        (
            "技术交易总额约92亿元，完成2025年目标的115.6%，居全市第3",
            "技术交易总额约（数值略）亿元，完成2025年目标的（数值略）%，居全市第（数值略）",
        ),
        (
            "技术交易总额92.5亿元，为目标80亿元的1.16倍",
            "技术交易总额（数值略）亿元，为目标（数值略）亿元的（数值略）倍",
        ),
        ("“技术 交易总额”再创新高，全市第一", "“技术 交易总额”再创新高，全市第（数值略）"),
        (
            "技术交易总额突破九十二亿元，为目标的百分之一百一十五，翻一番",
            "技术交易总额突破（数值略）亿元，为目标的百分之（数值略），翻（数值略）番",
        ),
        ("技术交易总额下降-3%，占全市85—90%", "技术交易总额下降（数值略）%，占全市（数值略）—（数值略）%"),
        ("服务业增加值2026.11亿元", "服务业增加值（数值略）亿元"),
        ("建设110kV变电站数达6座", "建设110kV变电站数达（数值略）座"),
        ("建设110kV变电站数达五座", "建设110kV变电站数达（数值略）座"),
        ("z03-04同比下降21.3%，居全市第七", "z03-04同比下降（数值略）%，居全市第（数值略）"),
        ("技术交易总额完成率达六成五", "技术交易总额完成率达（数值略）"),
        ("技术交易总额低于目标近一半", "技术交易总额低于目标近（数值略）"),
        ("技术交易总额完成三分之二，实现翻番", "技术交易总额完成（数值略），实现（数值略）"),
        ("技术交易总额居全市首位，超百亿元", "技术交易总额居全市（数值略），超（数值略）亿元"),
        (
            "技术交易总额突破六十大关，由第五升至第三的位置，前移两位",
            "技术交易总额突破（数值略）大关，由第（数值略）升至第（数值略）的位置，前移（数值略）位",
        ),
        ("技术交易总额三季度新增二十家", "技术交易总额三季度新增（数值略）家"),
    ],
)
def test_a_sentence_that_names_such_an_indicator_has_no_number_left(
    quoted: QuotedFigures, said: str, shown: str
) -> None:
    assert quoted.left_out_of(said) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("成交额突破92亿元，同比增长21.3%", "成交额突破（数值略）亿元，同比增长（数值略）%"),
        ("完成９２．４８亿元", "完成（数值略）亿元"),
        ("累计成交92亿多元，居全市第2", "累计成交（数值略）亿多元，居全市第（数值略）"),
        ("近30亿元资金到位", "近（数值略）亿元资金到位"),
        ("投资超810亿元", "投资超（数值略）亿元"),
        ("完成8158400万元", "完成（数值略）万元"),
        ("标准提高到1.54万元", "标准提高到（数值略）万元"),
        ("同比多92.48", "同比多（数值略）"),
        ("成交额突破九十二亿元", "成交额突破（数值略）亿元"),
        ("成交九十二点四八亿元、92点48亿元", "成交（数值略）亿元、（数值略）亿元"),
    ],
)
def test_a_figure_is_known_rounded_and_in_another_scale_where_nothing_names_it(
    quoted: QuotedFigures, said: str, shown: str
) -> None:
    assert quoted.left_out_of(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "截至2026年10月技术交易总额稳步增长",
        "技术交易总额1-9月、11月5日、三季度、2026.11.5均有通报，见杭政办〔2023〕12号",
        "R03-01已列入技术交易总额专题",
        "服务业增加值占国内生产总值比重达60.5%",
        "全社会研究与试验发展经费支出45.2亿元，同比增长8%，居全市第二",
        "投资35亿元的项目开工",
        "工程款92万元已支付，新增企业92家",
        "召开推进会3次，竣工4座桥梁",
        "建设5座公厕，服务居民500人，审批时间压缩13%",
        "第十四个五年规划、前三季度、十四五期间、一体化推进",
        "技术交易总额贯彻二十大精神，十四五期间前三季度进一步提升，组成一批专班",
    ],
)
def test_dates_names_and_other_figures_stay(quoted: QuotedFigures, said: str) -> None:
    assert quoted.left_out_of(said) == said
    assert not quoted.are_in(said)


def test_other_sentences_of_the_text_stay_as_they_are(quoted: QuotedFigures) -> None:
    said = "召开对接会12场；技术交易总额增长21.3%。签约8个项目。\n新增用地3.5亩"
    assert quoted.left_out_of(said) == said.replace("21.3", "（数值略）")
    assert quoted.are_in(said)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "技术交易总额完成60亿元；同比下降21.3%，居全市第7。",
            "技术交易总额完成（数值略）亿元；同比下降（数值略）%，居全市第（数值略）。",
        ),
        (
            "技术交易总额再创新高。同比增长21.3%，居全市第3。",
            "技术交易总额再创新高。同比增长（数值略）%，居全市第（数值略）。",
        ),
        ("技术交易总额再创新高；比上年前移3位", "技术交易总额再创新高；比上年前移（数值略）位"),
        ("完成92亿元。开会3次。增长两成", "完成（数值略）亿元。开会3次。增长（数值略）"),
        (
            "技术交易总额稳步增长；比去年多5.2亿元；签约8家",
            "技术交易总额稳步增长；比去年多（数值略）亿元；签约8家",
        ),
    ],
)
def test_rates_ranks_and_sums_in_the_sentences_behind_are_of_the_same_indicator(
    quoted: QuotedFigures, said: str, shown: str
) -> None:
    assert quoted.left_out_of(said) == shown
    assert quoted.are_in(said)


def test_behind_the_name_of_another_indicator_rates_are_of_that(quoted: QuotedFigures) -> None:
    said = "技术交易总额稳步增长。全社会研究与试验发展经费支出45.2亿元。同比增长8%，居全市第二"
    assert quoted.left_out_of(said) == said


@pytest.mark.parametrize(
    "said", ["新建3个口袋公园", "协调会开3个小时", "审批时间压缩13%", "满意率提高12%", "服务企业120家"]
)
def test_a_small_count_or_a_round_per_cent_stands_for_anything(said: str) -> None:
    plan, _ = read_plan(shipped_plan(), "")
    assert plan is not None
    (one, other, third) = plan.indicators[:3]
    closed = (
        (replace(one, unit="个"), (3.0,)),
        (replace(other, unit="%"), (12.4,)),
        (replace(third, unit="家"), (118.0,)),
    )
    few = QuotedFigures(plan, closed)
    assert not few.are_in(said)
    assert few.are_in(f"{one.name}：{said}")
    assert few.are_in("达到12.4%")
    assert few.are_in("新增企业一百一十八家")
