"""Mail the letters that go by mail: each once, so many a day to an address, none to one that takes none."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path

from tenproj_xl.app.send_results import LaidOut, Mailed
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.model.address_book import MAIL
from tenproj_xl.model.deliveries import LetterState, LiaisonLetter, resting
from tenproj_xl.model.settings import Loaded
from tenproj_xl.post.connection import ConnectionProblem
from tenproj_xl.post.letter_mail import LetterMail
from tenproj_xl.post.secrets import Secret
from tenproj_xl.post.smtp import Attempt, send_letters
from tenproj_xl.post.threads import message_id_of
from tenproj_xl.post.to_send import mail_in

AGAIN = "核对后再发"
"""Why a letter is to be sent, whatever kept it from going before: the office says so."""


@dataclass(frozen=True, kw_only=True)
class Mailer:
    """Mails letters that lie in folders below a `root`, and has each of their states recorded."""

    workspace: Workspace
    ledger: Ledger
    loaded: Loaded
    root: Path
    now: datetime
    record: Callable[[Sequence[LiaisonLetter]], None]

    def mail(self, laid: Sequence[LaidOut], secret: Secret) -> Mailed:
        """Send what goes by mail and may go today."""
        sorted_out = _Sorted(rest=resting(self.ledger.letters_with_refusals()), sent=self._sent_today)
        mails = []
        for one in laid:
            mail = self._mail(one, sorted_out)
            if mail is not None:
                mails.append(mail)
        self.record(sorted_out.put_off)
        letters = {one.letter.reference: one.letter for one in laid}
        tried: dict[str, LiaisonLetter] = {}
        settings = self.loaded.settings.mail

        def tell(mail: LetterMail, attempt: Attempt) -> None:
            letter = _after(tried.get(mail.reference, letters[mail.reference]), attempt)
            message_id = message_id_of(mail.reference, settings.sender)
            tried[mail.reference] = replace(letter, text=mail.text, message_id=message_id)
            self.record([tried[mail.reference]])

        certificate = self.workspace.root / settings.certificate if settings.certificate else None
        problem = ""
        try:
            send_letters(mails, settings, secret, certificate, tell)
        except ConnectionProblem as fault:
            problem = str(fault)
        not_tried = [letters[mail.reference] for mail in mails if mail.reference not in tried]
        return Mailed(
            letters=(*tried.values(), *not_tried),
            resting=sorted_out.told,
            problem=problem,
            put_off=tuple(sorted_out.put_off),
        )

    def _mail(self, one: LaidOut, sorted_out: "_Sorted") -> LetterMail | None:
        """Return a letter as it goes to the addresses that take letters, None where it does not go now."""
        letter = one.letter
        if not one.liaison.is_mailed:
            return None
        to, copies = sorted_out.reached(letter.to), sorted_out.reached(letter.copies)
        if not to:
            return None
        if letter.why != AGAIN:
            if one.by_hand:
                return None
            full = sorted_out.full((*to, *copies), self.loaded.settings.mail.per_day)
            if full:
                sorted_out.put_off.append(self._put_off(letter, full))
                return None
        sorted_out.sent.update(address.lower() for address in (*to, *copies))
        return replace(mail_in(self.root, letter), to=to, copies=copies)

    @cached_property
    def _sent_today(self) -> Counter[str]:
        """How many letters went to each address today, where the office is, and may have gone."""
        zone, today = self.loaded.settings.zone, self._today
        midnight = datetime.combine(today, time(), zone)
        counted: Counter[str] = Counter()
        for letter in self.ledger.letters_since(midnight):
            went = letter.state.may_have_gone or letter.state is LetterState.RETURNED
            if went and letter.channel == MAIL and letter.at.astimezone(zone).date() == today:
                counted.update(address.lower() for address in letter.addresses)
        return counted

    @property
    def _today(self) -> date:
        """Today, where the office is; a clock that was put back lets no more letters out."""
        return self.ledger.moment(self.now).astimezone(self.loaded.settings.zone).date()

    def _put_off(self, letter: LiaisonLetter, full: str) -> LiaisonLetter:
        today, most = self._today, self.loaded.settings.mail.per_day
        why = f"{full}在{today.month}月{today.day}日已发满{most}封，次日再发"
        return replace(letter, state=LetterState.PUT_OFF, why=why)


@dataclass
class _Sorted:
    """What may go: `rest` are the addresses that take no letters, `sent` how many each got today.

    `told` are those of `rest` that letters were for, `put_off` the letters that wait for another day.
    """

    rest: dict[str, str]
    sent: Counter[str]

    def __post_init__(self) -> None:
        self.told: dict[str, str] = {}
        self.put_off: list[LiaisonLetter] = []

    def reached(self, addresses: Sequence[str]) -> tuple[str, ...]:
        """Return those of some addresses that take letters."""
        found = []
        for address in addresses:
            if address.lower() in self.rest:
                self.told[address] = self.rest[address.lower()]
            else:
                found.append(address)
        return tuple(found)

    def full(self, addresses: Sequence[str], most: int) -> str:
        """Return the first of some addresses that gets no more today, "" for none."""
        return next((address for address in addresses if self.sent[address.lower()] >= most), "")


def _after(letter: LiaisonLetter, attempt: Attempt) -> LiaisonLetter:
    """Return a letter as it stands after an attempt to mail it."""
    refused = [one.address for one in attempt.refused if one.is_permanent]
    why = attempt.why
    if attempt.refused and not why:  # those that are put off, too: it does not go to them again
        why = "；".join(f"没有发给{one.address}：{one.why}" for one in attempt.refused)
    return replace(
        letter,
        state=LetterState.stored(attempt.state.value),
        why=why,
        refused=tuple(dict.fromkeys((*letter.refused, *refused))),
    )
