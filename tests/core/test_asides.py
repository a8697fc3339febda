"""Asides: which numbers beside a form may be figures, and what a mail says beside courtesies."""

import pytest

from tenproj_xl.core.asides import holds_figure, said_in_mail


@pytest.mark.parametrize(
    "text",
    [
        "实为30.12，请以此为准",
        "R01-03：完成36个小区改造",
        "含省属项目120亿元",
        "应为5978万元",
        "完成率85%",
        "改为12",
        "11月实际完成3.2亿元",
    ],
)
def test_a_number_may_be_a_figure(text: str) -> None:
    assert holds_figure(text)


@pytest.mark.parametrize(
    "text",
    [
        "其实已经停工",
        "请于11月27日前反馈",
        "联系电话0571-88880000",
        "手机13800001111",
        "见第48期填报表",
        "2026年度口径",
        "Z01-05含省属项目",
        "杭政办〔2026〕12号",
        "附件1",
        "2026-11-27 10:30 已核",
        "1、已停工；2、待协调",
    ],
)
def test_dates_phones_codes_and_numbers_of_papers_are_none(text: str) -> None:
    assert not holds_figure(text)


@pytest.mark.parametrize(
    "words",
    [
        "请查收。",
        "您好！\n填报表见附件，请查收，谢谢！\n张三\n0571-88880000",
        "各位领导好：\n现报送第48期填报表。\n此致\n敬礼\n区科技局 李四\n2026年11月26日",
        "Re: 第48期填报表\n附件请审阅。\n发自我的iPhone",
        "请查收\n-----原始邮件-----\n发件人: 总专班办公室\n应为30.12亿元",
    ],
)
def test_courtesies_signatures_and_the_mail_that_is_answered_say_nothing(words: str) -> None:
    assert said_in_mail(words) == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("请查收。总投资应为30.12亿元。", "总投资应为30.12亿元。"),
        ("本期无更新", "本期无更新"),
        ("您好，\n老旧小区改造已停工，请领导协调。\n谢谢", "老旧小区改造已停工，请领导协调。"),
    ],
)
def test_what_is_left_is_said(words: str, said: str) -> None:
    assert said_in_mail(words) == said
