"""The command `review`: what waits for the office.

Figures that would change what was given out wait for its decision; questions that no unit has answered may
be answered in its place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.app.open_matters import named, open_questions, spoken, waiting
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.periods import issued_period
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import Reviewed
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.texts import canonical
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.questions import Question, QuestionState
from tenproj_xl.model.reviews import Review, ReviewVerdict
from tenproj_xl.office.review_book import read_review_book, write_review_book

_WHO = "tenproj review"


def ask(workspace: Workspace) -> Reviewed:
    """Write a workbook to decide in about the figures that wait, and to answer open questions in."""
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who=_WHO) as ledger:
        period = issued_period(None, loaded, ledger)
        plans = in_force(loaded, ledger)
        open_ones = [named(one, plans, period) for one in waiting(ledger)]
        questions = open_questions(ledger, period)
        said = (*map(spoken, open_ones), *(q.message for q in questions))
        if not said:
            return Reviewed(said=said, findings=(), still_open=0, written=None)
        path = workspace.outbox / period.code / "待核实" / f"待核实清单_{period.name}.xlsx"
        outputs = Outputs(workspace, loaded, ledger)
        with outputs.write(path) as temporary:
            write_review_book(temporary, open_ones, questions, plans.plan_at(period))
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
        plans = in_force(loaded, ledger)
        read = read_review_book(path, waiting(ledger), open_questions(ledger, period))
        if read.decided or read.answered:
            with ledger.batch("review", datetime.now(UTC), loaded.snapshots):
                for decided in read.decided:
                    ledger.record_review(decided)
                for answered in (*read.answered, *_settled(read.decided, ledger)):
                    ledger.record_question(answered)
        still_open = len(waiting(ledger)) + len(open_questions(ledger, period))
        said = [f"{spoken(named(one, plans, period))}：{one.verdict.label}" for one in read.decided]
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
        yield replace(question, state=state, who=one.who, said=one.why, answered_in="")
