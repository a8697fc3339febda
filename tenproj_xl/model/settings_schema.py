"""Declaration of the tables of 设置.xlsx: parameters with defaults and bounds, sheets, examples."""

from collections.abc import Mapping, Sequence

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.policy import LEVELS
from tenproj_xl.core.rhythms import Rhythm
from tenproj_xl.model.folders import Taking
from tenproj_xl.model.mail_schema import MAIL_PARAMETERS, MAIL_SHEET
from tenproj_xl.model.parameters import Parameter


class DayKind(LabelledCode):
    """What a day of 放假调休 is."""

    OFF = "off", "放假"
    WORKED = "worked", "调休上班"


BEFORE_DAYS_OFF, AFTER_DAYS_OFF = "节前", "节后"
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
BY_ROW, WHOLE = "逐行收取", "整份收取"
COUNTS_FIRST, LEAD_FIRST = "先计入", "核对后计入"
NOBODY = "无"
RHYTHM = Parameter(
    "cycle",
    "报送周期",
    Rhythm.WEEK.label,
    kind=Kind.CHOICE,
    choices=tuple(rhythm.label for rhythm in Rhythm),
    why="多久报送一次；改了以后，已经下发的各期不变",
)
PARAMETERS = (
    RHYTHM,
    Parameter("anchor", "首个报送期", "2026-W02", kind=Kind.PERIOD, why="每两周报送时，从这一期起隔周报送"),
    Parameter(
        "weekday",
        "截止日",
        "周五",
        kind=Kind.CHOICE,
        choices=WEEKDAYS,
        why="每周、每两周报送时，在一期最后一周的这一天截止",
    ),
    Parameter(
        "days_after",
        "期末后天数",
        "3",
        unit="天",
        low=-60,
        high=120,
        why="按旬、月、季、半年、年报送时，在一期结束后第几天截止；结束之前截止的填负数，如 -3",
        may_lack=True,
    ),
    Parameter(
        "moved",
        "截止日遇放假",
        BEFORE_DAYS_OFF,
        kind=Kind.CHOICE,
        choices=(BEFORE_DAYS_OFF, AFTER_DAYS_OFF),
        why="节前：提前到放假前最后一个工作日；节后：顺延到放假后第一个工作日",
        may_lack=True,
    ),
    Parameter("hour", "截止时刻", "17:00", kind=Kind.TEXT, why="24小时制，如 17:00"),
    Parameter(
        "channel",
        "报送渠道",
        "邮件附件",
        kind=Kind.TEXT,
        why="填报表和回信上写明用什么发回，如 邮件附件、浙政钉",
        may_lack=True,
    ),
    Parameter(
        "brief_report",
        "简报报",
        "总召集人",
        kind=Kind.TEXT,
        why="简报末尾“报：”后面写什么，几个用顿号隔开",
        may_lack=True,
    ),
    Parameter(
        "brief_send",
        "简报送",
        "各专班召集人",
        kind=Kind.TEXT,
        why="简报末尾“送：”后面写什么",
        may_lack=True,
    ),
    Parameter(
        "brief_issue",
        "简报发",
        "各牵头单位、责任单位",
        kind=Kind.TEXT,
        why="简报末尾“发：”后面写什么",
        may_lack=True,
    ),
    Parameter("zone", "时区", "Asia/Shanghai", kind=Kind.TEXT, why="截止时间按此时区计算"),
    Parameter(
        "slow",
        "略滞后界限",
        "5",
        unit="百分点",
        low=0,
        high=100,
        why="落后序时进度在此以内为略滞后，超出为滞后",
        former="略慢界限",
    ),
    Parameter(
        "slow_level",
        "存量比率略滞后界限",
        "2",
        unit="百分点",
        low=0,
        high=100,
        why="期末存量和比率类指标的略滞后界限",
        former="存量比率略慢界限",
    ),
    Parameter(
        "slow_rate",
        "增速略滞后界限",
        "1",
        unit="百分点",
        low=0,
        high=100,
        why="增速和比较类指标低于目标的略滞后界限",
        former="增速略慢界限",
    ),
    Parameter(
        "about", "左右界限", "5", unit="%", low=0, high=50, why="目标为“左右”时，上下相差在此以内为达标"
    ),
    Parameter(
        "soon_days",
        "临近时限天数",
        "14",
        unit="天",
        low=0,
        high=90,
        why="距时限在此以内为临近时限",
        former="临期天数",
    ),
    Parameter(
        "reply_days", "督办反馈天数", "7", unit="天", low=1, high=90, why="督办单反馈时限默认在本期末之后几天"
    ),
    Parameter(
        "historic_days",
        "历史未办结天数",
        "90",
        unit="天",
        low=1,
        high=3650,
        why="超期多于这些天的，在首页合并成一行“历史未办结”，在督办清单里排在最后",
        may_lack=True,
    ),
    Parameter("of_indicators", "指标权重", "40", low=0, high=100, why="晾晒排名中达到序时的指标所占的权重"),
    Parameter("of_tasks", "任务权重", "30", low=0, high=100, why="晾晒排名中按时推进的任务所占的权重"),
    Parameter("of_issues", "问题权重", "15", low=0, high=100, why="晾晒排名中按时解决的问题所占的权重"),
    Parameter("of_returns", "报送权重", "15", low=0, high=100, why="晾晒排名中按时报送所占的权重"),
    Parameter(
        "least_evaluable",
        "参加排名最少事项",
        "3",
        unit="项",
        low=1,
        high=100,
        why="可评价的指标和有节点、投资或时限的任务合计不足此数的专班，晾晒中列出而不排名",
        may_lack=True,
    ),
    Parameter(
        "objection_days",
        "得分异议期",
        "3",
        unit="工作日",
        low=1,
        high=30,
        why="得分核对稿发出后，单位在几个工作日内可以提异议；过后晾晒版才生成",
        may_lack=True,
    ),
    Parameter(
        "size_mb",
        "文件大小上限",
        "64",
        unit="MB",
        low=1,
        high=1024,
        why="大于此的不读取；正常填报表不到0.1MB",
    ),
    Parameter(
        "inflated_mb",
        "解压大小上限",
        "64",
        unit="MB",
        low=16,
        high=4096,
        why="解压后大于此的来件不读取，以防压缩炸弹",
    ),
    Parameter(
        "cells", "单元格数上限", "2000000", unit="个", low=1e4, high=1e7, why="从A1到最远一格大于此的不读取"
    ),
    Parameter(
        "seconds",
        "读取时间上限",
        "10",
        unit="秒",
        low=1,
        high=600,
        why="一个文件占用处理器超过此时间即放弃",
    ),
    Parameter(
        "memory_mb",
        "读取内存上限",
        "560",
        unit="MB",
        low=256,
        high=16384,
        why="读取文件的进程最多用这么多内存",
    ),
    Parameter(
        "taking",
        "收取方式",
        BY_ROW,
        kind=Kind.CHOICE,
        choices=(BY_ROW, WHOLE),
        why="逐行：没有错误的行先计入；整份：有一处错误，整份等更正",
    ),
    Parameter(
        "lead_check",
        "牵头核对",
        COUNTS_FIRST,
        kind=Kind.CHOICE,
        choices=(COUNTS_FIRST, LEAD_FIRST),
        why="按单位发表时，单位报的行先计入、牵头单位退回的再撤下，还是牵头单位核对同意后才计入",
        may_lack=True,
    ),
    Parameter(
        "shared_group",
        "共用组",
        NOBODY,
        kind=Kind.TEXT,
        why="几个人在同一台Linux、UOS电脑上共用台账的，填他们所在的用户组；一个人用的填“无”。Windows上不起作用",
        may_lack=True,
    ),
    Parameter(
        "questions",
        "每封信疑问数",
        "3",
        unit="处",
        low=1,
        high=20,
        why="一封信里最多请单位核对几处疑问，先问最要紧的，其余的在待核实清单里由办公室核对",
        may_lack=True,
    ),
    Parameter(
        "letter_figures",
        "信函含数字",
        YesNo.YES.label,
        kind=Kind.CHOICE,
        choices=tuple(answer.label for answer in YesNo),
        why="填“否”的，信里不写单位报的数和目标，要核对的只写是哪一格、怎么办；发到微信等工作群的宜填“否”",
        may_lack=True,
    ),
    Parameter(
        "jump", "数值突变倍数", "10", unit="倍", low=2, high=1000, why="与上次相差达到此倍数时提请核对"
    ),
)

PARAMETER_SHEET = Sheet(
    "parameters",
    "参数",
    (
        Column("name", "参数", Fill.OFFICE, width=18),
        Column("value", "取值", Fill.OFFICE, width=18),
        Column("unit", "单位", Fill.OFFICE, width=9),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=60),
    ),
)
CALENDAR_SHEET = Sheet(
    "calendar",
    "报送日历",
    (
        Column("period", "期", Fill.OFFICE, Kind.PERIOD, width=12, advice="填写期号，如 2026-W48"),
        Column("owed", "是否报送", Fill.OFFICE, Kind.CHOICE, width=10, choices=tuple(YesNo)),
        Column("deadline", "截止日期", Fill.OFFICE, Kind.DATE, width=13),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
)
DAYS_OFF_SHEET = Sheet(
    "days_off",
    "放假调休",
    (
        Column("date", "日期", Fill.OFFICE, Kind.DATE, width=13),
        Column("kind", "类型", Fill.OFFICE, Kind.CHOICE, width=11, choices=tuple(DayKind)),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
    may_lack=True,
)
EXTENSION_SHEET = Sheet(
    "extensions",
    "延期报送",
    (
        Column(
            "whose",
            "单位",
            Fill.OFFICE,
            width=22,
            advice="填写单位或专班编号；几个用顿号隔开，都延的填“全部”",
        ),
        Column("period", "期", Fill.OFFICE, Kind.PERIOD, width=12, advice="填写期号，如 2026-W48"),
        Column("until", "延至", Fill.OFFICE, Kind.DATE, width=13),
        Column("why", "依据", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
    may_lack=True,
)
_DATA_PERIOD = Column(
    "period",
    "数据所属期",
    Fill.OFFICE,
    Kind.PERIOD,
    width=12,
    advice="填写年、季或月，如 2026、2026-Q3、2026-10",
)
RELEASE_SHEET = Sheet(
    "releases",
    "数据发布日历",
    (
        Column(
            "whose",
            "指标",
            Fill.OFFICE,
            width=22,
            advice="填写指标编号或数据报送单位；几个用顿号隔开，都一样的填“全部”",
        ),
        _DATA_PERIOD,
        Column("on", "公布日期", Fill.OFFICE, Kind.DATE, width=13),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
    may_lack=True,
)
RANKING_SHEET = Sheet(
    "rankings",
    "上级排名",
    (
        Column(
            "whose",
            "排什么",
            Fill.OFFICE,
            width=26,
            advice="填写指标编号或名称；综合排名、考评填名称，如“综合排名”",
        ),
        _DATA_PERIOD,
        Column("rank", "名次", Fill.OFFICE, Kind.NUMBER, width=8),
        Column(
            "of",
            "参加排名数",
            Fill.OFFICE,
            Kind.NUMBER,
            width=11,
            advice="填写几家参加排名；空着的，按工作计划",
        ),
        Column("score", "得分", Fill.OFFICE, Kind.NUMBER, width=9),
        Column("why", "依据", Fill.OFFICE, Kind.LONG_TEXT, width=50, advice="填写通报、文件的名称和日期"),
    ),
    may_lack=True,
)
FOLDER_SHEET = Sheet(
    "folders",
    "收件夹",
    (
        Column(
            "folder",
            "文件夹",
            Fill.OFFICE,
            width=44,
            advice="填写文件夹的位置，如 D:\\专班回表、\\\\服务器\\共享\\回表；相对位置从工作区算起",
        ),
        Column(
            "taking",
            "方式",
            Fill.OFFICE,
            Kind.CHOICE,
            width=9,
            choices=tuple(Taking),
            advice="专放回表、收完移走的填“取走”；还有别的文件、一个也不能动的填“旁看”",
        ),
        Column("channel", "渠道", Fill.OFFICE, width=12),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
    may_lack=True,
)
RULE_SHEET = Sheet(
    "rules",
    "规则",
    (
        Column("rule", "规则", Fill.OFFICE, width=22, advice="填写 tenproj rules 列出的名称或代码"),
        Column("severity", "级别", Fill.OFFICE, Kind.CHOICE, width=10, choices=tuple(LEVELS)),
        Column("trial", "试行至", Fill.OFFICE, Kind.DATE, width=13),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
)
EXEMPTION_SHEET = Sheet(
    "exemptions",
    "豁免",
    (
        Column("rule", "规则", Fill.OFFICE, width=22, advice="填写 tenproj rules 列出的名称或代码"),
        Column(
            "whose",
            "对象",
            Fill.OFFICE,
            width=22,
            advice="填写单位、专班编号或行的编号，如 Z03-05；几个用顿号隔开，都适用的填“全部”",
        ),
        Column("until", "截止日期", Fill.OFFICE, Kind.DATE, width=13),
        Column("why", "原因", Fill.OFFICE, Kind.LONG_TEXT, width=50),
    ),
)
SETTING_SHEETS = (
    PARAMETER_SHEET,
    FOLDER_SHEET,
    CALENDAR_SHEET,
    DAYS_OFF_SHEET,
    EXTENSION_SHEET,
    RELEASE_SHEET,
    RANKING_SHEET,
    RULE_SHEET,
    EXEMPTION_SHEET,
    MAIL_SHEET,
)

EXAMPLES: Mapping[str, Sequence[Sequence[str | None]]] = {
    FOLDER_SHEET.code: (
        ("D:\\聊天文件", Taking.WATCHED.label, "浙政钉", "浙政钉接收文件的位置"),
        ("E:\\回表", Taking.EMPTIED.label, "U盘", None),
    ),
    CALENDAR_SHEET.code: (
        ("2026-W40", YesNo.NO.label, None, "国庆长假"),
        ("2026-W41", YesNo.YES.label, "2026-10-12", "国庆后顺延"),
    ),
    RULE_SHEET.code: (
        ("累计数下降", "错误", None, "核减须先报告"),
        ("日期先后", None, "2026-12-31", "试行到年底"),
    ),
    DAYS_OFF_SHEET.code: (
        ("2027-02-05", DayKind.OFF.label, "春节"),
        ("2027-02-20", DayKind.WORKED.label, "春节调休"),
    ),
    EXTENSION_SHEET.code: (("区科技局", "2026-W48", "2026-12-01", "统计数据推迟发布，经办公室同意"),),
    RELEASE_SHEET.code: (
        ("Z03-04", "2026-10", "2026-11-20", None),
        ("全部", "2026-Q3", "2026-10-28", "市统计局统一发布"),
    ),
    RANKING_SHEET.code: (
        ("Z03-05", "2026-10", "4", "13", None, "市统计局11月通报"),
        ("综合排名", "2026-Q3", "5", None, "87.2", "市晾晒通报2026年第3期"),
    ),
    EXEMPTION_SHEET.code: (("应报未报", "03", "2026-12-31", "月报改为年报"),),
}
"""Example lines, by sheet code, for the sheets that begin empty."""


def example_sentences(sheet: Sheet) -> list[str]:
    """Return a sentence for each example line of a sheet: `例：期填“2026-W40”，是否报送填“否”`."""
    sentences = []
    for line in EXAMPLES.get(sheet.code, ()):
        cells = zip(sheet.columns, line, strict=True)
        parts = [f"{column.header}填“{cell}”" for column, cell in cells if cell]
        sentences.append("例：" + "，".join(parts))
    return sentences


def default_rows() -> dict[str, Rows]:
    """Return the tables of a fresh 设置.xlsx, by sheet title, each under its headers."""
    tables: dict[str, Rows] = {}
    for sheet in SETTING_SHEETS:
        rows: list[Sequence[object]] = [[column.header for column in sheet.columns]]
        if sheet is PARAMETER_SHEET:
            rows += [[p.name, p.default, p.unit, p.why] for p in PARAMETERS]
        elif sheet is MAIL_SHEET:
            rows += [[p.name, p.default, p.why] for p in MAIL_PARAMETERS]
        tables[sheet.name] = rows
    return tables
