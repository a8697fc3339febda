"""Weeks in which bureaus rearrange their 科室, and return in whatever forms they have."""

import os
import random
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.sheets import FILLED_BY
from tenproj_xl.excel.office_tables import write_workbook  # loads XlsxWriter
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.address_reader import ADDRESS_SHEET
from tenproj_xl.model.plan_schema import INDICATORS, PLAN_SHEETS, TASK_FORCES
from tests.helpers.filling import places, typed
from tests.helpers.small_plan import small_tables
from tests.helpers.times import first_morning

FIRST = "2026-W52"
UNITS = ("区发改经信局", "区科技局", "区住建局")
FORCE, OTHER = "01", "02"
IN_WORDS = "Z01-13"
SECTIONS = ("甲科", "乙科", "丙科")


class Bureaus:
    """A district of three bureaus, of which some have 科室, in plan and address book as they come.

    Held against what was written: each row of the plan stands open in exactly one form that counts; the last
    figure that was accepted for a row, in whichever form, is the one in the ledger; nothing is owed once every row
    was returned, and what is owed are forms that count.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # a simulation is to be repeatable
        self.workspace = Workspace(root)
        initialise(self.workspace)
        self.tables = {name: [list(row) for row in rows] for name, rows in small_tables().items()}
        self.order = 0
        self.parted = 0
        """In how many rounds some bureau had several forms."""

    def rearrange(self) -> None:
        """Write plan and address book anew, with whatever 科室."""
        for sheet in (INDICATORS, TASK_FORCES):
            head, *rows = self.tables[sheet.name]
            if "承办科室" not in head:
                head.append("承办科室")
                for row in rows:
                    row.append(None)
            for row in rows:
                row[head.index("承办科室")] = self.chance.choice((None, None, None, *SECTIONS))
        write_workbook(self.workspace.plan, PLAN_SHEETS, self.tables, {})
        lines: list[list[object]] = []
        for unit in UNITS:
            for section in self.chance.sample(("", *SECTIONS), k=self.chance.randint(0, 3)):
                cells = {"unit": unit, "section": section, "name": f"{section}A岗"}
                if section and unit != "区科技局":
                    cells["task_forces"] = self.chance.choice(("", FORCE, OTHER))
                lines.append([cells.get(column.field) for column in ADDRESS_SHEET.columns])
        head = [column.header for column in ADDRESS_SHEET.columns]
        write_workbook(self.workspace.addresses, (ADDRESS_SHEET,), {ADDRESS_SHEET.name: [head, *lines]}, {})

    def send_out(self, week: Period) -> Mapping[str, Path]:
        """Generate the forms, and return those that count with copies of the files, by recipient."""
        generate(self.workspace, week.code, by_unit=True, now=first_morning(week.code))
        self.order += 1
        kept = self.workspace.root / "发出" / str(self.order)
        folder = self.workspace.outbox / week.code / "填报表"
        shutil.copytree(folder, kept)
        with look_into_ledger(self.workspace.ledger) as ledger:
            codes = ledger.recipients(week.code)
        self.parted += any("_" in code for code in codes)
        names = {code: code.replace("_", "").replace("区科技局", "区科技和数据局") for code in codes}
        found = {code: kept / f"{name}_{week.name}填报表.xlsx" for code, name in names.items()}
        assert {path.name for path in kept.iterdir()} == {path.name for path in found.values()}
        return found

    def open_rows(self, form: Path) -> list[str]:
        """Return the codes of the indicators that a form asks its recipient for, tasks included."""
        rows = []
        for sheet in ("indicators", "tasks"):
            for code in places(form).rows(sheet):
                if code[:1] in "ZR" and "/" not in code and self.is_own(form, sheet, code):
                    rows.append(code)
        return rows

    def is_own(self, form: Path, sheet: str, code: str) -> bool:
        """Return whether a row of a form says that it is filled in by whose form it is."""
        return places(form).value(sheet, code, FILLED_BY) in ("本单位填报", "本科室填报")

    def come_back(self, form: Path) -> dict[str, object]:
        """Fill in a form and take it in; return the figures that were accepted, by code."""
        answers: dict[tuple[str, str], dict[str, object]] = {}
        for code in self.open_rows(form):
            if code.startswith("R"):
                answers["tasks", code] = {"status": "序时推进", "progress": f"推进{self.order}"}
            elif code != IN_WORDS:
                answers["indicators", code] = {
                    "value": float(self.chance.randint(1, 90)),
                    "nature": "部门统计",
                    "lag_reason": "进度正常推进中",
                    "next_steps": "加快推进",
                }
        self.order += 1
        target = self.workspace.inbox / f"{form.stem}_{self.order}.xlsx"
        cover = {} if answers else {"nil_return": "是"}  # there is nothing that it reports
        target.write_bytes(typed(form, answers, **cover))
        moment = 1_797_000_000 + self.order * 60
        os.utime(target, (moment, moment))
        (file,) = ingest(self.workspace).files
        said = [finding.message for finding in file.findings]
        assert file.status.is_return, said
        assert file.judgement is not None
        assert len(file.judgement.accepted) + sum(f.is_error for f in file.findings) >= len(answers), said
        accepted = [e for e in file.judgement.accepted if e.row.sheet.code == "indicators"]
        return {e.code: e.value("value") for e in accepted}

    def figures(self, week: Period) -> dict[str, object]:
        """Return the figure of each indicator of a week as the ledger has it."""
        with look_into_ledger(self.workspace.ledger) as ledger:
            rows = [row for row in ledger.accepted_rows(week.code) if row.sheet == "indicators"]
        latest = {row.code: row.values["value"] for row in sorted(rows, key=lambda row: row.order)}
        return {code: value for code, value in latest.items() if "/" not in code}

    def week(self, week: Period) -> None:
        """Let a week pass in which the 科室 change after the forms went out, once more than often."""
        self.rearrange()
        rounds = [self.send_out(week)]
        typed_in: dict[str, object] = {}
        plan = load(self.workspace).plan
        planned = sorted([row.code for row in plan.indicators] + [row.code for row in plan.tasks])
        asked = [code for form in rounds[0].values() for code in self.open_rows(form)]
        assert sorted(asked) == planned
        some = self.chance.sample(sorted(rounds[0]), k=self.chance.randint(0, len(rounds[0])))
        for code in some:
            typed_in |= self.come_back(rounds[0][code])
        self.rearrange()
        if self.chance.random() < 0.6:
            rounds.append(self.send_out(week))
        owed = {one.recipient for one in status(self.workspace, week.code).owing}
        assert owed <= set(rounds[-1])
        for code, form in rounds[0].items():
            if code not in some:
                typed_in |= self.come_back(form)
        assert not status(self.workspace, week.code).owing
        assert self.figures(week).items() >= typed_in.items()


@pytest.mark.parametrize("seed", [3])
def test_whatever_sections_do_each_row_is_asked_once_and_nothing_is_lost(seed: int, tmp_path: Path) -> None:
    bureaus = Bureaus(tmp_path / "workspace", seed)
    week = parse_period(FIRST)
    for _ in range(3):  # into the next year
        bureaus.week(week)
        week = load(bureaus.workspace).settings.calendar.following(week)
    assert bureaus.parted
