"""填报说明: the cover of a form. It says what is asked, by when and of whom, and takes what holds for the whole form.

Reads: a `Form` and the look of its cover. Gives: one drawn sheet.
"""

from collections.abc import Sequence
from dataclasses import replace

from tenproj_xl.cells import address
from tenproj_xl.content import Form
from tenproj_xl.drawing import Page, height_for
from tenproj_xl.formulas import self_check
from tenproj_xl.inputs import input_rule
from tenproj_xl.layout import Draft, Mark, deadline_name, filled_in
from tenproj_xl.look import ADVICE, INPUT, LABEL, Look, Part, Style
from tenproj_xl.sheets import COVER, ISSUES, Column, Kind

GAP_COLOUR = "#F8CBAD"
"""The ground of an input that is required and still blank."""
_FIELDS = (LABEL, INPUT, ADVICE)
_LABEL_COLUMN, _INPUT_COLUMN, _ADVICE_COLUMN = 1, 2, 3
_ROOMY = 96.0


def instructions(form: Form) -> list[str]:
    """What the cover says, point by point."""
    contact = f"（{form.programme.contact}）" if form.programme.contact else ""
    office = (form.programme.office or "总专班办公室") + contact
    due = deadline_name(form)
    indicators = sum(row.asked for row in form.part("indicators").rows)
    tasks = len(form.part("tasks").rows)
    issues = sum(bool(row.code) for row in form.part("issues").rows)
    if form.task_force.involved:
        request = f"请牵头单位组织各数据报送单位填报，于{due}前将本工作簿以邮件附件报送{office}。"
    else:
        request = f"本专班不涉及，不要求报送；如有配合事项，可于{due}前将本工作簿以邮件附件报送{office}。"
    return [
        f"专班：{form.task_force.code} {form.task_force.name}；牵头单位：{form.lead}。",
        request,
        f"本期应报指标{indicators}项、任务{tasks}项、在办问题{issues}项；新问题请填在“{ISSUES.name}”的空行中。",
        *form.news,
        "“本期应报”标明“应报”的指标，请填最新数值、数据所属期和数据性质；“未到发布期”的不必填写。",
        "没有数的单元格请留空，不要填0。本期确无更新的，在下方“零报告”处选“是”，仍请发回。",
        "请勿增删行列、改动锁定的内容；行高、列宽可以调整，可以筛选。以前年度的目标列已折叠，需要时可取消隐藏。",
        "严禁填报涉密信息。本表为内部资料，请注意保管。",
    ]


def legend(look: Look, *, correcting: bool) -> list[tuple[str, Style, str]]:
    """Who fills what: a word, the style it stands in, and what it means."""
    table = look.sheets["indicators"]
    entries = [
        ("单位填报", table.style(Part.OPEN, "value"), "由填报单位填写；已带出上次内容的，有变化时修改"),
        ("系统带出", table.style(Part.OPEN, "code"), "由办公室和系统填好，已锁定"),
        ("自动计算", table.style(Part.OPEN, "share"), "按填报数自动计算，已锁定"),
        ("必填未填", table.style(Part.OPEN, "value").filled(GAP_COLOUR), "相关内容已填，这里还需要填写"),
    ]
    if correcting:
        entries += [
            ("待更正", table.style(Part.ERROR, "value"), "填写有误，请按批注更正"),
            ("请核对", table.style(Part.WARNING, "value"), "请核对；无误的不必改动"),
        ]
    return [(word, replace(style, horizontal="center", number_format="@"), text) for word, style, text in entries]


class Cover:
    """The cover while it is drawn, line by line from the top."""

    def __init__(self, page: Page, draft: Draft) -> None:
        self.page, self.draft, self.look = page, draft, draft.cover
        self.row = 0
        self.widths = {field: self.look.width(field) for field in _FIELDS}

    def across(self, text: str, part: Part) -> None:
        """Draw a text over all columns, as high as it needs."""
        style = self.look.style(part, LABEL)
        self.page.merged(self.row, (_LABEL_COLUMN, _ADVICE_COLUMN), text, style)
        self._end([(text, sum(self.widths.values()), style)], part)

    def explained(self, word: str, style: Style, text: str, formula: str = "") -> None:
        """Draw a word in its style and, over the other columns, what it means, which may be a formula."""
        plain = replace(self.look.style(Part.ENTRY, ADVICE), horizontal="")
        self.page.write(self.row, _LABEL_COLUMN, word, style)
        self.page.merged(self.row, (_INPUT_COLUMN, _ADVICE_COLUMN), text, plain)
        if formula:
            self.page.formula(self.row, _INPUT_COLUMN, formula, text, plain)
        self._end([(text, self.widths[INPUT] + self.widths[ADVICE], plain)], Part.BODY)

    def entry(self, column: Column, mark: Mark | None) -> str:
        """Draw one input line; its address."""
        label, style, advice = (self.look.style(Part.ENTRY, field) for field in _FIELDS)
        style = replace(style, number_format="yyyy-mm-dd" if column.kind is Kind.DATE else "@", wrap=True)
        if mark:
            loud = self.draft.look.sheets["indicators"].style(mark.part, "name")
            style = replace(style.filled(loud.fill), borders=loud.borders, colour=loud.colour)
        value = self.draft.form.cover.get(column.field)
        hint = column.how + "。"
        self.page.write(self.row, 0, column.field, label)
        self.page.write(self.row, _LABEL_COLUMN, column.header, label)
        self.page.write(self.row, _INPUT_COLUMN, value, style, locked=False)
        self.page.write(self.row, _ADVICE_COLUMN, hint, advice)
        cell = self.row, _INPUT_COLUMN
        self.page.call("data_validation", *cell, *cell, input_rule(column, column.choices, self.draft.known))
        if mark:
            self.page.note(*cell, mark.message)
        texts = [(str(value or ""), self.widths[INPUT], style), (hint, self.widths[ADVICE], advice)]
        self._end(texts, Part.ENTRY, _ROOMY if column.kind is Kind.LONG_TEXT else 0)
        return address(*cell)

    def _end(self, texts: Sequence[tuple[str, float, Style]], part: Part, least: float = 0) -> None:
        self.page.height(self.row, height_for(texts, max(least, self.look.heights[part])))
        self.row += 1


def draw_cover(page: Page, draft: Draft) -> dict[str, str]:
    """Draw the cover; the addresses of its inputs by field."""
    form, theme = draft.form, draft.cover
    page.width(0, 4, hidden=True)
    for n, field in enumerate(_FIELDS, 1):
        page.width(n, theme.width(field))
    cover = Cover(page, draft)
    cover.across("内部资料　注意保管", Part.HEADING)
    cover.across(filled_in(theme.title, form), Part.TITLE)
    cover.across(form.id_line, Part.ID)
    cover.across("一、填报要求", Part.HEADING)
    for n, text in enumerate(instructions(form), 1):
        cover.across(f"{n}. {text}", Part.BODY)
    cover.across("二、颜色说明", Part.HEADING)
    for word, style, text in legend(draft.look, correcting=bool(draft.marks)):
        cover.explained(word, style, text)
    cover.across("三、填报信息", Part.HEADING)
    marks = draft.marks_on(COVER.code)
    places = {c.field: cover.entry(c, marks.get(("", c.field))) for c in COVER.columns}
    cover.across("四、填报自查（自动统计）", Part.HEADING)
    for grid in draft.grids.values():
        formula, text = self_check(form, grid.span)
        cover.explained(grid.part.sheet.name, theme.style(Part.ENTRY, LABEL), text, formula)
    _set_up(page, draft, cover.row - 1)
    return places


def _set_up(page: Page, draft: Draft, last: int) -> None:
    look = draft.cover
    page.call("print_area", 0, _LABEL_COLUMN, last, _ADVICE_COLUMN)
    page.call("set_zoom", look.zoom)
    if not look.gridlines:
        page.call("hide_gridlines", 2)
    page.print_as(look.printing, *draft.running(look))
    page.protect()
