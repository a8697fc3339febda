"""Make returns: drive each program to fill in, change and save the form.

LibreOffice opens one file after the other; files that it only converts are converted together.
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
    """The files to start from: the form as sent, and the form as filled in with LibreOffice.

    `half_typed` is filled in but for the indicators, and their sheet comes first.
    """

    def __init__(self, folder: Path) -> None:
        self.office = sent_out_twice(folder / "workspace")
        self.sent = self.office.path(TASK_FORCE)
        self.form = Filling(self.sent)
        self.typed = visit(self.sent, self.typing(), folder / "typed.xlsx")
        rest = [*self.typing(COVER.name, "tasks", "issues"), step("put_first", sheet=INDICATORS)]
        self.half_typed = visit(self.sent, rest, folder / "half.xlsx")

    def typing(self, *sheets: str) -> Steps:
        """Return the steps that type all answers, or those in some sheets."""
        return [typing(sheet, cell, keyed(value)) for sheet, cell, value in cells(self.form, *sheets)]


Make = Callable[[Desk, Path, Path], object]
"""Makes a return at the second path; the first is the .xlsx that LibreOffice saved after the same action."""


# --- LibreOffice


def in_libreoffice(action: Callable[[], Steps]) -> Make:
    """Open the filled-in form, perform an action, and save it."""
    return lambda _, source, path: visit(source, action(), path)


def with_a_sheet_of(period: str, task_force: str, sheet: str) -> Make:
    """Copy a sheet of another form into the filled-in one."""

    def make(desk: Desk, source: Path, path: Path) -> None:
        other = next((desk.office.workspace.outbox / period / "填报表").glob(f"{task_force}_*.xlsx"))
        visit(other, [step("carry_into", path=str(source), sheet=sheet)], path)

    return make


def pasting(action: Callable[[Filling], Steps]) -> Make:
    """Type some of the answers and paste the others."""
    return lambda desk, _, path: visit(desk.sent, action(desk.form), path)


def typed(desk: Desk, _: Path, path: Path) -> None:
    """Type all answers and save."""
    visit(desk.sent, desk.typing(), path)


def looked_at(sheet: str, encoding: str = "utf-8") -> Make:
    """Save with one sheet active: a .csv has only that one."""
    return lambda _, source, path: visit(source, [step("look_at", sheet=sheet)], path, encoding)


def as_et(_: Desk, source: Path, path: Path) -> None:
    """Save an .xls under the ending that WPS gives it."""
    shutil.move(visit(source, [step("look_at", sheet=TASKS)], path.with_suffix(".xls")), path)


def through(*endings: str) -> Make:
    """Save in one format after another, each opened anew."""

    def make(_: Desk, source: Path, path: Path) -> None:
        files = [path.with_suffix(f".{n}.{ending}") for n, ending in enumerate(endings, 1)]
        for before, after in itertools.pairwise([source, *files, path]):
            visit(before, [], after)

    return make


def resave(ending: str, targets: Mapping[Path, Path]) -> None:
    """Convert workbooks with LibreOffice in one process; those that it fails on are missing afterwards."""
    with tempfile.TemporaryDirectory() as folder, suppress(RuntimeError):
        for path, target in zip(
            save_all_as(ending, list(targets), Path(folder)), targets.values(), strict=True
        ):
            if path.exists():
                shutil.move(path, target)


def saved_once_more(_: Desk, source: Path, path: Path) -> None:
    """Convert what LibreOffice saved, unless `resave` already did."""
    if not path.exists():
        visit(source, [], path)


# --- Gnumeric


def by_gnumeric(exporter: str) -> Make:
    """Convert with Gnumeric what LibreOffice saved."""
    return lambda _, source, path: output_of(["ssconvert", "-T", exporter, str(source), str(path)])


def typed_in_gnumeric(exporter: str) -> Make:
    """Type the indicators with Gnumeric and the rest with LibreOffice: `--set` reaches only the first sheet."""

    def make(desk: Desk, _: Path, path: Path) -> None:
        written = cells(desk.form, "indicators")
        given = [f"--set={cell}={keyed(value)}" for sheet, cell, value in written if sheet == INDICATORS]
        output_of(["ssconvert", "-T", exporter, *given, str(desk.half_typed), str(path)])

    return make


# --- scripts


def by_node(client: str) -> Make:
    """Write all answers with ExcelJS or SheetJS, as numbers, texts and dates."""

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
    """Write all answers with openpyxl."""
    _filled(desk, "openpyxl").save(path)


def _filled(desk: Desk, title: str) -> Filling:
    """Return the form filled in with openpyxl; the title makes its bytes unique."""
    form = Filling(desk.sent).answer(ANSWERS)
    form.cover(**SAID)
    form.book.properties.title = title
    return form


# --- the mail


def zipped(encoding: str) -> Make:
    """Zip the form in a folder with a Chinese name, in GBK as archivers on Windows do, or in UTF-8."""

    def make(desk: Desk, _: Path, path: Path) -> None:
        form = _filled(desk, encoding)
        kind = _GbkName if encoding == "gbk" else zipfile.ZipInfo
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(kind(f"第48期/{form.name}", (2026, 11, 27, 9, 30, 0)), form.data)

    return make


class _GbkName(zipfile.ZipInfo):
    """A member whose name is written in GBK, without the flag for UTF-8, as on Windows."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  # zipfile's own name
        return self.filename.encode("gbk"), self.flag_bits


def mailed(desk: Desk, _: Path, path: Path) -> None:
    """Save a message with the form attached."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "fgj@example.com", "zb@example.com", "报送第48期进度"
    mail["Date"] = "Fri, 27 Nov 2026 09:30:00 +0800"
    mail.set_content("请查收。")
    form = _filled(desk, "eml")
    mail.add_attachment(form.data, "application", "octet-stream", filename=form.name)
    path.write_bytes(mail.as_bytes())
