"""What bare `tenproj` tells: which period is due, what has been done for it, and what comes next."""

from collections.abc import Iterator
from datetime import UTC, datetime

from tenproj_xl.app import sent_marks
from tenproj_xl.app.matrix_results import Matrix
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.forms.form import FORMS_FOLDER
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.settings import Settings
from tenproj_xl.reading.inbox import is_noise

_ONCE_GENERATED = "生成以后，把要发的信和附件摆进“待发”"


@dataclass(frozen=True)
class NextStep:
    """A command of the week that is to be run now, and why."""

    command: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where the office stands.

    `due` is the period that is due by the calendar, with its deadline; `matrix` that of the newest period
    whose forms are out, None before the first.
    """

    title: str
    due: Period
    deadline: datetime
    matrix: Matrix | None
    steps: tuple[NextStep, ...]


def whereabouts(workspace: Workspace, *, now: datetime | None = None) -> Whereabouts:
    """Return where the office stands in its week.

    Args:
        workspace: The workspace.
        now: The present moment, by default the machine's.

    Raises:
        EnvironmentProblem: A workbook of the office or the ledger cannot be used.
    """
    moment, loaded = now or datetime.now(UTC), load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        settings = with_issued(loaded, ledger).settings
        due, newest = settings.calendar.due(moment), ledger.newest_period()
        matrix = status(workspace, newest, now=moment) if newest else None
        steps = tuple(_steps(workspace, settings, ledger, matrix, moment))
    return Whereabouts(
        title=loaded.plan.programme.title,
        due=due,
        deadline=settings.deadline(due),
        matrix=matrix,
        steps=steps,
    )


def _steps(
    workspace: Workspace, settings: Settings, ledger: LedgerView, matrix: Matrix | None, moment: datetime
) -> Iterator[NextStep]:
    """Yield the commands that are to be run now, in the order of the work."""
    lying = [path for path in workspace.inbox.rglob("*") if path.is_file() and not is_noise(path.name)]
    if lying:
        yield NextStep("tenproj ingest", f"收件夹里有{len(lying)}个文件")
    if matrix and not settings.calendar.is_called_off(matrix.period.code):
        if moment <= matrix.deadline:
            yield from _to_send(matrix.period, workspace, ledger)
        yield from _to_close(matrix, ledger, moment)
    due = settings.calendar.due(moment)
    if ledger.plan_of_forms(due.code) is None:
        yield NextStep("tenproj generate", f"{due.label}的填报表还没有生成")
        yield NextStep("tenproj send", _ONCE_GENERATED)


def _to_send(period: Period, workspace: Workspace, ledger: LedgerView) -> Iterator[NextStep]:
    """Yield what is to be done that forms go out, but where letters or returns tell that they did."""
    letters = ledger.letters(period.code)
    has_gone = any(letter.state.may_have_gone for letter in letters)
    if has_gone or ledger.last_receipt_at(period.code) is not None:
        return
    folder = workspace.outbox / period.code
    is_laid_out = (folder / sent_marks.FOLDER).exists() or bool(letters)
    if not any((folder / FORMS_FOLDER).glob("*.xlsx")):
        why = f"outbox 里没有{period.label}的填报表：还没有分发的，请重新生成"
        yield NextStep(f"tenproj generate --period {period.code}", why)
        yield NextStep("tenproj send", _ONCE_GENERATED)
    elif not is_laid_out:
        yield NextStep("tenproj send", "填报表已生成：把要发的信和附件摆进“待发”，逐封发出")


def _to_close(matrix: Matrix, ledger: LedgerView, moment: datetime) -> Iterator[NextStep]:
    """Yield what is still to be done for a period that is over, or all in: the roll-up, and its papers."""
    period = matrix.period
    is_over = moment > matrix.deadline
    if matrix.owing and not is_over:
        return
    merged_at = ledger.last_merge_at(period.code)
    newest = ledger.last_receipt_at(period.code)
    if merged_at is None:
        why = "已过截止时间" if is_over else "该报的都报来了"
        yield NextStep("tenproj merge", f"{period.label}{why}，还没有汇总")
    elif newest and newest > merged_at:
        yield NextStep("tenproj merge", f"{period.label}汇总以后又收到了来件")
    elif is_over and not ledger.publications(period.code):
        yield NextStep("tenproj publish", f"{period.label}的材料印发以后，登记实际发出去的文件")
