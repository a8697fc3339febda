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
        "总投资305000000元",
        "手机产量1234567部",
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
        "电话：0571-88259503 转 8012",
        "电话：（0571）88259503转8012，138 0000 1111",
    ],
)
def test_dates_phones_codes_and_numbers_of_papers_are_none(text: str) -> None:
    assert not holds_figure(text)


OURS = "2026年第49期（11月30日—12月6日）填报表：请填报〔2026-W49-03-1〕"


@pytest.mark.parametrize(
    "before",
    [
        "",
        "Re: ",
        "RE：",
        "回复: ",
        "回复：",
        "答复: ",
        "Re: Re: ",
        "Re:Re:",
        "[外部邮件] Re: ",
        "【外部】回复：",
    ],
)
def test_the_subject_of_a_letter_of_ours_says_nothing_however_it_is_answered(before: str) -> None:
    assert said_in_mail(f"{before}{OURS}", ["\n"]) == ""


@pytest.mark.parametrize("ours", [OURS, OURS.replace("〔", "[").replace("〕", "]"), OURS.replace("-", "－")])
def test_what_is_added_to_our_subject_is_said(ours: str) -> None:
    assert said_in_mail(f"Re: {ours} 目标改为35亿元", []) == "目标改为35亿元"


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (f"Re: {OURS}，装机应为35 mW，请更正", "装机应为35 mW，请更正"),
        (f"Re: {OURS.replace('03-1', '03- 1')}：装机35 mW", "装机35 mW"),
        (f"Re: {OURS.replace('W49', 'w49')} Z01-02属实", "Z01-02属实"),
        ("技术交易总额更正为11.1亿元〔2026-W48-03-2〕", "技术交易总额更正为11.1亿元"),
        ("技术交易总额（２０２６－Ｗ４８－０３－２）应为１１.１亿元", "技术交易总额；应为１１.１亿元"),
        ("2026-W48-03-2：应为11.1亿元", "应为11.1亿元"),
        ("\u200b2026-W48-\u200b03-2 35 mW", "35 mW"),
    ],
)
def test_what_is_said_around_our_reference_is_told_as_it_is_written(subject: str, said: str) -> None:
    assert said_in_mail(subject, []) == said


def test_the_subject_of_any_other_mail_that_is_answered_says_nothing_either() -> None:
    assert said_in_mail("转发: 目标值35亿元的表", []) == ""


@pytest.mark.parametrize("subject", ["Z01-02应为30.12亿元", "应为30.12亿元（2026-11-30）"])
def test_a_subject_of_the_senders_own_is_said(subject: str) -> None:
    assert said_in_mail(subject, []) == subject


@pytest.mark.parametrize(
    "words",
    [
        "请查收。",
        "您好！\n填报表见附件，请查收，谢谢！\n张三\n0571-88880000",
        "各位领导好：\n现报送第48期填报表。\n此致\n敬礼\n区科技局 李四\n2026年11月26日",
        "附件请审阅。\n发自我的iPhone",
        "见附件\n\n张三\n电话：0571-88259503 转 8012",
        "见附件\n科技局 李四 科长\n88259503 13857112233",
        "见附件\n欧阳明 88259503，短号661234",
        "见附件\n手机：13857112233\n2026.11.26",
    ],
)
def test_courtesies_and_signatures_say_nothing(words: str) -> None:
    assert said_in_mail("第48期填报表", [words]) == ""


@pytest.mark.parametrize(
    "begins",
    [
        "-----原始邮件-----\n发件人: 总专班办公室",
        "------------------\u00a0原始邮件\u00a0------------------",
        "-----邮件原件-----",
        "发件人： 总专班办公室",
        '在 2026-11-30 09:00:00，"office" <office@example.com> 写道：',
        "总专班办公室 <office@example.com> 于2026年11月30日周一 09:00写道：",
        "2026年11月30日 上午9:00，总专班办公室 写道：\n",
        "On Nov 30, 2026, at 9:00 AM, office <office@example.com> wrote:\n",
        "On Mon, Nov 30, 2026 at 9:00 AM office <\noffice@example.com> wrote:\n",
        "于 2026/11/30 9:00, office 写道:",
        "> 目标35亿元",
    ],
)
def test_the_mail_that_is_answered_is_not_said_by_who_answers_it(begins: str) -> None:
    assert said_in_mail("", [f"请查收\n\n{begins}\n目标35亿元，应为30.12亿元"]) == ""
    assert said_in_mail("", [f"已停工。\n{begins}\n目标35亿元"]) == "已停工。"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("请查收。总投资应为30.12亿元。", "总投资应为30.12亿元。"),
        ("本期无更新", "本期无更新"),
        ("您好，\n老旧小区改造已停工，请领导协调。\n谢谢", "老旧小区改造已停工，请领导协调。"),
        ("领导批示写道：\n目标改为35亿元", "领导批示写道：目标改为35亿元"),
        ("答复如下：目标改为35亿元", "答复如下：目标改为35亿元"),
        ("贵办2026年11月27日来信写到：\n实为30.5亿元", "贵办2026年11月27日来信写到：实为30.5亿元"),
        ("2026年11月27日的表里我们写道：\n30.5亿元", "2026年11月27日的表里我们写道：30.5亿元"),
        ("您好：\n>500万元的项目应为3个", ">500万元的项目应为3个"),
        ("您好：\n投资额305000000\n张三", "投资额305000000"),
        ("您好：\n投资额12345678\n张三", "投资额12345678"),
        ("您好：\n总产值 112000000\n张三", "总产值 112000000"),
        ("您好：\n项目 12345678", "项目 12345678"),
        ("您好：\n总投资\n30.5\n谢谢", "总投资；30.5"),
        ("您好：\n手机产量1234567部", "手机产量1234567部"),
        ("您好：\n是的，属实", "是的，属实"),
    ],
)
def test_what_is_left_is_said(words: str, said: str) -> None:
    assert said_in_mail("", [words]) == said


def test_subject_and_text_are_parted_and_what_a_page_repeats_is_said_once() -> None:
    assert said_in_mail("本期情况", ["请问填什么", "请问填什么"]) == "本期情况；请问填什么"
