"""填报说明: the cover of a form: what is asked, by when and of whom, and the inputs about the whole form.

Reads: a `Form` and the look of its cover. Gives: one drawn sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tenproj_xl.core.answers import YesNo
from tenproj_xl.core.blocks import Block
from tenproj_xl.core.cells import address
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import Column, Kind
from tenproj_xl.core.sheets import CHECK, COVER, ISSUES
from tenproj_xl.excel.look import ADVICE, INPUT, LABEL, Look, Part
from tenproj_xl.excel.style import Style, row_height
from tenproj_xl.excel.writer import SheetWriter
from tenproj_xl.forms.check_conditions import Flag, Step
from tenproj_xl.forms.form import Form
from tenproj_xl.forms.inputs import input_rule
from tenproj_xl.forms.layout import Draft, Mark, deadline_name, titled
from tenproj_xl.forms.selfcheck import counted, first_fault, sentence
from tenproj_xl.model.units import Recipient

GAP_COLOUR, OTHERS_COLOUR = "#F8CBAD", "#EDEDED"
"""The background of an input that 自检 names, and of a row that another unit fills in."""
_FIELDS = (LABEL, INPUT, ADVICE)
_LABEL_COLUMN, _INPUT_COLUMN, _ADVICE_COLUMN = 1, 2, 3
_ROOMY = 96.0
_LINK_COLOUR = "#1F4E9E"
_HOW = (
    "各表的“自检”一栏随填随算：“✓”可以报送；“缺”“晚于”等请补填、更正；"
    "“待核”是表格自己判断不了，请按提示的格式重填。"
)
_MEND = "点左边的表名或上面的行号，逐行更正后再发送。"
_COMPLETE = "没有发现错误；未填的请补填，暂时没有数的可以照此发送。"
_SIGNED = "已填好"
_SIGN = "没有发现错误；请补上填报信息再发送。"
_READY = "✓ 可以发送。"
_EXAMPLE_READY = "✓ 填报表填到这样，就可以发送；示例不用发送。"
_EXAMPLE = (
    "这是填报示例，数据均为虚构，只供对照填法，各格已锁定。"
    "请在下发的填报表中填写；示例不用填、不用发回，发回的一律不接收。"
)
_NIL = "✓ 零报告，可以发送。"
_NO_NIL = "选了零报告，表中却填了内容：有更新的请改选“否”。"
_BLANK = "三张表都还没有填写；本期确无更新的，“零报告”请选“是”。"
_NOT_OWED = "不要求报送，可以不报。"


def instructions(form: Form) -> list[str]:
    """Return the instructions on the cover, point by point."""
    by = f"用{form.settings.channel}报送{form.programme.whom_to_ask}"
    if not form.settings.calendar.is_called_off(form.period.code):
        by = f"于{deadline_name(form)}前{by}"
    indicators = sum(row.asked for row in form.part("indicators").own)
    tasks = sum(row.asked for row in form.part("tasks").own)
    issues = sum(bool(row.code) for row in form.part("issues").own)
    asked = "本期应报" if form.recipient.involved else "可报"
    how = "“本期应报”标明“应报”的指标，请填最新数值、数据所属期和数据性质；不必填报的各行排在最下面。"
    blocks = {row.block for row in form.part("indicators").own}
    if Block.FINAL in blocks:
        how += "“待核定”各行要的是往期目标的统计核定数，有了再填，没有的空着。"
    if Block.CORRECTIONS in blocks:
        how += "以前报的数要更正的，填在“更正”各空行。"
    return [
        *([_EXAMPLE] if form.is_example else []),
        _addressed(form.recipient, form.liaisons),
        _request(form.recipient).format(by=by),
        f"{asked}指标{indicators}项、任务{tasks}项、在办问题{issues}件；新问题请填在“{ISSUES.name}”的空行中。",
        *form.news,
        how,
        "没有数的单元格请留空，不要填0。本期确无更新的，在下方“零报告”处选“是”，仍请发回。",
        "请勿增删行列、改动锁定的内容；行高、列宽可以调整，可以筛选。右侧不常用的各列不打印，需要时填写。",
        "严禁填报涉密信息。本表为内部资料，请注意保管。",
    ]


def _addressed(recipient: Recipient, liaisons: str) -> str:
    named = ""
    if liaisons:
        named = f"；联络员：{liaisons}"
    if not recipient.by_unit:
        name = recipient.labelled.removesuffix("。")
        conveners = "、".join(recipient.task_forces[0].conveners)
        if conveners:
            named = f"；召集人：{conveners}{named}"
        return f"{name}；牵头单位：{recipient.printed}{named}。"
    forces = "、".join(t.code for t in recipient.task_forces)
    others = ""
    if recipient.leads:
        whose = "其他单位、科室" if recipient.section else "其他单位"
        others = f"；牵头专班中由{whose}填报的行列在最后，灰色，供了解，不必填写"
    return f"{recipient.labelled}；所在专班：{forces}{named}。各行属于哪个专班见“工程专班”列{others}。"


def _request(recipient: Recipient) -> str:
    """Return what is asked of a recipient; `{by}` stands for when and where to."""
    if recipient.by_unit and not recipient.involved:
        whose = "本科室" if recipient.section else "本单位"
        return f"{whose}没有应报的内容；如有配合事项，可{{by}}。"
    if not recipient.involved:
        return "本专班不涉及，不要求报送；如有配合事项，可{by}。"
    if recipient.section:
        return "请填报本科室的各行，{by}；其他科室、单位的行不必填写，本表请勿转交其他科室、单位。"
    if recipient.by_unit:
        return "请填报本单位的各行，{by}；其他单位的行不必填写，本表请勿转交其他单位。"
    return "请牵头单位组织各数据报送单位填报，{by}。"


def legend(look: Look, *, correcting: bool, others: bool) -> list[tuple[str, Style, str]]:
    """Return the legend of who fills what: a word, the style it stands in, and what it means."""
    table = look.sheets["indicators"]
    entries = [
        ("单位填报", table.style(Part.OPEN, "value"), "由填报单位填写；已带出上次内容的，有变化时修改"),
        ("系统带出", table.style(Part.OPEN, "code"), "由办公室和系统填好，已锁定"),
        ("自动计算", table.style(Part.OPEN, "share"), "按填报数自动计算，已锁定"),
        (
            "自检点名",
            table.style(Part.OPEN, "value").filled(GAP_COLOUR),
            "“自检”一栏提到的单元格：要补填、更正或核对",
        ),
    ]
    if others:
        entries.append(
            ("他人填报", table.style(Part.NOT_DUE, "code").filled(OTHERS_COLOUR), "由其他单位填报，供了解")
        )
    if correcting:
        entries += [
            ("待更正", table.style(Part.ERROR, "value"), "填写有误，请按批注更正"),
            ("请核对", table.style(Part.WARNING, "value"), "请核对；无误的不必改动"),
        ]
    return [
        (word, replace(style, horizontal="center", number_format="@"), text) for word, style, text in entries
    ]


class Cover:
    """The cover while it is written, line by line from the top."""

    def __init__(self, page: SheetWriter, draft: Draft) -> None:
        self.page, self.draft, self.look = page, draft, draft.cover
        self.row = 0
        self.widths = {field: self.look.width(field) for field in _FIELDS}

    def across(self, text: str, part: Part) -> None:
        """Write a text over all columns, as high as it needs."""
        style = self.look.style(part, LABEL)
        self.page.write_across(self.row, (_LABEL_COLUMN, _ADVICE_COLUMN), text, style)
        self._end([(text, sum(self.widths.values()), style)], part)

    def explained(self, word: str, style: Style, text: str) -> None:
        """Write a word in its style and, over the other columns, what it means."""
        plain = replace(self.look.style(Part.ENTRY, ADVICE), horizontal="")
        self.page.write(self.row, _LABEL_COLUMN, word, style)
        self.page.write_across(self.row, (_INPUT_COLUMN, _ADVICE_COLUMN), text, plain)
        self._end([(text, self.widths[INPUT] + self.widths[ADVICE], plain)], Part.BODY)

    def entry(self, column: Column, mark: Mark | None) -> str:
        """Write one input line and return the input's address."""
        label, style, advice = (self.look.style(Part.ENTRY, field) for field in _FIELDS)
        number_format, least = "@", 0.0
        if column.kind is Kind.DATE:
            number_format = "yyyy-mm-dd"
        elif column.kind is Kind.LONG_TEXT:
            least = _ROOMY
        style = replace(style, number_format=number_format, wrap=True)
        if mark:
            loud = self.draft.look.sheets["indicators"].style(mark.part, "name")
            style = replace(style.filled(loud.fill), borders=loud.borders, colour=loud.colour)
        value = self.draft.form.cover.get(column.field)
        hint = column.how + "。"
        self.page.write(self.row, 0, column.field, label)
        self.page.write(self.row, _LABEL_COLUMN, column.header, label)
        self.page.write(self.row, _INPUT_COLUMN, value, style, locked=self.draft.form.is_example)
        self.page.write(self.row, _ADVICE_COLUMN, hint, advice)
        cell = self.row, _INPUT_COLUMN
        self.page.sheet.data_validation(
            *cell, *cell, input_rule(column, column.choice_labels, self.draft.known)
        )
        if mark:
            self.page.note(*cell, mark.message)
        texts = [(str(label_of(value) or ""), self.widths[INPUT], style), (hint, self.widths[ADVICE], advice)]
        self._end(texts, Part.ENTRY, least)
        return address(*cell)

    def counted(self, name: str, count: Step, advice: Step | None = None, link: str = "") -> None:
        """Write one line of the check: a name (with a link to a place), the count, and what to do."""
        label, plain, more = (self.look.style(Part.ENTRY, field) for field in _FIELDS)
        plain = replace(plain, fill="", pattern=0, wrap=True, number_format="General")
        more = replace(more, wrap=True)
        self.page.write(self.row, _LABEL_COLUMN, name, label)
        if link:
            linked = replace(label, colour=_LINK_COLOUR, underline=1)
            self.page.link(self.row, _LABEL_COLUMN, link, linked, name, f"转到{name}")
            more = replace(more, colour=_LINK_COLOUR, underline=1)
        self.page.formula(self.row, _INPUT_COLUMN, count.formula, count.shown, plain)
        if advice is None:
            self.page.write(self.row, _ADVICE_COLUMN, None, more)
        else:
            self.page.formula(self.row, _ADVICE_COLUMN, advice.formula, advice.shown, more)
        self._end([(str(count.shown), self.widths[INPUT], plain)], Part.ENTRY, _ROOMY / 2)

    def _end(self, texts: Sequence[tuple[str, float, Style]], part: Part, least: float = 0) -> None:
        self.page.height(self.row, row_height(texts, max(least, self.look.heights[part])))
        self.row += 1


def write_cover(page: SheetWriter, draft: Draft) -> dict[str, str]:
    """Write the cover and return the addresses of its inputs by field."""
    form, theme = draft.form, draft.cover
    page.width(0, 4, hidden=True)
    for n, field in enumerate(_FIELDS, 1):
        page.width(n, theme.width(field))
    cover = Cover(page, draft)
    cover.across("内部资料　注意保管", Part.HEADING)
    cover.across(titled(theme, form), Part.TITLE)
    cover.across("一、填报要求", Part.HEADING)
    for n, text in enumerate(instructions(form), 1):
        cover.across(f"{n}. {text}", Part.BODY)
    cover.across("二、颜色说明", Part.HEADING)
    others = any(row.of_others for row in form.rows)
    for word, style, text in legend(draft.look, correcting=bool(draft.marks), others=others):
        cover.explained(word, style, text)
    cover.across("三、填报信息", Part.HEADING)
    marks = draft.marks_on(COVER.code)
    places = {c.field: cover.entry(c, marks.get(("", c.field))) for c in COVER.columns}
    cover.across("四、发送前自检（自动统计）", Part.HEADING)
    cover.across(_HOW, Part.BODY)
    _write_check(cover, places)
    _set_up(page, draft, cover.row - 1)
    return places


def _write_check(cover: Cover, places: Mapping[str, str]) -> None:
    """Write the form's check of itself: each sheet, the cover, and what to do."""
    draft = cover.draft
    checks = [c for c in draft.check.sheets.values() if c.rows]
    for check in checks:
        name = check.span.part.sheet.name
        link = f"'{name}'!{address(check.span.first, check.span.columns[CHECK])}"
        cover.counted(name, sentence([check], "本表"), first_fault(check), link)
    gaps = _gaps(draft.form, places)
    cover.counted("填报信息", gaps)
    cell = address(cover.row - 1, _INPUT_COLUMN)
    cover.counted("合计", sentence(checks, "各表"), _advice(draft, cell, str(gaps.shown)))
    style = cover.page.book.file.add_format({"bg_color": GAP_COLOUR})
    area = cover.row - len(checks) - 2, _INPUT_COLUMN, cover.row - 1, _INPUT_COLUMN
    first = address(*area[:2])
    fine = f'ISNUMBER(FIND(" 0 行",{first}))'
    faulty = f'=OR(LEFT({first},1)="缺",AND(ISNUMBER(FIND("行未通过",{first})),NOT({fine})))'
    cover.page.sheet.conditional_format(*area, {"type": "formula", "criteria": faulty, "format": style})


def _gaps(form: Form, places: Mapping[str, str]) -> Step:
    """Return the list of what the cover itself still lacks."""
    tests, lacking = [], []
    for name in COVER.registers:
        header = COVER.column(name).header
        tests.append(f'IF(TRIM({places[name]})="","、{header}","")')
        if not form.cover.get(name):
            lacking.append(header)
    gaps = "&".join(tests)
    formula = f'=IF({gaps}="","{_SIGNED}","缺："&MID({gaps},2,99))'
    if not lacking:
        return Step(formula, _SIGNED)
    return Step(formula, "缺：" + "、".join(lacking))


def _advice(draft: Draft, cell: str, gaps: str) -> Step:
    """Return what to do next; `cell` says what the cover lacks, and shows `gaps` now."""
    checks = [check for check in draft.check.sheets.values() if check.rows]
    written = counted(checks, Flag.OPEN, Flag.DONE)
    opens, waiting = counted(checks, Flag.OPEN), counted(checks, Flag.UNREPORTED)
    blank = _BLANK if draft.form.recipient.involved else _NOT_OWED
    nil = draft.known.fact("nil")
    good = _EXAMPLE_READY if draft.form.is_example else _READY
    ready = f'IF({cell}="{_SIGNED}","{good}","{_SIGN}")'
    nil_ready = f'IF({cell}="{_SIGNED}","{_NIL}","{_SIGN}")'
    next_step = f'IF({opens.formula}>0,"{_MEND}",IF({waiting.formula}>0,"{_COMPLETE}",{ready}))'
    formula = (
        f'=IF({written.formula}=0,IF({nil}=1,{nil_ready},"{blank}"),IF({nil}=1,"{_NO_NIL}",{next_step}))'
    )
    is_nil, is_signed = draft.form.cover.get("nil_return") == YesNo.YES, gaps == _SIGNED
    match (written.shown > 0, is_nil):
        case (False, False):
            shown = blank
        case (False, True):
            shown = _NIL if is_signed else _SIGN
        case (True, True):
            shown = _NO_NIL
        case _ if opens.shown:
            shown = _MEND
        case _ if waiting.shown:
            shown = _COMPLETE
        case _:
            shown = good if is_signed else _SIGN
    return Step(formula, shown)


def _set_up(page: SheetWriter, draft: Draft, last: int) -> None:
    look = draft.cover
    page.sheet.print_area(0, _LABEL_COLUMN, last, _ADVICE_COLUMN)
    page.sheet.set_zoom(look.zoom)
    if not look.gridlines:
        page.sheet.hide_gridlines(2)
    page.print_as(look.printing, *draft.running(look))
    page.protect()
