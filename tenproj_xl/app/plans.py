"""The plan in force in a period, and what is known in its words: out of the ledger and the workbook."""

from collections.abc import Callable, Collection
from dataclasses import field, replace
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import sha256
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import TASKS
from tenproj_xl.ledger.view import FORM_SHEETS, Batch, LedgerView
from tenproj_xl.model.concerned_rows import ConcernedRows
from tenproj_xl.model.forms_sent import FormsSent
from tenproj_xl.model.history import History
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_identity import codes_after, deleted_task_forces, mixed_rows
from tenproj_xl.model.plan_versions import PlanInTime, PlanVersion
from tenproj_xl.model.recipients import Parting, recipient_of
from tenproj_xl.model.sections import Sections
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import Recipient, is_planned

if TYPE_CHECKING:
    from tenproj_xl.recognition.identify import Return  # loads all that recognises forms


@dataclass(frozen=True)
class InForce:
    """Plan and settings of each period; `loaded` are the workbooks as they are now.

    `year_begun` is the year that the plan was made ready for (`plan new-year`), None if it never was;
    `forms_sent` gives whom the forms of a period went out to.
    """

    loaded: Loaded
    plans: PlanInTime
    year_begun: int | None
    forms_sent: Callable[[str], FormsSent] = field(compare=False)

    def at(self, period: Period) -> Loaded:
        """Return plan and settings as they are in force in a period."""
        return replace(self.loaded, plan=self.plan_at(period))

    def plan_at(self, period: Period) -> Plan:
        """Return the plan that is in force in a period."""
        return self.plans.at(period)

    def parting(self, period: Period) -> Parting:
        """Return how the rows of units that have several 科室 are parted in a period."""
        plan = self.plan_at(period)
        sections = Sections(plan, self.loaded.addresses, period.last)
        return Parting(sections, self.forms_sent(period.code).in_units(plan))

    def recipient(self, code: str, period: Period, known: History) -> Recipient:
        """Return the recipient of a code in a period; `known` is what was accepted for earlier ones.

        Raises:
            ValueError: The plan of the period no longer has it.
        """
        return recipient_of(code, self.plan_at(period), known, self.parting(period))

    def has_recipient(self, source: "Return") -> bool:
        """Return whether the plan has whom a form was made for, in the period of the form."""
        period = self.loaded.settings.span(source.period)
        return is_planned(source.recipient, self.plan_at(period))

    def is_of_earlier_year(self, period: Period) -> bool:
        """Return whether a period, and the plan in force in it, are of a year before the workbook's own."""
        version, newest = self.plans.version_at(period), self.plans.newest
        if version is None or newest is None:
            return False
        workbook_year = max(self.year_begun or 0, newest.since.year)
        return max(version.since.year, period.year) < workbook_year

    def put_in_force(self, period: Period) -> "InForce":
        """Return what is in force once forms of a period are made by the workbook as it is.

        Raises:
            UsageProblem: Whose history a row of the plan has cannot be told, or a period whose forms are out
                would get other codes.
        """
        version = self.plans.version_at(period)
        if version and _is_mixed(version.plan, self.loaded.plan):
            raise UsageProblem(
                "工作计划里有的编号换了内容，或专班被删去，历史数据会记错地方。"
                "请运行 tenproj plan check，照提示写明后再生成。"
            )
        if version and version.since == period and _is_renumbered(version.plan, self.loaded.plan):
            raise UsageProblem(
                f"{period.label}的填报表已经下发，编号不能再改。编号的改动请从下一期起：先恢复原来的编号，或直接生成下一期。"
            )
        return replace(self, plans=self.plans.with_forms_of(period))

    def snapshot_at(self, period: Period) -> str:
        """Return which snapshot of the plan is in force in a period: `3f2a91c0`."""
        version = self.plans.version_at(period)
        digest = version.sha256 if version else sha256(self.loaded.snapshots.plan.encode())
        return digest[:8]

    def history_of(
        self,
        ledger: LedgerView,
        first: date,
        last: date,
        *,
        issues: Collection[str] = (),
        sheets: Collection[str] = FORM_SHEETS,
        about: ConcernedRows | None = None,
    ) -> History:
        """Read what the ledger knows about some days, also where codes were those of other rows."""
        renumbered = self.plans.renumbered
        return ledger.history_of(
            first, last, issues=issues, sheets=sheets, renumbered=renumbered, about=about
        )

    def known_of_owing(
        self, ledger: LedgerView, period: Period, *, about: ConcernedRows | None = None
    ) -> History:
        """Read what tells who owes a return of a period: no figures, and of an issue what stood last."""
        history = ledger.history_of(
            period.first,
            period.last,
            sheets=[TASKS.code],
            renumbered=self.plans.renumbered,
            about=about,
            whole_issues=False,
        )
        return self.known(history, period)

    def known(self, history: History, period: Period) -> History:
        """Return a history in the words of the plan of a period."""
        return self.plans.known(history, period)


def in_force(loaded: Loaded, ledger: LedgerView) -> InForce:
    """Return what is in force in each period, by the forms that went out and the workbooks as they are."""
    loaded = replace(loaded, plan=_one(loaded.plan))
    plans = PlanInTime(versions=_versions(loaded, ledger, None), written=loaded.plan)
    return InForce(loaded, plans, ledger.year_begun(), cache(ledger.forms_sent))


def in_force_then(loaded: Loaded, ledger: LedgerView, batch: Batch) -> PlanInTime:
    """Return the plans in force as they were when a batch was recorded."""
    written = _plan_of(batch.plan, loaded, ledger)
    return PlanInTime(versions=_versions(loaded, ledger, batch.number), written=written)


def _versions(loaded: Loaded, ledger: LedgerView, until: int | None) -> tuple[PlanVersion, ...]:
    """Return the versions of the plan that were recorded, all or until a batch, oldest first."""
    recorded = [entry for entry in ledger.plan_versions() if until is None or entry.batch <= until]
    plans = {digest: _plan_of(digest, loaded, ledger) for digest in {entry.sha256 for entry in recorded}}
    versions = []
    for entry in recorded:
        version = PlanVersion(
            since=loaded.settings.span(entry.since),
            plan=plans[entry.sha256],
            sha256=entry.sha256,
            reason=entry.reason,
            batch=entry.batch,
        )
        versions.append(version)
    return tuple(versions)


def _is_mixed(before: Plan, after: Plan) -> bool:
    return bool(mixed_rows(before, after) or deleted_task_forces(before, after))


def _is_renumbered(before: Plan, after: Plan) -> bool:
    return any(code not in (None, former) for former, code in codes_after(before, after).items())


def _plan_of(digest: str, loaded: Loaded, ledger: LedgerView) -> Plan:
    """Return the plan of a snapshot; that of the workbook is known, if it was kept."""
    if loaded.stored_plan is not None and digest == sha256(loaded.snapshots.plan.encode()):
        return _one(loaded.stored_plan)
    return _plan(ledger.snapshot(digest))


@lru_cache(maxsize=256)  # the same plan is in force for many periods
def _plan(snapshot: str) -> Plan:
    from tenproj_xl.model.plan_reader import stored_plan  # noqa: PLC0415  # most often the plan is known

    return _one(stored_plan(snapshot))


@lru_cache(maxsize=256)
def _one(plan: Plan) -> Plan:
    """Return the first plan that equals one: what is kept for it is found without comparing their rows."""
    return plan
