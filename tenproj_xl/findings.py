"""Findings: faults in data as values, and the one catalogue of their codes.

Every message says where (sheet, cell, the row's own name), what was found and what to do, in plain Chinese.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import NamedTuple

_MANY = 20
"""More findings of one kind on one sheet than this help nobody."""


class Severity(StrEnum):
    """What follows from a finding: an error keeps the row (or the file) out, the others only ask for a look."""

    ERROR = "error"
    WARNING = "warning"
    QUESTION = "question"


class Rule(NamedTuple):
    """One kind of finding: `code` for machines, `title` for lists, `text` with named places for the message."""

    code: str
    severity: Severity
    title: str
    text: str


_E, _W, _Q = Severity.ERROR, Severity.WARNING, Severity.QUESTION


class Code(Enum):
    """The catalogue. Order is the order of the gates, and of what is shown first."""

    # --- can it be read?
    FILE_EMPTY = Rule("file_empty", _E, "空文件", "文件是空的（0字节），可能没有传完，请重新发送。")
    FILE_TRUNCATED = Rule(
        "file_truncated", _E, "文件损坏", "文件不完整或已损坏，打不开，请在WPS或Excel中另存为.xlsx后重新发送。"
    )
    FILE_ENCRYPTED = Rule(
        "file_encrypted", _E, "文件加密", "文件设了打开密码，请取消密码后重新发送，或将打开密码告知总专班办公室。"
    )
    FILE_KIND = Rule("file_kind", _E, "不是表格文件", "这是{found}，不是可以读取的表格，请发送填好的填报表（.xlsx）。")
    FILE_LIMITS = Rule(
        "file_limits", _E, "文件异常", "{found}，超出正常填报表的范围，未予读取；请用原填报表重新填写后发送。"
    )
    FILE_UNREADABLE = Rule(
        "file_unreadable", _E, "读取失败", "读取这个文件时出错，请在WPS或Excel中另存为.xlsx后重新发送。"
    )
    FILE_RESAVE = Rule(
        "file_resave", _E, "需要另存", "这是{found}，不能直接读取，请在WPS或Excel中打开，另存为.xlsx后重新发送。"
    )
    FILE_ARCHIVE = Rule(
        "file_archive", _E, "压缩包打不开", "这是{found}，没有打开，请解压后直接发送里面的填报表（.xlsx）。"
    )
    FILE_MAIL = Rule("file_mail", _E, "附件取不出来", "这是{found}，里面的附件取不出来，请把附件另存出来单独发送。")
    NOTHING_INSIDE = Rule(
        "nothing_inside", _E, "没有附填报表", "{found}，没有找到填报表，请附上填好的填报表（.xlsx）后重新发送。"
    )
    TEXT_LOST = Rule(
        "text_lost",
        _E,
        "汉字丢失",
        "文件中的汉字都变成了问号，不能核对，没有收下；请打开原填报表，在WPS或Excel中另存为.xlsx后重新发送。",
    )
    MACROS_IGNORED = Rule(
        "macros_ignored", _W, "带有宏", "文件带有宏，没有运行，只读取了单元格的内容；请用下发的填报表（.xlsx）填写。"
    )
    LINKS_IGNORED = Rule(
        "links_ignored", _W, "引用其他文件", "文件引用了其他文件，按保存时的数读取，没有更新，请核对引用来的数。"
    )
    FILE_CONVERTED = Rule("file_converted", _W, "转换后读取", "这是{found}，已转换后读取，请核对；以后请发送.xlsx。")
    TEXT_ROUGH = Rule("text_rough", _W, "文字不全", "文件中有认不出的字符，已记为“�”，请核对；以后请发送.xlsx。")
    # --- is it ours, and for what?
    NOT_OURS = Rule("not_ours", _E, "不是填报表", "不是本系统发出的填报表，请填写下发的填报表后发送。")
    OTHER_PROGRAMME = Rule(
        "other_programme", _E, "其他地区的表", "这是{found}的填报表，不属于{expected}，请核对后发送。"
    )
    FORM_UNKNOWN = Rule(
        "form_unknown",
        _E,
        "填报表来历不明",
        "表中的行标识（隐藏列）已被删去，或不是这里发出的，无法对应；请填写最近一次下发的填报表。",
    )
    OTHER_PERIOD = Rule(
        "other_period", _E, "期次不符", "这是{found}的填报表，本次应报{expected}，请填写{expected}的填报表后发送。"
    )
    FILE_WITHDRAWN = Rule(
        "file_withdrawn",
        _E,
        "已撤回的文件",
        "这份文件已于{expected}撤回（{found}），没有再收；内容仍要采用的，请改好、保存后重新报来。",
    )
    SIGNOFF_IN_INBOX = Rule(
        "signoff_in_inbox",
        _E,
        "销号审定表放错了地方",
        "这是销号审定表，不作为回表收取，仍留在收件夹；请移到别处，再运行 tenproj signoff 文件名 录入。",
    )
    NOT_SIGNOFF = Rule(
        "not_signoff",
        _E,
        "不是销号审定表",
        "这不是本工作区生成的销号审定表，没有录入；审定请填 tenproj signoff 生成的表，回表请放进收件夹。",
    )
    TASK_FORCE_GONE = Rule(
        "task_force_gone",
        _E,
        "专班已撤销",
        "{expected}专班已不在工作计划中，没有收下；确需收下的，请先在工作计划中恢复。",
    )
    FORM_OLD = Rule("form_old", _W, "旧版填报表", "这份表是旧版表样，已照常读取；下次请使用最近一次下发的填报表。")
    CHANNELS_DISAGREE = Rule(
        "channels_disagree",
        _W,
        "标识不一致",
        "{channel}是{other}的，其余标识是{expected}的，已按{expected}收下，请核对。",
    )
    SHEET_FOREIGN = Rule(
        "sheet_foreign",
        _E,
        "工作表不属于本表",
        "这张工作表是{owner}的，不是{expected}的，没有收下；如系放错，请换回下发的那一张。",
    )
    SHEET_TWICE = Rule(
        "sheet_twice",
        _E,
        "工作表重复",
        "与“{expected}”是同一张表，填的内容却不一样，都没有收下；请只保留一张后重新发送。",
    )
    LATE_PERIOD = Rule("late_period", _W, "补报", "这是{found}的填报表，已按{found}补报收下；{expected}请另行报送。")
    OTHER_TASK_FORCE = Rule(
        "other_task_force",
        _E,
        "填报单位不符",
        "填报单位“{found}”不在本专班的单位名单内（{expected}），请核对是否填错了表。",
    )
    # --- is everything there?
    SHEET_MISSING = Rule("sheet_missing", _E, "缺少工作表", "缺少工作表“{expected}”，请用完整的填报表重新发送。")
    COLUMN_MISSING = Rule("column_missing", _E, "缺少列", "缺少{expected}列，{advice}。")
    COLUMN_TWICE = Rule(
        "column_twice", _E, "列重复", "“{expected}”列出现了两次，不知以哪一列为准，请删去多出的一列后重新发送。"
    )
    RETURN_BLANK = Rule(
        "return_blank", _E, "空表", "三张进度表都没有填写。本期确无更新的，请在“填报说明”的“零报告”处选“是”后发送。"
    )
    ROW_MISSING = Rule("row_missing", _W, "缺行", "没有找到{expected}，本次按未报处理；请保留下发的每一行。")
    ROW_TWICE = Rule("row_twice", _E, "行重复", "与第{expected}行是同一项，两行都没有收下，请只保留一行。")
    ROW_UNKNOWN = Rule("row_unknown", _E, "多出的行", "“{found}”不是下发的行，没有收下；要报的内容请填在原有的行内。")
    ROW_FOREIGN = Rule("row_foreign", _E, "行不属于本表", "这一行是{owner}的，没有收下；请填在它原来的表内。")
    ROW_NEW = Rule("row_new", _W, "新增行", "这一行是自行添加的，按新问题处理，请核对。")
    ROW_NOTE = Rule("row_note", _W, "合计或说明", "“{found}”是合计或说明，不算填报的内容，没有收下；不必更正。")
    ROWS_SHIFTED = Rule(
        "rows_shifted",
        _E,
        "整块错行",
        "{rows}的内容像是整块往下贴错了行（最上面空着，表格下面多出来），没有收下；请移回原来的行后重新发送。",
    )
    KEYS_DISAGREE = Rule(
        "keys_disagree",
        _E,
        "行错位",
        "{rows}的内容与行标识对不上，可能只对部分列排了序，或贴错了行；请恢复原来的行次后重新发送。",
    )
    KEYS_LOST = Rule("keys_lost", _W, "行标识丢失", "这张表的行标识（隐藏列）已丢失，已按编号对应，请核对。")
    HEADER_LOST = Rule("header_lost", _W, "没有表头", "这些行没有带表头，{advice}。")
    # --- is each cell what it should be?
    CELLS_MERGED = Rule(
        "cells_merged",
        _W,
        "合并单元格",
        "{cells}合并成了一格，所填内容只算在第一格，其余按未填处理；请取消合并，逐格填写。",
    )
    RESULT_MISSING = Rule(
        "result_missing",
        _E,
        "公式没有结果",
        "这里是公式，文件中没有保存计算结果。请直接填写结果（{advice}），或在WPS、Excel中打开，保存后重新发送。",
    )
    RESULT_STALE = Rule(
        "result_stale",
        _W,
        "公式结果可能未更新",
        "这里是公式，文件保存时没有重新计算，“{found}”可能不是最新结果，请核对；以后请直接填写结果。",
    )
    ERROR_VALUE = Rule("error_value", _E, "公式出错", "单元格显示为“{found}”，这里请{advice}。")
    NOT_NUMBER = Rule("not_number", _E, "不是数字", "填了“{found}”，这里请{advice}。")
    NOT_DATE = Rule("not_date", _E, "不是日期", "填了“{found}”，这里请{advice}。")
    NOT_PERIOD = Rule("not_period", _E, "不是所属期", "填了“{found}”，这里请{advice}。")
    NOT_CHOICE = Rule("not_choice", _E, "不在选项内", "填了“{found}”，请从下拉选项中选择：{advice}。")
    OUT_OF_BOUNDS = Rule("out_of_bounds", _E, "超出范围", "填了“{found}”，应{expected}，请核对。")
    TOO_LONG = Rule("too_long", _E, "文字过长", "共{found}字，超过{expected}字的上限，请压缩。")
    UNIT_GUESSED = Rule("unit_guessed", _W, "单位换算", "填了“{found}”，已按计量单位记为{expected}，请核对。")
    YEAR_GUESSED = Rule("year_guessed", _W, "年份推断", "填了“{found}”，年份不全，已记为{expected}，请核对。")
    READ_ROUGHLY = Rule(
        "read_roughly", _W, "约数", "填了“{found}”，已记为{expected}，请核对；以后请填写准确的数字或日期。"
    )
    TEXT_ALTERED = Rule(
        "text_altered",
        _W,
        "文字被自动改动",
        "这里现为“{found}”，可能是填写后被表格软件自动改成了{expected}，请核对；改填时请先把单元格设为文本格式。",
    )
    # --- do the cells of a row agree?
    REQUIRED = Rule("required", _E, "必填未填", "{when}，请填写“{expected}”（{advice}）。")
    PERIOD_MISSING = Rule(
        "period_missing", _E, "缺数据所属期", "填了最新数值，请在“数据所属期”填明是哪一期的数，如 {advice}。"
    )
    PERIOD_FUTURE = Rule(
        "period_future",
        _E,
        "所属期超前",
        "数据所属期“{found}”到本期截止时尚未结束，请核对；预计数请填在“预计全年完成值”。",
    )
    PERIOD_STALE = Rule("period_stale", _W, "数据过旧", "报的是{found}的数，本期应已有{expected}的数，请补报。")
    PERIOD_BACKWARD = Rule(
        "period_backward", _Q, "早于上次所属期", "报的是{found}的数，早于上次已报的{expected}，请核对。"
    )
    FIGURE_MISSING = Rule(
        "figure_missing", _W, "应报未报", "本期应报{expected}的数，没有填写。请补报；确无更新的，请声明零报告。"
    )
    ISSUE_INCOMPLETE = Rule("issue_incomplete", _E, "新问题不完整", "登记新问题请填写“{expected}”（{advice}）。")
    TASK_SILENT = Rule("task_silent", _W, "任务未填", "{expected}本期没有填写进展，请补报；确无更新的，请声明零报告。")
    COVER_BLANK = Rule("cover_blank", _W, "填报信息未填", "没有填写，请{advice}。")
    NIL_WITH_ANSWERS = Rule(
        "nil_with_answers",
        _W,
        "零报告却有内容",
        "选了“是”，表中却有{expected}行填了内容，已按填报的内容收下；有更新的请改选“否”。",
    )
    NEGATIVE = Rule("negative", _Q, "负数", "填了{found}，这一项一般不会是负数，请核对。")
    DONE_HALFWAY = Rule(
        "done_halfway", _Q, "节点与任务不一致", "当前状态为“已完成”，节点完成情况却是“未完成”，请核对。"
    )
    NOT_PLANNED = Rule("not_planned", _W, "已不在计划内", "这一项已不在现行工作计划中，填报内容已存档，不列入汇总。")
    LINK_UNKNOWN = Rule(
        "link_unknown", _W, "关联编号不存在", "“{found}”不是指标编号或任务编号，请核对；没有关联的可以不填。"
    )
    ISSUE_CLOSED = Rule(
        "issue_closed",
        _W,
        "问题已销号",
        "这个问题已于{expected}销号，填报的内容已存档，不改变销号；需要重新挂账的，请与总专班办公室联系。",
    )
    DECISION_OUTDATED = Rule(
        "decision_outdated",
        _E,
        "审定依据已变",
        "审定表生成之后有了新情况（{found}），没有录入；请运行 tenproj signoff 生成新表再定。",
    )
    DECISION_UNASKED = Rule(
        "decision_unasked", _E, "没有申请", "选了“{found}”，但这个问题没有{expected}，没有录入；请核对是否填错了行。"
    )
    DATES_ORDER = Rule("dates_order", _E, "日期先后", "{found}晚于{expected}，请核对日期。")
    # --- does it agree with what we printed and what was said before?
    OFFICE_EDITED = Rule(
        "office_edited",
        _E,
        "改动了锁定内容",
        "“{expected}”原为“{printed}”，现为“{found}”。这一栏由总专班办公室填写，请改回；确需调整的，请另行报告。",
    )
    FORMULA_DIFFERS = Rule(
        "formula_differs", _W, "公式被改", "显示为“{found}”，按填报的数应为“{expected}”，已重新计算；公式请勿改动。"
    )
    VALUE_FELL = Rule(
        "value_fell", _Q, "累计数下降", "本次{found}，低于上次{expected}，请核对；如属核减，请在备注说明。"
    )
    VALUE_JUMPED = Rule(
        "value_jumped", _Q, "数值突变", "本次{found}，上次{expected}，相差约{factor}倍，请核对数值和单位。"
    )
    VALUE_FAR = Rule("value_far", _Q, "数值悬殊", "本次{found}，目标为{expected}，相差约{factor}倍，请核对数值和单位。")
    # --- office workbooks: plan and settings
    PLAN_SHEET_MISSING = Rule("plan_sheet_missing", _E, "缺少工作表", "缺少工作表“{expected}”，请从初始工作簿中补回。")
    PLAN_COLUMN_MISSING = Rule("plan_column_missing", _E, "缺少列", "缺少“{expected}”列，请补回表头。")
    PLAN_REQUIRED = Rule("plan_required", _E, "必填未填", "请填写“{expected}”（{advice}）。")
    PLAN_DUPLICATE = Rule("plan_duplicate", _E, "编号重复", "“{found}”已在第{expected}行出现，请改为不重复的编号。")
    PLAN_BAD_CODE = Rule("plan_bad_code", _E, "编号格式", "“{found}”不合编号格式，应如 {expected}。")
    PLAN_UNKNOWN = Rule("plan_unknown", _E, "引用不存在", "“{found}”不在“{expected}”表中，请核对名称或先行登记。")
    PLAN_TARGET_MISSING = Rule(
        "plan_target_missing", _E, "没有目标", "指标“{found}”在“年度计划”中没有任何目标，请补充。"
    )
    PLAN_TARGET_BACKWARD = Rule(
        "plan_target_backward", _E, "目标倒退", "“{found}”的目标{target}不如更早的{expected}，请核对。"
    )
    PLAN_TARGET_KIND = Rule("plan_target_kind", _E, "目标与类型不符", "“{found}”：{expected}，请核对。")
    PLAN_YEARS = Rule("plan_years", _E, "年份不符", "{found}，请核对“方案”表的起始年和终止年。")
    PLAN_DATE_ORDER = Rule("plan_date_order", _E, "日期先后", "“{found}”早于前一节点“{expected}”，请核对节点时限。")
    SETTING_UNKNOWN = Rule("setting_unknown", _E, "未知参数", "没有“{found}”这个参数，请核对名称。")
    SETTING_VALUE = Rule("setting_value", _E, "取值不对", "“{expected}”填了“{found}”，应为{advice}。")
    SETTING_TWICE = Rule("setting_twice", _E, "登记重复", "{found}已在第{expected}行登记，请只保留一行。")
    SETTING_MISSING = Rule("setting_missing", _E, "缺少参数", "缺少参数“{expected}”，请补回。")
    # --- templates
    TEMPLATE_SHEET_MISSING = Rule(
        "template_sheet_missing",
        _E,
        "模板缺少工作表",
        "模板缺少工作表“{expected}”，请从原模板补回，工作表名称请勿改动。",
    )
    TEMPLATE_ROW_MISSING = Rule(
        "template_row_missing", _E, "模板缺少样式行", "A列缺少“{expected}”这一行，请从原模板补回。"
    )
    TEMPLATE_FIELD_MISSING = Rule(
        "template_field_missing", _E, "模板缺少列", "“字段代码”行缺少“{expected}”（{header}），请从原模板补回这一列。"
    )
    TEMPLATE_FIELD_TWICE = Rule(
        "template_field_twice", _E, "模板列重复", "字段代码“{found}”出现了两次，请删去多出的一列。"
    )
    TEMPLATE_FIELD_UNKNOWN = Rule(
        "template_field_unknown", _W, "模板多出的列", "没有“{found}”这个字段，这一列不会带到填报表中。"
    )
    TEMPLATE_SHEET_UNKNOWN = Rule("template_sheet_unknown", _W, "模板多出的工作表", "工作表“{found}”不会带到填报表中。")
    TEMPLATE_HEADER_CHANGED = Rule(
        "template_header_changed",
        _W,
        "模板表头改动",
        "表头改成了“{found}”，填报表中仍为“{expected}”；表头文字由系统统一。",
    )
    TEMPLATE_NOT_CARRIED = Rule(
        "template_not_carried", _W, "模板内容不带出", "{found}不会带到填报表中，请删去或改用单元格样式。"
    )
    TEMPLATE_PLACEHOLDER = Rule(
        "template_placeholder", _W, "模板占位内容", "“{found}”不会被替换，可用的有：{expected}。"
    )

    @property
    def rule(self) -> Rule:
        """The catalogue's line."""
        return self.value


def quoted(text: str) -> str:
    """A name in quotation marks; those inside it become single ones."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: `cell` as in `K8` ("" for a whole sheet or file), `name` the row's own name."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    name: str = ""

    @property
    def row(self) -> int:
        """The row number (first row 1), 0 where the place is no cell."""
        return int("".join(c for c in self.cell if c.isdigit()) or 0)

    @property
    def spoken(self) -> str:
        """The beginning of a message: `第8行“技术交易总额”`."""
        row = f"第{self.row}行" if self.row else ""
        return row + quoted(self.name) if self.name else row


@dataclass(frozen=True)
class Finding:
    """One fault found in one place; `value` is what stood there, as typed."""

    code: Code
    severity: Severity
    file: str
    sheet: str
    cell: str
    value: str
    message: str

    @property
    def is_error(self) -> bool:
        """True where the row or the file stays out."""
        return self.severity is Severity.ERROR


def finding(
    code: Code, place: Place, value: object = "", severity: Severity | None = None, **fields: object
) -> Finding:
    """The finding of a code at a place, its message made from the catalogue's text and the fields it names.

    `severity` is the catalogue's unless given.
    """
    rule = code.rule
    text = rule.text.format(**{"found": value, "value": value, **fields})
    message = f"{place.spoken}：{text}" if place.spoken else text
    typed = "" if value is None else str(value)
    return Finding(code, severity or rule.severity, place.file, place.sheet, place.cell, typed, message)


_ORDER = {code: n for n, code in enumerate(Code)}


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings as people should meet them: errors first, then cell by cell, in a cell by gate."""
    severities = list(Severity)

    def key(f: Finding) -> tuple[int, str, int, int, str, int]:
        return severities.index(f.severity), f.sheet, Place(cell=f.cell).row, len(f.cell), f.cell, _ORDER[f.code]

    return sorted(dict.fromkeys(findings), key=key)


def capped(findings: Sequence[Finding]) -> list[Finding]:
    """Findings with no more than a readable number of one kind on one sheet; the last of them says how many more."""
    kinds = Counter((f.code, f.severity, f.sheet) for f in findings)
    seen: Counter[tuple[Code, Severity, str]] = Counter()
    kept = []
    for f in findings:
        kind = (f.code, f.severity, f.sheet)
        seen[kind] += 1
        if seen[kind] == _MANY and kinds[kind] > _MANY:
            kept.append(replace(f, message=f"{f.message}另有{kinds[kind] - _MANY}处同样的情况，不再逐一列出。"))
        elif seen[kind] <= _MANY:
            kept.append(f)
    return kept


def has_errors(findings: Iterable[Finding]) -> bool:
    """True if any of them keeps something out."""
    return any(f.is_error for f in findings)
