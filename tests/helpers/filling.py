"""A form as a clerk has it open: filled in with openpyxl by sheet, row and field, and spoiled as people spoil it.

form = Filling(path)
form.write("indicators", "Z03-04", value=72.5, nature="部门统计")
form.write("issues", "+1", description="用地指标未落实")  # the first blank row for new issues
form.cover(filler="张三")
form.at("indicators", "Z03-04", "value")  # "Q8"
form.delete_column("tasks", "status")
form.save(inbox / "03.xlsx")
"""

import io
import os
import random
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from math import ceil, floor
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app.generate import generate
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.periods import read_period
from tenproj_xl.core.sheets import (
    ACHIEVED,
    COVER,
    EXPECTED,
    ISSUES,
    KEY,
    MACHINE_SHEET,
    REPORTED,
    TASKS,
    UNDERWAY,
    VERIFIED,
)
from tenproj_xl.forms.content import Form, FormRow, build_form
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.evaluate_indicators import COUNTED, UNBOUNDED, Mode, State, Yardstick, yardstick
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import of_task_force

TABS = {"indicators": "主要指标进度表", "tasks": TASKS.name, "issues": ISSUES.name}
SIGNED = {"filler": "张三", "phone": "0571-12345678", "reviewer": "李四", "signer": "王五"}
Answers = Mapping[tuple[str, str], Mapping[str, object]]
"""What a clerk writes: fields and values by sheet and row; rows of new issues are `+1`, `+2`, …"""


class Filling:
    """An open form. Rows go by their code or, for new issues, by `+1`, `+2`, …; fields by their code."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.book = load_workbook(path)
        self.instead: bytes | None = None
        self.identity = str(self.book.properties.subject)

    def tab(self, sheet: str) -> Worksheet:
        """The worksheet of a sheet's code or name."""
        found = self.book[TABS.get(sheet, sheet)]
        assert isinstance(found, Worksheet)
        return found

    # --- where things stand

    def head(self, sheet: str) -> int:
        """The number of the hidden row of field codes, counted from 1; headers stand below it, then the rows."""
        rows = self.tab(sheet).iter_rows(max_row=30, values_only=True)
        return next(n for n, row in enumerate(rows, 1) if {KEY, "code", "remark"} & set(row))

    def column(self, sheet: str, field: str) -> int:
        """The number of a field's column, counted from 1, by the hidden row of field codes."""
        return next(cell.column for cell in self.tab(sheet)[self.head(sheet)] if cell.value == field)

    def row(self, sheet: str, row: str) -> int:
        """The number of a row, counted from 1."""
        tab, key, code = self.tab(sheet), self.column(sheet, KEY), self.column(sheet, "code")
        numbers = [n for n in range(self.head(sheet) + 2, tab.max_row + 1) if tab.cell(n, key).value]
        if row.startswith("+"):
            return [n for n in numbers if not tab.cell(n, code).value][int(row) - 1]
        return next(n for n in numbers if tab.cell(n, code).value == row)

    def at(self, sheet: str, row: str, field: str) -> str:
        """The address of a cell."""
        return f"{get_column_letter(self.column(sheet, field))}{self.row(sheet, row)}"

    def codes(self, sheet: str) -> list[str]:
        """The codes of a sheet's rows, from the top."""
        tab, code = self.tab(sheet), self.column(sheet, "code")
        return [
            str(v) for n in range(self.head(sheet) + 2, tab.max_row + 1) if (v := tab.cell(n, code).value)
        ]

    def value(self, sheet: str, row: str, field: str) -> object:
        """What stands in a cell."""
        return self.tab(sheet)[self.at(sheet, row, field)].value

    def cover_at(self, field: str) -> str:
        """The address of a line's answer on 填报说明."""
        lines = self.tab(COVER.name).iter_rows(max_col=1, values_only=True)
        return f"C{next(n for n, (name,) in enumerate(lines, 1) if name == field)}"

    # --- what clerks write

    def write(self, sheet: str, row: str, **values: object) -> str:
        """Write into cells of a row; the address of the last one."""
        for field, value in values.items():
            self.put(sheet, self.at(sheet, row, field), value)
        return self.at(sheet, row, list(values)[-1])

    def put(self, sheet: str, cell: str, value: Any) -> str:
        """Write into a cell, whatever stands there; its address."""
        self.tab(sheet)[cell].value = value
        return cell

    def cover(self, **values: object) -> str:
        """Write answers on 填报说明; the address of the last one."""
        for field, value in values.items():
            self.put(COVER.name, self.cover_at(field), value)
        return self.cover_at(list(values)[-1])

    def answer(self, answers: Answers) -> "Filling":
        """Write all answers, and who filled the form in."""
        for (sheet, row), values in answers.items():
            self.write(sheet, row, **values)
        self.cover(**SIGNED)
        return self

    def save(self, path: Path, at: datetime | None = None) -> Path:
        """Save the form as if it had come in at a time, three hours before its deadline if none is given.

        The file never keeps the time of the test's run, which is late or not by the day.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.instead is None:
            self.book.save(path)
        else:
            path.write_bytes(self.instead)
        moment = (at or _in_time(self.identity)).timestamp()
        os.utime(path, (moment, moment))
        return path

    # --- how people spoil a form

    def become(self, data: bytes) -> None:
        """Send other bytes than the form's."""
        self.instead = data

    @property
    def data(self) -> bytes:
        """The form's bytes."""
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()

    def delete_sheet(self, *sheets: str) -> None:
        """Delete worksheets."""
        for sheet in sheets:
            del self.book[TABS.get(sheet, sheet)]

    def forget_whose_it_is(self) -> None:
        """Take away keys, identity lines, the machine's sheet, property, footers and names, so that nothing tells."""
        for sheet in (*TABS, COVER.name):
            for row in self.tab(sheet).iter_rows(max_row=3):
                for cell in row:
                    if re.match(r"\S+ \d{4}-W\d\d ", str(cell.value or "")):
                        cell.value = None
        for sheet in TABS:
            self.delete_column(sheet, "key", "key2")
        self.delete_sheet(MACHINE_SHEET)
        self.book.properties.subject = None
        self.book.defined_names.clear()
        for tab in self.book.worksheets:
            if (footer := tab.oddFooter) and footer.left:
                footer.left.text = None

    def rename_sheet(self, sheet: str, name: str) -> None:
        """Call a worksheet something else."""
        self.tab(sheet).title = name

    def copy_sheet(self, sheet: str, name: str) -> None:
        """Keep a second copy of a worksheet."""
        self.book.copy_worksheet(self.tab(sheet)).title = name

    def bring(self, other: "Filling", sheet: str, name: str = "") -> None:
        """Paste the cells of another form's worksheet into ours, or into a new worksheet of a name."""
        target = self.book.create_sheet(name) if name else self.tab(sheet)
        _clear(target)
        for cells in other.tab(sheet).iter_rows():
            for cell in cells:
                target.cell(cell.row or 1, cell.column or 1).value = cell.value

    def delete_row(self, sheet: str, row: str) -> None:
        """Delete a row."""
        self._grid(sheet).delete_rows(self.row(sheet, row))

    def insert_rows(self, sheet: str, before: int, count: int = 1) -> None:
        """Insert blank rows before one counted from 1."""
        self._grid(sheet).insert_rows(before, count)

    def copy_row(self, sheet: str, row: str) -> int:
        """Copy a whole row, token and all, to below the last one; its number."""
        tab, source = self.tab(sheet), self.row(sheet, row)
        last = tab.max_row + 1
        for cell in list(tab[source]):
            tab.cell(last, cell.column or 1).value = cell.value
        return last

    def append(self, sheet: str, **values: object) -> int:
        """Write below the last row; the row's number."""
        last = self.tab(sheet).max_row + 1
        for field, value in values.items():
            self.tab(sheet).cell(last, self.column(sheet, field)).value = value  # type: ignore[assignment]  # any value
        return last

    def delete_column(self, sheet: str, *fields: str) -> None:
        """Delete columns."""
        for field in fields:
            self._grid(sheet).delete_cols(self.column(sheet, field))

    def move_column(self, sheet: str, field: str, before: str) -> None:
        """Move a column to before another."""
        tab, source = self._grid(sheet), self.column(sheet, field)
        values = [tab.cell(r, source).value for r in range(1, tab.max_row + 1)]
        tab.delete_cols(source)
        target = self.column(sheet, before)
        tab.insert_cols(target)
        for r, value in enumerate(values, 1):
            tab.cell(r, target).value = value

    def copy_column(self, sheet: str, field: str) -> str:
        """Copy a column, header and all, to the right edge; the address of the second header."""
        tab, source = self.tab(sheet), self.column(sheet, field)
        last = tab.max_column + 1
        for r in range(1, tab.max_row + 1):
            if not isinstance(tab.cell(r, source), MergedCell):
                tab.cell(r, last).value = tab.cell(r, source).value
        return f"{get_column_letter(last)}{self.head(sheet) + 1}"

    def rename_header(self, sheet: str, field: str, header: str, *, codes_too: bool = False) -> None:
        """Type another header, and delete the hidden field code above it if wanted."""
        tab, column, head = self.tab(sheet), self.column(sheet, field), self.head(sheet)
        tab.cell(head + 1, column).value = header
        if codes_too:
            tab.cell(head, column).value = None

    def reorder(self, sheet: str, order: Iterable[str], only: Iterable[str] = ()) -> None:
        """Sort rows into an order of codes; with `only`, sort but the cells of those fields, as a partial sort does."""
        tab = self.tab(sheet)
        codes = list(order)
        sources = [self.row(sheet, code) for code in codes]
        columns = [self.column(sheet, f) for f in only] or list(range(1, tab.max_column + 1))
        values = [[tab.cell(r, c).value for c in columns] for r in sources]
        for target, row in zip(sorted(sources), values, strict=True):
            for c, value in zip(columns, row, strict=True):
                tab.cell(target, c).value = value

    def swap(self, sheet: str, one: str, other: str) -> None:
        """Swap two whole rows, tokens and all."""
        tab, first, second = self.tab(sheet), self.row(sheet, one), self.row(sheet, other)
        for column in range(1, tab.max_column + 1):
            upper, lower = tab.cell(first, column), tab.cell(second, column)
            upper.value, lower.value = lower.value, upper.value

    def shift_down(self, sheet: str, fields: Iterable[str]) -> None:
        """Paste a block of inputs one row too low."""
        tab = self.tab(sheet)
        first = self.row(sheet, self.codes(sheet)[0])
        for column in [self.column(sheet, f) for f in fields]:
            values = [tab.cell(r, column).value for r in range(first, tab.max_row + 1)]
            for r, value in enumerate([None, *values], first):
                tab.cell(r, column).value = value

    def _grid(self, sheet: str) -> Worksheet:
        """The worksheet without merged cells and filters, which openpyxl does not move along."""
        tab = self.tab(sheet)
        for merged in list(tab.merged_cells.ranges):
            tab.unmerge_cells(str(merged))
        tab.auto_filter.ref = None
        tab.print_area = ""
        return tab


def _in_time(identity: str) -> datetime:
    """Return three hours before the usual deadline (Friday, 17:00) of the period that an identity line names."""
    week = re.search(r"(\d{4})-W(\d\d)", identity)
    assert week, f"no period in {identity!r}"
    friday = date.fromisocalendar(int(week[1]), int(week[2]), 5)
    return datetime.combine(friday, time(14), ZoneInfo("Asia/Shanghai"))


def _clear(tab: Worksheet) -> None:
    for merged in list(tab.merged_cells.ranges):
        tab.unmerge_cells(str(merged))
    for cells in tab.iter_rows():
        for cell in cells:
            if not isinstance(cell, MergedCell):
                cell.value = None


def below(cell: str, rows: int = 1) -> str:
    """The address some rows below another."""
    letters = "".join(c for c in cell if c.isalpha())
    return f"{get_column_letter(column_index_from_string(letters))}{int(cell[len(letters) :]) + rows}"


def typed(form: Path, answers: Answers, **cover: object) -> bytes:
    """A form's bytes with answers typed into its cells, nothing else touched: fifty times faster than `Filling`."""
    at = _blank(form)
    parts: dict[str, dict[str, object]] = {
        COVER.name: {at.cover_at(f): v for f, v in {**SIGNED, **cover}.items()}
    }
    for (sheet, row), values in answers.items():
        parts.setdefault(TABS[sheet], {}).update({at.at(sheet, row, f): v for f, v in values.items()})
    names = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(at.book.sheetnames, 1)}
    file = io.BytesIO()
    with (
        zipfile.ZipFile(form) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, _with_cells(text, parts.get(names.get(name, ""), {})))
    return file.getvalue()


_blank = cache(Filling)


def _with_cells(xml: bytes, cells: Mapping[str, object]) -> bytes:
    def cell(match: re.Match[bytes]) -> bytes:
        address = match["r"].decode()
        if address not in cells:
            return match[0]
        value = cells[address]
        if isinstance(value, date):
            value = (value - date(1899, 12, 30)).days
        head = b'<c r="' + match["r"] + b'"' + match["s"]
        if isinstance(value, int | float):
            return head + f"><v>{value!r}</v></c>".encode()
        return head + f' t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'.encode()

    return _CELL.sub(cell, xml) if cells else xml


_CELL = re.compile(rb'<c r="(?P<r>[A-Z]+\d+)"(?P<s> s="\d+")?[^>]*?(?:/>|>.*?</c>)')


# --- a workspace with forms that are out


@dataclass(frozen=True)
class Office:
    """A workspace whose forms for a period were sent out, and what is printed in them."""

    workspace: Workspace
    loaded: Loaded
    forms: Mapping[str, Form]

    @property
    def period(self) -> str:
        """The period's code."""
        return next(iter(self.forms.values())).period.code

    @property
    def deadline(self) -> datetime:
        """When returns are due."""
        return next(iter(self.forms.values())).deadline

    def path(self, task_force: str) -> Path:
        """Where a task force's form lies."""
        form = self.forms[task_force]
        return self.workspace.outbox / form.period.code / "填报表" / f"{form.stem}.xlsx"

    def blank(self, task_force: str) -> Filling:
        """A task force's form as it was sent out."""
        return Filling(self.path(task_force))

    def right(self, task_force: str) -> Filling:
        """A task force's form with everything filled in that is asked, and nothing wrong."""
        return self.blank(task_force).answer(right_answers(self.forms[task_force], self.loaded.plan))

    def send(self, form: Filling, name: str = "", *, hours: float = -3) -> Path:
        """Put a form into the inbox, `hours` after the deadline."""
        return form.save(self.workspace.inbox / (name or form.name), self.deadline + timedelta(hours=hours))


def sent_out(workspace: Workspace, period: str) -> Office:
    """Generate a period's forms in a workspace, and remember what is in them."""
    generate(workspace, period)
    return office(workspace, period)


def office(workspace: Workspace, period: str) -> Office:
    """A workspace whose forms for a period were sent out before."""
    loaded = load(workspace)
    week = loaded.settings.period(period)
    with open_ledger(workspace.ledger, who="tests") as ledger:
        known, secret = ledger.history(), ledger.secret
    plan = loaded.plan
    recipients = (of_task_force(t, plan) for t in plan.task_forces)
    forms = {r.code: build_form(plan, loaded.settings, week, r, known, secret) for r in recipients}
    return Office(workspace, loaded, forms)


# --- right answers


def right_answers(form: Form, plan: Plan) -> dict[tuple[str, str], dict[str, object]]:
    """On course everywhere: each figure due a little better than its pace, each task under way, no issue new."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for row in form.part("indicators").own:
        if row.asked:
            value = on_pace(row, stick_of(row, form, plan), better=0.02)
            found["indicators", row.code] = {"value": value, "nature": nature_asked(row)}
    for row in form.part("tasks").own:
        found["tasks", row.code] = {"status": "序时推进", "progress": "按计划推进", **_reached(row, form)}
    for row in form.part("issues").own:
        if row.code:
            found["issues", row.code] = {"status": "整改中", "progress": "正在协调"}
    return found


def _reached(row: FormRow, form: Form) -> dict[str, object]:
    """The word on a milestone whose day is past: that it was reached on that day."""
    due = row.printed.get("milestone_due")
    past = isinstance(due, date) and due < form.period.last
    return {"milestone_done": "已完成", "completed_on": due} if past else {}


def nature_asked(row: FormRow) -> str:
    """What kind of figure a row asks for."""
    return VERIFIED if str(row.printed["asked"]).endswith("核定") else REPORTED


def stick_of(row: FormRow, form: Form, plan: Plan) -> Yardstick:
    """What the figure that a row asks for is measured by."""
    indicator = next(i for i in plan.indicators if i.code == row.code)
    period = read_period(str(row.printed["data_period"]))
    assert period
    return yardstick(indicator, period, form.settings)


def on_pace(row: FormRow, stick: Yardstick, *, better: float) -> float | str:
    """A figure that is better than its pace by a share of it (worse where negative), rounded as its unit is."""
    if "value" in row.choices:
        return ACHIEVED if nature_asked(row) == VERIFIED else UNDERWAY
    goal = stick.target.value if stick.target and stick.target.value is not None else 10.0
    expected = stick.green if stick.mode is Mode.PACE and abs(stick.green) < UNBOUNDED else goal
    value = expected + stick.sign * better * (abs(expected) or 10.0)
    up = (better >= 0) == (stick.sign > 0)
    scale = 1 if row.printed["unit"] in COUNTED else 100
    value = float((ceil if up else floor)(round(value * scale, 6))) / scale
    return min(value, 100.0) if row.printed["unit"] == "%" else value


def random_answers(form: Form, plan: Plan, rng: random.Random) -> dict[tuple[str, str], dict[str, object]]:
    """Right answers as they come: most on course, some behind and explained, milestones done, issues old and new."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for row in form.part("indicators").rows:
        if row.asked:
            found["indicators", row.code] = _random_figure(row, stick_of(row, form, plan), rng)
    for row in form.part("tasks").rows:
        found["tasks", row.code] = _random_task(row, form, rng)
    for row in form.part("issues").rows:
        if row.code:
            found["issues", row.code] = _random_word_on(row, form, rng)
    for n in range(1, rng.randrange(4)):
        found["issues", f"+{n}"] = _random_issue(form, rng)
    return found


def _random_figure(row: FormRow, stick: Yardstick, rng: random.Random) -> dict[str, object]:
    value = on_pace(row, stick, better=rng.choice((0.3, 0.05, 0.0, -0.03, -0.2)))
    last = row.printed.get("last_value")
    if isinstance(value, float) and last:
        value = max(value, float(str(last)))  # what adds up does not fall
    nature = VERIFIED if nature_asked(row) == VERIFIED else rng.choice((REPORTED, VERIFIED, EXPECTED))
    answer: dict[str, object] = {"value": value, "nature": nature}
    state = stick.state(value, nature)
    if state in (State.BEHIND, State.MISSED):
        answer |= {"lag_reason": "前期手续慢于计划", "next_steps": "倒排工期、逐周调度"}
    if rng.random() < 0.3 and isinstance(value, float):
        answer |= {"forecast": round(value * 1.2, 2), "city_rank": float(rng.randint(1, 13))}
    if rng.random() < 0.2:
        answer["remark"] = "数据来自月报"
    return answer


def _random_task(row: FormRow, form: Form, rng: random.Random) -> dict[str, object]:
    status = rng.choice(("未启动", "序时推进", "序时推进", "滞后", "已完成", "长期推进", "申请调整"))
    answer: dict[str, object] = {"status": status, "progress": "按计划推进"}
    if status in ("滞后", "申请调整"):
        answer |= {"problems": "资金拨付偏慢", "next_steps": "提请专题协调"}
    if status == "已完成" or (row.printed.get("milestone") and rng.random() < 0.5):
        done = form.period.last - timedelta(days=rng.randrange(60))
        answer |= {"milestone_done": "已完成", "completed_on": rng.choice((done, f"{done:%Y.%m.%d}"))}
    elif status not in ("滞后", "申请调整"):
        answer |= _reached(row, form)
    if rng.random() < 0.2:
        answer |= {
            "invest_done": round(rng.uniform(0, 5), 2),
            "site_progress": "主体结构施工",
            "person": "赵六",
        }
    return answer


def _random_word_on(row: FormRow, form: Form, rng: random.Random) -> dict[str, object]:
    due = row.printed.get("due_on")
    if rng.random() < 0.3:
        said: dict[str, object] = {"status": "申请销号", "progress": "已解决", "evidence": "会议纪要2份"}
        return said | {"applied_on": form.period.first, "lead_opinion": "同意"}
    said = {"status": "整改中", "progress": "已召开协调会"}
    if isinstance(due, date) and rng.random() < 0.3:
        said |= {"extend_to": due + timedelta(days=30), "extend_reason": "规划调整"}
    return said


def _random_issue(form: Form, rng: random.Random) -> dict[str, object]:
    issue: dict[str, object] = {
        "description": f"项目用地指标尚未落实（{rng.randrange(10**6)}）",
        "category": rng.choice(("用地", "用能", "资金", "审批", "征迁", "其他")),
        "source": rng.choice(("自查", "督查核查", "会议交办", "领导批示")),
        "raised_on": form.period.first,
        "unit": form.recipient.printed,
        "due_on": form.period.last + timedelta(days=rng.randrange(1, 90)),
        "measures": "与主管部门对接",
        "status": "整改中",
    }
    if rng.random() < 0.5:
        related = rng.choice([r.code for code in ("indicators", "tasks") for r in form.part(code).rows])
        issue |= {"request": "请协调落实指标", "suggested_level": "总专班", "related": related}
    return issue
