"""The command `review`: what waits for the office.

Figures that would change what was given out wait for its decision; questions that no unit has answered may
be answered in its place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tenproj_xl.app.open_matters import open_questions, spoken, waiting
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.periods import issued_period
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.app.results import Reviewed
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.texts import canonical
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.evaluate_indicators import yardstick
from tenproj_xl.model.history import History, Reported, figure_in
from tenproj_xl.model.questions import Question, QuestionState
from tenproj_xl.model.reviews import Review, ReviewVerdict, is_questioned
from tenproj_xl.office.review_book import read_review_book, write_review_book

_WHO = "tenproj review"


def ask(workspace: Workspace) -> Reviewed:
    """Write a workbook to decide in about the figures that wait, and to answer open questions in."""
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who=_WHO) as ledger:
        period = issued_period(None, loaded, ledger)
        plan = in_force(loaded, ledger).at(period).plan
        open_ones, questions = waiting(ledger), open_questions(ledger, period)
        said = (*(spoken(review, plan) for review in open_ones), *(q.message for q in questions))
        if not said:
            return Reviewed(said=said, findings=(), still_open=0, written=None)
        path = workspace.outbox / period.code / "待核实" / f"待核实清单_{period.name}.xlsx"
        outputs = Outputs(workspace, loaded, ledger)
        with outputs.write(path) as temporary:
            write_review_book(temporary, open_ones, questions, plan)
        if outputs.has_new:
            outputs.record_alone("review")
    return Reviewed(said=said, findings=(), still_open=len(said), written=path)


def review(workspace: Workspace, path: Path) -> Reviewed:
    """Record what the office decided in a workbook; a row at fault decides nothing.

    Raises:
        UsageProblem: It is another workbook.
    """
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who=_WHO) as ledger:
        period = issued_period(None, loaded, ledger)
        plan = in_force(loaded, ledger).at(period).plan
        read = read_review_book(path, waiting(ledger), open_questions(ledger, period))
        if read.decided or read.answered:
            with ledger.batch("review", datetime.now(UTC), loaded.snapshots):
                for decided in read.decided:
                    ledger.record_review(decided)
                for answered in (*read.answered, *_settled(read.decided, ledger)):
                    ledger.record_question(answered)
        still_open = len(waiting(ledger)) + len(open_questions(ledger, period))
    said = [f"{spoken(one, plan)}：{one.verdict.label}" for one in read.decided]
    said += [f"{one.message}：{one.state.label}（{one.who}）" for one in read.answered]
    return Reviewed(said=tuple(said), findings=read.findings, still_open=still_open, written=None)


def _settled(decided: Iterable[Review], ledger: LedgerView) -> Iterator[Question]:
    """Yield the open questions about figures that the office has decided on, as answered by it."""
    by_figure = {(one.code, one.data_period, canonical(one.value)): one for one in decided}
    for question in ledger.questions():
        one = by_figure.get((question.row, question.data_period, question.value))
        if one is None or not question.is_open:
            continue
        state = QuestionState.CORRECTED
        if one.verdict is ReviewVerdict.ADOPTED:
            state = QuestionState.TRUE
        yield replace(question, state=state, who=one.who, said=one.why)


def hold_back(files: Iterable[str], known: History, plans: InForce, ledger: Ledger) -> None:
    """Record which figures of files wait, within the batch that recorded the files.

    Args:
        files: The hashes of the files.
        known: What was accepted before them.
        plans: The plan and the settings in force.
        ledger: The open ledger.
    """
    refused = {
        (one.code, one.data_period, one.value)
        for one in ledger.reviews()
        if one.verdict is ReviewVerdict.REFUSED
    }
    by_period: dict[str, list[Reported]] = {}
    for row in ledger.accepted_from(list(files)):
        by_period.setdefault(row.period.code, []).append(row)
    for period in sorted(by_period):
        then = plans.known(known, plans.loaded.settings.span(period))  # rows may have had other codes
        for row in by_period[period]:
            one = _held(row, then, plans, ledger)
            if one and (one.code, one.data_period, one.value) in refused:
                one = _refused_before(one)
            if one:
                ledger.record_review(one)


def _refused_before(one: Review) -> Review:
    return Review(**{**vars(one), "verdict": ReviewVerdict.REFUSED, "why": "同一个数此前已决定不采用"})


def _held(row: Reported, known: History, plans: InForce, ledger: LedgerView) -> Review | None:
    """Return the figure of a row if it waits: it contradicts one that was given out, and its judgement."""
    figure = figure_in(row)
    loaded = plans.at(row.period)
    indicator = loaded.plan.indicator(row.code)
    if row.sheet != "indicators" or figure is None or indicator is None:
        return None
    standing = [f for f in known.figures(indicator.code) if f.period.last == figure.period.last]
    if not standing or not is_questioned(standing[-1], figure) or not figure.replaces(standing[-1]):
        return None
    code_then = partial(plans.plans.code_then, indicator.code, row.period)
    told = ledger.told_state(code_then, standing[-1].period.code)
    if told is None:
        return None
    state = yardstick(indicator, figure.period, loaded.settings).state(figure.value, figure.nature)
    if state is told.state:
        return None
    return Review(
        sha256=row.sha256,
        code=row.code,
        period=row.period.code,
        data_period=figure.period.code,
        was=standing[-1].value,
        value=figure.value,
        told=told.state,
        state=state,
        paper=told.paper,
    )
