"""What is open in a period, whoever ran what before: for `ingest`, `merge` and `status` alike."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from tenproj_xl.app.checked_rows import checked_rows
from tenproj_xl.app.matrix_results import VERSION_DOUBTS, DoubtfulVersion, Matrix
from tenproj_xl.app.open_objections import open_objections
from tenproj_xl.app.plans import InForce
from tenproj_xl.core.findings import Finding, quoted
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.conflicts import Conflict, finding_of
from tenproj_xl.model.lead_words import CheckedRow, name_of
from tenproj_xl.model.passwords import Passwords
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_changes import differences, of_contents
from tenproj_xl.model.questions import Question
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.reviews import NamedReview, Review, ReviewVerdict
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import printed_unit

_LISTED = 3
"""As many figures that wait are named in one sentence."""
_MOST_LEADS = 10
"""As many lead units, those of a district; a province has more than a person reads."""


def doubtful_versions(receipts: Sequence[Receipt], preferred: Collection[str]) -> list[DoubtfulVersion]:
    """Return the doubtful versions of a period that nothing has settled since.

    Settled is what the office has preferred, and what a later return of the unit replaced without a doubt,
    each in a form with the same rows.

    Args:
        receipts: Those of the period.
        preferred: The hashes of the files that the office prefers.
    """
    groups: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        if receipt.status.is_return and not receipt.withdrawn:
            groups.setdefault(receipt.party.unit or receipt.party.recipient, []).append(receipt)
    found: list[DoubtfulVersion] = []
    for group in groups.values():
        for receipt in group:
            if any(f.code in VERSION_DOUBTS for f in receipt.findings):
                versions = [other for other in group if _have_same_rows(receipt, other)]
                found += _in_doubt(receipt, versions, preferred)
    return found


def _in_doubt(
    receipt: Receipt, versions: Sequence[Receipt], preferred: Collection[str]
) -> Iterator[DoubtfulVersion]:
    """Yield a doubtful return among the versions of what is in it, itself included, if nothing settled it."""
    is_last = all(other.seq <= receipt.seq for other in versions)
    is_settled = any(other.sha256 in preferred for other in versions)
    if len(versions) > 1 and is_last and not is_settled:
        by_rank = sorted(versions, key=lambda other: other.order)
        rival = receipt if receipt is not by_rank[-1] else by_rank[-2]
        yield DoubtfulVersion(receipt=receipt, counts=by_rank[-1].sha256, rival=rival.sha256)


def _have_same_rows(one: Receipt, other: Receipt) -> bool:
    """Return whether two returns of a unit may say something of the same rows.

    A unit returns a form for each task force that it leads, or one for each of its 科室.
    """
    if one.party.recipient == other.party.recipient:
        return True
    if one.answers and other.answers:
        return not set(one.answers).isdisjoint(other.answers)
    return not set(one.party.task_forces).isdisjoint(other.party.task_forces)


def open_questions(ledger: LedgerView, period: Period) -> list[Question]:
    """Return the questions of a period and the one before without an answer; silence confirms older ones."""
    issued = [code for code in ledger.issued_periods() if not period.precedes(parse_period(code))]
    newest = sorted(issued, key=parse_period)[-2:]
    held = {(one.code, one.data_period) for one in waiting(ledger)}
    found = []
    for question in ledger.questions():
        is_held = (question.row, question.data_period) in held
        if question.is_open and question.period in newest and not is_held:
            found.append(question)
    return found


def with_open_matters(matrix: Matrix, ledger: LedgerView) -> Matrix:
    """Return a matrix with the questions without an answer, and what the office has to say a word on.

    That are the versions in doubt, and the returns whose senders are to be vouched for.
    """
    questions = [q for q in open_questions(ledger, matrix.period) if q.period == matrix.period.code]
    receipts = ledger.receipts(matrix.period.code)
    doubtful = doubtful_versions(receipts, ledger.preferred())
    return replace(
        matrix,
        questions=tuple(questions),
        doubtful=tuple(doubtful),
        awaiting=tuple(_to_vouch_for(receipts)),
    )


def _to_vouch_for(receipts: Iterable[Receipt]) -> Iterable[Receipt]:
    """Return the files that wait for the office's word on their sender, each once."""
    last = {receipt.sha256: receipt for receipt in receipts}
    return [receipt for receipt in last.values() if receipt.status is Status.AWAITING]


def undecided(conflicts: Iterable[Conflict], plan: Plan) -> tuple[Finding, ...]:
    """Return the conflicts that nobody has decided, as findings."""
    return tuple(finding_of(conflict, plan) for conflict in conflicts if conflict.is_open)


def notices(ledger: LedgerView, plans: InForce, period: Period) -> tuple[str, ...]:
    """Return what else the operator is told of a period: a plan that was changed, figures that wait."""
    plan = plans.plan_at(period)
    of_leads = _of_leads(checked_rows(ledger, plans, period), plan)
    return (
        *_changed_plan(period, plans),
        *_waiting(ledger, plans, period),
        *of_leads,
        *_objections(ledger, plan),
        *_passwords(plans.loaded.passwords),
    )


def _passwords(passwords: Passwords) -> Iterator[str]:
    """Yield a sentence where passwords stand in a file that is kept and copied."""
    if passwords.in_settings:
        yield (
            "“设置.xlsx”里登记着打开密码，会随备份留存；请移到“打开密码.xlsx”"
            "（没有的，运行 tenproj init 补上），再删去“设置.xlsx”里的这张表。"
        )


def _objections(ledger: LedgerView, plan: Plan) -> Iterator[str]:
    """Yield a sentence for each month or more of which objections to scores wait for the office."""
    for period in map(parse_period, ledger.scored_periods()):
        yield from open_objections(ledger.score_review(period.code), period, plan)


def _of_leads(rows: Sequence[CheckedRow], plan: Plan) -> Iterator[str]:
    """Yield what lead units have still to look at, and what they returned that was not reported anew."""
    open_ones = Counter((one.row.task_force, one.lead) for one in rows if one.is_open)
    if open_ones:
        leads = [f"{force}{printed_unit(lead, plan)}{n}行" for (force, lead), n in open_ones.items()]
        more = ""
        if len(leads) > _MOST_LEADS:
            more = f"等{len(leads)}个专班，共{open_ones.total()}行"
        named = "、".join(leads[:_MOST_LEADS])
        yield f"各单位报来的内容待牵头单位核对：{named}{more}。请把专班核对稿发给牵头单位。"
    returned = [one for one in rows if one.is_returned]
    if returned:
        listed = [f"{printed_unit(one.row.unit, plan)}{quoted(name_of(one.row))}" for one in returned]
        more = "等" if len(listed) > _LISTED else ""
        named = "、".join(listed[:_LISTED])
        yield f"牵头单位退回{len(returned)}行，没有计入，请单位更正后重报：{named}{more}。"


def _waiting(ledger: LedgerView, plans: InForce, period: Period) -> tuple[str, ...]:
    """Return a sentence for the operator where figures wait for the office's decision."""
    open_ones = waiting(ledger)
    if not open_ones:
        return ()
    listed = "；".join(spoken(named(one, plans, period)) for one in open_ones[:_LISTED])
    return (
        f"有{len(open_ones)}处更正会改变已印发的评价，待核实，暂按原数计：{listed}。请运行 tenproj review。",
    )


def _changed_plan(period: Period, plans: InForce) -> tuple[str, ...]:
    """Return a sentence for the operator where the plan was changed after the forms went out.

    Once later forms went out with a newer plan, or the plan was made ready for a later year, there is nothing
    to be done for those of before.
    """
    version = plans.plans.version_at(period)
    if version is None or version.plan == plans.loaded.plan or plans.is_of_earlier_year(period):
        return ()
    for later in plans.loaded.settings.calendar.issued.values():
        then = plans.plans.version_at(later.period)
        if period.precedes(later.period) and then is not None and then.plan != version.plan:
            return ()
    if not of_contents(differences(version.plan, plans.loaded.plan)):
        return ()
    notice = (
        f"工作计划在下发{period.label}填报表之后改过：写了生效期的从那一期起生效，没有写的从下一期起生效。"
        "要让本期按新计划填报的，请重新生成填报表并分发；是改正笔误的，请运行 tenproj plan correct。"
    )
    return (notice,)


def waiting(ledger: LedgerView) -> list[Review]:
    """Return the figures that wait for the office."""
    return [one for one in ledger.reviews() if one.verdict is ReviewVerdict.WAITING]


def named(one: Review, plans: InForce, period: Period) -> NamedReview:
    """Return a figure that waits, as its indicator is called in a period; one gone by then, as it was."""
    then = plans.loaded.settings.span(one.period)
    code = plans.plans.code_then(indicator_of_row(one.code), then, period)
    if code is None:
        code, period = indicator_of_row(one.code), then
    indicator = plans.plan_at(period).indicator(code)
    if indicator is None:
        return NamedReview(review=one, code=code, name="", unit="")
    return NamedReview(review=one, code=code, name=indicator.name, unit=indicator.unit)


def spoken(told: NamedReview) -> str:
    """Return a figure that waits in words: `Z03-04“技术交易总额”2026年10月75→60，达标变未达标（月调度…）`."""
    one, name = told.review, ""
    if told.name:
        name = f"“{told.name}”"
    period = parse_period(one.data_period).label
    return f"{told.code}{name}{period}{told.change}，{one.told.label}变{one.state.label}（{one.paper}）"
