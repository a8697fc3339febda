"""The command `send`: lay out what is to be told in 待发, a letter for each liaison, and read marks back."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from tenproj_xl.app.letter_news import answered_though_waiting, became_of, undelivered_lines
from tenproj_xl.app.liaison_letters import LetterMaker
from tenproj_xl.app.mailing import AGAIN, Mailer
from tenproj_xl.app.matrix_results import Matrix
from tenproj_xl.app.matters import MatterFinder, ToTell
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.app.send_results import Laid, LaidOut, Mailed
from tenproj_xl.app.sent_marks import LIST, letters_folder, sent_marks, unclear_marks
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.files import atomic_write, write_file
from tenproj_xl.core.periods import Period
from tenproj_xl.core.progress import counted
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.deliveries import LetterState, LiaisonLetter
from tenproj_xl.model.liaisons import LiaisonKey
from tenproj_xl.model.mail_settings import MailSettings
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import printed_code, printed_unit
from tenproj_xl.office.send_list import ListedLetter, Marks, write_send_list
from tenproj_xl.post.secrets import Ask, Secret, SecretName, secret_of
from tenproj_xl.post.to_send import TEXT, ReadyLetter, clear_others, folder_name, lay_out, message_in
from tenproj_xl.replies.letter_content import (
    GroupNotice,
)
from tenproj_xl.replies.letters import group_text

_GROUP = {True: "工作群_点名.txt", False: "工作群_不点名.txt"}
_MARKED, _CUT_OFF = "办公室在待发清单打√", "发送时运行中断"
_TO_A_MACHINE = "来件是自动或群发的邮件，请看过再发；由软件发的，写“再发”"
_CAME_BACK = "退信，请电话联系；由软件再发的，写“再发”"


def send(
    workspace: Workspace,
    period_code: str | None = None,
    *,
    remind: bool = False,
    mail: bool = False,
    ask: Ask | None = None,
    now: datetime | None = None,
) -> Laid:
    """Lay out what units are still to be told of a period, one letter for each liaison.

    Args:
        workspace: The workspace.
        period_code: The period, by default the newest that forms went out for.
        remind: Whether those whose forms are still out are reminded in the same letters.
        mail: Whether letters that go by mail are sent at once.
        ask: Asks a person at the terminal for the password, None where there is nobody.
        now: The present moment, by default the machine's.

    Raises:
        UsageProblem: No forms went out.
        EnvironmentProblem: 待发清单.xlsx cannot be read or written, or the mail server cannot be used.
    """
    loaded, moment = load(workspace), now or datetime.now(UTC)
    secret = _secret(loaded.settings.mail, ask) if mail else None
    with opened_ledger(workspace, loaded, who="tenproj send") as ledger:
        loaded = with_issued(loaded, ledger)
        period = issued_period(period_code, loaded, ledger)
        run = _Run(
            workspace=workspace,
            ledger=ledger,
            plans=in_force(loaded, ledger),
            period=period,
            before=_period_before(period.code, ledger),
            now=moment,
        )
        taken = run.take_marks()
        laid = run.lay_out_all(taken, remind=remind)
        if secret is None:
            return laid
        mailed = run.mail(laid, secret)
        laid = run.lay_out_all(taken, remind=remind)
        return replace(laid, mailed=mailed)


def _secret(mail: MailSettings, ask: Ask | None) -> Secret:
    if mail.outgoing is None:
        raise EnvironmentProblem(
            "还没有登记发信的邮箱。请在“设置.xlsx”的“邮箱”表填“发信服务器”和“账号”，再运行一次；"
            "不用邮箱的，去掉 --mail，照“待发”文件夹发送。"
        )
    return secret_of(SecretName.MAIL, mail.account, ask)


def _period_before(period: str, ledger: LedgerView) -> str:
    """Return the code of the period whose forms went out before those of another, "" where none did."""
    codes = ledger.issued_periods()
    place = codes.index(period)
    return codes[place - 1] if place else ""


@dataclass(frozen=True)
class _Prepared:
    """A letter of this run: what it tells, and what is to be written; None where it lies there already."""

    told: ToTell
    letter: LiaisonLetter
    ready: ReadyLetter | None


_Telling: TypeAlias = tuple[LiaisonKey, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Who is told, by which way, to and in copy to which addresses, and the versions of what is told."""


def _telling(letter: LiaisonLetter) -> _Telling:
    whom = letter.unit, letter.section, letter.name
    return whom, letter.channel, letter.to, letter.copies, letter.about


def _to_be_told(told: ToTell) -> _Telling:
    liaison = told.liaison
    return liaison.key, liaison.channel, liaison.to, liaison.copies, told.about


@dataclass(frozen=True)
class _Taken:
    """What was read in 待发清单.xlsx: the letters that are marked as sent, and what is told of others."""

    marked: tuple[LiaisonLetter, ...]
    unclear: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Run:
    workspace: Workspace
    ledger: Ledger
    plans: InForce
    period: Period
    before: str
    now: datetime

    @property
    def root(self) -> Path:
        return letters_folder(self.workspace, self.period.code)

    @property
    def plan(self) -> Plan:
        return self.plans.plan_at(self.period)

    @property
    def day(self) -> date:
        """Today, where the office is."""
        return self.now.astimezone(self.plans.loaded.settings.zone).date()

    # --- what was sent

    def take_marks(self) -> _Taken:
        """Record as sent what the office has marked since the run before, and return it.

        What a run began to send and said no more of is doubtful from now on; what is to be sent again, waits.
        """
        marks = sent_marks(self.workspace, self.period.code)
        if self.before:
            marks |= sent_marks(self.workspace, self.before)
        marked, others = [], []
        again = self._to_send_again(marks)
        for letter in self._open():
            if letter.reference in again:
                continue
            if letter.reference in marks.sent:
                text = self._text_that_went(letter)
                marked.append(replace(letter, state=LetterState.SENT, text=text, why=_MARKED))
            elif letter.state is LetterState.SENDING:
                others.append(replace(letter, state=LetterState.UNKNOWN, why=_CUT_OFF))
        self._record([*marked, *others, *again.values()])
        unclear = unclear_marks(marks.unclear, {letter.reference for letter in self._open()})
        return _Taken(tuple(marked), tuple(unclear))

    def _to_send_again(self, marks: Marks) -> dict[str, LiaisonLetter]:
        """Return the letters that the office wants sent again; letters go to their addresses from now on."""
        found: dict[str, LiaisonLetter] = {}
        released: set[str] = set()
        for letter in (*self.ledger.letters(self.before), *self.ledger.letters(self.period.code)):
            is_stuck = letter.state.is_waiting or letter.state.is_doubtful
            is_lost = letter.state is LetterState.SENT and bool(letter.bounces or letter.refused)
            if letter.reference in marks.again and (is_stuck or is_lost):
                found[letter.reference] = replace(
                    letter, state=LetterState.LAID_OUT, why=AGAIN, refused=(), bounces=()
                )
                released.update(address.lower() for address in letter.addresses)
        if released:
            for letter in self.ledger.letters_with_refusals():
                kept = tuple(address for address in letter.refused if address.lower() not in released)
                if letter.reference not in found and kept != letter.refused:
                    found[letter.reference] = replace(letter, refused=kept)
        return found

    def _text_that_went(self, letter: LiaisonLetter) -> str:
        """Return what a letter that was sent by hand said, as the operator may have edited it."""
        folder = letters_folder(self.workspace, letter.period) / letter.folder
        if letter.state.is_waiting and (folder / TEXT).exists():
            return message_in(folder)
        return letter.text

    def _open(self) -> list[LiaisonLetter]:
        """Return the letters of this period and the one before that wait, or may have been sent."""
        letters = (*self.ledger.letters(self.before), *self.ledger.letters(self.period.code))
        return [letter for letter in letters if letter.state.is_waiting or letter.state.is_doubtful]

    def _record(self, letters: Sequence[LiaisonLetter]) -> None:
        if letters:
            with self.ledger.batch("send", self.now, self.plans.loaded.snapshots):
                for letter in letters:
                    self.ledger.record_letter(letter)

    # --- what is to be sent

    def ready(self, *, remind: bool) -> list[_Prepared]:
        """Return the letters that are to be sent, those with their text that do not lie there yet."""
        letters = list(self.ledger.letters(self.period.code))
        waiting: dict[_Telling, LiaisonLetter] = {}
        for letter in letters:
            if letter.state.is_waiting:
                waiting.setdefault(_telling(letter), letter)
        prepared = []
        for told in self._finder().to_tell(remind=remind):
            same = waiting.get(_to_be_told(told))
            if same is not None and (self.root / folder_name(told.liaison) / TEXT).exists():
                prepared.append(_Prepared(told, same, None))
                continue
            if same is not None:
                letter = _laid_out_anew(self._maker.letter(told, same.reference), same)
            else:
                letter = self._maker.letter(told, self._maker.reference(told, letters))
            letters.append(letter)
            prepared.append(_Prepared(told, letter, self._maker.ready(told, letter)))
        return prepared

    @cached_property
    def _maker(self) -> LetterMaker:
        return LetterMaker(
            workspace=self.workspace, ledger=self.ledger, plans=self.plans, period=self.period, now=self.now
        )

    def _finder(self) -> MatterFinder:
        decided = self.ledger.decisions_since(self.before or self.period.code)
        known = self.plans.history_of(
            self.ledger, self.period.first, self.period.last, issues={one.issue for one in decided}
        )
        return MatterFinder(
            workspace=self.workspace,
            ledger=self.ledger,
            plans=self.plans,
            period=self.period,
            before=self.before,
            known=self.plans.known(known, self.period),
            now=self.now,
        )

    # --- what is written

    def record(self, prepared: Sequence[_Prepared]) -> None:
        """Record the letters that are new, and that others need not be sent any more."""
        current = {one.letter.reference: one.letter for one in prepared}
        changed = []
        for letter in self._open():
            is_known = current.pop(letter.reference, None) is not None
            if letter.state.is_waiting and not is_known:
                changed.append(replace(letter, state=LetterState.REPLACED))
        self._record([*changed, *current.values()])

    def lay_out_all(self, taken: _Taken, *, remind: bool) -> Laid:
        """Record and write what is to be sent."""
        prepared = self.ready(remind=remind)
        self.record(prepared)
        return self.lay_out(prepared, taken)

    def mail(self, laid: Laid, secret: Secret) -> Mailed:
        """Send what goes by mail and may go today."""
        mailer = Mailer(
            workspace=self.workspace,
            ledger=self.ledger,
            loaded=self.plans.loaded,
            root=self.root,
            now=self.now,
            record=self._record,
        )
        return mailer.mail(laid.letters, secret)

    def lay_out(self, prepared: Sequence[_Prepared], taken: _Taken) -> Laid:
        """Write the folders, the list and the texts for the work group."""
        if self.before:
            clear_others(letters_folder(self.workspace, self.before), (), self._by_folder(self.before))
        letters = [self._laid(one) for one in prepared]
        by_folder = self._by_folder(self.period.code)
        clear_others(self.root, {one.folder.name for one in letters}, by_folder)
        lines = []
        for one, laid in zip(counted(prepared, "摆进待发", "封"), letters, strict=True):
            if one.ready is not None:
                lay_out(self.root, one.ready, by_folder.get(laid.folder.name, ()))
            lines.append(self._line(laid))
        sent, doubtful = [], []
        of_period = self.ledger.letters(self.period.code)
        for letter in of_period:
            if letter.state is LetterState.SENT:
                sent.append(letter)
            elif letter.state.is_doubtful:
                doubtful.append(letter)
        lines += map(self._gone_line, [*doubtful, *sent])
        book = self.root / LIST
        with atomic_write(book) as temporary:
            write_send_list(temporary, lines)
        return Laid(
            period=self.period,
            letters=tuple(letters),
            marked=taken.marked,
            unclear=taken.unclear,
            sent=len(sent),
            doubtful=tuple(doubtful),
            book=book,
            group=tuple(self._group_texts()),
            mailed=None,
            nameless=tuple(one.liaison.printed for one in letters if not one.liaison.holders),
            answered=sum(bool(letter.answers) for letter in sent),
            lost=self._finder().lost(),
            undelivered=(*undelivered_lines(of_period, self.plan), *answered_though_waiting(of_period)),
        )

    def _by_folder(self, period: str) -> dict[str, list[LiaisonLetter]]:
        """Return the letters of a period by the folder that they were laid out in."""
        found: dict[str, list[LiaisonLetter]] = {}
        for letter in self.ledger.letters(period):
            found.setdefault(letter.folder, []).append(letter)
        return found

    def _laid(self, prepared: _Prepared) -> LaidOut:
        liaison = prepared.told.liaison
        folder = self.root / folder_name(liaison)
        return LaidOut(
            letter=prepared.letter,
            liaison=liaison,
            folder=folder,
            is_new=prepared.ready is not None,
            by_hand=_why_by_hand(prepared),
        )

    def _line(self, laid: LaidOut) -> ListedLetter:
        letter, liaison = laid.letter, laid.liaison
        cells = {
            "reference": letter.reference,
            "unit": liaison.printed,
            "section": liaison.section,
            "name": liaison.name,
            "phone": liaison.phone,
            "stands_in": liaison.stands_in,
            "channel": liaison.channel,
            "to": "、".join(letter.to),
            "what": "、".join(letter.topics),
            "subject": letter.subject,
            "folder": laid.folder.name,
            "files": "\n".join(letter.files),
            "text": message_in(laid.folder).strip(),
            "became": self._became(laid),
        }
        return ListedLetter(cells=cells)

    def _became(self, laid: LaidOut) -> str:
        parts = [became_of(laid.letter, self.plans.loaded.settings.zone)]
        if laid.liaison.is_mailed and laid.by_hand:
            parts.append(laid.by_hand)
        return "，".join(parts)

    def _gone_line(self, letter: LiaisonLetter) -> ListedLetter:
        cells = {
            "reference": letter.reference,
            "sent": "√" if letter.state is LetterState.SENT else "",
            "unit": printed_unit(letter.unit, self.plan),
            "section": letter.section,
            "name": letter.name,
            "phone": letter.phone,
            "channel": letter.channel,
            "to": "、".join(letter.to),
            "what": "、".join(letter.topics),
            "subject": letter.subject,
            "files": "\n".join(letter.files),
            "text": letter.text.replace("\r\n", "\n").strip(),
            "became": became_of(letter, self.plans.loaded.settings.zone),
        }
        return ListedLetter(cells=cells)

    def _group_texts(self) -> Iterator[Path]:
        """Write what is posted to the work group, with names and without; return where it lies."""
        matrix = self._finder().matrix
        programme = self.plan.programme
        notice = GroupNotice(
            period=self.period.full_name,
            deadline=matrix.deadline,
            returned=self._returned(matrix),
            missing=[one.spoken for one in matrix.owing],
            channel=self.plans.loaded.settings.channel,
            office=programme.signature,
            phone=programme.contact,
        )
        for by_name, name in _GROUP.items():
            path = self.root / name
            text = group_text(notice, self.plans.loaded.letters, by_name=by_name)
            write_file(path, text.encode("utf-8-sig"))
            yield path

    def _returned(self, matrix: Matrix) -> list[str]:
        """Return who has returned all that they owe: units with forms of their own, else task forces."""
        returned: dict[str, str] = {}
        for line in matrix.lines:
            if not line.is_owed:
                continue
            for code in line.units.returned:
                returned[code] = printed_code(code, self.plan)
            if not line.units.owed and not line.is_outstanding:
                returned[line.task_force.code] = f"{line.task_force.code}{line.lead}"
        for owing in matrix.owing:  # who is counted as returned in one task force may owe in another
            returned.pop(owing.recipient, None)
        return list(returned.values())


def _why_by_hand(prepared: _Prepared) -> str:
    """Return why no machine sends a letter without a person's word, "" where one may."""
    if prepared.letter.why == AGAIN:
        return ""
    if prepared.told.answers_a_machine:
        return _TO_A_MACHINE
    if prepared.letter.bounces:
        return _CAME_BACK
    return ""


def _laid_out_anew(letter: LiaisonLetter, before: LiaisonLetter) -> LiaisonLetter:
    """Return a letter whose folder was gone, with what became of it before."""
    return replace(
        letter,
        state=before.state,
        at=before.at,
        why=before.why,
        refused=before.refused,
        message_id=before.message_id,
        answers=before.answers,
        bounces=before.bounces,
    )
