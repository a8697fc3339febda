"""LibreOffice as a reader: what only it reads, what it may not do, and what is said where it is missing."""

import io
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.reading import libreoffice
from tenproj_xl.reading import sandbox as reader_module
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.budget import Budget
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.sandbox import Parcel, Reader
from tests.fuzzing.mutations import zipped
from tests.helpers.libreoffice import save_all_as
from tests.helpers.programs import need, output_of

XLSB = zipped([("xl/workbook.bin", bytes(100))])
CSV = b"1,2"
EXPECTED = ((), (), (None, "指标名称", 72.5, ErrorValue("#DIV/0!")))


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as found:
        yield found


@pytest.fixture
def without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "soffice", lambda: None)


def opened(reader: Reader, data: bytes) -> Book:
    (found,) = reader.open([data])
    assert isinstance(found, Book), found
    return found


def filled(rows: tuple[tuple[object, ...], ...]) -> tuple[tuple[object, ...], ...]:
    """The rows without the blanks at their ends."""
    kept = []
    for row in rows:
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        kept.append(tuple(cells))
    return tuple(kept)


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_what_libreoffice_and_gnumeric_save_needs_no_conversion(
    reader: Reader, tmp_path: Path, ending: str
) -> None:
    need("soffice", "gnumeric")
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"subject": "GS10 2026-W48 03"})
        sheet = book.add_worksheet("主要指标进度表")
        sheet.set_footer("&L&9 GS10 2026-W48 03")
        sheet.write_row(2, 1, ["指标名称", 72.5])
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
        sheet.merge_range("B5:C6", "合并")
    (theirs,) = save_all_as(ending, [path], tmp_path)
    gnumeric = tmp_path / f"gnumeric.{ending}"
    output_of(["ssconvert", str(path), str(gnumeric)])
    for file in (theirs, gnumeric):
        found = opened(reader, file.read_bytes())
        assert (str(found.kind), found.converted) == (ending, False)
        assert filled(found.sheets[0].rows)[:5] == (*EXPECTED, (), (None, "合并"))
        assert found.sheets[0].merged == (((4, 1), (5, 2)),)
        assert found.subject == "GS10 2026-W48 03"
        assert "GS10 2026-W48 03" in found.running[0]


@pytest.mark.usefixtures("without_libreoffice")
def test_without_libreoffice_it_is_said_what_to_save_as(reader: Reader) -> None:
    assert list(reader.open([XLSB])) == [Refusal(Code.FILE_RESAVE, "xlsb二进制工作簿")]


@pytest.mark.libreoffice
def test_what_libreoffice_cannot_read_either_is_said_the_same_way(reader: Reader) -> None:
    need("soffice")
    assert list(reader.open([XLSB])) == [Refusal(Code.FILE_RESAVE, "xlsb二进制工作簿")]


def test_what_was_converted_passes_the_gate_like_everything(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_number("XFD1048576", 1)
    monkeypatch.setattr(reader_module, "to_xlsx", lambda *_: file.getvalue())
    (found,) = reader.open([XLSB])
    assert isinstance(found, Refusal)
    assert found.code is Code.FILE_LIMITS


def test_of_one_mail_only_so_many_workbooks_are_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    monkeypatch.setattr(reader_module, "to_xlsx", lambda data, *_: given.append(data))
    limits = Limits(conversions=3)
    with Reader(limits) as reader:
        parcels = [Parcel([Held(XLSB)] * 5, Budget(limits)) for _ in range(2)]
        answers = list(reader.open_parcels(parcels))
    assert answers == [[Refusal(Code.FILE_RESAVE, "xlsb二进制工作簿")] * 5] * 2
    assert len(given) == 6


@pytest.mark.skipif(os.name != "posix", reason="a program of the shell stands in for LibreOffice")
@pytest.mark.parametrize(
    "script",
    [
        "sleep 60 & sleep 60",  # hangs, and has started another
        "exit 1",
        "exit 0",  # and has written nothing
        "mkdir out; head -c 3000000 /dev/zero > out/book.xlsx",  # more than may be
    ],
)
def test_a_converter_that_fails_costs_only_its_file(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(libreoffice, "soffice", lambda: str(program))
    monkeypatch.setattr(libreoffice, "_A_WHILE", 0.5)
    monkeypatch.setattr(libreoffice, "_TIMES_LONGER", 1)
    began = time.monotonic()
    limits = Limits(seconds=0.5, size=1 << 20, inflated=2 << 20)
    if script.startswith("sleep"):
        with pytest.raises(libreoffice.TooBusyError):
            libreoffice.to_xlsx(b"x", ".xls", limits)
    else:
        assert libreoffice.to_xlsx(b"x", ".xls", limits) is None
    assert time.monotonic() - began < 5
    group = (tmp_path / "pid").read_text().strip()
    left = subprocess.run(["ps", "-o", "stat=", "-g", group], capture_output=True, text=True, check=False)  # noqa: S603, S607  # ours
    assert not [line for line in left.stdout.split() if not line.startswith("Z")]


@pytest.mark.libreoffice
def test_a_conversion_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("soffice")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert libreoffice.to_xlsx(CSV, ".csv", LIMITS)
    assert not list(tmp_path.iterdir())
