"""An office with its servers, folders and clock: commands run in processes of their own, and troubles befall them."""

import os
import shutil
import signal
import smtplib
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import sha256
from tests.channels.lines import Line, Trouble
from tests.channels.people import WATCHED
from tests.helpers.mail_servers import HOST, WORD, Dovecot
from tests.helpers.postfix import Postfix

HOME = Path(__file__).parents[2]
ZONE = ZoneInfo("Asia/Shanghai")
_SECONDS = 120
_KILLED = -signal.SIGKILL
"""The exit code of a process that was killed."""
LETTER = "X-Tenproj-Letter"


def moment(text: str) -> datetime:
    """Return a moment in the office's zone: `2026-11-23 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass(frozen=True)
class Ran:
    """A command that ran: what it was, its exit code, and all that it said."""

    command: str
    code: int
    said: str


@dataclass
class Disk:
    """A disk of its own for a workspace, that is full but for so many bytes."""

    room: int
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="tp-disk-")))

    @contextmanager
    def holding(self, root: Path) -> Iterator[Path]:
        """Give the place of a workspace on the disk; it goes back to where it was, as the disk has it.

        Raises:
            PermissionError: Disks cannot be mounted here.
        """
        size = sum(max(path.lstat().st_size, 1) // 4096 * 4096 + 4096 for path in root.rglob("*"))
        command = ["mount", "-t", "tmpfs", "-o", f"size={size + (1 << 20)}", "tmpfs", str(self.folder)]
        if subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603  # our own
            self.folder.rmdir()
            raise PermissionError
        place = self.folder / "workspace"
        try:
            shutil.copytree(root, place, copy_function=shutil.copy2)
            self._fill()
            yield place
            shutil.rmtree(root)
            shutil.copytree(place, root, copy_function=shutil.copy2)
        finally:
            subprocess.run(["umount", str(self.folder)], capture_output=True, check=False)  # noqa: S603, S607
            self.folder.rmdir()

    def _fill(self) -> None:
        state = os.statvfs(self.folder)
        (self.folder / "others").write_bytes(bytes(max(state.f_bavail * state.f_frsize - self.room, 0)))


class World:
    """An office: a workspace, its mailbox, and whoever else has a mailbox; the clock is the story's.

    Every command of the program is kept with what it said, in `told`.
    """

    def __init__(self, root: Path, dovecot: Dovecot, postfix: Postfix, account: str) -> None:
        self.root = root
        self.workspace = Workspace(root)
        self.dovecot, self.postfix, self.account = dovecot, postfix, account
        self.imap, self.smtp = Line(dovecot.port), Line(postfix.port)
        self.now = moment("2026-11-23 09:00")
        self.told: list[Ran] = []
        self._dated: set[Path] = set()
        self.arrived = 0
        """Mails that were put into the office's mailbox."""
        self.laid: dict[str, tuple[str, int]] = {}
        """What people laid into watched folders: contents and time, by folder and name."""

    def close(self) -> None:
        """Take the lines down."""
        self.imap.close()
        self.smtp.close()

    # --- commands

    def tenproj(self, *arguments: str, off: timedelta = timedelta(), killed_after: float = 0.0) -> Ran:
        """Run a command in the workspace at the story's time.

        Args:
            arguments: What follows `tenproj`.
            off: How wrong the computer's clock is.
            killed_after: After so many seconds the process is killed, with all that it started; 0 for never.

        Raises:
            AssertionError: The program failed by a fault of its own.
        """
        return self._run(self.root, arguments, off, killed_after)

    def on_a_full_disk(self, room: int, *arguments: str) -> Ran:
        """Run a command where the disk has room for so many bytes more."""
        with Disk(room).holding(self.root) as place:
            return self._run(place, arguments, timedelta(), 0.0)

    def _run(self, root: Path, arguments: Sequence[str], off: timedelta, killed_after: float) -> Ran:
        clock = (self.now + off).astimezone(ZONE)
        command = ["faketime", f"{clock:%Y-%m-%d %H:%M:%S}", sys.executable, "-m", "tests.channels.command"]
        process = subprocess.Popen(  # noqa: S603  # our own command
            [*command, "-C", str(root), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(),
            cwd=HOME,
            start_new_session=True,
            text=True,
        )
        try:
            said, _ = process.communicate(timeout=killed_after or _SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
            assert killed_after, f"{arguments} did not end:\n{said}"
        ran = Ran(" ".join(arguments), process.returncode, said)
        self.told.append(ran)
        reports = "\n".join(path.read_text("utf-8") for path in root.glob("故障报告_*.txt"))
        assert ran.code in (0, 1, 3, _KILLED), f"tenproj {ran.command}: {ran.code}\n{said}\n{reports}"
        assert "Traceback" not in said, said
        return ran

    # --- troubles

    @contextmanager
    def trouble(self, line: Line, trouble: Trouble) -> Iterator[Trouble]:
        """Let something befall a line within the block."""
        before, line.trouble = line.trouble, trouble
        try:
            yield trouble
        finally:
            line.trouble = before

    def kill_imap(self) -> None:
        """Kill the IMAP server in mid-session."""
        self.dovecot.stop()

    def kill_smtp(self) -> None:
        """Kill the SMTP server in mid-session."""
        self.postfix.stop(signal.SIGKILL)

    def servers_up(self) -> None:
        """Start the servers that were killed."""
        if self.dovecot.process is None:
            self.dovecot.start()
        if self.postfix.process is None:
            with suppress(FileNotFoundError):
                (self.postfix.folder / "data" / "master.lock").unlink()
            self.postfix.start()

    # --- mailboxes

    def arrive(self, *mails: bytes) -> None:
        """Put mails into the office's mailbox, as if they had come at the story's time."""
        self.dovecot.deliver(self.account, *mails, arrived_at=self.now)
        self.arrived += len(mails)

    def post(self, mail: bytes, sender: str) -> None:
        """Mail something to the office from somebody's mailbox, as programs of mail do, by SMTP."""
        context = ssl.create_default_context(cafile=self.dovecot.certificate)
        with smtplib.SMTP_SSL(HOST, self.postfix.port, context=context) as client:
            client.login(sender, WORD)
            client.sendmail(sender, [self.account], mail)
        self.settle()
        self.arrived += 1

    def lay(self, folder: str, name: str, data: bytes) -> None:
        """Lay a file into a folder beside the workspace, as somebody saves it at the story's time."""
        path = self.root.parent / folder / name
        path.write_bytes(data)
        os.utime(path, (self.now.timestamp(), self.now.timestamp()))
        if folder in WATCHED:
            self.laid[f"{folder}/{name}"] = sha256(data), path.stat().st_mtime_ns

    def settle(self) -> None:
        """Wait until Postfix has delivered all that it took, and date what came by the story."""
        queue = self.postfix.folder / "queue"
        quiet = 0
        until = time.monotonic() + _SECONDS
        while quiet < 3:
            waiting = [
                path
                for name in ("maildrop", "incoming", "active", "deferred", "bounce")
                for path in (queue / name).rglob("*")
                if path.is_file()
            ]
            quiet = 0 if waiting else quiet + 1
            time.sleep(0.15)
            assert time.monotonic() < until, waiting
        for path in set(self.dovecot.mails.glob("*/new/*")) - self._dated:
            os.utime(path, (self.now.timestamp(), self.now.timestamp()))
            self._dated.add(path)

    def mailbox(self, name: str) -> list[EmailMessage]:
        """Return the mails of somebody's mailbox."""
        folder = self.dovecot.mails / f"{name}@example.com"
        found = []
        for path in sorted((*folder.glob("new/*"), *folder.glob("cur/*")), key=os.path.getmtime):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            found.append(mail)
        return found

    def letters_in(self, name: str) -> list[str]:
        """Return the references of the letters that somebody got."""
        return [str(mail[LETTER]) for mail in self.mailbox(name) if mail[LETTER]]


def attachment(mail: EmailMessage, is_wanted: Callable[[str], bool]) -> tuple[str, bytes]:
    """Return name and contents of the one attachment that is wanted."""
    (part,) = [part for part in mail.iter_attachments() if is_wanted(str(part.get_filename()))]
    return str(part.get_filename()), part.get_payload(decode=True)  # type: ignore[return-value]  # bytes of a part


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FAKETIME")}
    return kept | {
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",  # files have the times of the story, or the machine's
        "PYTHONPATH": f"{HOME / '.ci' / 'other_day'}:{HOME}",
        "TENPROJ_SECRET_MAIL": WORD,
        "TZ": "Asia/Shanghai",
        "PYTHONIOENCODING": "utf-8",
    }
