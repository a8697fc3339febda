"""Read the workbooks of the office: plan, settings, address book and texts of letters."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from tenproj_xl.app.kept_workbooks import KeptWorkbooks
from tenproj_xl.app.office_workbooks import (
    ADDRESSES,
    LETTERS,
    PASSWORDS,
    PLAN,
    SETTINGS,
    OfficeWorkbooks,
    Understood,
)
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.address_book import NO_ADDRESSES, AddressBook
from tenproj_xl.model.address_reader import liaisons_apart, read_addresses, with_people
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.letter_reader import read_letter_texts
from tenproj_xl.model.liaisons import people_of
from tenproj_xl.model.password_reader import read_passwords, without_passwords
from tenproj_xl.model.people import with_liaisons
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_reader import read_plan, stored_plan
from tenproj_xl.model.ranking_reader import ranked_twice
from tenproj_xl.model.settings import Loaded, Settings
from tenproj_xl.model.settings_reader import read_settings, unknown_subjects
from tenproj_xl.reading.office_book import rows_of
from tenproj_xl.reading.office_file import OfficeFile


def _rows(files: Sequence[OfficeFile]) -> Mapping[str, dict[str, Rows]]:
    return dict(zip([file.name for file in files], rows_of(*files), strict=True))


def known_passwords(files: OfficeWorkbooks) -> tuple[str, ...]:
    """Read the passwords, and nothing else."""
    tables = _rows([file for file in (files.passwords, files.settings) if file])
    passwords, _ = read_passwords(tables.get(PASSWORDS), PASSWORDS, tables[SETTINGS], SETTINGS)
    return passwords.known


@lru_cache(maxsize=8)  # a program that stays open runs many commands by the same workbooks
def understood(files: OfficeWorkbooks) -> Understood:
    """Read workbooks, and return what they say."""
    tables = _rows(files.there)
    plan_rows, setting_rows = tables[PLAN], tables[SETTINGS]
    plan, settings, findings = read_workbooks(plan_rows, setting_rows)
    passwords, faults = read_passwords(tables.get(PASSWORDS), PASSWORDS, setting_rows, SETTINGS)
    findings += faults
    letters, faults = read_letter_texts(tables.get(LETTERS), LETTERS)
    findings += faults
    folders = settings.folders if settings else ()
    if plan is None or settings is None:
        return Understood(loaded=None, findings=tuple(findings), folders=folders)
    addresses, faults = _addresses(plan, plan_rows, tables.get(ADDRESSES))
    findings += faults
    if addresses.contacts:
        people = list(people_of(addresses, plan))
        plan_rows = with_people(plan_rows, people)
        plan = with_liaisons(plan, people)
    snapshots = Snapshots(_snapshot(plan_rows), _snapshot(without_passwords(setting_rows)))
    letters = replace(letters, has_figures=settings.letter_figures)
    loaded = Loaded(
        plan=plan,
        settings=settings,
        snapshots=snapshots,
        passwords=passwords,
        addresses=addresses,
        letters=letters,
    )
    return Understood(loaded=loaded, findings=tuple(findings), folders=folders)


def _addresses(
    plan: Plan, plan_rows: Mapping[str, Rows], own: Mapping[str, Rows] | None
) -> tuple[AddressBook, list[Finding]]:
    """Return the address book, without anybody where there is none, and what is wrong with it."""
    if own is None:
        return NO_ADDRESSES, []
    book, findings = read_addresses(own, ADDRESSES, plan)
    if book is None:
        return NO_ADDRESSES, findings
    if book.contacts:
        findings += liaisons_apart(plan_rows, PLAN, ADDRESSES)
    return book, findings


def read_workbooks(
    plan_rows: Mapping[str, Rows], setting_rows: Mapping[str, Rows]
) -> tuple[Plan | None, Settings | None, list[Finding]]:
    """Return the plan and settings of tables as far as they can be read, and what is wrong with them."""
    plan, findings = read_plan(plan_rows, PLAN)
    settings, faults = read_settings(setting_rows, SETTINGS)
    if plan and settings:
        by_plan = unknown_subjects(setting_rows, SETTINGS, _subjects(plan), _reported(plan))
        by_plan += ranked_twice(setting_rows, SETTINGS, plan)
        if by_plan:
            settings, faults = None, [*faults, *by_plan]
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


def to_keep(checked: Understood) -> KeptWorkbooks | None:
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


def load_snapshots(snapshots: Snapshots) -> Loaded:
    """Read plan and settings again from what a batch kept of them.

    Raises:
        EnvironmentProblem: This version of the program cannot read the settings, as another one could.
    """
    settings = settings_of_snapshots(snapshots)
    return Loaded(plan=stored_plan(snapshots.plan), settings=settings, snapshots=snapshots)


def settings_of_snapshots(snapshots: Snapshots) -> Settings:
    """Read the settings again from what a batch kept of them; raises EnvironmentProblem as above."""
    settings, _ = read_settings(json.loads(snapshots.settings), SETTINGS)
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
