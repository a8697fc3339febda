"""The command `generate`: the forms of a period, written and remembered."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.periods import SPOKEN, near, with_issued
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.app.results import Generated
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import bytes_written, sha256_of_file
from tenproj_xl.core.periods import Period
from tenproj_xl.core.progress import counted_to
from tenproj_xl.core.second_process import hand_over, has_second_process
from tenproj_xl.core.tokens import EXAMPLE
from tenproj_xl.excel.look import Look
from tenproj_xl.excel.look_reader import read_look
from tenproj_xl.forms.content import build_form
from tenproj_xl.forms.example import example_form
from tenproj_xl.forms.form import FORMS_FOLDER, Form, form_stem
from tenproj_xl.forms.layout import arranged
from tenproj_xl.forms.write import write_form
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.calendar_reader import deadline_findings
from tenproj_xl.model.history import History
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.recipients import Parting, of_units, recipient_of
from tenproj_xl.model.sections import Sections
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import Recipient, is_planned, of_task_force
from tenproj_xl.rollup.facts.editions import WEEK

if TYPE_CHECKING:
    from concurrent.futures import Future  # loaded where work is handed over

_EARLIEST = timedelta(days=183)
"""How long before a period begins its forms may be made at the earliest: a year is easily mistyped.

So long behind the newest forms new ones are made at the latest."""
_AHEAD = 4
"""As many forms wait for the second process or are made by it while this one makes one."""


def generate(
    workspace: Workspace,
    period_code: str | None = None,
    *,
    by_unit: bool = False,
    now: datetime | None = None,
) -> Generated:
    """Write and record the forms of a period, one for each task force of the plan, or for each unit.

    A unit that has several 科室 gets one for each of these. Forms that others replace are removed.

    Args:
        workspace: The workspace.
        period_code: The period, by default the one that is due.
        by_unit: Whether each unit, or 科室, gets a form of its own.
        now: The moment at which a period is due, by default the present.

    Raises:
        UsageProblem: No return is owed for the period, it is not in the years of the plan, it begins in more
            than half a year, ended more than half a year before those that forms went out for, or the forms
            of the one that is due are out.
    """
    loaded = load(workspace)
    look = read_look(workspace.template)
    with opened_ledger(workspace, loaded, who="tenproj generate") as ledger:
        loaded = with_issued(loaded, ledger)
        period = _period(period_code, loaded, now or datetime.now(UTC))
        loaded = loaded.issuing(period)
        plans, snapshots = _plans(loaded, ledger, period)
        plan = plans.plan_at(period)
        known = plans.known(plans.history_of(ledger, period.first, period.last), period)
        sections = Sections(plan, loaded.addresses, period.last)
        recipients = recipients_of(plan, known.before(period), sections, by_unit=by_unit)
        forms = []
        for recipient in recipients:
            form = build_form(plan, loaded.settings, period, recipient, known, ledger.secret)
            forms.append(form)
        with ledger.batch("generate", datetime.now(UTC), snapshots):
            deadline = loaded.settings.deadline(period)
            ledger.record_period(period, deadline, deadline.date())
            _record(forms, look, ledger)
        outputs, folder = Outputs(workspace, loaded, ledger), workspace.outbox / period.code
        papers = {folder / FORMS_FOLDER / f"{form.stem}.xlsx": form for form in forms}
        _write(papers, look, outputs)
        example = folder / f"{EXAMPLE}.xlsx"
        with outputs.write(example) as temporary:
            form = example_form(plan, loaded.settings, period, recipients, ledger.secret)
            write_form(temporary, form, look)
        outputs.record_alone("generate")
        parting = Parting(sections)
        for code in ledger.replaced_recipients(period.code):
            if is_planned(code, plan):
                replaced = recipient_of(code, plan, known.before(period), parting)
                _remove_unedited(folder / FORMS_FOLDER / f"{form_stem(replaced, period)}.xlsx", ledger)
    findings = deadline_findings(loaded.settings.calendar, period, workspace.settings.name)
    return Generated(
        period=period,
        written=tuple(papers),
        example=example,
        owed=sum(form.recipient.involved for form in forms),
        plan_kept=snapshots != loaded.snapshots,
        findings=tuple(findings),
    )


def _record(forms: Iterable[Form], look: Look, ledger: Ledger) -> None:
    """Record in the batch at hand what is sent out, and how its columns stand in the template."""
    for form in forms:
        columns = _columns(form, look)
        ledger.record_issue(form.period.code, form.recipient.code, form.issued, columns)


def _write(papers: Mapping[Path, Form], look: Look, outputs: Outputs) -> None:
    """Write forms to their places."""
    making = zip(papers, _made(list(papers.values()), look), strict=True)
    for path, save in counted_to(len(papers), making, "生成填报表"):
        with outputs.write(path) as temporary:
            save(temporary)


def _made(forms: Sequence[Form], look: Look) -> Iterator[Callable[[Path], object]]:
    """Yield for each form what saves it; every other one is made by a second process, where there is one."""
    others: Iterator[Form] = iter(())
    if has_second_process():
        others = iter(forms[1::2])
    begun: deque[Future[bytes]] = deque()
    for n, form in enumerate(forms):
        for other in islice(others, _AHEAD - len(begun)):
            begun.append(hand_over(bytes_written, partial(write_form, form=other, look=look)))
        if begun and n % 2:
            yield partial(_save, begun.popleft())
        else:
            yield partial(write_form, form=form, look=look)


def _save(file: "Future[bytes]", path: Path) -> None:
    path.write_bytes(file.result())


def _remove_unedited(path: Path, ledger: LedgerView) -> None:
    """Remove a form that nobody edited since it was written."""
    if path.exists() and ledger.wrote(sha256_of_file(path)):
        path.unlink()


def _plans(loaded: Loaded, ledger: LedgerView, period: Period) -> tuple[InForce, Snapshots]:
    """Return what is in force once the forms of a period are made, and the snapshots that they are made by.

    That is the workbook as it is; but where a paper of the period was given out, or the workbook is that of
    a later year, the plan stays.
    """
    plans = in_force(loaded, ledger)
    version = plans.plans.version_at(period)
    is_given_out = version and version.since == period and ledger.is_published(period.code, WEEK.code)
    if version and (is_given_out or plans.is_of_earlier_year(period)):
        return plans, replace(loaded.snapshots, plan=ledger.snapshot(version.sha256))
    return plans.put_in_force(period), loaded.snapshots


def _period(code: str | None, loaded: Loaded, now: datetime) -> Period:
    """Return the period of a code, or the one that is due."""
    calendar, programme = loaded.settings.calendar, loaded.plan.programme
    period = calendar.due(now)
    if code is not None:
        _must_name_its_year(code, period, loaded)
        period = loaded.settings.period(code)
    if code is None and period.code in calendar.issued:
        following = calendar.following(period)
        raise UsageProblem(
            f"{period.label}的填报表已经下发。要重新生成请加 --period {period.code}；"
            f"要提前生成下一期请加 --period {following.code}。"
        )
    if not programme.first_year <= period.year <= programme.last_year + 1:
        raise UsageProblem(
            f"{period.code} 不在方案的年份（{programme.first_year}—{programme.last_year}年）内，请核对期号。"
        )
    if period.first - _EARLIEST > now.astimezone(loaded.settings.zone).date():
        raise UsageProblem(f"{period.full_name}离现在还有半年以上，请核对期号；填报表最早提前半年生成。")
    newest = _newest_before(now, loaded)
    if newest and period.code not in calendar.issued and newest.first - period.last > _EARLIEST:
        raise UsageProblem(
            f"{period.full_name}比已经下发的{newest.label}早半年以上，请核对期号；以前漏报的数，在现在的填报表里补报。"
        )
    return period


def _newest_before(now: datetime, loaded: Loaded) -> Period | None:
    """Return the newest period that forms went out for and that has begun; the clock alone may be wrong."""
    today = now.astimezone(loaded.settings.zone).date()
    issued = [one.period for one in loaded.settings.calendar.issued.values()]
    return max((period for period in issued if period.first <= today), default=None)


def _must_name_its_year(code: str, due: Period, loaded: Loaded) -> None:
    """Raise UsageProblem for `第48期` or `上期`: which year's forms to make is not guessed."""
    example = due.code if code in SPOKEN else near(code, due)
    if example != code:
        loaded.settings.period(example)  # says so where no returns are asked for in such periods
        raise UsageProblem(f"“{code}”没有写是哪一年的，请写全，如 --period {example}。")


def recipients_of(plan: Plan, known: History, sections: Sections, *, by_unit: bool) -> tuple[Recipient, ...]:
    """Return who gets a form: each task force, or each unit, and in a unit each 科室 that reports."""
    if by_unit:
        return of_units(plan, known, sections)
    return tuple(of_task_force(task_force, plan) for task_force in plan.task_forces)


def _columns(form: Form, look: Look) -> dict[str, list[str]]:
    """Return the fields of each sheet, from left to right as the template arranges them."""
    columns = {}
    for part in form.sheets:
        arrangement = arranged(part.sheet, look.sheets[part.sheet.code])
        columns[part.sheet.code] = [column.field for column in arrangement]
    return columns
