"""Hidden and filtered rows, merged cells, formulas in inputs: each is read as what it is, and doubts are said."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tenproj_xl.app.check import check
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.sheets import TASKS
from tenproj_xl.core.tables import locate
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.book import Book, Range, SheetCells
from tenproj_xl.reading.opening import read_book
from tenproj_xl.recognition.doubts import Doubt, doubted
from tests.conftest import PERIOD
from tests.fuzzing.mutations import zipped
from tests.fuzzing.seeds import seeds
from tests.helpers import oldxls
from tests.helpers.filling import Filling, Office
from tests.reading.test_sandbox import ods, row

FIELDS = tuple(c.field for c in TASKS.of_task_force.columns)
PROGRESS, PROBLEMS = FIELDS.index("progress"), FIELDS.index("problems")


def tab(
    *rows: tuple[str, str], merged: tuple[Range, ...] = (), stale: frozenset[tuple[int, int]] = frozenset()
) -> SheetCells:
    """A sheet of tasks with what is written under 本期进展 and 存在问题, from row 2."""
    lines = [
        tuple({PROGRESS: progress, PROBLEMS: problems}.get(n) or None for n in range(len(FIELDS)))
        for progress, problems in rows
    ]
    return SheetCells(TASKS.name, hidden=False, rows=(FIELDS, *lines), merged=merged, stale=stale)


def read(sheet: SheetCells) -> list[tuple[object, object, dict[str, Doubt]]]:
    layout = locate(sheet.rows, TASKS)
    assert layout
    found = doubted(sheet, layout)
    return [(row.cells["progress"], row.cells["problems"], doubts) for row, doubts in found]


def merged(cells: str) -> dict[str, Doubt]:
    return {"progress": Doubt(Code.CELLS_MERGED, {"cells": cells})}


def test_of_cells_merged_downwards_the_first_counts_and_what_is_hidden_below_does_not() -> None:
    down = (((1, PROGRESS), (3, PROGRESS)),)
    sheet = tab(("甲", "一"), ("乙", "二"), ("丙", ""), ("丁", ""), merged=down)
    assert read(sheet) == [("甲", "一", merged("K2至K4")), (None, "二", merged("K2至K4")), ("丁", None, {})]


def test_of_cells_merged_sideways_the_first_counts() -> None:
    sheet = tab(("甲", "一"), merged=(((1, PROGRESS), (1, PROBLEMS)),))
    both = dict.fromkeys(("progress", "problems"), Doubt(Code.CELLS_MERGED, {"cells": "K2至L2"}))
    assert read(sheet) == [("甲", None, both)]


def test_blank_merged_cells_raise_no_doubt() -> None:
    assert read(tab(("", "一"), ("", "二"), merged=(((1, PROGRESS), (2, PROGRESS)),))) == [
        (None, "一", {}),
        (None, "二", {}),
    ]


def test_a_title_merged_above_the_table_raises_no_doubt() -> None:
    assert read(tab(("甲", ""), merged=(((0, 0), (0, 20)),))) == [("甲", None, {})]


def test_fifty_thousand_merged_ranges_cost_little() -> None:
    ranges = tuple(((1, 0), (60_000, n % 16_384)) for n in range(50_000))
    sheet = tab(*[("甲", "一")] * 3000, merged=ranges)
    assert len(read(sheet)) < 3000


def test_of_results_that_may_be_old_only_those_in_inputs_raise_doubt() -> None:
    stale = frozenset({(1, PROGRESS), (1, FIELDS.index("state"))})
    assert read(tab(("甲", ""), stale=stale)) == [("甲", None, {"progress": Doubt(Code.RESULT_STALE)})]


# --- through the whole check


def hide(form: Filling) -> None:
    for n in (5, 7):
        form.tab("tasks").row_dimensions[n].hidden = True
        form.tab("indicators").row_dimensions[n].hidden = True


def filter_out(form: Filling) -> None:
    tasks = form.tab("tasks")
    tasks.auto_filter.ref = f"A4:W{tasks.max_row}"
    tasks.auto_filter.add_filter_column(1, ["R03-02"])
    for n in range(5, tasks.max_row + 1):
        tasks.row_dimensions[n].hidden = tasks.cell(n, 2).value != "R03-02"


@pytest.mark.parametrize("action", [hide, filter_out])
def test_hidden_and_filtered_rows_are_rows_like_others(
    later: Office, tmp_path: Path, action: Callable[[Filling], None]
) -> None:
    form = later.right("03")
    expected = check(later.workspace, [form.save(tmp_path / "shown.xlsx")], PERIOD).files[0]
    action(form)
    result = check(later.workspace, [form.save(tmp_path / "hidden.xlsx")], PERIOD).files[0]
    assert (result.status, result.findings) == (Status.ACCEPTED, ())
    assert result.judgement
    assert expected.judgement
    assert [e.inputs for e in result.judgement.accepted] == [e.inputs for e in expected.judgement.accepted]


# --- who saved it


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped(
            [(n, change(archive.read(n)) if n == name else archive.read(n)) for n in archive.namelist()]
        )


def calculated(workbook: bytes) -> bytes:
    """As Excel saves it: what was to be computed anew on opening has been."""
    return workbook.replace(b' fullCalcOnLoad="1"', b"")


def is_scripted(data: bytes) -> bool:
    book = read_book(data)
    assert isinstance(book, Book), book
    return any(tab.stale for tab in book.sheets)


def test_a_workbook_tells_whether_its_results_may_be_old(later: Office) -> None:
    form = seeds(later)["form.xlsx"]
    saved = with_part(form, "xl/workbook.xml", calculated)
    assert is_scripted(form)  # nobody opened and saved it since it was made
    assert not is_scripted(saved)

    def by(program: bytes) -> Callable[[bytes], bytes]:
        return lambda part: part.replace(b">Microsoft Excel<", b">" + program + b"<")

    assert is_scripted(with_part(saved, "docProps/app.xml", by(b"SheetJS")))
    assert is_scripted(with_part(saved, "docProps/app.xml", by(b"Apache POI")))
    assert not is_scripted(with_part(saved, "docProps/app.xml", by(b"WPS Office")))
    by_hand = with_part(
        saved, "xl/workbook.xml", lambda part: part.replace(b"<calcPr ", b'<calcPr calcMode="manual" ')
    )
    assert is_scripted(by_hand)
    exceljs = (
        b'<fileVersion appName="xl" lastEdited="5" lowestEdited="5" rupBuild="9303"/><calcPr calcId="171027"'
    )
    assert is_scripted(
        with_part(saved, "xl/workbook.xml", lambda part: part.replace(b'<calcPr calcId="124519"', exceljs))
    )


def test_an_ods_tells_who_saved_it() -> None:
    def by(program: str) -> bytes:
        sum_ = '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
        return ods(row(sum_), meta=f"<office:meta><meta:generator>{program}</meta:generator></office:meta>")

    assert is_scripted(by("ODFPY/1.4.1"))
    assert not is_scripted(by("LibreOffice/24.2.7.2$Linux_X86_64"))


def test_an_xls_tells_whether_it_calculates_by_itself() -> None:
    by_hand, by_itself = (oldxls.record(0x000D, mode) for mode in (b"\0\0", b"\1\0"))
    assert is_scripted(oldxls.xls([[by_hand, oldxls.failed_formula(0, 0)]]))
    assert not is_scripted(oldxls.xls([[by_itself, oldxls.failed_formula(0, 0)]]))
