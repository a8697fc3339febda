"""The command `fetch`: put the new mails of the office's mailbox into the inbox, and take that in.

New mails are looked at in a private folder. Those that bring something are put into the inbox, whole, and
taken in; only when that is recorded are the mails noted as fetched. A run that is cut off at any point has
noted nothing, and the next one fetches the same mails again, of which the same bytes change nothing. The
mailbox itself is never changed.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from tenproj_xl.app.ingest import take_in
from tenproj_xl.app.judge_files import judge_files
from tenproj_xl.app.mail_results import Fetched, LeftMail, TakenMail
from tenproj_xl.app.mail_threads import Threads, own_addresses
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.files import atomic_write, file_name, sha256
from tenproj_xl.core.garbage import gc_paused
from tenproj_xl.core.mail_kinds import MailKind
from tenproj_xl.core.periods import Period
from tenproj_xl.core.progress import counted
from tenproj_xl.core.remains import private_folder
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.fetched import FetchedMail, MailOutcome
from tenproj_xl.model.mail_settings import MailSettings
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.statuses import Status
from tenproj_xl.post.bounces import bounce_of
from tenproj_xl.post.connection import ConnectionProblem, require_library
from tenproj_xl.post.machine_mails import kind_of
from tenproj_xl.post.secrets import Ask, SecretName, secret_of
from tenproj_xl.post.verification import verification_of
from tenproj_xl.reading.inbox import receive
from tenproj_xl.reading.mail_headers import Envelope, read_envelope
from tenproj_xl.reading.members import clean_name

if TYPE_CHECKING:
    from tenproj_xl.post.imap import MailHead, OpenMailbox  # of the extra `mail`

_MOST_MAILS, _MOST_BYTES = 200, 512 << 20
"""As much is fetched in one run."""
_LONGEST_NAME = 20
_NOT_FOR_US = frozenset(
    {
        Code.NOT_OURS,
        Code.FILE_KIND,
        Code.FILE_FOREIGN,
        Code.FILE_OVERSIZE,
        Code.FILE_REMOVED,
        Code.NOTHING_INSIDE,
        Code.MAIL_WORDS,
        Code.SCAN_ALONE,
    }
)
"""What is found in files that are of other matters; what cannot be read may be a form."""


@gc_paused()
def fetch(workspace: Workspace, *, ask: Ask | None = None, now: datetime | None = None) -> Fetched:
    """Fetch new mails, and take in what they bring and what lies in the inbox.

    Args:
        workspace: The workspace.
        ask: Asks a person at the terminal for the password, None where there is nobody.
        now: The moment that no file can have been made after, by default the present.

    Raises:
        EnvironmentProblem: There is no mailbox, library or password, or the mailbox cannot be opened.
        UsageProblem: No forms went out yet.
    """
    loaded = load(workspace)
    mail = loaded.settings.mail
    _require_mailbox(mail)
    with look_into_ledger(workspace.ledger) as past:
        known = _known(mail, past, issued_period(None, with_issued(loaded, past), past))
    with private_folder() as folder:
        brought = _brought(workspace, loaded, known, folder, ask)
        with opened_ledger(workspace, loaded, who="tenproj fetch") as ledger:
            loaded = with_issued(loaded, ledger)
            return _taken_in(workspace, loaded, ledger, brought, now)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What was fetched before, and from which day on."""

    mailbox: str
    since: date
    is_first: bool
    mails: Sequence[FetchedMail]

    def numbers(self, uid_validity: int) -> frozenset[int]:
        """Return the numbers of mails that were fetched, as far as they are good still."""
        found = set()
        for mail in self.mails:
            if uid_validity and (mail.mailbox, mail.uid_validity) == (self.mailbox, uid_validity):
                found.add(mail.uid)
        return frozenset(found)

    @property
    def alike(self) -> Mapping[tuple[str, int], FetchedMail]:
        """The mails by Message-ID and size, which stay when a server numbers them anew."""
        return {mail.likeness: mail for mail in self.mails if mail.message_id}


@dataclass(frozen=True, kw_only=True)
class _Mail:
    """A mail that was fetched into the private folder."""

    fetched: FetchedMail
    path: Path
    envelope: Envelope
    kind: MailKind

    def is_from_a_unit(self, own: Collection[str]) -> bool:
        """Return whether a person wrote it, and not the office itself, which has copies of blank forms."""
        return self.kind is MailKind.PERSON and self.envelope.address.lower() not in own

    def is_ours(self, own: Collection[str]) -> bool:
        """Return whether it is a letter that this program sent; one that a unit passes on is not."""
        return self.kind is MailKind.OWN and self.envelope.address.lower() in own

    @property
    def name(self) -> str:
        """What it is called in the inbox, unlike any form: `张三-1a2b3c4d.eml`."""
        words = self.envelope.sender.removesuffix(self.envelope.address).strip()
        whose = words or self.envelope.address.partition("@")[0]
        cut = file_name(clean_name(whose)).replace("_", "-")[:_LONGEST_NAME].strip()
        return f"{cut}-{self.fetched.sha256[:8]}.eml"


@dataclass(frozen=True, kw_only=True)
class _Brought:
    """What a run brought: mails; those known under another number; those too large; what is left to do."""

    known: _Known
    mails: tuple[_Mail, ...] = ()
    renumbered: tuple[FetchedMail, ...] = ()
    too_large: tuple[tuple[FetchedMail, LeftMail], ...] = ()
    not_given: int = 0
    waiting: int = 0
    problem: str = ""


def _require_mailbox(mail: MailSettings) -> None:
    if mail.incoming is None:
        raise EnvironmentProblem(
            "还没有登记收信的邮箱。请在“设置.xlsx”的“邮箱”表填“收信服务器”和“账号”，再运行一次；"
            "不用邮箱的，把回表存进收件夹，运行 tenproj ingest。"
        )
    require_library()


def _known(mail: MailSettings, ledger: LedgerView, expected: Period) -> _Known:
    """Return what was fetched before; a first run begins with the forms of the expected period."""
    mailbox = f"{mail.account} {mail.folder}"
    since = ledger.fetched_since(mailbox)
    out_at = ledger.forms_out_at(expected.code) or datetime.now(UTC)
    return _Known(
        mailbox=mailbox,
        since=since or out_at.date() - timedelta(days=1),
        is_first=since is None,
        mails=ledger.fetched_mails(),
    )


# --- from the mailbox into the private folder


def _brought(workspace: Workspace, loaded: Loaded, known: _Known, folder: Path, ask: Ask | None) -> _Brought:
    from tenproj_xl.post.imap import open_mailbox  # noqa: PLC0415  # it was required

    mail = loaded.settings.mail
    secret = secret_of(SecretName.MAIL, mail.account, ask)
    certificate = workspace.root / mail.certificate if mail.certificate else None
    with open_mailbox(mail, secret, certificate) as mailbox:
        found = mailbox.listed(known.since, known.numbers(mailbox.uid_validity))
        return _fetched(mailbox, found, known, folder, loaded.settings.limits.size)


def _fetched(
    mailbox: "OpenMailbox", found: "Sequence[MailHead]", known: _Known, folder: Path, largest: int
) -> _Brought:
    """Fetch what is new of the listed mails, each on its own, until enough came or the connection breaks."""
    alike = known.alike
    renumbered, new = [], []
    for listed in found:
        before = alike.get((listed.message_id, listed.size))
        if before:
            renumbered.append(
                replace(before, mailbox=known.mailbox, uid_validity=mailbox.uid_validity, uid=listed.uid)
            )
        else:
            new.append(listed)
    mails: list[_Mail] = []
    too_large, not_given, taken, problem = [], 0, 0, ""
    for listed in counted(new[:_MOST_MAILS], "取回邮件", "封"):
        if listed.size > largest:
            too_large.append(_left_there(listed, known, mailbox.uid_validity))
            continue
        taken += listed.size
        if taken > _MOST_BYTES and mails:
            break
        try:
            data = mailbox.message(listed)
        except ConnectionProblem as fault:
            problem = str(fault)
            break
        if data is None:
            not_given += 1
        else:
            mails.append(_kept(data, _entry(listed, known, mailbox.uid_validity, sha256(data)), folder))
    done = len(mails) + len(too_large) + not_given
    return _Brought(
        known=known,
        mails=tuple(mails),
        renumbered=tuple(renumbered),
        too_large=tuple(too_large),
        not_given=not_given,
        waiting=len(new) - done,
        problem=problem,
    )


def _entry(listed: "MailHead", known: _Known, uid_validity: int, digest: str) -> FetchedMail:
    return FetchedMail(
        mailbox=known.mailbox,
        uid_validity=uid_validity,
        uid=listed.uid,
        message_id=listed.message_id,
        sha256=digest,
        size=listed.size,
        arrived_at=listed.arrived_at,
        outcome=MailOutcome.NO_RETURN,
    )


def _left_there(listed: "MailHead", known: _Known, uid_validity: int) -> tuple[FetchedMail, LeftMail]:
    entry = replace(_entry(listed, known, uid_validity, ""), outcome=MailOutcome.TOO_LARGE)
    left = LeftMail(
        kind=MailKind.PERSON,
        sender=listed.sender,
        subject=listed.subject,
        sent_at=listed.arrived_at,
        megabytes=-(-listed.size >> 20),
    )
    return entry, left


def _kept(data: bytes, entry: FetchedMail, folder: Path) -> _Mail:
    path = folder / f"{entry.uid}.eml"
    path.write_bytes(data)
    moment = entry.arrived_at.timestamp()
    os.utime(path, (moment, moment))
    envelope = read_envelope(data)
    return _Mail(fetched=entry, path=path, envelope=envelope, kind=kind_of(envelope.message))


# --- from the private folder into the ledger


def _taken_in(
    workspace: Workspace, loaded: Loaded, ledger: Ledger, brought: _Brought, now: datetime | None
) -> Fetched:
    expected = issued_period(None, loaded, ledger)
    plans = in_force(loaded, ledger)
    before = set(map(attrgetter("sha256"), brought.known.mails))
    fresh = [mail for mail in brought.mails if mail.fetched.sha256 not in before]
    wanted, waits = _sorted(fresh, plans, ledger, expected, now)
    for mail in wanted:
        _put_into(workspace.inbox, mail)
    done = take_in(workspace, loaded, ledger, expected, remind=False, now=now)
    settings = loaded.settings.mail
    threads = Threads(ledger, loaded.addresses)
    entries, taken, left = [], [], []
    for mail in brought.mails:
        if mail in wanted:
            taken.append(_taken(mail, settings))
            if not _is_undecided(workspace.inbox, mail, done):
                entries.append(replace(mail.fetched, outcome=MailOutcome.TAKEN_IN))
        elif mail.fetched.uid not in waits:
            entries.append(mail.fetched)
            if mail in fresh and not mail.is_ours(own_addresses(settings)):
                left.append(_left(mail, settings, threads))
    for entry, too_large in brought.too_large:
        entries.append(entry)
        left.append(too_large)
    _record(ledger, loaded, brought.known, [*entries, *brought.renumbered], threads)
    return Fetched(
        account=settings.account,
        zone=loaded.settings.zone,
        ingested=done,
        mails=len(fresh),
        taken=tuple(taken),
        left=tuple(left),
        waiting=brought.waiting,
        not_given=brought.not_given + len(waits),
        problem=brought.problem,
    )


def _sorted(
    mails: Sequence[_Mail], plans: InForce, ledger: LedgerView, expected: Period, now: datetime | None
) -> tuple[list[_Mail], set[int]]:
    """Return the mails that bring something, and the numbers of those that a later run has to look at."""
    settings = plans.loaded.settings.mail
    own = own_addresses(settings)
    candidates = [mail for mail in mails if mail.kind is not MailKind.BOUNCE and not mail.is_ours(own)]
    paths = map(attrgetter("path"), candidates)
    received = receive(paths, largest=plans.loaded.settings.limits.size)
    judged = judge_files(received, plans, ledger, expected, now=now)
    wanted, waits = [], set()
    for mail in candidates:
        results = list(_of_mail(mail.path.name, judged.files))
        codes = {found.code for result in results for found in result.findings}
        is_for_us = partial(_is_for_us, is_from_a_unit=mail.is_from_a_unit(own))
        if Code.FILE_LATER in codes:
            waits.add(mail.fetched.uid)
        elif any(map(is_for_us, results)):
            wanted.append(mail)
    return wanted, waits


def _of_mail(name: str, results: Iterable[FileResult]) -> Iterator[FileResult]:
    """Yield the results of a mail and of all that lies in it."""
    for result in results:
        if result.received.name == name or result.received.name.startswith(f"{name}/"):
            yield result


def _is_for_us(result: FileResult, *, is_from_a_unit: bool) -> bool:
    """Return whether a file is a return or belongs to one; of a unit, also whether it may be one."""
    if result.status is not Status.REFUSED:
        return True
    if not is_from_a_unit:
        return False
    codes = map(attrgetter("code"), result.findings)
    return bool(result.period) or _NOT_FOR_US.isdisjoint(codes)


def _put_into(inbox: Path, mail: _Mail) -> None:
    """Put a mail into the inbox, whole; a run that was cut off may have put it there before."""
    with atomic_write(inbox / mail.name) as temporary:
        temporary.write_bytes(mail.path.read_bytes())
        moment = mail.fetched.arrived_at.timestamp()
        os.utime(temporary, (moment, moment))


def _is_undecided(inbox: Path, mail: _Mail, done: Ingested) -> bool:
    """Return whether a mail still lies in the inbox for the next run, and not for a person."""
    if not (inbox / mail.name).exists():
        return False
    return not any(result.is_held or result.is_the_offices for result in _of_mail(mail.name, done.files))


def _record(
    ledger: Ledger, loaded: Loaded, known: _Known, entries: Sequence[FetchedMail], threads: Threads
) -> None:
    """Record what was fetched, but for what another run has recorded meanwhile, and its letters."""
    recorded = set(map(attrgetter("number"), ledger.fetched_mails()))
    new = [entry for entry in entries if entry.number not in recorded]
    is_first = ledger.fetched_since(known.mailbox) is None
    if not new and not is_first:
        return
    with ledger.batch("fetch", datetime.now(UTC), loaded.snapshots):
        if is_first:
            ledger.record_fetched_since(known.mailbox, known.since)
        for entry in new:
            ledger.record_fetched(entry)
        threads.record(ledger)


def _taken(mail: _Mail, settings: MailSettings) -> TakenMail:
    envelope = mail.envelope
    return TakenMail(
        sender=clean_name(envelope.sender),
        subject=clean_name(envelope.subject),
        sent_at=envelope.sent_at or mail.fetched.arrived_at,
        verification=verification_of(envelope.message, settings.verifier),
    )


def _left(mail: _Mail, settings: MailSettings, threads: Threads) -> LeftMail:
    envelope = mail.envelope
    sent_at = envelope.sent_at or mail.fetched.arrived_at
    bounce, returned, thread = None, None, None
    own = own_addresses(settings)
    if mail.kind is MailKind.BOUNCE:
        bounce = bounce_of(mail.path.read_bytes(), own)
        returned = threads.bounced(bounce, mail.fetched.sha256, sent_at)
    elif mail.is_from_a_unit(own):
        thread = threads.answered(envelope, mail.fetched.sha256, sent_at, ())
    return LeftMail(
        kind=mail.kind,
        sender=clean_name(envelope.sender),
        subject=clean_name(envelope.subject),
        sent_at=sent_at,
        bounce=bounce,
        returned=returned,
        thread=thread,
    )
