"""The workspace: where things lie, and the plan and settings that a command works by."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from tenproj_xl.app.kept_workbooks import KeptWorkbooks, is_kept, keep, recalled
from tenproj_xl.app.office_workbooks import (
    ADDRESSES,
    LETTERS,
    PASSWORDS,
    PLAN,
    SETTINGS,
    OfficeWorkbooks,
    Understood,
)
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.model.folders import folder_faults
from tenproj_xl.model.passwords import Passwords
from tenproj_xl.model.settings import Loaded
from tenproj_xl.reading.office_file import OfficeFile

DESK_NOTE = ".tenproj-desk"
"""How the files begin by which a second start finds the desk that runs."""


@dataclass(frozen=True)
class Workspace:
    """The folder that a command works in."""

    root: Path

    @property
    def plan(self) -> Path:
        """The plan workbook."""
        return self.root / PLAN

    @property
    def settings(self) -> Path:
        """The settings workbook."""
        return self.root / SETTINGS

    @property
    def passwords(self) -> Path:
        """The workbook of the passwords that units set on their files; there may be none."""
        return self.root / PASSWORDS

    @property
    def addresses(self) -> Path:
        """The address book of the liaisons; there may be none."""
        return self.root / ADDRESSES

    @property
    def list_formats(self) -> Path:
        """The workbook that says how a superior's platform takes the lists."""
        return self.root / "上报格式.xlsx"

    @property
    def template(self) -> Path:
        """The workbook whose look the forms take."""
        return self.root / "workbook_templates" / "填报表.xlsx"

    @property
    def letters(self) -> Path:
        """The workbook of the texts of letters; there may be none."""
        return self.root / "workbook_templates" / LETTERS

    @property
    def inbox(self) -> Path:
        """Where returns are put."""
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        """Where everything that is made lies, a folder per period."""
        return self.root / "outbox"

    def replies(self, period: Period) -> Path:
        """Return where the letters lie that a run writes about a period."""
        return self.outbox / period.code / "通知"

    @property
    def ledger(self) -> Path:
        """The folder of the ledger and the archive."""
        return self.root / "ledger"

    @property
    def backups(self) -> Path:
        """Where workbooks of the office are kept as they were before a command changed them."""
        return self.root / "备份"

    @property
    def archive(self) -> Path:
        """Received files by hash."""
        return self.ledger / "archive"

    def relative(self, path: Path) -> str:
        """Return a path from the workspace on, with forward slashes, as people and machines are told it."""
        return path.relative_to(self.root).as_posix()


def check_workbooks(workspace: Workspace) -> tuple[Loaded | None, list[Finding]]:
    """Return what the office's workbooks say, None where they cannot be read, and what is wrong with them."""
    checked = _checked(workspace, _read(_workbooks(workspace)))
    return checked.loaded, list(checked.findings)


_NOT_IN_BACKUPS = "请移开它，运行 tenproj init 补一份空的，再登记密码（它不在备份里）"


def _workbooks(workspace: Workspace) -> OfficeWorkbooks:
    passwords = _file_at(workspace.passwords)
    return OfficeWorkbooks(
        plan=OfficeFile.at(workspace.plan),
        settings=OfficeFile.at(workspace.settings),
        passwords=passwords and replace(passwords, if_damaged=_NOT_IN_BACKUPS),
        addresses=_file_at(workspace.addresses),
        letters=_file_at(workspace.letters),
    )


def _file_at(path: Path) -> OfficeFile | None:
    return OfficeFile.at(path) if path.exists() else None


# What reads workbooks loads only where one has changed since it was read.


def _read(files: OfficeWorkbooks) -> Understood:
    from tenproj_xl.app.read_workbooks import understood  # noqa: PLC0415  # as above

    return understood(files)


def _read_passwords(files: OfficeWorkbooks) -> tuple[str, ...]:
    from tenproj_xl.app.read_workbooks import known_passwords  # noqa: PLC0415  # as above

    return known_passwords(files)


def _to_keep(files: OfficeWorkbooks) -> KeptWorkbooks | None:
    from tenproj_xl.app.read_workbooks import to_keep  # noqa: PLC0415  # as above

    return to_keep(_read(files))


def _checked(workspace: Workspace, understood: Understood) -> Understood:
    """Return what the workbooks of a workspace say, and all that is wrong with them there."""
    faults = folder_faults(understood.folders, workspace.root)
    return replace(understood, findings=(*understood.findings, *faults))


@lru_cache(maxsize=8)  # a program that stays open runs many commands by the same workbooks
def _known(files: OfficeWorkbooks, ledger: Path) -> Understood:
    """Return what workbooks say as it is kept beside the ledger, else as they are read."""
    kept = recalled(ledger, files.there)
    if kept is None:
        return _read(files)
    told = partial(tuple, ())
    if kept.has_passwords:
        told = partial(_read_passwords, files)
    loaded = Loaded(
        plan=kept.plan,
        settings=kept.settings,
        snapshots=kept.snapshots,
        passwords=Passwords(told, in_settings=kept.has_passwords_in_settings),
        addresses=kept.addresses,
        letters=kept.letters,
        stored_plan=kept.stored_plan,
    )
    return Understood(loaded=loaded, findings=(), folders=kept.settings.folders)


def keep_workbooks(workspace: Workspace) -> None:
    """Keep beside the ledger what the workbooks say, where they changed since that was done."""
    files = _workbooks(workspace)
    if is_kept(workspace.ledger, files.there):
        return
    kept = _to_keep(files)
    if kept is not None:
        keep(workspace.ledger, files.there, kept)


def is_kept_as_read(workspace: Workspace) -> bool:
    """Return whether what is kept of the workbooks is what they say, or nothing is."""
    files = _workbooks(workspace)
    kept = recalled(workspace.ledger, files.there)
    return kept is None or kept == _to_keep(files)


def load(workspace: Workspace, *, afresh: bool = False) -> Loaded:
    """Return what the workbooks of the office say.

    They are read where one has changed since that was kept, or where that is wanted `afresh`.

    Raises:
        EnvironmentProblem: Plan or settings are missing, or an error stands in a workbook.
    """
    files = _workbooks(workspace)
    understood = _read(files) if afresh else _known(files, workspace.ledger)
    checked = _checked(workspace, understood)
    errors = [found for found in checked.findings if found.is_error]
    if checked.loaded is None or errors:
        first = errors[0]
        where = f"“{first.file}”{first.sheet} {first.cell}".rstrip()
        raise EnvironmentProblem(
            f"{_named(errors)}有{len(errors)}处错误，如{where}：{first.message}"
            "请运行 tenproj plan check 查看全部。"
        )
    return checked.loaded


def _named(errors: Sequence[Finding]) -> str:
    """Return in which of the workbooks the errors stand."""
    if all(found.file == ADDRESSES for found in errors):
        return "通讯录"
    if all(found.file == LETTERS for found in errors):
        return "信函的文字"
    return "计划或设置"
