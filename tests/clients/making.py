"""How returns are made: the programs, and what each is told to do with the form.

LibreOffice does one thing to one file in one process; what it only saves in another format, it saves all in one go.
"""

import itertools
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from tenproj_xl.core.sheets import COVER
from tests.clients.answers import ANSWERS, SAID, TASK_FORCE, cells, keyed, sent_out_twice
from tests.clients.people import INDICATORS, TASKS, Steps, step
from tests.helpers.filling import Filling
from tests.helpers.libreoffice import save_all_as, typing, visit
from tests.helpers.programs import NODE, output_of


class Desk:
    """What the makers of returns start from: the form that was sent, and the form as it was typed in LibreOffice.

    `half_typed` lacks the indicators, whose sheet stands first.
    """

    def __init__(self, folder: Path) -> None:
        self.office = sent_out_twice(folder / "workspace")
        self.sent = self.office.path(TASK_FORCE)
        self.form = Filling(self.sent)
        self.typed = visit(self.sent, self.typing(), folder / "typed.xlsx")
        rest = [*self.typing(COVER.name, "tasks", "issues"), step("put_first", sheet=INDICATORS)]
        self.half_typed = visit(self.sent, rest, folder / "half.xlsx")

    def typing(self, *sheets: str) -> Steps:
        """The steps that type everything, or what goes into some sheets."""
        return [typing(sheet, cell, keyed(value)) for sheet, cell, value in cells(self.form, *sheets)]


Make = Callable[[Desk, Path, Path], object]
"""Makes a return at the second path; the first is what LibreOffice saved as .xlsx before, after the same action."""


# --- LibreOffice


def in_libreoffice(action: Callable[[], Steps]) -> Make:
    """Opens what was typed and saved before, does something, saves it."""
    return lambda _, source, path: visit(source, action(), path)


def with_a_sheet_of(period: str, task_force: str, sheet: str) -> Make:
    """Opens another form and copies a sheet of it into the one that was typed."""

    def make(desk: Desk, source: Path, path: Path) -> None:
        other = next((desk.office.workspace.outbox / period / "填报表").glob(f"{task_force}_*.xlsx"))
        visit(other, [step("carry_into", path=str(source), sheet=sheet)], path)

    return make


def pasting(action: Callable[[Filling], Steps]) -> Make:
    """Types a part and pastes the rest."""
    return lambda desk, _, path: visit(desk.sent, action(desk.form), path)


def typed(desk: Desk, _: Path, path: Path) -> None:
    """Types everything and saves it."""
    visit(desk.sent, desk.typing(), path)


def looked_at(sheet: str, encoding: str = "utf-8") -> Make:
    """Saves with a sheet in front, which is the one that a .csv gets."""
    return lambda _, source, path: visit(source, [step("look_at", sheet=sheet)], path, encoding)


def as_et(_: Desk, source: Path, path: Path) -> None:
    """An .xls under the name that WPS gives."""
    shutil.move(visit(source, [step("look_at", sheet=TASKS)], path.with_suffix(".xls")), path)


def through(*endings: str) -> Make:
    """Saves as one format after the other, a new process each."""

    def make(_: Desk, source: Path, path: Path) -> None:
        files = [path.with_suffix(f".{n}.{ending}") for n, ending in enumerate(endings, 1)]
        for before, after in itertools.pairwise([source, *files, path]):
            visit(before, [], after)

    return make


def resave(ending: str, targets: Mapping[Path, Path]) -> None:
    """Opens workbooks in LibreOffice and saves each as another, all in one process; what that leaves is not made."""
    with tempfile.TemporaryDirectory() as folder, suppress(RuntimeError):
        for path, target in zip(
            save_all_as(ending, list(targets), Path(folder)), targets.values(), strict=True
        ):
            if path.exists():
                shutil.move(path, target)


def saved_once_more(_: Desk, source: Path, path: Path) -> None:
    """Opens what LibreOffice saved before, and saves it, unless that was done with many others."""
    if not path.exists():
        visit(source, [], path)


# --- Gnumeric


def by_gnumeric(exporter: str) -> Make:
    """Opens what LibreOffice saved, and saves it."""
    return lambda _, source, path: output_of(["ssconvert", "-T", exporter, str(source), str(path)])


def typed_in_gnumeric(exporter: str) -> Make:
    """Types the indicators in Gnumeric, where LibreOffice had typed the rest: `--set` reaches the first sheet only."""

    def make(desk: Desk, _: Path, path: Path) -> None:
        written = cells(desk.form, "indicators")
        given = [f"--set={cell}={keyed(value)}" for sheet, cell, value in written if sheet == INDICATORS]
        output_of(["ssconvert", "-T", exporter, *given, str(desk.half_typed), str(path)])

    return make


# --- scripts


def by_node(client: str) -> Make:
    """Writes all cells with ExcelJS or SheetJS, as numbers, texts and dates."""

    def make(desk: Desk, _: Path, path: Path) -> None:
        written = [(sheet, cell, _for_json(value)) for sheet, cell, value in cells(desk.form)]
        order = {
            "client": client,
            "open": str(desk.sent),
            "cells": written,
            "look_at": INDICATORS,
            "save": str(path),
        }
        output_of(["node", str(NODE / "fill.js")], json.dumps(order))

    return make


def _for_json(value: object) -> object:
    return {"date": value.isoformat()} if isinstance(value, date) else value


def by_openpyxl(desk: Desk, _: Path, path: Path) -> None:
    """Writes all cells with openpyxl."""
    _filled(desk, "openpyxl").save(path)


def _filled(desk: Desk, title: str) -> Filling:
    """The form filled in with openpyxl; its title makes the bytes differ from those of others."""
    form = Filling(desk.sent).answer(ANSWERS)
    form.cover(**SAID)
    form.book.properties.title = title
    return form


# --- the mail


def zipped(encoding: str) -> Make:
    """Packs the form in a folder with a Chinese name, as archivers on Windows (GBK) or elsewhere (UTF-8) do."""

    def make(desk: Desk, _: Path, path: Path) -> None:
        form = _filled(desk, encoding)
        kind = _GbkName if encoding == "gbk" else zipfile.ZipInfo
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(kind(f"第48期/{form.name}", (2026, 11, 27, 9, 30, 0)), form.data)

    return make


class _GbkName(zipfile.ZipInfo):
    """A name that is written in GBK without a word of it, as on Windows."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  # zipfile's own name
        return self.filename.encode("gbk"), self.flag_bits


def mailed(desk: Desk, _: Path, path: Path) -> None:
    """Attaches the form to a message, which is saved."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "fgj@example.com", "zb@example.com", "报送第48期进度"
    mail["Date"] = "Fri, 27 Nov 2026 09:30:00 +0800"
    mail.set_content("请查收。")
    form = _filled(desk, "eml")
    mail.add_attachment(form.data, "application", "octet-stream", filename=form.name)
    path.write_bytes(mail.as_bytes())
