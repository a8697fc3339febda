"""The command `status`: who has returned what for a period, and whose form is still out."""

from dataclasses import replace
from datetime import UTC, datetime

from tenproj_xl.app.last_backup import backup_reminder
from tenproj_xl.app.letter_news import answered_line, answered_though_waiting, undelivered_lines
from tenproj_xl.app.matrix import matrix_of
from tenproj_xl.app.matrix_results import Matrix, PaperState
from tenproj_xl.app.open_matters import notices, undecided, with_open_matters
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.sent_marks import letters_waiting
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.settings import Loaded


def status(workspace: Workspace, period_code: str | None = None, *, now: datetime | None = None) -> Matrix:
    """Return the return matrix of a period, by default of the newest that forms went out for.

    `now`, by default the present, is the moment at which returns that are out are late or not.

    Raises:
        UsageProblem: no forms were sent out yet.
    """
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(loaded, ledger)
        period = issued_period(period_code, loaded, ledger)
        receipts, sent = ledger.receipts(period.code), ledger.forms_sent(period.code)
        plans = in_force(loaded, ledger)
        known, moment = plans.known_of_owing(ledger, period), now or datetime.now(UTC)
        matrix = matrix_of(period, receipts, sent, known, plans.at(period), moment)
        matrix = with_open_matters(matrix, ledger)
        letters = ledger.letters(period.code)
        return replace(
            matrix,
            conflicts=undecided(ledger.conflicts(period.code), loaded.plan),
            notices=(
                *notices(ledger, plans, period),
                *undelivered_lines(letters, plans.plan_at(period)),
                *answered_though_waiting(letters),
                *letters_waiting(workspace, ledger, period),
                *backup_reminder(workspace, ledger, moment),
            ),
            letters=answered_line(letters),
            corrections=_proposals(loaded, ledger, period.year),
        )


def _proposals(loaded: Loaded, ledger: LedgerView, year: int) -> tuple[PaperState, ...]:
    if not ledger.publications():
        return ()
    from tenproj_xl.app.publications import proposals  # noqa: PLC0415  # loads what computes a roll-up

    return proposals(loaded, ledger, year)
