"""What a roll-up is made from, out of the ledger: nothing from the clock.

That of a week has nothing later than the week; a month, quarter or year has what came later about its span.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain

from tenproj_xl.app.checked_rows import checked_rows
from tenproj_xl.app.letter_news import undelivered
from tenproj_xl.app.open_matters import named, waiting
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.app.slips import standing_register
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.ledger.told import only_made
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.conflicts import conflicts
from tenproj_xl.model.decisions import Verdict
from tenproj_xl.model.forms_sent import FormsSent
from tenproj_xl.model.history import History, Reported, history
from tenproj_xl.model.lives import RecordedValue, Sources, recorded_values
from tenproj_xl.model.objections import NO_REVIEW
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_changes import differences, of_contents
from tenproj_xl.model.plan_versions import PlanInTime
from tenproj_xl.model.published import FirstTold, Published
from tenproj_xl.model.questions import Question
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.reviews import NamedReview, ReviewVerdict
from tenproj_xl.model.settings import Loaded
from tenproj_xl.rollup.facts.editions import WEEK, Edition, Release
from tenproj_xl.rollup.facts.given_out import NOTHING_SINCE, SinceGivenOut, file_mark
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.issues import SIGNED_OFF
from tenproj_xl.rollup.facts.restatements import restatement_lines
from tenproj_xl.rollup.facts.trends import EARLIER


def gathered(loaded: Loaded, ledger: LedgerView, period: Period, edition: Edition = WEEK) -> RollupInput:
    """Return what an edition of the roll-up of a period is made from.

    Raises:
        UsageProblem: in a wide edition's period no forms went out, and nothing came in about it later.
    """
    data = gathered_again(loaded, ledger, period, edition)
    if edition.is_wide and not data.periods and not _has_figures(data):
        raise UsageProblem(
            f"{period.label}还没有下发过填报表，也没有报来这一时段的数据，没有可以汇总的内容。"
        )
    return data


def gathered_again(loaded: Loaded, ledger: LedgerView, period: Period, edition: Edition) -> RollupInput:
    """Return what an edition would be made from that was made before, also where nothing is left of it.

    A wide edition is over all periods of returns that count in its period (`Period.counted_on`).
    """
    spans: tuple[Period, ...] = (period,)
    newest = period
    if edition.is_wide:
        spans, newest = _periods_in(period, loaded, ledger)
    returned = _returned(spans, ledger)
    earlier = _earlier(ledger, spans or (period,))
    before = [told for told in earlier if told.period.precedes(next(iter(spans), period))][-1:]
    first = min([period.first, *(span.first for span in spans)])
    reports = list(returned.rows)
    for told in before:
        reports += _reports_between(told.period, first, loaded, ledger)
        first = min(first, told.period.first)
    plans, until = in_force(loaded, ledger), max(period.last, newest.last)
    issues = set(_open_issues(before))
    known = plans.history_of(ledger, first, until, issues=issues)
    if edition.pressing:
        issues.update(_agreed(known))
        known = plans.history_of(ledger, first, until, issues=issues)
    known = known.about(period) if edition.is_wide else known.up_to(period)
    plan, known = plans.plan_at(period), plans.known(known, period)
    snapshot = plans.snapshot_at(period)
    questions = tuple(_questions(ledger, spans or (period,), known))
    data = RollupInput(
        plan=plan,
        settings=loaded.settings,
        period=period,
        known=known,
        receipts=returned.receipts,
        plan_snapshot=snapshot,
        version_line=f"计划快照 {snapshot}，{ledger.paper_head().label}",
        plan_changes=tuple(chain(*(plans.plans.changes(told.period, period) for told in before))),
        plan_before=next((plans.plan_at(told.period) for told in before), None),
        earlier=tuple(plans.plans.published(told, period) for told in earlier),
        by_month=tuple(_told_by_month(ledger, period, plan, plans)),
        periods=spans if edition.is_wide else (),
        plans=_plans_in(spans, plan, plans),
        newest=newest,
        release=Release(edition),
        register=standing_register(ledger, plans, period).up_to(period),
        recipients=returned.recipients,
        conflicts=tuple(conflicts(returned.rows, ledger.conflict_decisions())),
        reports=plans.known(History(tuple(reports)), period).rows,
        lives=tuple(_lives(plans, ledger, period, until)),
        adopted=dict(_adopted(plans, ledger, period)),
        questions=questions,
        asked_later=tuple(_asked_later(ledger, questions, known, spans or (period,))),
        ahead=_ahead(known, returned.receipts, ledger),
        score_review=ledger.score_review(period.code) if edition.is_wide else NO_REVIEW,
        checked=tuple(chain(*(checked_rows(ledger, plans, span) for span in spans))),
        letters=tuple(undelivered(chain(*(ledger.letters(span.code) for span in spans)))),
        since=_since_given_out(plans, ledger, period),
        to_review=tuple(_to_review(plans, ledger, period, edition)),
    )
    return replace(data, first_told=_first_told(data, plans, ledger))


def _to_review(plans: InForce, ledger: LedgerView, period: Period, edition: Edition) -> Iterator[NamedReview]:
    """Yield the figures that wait for the office: until a week, of a wide edition those about its time."""
    for one in waiting(ledger):
        is_told = not period.precedes(plans.loaded.settings.span(one.period))
        if edition.is_wide:
            is_told = period.first <= parse_period(one.data_period).counted_on <= period.last
        if is_told:
            yield named(one, plans, period)


def _since_given_out(plans: InForce, ledger: LedgerView, period: Period) -> SinceGivenOut:
    """Return what became of the grounds of the papers of a period that can be corrected."""
    snapshots = {paper.plan for paper in ledger.publications(period.code) if paper.edition != WEEK.code}
    if not snapshots:  # nothing was given out
        return NOTHING_SINCE
    snapshots.discard(plans.snapshot_at(period))
    changes = {}
    for version in plans.plans.versions:
        if (snapshot := version.sha256[:8]) in snapshots:
            before = PlanInTime(versions=(version,), written=version.plan).at(period)
            changes[snapshot] = of_contents(differences(before, plans.plan_at(period)))
    refused = [one for one in ledger.reviews() if one.verdict is ReviewVerdict.REFUSED]
    version_now = plans.plans.version_at(period)
    return SinceGivenOut(
        withdrawn={file_mark(sha): withdrawal for sha, withdrawal in ledger.withdrawals().items()},
        refused={file_mark(one.sha256): one.why for one in refused},
        plan_changes=changes,
        plan_reason=version_now.reason if version_now else "",
    )


def _periods_in(wide: Period, loaded: Loaded, ledger: LedgerView) -> tuple[tuple[Period, ...], Period]:
    """Return the periods of returns that count in a wider one, and the newest of all that there are."""
    issued = sorted(map(loaded.settings.span, ledger.issued_periods()))
    within = tuple(period for period in issued if wide.first <= period.counted_on <= wide.last)
    nothing_yet = Period(wide.code, wide.first, wide.first)
    return within, max(issued, key=lambda period: period.last, default=nothing_yet)


def _plans_in(periods: Iterable[Period], plan: Plan, plans: InForce) -> dict[str, Plan]:
    """Return the plans of periods of returns by code, where task forces of theirs have ended since."""
    if not plan.ended:
        return {}
    return {period.code: plans.plan_at(period) for period in periods}


@dataclass(frozen=True)
class _Returned:
    """What came back for some periods, and to whom their forms had gone out, by period."""

    rows: tuple[Reported, ...]
    receipts: tuple[Receipt, ...]
    recipients: Mapping[str, FormsSent]


def _returned(periods: Iterable[Period], ledger: LedgerView) -> _Returned:
    rows: list[Reported] = []
    receipts: list[Receipt] = []
    recipients: dict[str, FormsSent] = {}
    for period in periods:
        rows += ledger.accepted_rows(period.code)
        receipts += ledger.receipts(period.code)
        recipients[period.code] = ledger.forms_sent(period.code)
    return _Returned(tuple(rows), tuple(receipts), recipients)


def _reports_between(since: Period, first: date, loaded: Loaded, ledger: LedgerView) -> Iterator[Reported]:
    """Yield the accepted rows of a period and of those after it that end before a day."""
    for period in map(loaded.settings.span, ledger.issued_periods()):
        if since.first <= period.last < first:
            yield from ledger.accepted_rows(period.code)


def _ahead(known: History, receipts: Iterable[Receipt], ledger: LedgerView) -> frozenset[str]:
    """Return the hashes of files that came with a time ahead of the clock."""
    ranked = [row for row in known.rows if row.ranked_at and row.ranked_at < row.received_at]
    found = [*receipts, *ledger.receipts_of_rows(ranked)]
    return frozenset(receipt.sha256 for receipt in found if receipt.moments.is_ahead)


def _first_told(data: RollupInput, plans: InForce, ledger: LedgerView) -> dict[tuple[str, str], FirstTold]:
    """Return who first told the figures that were replaced, by code and data period."""
    found = {}
    for line in restatement_lines(data):
        if line.was is None:
            continue  # a late figure replaces none, and papers of this very period may have told it
        code_then = partial(plans.plans.code_then, line.indicator.code, data.period)
        told = ledger.first_told(code_then, line.period.code, data.settings.zone)
        if told and (told.value != line.now or told.paper != only_made(data.period)):
            found[line.indicator.code, line.period.code] = told
    return found


def _earlier(ledger: LedgerView, spans: Sequence[Period]) -> tuple[Published, ...]:
    """Return what earlier periods told: that which this one is compared with, and those shown beside it."""
    shown = ledger.published_before(spans[-1], EARLIER)
    compared = ledger.published_before(spans[0], 1)
    if compared and compared[0].period not in [published.period for published in shown]:
        return compared + shown
    return shown


def _told_by_month(ledger: LedgerView, period: Period, plan: Plan, plans: InForce) -> Iterator[Published]:
    """Yield what the newest paper of each month of the programme told, until before a period."""
    begins = date(plan.programme.first_year, 1, 1)
    for told in ledger.published_by_month(period, begins):
        yield plans.plans.published(told, period)


def _has_figures(data: RollupInput) -> bool:
    """Return whether there is a figure of a data period that ends in the span."""
    for indicator in data.plan.indicators:
        figures = data.known.figures(indicator.code)
        if figures and figures[-1].period.last >= data.period.first:
            return True
    return False


def _lives(plans: InForce, ledger: LedgerView, period: Period, until: date) -> Iterator[RecordedValue]:
    """Yield the figures of a period's year and the last as they were recorded, under the codes of now.

    Args:
        plans: The plans in force.
        ledger: The ledger.
        period: The period.
        until: The last day of the newest returns that count.
    """
    first = date(period.year - 1, 1, 1)
    recordings = ledger.figure_recordings(first, until)
    retold = plans.known(history(recording.row for recording in recordings), period).rows
    renamed = []
    for recording, row in zip(recordings, retold, strict=True):
        if row.code != recording.row.code:
            recording = replace(recording, row=replace(recording.row, code=row.code))  # noqa: PLW2901  # as it is told
        renamed.append(recording)
    sources = Sources(
        receipts=(),
        withdrawals=ledger.withdrawals(),
        decisions=ledger.conflict_decisions(),
        papers=(),
        plans=plans.plans,
    )
    for value in recorded_values(renamed, sources, only_main=True):
        if value.about.last >= first and value.about.first <= period.last:
            yield value


def _adopted(
    plans: InForce, ledger: LedgerView, period: Period
) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield what the office said of figures that it adopted, by file, code in a period, and return period."""
    for one in ledger.reviews():
        code = plans.plans.code_of_row(one.code, plans.loaded.settings.span(one.period), period)
        if one.verdict is ReviewVerdict.ADOPTED and code is not None:
            yield (one.sha256, code, one.period), one.why


def _questions(ledger: LedgerView, spans: Sequence[Period], known: History) -> Iterator[Question]:
    """Yield the questions that were asked until the last of some periods, and later about what is known."""
    rows = {(row.sha256, row.code) for row in known.rows}
    for question in ledger.questions():
        is_later = spans[-1].precedes(parse_period(question.period))
        if not is_later or (question.sha256, question.row) in rows:
            yield question


def _asked_later(
    ledger: LedgerView, questions: Iterable[Question], known: History, spans: Sequence[Period]
) -> list[Receipt]:
    """Return the files of periods after some of which something is known that is asked about."""
    asked = set()
    for question in questions:
        if spans[-1].precedes(parse_period(question.period)):
            asked.add((question.sha256, question.row))
    return ledger.receipts_of_rows(row for row in known.rows if (row.sha256, row.code) in asked)


def _agreed(known: History) -> Iterator[str]:
    """Yield the codes of the issues that the office registered, of which a meeting asks what became."""
    for decision in known.decisions:
        if decision.verdict is Verdict.REGISTER:
            yield decision.issue


def _open_issues(publications: Iterable[Published]) -> Iterator[str]:
    """Yield the codes of the issues that were published as open, whatever was decided since."""
    for published in publications:
        for code, row in published.rows.get(ISSUES.code, {}).items():
            if row.get("state") != SIGNED_OFF:
                yield code
