"""The passages that letters are made of: on which occasion each is written, its fields, and its default text.

The office edits the texts in 信函.xlsx; the occasions and their fields are declared here, once.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass


class Occasion(LabelledCode):
    """When a passage is written; the order is that of 信函.xlsx."""

    SUBJECT = "subject", "邮件主题"
    HEAD = "head", "抬头"
    ONE_MATTER = "one_matter", "开头（一件事）"
    SEVERAL_MATTERS = "several_matters", "开头（几件事）"
    FORMS_OUT = "forms_out", "下发填报表"
    FORMS_OUT_LATE = "forms_out_late", "下发填报表（截止后）"
    ACCEPTED = "accepted", "已接收"
    ACCEPTED_TO_LOOK_AT = "accepted_to_look_at", "已接收，请核对"
    ACCEPTED_QUESTIONS = "accepted_questions", "已接收，有疑问"
    ACCEPTED_OWING = "accepted_owing", "已接收，请补报"
    TO_CORRECT = "to_correct", "请更正"
    TO_CORRECT_WHOLE = "to_correct_whole", "请更正（整份）"
    TO_CONFIRM = "to_confirm", "请核对后发回"
    STILL_TO_CORRECT = "still_to_correct", "此前的还待更正"
    OTHER_PERIOD = "other_period", "期次不符"
    REFUSED = "refused", "未接收"
    NOT_USED = "not_used", "没有采用"
    SCAN_ALONE = "scan_alone", "只有扫描件"
    WORDS_RECORDED = "words_recorded", "意见已录入"
    NO_NEW_WORDS = "no_new_words", "没有新的意见"
    BEFORE_DEADLINE = "before_deadline", "催报（截止前）"
    ON_DEADLINE = "on_deadline", "催报（截止当日）"
    AFTER_DEADLINE = "after_deadline", "催报（截止后）"
    STILL_REFUSED = "still_refused", "催报（此前未接收）"
    ESCALATION = "escalation", "催报升级（告知牵头单位）"
    RETURNED_BY_LEAD = "returned_by_lead", "牵头单位退回"
    LEAD_CHECK = "lead_check", "专班核对稿"
    SCORE_CHECK = "score_check", "得分核对稿"
    SLIPS_OUT = "slips_out", "督办单"
    SLIPS_OVERDUE = "slips_overdue", "督办单逾期未反馈"
    SLIPS_ANSWERED = "slips_answered", "督办单反馈已登记"
    DECISIONS = "decisions", "审定结果"
    SIGNED_OFF = "signed_off", "审定结果（同意销号）"
    SENT_BACK = "sent_back", "审定结果（退回整改）"
    REOPENED = "reopened", "审定结果（重新挂账）"
    DECIDED_ELSE = "decided_else", "审定结果（其他）"
    FROM_UNKNOWN = "from_unknown", "来件地址未登记"
    HOW_TO_ANSWER = "how_to_answer", "疑问怎样答复"
    ATTACHMENTS = "attachments", "附件怎样更正"
    CORRECT_BY = "correct_by", "更正时限（截止前）"
    CORRECT_AT_ONCE = "correct_at_once", "更正时限（截止后）"
    SIGNATURE = "signature", "落款"
    GROUP_NAMED = "group_named", "工作群通报（点名）"
    GROUP_UNNAMED = "group_unnamed", "工作群通报（不点名）"
    GROUP_ALL_IN = "group_all_in", "工作群通报（已报齐）"


DEADLINE = "截止时间"
COMMON = ("单位", "期", DEADLINE, "渠道", "办公室", "联系方式")
"""The fields that every passage of a letter to a unit may have."""


@dataclass(frozen=True)
class Passage:
    """One passage as declared: `when` it is written, its own fields, and those that it cannot do without."""

    default: str
    when: str
    _: KW_ONLY
    own: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    is_for_group: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields that may stand in it."""
        if self.is_for_group:
            return self.own
        return tuple(dict.fromkeys((*self.own, *COMMON)))


_LISTS = "\n\n请更正：\n{更正清单}\n\n另请核对：\n{核对清单}"
_TO_LOOK_AT = "\n已录入{录入情况}。\n\n请核对：\n{核对清单}"
_OF_RETURN = ("填报表", "文件", "处数", "录入情况", "待计入的行", "更正清单", "核对清单")
_OF_FORMS_OUT = ("填报表", "文件", "示例", "新情况")
_OF_FORMS = ("填报表", "文件", "截止时刻")
_NIL = "本期确无更新的，请在“填报说明”的“零报告”处选“是”后发回。"
_OF_DECISION = ("问题", "审定", "日期", "理由")
_OF_GROUP = ("期", "应报数", "已报数", "未报数", "截止时间", "渠道", "办公室", "联系方式")

PASSAGES: Mapping[Occasion, Passage] = {
    Occasion.SUBJECT: Passage(
        "{期}填报表：{事由}", "用邮件发信时的主题；事由如“请更正、督办单”", own=("事由",), needs=("事由",)
    ),
    Occasion.HEAD: Passage(
        "{称呼}：\n联络员：{联络员}",
        "每封信的开头。称呼是单位；来件写明了填报人的，连同填报人",
        own=("称呼", "联络员"),
    ),
    Occasion.ONE_MATTER: Passage(
        "您好！{正文}", "信里只有一件事时，正文怎样开头", own=("正文",), needs=("正文",)
    ),
    Occasion.SEVERAL_MATTERS: Passage(
        "您好！以下事项，请贵单位逐条办理，谢谢！", "信里有几件事时写在前面，下面按一、二、三分列"
    ),
    Occasion.FORMS_OUT: Passage(
        "{填报表}请查收，见附件{文件}。\n"
        f"请填好黄色单元格，于{{截止时间}}前用{{渠道}}发回；{_NIL}谢谢！\n"
        "填法可看“{示例}”。\n\n"
        "本期请留意：\n{新情况}",
        "下发填报表时，一个单位的几份表写在一起；新情况是销号、督办决定、请确认的代录等",
        own=_OF_FORMS_OUT,
        needs=("文件",),
    ),
    Occasion.FORMS_OUT_LATE: Passage(
        "{填报表}请查收，见附件{文件}。\n"
        "报送截止时间（{截止时间}）已过，请尽快填好黄色单元格，用{渠道}发回，暂时报不了的请来电说明；"
        f"{_NIL}谢谢！\n"
        "填法可看“{示例}”。\n\n"
        "本期请留意：\n{新情况}",
        "截止以后才下发填报表时",
        own=_OF_FORMS_OUT,
        needs=("文件",),
    ),
    Occasion.ACCEPTED: Passage(
        "贵单位报送的{填报表}已接收，谢谢！\n已录入{录入情况}。",
        "来件没有要核对的；零报告的，录入情况写“零报告”",
        own=_OF_RETURN,
    ),
    Occasion.ACCEPTED_TO_LOOK_AT: Passage(
        "贵单位报送的{填报表}已接收，谢谢！有{处数}处请贵单位核对，没有问题的不必回复。" + _TO_LOOK_AT,
        "来件已计入，有提示",
        own=_OF_RETURN,
        needs=("核对清单",),
    ),
    Occasion.ACCEPTED_QUESTIONS: Passage(
        "贵单位报送的{填报表}已接收，谢谢！有{处数}处请贵单位核对。" + _TO_LOOK_AT,
        "来件已计入，有疑问；怎样答复写在信末",
        own=_OF_RETURN,
        needs=("核对清单",),
    ),
    Occasion.ACCEPTED_OWING: Passage(
        "贵单位报送的{填报表}已接收，谢谢！有{处数}处请贵单位核对、补报。" + _TO_LOOK_AT,
        "来件已计入，有应报未报的",
        own=_OF_RETURN,
        needs=("核对清单",),
    ),
    Occasion.TO_CORRECT: Passage(
        "贵单位报送的{填报表}有{处数}处须更正，没有错误的行已接收，不必重填。\n"
        "{待计入的行}待贵单位更正发回后计入。" + _LISTS,
        "来件有错误，错误的行不计入",
        own=_OF_RETURN,
        needs=("更正清单", "核对清单"),
    ),
    Occasion.TO_CORRECT_WHOLE: Passage(
        "贵单位报送的{填报表}有{处数}处须更正，待贵单位更正发回后一并计入。" + _LISTS,
        "“收取方式”为整份收取，来件有错误",
        own=_OF_RETURN,
        needs=("更正清单", "核对清单"),
    ),
    Occasion.TO_CONFIRM: Passage(
        "贵单位报送的{填报表}有{处数}处需要核对后发回，没有错误的行已接收，不必重填。\n"
        "{待计入的行}待贵单位更正发回后计入。\n\n请核对：\n{核对清单}",
        "来件没有错误，但有须核对后发回的",
        own=_OF_RETURN,
        needs=("核对清单",),
    ),
    Occasion.STILL_TO_CORRECT: Passage(
        "贵单位此前报送的{填报表}（{文件}）还有须更正的，{待计入的行}没有计入，后来报来的也没有填。"
        "请按退回的更正表改好后发回；不需要报的，请把那一行清空后发回。",
        "此前来件的错误还没有更正，后来又报来另一半、零报告，或那一行空着的填报表",
        own=("填报表", "文件", "待计入的行"),
        needs=("待计入的行",),
    ),
    Occasion.OTHER_PERIOD: Passage(
        "贵单位发来的是{原期}的填报表，本次应报{填报表}；填的内容已搬到附件，请逐项核对、补充。" + _LISTS,
        "用以前某一期的填报表报了本期",
        own=(*_OF_RETURN, "原期"),
        needs=("更正清单", "核对清单"),
    ),
    Occasion.REFUSED: Passage(
        "贵单位发来的{填报表}未接收。\n\n原因和办法：\n{更正清单}\n\n另请核对：\n{核对清单}",
        "来件不能接收；不是填报表的，填报表一栏写文件名",
        own=_OF_RETURN,
        needs=("更正清单", "核对清单"),
    ),
    Occasion.NOT_USED: Passage(
        "贵单位发来的{填报表}（{文件}）没有采用，仍按已接收的一份计。\n\n请核对：\n{核对清单}",
        "比已接收的旧，是否采用有疑问",
        own=_OF_RETURN,
        needs=("核对清单",),
    ),
    Occasion.SCAN_ALONE: Passage(
        "已收到盖章扫描件“{文件}”，请再发送填报表电子表格（.xlsx）。报送截止时间是{截止时间}，谢谢！",
        "只来了盖章扫描件，没有电子表格",
        own=_OF_RETURN,
    ),
    Occasion.WORDS_RECORDED: Passage(
        "贵单位发来的{稿名}“{文件}”已收到，录入{录入情况}，谢谢。"
        "\n\n原因和办法：\n{更正清单}\n\n请核对：\n{核对清单}",
        "收到专班核对稿、得分核对稿、督办单反馈",
        own=(*_OF_RETURN, "稿名"),
        needs=("更正清单", "核对清单"),
    ),
    Occasion.NO_NEW_WORDS: Passage(
        "贵单位发来的{稿名}“{文件}”已收到，没有录入新的意见。"
        "\n\n原因和办法：\n{更正清单}\n\n请核对：\n{核对清单}",
        "收到的专班核对稿、得分核对稿、督办单反馈里没有新填的",
        own=(*_OF_RETURN, "稿名"),
        needs=("更正清单", "核对清单"),
    ),
    Occasion.BEFORE_DEADLINE: Passage(
        f"贵单位的{{填报表}}尚未收到，报送截止时间是{{截止时间}}。\n请填好{{文件}}后发回；{_NIL}谢谢！",
        "截止日以前催报；随汇总生成的催报信也用这一条",
        own=_OF_FORMS,
        needs=("填报表",),
    ),
    Occasion.ON_DEADLINE: Passage(
        f"贵单位的{{填报表}}尚未收到，今天{{截止时刻}}截止。\n请抓紧填好{{文件}}后发回；{_NIL}谢谢！",
        "截止当天催报",
        own=_OF_FORMS,
        needs=("填报表",),
    ),
    Occasion.AFTER_DEADLINE: Passage(
        "贵单位的{填报表}尚未收到，报送截止时间（{截止时间}）已过。\n"
        f"请尽快填好{{文件}}后发回，暂时报不了的请来电说明；{_NIL}谢谢！",
        "截止以后催报",
        own=_OF_FORMS,
        needs=("填报表",),
    ),
    Occasion.STILL_REFUSED: Passage(
        "贵单位此前发来的{填报表}未接收，请按当时告知的办法改好后重新发回，谢谢！",
        "来件未接收、还没有重报的",
        own=_OF_FORMS,
        needs=("填报表",),
    ),
    Occasion.ESCALATION: Passage(
        "{专班}{期}填报表，还有{家数}家单位没有报来，报送截止时间（{截止时间}）已过。"
        "请贵单位作为牵头单位督促以下单位尽快报送，谢谢！\n{未报清单}",
        "截止以后告知牵头单位：专班里哪些单位、哪些行没有报来",
        own=("专班", "家数", "未报清单"),
        needs=("未报清单",),
    ),
    Occasion.RETURNED_BY_LEAD: Passage(
        "{专班}牵头单位{牵头单位}核对后，退回贵单位填报的以下{行数}行，"
        "没有计入；请在填报表中更正后重新报送：\n{退回清单}",
        "牵头单位在专班核对稿里退回了单位填的行",
        own=("专班", "牵头单位", "行数", "退回清单"),
        needs=("退回清单",),
    ),
    Occasion.LEAD_CHECK: Passage(
        "请贵单位核对{专班}各单位报来的内容：附件“{文件}”有{行数}行，其中{待核对}行待核对。"
        "请在“牵头单位意见”选同意或退回，退回的写明理由，于{截止时间}前发回（已过的请尽快）；{怎样计入}。",
        "请牵头单位核对专班核对稿",
        own=("专班", "文件", "行数", "待核对", "怎样计入"),
        needs=("文件",),
    ),
    Occasion.SCORE_CHECK: Passage(
        "{专班}{得分所属期}{得分情况}，见附件“{文件}”。对扣分有异议的，请在附件黄色的“异议”栏选有异议，"
        "写明理由，于{异议期}前发回；没有异议的不必发回。",
        "请牵头单位核对得分",
        own=("专班", "得分所属期", "得分情况", "文件", "异议期"),
        needs=("文件",),
    ),
    Occasion.SLIPS_OUT: Passage(
        "以下{件数}件事项已列入督办，督办单见附件{文件}。"
        "请于反馈时限前填写“督办单反馈”表的“办理情况”栏发回：\n{督办清单}",
        "发督办单",
        own=("件数", "文件", "督办清单"),
        needs=("督办清单",),
    ),
    Occasion.SLIPS_OVERDUE: Passage(
        "贵单位有{件数}件督办单逾期未反馈，请尽快填写“督办单反馈”表的“办理情况”栏发回，"
        "或在填报表这一项的进展、滞后原因、下一步举措中写明：\n{督办清单}",
        "督办单过了反馈时限还没有反馈",
        own=("件数", "督办清单"),
        needs=("督办清单",),
    ),
    Occasion.SLIPS_ANSWERED: Passage(
        "贵单位对督办单{督办单}的反馈已登记，谢谢！", "填报表里的内容已算作督办单反馈", own=("督办单",)
    ),
    Occasion.DECISIONS: Passage(
        "贵单位有{件数}个问题的审定结果已登记：\n{审定清单}",
        "销号审定以后告知单位，各个问题照下面几条逐条写",
        own=("件数", "审定清单"),
        needs=("审定清单",),
    ),
    Occasion.SIGNED_OFF: Passage(
        "{问题}：{日期}审定，{审定}，下期起不再列入填报表。\n审核意见：{理由}",
        "审定结果里的一条",
        own=_OF_DECISION,
        needs=("问题", "审定"),
    ),
    Occasion.SENT_BACK: Passage(
        "{问题}：{日期}审定，{审定}。\n原因：{理由}\n"
        "请整改到位后，在填报表“当前状态”重新选“申请销号”，并写明佐证材料。",
        "审定结果里的一条",
        own=_OF_DECISION,
        needs=("问题", "审定", "理由"),
    ),
    Occasion.REOPENED: Passage(
        "{问题}：{日期}审定，{审定}。\n原因：{理由}\n下期起仍列入填报表，请继续整改并报送进展。",
        "审定结果里的一条",
        own=_OF_DECISION,
        needs=("问题", "审定", "理由"),
    ),
    Occasion.DECIDED_ELSE: Passage(
        "{问题}：{日期}审定，{审定}。\n审核意见：{理由}",
        "审定结果里的一条：延期、层级、协调、变更等",
        own=_OF_DECISION,
        needs=("问题", "审定"),
    ),
    Occasion.FROM_UNKNOWN: Passage(
        "“{文件}”是以贵单位名义从{来件地址}发来的。不是贵单位发的，请尽快与{办公室}联系；"
        "以后常用这个地址的，也请告知，以便登记。",
        "来件的邮箱地址没有登记在通讯录，告知登记的联络员",
        own=("文件", "来件地址"),
        needs=("来件地址",),
    ),
    Occasion.HOW_TO_ANSWER: Passage(
        "疑问属实的，请在该行“核实说明”选“属实”并写明原因，有误的请更正，随下期填报表报来即可；"
        "到下期报送截止未回复的，按属实处理。",
        "信里有疑问，可以在表里那一行答复时",
    ),
    Occasion.ATTACHMENTS: Passage(
        "{附件}\n第一张“修改清单”列出每一处，点单元格可直接跳转；改好后直接发回这份附件，不用重新填表。",
        "附有请更正的表时",
        own=("附件",),
        needs=("附件",),
    ),
    Occasion.CORRECT_BY: Passage(
        "报送截止时间是{截止时间}，请尽快更正后发回，谢谢！", "截止前来的件须更正、未接收时"
    ),
    Occasion.CORRECT_AT_ONCE: Passage(
        "报送截止时间（{截止时间}）已过，请尽快更正后发回，谢谢！", "截止后来的件须更正、未接收时"
    ),
    Occasion.SIGNATURE: Passage("{办公室}\n联系方式：{联系方式}", "每封信的末尾"),
    Occasion.GROUP_NAMED: Passage(
        "各单位：\n{期}填报表应报{应报数}家，已报{已报数}家，未报{未报数}家；报送截止时间是{截止时间}。\n"
        "已报：{已报单位}。谢谢！\n未报：{未报单位}。请尽快填好，用{渠道}发回；确无更新的，请作零报告。\n"
        "{办公室}\n联系方式：{联系方式}",
        "发到工作群，写明谁报了、谁没有报",
        own=(*_OF_GROUP, "已报单位", "未报单位"),
        needs=("未报单位",),
        is_for_group=True,
    ),
    Occasion.GROUP_UNNAMED: Passage(
        "各单位：\n{期}填报表应报{应报数}家，已报{已报数}家，还有{未报数}家未报；报送截止时间是{截止时间}。\n"
        "请未报的单位尽快填好，用{渠道}发回；确无更新的，请作零报告。谢谢！\n{办公室}\n联系方式：{联系方式}",
        "发到工作群，只写家数，不写是谁",
        own=_OF_GROUP,
        is_for_group=True,
    ),
    Occasion.GROUP_ALL_IN: Passage(
        "各单位：\n{期}填报表应报的{应报数}家已全部报送，谢谢各单位！\n{办公室}\n联系方式：{联系方式}",
        "发到工作群，已经报齐",
        own=_OF_GROUP,
        is_for_group=True,
    ),
}
