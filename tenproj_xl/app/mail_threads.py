"""Tie mails to the letters that they answer or did not reach: by the reference, which headers confirm.

What a mail says is kept nowhere: a letter has only that it was answered or came back, when, by which mail.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from tenproj_xl.app.results import FileResult
from tenproj_xl.app.thread_results import Returned, Threaded
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import sha256_of_file
from tenproj_xl.core.mail_kinds import MailKind
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.address_book import AddressBook
from tenproj_xl.model.deliveries import LetterAnswer, LetterBounce, LetterState, LiaisonLetter
from tenproj_xl.model.mail_settings import MailSettings
from tenproj_xl.model.settings import Loaded
from tenproj_xl.post.bounces import Bounce, NotReached, about, bounce_of
from tenproj_xl.post.machine_mails import kind_of
from tenproj_xl.post.threads import Ties, ties_of
from tenproj_xl.reading.mail_headers import LONGEST_HEAD, Envelope, has_end_of_headers, read_envelope
from tenproj_xl.reading.sniff import FileKind, sniff

_ANSWERED = "收件人已回信"


@dataclass
class Threads:
    """The letters that the mails of a run are about, as they stand after them."""

    ledger: LedgerView
    addresses: AddressBook
    letters: dict[str, LiaisonLetter] = field(default_factory=dict)
    changed: dict[str, None] = field(default_factory=dict)

    def letter(self, reference: str) -> LiaisonLetter | None:
        """Return a letter as it stands by now."""
        if reference not in self.letters:
            found = self.ledger.letter(reference)
            if found is None:
                return None
            self.letters[reference] = found
        return self.letters[reference]

    def record(self, ledger: Ledger) -> None:
        """Record, in the batch at hand, what changed of letters."""
        for reference in self.changed:
            ledger.record_letter(self.letters[reference])
        self.changed.clear()

    # --- answers

    def answered(
        self, envelope: Envelope, digest: str, at: datetime, recipients: Collection[str]
    ) -> Threaded | None:
        """Note that a mail of a person answers a letter, if it does; return both.

        Args:
            envelope: The mail.
            digest: Its hash.
            at: When it was sent.
            recipients: The codes of the forms that it brings.
        """
        ties = ties_of(envelope.message)
        letter = self._named(ties)
        if letter is None:
            return None
        is_about_forms = bool(recipients and letter.recipients)
        is_contradicted = is_about_forms and set(recipients).isdisjoint(letter.recipients)
        is_confirmed = ties.confirm(letter.message_id)
        others = [] if is_confirmed else [one.reference for one in self._by_headers(ties)]
        if not is_contradicted:
            answer = LetterAnswer(
                digest=digest,
                at=at,
                has_form=bool(recipients),
                is_from_addressee=self._is_of(envelope.address, letter),
                is_confirmed=is_confirmed,
            )
            letter = self._keep(_with_answer(letter, answer, envelope.address))
        other = next((one for one in reversed(others) if one != letter.reference), "")
        return Threaded(
            letter=letter, is_confirmed=is_confirmed, other=other, is_contradicted=is_contradicted
        )

    def _named(self, ties: Ties) -> LiaisonLetter | None:
        """Return the letter that a subject names: of several one that headers confirm, else the newest."""
        named = [letter for letter in map(self.letter, ties.references) if letter is not None]
        for letter in named:
            if ties.confirm(letter.message_id):
                return letter
        return max(named, key=attrgetter("at", "reference"), default=None)

    def _by_headers(self, ties: Ties) -> Iterator[LiaisonLetter]:
        """Yield the letters whose Message-ID stands in the headers."""
        for message_id, reference in ties.by_message_ids.items():
            letter = self.letter(reference)
            if letter is not None and letter.message_id == message_id:
                yield letter

    def _is_of(self, address: str, letter: LiaisonLetter) -> bool:
        """Return whether an address is of whom a letter went to, by the letter or the address book."""
        if letter.went_to(address):
            return True
        for contact in self.addresses.of_unit(letter.unit):
            known = [one.lower() for one in contact.addresses]
            if contact.name == letter.name and address.lower() in known:
                return True
        return False

    def _keep(self, letter: LiaisonLetter) -> LiaisonLetter:
        if letter != self.letters.get(letter.reference):
            self.letters[letter.reference] = letter
            self.changed[letter.reference] = None
        return letter

    # --- bounces

    def bounced(self, bounce: Bounce, digest: str, at: datetime) -> Returned | None:
        """Note which addresses of a letter a bounce is about; return both, None where there is no letter."""
        letter = self._returned(bounce)
        if letter is None:
            return None
        found = []
        if letter.state.may_have_gone or letter.bounces or letter.refused:
            for one in _of_letter(bounce, letter):
                found.append(
                    LetterBounce(
                        digest=digest,
                        at=at,
                        address=one.address,
                        is_given_up=one.is_given_up,
                        is_dead=one.is_dead,
                        why=one.why,
                    )
                )
        return Returned(letter=self._keep(_with_bounces(letter, found)), reached_not=tuple(found))

    def _returned(self, bounce: Bounce) -> LiaisonLetter | None:
        """Return the letter that came back: by its Message-ID, else by its reference."""
        letters = [*self._by_headers(bounce.ties)]
        letters += [letter for letter in map(self.letter, bounce.ties.references) if letter is not None]
        return next(iter(letters), None)


def _with_answer(letter: LiaisonLetter, answer: LetterAnswer, sender: str) -> LiaisonLetter:
    """Return a letter with an answer: whoever it went to and who answers it has got it."""
    if any(_is_same(answer, known) for known in letter.answers):
        return letter
    answered = replace(letter, answers=(*letter.answers, answer))
    if not answer.is_from_addressee:
        return answered
    refused = tuple(address for address in letter.refused if address.lower() != sender.lower())
    answered = replace(answered, refused=refused)
    if letter.state is LetterState.SENT:
        return answered
    return replace(answered, state=LetterState.SENT, why=_ANSWERED)


def _is_same(one: LetterAnswer | LetterBounce, other: LetterAnswer | LetterBounce) -> bool:
    """Return whether a mail came before: programs that save one change its bytes, not its date."""
    return one.digest == other.digest or replace(one, digest="") == replace(other, digest="")


def _of_letter(bounce: Bounce, letter: LiaisonLetter) -> list[NotReached]:
    """Return what a bounce says of the addresses of a letter."""
    found = [one for one in bounce.not_reached if letter.went_to(one.address)]
    if found:
        return found
    mentioned = [about(bounce, address) for address in bounce.mentioned if letter.went_to(address)]
    if mentioned:
        return mentioned[:1]
    if not bounce.not_reached and len(letter.addresses) == 1:
        return [about(bounce, letter.addresses[0])]
    return []


def _with_bounces(letter: LiaisonLetter, bounces: Sequence[LetterBounce]) -> LiaisonLetter:
    """Return a letter that did not reach some addresses; one that reached none waits again."""
    new = []
    for bounce in bounces:
        same = [one for one in letter.bounces if one.address == bounce.address and _is_same(one, bounce)]
        if not same:
            new.append(bounce)
    if not new:
        return letter
    dead = [one.address for one in new if one.is_dead]
    after = replace(
        letter,
        bounces=(*letter.bounces, *new),
        refused=tuple(dict.fromkeys((*letter.refused, *dead))),
    )
    lost = {address.lower() for address in (*after.not_reached, *after.refused)}
    is_lost = all(address.lower() in lost for address in after.to)
    if not is_lost or letter.answers or not letter.state.may_have_gone:
        return after
    return replace(after, state=LetterState.RETURNED, why=returned_why(after))


def returned_why(letter: LiaisonLetter) -> str:
    """Return whom a letter did not reach, and why: `退信：kjj@example.com（user unknown）`, "" for nobody."""
    told = {}
    for bounce in letter.bounces:
        if bounce.is_given_up:
            told[bounce.address] = f"{bounce.address}（{bounce.why}）" if bounce.why else bounce.address
    if not told:
        return ""
    return f"退信：{'、'.join(told.values())}"


# --- mails that lie in the inbox


def thread_inbox(results: Sequence[FileResult], threads: Threads, loaded: Loaded) -> list[FileResult]:
    """Note which letters the mails among files answer; return the files, each with what its mail answers.

    Each is told who wrote its mail.

    Args:
        results: What became of the files; those inside a mail have the path of the mail.
        threads: Where it is noted.
        loaded: Plan and settings.
    """
    by_mail: dict[Path, list[FileResult]] = {}
    for result in results:
        if not result.stays:
            by_mail.setdefault(result.received.path, []).append(result)
    found: dict[Path, Threaded] = {}
    kinds: dict[Path, MailKind] = {}
    for path, brought in by_mail.items():
        data = mail_head(path)
        if data is None:
            continue
        envelope = read_envelope(data)
        kinds[path] = kind_of(envelope.message)
        threaded = _threaded(path, data, envelope, brought, threads, loaded.settings.mail)
        if threaded is not None:
            found[path] = threaded
    threaded_results = []
    for result in results:
        path = result.received.path
        if result.stays or path not in kinds:
            threaded_results.append(result)
        else:
            threaded_results.append(replace(result, thread=found.get(path), written_by=kinds[path]))
    return threaded_results


def _threaded(
    path: Path,
    data: bytes,
    envelope: Envelope,
    brought: Sequence[FileResult],
    threads: Threads,
    mail: MailSettings,
) -> Threaded | None:
    kind, digest = kind_of(envelope.message), sha256_of_file(path)
    at = envelope.sent_at or brought[0].received.received_at
    if kind is MailKind.BOUNCE:
        threads.bounced(bounce_of(data, own_addresses(mail)), digest, at)
        return None
    recipients = forms_in(brought)
    is_answer = kind is MailKind.PERSON or (recipients and kind is not MailKind.OWN)
    if not is_answer or envelope.address.lower() in own_addresses(mail):
        return None
    return threads.answered(envelope, digest, at, recipients)


def forms_in(results: Iterable[FileResult]) -> frozenset[str]:
    """Return the codes of the forms that some files are."""
    return frozenset(result.party.recipient for result in results if result.period and result.party.recipient)


def own_addresses(mail: MailSettings) -> frozenset[str]:
    """Return the office's own addresses, in small letters."""
    return frozenset((mail.account.lower(), mail.sender.lower()))


def mail_head(path: Path) -> bytes | None:
    """Return how a mail begins that lies somewhere, None where it is no mail or gone."""
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST_HEAD)
    except OSError:
        return None
    is_zip = data.startswith(b"PK")  # workbooks, most of what comes: what is in them takes a while to find
    if is_zip or sniff(data) is not FileKind.MAIL or not has_end_of_headers(data):
        return None
    return data


def is_from_machine(path: Path) -> bool:
    """Return whether a file is a mail that no person wrote to us: its letter is not answered by a machine."""
    data = mail_head(path)
    return data is not None and not kind_of(read_envelope(data).message).may_be_answered
