"""A whole week of ten task forces over all channels at once, with real servers of mail; and again with faults.

    python -m tests.channels.week --seed 11

Everything goes through the commands and through files. The same week is taken in once more plainly, by files laid
into the inbox by hand, and what was promised is held against that: see `Promises`.
"""

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import load_workbook

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.sent_marks import LIST, letters_folder
from tenproj_xl.cli.open_form import OpenForm
from tests.channels import parcels
from tests.channels.parcels import Parcel
from tests.channels.people import (
    CHAT,
    GONE,
    PEOPLE,
    SHARE,
    STICK,
    UNREACHABLE,
    correct_address,
    open_channels,
    write_people,
)
from tests.channels.promises import Promises
from tests.channels.troubles import Deck
from tests.channels.world import Ran, World, attachment, moment
from tests.helpers.answers import right_answers
from tests.helpers.filling import Office, typed
from tests.helpers.mail_servers import Dovecot, dovecot, why_no_dovecot, why_no_postfix
from tests.helpers.mails import letter
from tests.helpers.postfix import Postfix, postfix

PERIOD = "2026-W48"
WRONG = ("indicators", "Z03-04")
_LARGEST_BY_POST = 15_000_000
"""Bytes that the SMTP server surely takes; what is larger comes from a server of others."""
_TROUBLES = {"send": 4, "fetch": 3}
"""As many befall one command, one after the other; others have one."""


@dataclass(frozen=True)
class Returned:
    """A return as it was sent: whose, when, under what name, and the workbook itself."""

    code: str
    at: str
    name: str
    data: bytes


@dataclass
class Office48:
    """The office in the week, and what the clerks of the task forces send it."""

    world: World
    answers: Mapping[str, Mapping[tuple[str, str], Mapping[str, object]]]
    rng: random.Random
    deck: Deck | None
    happened: list[str] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    """The references of the letters that the operator pasted into a chat or handed over."""
    sent: list[Returned] = field(default_factory=list)
    wrapped: list[str] = field(default_factory=list)

    # --- the office

    def does(self, *command: str) -> Ran:
        """Run a command; in a week with faults it is disturbed first, and then run again."""
        for _ in range(_TROUBLES.get(command[0], 1) if self.deck else 0):
            self._disturbed(command)
        ran = self.world.tenproj(*command)
        self.world.settle()
        self.look_up_doubtful()
        return ran

    def _disturbed(self, command: Sequence[str]) -> None:
        """Run a command while something befalls it; then all servers are up again."""
        assert self.deck is not None
        trouble = self.deck.draw(command)
        if trouble is None:
            return
        try:
            ran, has_struck = trouble.happen(self.world, self.deck.rng, command)
        except PermissionError:
            self.happened.append(f"{trouble.name}: not permitted here")
            return
        if has_struck:
            self.happened.append(f"{' '.join(command)}: {trouble.name} ({ran.code})")
        else:
            self.deck.put_back(trouble)
        self.world.servers_up()
        self.world.settle()
        self.look_up_doubtful()

    def look_up_doubtful(self) -> None:
        """Look for letters of which nobody knows whether they went, and say so in the list, as told to."""
        for line in self._listed():
            if line.became.startswith("发送结果不明"):
                status = self.world.tenproj("status")
                assert f"{line.reference}发送结果不明" in status.said.replace(" ", ""), status.said
                went = [line.reference in self.world.letters_in(box) for box in line.boxes]
                assert len(set(went)) == 1, f"{line.reference} went to some of {line.boxes}"
                line.mark("√" if went[0] else "再发")

    def hands_over(self) -> None:
        """Paste what does not go by mail into chats, and tick it."""
        for line in self._listed():
            if line.became == "待发" and line.channel != "邮件":
                text = (self._folder / line.folder / "消息.txt").read_text("utf-8-sig")
                assert text.strip(), line
                self.handed.append(line.reference)
                line.mark("√")

    @property
    def _folder(self) -> Path:
        return letters_folder(self.world.workspace, PERIOD)

    def _listed(self) -> Iterator["Listed"]:
        path = self._folder / LIST
        if not path.exists():
            return
        book = load_workbook(path)
        page = book["待发清单"]
        heads = [str(cell.value) for cell in page[2]]
        for row in page.iter_rows(min_row=3):
            cells = {head: str(cell.value or "") for head, cell in zip(heads, row, strict=True)}
            yield Listed(path, row[0].row or 0, cells)

    # --- the clerks

    def form_of(self, code: str) -> Path:
        """Return the form of a task force as it went out, which its clerk got."""
        (path,) = (self.world.workspace.outbox / PERIOD / "填报表").glob(f"{code}_*.xlsx")
        return path

    def got_by_mail(self, code: str) -> bool:
        """Return whether the clerk of a task force got the form by mail, byte for byte."""
        form = self.form_of(code)
        for mail in self.world.mailbox(PEOPLE[code].box):
            for part in mail.iter_attachments():
                if part.get_filename() == form.name:
                    return part.get_payload(decode=True) == form.read_bytes()
        return False

    def filled(self, code: str) -> bytes:
        """Return the form of a task force as its clerk fills it in."""
        return typed(self.form_of(code), self.answers[code])

    def parcel(self, code: str, data: bytes, name: str = "") -> Parcel:
        person = PEOPLE[code]
        sender = person.address or f"clerk{code}@bureau.example"
        form = name or self.form_of(code).name
        return Parcel(name=form, data=data, sender=sender, to=self.world.account, at=self.world.now)

    def mails(
        self, code: str, how: str, wrap: Callable[[Parcel], bytes], data: bytes, name: str = ""
    ) -> None:
        """Let a clerk mail a return."""
        parcel, box = self.parcel(code, data, name), PEOPLE[code].address
        mail = wrap(parcel)
        if box and len(mail) < _LARGEST_BY_POST:
            self.world.post(mail, box)
        else:
            self.world.arrive(mail)
        self.wrapped.append(f"{code} {how}")
        self._note(code, parcel.name, data)

    def mails_in_vain(self, code: str, how: str, data: bytes) -> None:
        """Let a clerk mail what nobody here can open."""
        wrap, _ = parcels.NAMED[how]
        self.world.arrive(wrap(self.parcel(code, data)))
        self.wrapped.append(f"{code} {how}")

    def leaves(self, code: str, folder: str, name: str, data: bytes) -> None:
        """Let a return arrive in a folder, as chats and drives save it."""
        self.world.lay(folder, name, data)
        self.wrapped.append(f"{code} {folder}/{name}")
        self._note(code, name, data)

    def _note(self, code: str, name: str, data: bytes) -> None:
        self.sent.append(Returned(code, f"{self.world.now:%Y-%m-%d %H:%M}", name, data))

    # --- the week

    def play(self) -> None:
        """Let the week pass."""
        for day in (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday):
            day()

    def at(self, text: str) -> None:
        self.world.now = moment(f"2026-11-{text}")

    def monday(self) -> None:
        """Forms go out by all channels; machines answer, and some addresses are wrong."""
        self.at("23 09:00")
        self.does("send", "--mail")
        self.hands_over()
        for code in ("01", "03", "04", "09"):
            assert self.got_by_mail(code), code
        assert not self.got_by_mail("07")
        self.at("23 14:00")
        self.world.arrive(
            bytes(letter(subject="自动回复：休假中", sender="box9@example.com", Auto_Submitted="auto-replied",
                         sent_at=self.world.now)),
            bytes(letter(subject="R03-02怎么填", sender="box3@example.com", text="请问口径？",
                         sent_at=self.world.now)),
        )  # fmt: skip
        self.does("run")

    def tuesday(self) -> None:
        """Addresses are put right; the first returns come by mail, chat and shared drive."""
        self.at("24 09:00")
        correct_address(self.world.workspace, GONE, "box7@example.com")
        correct_address(self.world.workspace, UNREACHABLE, "box30@example.com")
        self.does("run")
        self.hands_over()
        assert self.got_by_mail("07")
        self.at("24 15:00")
        kinds = list(parcels.OPENED)
        self.rng.shuffle(kinds)
        self.mails("01", kinds[0], parcels.OPENED[kinds[0]], self.filled("01"))
        self.mails("04", kinds[1], parcels.OPENED[kinds[1]], self.filled("04"), "填报表(1).xlsx")
        self.leaves("02", CHAT, "填报表(3).xlsx", self.filled("02"))
        wrong = {**self.answers["03"], WRONG: {**self.answers["03"][WRONG], "value": "增长较快"}}
        self.mails("03", kinds[2], parcels.OPENED[kinds[2]], typed(self.form_of("03"), wrong))
        self.leaves("08", SHARE, "08填报表（最终版）.xlsx", self.filled("08"))
        self.world.lay(SHARE, "08区文广旅体局盖章.pdf", b"%PDF-1.4\n%%EOF\n")
        self.does("run")
        self.hands_over()

    def wednesday(self) -> None:
        """The correction workbook came by mail and goes back; others send what nobody can open."""
        self.at("25 10:00")
        corrected = self._corrected()
        kind = self.rng.choice(["Foxmail", "Apple Mail", "forwarded twice"])
        self.mails("03", kind, parcels.OPENED[kind], *corrected)
        self.mails_in_vain("09", "winmail.dat", self.filled("09"))
        self.mails_in_vain("07", "link of QQ", self.filled("07"))
        self.mails_in_vain("10", "wrapped by its signature", self.filled("10"))
        self.does("fetch")
        self.does("run")
        self.hands_over()

    def _corrected(self) -> tuple[bytes, str]:
        """Return the correction workbook that came by mail with the right value in it, and its name."""
        mails = self.world.mailbox(PEOPLE["03"].box)
        (mail,) = [
            one for one in mails if any("请更正" in str(p.get_filename()) for p in one.iter_attachments())
        ]
        name, data = attachment(mail, lambda name: "请更正" in name)
        return mended(data, self.answers["03"][WRONG]["value"]), name

    def thursday(self) -> None:
        """Those whose forms are out are reminded; a nil return comes from the OA, others send again."""
        self.at("26 09:00")
        self.does("run")
        self.hands_over()
        self.at("26 14:00")
        self.mails("10", "signed", parcels.signed, self.filled("10"))
        nil = typed(self.form_of("05"), {}, nil_return="是")
        self.world.lay("工作区/inbox", "转发：第48期填报表.eml", parcels.forwarded(self.parcel("05", nil)))
        self._note("05", self.form_of("05").name, nil)
        self.does("ingest")
        self.does("fetch")

    def friday(self) -> None:
        """A stick is brought; at the deadline one is out still."""
        self.at("27 11:00")
        self.leaves("06", STICK, "复件 填报表.xlsx", self.filled("06"))
        self.does("run")
        self.hands_over()

    def saturday(self) -> None:
        """The last return comes late with thirty megabytes; all is merged."""
        self.at("28 09:00")
        self.mails("09", "30 MB", parcels.with_photograph, self.filled("09"))
        self.does("run")
        self.hands_over()
        self.does("merge")
        self.does("run")
        self.hands_over()
        self.world.tenproj("send")


@dataclass(frozen=True)
class Listed:
    """A line of 待发清单.xlsx."""

    path: Path
    row: int
    cells: Mapping[str, str]

    @property
    def reference(self) -> str:
        return self.cells["编号"]

    @property
    def became(self) -> str:
        return self.cells["状态"]

    @property
    def channel(self) -> str:
        return self.cells["渠道"]

    @property
    def folder(self) -> str:
        return self.cells["文件夹"]

    @property
    def boxes(self) -> list[str]:
        return [one.partition("@")[0] for one in self.cells["发送地址"].split("、")]

    def mark(self, text: str) -> None:
        """Write into 已发."""
        book = load_workbook(self.path)
        book["待发清单"].cell(self.row, 2).value = text
        book.save(self.path)


def mended(correction: bytes, value: object) -> bytes:
    """Return a correction workbook with the right value in its wrong cell."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "更正.xlsx"
        path.write_bytes(correction)
        form = OpenForm(path)
        form.write(*WRONG, value=value)
        return form.save(path, moment("2026-11-25 09:30")).read_bytes()


# --- the same week by hand


def by_hand(world: World, returns: Sequence[Returned], value: object) -> None:
    """Take the same returns in plainly, one after the other, as files that were laid into the inbox."""
    for number, returned in enumerate(returns):
        world.now = moment(returned.at)
        data = returned.data
        if "请更正" in returned.name:
            (answer,) = (world.workspace.outbox / PERIOD / "退回更正").glob("03_*.xlsx")
            data = mended(answer.read_bytes(), value)
        path = world.workspace.inbox / f"{number}.xlsx"
        path.write_bytes(data)
        os.utime(path, (world.now.timestamp(), world.now.timestamp()))
        ran = world.tenproj("ingest")
        assert not list(world.workspace.inbox.glob("*.xlsx")), ran.said


# --- the whole


def main() -> None:
    """Play the week without faults and with them, and hold what was promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--weeks", type=int, default=1, help="weeks with faults")
    parser.add_argument("--only-faults", action="store_true", help="leave out the week without faults")
    options = parser.parse_args()
    for why in filter(None, (why_no_dovecot(), why_no_postfix())):
        raise SystemExit(why)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tp-week-") as name, dovecot() as imap, postfix(imap) as smtp:
        _play_all(Path(name), imap, smtp, seed, range(int(options.only_faults), options.weeks + 1))
    print(f"all was as promised, in {time.monotonic() - began:.0f} s")


def _play_all(folder: Path, imap: Dovecot, smtp: Postfix, seed: int, numbers: Iterable[int]) -> None:
    start = folder / "start"
    first = World(start / "工作区", imap, smtp, "bgs0@example.com")
    initialise(first.workspace)
    write_people(first.workspace)
    first.tenproj("generate", "--period", PERIOD)
    office = Office.of(first.workspace, PERIOD)
    answers = {code: right_answers(form) for code, form in office.forms.items()}
    first.close()
    plain: World | None = None
    for number in numbers:
        rng = random.Random(f"{seed}/{number}")  # noqa: S311  # the same every time
        deck = Deck(rng) if number else None
        with _copied(start, folder / f"week{number}", imap, smtp, number) as world:
            week = Office48(world, answers, rng, deck)
            promises = Promises(world, PERIOD)
            _play(week)
            if plain is None:
                shutil.copytree(start, folder / "by-hand")
                plain = World(folder / "by-hand" / "工作区", imap, smtp, world.account)
                by_hand(plain, week.sent, answers["03"][WRONG]["value"])
            for line in promises.held(week.handed, plain.workspace):
                print(f"  held: {line}", flush=True)


def _play(week: Office48) -> None:
    before = time.monotonic()
    try:
        week.play()
    finally:
        kind = "with" if week.deck else "without"
        print(f"a week {kind} faults in {time.monotonic() - before:.0f} s:")
        for line in (*week.wrapped, *week.happened):
            print(f"  {line}")
        if week.deck and week.deck.never_came:
            print(f"  found nothing to strike: {', '.join(week.deck.never_came)}")


@contextmanager
def _copied(start: Path, place: Path, imap: Dovecot, smtp: Postfix, number: int) -> Iterator[World]:
    """Give a world of its own, in which the forms were made."""
    shutil.copytree(start, place)
    shutil.rmtree(imap.mails, ignore_errors=True)
    imap.mails.mkdir()
    shutil.chown(imap.mails, "mail", "mail")
    world = World(place / "工作区", imap, smtp, f"bgs{number}@example.com")
    open_channels(world.workspace, world.account, imap.certificate, world.imap.port, world.smtp.port)
    _other_things(world)
    try:
        yield world
    except BaseException:
        for ran in world.told[-3:]:
            print(f"$ tenproj {ran.command}  → {ran.code}\n{ran.said}")
        raise
    finally:
        world.close()


def _other_things(world: World) -> None:
    """Lay things of other people into the watched folders."""
    world.lay(CHAT, "合影.jpg", b"\xff\xd8\xff\xe0")
    world.lay(CHAT, "小区团购.xlsx", b"PK\x03\x04 of no concern")
    world.lay(SHARE, "会议通知.docx", b"PK\x03\x04")


if __name__ == "__main__":
    main()
