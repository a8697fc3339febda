"""The command `run`: what is to be done each morning, one step after the other, safe to repeat.

New mails are fetched, and what lies in the inbox is taken in; after the deadline the roll-up is made; letters
are laid out, or mailed, reminders among them on the days of the calendar.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from tenproj_xl.app.fetch import fetch
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.mail_results import Fetched
from tenproj_xl.app.matrix_results import Matrix
from tenproj_xl.app.merge import merge
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.results import Ingested, Merged
from tenproj_xl.app.send import send
from tenproj_xl.app.send_results import Laid
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.post.secrets import Ask


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run did.

    Attributes:
        period: The period whose forms are out.
        deadline: When they are due.
        fetched: What came by mail, None where there is no mailbox, or it could not be opened.
        ingested: What came in.
        merged: The roll-up, None where the deadline has not passed or nothing is new.
        laid: The letters.
        reminded: Whether letters of this run remind those whose forms are out.
        matrix: Who has returned what.
        problems: Why mail was not fetched or sent.
    """

    period: Period
    deadline: datetime
    fetched: Fetched | None
    ingested: Ingested
    merged: Merged | None
    laid: Laid
    reminded: bool
    matrix: Matrix
    problems: tuple[str, ...]

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to correct, decide or look into something that this run found.

        Missing returns and letters that are sent by hand are to be seen to every week, and told each time.
        """
        is_mail = self.fetched is not None and self.fetched.needs_a_person
        is_merge = self.merged is not None and self.merged.needs_a_person
        return is_mail or is_merge or self.ingested.needs_a_person or self.laid.needs_a_person


def run(
    workspace: Workspace,
    *,
    ask: Ask | None = None,
    tell_of_mails: Callable[[Fetched], None] = lambda _: None,
    now: datetime | None = None,
) -> Ran:
    """Take in what came, make the roll-up after the deadline, and send or lay out what is to be told.

    Where mail cannot be fetched or sent, the rest is done all the same.

    Args:
        workspace: The workspace.
        ask: Asks a person at the terminal for the password, None where there is nobody.
        tell_of_mails: Called as soon as mails are fetched, whatever becomes of the rest.
        now: The present moment, by default the machine's.

    Raises:
        UsageProblem: No forms went out.
        EnvironmentProblem: A workbook of the office, the ledger or a folder cannot be used.
    """
    moment = now or datetime.now(UTC)
    loaded = load(workspace)
    settings = loaded.settings
    problems: list[str] = []
    fetched = None
    if settings.mail.incoming is not None:
        try:
            fetched = fetch(workspace, ask=ask, now=now)
        except EnvironmentProblem as fault:
            problems.append(str(fault))
    if fetched:
        tell_of_mails(fetched)
        if fetched.problem:
            problems.append(fetched.problem)
    ingested = fetched.ingested if fetched else ingest(workspace, now=now)
    with look_into_ledger(workspace.ledger) as ledger:
        dated = with_issued(loaded, ledger)
        period = issued_period(None, dated, ledger)
        deadline = dated.settings.deadline(period)
        is_current = _is_rollup_current(period, deadline, ledger)
    merged = None
    if moment > deadline and (ingested.files or not is_current):
        merged = merge(workspace, period.code)
    remind = settings.calendar.is_day_of_reminders(deadline, moment)
    laid = _sent(workspace, problems, ask, remind=remind, mail=settings.mail.outgoing is not None, now=moment)
    return Ran(
        period=period,
        deadline=deadline,
        fetched=fetched,
        ingested=ingested,
        merged=merged,
        laid=laid,
        reminded=remind and laid.reminds,
        matrix=status(workspace, period.code, now=moment),
        problems=tuple(problems),
    )


def _is_rollup_current(period: Period, deadline: datetime, ledger: LedgerView) -> bool:
    """Return whether a roll-up was made after the deadline, and nothing that it tells was recorded since.

    What came may have been taken in by another command, or by a run whose roll-up could not be written; the
    office may have signed issues off.
    """
    made_at, batch = ledger.last_merge_at(period.code), ledger.last_merge_batch(period.code)
    if made_at is None or batch is None or made_at <= deadline:
        return False
    return not ledger.later_entries().may_change(period, batch)


def _sent(
    workspace: Workspace, problems: list[str], ask: Ask | None, *, remind: bool, mail: bool, now: datetime
) -> Laid:
    """Lay letters out, and mail those that go by mail; add why they could not be mailed to the problems."""
    if mail:
        try:
            laid = send(workspace, remind=remind, mail=True, ask=ask, now=now)
        except EnvironmentProblem as fault:
            problems.append(str(fault))
        else:
            if laid.mailed and laid.mailed.problem:
                problems.append(laid.mailed.problem)
            return laid
    return send(workspace, remind=remind, now=now)
