"""What the office's workbooks say, kept beside the ledger, so that a command need not read them again.

A command that records writes it; all read it. It counts for the very bytes of the workbooks that it was read
from, and for the very modules that read them; anything else is read anew. It is no record: nothing is lost
with it, and `verify` holds it against the workbooks. Passwords never stand in it.
"""

import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tenproj_xl import __version__
from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import sha256, write_file
from tenproj_xl.core.findings import Place
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.object_json import ObjectJson
from tenproj_xl.core.periods import Frequency, Period
from tenproj_xl.core.policy import Exemption, Policy
from tenproj_xl.core.rhythms import Rhythm
from tenproj_xl.core.words import Words
from tenproj_xl.ledger.schema import WORKBOOKS
from tenproj_xl.model import plan as plans
from tenproj_xl.model import settings as settings_
from tenproj_xl.model.address_book import AddressBook, Contact, Post
from tenproj_xl.model.calendar import Calendar, CalendarLine, DaysOff, ReturnExtension
from tenproj_xl.model.data_releases import DataRelease, DataReleases
from tenproj_xl.model.folders import FolderLine, Taking
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.letter_passages import Occasion
from tenproj_xl.model.letter_texts import LetterTexts
from tenproj_xl.model.mail_settings import MailServer, MailSettings
from tenproj_xl.model.plan_people import Person, Role
from tenproj_xl.model.rankings import Ranking, Rankings
from tenproj_xl.reading.office_file import OfficeFile

_OBJECTS = ObjectJson(
    (
        plans.Plan,
        plans.Programme,
        plans.TaskForce,
        plans.Unit,
        plans.Indicator,
        plans.Target,
        plans.Task,
        plans.Milestone,
        plans.Mechanism,
        plans.Measure,
        plans.Curve,
        plans.Origin,
        plans.Direction,
        Person,
        Role,
        Words,
        Period,
        Frequency,
        Disclosure,
        settings_.Settings,
        settings_.Weights,
        settings_.BriefReaders,
        Calendar,
        CalendarLine,
        DaysOff,
        ReturnExtension,
        Rhythm,
        Limits,
        Policy,
        Exemption,
        Code,
        Severity,
        DataReleases,
        DataRelease,
        Rankings,
        Ranking,
        FolderLine,
        Taking,
        Place,
        MailSettings,
        MailServer,
        Snapshots,
        AddressBook,
        Contact,
        Post,
        LetterTexts,
        Occasion,
    )
)
"""All that plan, settings, address book and texts of letters consist of."""
_READERS = ("core", "model", "reading", "app/read_workbooks.py", "app/kept_workbooks.py")
"""What of the package reads workbooks."""


@dataclass(frozen=True, kw_only=True)
class KeptWorkbooks:
    """What the workbooks say but for the passwords, of which only is said where there are any.

    `stored_plan` is the plan as it is read from its snapshot.
    """

    plan: plans.Plan
    settings: settings_.Settings
    snapshots: Snapshots
    addresses: AddressBook
    letters: LetterTexts
    stored_plan: plans.Plan
    has_passwords: bool
    has_passwords_in_settings: bool


def recalled(ledger: Path, files: Iterable[OfficeFile]) -> KeptWorkbooks | None:
    """Return what is kept of these very workbooks, None where nothing is, or it is damaged."""
    try:
        head, body = (ledger / WORKBOOKS).read_bytes().split(b"\n", 1)
        if json.loads(head) != _head(files, body):
            return None
        plan, stored_plan, *others = _OBJECTS.loads(body.decode())
        settings, snapshots, addresses, letters, has_passwords, has_passwords_in_settings = others
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return KeptWorkbooks(
        plan=plan,
        stored_plan=stored_plan or plan,
        settings=settings,
        snapshots=snapshots,
        addresses=addresses,
        letters=letters,
        has_passwords=has_passwords,
        has_passwords_in_settings=has_passwords_in_settings,
    )


def is_kept(ledger: Path, files: Iterable[OfficeFile]) -> bool:
    """Return whether something is kept of these very workbooks, as far as its head says."""
    try:
        with (ledger / WORKBOOKS).open("rb") as file:
            head = json.loads(file.readline())
        return bool(head["of"] == _digest(files))
    except (OSError, ValueError, LookupError, TypeError):
        return False


def keep(ledger: Path, files: Iterable[OfficeFile], said: KeptWorkbooks) -> None:
    """Keep what workbooks say, in place of what was kept before."""
    stored_plan = None if said.stored_plan == said.plan else said.stored_plan
    others = (said.settings, said.snapshots, said.addresses, said.letters)
    passwords = (said.has_passwords, said.has_passwords_in_settings)
    body = _OBJECTS.dumps((said.plan, stored_plan, *others, *passwords)).encode()
    write_file(ledger / WORKBOOKS, json.dumps(_head(files, body)).encode() + b"\n" + body)


def _head(files: Iterable[OfficeFile], body: bytes) -> dict[str, str]:
    return {"of": _digest(files), "sha256": sha256(body)}


def _digest(files: Iterable[OfficeFile]) -> str:
    """Return what tells workbooks, and those who read them, from any others."""
    told = [modules_stamp(*_READERS), *(f"{file.name} {sha256(file.data)}" for file in files)]
    return sha256("\n".join(told).encode())


@cache
def modules_stamp(*names: str) -> str:
    """Return what changes with each change of modules: the version, and the sizes and times of their files.

    `names` are files and folders of the package, by default all.
    """
    package = Path(__file__).parents[1]
    found = sorted(line for name in names or ("",) for line in _stamps(package / name))
    return sha256("\n".join([__version__, *found]).encode())


def _stamps(path: Path) -> Iterator[str]:
    if path.is_file():
        yield _stamp(path.name, path.stat())
    else:
        yield from _stamps_within(str(path))


def _stamps_within(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file():
                yield _stamp(entry.name, entry.stat())
            elif entry.name != "__pycache__":
                yield from _stamps_within(entry.path)


def _stamp(name: str, status: os.stat_result) -> str:
    return f"{name} {status.st_size} {status.st_mtime_ns}"
