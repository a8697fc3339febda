"""The catalogue of findings: every rule with its code, severity, wording and reason."""

from enum import Enum, StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """What follows from a finding: an error keeps the row (or the file) out, the others only ask for a look."""

    ERROR = "error"
    WARNING = "warning"
    QUESTION = "question"
    EXEMPT = "exempt"
    """Excused by a line of the settings: kept on record, asked of nobody."""

    @property
    def label(self) -> str:
        """What people call it."""
        return _SEVERITY_LABELS[self]


_SEVERITY_LABELS = {
    Severity.ERROR: "错误",
    Severity.WARNING: "提示",
    Severity.QUESTION: "疑问",
    Severity.EXEMPT: "已豁免",
}


class Rule(NamedTuple):
    """One kind of finding: `code` for machines, `title` for lists, `text` with named places for the message.

    `why` tells people why it is asked and what follows. The severity of a `fixed` rule cannot be set: another one would
    make no sense, as of a file that cannot be read.
    """

    code: str
    severity: Severity
    title: str
    text: str
    why: str = ""
    fixed: bool = False


_E, _W, _Q = Severity.ERROR, Severity.WARNING, Severity.QUESTION


class Code(Enum):
    """The catalogue. Order is the order of the gates, and of what is shown first."""

    # --- can it be read?
    FILE_EMPTY = Rule(
        "file_empty",
        _E,
        "空文件",
        "文件是空的（0字节），可能没有传完，请重新发送。",
        "附件没有传完，里面没有任何内容可收；整份等重新发送。",
        fixed=True,
    )
    FILE_TRUNCATED = Rule(
        "file_truncated",
        _E,
        "文件损坏",
        "文件不完整或已损坏，打不开，请在WPS或Excel中另存为.xlsx后重新发送。",
        "文件缺了一截，读出来的数可能不对，宁可不收；整份等重新发送。",
        fixed=True,
    )
    FILE_ENCRYPTED = Rule(
        "file_encrypted",
        _E,
        "文件加密",
        "文件设了打开密码，请取消密码后重新发送，或将打开密码告知总专班办公室。",
        "不知道密码就看不到内容；办公室可将常用密码登记在设置的“打开密码”表，登记后自动打开。",
        fixed=True,
    )
    FILE_KIND = Rule(
        "file_kind",
        _E,
        "不是表格文件",
        "这是{found}，不是可以读取的表格，请发送填好的填报表（.xlsx）。",
        "图片、扫描件和文档里的数要靠人重新录入，容易出错；只收填报表本身。",
        fixed=True,
    )
    FILE_LIMITS = Rule(
        "file_limits",
        _E,
        "文件异常",
        "{found}，超出正常填报表的范围，未予读取；请用原填报表重新填写后发送。",
        "内容远超一张填报表，多半是误操作或异常文件；为保护收件的电脑，不去读取。",
        fixed=True,
    )
    FILE_UNREADABLE = Rule(
        "file_unreadable",
        _E,
        "读取失败",
        "读取这个文件时出错，请在WPS或Excel中另存为.xlsx后重新发送。",
        "文件结构有误，读出来的数靠不住；另存一次通常就好。",
        fixed=True,
    )
    FILE_RESAVE = Rule(
        "file_resave",
        _E,
        "需要另存",
        "这是{found}，不能直接读取，请在WPS或Excel中打开，另存为.xlsx后重新发送。",
        "这种格式没有可靠的读法；在原来的软件里另存为.xlsx，数不会变。",
        fixed=True,
    )
    FILE_ARCHIVE = Rule(
        "file_archive",
        _E,
        "压缩包打不开",
        "这是{found}，没有打开，请解压后直接发送里面的填报表（.xlsx）。",
        "压缩包加密、损坏或层数太多，里面的表取不出来。",
        fixed=True,
    )
    FILE_MAIL = Rule(
        "file_mail",
        _E,
        "附件取不出来",
        "这是{found}，里面的附件取不出来，请把附件另存出来单独发送。",
        "邮件不完整，附件可能缺了一截，取出来的数靠不住。",
        fixed=True,
    )
    NOTHING_INSIDE = Rule(
        "nothing_inside",
        _E,
        "没有附填报表",
        "{found}，没有找到填报表，请附上填好的填报表（.xlsx）后重新发送。",
        "来件里没有表格，多半是漏了附件；本期仍按未报处理。",
        fixed=True,
    )
    TEXT_LOST = Rule(
        "text_lost",
        _E,
        "汉字丢失",
        "文件中的汉字都变成了问号，不能核对，没有收下；请打开原填报表，在WPS或Excel中另存为.xlsx后重新发送。",
        "另存时用了不支持汉字的编码，名称和说明都已丢失，对不出是哪一行。",
        fixed=True,
    )
    MACROS_IGNORED = Rule(
        "macros_ignored",
        _W,
        "带有宏",
        "文件带有宏，没有运行，只读取了单元格的内容；请用下发的填报表（.xlsx）填写。",
        "收件时不运行任何宏，靠宏算出来的数按保存时的样子读取。",
    )
    LINKS_IGNORED = Rule(
        "links_ignored",
        _W,
        "引用其他文件",
        "文件引用了其他文件，按保存时的数读取，没有更新，请核对引用来的数。",
        "其他文件不在手边，引用来的数可能已经过时，请填报单位自己核对。",
    )
    FILE_CONVERTED = Rule(
        "file_converted",
        _W,
        "转换后读取",
        "这是{found}，已转换后读取，请核对；以后请发送.xlsx。",
        "旧格式先转换再读，个别格式可能走样；直接发送.xlsx最稳妥。",
    )
    TEXT_ROUGH = Rule(
        "text_rough",
        _W,
        "文字不全",
        "文件中有认不出的字符，已记为“�”，请核对；以后请发送.xlsx。",
        "文件用了少见的文字编码，个别字认不出；认不出的字不去猜。",
    )
    # --- is it ours, and for what?
    NOT_OURS = Rule(
        "not_ours",
        _E,
        "不是填报表",
        "不是本系统发出的填报表，请填写下发的填报表后发送。",
        "只有下发的填报表才知道每一行是哪一项、归谁填，其他表格无从对应。",
        fixed=True,
    )
    OTHER_PROGRAMME = Rule(
        "other_programme",
        _E,
        "其他地区的表",
        "这是{found}的填报表，不属于{expected}，请核对后发送。",
        "别的地区或方案的数不能汇到这里。",
        fixed=True,
    )
    FORM_UNKNOWN = Rule(
        "form_unknown",
        _E,
        "填报表来历不明",
        "表中的行标识（隐藏列）已被删去，或不是这里发出的，无法对应；请填写最近一次下发的填报表。",
        "行标识用来认出每一行是哪一项，没有它就可能把数放错地方。",
        fixed=True,
    )
    OTHER_PERIOD = Rule(
        "other_period",
        _E,
        "期次不符",
        "这是{found}的填报表，本次应报{expected}，请填写{expected}的填报表后发送。",
        "这一期已经收齐过，多半是拿旧表重填；内容会搬到本期的表里退回，不用重填。",
        fixed=True,
    )
    FILE_WITHDRAWN = Rule(
        "file_withdrawn",
        _E,
        "已撤回的文件",
        "这份文件已于{expected}撤回（{found}），没有再收；内容仍要报的，请在填报表中改好、保存后重新发送。",
        "办公室撤回的文件不会因为再发一次就收下，以免撤回的数又混进来。",
        fixed=True,
    )
    OFFICE_BOOK = Rule(
        "office_book",
        _E,
        "办公室的表放错了地方",
        "这是{found}，不作为回表收取，仍留在收件夹；请移到别处，再运行 tenproj {expected} 文件名 录入。",
        "审定、裁定和督办由总专班办公室决定，只有点名录入的表才算数。",
        fixed=True,
    )
    NOT_SIGNOFF = Rule(
        "not_signoff",
        _E,
        "不是销号审定表",
        "这不是本工作区生成的销号审定表，没有录入；审定请填 tenproj signoff 生成的表，回表请放进收件夹。",
        "审定表里有每个问题的标识，别的表对不上问题。",
        fixed=True,
    )
    TASK_FORCE_GONE = Rule(
        "task_force_gone",
        _E,
        "专班已撤销",
        "{expected}已不在工作计划中，没有收下；确需收下的，请先在工作计划中恢复。",
        "计划中没有这个专班，收下也无处汇总；由办公室决定是否恢复。",
        fixed=True,
    )
    FORM_OLD = Rule(
        "form_old",
        _W,
        "旧版填报表",
        "这份表是旧版表样，已照常读取；下次请使用最近一次下发的填报表。",
        "旧表样缺少后来增加的栏目；内容照收，下次请用新表。",
    )
    CHANNELS_DISAGREE = Rule(
        "channels_disagree",
        _W,
        "标识不一致",
        "{channel}是{other}的，其余标识是{expected}的，已按{expected}收下，请核对。",
        "表里不同地方写的期次或专班不一样，多半是从旧表改来的，请看一眼收得对不对。",
    )
    SHEET_FOREIGN = Rule(
        "sheet_foreign",
        _E,
        "工作表不属于本表",
        "这张工作表是{owner}的，不是{expected}的，没有收下；如系放错，请换回下发的那一张。",
        "别的期次或专班的表放进来，数会算错地方，所以这一张不收。",
        fixed=True,
    )
    SHEET_TWICE = Rule(
        "sheet_twice",
        _E,
        "工作表重复",
        "与“{expected}”是同一张表，填的内容却不一样，都没有收下；请只保留一张后重新发送。",
        "同一张表有两份且内容不同，不知以哪份为准，不能替填报单位挑。",
        fixed=True,
    )
    LATE_PERIOD = Rule(
        "late_period",
        _W,
        "补报",
        "这是{found}的填报表，已按{found}补报收下；{expected}请另行报送。",
        "迟到的回表仍记在它自己那一期，本期的还要另报。",
        fixed=True,
    )
    OTHER_TASK_FORCE = Rule(
        "other_task_force",
        _E,
        "填报单位不符",
        "填报单位“{found}”不在本专班的单位名单内（{expected}），请核对是否填错了表。",
        "填报单位不在本专班名单内，多半是填错了表；核对清楚之前都不收。",
        fixed=True,
    )
    OTHER_UNIT = Rule(
        "other_unit",
        _E,
        "不是本单位的表",
        "这是发给{expected}的填报表，填报单位写的是“{found}”，没有收下；请由{expected}填报，或改正填报单位后重新发送。",
        "每一行只有一个单位可以填报；别的单位代填的，不知是否代表本单位。",
        fixed=True,
    )
    # --- is everything there?
    SHEET_MISSING = Rule(
        "sheet_missing",
        _E,
        "缺少工作表",
        "缺少工作表“{expected}”，请用完整的填报表重新发送。",
        "缺了的那张表里的项目本期就没有数，需要补齐。",
        fixed=True,
    )
    COLUMN_MISSING = Rule(
        "column_missing",
        _E,
        "缺少列",
        "缺少{expected}列，{advice}。",
        "缺了一列，这张表就不完整；宁可退回，也不收半张表。",
        fixed=True,
    )
    COLUMN_TWICE = Rule(
        "column_twice",
        _E,
        "列重复",
        "“{expected}”列出现了两次，不知以哪一列为准，请删去多出的一列后重新发送。",
        "两列同名，不知哪一列是真的，不能替填报单位挑。",
        fixed=True,
    )
    RETURN_BLANK = Rule(
        "return_blank",
        _E,
        "空表",
        "三张进度表都没有填写。本期确无更新的，请在“填报说明”的“零报告”处选“是”后发送。",
        "空表分不清是没有更新还是忘了填；确无更新的，选零报告即可。",
        fixed=True,
    )
    RETURN_WAITS = Rule(
        "return_waits",
        _W,
        "整份待更正",
        "表中有须更正之处，本期按整份收取，其余{expected}行也暂不计入；更正发回后一并收下。",
        "办公室选定了整份收取：一份表要么全部计入，要么全部等更正。",
        fixed=True,
    )
    ROW_MISSING = Rule(
        "row_missing",
        _W,
        "缺行",
        "没有找到{expected}，本次按未报处理；请保留下发的每一行。",
        "行被删去，这一项本期就没有数，汇总表中会显示未报。",
    )
    ROW_TWICE = Rule(
        "row_twice",
        _E,
        "行重复",
        "与第{expected}行是同一项，两行都没有收下，请只保留一行。",
        "同一项有两行且内容不同，不知以哪一行为准，不能替填报单位挑。",
        fixed=True,
    )
    ROW_UNKNOWN = Rule(
        "row_unknown",
        _E,
        "多出的行",
        "“{found}”不是下发的行，没有收下；要报的内容请填在原有的行内。",
        "计划里没有这一项，收下也无处汇总；要增加项目，请先报办公室列入计划。",
        fixed=True,
    )
    ROW_FOREIGN = Rule(
        "row_foreign",
        _E,
        "行不属于本表",
        "这一行是{owner}的，没有收下；请填在它原来的表内。",
        "这一行属于别的专班或期次，收在这里会算错地方。",
        fixed=True,
    )
    ROW_NEW = Rule(
        "row_new",
        _W,
        "新增行",
        "这一行是自行添加的，按新问题处理，请核对。",
        "自行添加的行没有行标识，按新问题登记并给编号，请看一眼是否登记对了。",
    )
    ROW_NOTE = Rule(
        "row_note",
        _W,
        "合计或说明",
        "“{found}”是合计或说明，不算填报的内容，没有收下；不必更正。",
        "合计由汇总表统一计算，各表自己加的合计和说明不计入。",
        fixed=True,
    )
    ROWS_SHIFTED = Rule(
        "rows_shifted",
        _E,
        "整块错行",
        "{rows}的内容像是整块往下贴错了行（最上面空着，表格下面多出来），没有收下；请移回原来的行后重新发送。",
        "贴错一行，每一项的数就都记到了别的项目上，宁可不收。",
        fixed=True,
    )
    KEYS_DISAGREE = Rule(
        "keys_disagree",
        _E,
        "行错位",
        "{rows}的内容与行标识对不上，可能只对部分列排了序，或贴错了行；请恢复原来的行次后重新发送。",
        "左右两半不是同一项，收下就会张冠李戴；这是最危险的一种错，宁可不收。",
        fixed=True,
    )
    KEYS_LOST = Rule(
        "keys_lost",
        _W,
        "行标识丢失",
        "这张表的行标识（隐藏列）已丢失，已按编号对应，请核对。",
        "行标识丢失时按编号对应；编号若被改过，就可能对错行。",
    )
    HEADER_LOST = Rule(
        "header_lost",
        _W,
        "没有表头",
        "这些行没有带表头，{advice}。",
        "只粘了数据没粘表头，列按下发时的次序对应，挪过列的就可能对错。",
    )
    CELLS_MERGED = Rule(
        "cells_merged",
        _W,
        "合并单元格",
        "{cells}合并成了一格，所填内容只算在第一格，其余按未填处理；请取消合并，逐格填写。",
        "合并以后只有第一格留有内容，其余各格其实是空的。",
    )
    RESULT_MISSING = Rule(
        "result_missing",
        _E,
        "公式没有结果",
        "这里是公式，文件中没有保存计算结果。请直接填写结果（{advice}），或在WPS、Excel中打开，保存后重新发送。",
        "没有算出来的公式读不出数，收件时不替填报单位计算。",
        fixed=True,
    )
    RESULT_STALE = Rule(
        "result_stale",
        _W,
        "公式结果可能未更新",
        "这里是公式，文件保存时没有重新计算，“{found}”可能不是最新结果，请核对；以后请直接填写结果。",
        "公式的数是上次算的，后来改过的数可能没有算进去。",
    )
    # --- is each cell what it should be?
    ERROR_VALUE = Rule(
        "error_value",
        _E,
        "公式出错",
        "单元格显示为“{found}”，这里请{advice}。",
        "公式出错，格里没有数；按空白算会误报，所以这一行先不收。",
        fixed=True,
    )
    NOT_NUMBER = Rule(
        "not_number",
        _E,
        "不是数字",
        "填了“{found}”，这里请{advice}；还没有数的请空着。",
        "文字不能比较、不能相加；情况说明请写在备注里。",
        fixed=True,
    )
    NOT_DATE = Rule(
        "not_date",
        _E,
        "不是日期",
        "填了“{found}”，这里请{advice}。",
        "日期用来判断是否逾期，认不出就无法判断。",
        fixed=True,
    )
    NOT_PERIOD = Rule(
        "not_period",
        _E,
        "不是所属期",
        "填了“{found}”，这里请{advice}。",
        "不知道是哪一期的数，就不知道该和哪个目标比。",
        fixed=True,
    )
    NOT_CHOICE = Rule(
        "not_choice",
        _E,
        "不在选项内",
        "填了“{found}”，请从下拉选项中选择：{advice}。",
        "统一的说法才能汇总统计；选项之外的情况请写在说明类的栏目里。",
        fixed=True,
    )
    OUT_OF_BOUNDS = Rule(
        "out_of_bounds",
        _E,
        "超出范围",
        "填了“{found}”，应{expected}，请核对。",
        "超出了这一栏可能的范围，多半是填错了位数或填错了格。",
    )
    TOO_LONG = Rule(
        "too_long",
        _E,
        "文字过长",
        "共{found}字，超过{expected}字的上限，请压缩。",
        "太长的文字在汇总表上显示不全，领导也看不完；请留最要紧的。",
        fixed=True,
    )
    UNIT_GUESSED = Rule(
        "unit_guessed",
        _W,
        "单位换算",
        "填了“{found}”，已按计量单位记为{expected}，请核对。",
        "数字后面带了单位，按计量单位换算过，请看一眼换算得对不对。",
    )
    YEAR_GUESSED = Rule(
        "year_guessed",
        _W,
        "年份推断",
        "填了“{found}”，年份不全，已记为{expected}，请核对。",
        "日期没有写年份，按本期推断；跨年时可能推错。",
    )
    READ_ROUGHLY = Rule(
        "read_roughly",
        _W,
        "约数",
        "填了“{found}”，已记为{expected}，请核对；以后请填写准确的数字或日期。",
        "约数已按写出的数收下；汇总表要的是准确数。",
    )
    TEXT_ALTERED = Rule(
        "text_altered",
        _W,
        "文字被自动改动",
        "这里现为“{found}”，可能是填写后被表格软件自动改成了{expected}，请核对；改填时请先把单元格设为文本格式。",
        "表格软件会把1-2之类自动改成日期，原来写的可能已经不在了。",
    )
    SAME_AS_ABOVE = Rule(
        "same_as_above",
        _W,
        "写了同上",
        "填了“{found}”，汇总后各行另有次序，看不出指的是哪一行，请写出具体内容。",
        "汇总表把各专班的行排在一起，“同上”的上一行已不是原来那一行。",
    )
    # --- do the cells of a row agree?
    REQUIRED = Rule(
        "required",
        _E,
        "必填未填",
        "{when}，请填写“{expected}”（{advice}）。",
        "这一栏是读懂同一行其他内容所必需的；缺了它，这一行先不收。",
    )
    PERIOD_MISSING = Rule(
        "period_missing",
        _E,
        "缺数据所属期",
        "填了最新数值，请在“数据所属期”填明是哪一期的数，如 {advice}。",
        "同一个数，是三季度的还是十月的，评价结果不同；不填所属期就无法评价。",
        fixed=True,
    )
    PERIOD_FUTURE = Rule(
        "period_future",
        _E,
        "所属期超前",
        "数据所属期“{found}”到本期截止时尚未结束，请核对；预计数请填在“预计全年完成值”。",
        "还没有过完的时期不会有实际数；预计数另有一栏，不与实际数混在一起。",
    )
    PERIOD_STALE = Rule(
        "period_stale",
        _W,
        "数据过旧",
        "报的是{found}的数，本期应已有{expected}的数，请补报。",
        "已经可以有更新的数了，汇总表会标明这是旧数。",
    )
    PERIOD_BACKWARD = Rule(
        "period_backward",
        _Q,
        "早于上次所属期",
        "报的是{found}的数，早于上次已报的{expected}，请核对。",
        "比上次报的还早，多半是选错了所属期，或拿错了旧表。",
    )
    FIGURE_MISSING = Rule(
        "figure_missing",
        _W,
        "应报未报",
        "本期应报{expected}的数，没有填写。请补报；确无更新的，请声明零报告。",
        "本期应有新数却空着；没有数就空着不会算作0，但会显示未报。",
    )
    ISSUE_INCOMPLETE = Rule(
        "issue_incomplete",
        _E,
        "新问题不完整",
        "登记新问题请填写“{expected}”（{advice}）。",
        "新问题缺了这一项就没法登记、没法盯办。",
    )
    TASK_SILENT = Rule(
        "task_silent",
        _W,
        "任务未填",
        "{expected}本期没有填写进展，请补报；确无更新的，请声明零报告。",
        "任务本期没有任何说法，汇总表会显示未报。",
    )
    COVER_BLANK = Rule(
        "cover_blank", _W, "填报信息未填", "没有填写，请{advice}。", "有疑问时要找得到人；不影响收数。"
    )
    NIL_WITH_ANSWERS = Rule(
        "nil_with_answers",
        _W,
        "零报告却有内容",
        "选了“是”，表中却有{expected}行填了内容，已按填报的内容收下；有更新的请改选“否”。",
        "零报告的意思是没有任何更新，和表里填的内容对不上；内容照收。",
    )
    NEGATIVE = Rule(
        "negative",
        _Q,
        "负数",
        "填了{found}，这一项一般不会是负数，请核对。",
        "这类数一般不为负，多半是多打了一个减号。",
    )
    DONE_HALFWAY = Rule(
        "done_halfway",
        _Q,
        "节点与任务不一致",
        "当前状态为“已完成”，节点完成情况却是“未完成”，请核对。",
        "任务完成而节点没有完成，两处总有一处要改。",
    )
    MILESTONE_PASSED = Rule(
        "milestone_passed",
        _Q,
        "节点已过期",
        "节点时限{expected}已过，节点没有完成，当前状态填的是“{found}”，请核对；确已滞后的，请改选“滞后”，并填写存在问题和下一步举措。",
        "节点过了时限还没有完成，汇总表按滞后或逾期显示；自报的状态与此不同，先核对一遍。",
    )
    OPINION_AGAINST = Rule(
        "opinion_against",
        _Q,
        "初审不同意",
        "申请销号，牵头单位初审却是“不同意”，请核对；不同意的，请把当前状态改为“整改中”。",
        "牵头单位不同意的，总专班办公室不会审核销号。",
    )
    FORECAST_LOW = Rule(
        "forecast_low",
        _Q,
        "预计低于已完成",
        "预计全年完成值{found}低于已完成的{expected}，请核对。",
        "全年数不会比已经完成的还少，两处总有一处填错了。",
    )
    NOT_PLANNED = Rule(
        "not_planned",
        _W,
        "已不在计划内",
        "这一项已不在现行工作计划中，填报内容已存档，不列入汇总。",
        "计划已经调整，这一项不再汇总；内容存档备查。",
        fixed=True,
    )
    LINK_UNKNOWN = Rule(
        "link_unknown",
        _W,
        "关联编号不存在",
        "“{found}”不是指标编号或任务编号，请核对；没有关联的可以不填。",
        "问题要能对应到指标或任务，领导才看得出影响什么。",
    )
    ISSUE_CLOSED = Rule(
        "issue_closed",
        _W,
        "问题已销号",
        "这个问题已于{expected}销号，填报的内容已存档，不改变销号；需要重新挂账的，请与总专班办公室联系。",
        "销号和重新挂账都由总专班办公室决定，回表改不了。",
        fixed=True,
    )
    DECISION_OUTDATED = Rule(
        "decision_outdated",
        _E,
        "审定依据已变",
        "审定表生成之后有了新情况（{found}），没有录入；请运行 tenproj signoff 生成新表再定。",
        "按旧情况作的决定可能不再合适，请看过新情况再定。",
        fixed=True,
    )
    DECISION_UNASKED = Rule(
        "decision_unasked",
        _E,
        "没有申请",
        "选了“{found}”，但这个问题没有{expected}，没有录入；请核对是否填错了行。",
        "没有申请就没有可决定的，多半是填错了行。",
        fixed=True,
    )
    DATES_ORDER = Rule(
        "dates_order",
        _E,
        "日期先后",
        "{found}晚于{expected}，请核对日期。",
        "先后颠倒的日期会算错天数和逾期，多半是年份或月份打错了。",
    )
    # --- does it agree with what we printed and what was said before?
    OFFICE_EDITED = Rule(
        "office_edited",
        _E,
        "改动了锁定内容",
        "“{expected}”原为“{printed}”，现为“{found}”。这一栏由总专班办公室填写，请改回；确需调整的，请另行报告。",
        "目标、时限和名称以下发的为准，不能在回表里改；要调整的另行报批。",
    )
    ROW_OF_OTHERS = Rule(
        "row_of_others",
        _E,
        "改动了其他单位的行",
        "这一行由{unit}填报，供贵单位了解；改动的“{expected}”没有采用，请恢复原样。需要更正的，请与{unit}联系。",
        "每一行只有一个单位可以填报；牵头单位看得到别家的行，但不能替别家改。",
        fixed=True,
    )
    FORMULA_DIFFERS = Rule(
        "formula_differs",
        _W,
        "公式被改",
        "显示为“{found}”，按填报的数应为“{expected}”，已重新计算；公式请勿改动。",
        "评价由系统统一重算，各单位改了也不算数。",
    )
    VALUE_FELL = Rule(
        "value_fell",
        _Q,
        "累计数下降",
        "本次{found}，低于上次{expected}，请核对；如属核减，请在备注说明。",
        "累计数只增不减；下降的要么是核减，要么是填错。",
    )
    ZERO_FILLED = Rule(
        "zero_filled",
        _Q,
        "填了零",
        "填了0，上次为{expected}，请核对；没有新数的请空着，不要填0。",
        "0的意思是一点也没有，空着的意思是还没有数；填0会算作完成得极差。",
    )
    VALUE_JUMPED = Rule(
        "value_jumped",
        _Q,
        "数值突变",
        "本次{found}，上次{expected}，相差约{factor}倍，请核对数值和单位。",
        "一期之间变化这么大很少见，先核对有没有多打或少打位数。",
    )
    VALUE_FAR = Rule(
        "value_far",
        _Q,
        "数值悬殊",
        "本次{found}，目标为{expected}，相差约{factor}倍，请核对数值和单位。",
        "与目标差得太远，先核对有没有填错单位或位数。",
    )
    UNIT_SUSPECT = Rule(
        "unit_suspect",
        _Q,
        "疑似单位不对",
        "本次{found}，{against}，疑似{guess}，请核对；{advice}。",
        "相差正好在一万倍或一百倍上下，多半是万元、亿元混用，或把93%填成了0.93；收下的是所填的数。",
    )
    TEXT_REPEATED = Rule(
        "text_repeated",
        _Q,
        "连续三期未改",
        "{expected}连续三期一字未改，而进度{found}，请按本期情况填写；确无变化的，请写明卡在哪里。",
        "进度落后而说明不变，看不出采取了什么措施，领导多半会问。",
    )
    # --- do the senders agree?
    SENDERS_DISAGREE = Rule(
        "senders_disagree",
        _W,
        "各家说法不一",
        "“{expected}”各家报的不一样：{said}；{counts}。",
        "同一格两个单位报的不一样，只有人能判断以哪个为准；裁定之前暂按数据报送单位的。",
        fixed=True,
    )
    # --- office workbooks: what is decided between senders
    DISPUTE_CHANGED = Rule(
        "dispute_changed",
        _E,
        "分歧已有变化",
        "生成这份裁定表之后，有关单位又报了新的内容，这一行没有记入；请重新运行 tenproj resolve 生成裁定表。",
        "裁定只对当时的几种说法有效；说法变了，要看着新的说法再定。",
        fixed=True,
    )
    RULING_UNCLEAR = Rule(
        "ruling_unclear",
        _E,
        "裁定不明",
        "已选“{expected}”，又另填了“{found}”，不知以哪个为准，没有记入；请只留一种，另定的请选“另定”。",
        "裁定要明确到一个值，不能替办公室挑。",
        fixed=True,
    )
    # --- office workbooks: plan and settings
    PLAN_SHEET_MISSING = Rule(
        "plan_sheet_missing",
        _E,
        "缺少工作表",
        "缺少工作表“{expected}”，请从初始工作簿中补回（在一个空文件夹里运行 tenproj init 即可得到）。",
        "工作簿缺了这张表，读不出完整的计划或设置。",
        fixed=True,
    )
    PLAN_COLUMN_MISSING = Rule(
        "plan_column_missing",
        _E,
        "缺少列",
        "缺少“{expected}”列，请补回表头。",
        "缺了这一列，读不出完整的计划或设置。",
        fixed=True,
    )
    PLAN_REQUIRED = Rule(
        "plan_required",
        _E,
        "必填未填",
        "请填写“{expected}”（{advice}）。",
        "这一栏空着，后面的填报表和汇总表就没有依据。",
        fixed=True,
    )
    PLAN_DUPLICATE = Rule(
        "plan_duplicate",
        _E,
        "编号重复",
        "“{found}”已在第{expected}行出现，请改为不重复的编号。",
        "编号用来认出每一项，重复了就分不清是哪一项。",
        fixed=True,
    )
    PLAN_BAD_CODE = Rule(
        "plan_bad_code",
        _E,
        "编号格式",
        "“{found}”不合编号格式，应如 {expected}。",
        "编号格式统一，各表之间才能相互对应。",
        fixed=True,
    )
    PLAN_UNKNOWN = Rule(
        "plan_unknown",
        _E,
        "引用不存在",
        "“{found}”不在“{expected}”表中，请核对名称或先行登记。",
        "引用的名称对不上，就找不到对应的单位或项目。",
        fixed=True,
    )
    PLAN_TARGET_MISSING = Rule(
        "plan_target_missing",
        _E,
        "没有目标",
        "指标“{found}”在“年度计划”中没有任何目标，请补充。",
        "没有目标的指标无从评价。",
        fixed=True,
    )
    PLAN_TARGET_BACKWARD = Rule(
        "plan_target_backward",
        _E,
        "目标倒退",
        "“{found}”的目标{target}不如更早的{expected}，请核对。",
        "后面的目标低于前面的，多半是年份或数字填错了。",
        fixed=True,
    )
    PLAN_TARGET_KIND = Rule(
        "plan_target_kind",
        _E,
        "目标与类型不符",
        "“{found}”：{expected}，请核对。",
        "目标的写法和指标类型对不上，就算不出该达到多少。",
        fixed=True,
    )
    PLAN_YEARS = Rule(
        "plan_years",
        _E,
        "年份不符",
        "{found}，请核对“方案”表的起始年和终止年。",
        "年份决定填报表有哪些目标列，要与方案一致。",
        fixed=True,
    )
    PLAN_DATE_ORDER = Rule(
        "plan_date_order",
        _E,
        "日期先后",
        "“{found}”早于前一节点“{expected}”，请核对节点时限。",
        "节点有先后，时限颠倒了就判断不出哪个是当前节点。",
        fixed=True,
    )
    SETTING_UNKNOWN = Rule(
        "setting_unknown",
        _E,
        "未知参数",
        "没有“{found}”这个参数，请核对名称。",
        "名称写错的参数不会起作用，看上去改了其实没改。",
        fixed=True,
    )
    SETTING_VALUE = Rule(
        "setting_value",
        _E,
        "取值不对",
        "“{expected}”填了“{found}”，应为{advice}。",
        "取值不在允许的范围内，照它运行会出错。",
        fixed=True,
    )
    SETTING_TWICE = Rule(
        "setting_twice",
        _E,
        "登记重复",
        "{found}已在第{expected}行登记，请只保留一行。",
        "登记了两次，不知以哪一行为准。",
        fixed=True,
    )
    SETTING_FIXED = Rule(
        "setting_fixed",
        _E,
        "规则不能改",
        "“{found}”的级别不能改，也不能豁免，请删去这一行。",
        "这类问题收下就会出错（如文件读不出、行对不上），不是宽严的问题。",
        fixed=True,
    )
    SETTING_MISSING = Rule(
        "setting_missing",
        _E,
        "缺少参数",
        "缺少参数“{expected}”，请补回；初始取值为“{default}”。",
        "缺了这个参数，有的计算就没有依据。",
        fixed=True,
    )
    # --- templates
    TEMPLATE_SHEET_MISSING = Rule(
        "template_sheet_missing",
        _E,
        "模板缺少工作表",
        "模板缺少工作表“{expected}”，请从备份补回，或运行 tenproj template build --force 恢复初始模板；工作表名称请勿改动。",
        "填报表的样子取自表样，缺了工作表就画不出来。",
        fixed=True,
    )
    TEMPLATE_ROW_MISSING = Rule(
        "template_row_missing",
        _E,
        "模板缺少样式行",
        "A列缺少“{expected}”这一行，请从备份补回，或运行 tenproj template build --force 恢复初始模板。",
        "填报表的样子取自样式行，缺了就画不出来。",
        fixed=True,
    )
    TEMPLATE_FIELD_MISSING = Rule(
        "template_field_missing",
        _E,
        "模板缺少列",
        "“字段代码”行缺少“{expected}”（{header}），请从备份补回这一列，或运行 tenproj template build --force 恢复初始模板。",
        "字段代码说明这一列填什么，缺了就少一列。",
        fixed=True,
    )
    TEMPLATE_FIELD_TWICE = Rule(
        "template_field_twice",
        _E,
        "模板列重复",
        "字段代码“{found}”出现了两次，请删去多出的一列。",
        "一个字段只能有一列。",
        fixed=True,
    )
    TEMPLATE_FIELD_UNKNOWN = Rule(
        "template_field_unknown",
        _W,
        "模板多出的列",
        "没有“{found}”这个字段，这一列不会带到填报表中。",
        "系统不认识的列没有内容可填。",
        fixed=True,
    )
    TEMPLATE_SHEET_UNKNOWN = Rule(
        "template_sheet_unknown",
        _W,
        "模板多出的工作表",
        "工作表“{found}”不会带到填报表中。",
        "填报表只有固定的几张工作表。",
        fixed=True,
    )
    TEMPLATE_HEADER_CHANGED = Rule(
        "template_header_changed",
        _W,
        "模板表头改动",
        "表头改成了“{found}”，填报表中仍为“{expected}”；表头文字由系统统一。",
        "表头统一，收回时才认得出每一列。",
        fixed=True,
    )
    TEMPLATE_NOT_CARRIED = Rule(
        "template_not_carried",
        _W,
        "模板内容不带出",
        "{found}不会带到填报表中，请删去或改用单元格样式。",
        "填报表是重新画出来的，只带得走单元格的样式。",
        fixed=True,
    )
    TEMPLATE_PLACEHOLDER = Rule(
        "template_placeholder",
        _W,
        "模板占位内容",
        "“{found}”不会被替换，可用的有：{expected}。",
        "只有列出的几种占位内容会换成实际文字。",
        fixed=True,
    )

    @property
    def rule(self) -> Rule:
        """The catalogue's line."""
        return self.value

    @property
    def gate(self) -> str:
        """The step at which it is looked for, as people call it."""
        return _GATE_OF[self]

    @property
    def is_of_senders(self) -> bool:
        """True where it is found in what senders send, False for the office's own workbooks."""
        return self.gate not in OFFICE_GATES


_GATES = {
    Code.FILE_EMPTY: "文件能不能读",
    Code.NOT_OURS: "是不是下发的表",
    Code.SHEET_MISSING: "表格是否完整",
    Code.ERROR_VALUE: "单元格填得对不对",
    Code.REQUIRED: "前后是否相符",
    Code.OFFICE_EDITED: "与下发的、以前报的是否相符",
    Code.PLAN_SHEET_MISSING: "工作计划和设置",
    Code.TEMPLATE_SHEET_MISSING: "表样",
}
"""The first code of each gate."""


OFFICE_GATES = (_GATES[Code.PLAN_SHEET_MISSING], _GATES[Code.TEMPLATE_SHEET_MISSING])


def _gates() -> dict[Code, str]:
    found, gate = {}, ""
    for code in Code:
        gate = _GATES.get(code, gate)
        found[code] = gate
    return found


_GATE_OF = _gates()
