"""The workspace: where things lie, and the plan and settings that a command works by."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

from tenproj_xl.app.kept_workbooks import KeptWorkbooks, is_kept, keep, recalled
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.address_book import NO_ADDRESSES, AddressBook
from tenproj_xl.model.address_reader import liaisons_apart, read_addresses, with_people
from tenproj_xl.model.folders import FolderLine, folder_faults
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.letter_texts import read_letter_texts
from tenproj_xl.model.liaisons import people_of
from tenproj_xl.model.passwords import Passwords, read_passwords, without_passwords
from tenproj_xl.model.people import with_liaisons
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_reader import read_plan, stored_plan
from tenproj_xl.model.settings import (
    Loaded,
    Settings,
    read_settings,
    unknown_subjects,
)
from tenproj_xl.reading.office_file import OfficeFile

DESK_NOTE = ".tenproj-desk"
"""How the files begin by which a second start finds the desk that runs."""
_PLAN = "工作计划.xlsx"
_SETTINGS = "设置.xlsx"
_PASSWORDS = "打开密码.xlsx"
_ADDRESSES = "通讯录.xlsx"
_LETTERS = "信函.xlsx"


@dataclass(frozen=True)
class Workspace:
    """The folder that a command works in."""

    root: Path

    @property
    def plan(self) -> Path:
        """The plan workbook."""
        return self.root / _PLAN

    @property
    def settings(self) -> Path:
        """The settings workbook."""
        return self.root / _SETTINGS

    @property
    def passwords(self) -> Path:
        """The workbook of the passwords that units set on their files; there may be none."""
        return self.root / _PASSWORDS

    @property
    def addresses(self) -> Path:
        """The address book of the liaisons; there may be none."""
        return self.root / _ADDRESSES

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
        return self.root / "workbook_templates" / _LETTERS

    @property
    def inbox(self) -> Path:
        """Where returns are put."""
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        """Where everything that is made lies, a folder per period."""
        return self.root / "outbox"

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
    checked = _checked(workspace, _understood(_Files.of(workspace)))
    return checked.loaded, list(checked.findings)


@dataclass(frozen=True, kw_only=True)
class _Files:
    """The workbooks of the office as they lie in a workspace; one of before lacks the later ones."""

    plan: OfficeFile
    settings: OfficeFile
    passwords: OfficeFile | None
    addresses: OfficeFile | None
    letters: OfficeFile | None

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        return cls(
            plan=OfficeFile.at(workspace.plan),
            settings=OfficeFile.at(workspace.settings),
            passwords=_file_at(workspace.passwords),
            addresses=_file_at(workspace.addresses),
            letters=_file_at(workspace.letters),
        )

    @property
    def there(self) -> Sequence[OfficeFile]:
        """Those that are there."""
        files = (self.plan, self.settings, self.passwords, self.addresses, self.letters)
        return [file for file in files if file]

    def rows(self) -> Mapping[str, dict[str, Rows]]:
        """Return the tables of each that is there, by its name."""
        return _rows(self.there)

    def known_passwords(self) -> tuple[str, ...]:
        """Read the passwords, and nothing else."""
        tables = _rows([file for file in (self.passwords, self.settings) if file])
        passwords, _ = read_passwords(tables.get(_PASSWORDS), _PASSWORDS, tables[_SETTINGS], _SETTINGS)
        return passwords.known


def _file_at(path: Path) -> OfficeFile | None:
    return OfficeFile.at(path) if path.exists() else None


def _rows(files: Sequence[OfficeFile]) -> Mapping[str, dict[str, Rows]]:
    from tenproj_xl.reading.office_book import rows_of  # noqa: PLC0415  # what reads files loads with the first

    return dict(zip([file.name for file in files], rows_of(*files), strict=True))


@dataclass(frozen=True, kw_only=True)
class _Checked:
    """What the workbooks say, None where they have errors, and what is wrong with them.

    `folders` are the lines of 收件夹, whose faults hang on where the workspace lies.
    """

    loaded: Loaded | None
    findings: tuple[Finding, ...]
    folders: tuple[FolderLine, ...] = ()


def _checked(workspace: Workspace, understood: _Checked) -> _Checked:
    """Return what the workbooks of a workspace say, and all that is wrong with them there."""
    faults = folder_faults(understood.folders, workspace.root)
    return replace(understood, findings=(*understood.findings, *faults))


@lru_cache(maxsize=8)  # a program that stays open runs many commands by the same workbooks
def _known(files: _Files, ledger: Path) -> _Checked:
    """Return what workbooks say as it is kept beside the ledger, else as they are read."""
    kept = recalled(ledger, files.there)
    if kept is None:
        return _understood(files)
    told = partial(tuple, ())
    if kept.has_passwords:
        told = partial(_Files.known_passwords, files)
    loaded = Loaded(
        kept.plan,
        kept.settings,
        kept.snapshots,
        Passwords(told, in_settings=kept.has_passwords_in_settings),
        kept.addresses,
        kept.letters,
        kept.stored_plan,
    )
    return _Checked(loaded=loaded, findings=(), folders=kept.settings.folders)


def keep_workbooks(workspace: Workspace) -> None:
    """Keep beside the ledger what the workbooks say, where they changed since that was done."""
    files = _Files.of(workspace)
    if is_kept(workspace.ledger, files.there):
        return
    kept = _to_keep(_understood(files))
    if kept is not None:
        keep(workspace.ledger, files.there, kept)


def is_kept_as_read(workspace: Workspace) -> bool:
    """Return whether what is kept of the workbooks is what they say, or nothing is."""
    files = _Files.of(workspace)
    kept = recalled(workspace.ledger, files.there)
    return kept is None or kept == _to_keep(_understood(files))


def _to_keep(checked: _Checked) -> KeptWorkbooks | None:
    """Return what is kept of what workbooks say, None where they have faults, which are told each time."""
    loaded = checked.loaded
    if loaded is None or has_errors(checked.findings):
        return None
    return KeptWorkbooks(
        plan=loaded.plan,
        settings=loaded.settings,
        snapshots=loaded.snapshots,
        addresses=loaded.addresses,
        letters=loaded.letters,
        stored_plan=stored_plan(loaded.snapshots.plan),
        has_passwords=bool(loaded.passwords.known),
        has_passwords_in_settings=loaded.passwords.in_settings,
    )


@lru_cache(maxsize=8)
def _understood(files: _Files) -> _Checked:
    tables = files.rows()
    plan_rows, setting_rows = tables[_PLAN], tables[_SETTINGS]
    plan, settings, findings = read_workbooks(plan_rows, setting_rows)
    passwords, faults = read_passwords(tables.get(_PASSWORDS), _PASSWORDS, setting_rows, _SETTINGS)
    findings += faults
    letters, faults = read_letter_texts(tables.get(_LETTERS), _LETTERS)
    findings += faults
    folders = settings.folders if settings else ()
    if plan is None or settings is None:
        return _Checked(loaded=None, findings=tuple(findings), folders=folders)
    addresses, faults = _addresses(plan, plan_rows, tables.get(_ADDRESSES))
    findings += faults
    if addresses.contacts:
        people = list(people_of(addresses, plan))
        plan_rows = with_people(plan_rows, people)
        plan = with_liaisons(plan, people)
    snapshots = Snapshots(_snapshot(plan_rows), _snapshot(without_passwords(setting_rows)))
    letters = replace(letters, has_figures=settings.letter_figures)
    loaded = Loaded(plan, settings, snapshots, passwords, addresses, letters)
    return _Checked(loaded=loaded, findings=tuple(findings), folders=folders)


def _addresses(
    plan: Plan, plan_rows: Mapping[str, Rows], own: Mapping[str, Rows] | None
) -> tuple[AddressBook, list[Finding]]:
    """Return the address book, without anybody where there is none, and what is wrong with it."""
    if own is None:
        return NO_ADDRESSES, []
    book, findings = read_addresses(own, _ADDRESSES, plan)
    if book is None:
        return NO_ADDRESSES, findings
    if book.contacts:
        findings += liaisons_apart(plan_rows, _PLAN, _ADDRESSES)
    return book, findings


def read_workbooks(
    plan_rows: Mapping[str, Rows], setting_rows: Mapping[str, Rows]
) -> tuple[Plan | None, Settings | None, list[Finding]]:
    """Return the plan and settings of tables as far as they can be read, and what is wrong with them."""
    plan, findings = read_plan(plan_rows, _PLAN)
    settings, faults = read_settings(setting_rows, _SETTINGS)
    if plan and settings:
        unknown = unknown_subjects(setting_rows, _SETTINGS, _subjects(plan), _reported(plan))
        if unknown:
            settings, faults = None, [*faults, *unknown]
    return plan, settings, findings + faults


def _subjects(plan: Plan) -> set[str]:
    """Return whatever an exemption may be for, in one spelling: units, task forces, rows."""
    subjects = {canonical(task_force.code) for task_force in plan.task_forces}
    subjects |= {canonical(indicator.code) for indicator in plan.indicators}
    subjects |= {canonical(task.code) for task in plan.tasks}
    for unit in plan.units:
        subjects.update(plan.spellings(unit.name))
    return subjects


def _reported(plan: Plan) -> set[str]:
    """Return whose figures a day of publication may be for, in one spelling: indicators, reporting units."""
    subjects = {canonical(indicator.code) for indicator in plan.indicators}
    for indicator in plan.indicators:
        subjects.update(plan.spellings(indicator.reporting_unit))
    return subjects


def load(workspace: Workspace, *, afresh: bool = False) -> Loaded:
    """Return what the workbooks of the office say.

    They are read where one has changed since that was kept, or where that is wanted `afresh`.

    Raises:
        EnvironmentProblem: Plan or settings are missing, or an error stands in a workbook.
    """
    files = _Files.of(workspace)
    understood = _understood(files) if afresh else _known(files, workspace.ledger)
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
    if all(found.file == _ADDRESSES for found in errors):
        return "通讯录"
    if all(found.file == _LETTERS for found in errors):
        return "信函的文字"
    return "计划或设置"


def load_snapshots(workspace: Workspace, snapshots: Snapshots) -> Loaded:
    """Read plan and settings again from what a batch kept of them.

    Raises:
        EnvironmentProblem: This version of the program cannot read the settings, as another one could.
    """
    settings = settings_of_snapshots(workspace, snapshots)
    return Loaded(stored_plan(snapshots.plan), settings, snapshots)


def settings_of_snapshots(workspace: Workspace, snapshots: Snapshots) -> Settings:
    """Read the settings again from what a batch kept of them; raises EnvironmentProblem as above."""
    settings, _ = read_settings(json.loads(snapshots.settings), workspace.settings.name)
    if settings is None:
        raise EnvironmentProblem(_UNREADABLE_NOW)
    return settings


_UNREADABLE_NOW = "当时的设置，现在的版本读不全，不能照当时重做；请看当时发出的文件。"


def _snapshot(sheets: Mapping[str, Rows]) -> str:
    """Return the tables as text, from which the same plan can be read again."""
    texts = {}
    for name, rows in sheets.items():
        texts[name] = [list(map(text_of, row)) for row in rows]
    return json.dumps(texts, ensure_ascii=False, sort_keys=True)
