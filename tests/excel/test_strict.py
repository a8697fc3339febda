"""Every workbook that leaves us opens in Excel as it is: nothing to repair, nothing that is dropped without a word."""

import re
import warnings
import zipfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tenproj_xl.app.merge import merge
from tenproj_xl.app.resolve import ask
from tenproj_xl.app.signoff import draw_signoff
from tenproj_xl.app.supervise import list_items
from tests.core.test_catalogue import ISSUE
from tests.helpers.by_unit import FINANCE, PERIOD, SCIENCE, form_path, right
from tests.helpers.filling import Office
from tests.helpers.strict import refusals


def test_excel_takes_every_workbook_as_it_is(out: Office) -> None:
    """Two forms to correct, a conflict, a new issue that asks for something, and all that is made of them."""
    lead, finance, science = out.right("03"), right(out, FINANCE), right(out, SCIENCE)
    lead.write("indicators", "Z03-02", value=2.3)
    lead.write("indicators", "Z03-04", value="三亿" + "多" * 300, nature="=1+1", lag_reason="@SUM(A1)")
    lead.write("indicators", "Z03-04", next_steps="+1", remark="<r><t>x</t></r>")
    finance.write("tasks", "R03-02", status="基本完成", progress="=1+1", remark="长" * 5000)
    science.write("issues", "+1", **ISSUE, force="03", request="协调用地", suggested_level="总专班")
    for form in (lead, finance, science):
        out.send(form)
    done = merge(out.workspace, PERIOD)
    made = [
        form_path(out, FINANCE),
        out.path("03"),
        *(f.answer for f in done.ingested.files if f.answer),
        done.rollup,
        *(p for p in done.beside if p.suffix == ".xlsx"),
        draw_signoff(out.workspace).path,
        ask(out.workspace).written,
        list_items(out.workspace, PERIOD).written,
        out.workspace.plan,
        out.workspace.settings,
        out.workspace.template,
    ]
    assert len(made) >= 11
    assert {p.name: refusals(p) for p in made if p and refusals(p)} == {}
    assert {p.name: unquoted(p) for p in made if p and unquoted(p)} == {}


def unquoted(path: Path) -> list[str]:
    """Cells of text that Excel would take for a formula once a person opens them and presses Enter."""
    found = []
    with warnings.catch_warnings(action="ignore"):  # openpyxl does not know sparklines
        book = load_workbook(path)
    for sheet in book.worksheets:
        for cell in chain.from_iterable(sheet.iter_rows()):
            typed = str(cell.value or "")
            if cell.data_type == "f":
                if typed.startswith(("=1+1", "=@")):
                    found.append(f"{sheet.title} {cell.coordinate}: {typed}")
            elif cell.data_type == "s" and typed.startswith(("=", "+", "-", "@")) and not cell.quotePrefix:
                found.append(f"{sheet.title} {cell.coordinate}: {typed}")
    return found


SHEET = "xl/worksheets/sheet2.xml"
SPOILT: tuple[tuple[str, str, str, str], ...] = (
    ("xl/workbook.xml", 'name="重点任务进度表"', 'name="主要指标进度表"', "sheet name twice"),
    ("xl/workbook.xml", 'name="重点任务进度表"', f'name="{"长" * 32}"', "sheet name: 长"),
    ("xl/workbook.xml", 'name="_xlnm.Print_Titles" localSheetId="2"', 'name="A1"', "name: A1"),
    (SHEET, "<formula1>", f'<formula1>"{"选" * 256}"', "list too long"),
    (SHEET, 'prompt="', f'prompt="{"请" * 256}', "prompt too long"),
    (SHEET, "<f>IF(", "<f>IF((", "not balanced"),
    (SHEET, "<f>IF(", "<f>TEXTJOIN(", "TEXTJOIN is younger"),
    (SHEET, "<f>IF(", f"<f>{'1+' * 4200}IF(", "formula of"),
    (SHEET, "'系统对照'!", "'没有这张'!", "no sheet 没有这张"),
    (SHEET, 'priority="2"', 'priority="1"', "priority 1 twice"),
    (SHEET, 'dxfId="0"', 'dxfId="999"', "no format 999"),
    (SHEET, '<row r="6"', '<row r="5"', "row 5 after 5"),
    (SHEET, "<oddHeader>", f"<oddHeader>{'页' * 256}", "oddHeader too long"),
    ("xl/worksheets/sheet1.xml", "location=\"'主要", "location=\"'次要", "no sheet 次要"),
)


@pytest.mark.parametrize(("part", "old", "new", "said"), SPOILT, ids=lambda text: text[:24])
def test_what_excel_would_not_take_is_named(
    part: str, old: str, new: str, said: str, later: Office, tmp_path: Path
) -> None:
    spoilt = rewritten(later.path("03"), tmp_path / "03.xlsx", part, lambda text: text.replace(old, new, 1))
    assert [line for line in refusals(spoilt) if said in line]


def rewritten(path: Path, target: Path, part: str, change: Callable[[str], str]) -> Path:
    """A workbook in which one part says something else."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                text = re.sub(r"\s+", " ", data.decode())
                data = change(text).encode()
                assert data.decode() != text, part
            new.writestr(name, data)
    return target
