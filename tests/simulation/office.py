"""What the office of a simulated district does in its own workbooks, as it would fill them in."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app import review, supervise
from tenproj_xl.app.amend import amend
from tenproj_xl.app.signoff import draw_signoff, sign_off
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.periods import Period
from tests.simulation.issues import (
    GRANTED,
    REFUSED,
    REOPEN,
    SEND_BACK,
    SIGN_OFF,
    Answer,
    Docket,
    Ruling,
    later,
)

_YEAR = timedelta(days=366)
_SIGNED = {"审定人": "王主任", "审定意见": "按会议意见办"}


@dataclass(kw_only=True)
class Slip:
    """A supervision slip: its number, and the row that it is about; an issue is its code, a row its identity.

    One that a return answered opens again where that return is withdrawn.
    """

    label: str
    about: object
    is_open: bool = True
    is_answered: bool = False


class Table:
    """A sheet of a workbook of the office, its cells by row and header."""

    def __init__(self, page: Worksheet, head: int, by: str) -> None:
        self.page = page
        self.columns = {str(cell.value): cell.column for cell in page[head] if cell.value}
        self.rows: dict[str, int] = {}
        for number in range(head + 1, page.max_row + 1):
            name = page.cell(number, self.columns[by]).value
            if name:
                self.rows.setdefault(str(name), number)

    def text(self, row: str, header: str) -> str:
        """Return what a cell says."""
        return str(self.page.cell(self.rows[row], self.columns[header]).value or "")

    def write(self, row: int, cells: Mapping[str, object]) -> None:
        """Write into cells of a row."""
        for header, value in cells.items():
            self.page.cell(row, self.columns[header]).value = value  # type: ignore[assignment]  # of any type


def saved_on(path: Path, day: date) -> float:
    """Make a file one that was saved at noon of a day; return that moment."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    os.utime(path, (noon, noon))
    return noon


def hold_session(
    workspace: Workspace, chance: Random, docket: Docket, week: Period, forces: Sequence[str]
) -> list[str]:
    """Decide in the sign-off workbook what waits; check that it has just that. Return what happened.

    Issues of the office's own are registered for one of `forces`.
    """
    path = draw_signoff(workspace).path
    book = load_workbook(path)
    waiting = Table(book["待审定"], 4, "问题编号")
    closed = Table(book["本年已销号"], 4, "问题编号")
    assert sorted(waiting.rows) == sorted(docket.waiting())
    assert sorted(closed.rows) == sorted(docket.closed_since(week.last - _YEAR))
    rulings: list[Ruling] = []
    for code, row in waiting.rows.items():
        ruling = _ruled(code, chance, docket, week)
        if ruling:
            rulings.append(ruling)
            cells = {"销号审定": ruling.verdict, "延期审定": ruling.extension, "同意延期至": ruling.until}
            waiting.write(row, {**cells, **_SIGNED, "审定日期": week.last})
    for code, row in closed.rows.items():
        if chance.random() < 0.15:
            ruling = _ruling(code, docket, week, verdict=REOPEN, until=later(week.last, 40))
            rulings.append(ruling)
            closed.write(
                row, {"重新挂账": REOPEN, "整改时限": ruling.until, **_SIGNED, "审定日期": week.last}
            )
    registered = None
    if chance.random() < 0.3:
        registered = _register(book["登记问题"], chance, week, chance.choice(forces))
    if not rulings and registered is None:
        return []
    book.save(path)
    order = saved_on(path, week.last)
    done = sign_off(workspace, path)
    codes = {found.code for found in done.findings}
    assert codes <= {Code.UNIT_UNCLEAR}, done.findings  # 项目公司 is no unit of the plan
    docket.rulings += rulings
    happened = [ruling.verdict or ruling.extension for ruling in rulings]
    if registered:
        force, answer = registered
        code = docket.register(force, Answer(**{**vars(answer), "order": order, "sha256": done.sha256})).code
        assert code in {decision.issue for decision in done.decisions}
        happened.append("issue registered by the office")
    assert len(done.decisions) == len(happened)
    assert sign_off(workspace, path).decisions == (), "read twice it decides twice"
    return happened


def _ruling(
    code: str, docket: Docket, week: Period, verdict: str = "", extension: str = "", until: date | None = None
) -> Ruling:
    course = docket.course(code)
    assert course is not None
    upon = course.answers[-1].period
    return Ruling(code=code, on=week.last, upon=upon, verdict=verdict, extension=extension, until=until)


def _ruled(code: str, chance: Random, docket: Docket, week: Period) -> Ruling | None:
    """Return what the office decides of an issue that waits; None where it leaves that for later."""
    course = docket.course(code)
    assert course is not None
    verdict, extension, until = "", "", None
    if course.applies and chance.random() < 0.8:
        verdict = chance.choice([SIGN_OFF, SIGN_OFF, SEND_BACK])
    if course.asks_for_time and verdict != SIGN_OFF:
        extension = chance.choice([GRANTED, GRANTED, REFUSED])
        if extension == GRANTED:
            until = max(later(course.due, 20), later(week.last, 20))
    if not verdict and not extension:
        return None
    return _ruling(code, docket, week, verdict, extension, until)


def _register(page: Worksheet, chance: Random, week: Period, force: str) -> tuple[str, Answer]:
    """Register an issue of the office's own; return its task force and what is written of it."""
    table = Table(page, 4, "行标识")
    due_on = later(week.last, chance.randint(5, 60))
    cells = {
        "专班": f"{force} 第{force}工程",
        "问题描述": f"督查发现事项{chance.randrange(10**9):09d}",
        "问题类别": "审批",
        "问题来源": "督查核查",
        "提出日期": week.first,
        "责任单位": "项目公司",
        "原定时限": due_on,
        **_SIGNED,
        "审定日期": week.last,
    }
    table.write(5, cells)
    return force, Answer(code="", period=week, due_on=due_on)


def mark(key: tuple[str, str, str]) -> str:
    """Return what stands beside a figure that waits, by file, code and period of the report that brought it."""
    return sha256("\n".join(key).encode()).hexdigest()[:12]


def review_figures(workspace: Workspace, chance: Random) -> dict[str, str]:
    """Decide about figures that wait; return their marks, each with what was decided, "" for later."""
    asked = review.ask(workspace)
    if asked.written is None:
        return {}
    book = load_workbook(asked.written)
    page = book["待核实清单"]
    table = Table(page, 2, "编号")
    decided: dict[str, str] = {}
    for number in range(3, page.max_row + 1):
        said = {header: str(page.cell(number, at).value or "") for header, at in table.columns.items()}
        verdict = chance.choice(["采用", "不采用", ""])
        if verdict:
            table.write(number, {"决定": verdict, "核实人": "赵六", "核实情况": "已核对"})
        decided[said["校验码"]] = verdict
    book.save(asked.written)
    done = review.review(workspace, asked.written)
    assert done.findings == ()
    assert len(done.said) == sum(map(bool, decided.values()))
    return decided


def supervise_week(
    workspace: Workspace, chance: Random, slips: list[Slip], week: Period, idents: Mapping[str, object]
) -> list[str]:
    """Choose what is put under supervision and what is done with; return what happened.

    Each item shows the slip that is open on it, whatever its code was when that was issued. A slip stands
    open until it is closed, answered by a return, or followed by the next one on its item.

    Args:
        workspace: The workspace.
        chance: What draws.
        slips: All slips that were issued, which grow.
        week: The newest period.
        idents: The identities of rows by the codes that they have now; others go by their codes.
    """
    path = supervise.list_items(workspace, week.code, force=True).written
    book = load_workbook(path)
    items, standing = Table(book["督办事项选择"], 2, "编号"), Table(book["在办督办单"], 2, "督办单")
    undecided = [slip for slip in slips if slip.is_open or slip.is_answered]
    assert set(standing.rows) <= {slip.label for slip in undecided}
    answered = [slip for slip in undecided if slip.is_open and slip.label not in standing.rows]
    for one in undecided:
        one.is_open = one.label in standing.rows
        one.is_answered = not one.is_open
    open_slips = {slip.label: slip for slip in slips if slip.is_open}
    chosen: list[tuple[str, object, bool]] = []
    followed: list[str] = []
    for code, row in items.rows.items():
        about = idents.get(code, code)
        has = [slip.label for slip in open_slips.values() if slip.about == about]
        assert items.text(code, "在办督办单") == (has[-1] if has else ""), f"{week.code} {code}"
        if len(chosen) < 2 and chance.random() < 0.3:
            is_kept = bool(has) and not items.text(code, "拟发")
            chosen.append((code, about, is_kept))
            if has and not is_kept:
                followed += has[-1:]
            items.write(row, {"是否督办": "是", "签发人": "王五"})
    closed = [label for label in standing.rows if label not in followed and chance.random() < 0.3]
    for label in closed:
        done = {"是否办结": "是", "办结日期": week.last, "办结情况": "已落实"}
        standing.write(standing.rows[label], done)
    told = ["slip answered"] * len(answered)
    if not chosen and not closed:
        return told
    book.save(path)
    made = supervise.issue(workspace, path)
    assert made.findings == ()
    assert [slip.label for slip in made.closed] == closed
    assert [slip.code for slip in made.slips] == [code for code, _, is_kept in chosen if not is_kept]
    abouts = [about for _, about, is_kept in chosen if not is_kept]
    for slip, about in zip(made.slips, abouts, strict=True):
        assert slip.label not in {one.label for one in slips}
        slips.append(Slip(label=slip.label, about=about))
    for label in (*closed, *followed):
        open_slips[label].is_open = False
    return [*told, *["slip issued"] * len(abouts), *["slip closed"] * len(closed)]


def record_by_phone(
    workspace: Workspace, code: str, month: Period, value: float
) -> tuple[str, datetime] | None:
    """Record a figure that a unit told by telephone; return its hash and moment, None where it stood there."""
    said = {
        "code": code,
        "field": "最新数值",
        "value": f"{value:g}",
        "data_period": month.label,
        "nature": "部门统计",
        "basis": "单位来电告知",
        "by": "赵六",
    }
    done = amend(workspace, said)
    if not done.amendments:
        return None
    row = done.amendments[0].row
    return row.sha256, row.received_at
