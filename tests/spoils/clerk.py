"""A clerk at a form: each public method is something that people do to a workbook, named in the collection's steps."""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl.comments import Comment
from openpyxl.styles import Font

from tenproj_xl.cli.open_form import TABS
from tests.helpers.filling import Filling


class Clerk:
    """A clerk who has a form open. Places are named as `tasks R01-01 status`, sheets by their code."""

    def __init__(self, form: Filling, others: dict[str, Path]) -> None:
        self.form, self.others = form, others
        self.parts: dict[str, bytes] = {}
        self.replaced: list[tuple[str, str]] = []
        self.saved: datetime | None = None

    @property
    def data(self) -> bytes:
        """The workbook as it was saved."""
        return _with_parts(self.form.data, self.parts, self.replaced, self.saved)

    def _at(self, place: str) -> tuple[str, str]:
        sheet, row, field = place.split()
        return sheet, self.form.at(sheet, row, field)

    # --- cells

    def types(self, place: str, value: object) -> None:
        """Type over any cell of a row, also a locked one."""
        self.form.put(*self._at(place), value)

    def types_at(self, sheet: str, cell: str, value: object) -> None:
        """Type into a cell by its address."""
        self.form.put(sheet, cell, value)

    def shows(self, place: str, number_format: str) -> None:
        """Give a cell a number format."""
        sheet, cell = self._at(place)
        self.form.tab(sheet)[cell].number_format = number_format

    def comments(self, place: str, text: str) -> None:
        """Add a comment to a cell."""
        sheet, cell = self._at(place)
        self.form.tab(sheet)[cell].comment = Comment(text, "张三")

    def strikes(self, place: str) -> None:
        """Strike a cell's text through."""
        sheet, cell = self._at(place)
        self.form.tab(sheet)[cell].font = Font(strike=True)

    def whitens(self, place: str) -> None:
        """Make a cell's text white, so that it cannot be seen."""
        sheet, cell = self._at(place)
        self.form.tab(sheet)[cell].font = Font(color="FFFFFFFF")

    def merges(self, first: str, last: str) -> None:
        """Merge cells."""
        sheet, start = self._at(first)
        self.form.tab(sheet).merge_cells(f"{start}:{self._at(last)[1]}")

    def pastes_down(self, sheet: str, *fields: str) -> None:
        """Paste a block of inputs one row too low."""
        self.form.shift_down(sheet, fields)

    def swaps(self, one: str, other: str) -> None:
        """Swap what was typed in two cells."""
        (sheet, first), (_, second) = self._at(one), self._at(other)
        tab = self.form.tab(sheet)
        tab[first].value, tab[second].value = tab[second].value, tab[first].value

    def sorts(self, sheet: str, order: list[str], only: list[str]) -> None:
        """Sort the rows, or only the columns of some fields."""
        self.form.reorder(sheet, order, only)

    # --- rows and columns

    def writes_below(self, sheet: str, field: str, text: str) -> None:
        """Write below the table, in the column of a field."""
        self.form.append(sheet, **{field: text})

    def writes_beside(self, sheet: str, row: str, text: str) -> None:
        """Write to the right of the table."""
        tab = self.form.tab(sheet)
        last = max(self.form.columns(sheet).values()) + 2
        tab.cell(self.form.row(sheet, row), last).value = text

    def adds_row(self, sheet: str, values: dict[str, object]) -> None:
        """Write a row of one's own below the table."""
        self.form.append(sheet, **values)

    def inserts_row(self, sheet: str, before: str, values: dict[str, object]) -> None:
        """Insert a row above another and fill it in."""
        number = self.form.row(sheet, before)
        columns = self.form.columns(sheet)
        self.form.insert_rows(sheet, number)
        for field, value in values.items():
            self.form.tab(sheet).cell(number, columns[field]).value = value  # type: ignore[assignment]  # any value

    def copies_row(self, sheet: str, row: str, values: dict[str, object]) -> None:
        """Copy a row below the table and change some of it."""
        columns = self.form.columns(sheet)
        number = self.form.copy_row(sheet, row)
        for field, value in values.items():
            self.form.tab(sheet).cell(number, columns[field]).value = value  # type: ignore[assignment]  # any value

    def deletes_row(self, sheet: str, row: str) -> None:
        """Delete a row."""
        self.form.delete_row(sheet, row)

    def hides_row(self, sheet: str, row: str) -> None:
        """Hide a row."""
        self.form.tab(sheet).row_dimensions[self.form.row(sheet, row)].hidden = True

    def deletes_column(self, sheet: str, field: str) -> None:
        """Delete a column."""
        self.form.delete_column(sheet, field)

    def renames_header(self, sheet: str, field: str, header: str) -> None:
        """Type another header over one."""
        self.form.rename_header(sheet, field, header)

    def inserts_column(self, sheet: str, before: str, header: str, row: str, value: object) -> None:
        """Insert a column of one's own, with a value in one row."""
        number, tab = self.form.column(sheet, before), self.form._grid(sheet)
        line, head = self.form.row(sheet, row), self.form.head(sheet)
        tab.insert_cols(number)
        tab.cell(head + 1, number).value = header
        tab.cell(line, number).value = value  # type: ignore[assignment]  # any value

    # --- sheets

    def adds_sheet(self, name: str, *lines: str) -> None:
        """Add a worksheet with a text in each row."""
        tab = self.form.book.create_sheet(name)
        for n, line in enumerate(lines, 1):
            tab.cell(n, 1).value = line

    def copies_sheet(self, sheet: str, name: str, changes: dict[str, object]) -> None:
        """Copy a worksheet and change some cells of the copy, each named as `R01-01 status`."""
        places = {self.form.at(sheet, *place.split()): value for place, value in changes.items()}
        self.form.copy_sheet(sheet, name)
        for cell, value in places.items():
            self.form.put(name, cell, value)

    def deletes_sheet(self, sheet: str) -> None:
        """Delete a worksheet."""
        self.form.delete_sheet(sheet)

    def renames_sheet(self, sheet: str, name: str) -> None:
        """Call a worksheet something else."""
        self.form.rename_sheet(sheet, name)

    def hides_sheet(self, sheet: str) -> None:
        """Hide a worksheet."""
        self.form.tab(sheet).sheet_state = "hidden"

    def brings_sheet(self, force: str, sheet: str, name: str) -> None:
        """Copy a worksheet of another task force's form into the workbook."""
        self.form.bring(Filling(self.others[force]), sheet, name)

    def writes_on_cover(self, cell: str, text: str) -> None:
        """Write anywhere on the cover."""
        self.form.put("填报说明", cell, text)

    def writes_in_title(self, sheet: str, text: str) -> None:
        """Write something before the title of a worksheet."""
        tab = self.form.tab(sheet)
        title = next(c for row in tab.iter_rows(max_row=2) for c in row if c.value)
        self.form.put(sheet, title.coordinate, f"{text}{title.value}")

    def writes_in_footer(self, sheet: str, text: str) -> None:
        """Write into the footer of the printed pages."""
        footer = self.form.tab(sheet).oddFooter
        assert footer
        footer.center.text = text

    # --- what lies on the sheet

    def draws_text_box(self, sheet: str, text: str) -> None:
        """Draw a text box over a worksheet."""
        self._draw(sheet, _SHAPE.format(text=escape(text)))

    def pastes_picture(self, sheet: str) -> None:
        """Paste a picture of the table instead of typing."""
        self._draw(sheet, _PICTURE)
        self.parts["xl/media/picture.png"] = _PIXEL
        self.parts["xl/drawings/_rels/drawing90.xml.rels"] = _PICTURE_RELS

    def _draw(self, sheet: str, shape: str) -> None:
        number = self.form.book.sheetnames.index(TABS.get(sheet, sheet)) + 1
        self.parts["xl/drawings/drawing90.xml"] = _DRAWING.format(shape=shape).encode()
        self.parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _SHEET_RELS
        self.replaced += [
            (f"xl/worksheets/sheet{number}.xml", '<drawing r:id="rId90"/>'),
            ("[Content_Types].xml", _TYPES),
        ]

    # --- the workbook

    def saves_on(self, moment: str) -> None:
        """Save the workbook at a moment, which it says of itself."""
        self.saved = datetime.fromisoformat(moment)

    def blanks(self, sheet: str, field: str) -> None:
        """Delete all that stands in a column's input cells."""
        for row in self.form.rows(sheet):
            self.form.put(sheet, self.form.at(sheet, row, field), None)

    def replaces(self, sheet: str, old: str, new: str) -> None:
        """Find and replace a text in all cells of a worksheet."""
        for cells in self.form.tab(sheet).iter_rows():
            for cell in cells:
                if isinstance(cell.value, str) and old in cell.value:
                    cell.value = cell.value.replace(old, new)

    def fills_down(self, first: str, *rows: str) -> None:
        """Drag a cell down: the same in the rows below, or, with numbers, one more in each."""
        sheet, cell = self._at(first)
        value, field = self.form.tab(sheet)[cell].value, first.split()[2]
        for n, row in enumerate(rows, 1):
            filled = value
            if isinstance(value, int | float):
                filled = value + n
            self.form.put(sheet, self.form.at(sheet, row, field), filled)


def _with_parts(
    data: bytes, parts: dict[str, bytes], replaced: list[tuple[str, str]], saved: datetime | None
) -> bytes:
    if not (parts or saved):
        return data
    file = io.BytesIO()
    ends = {name: text.encode() for name, text in replaced}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "[Content_Types].xml" and name in ends:
                part = part.replace(b"</Types>", ends[name] + b"</Types>")
            elif name in ends:
                part = _drawn(part, ends[name])
            elif name == "docProps/core.xml" and saved:
                moment = rb"\g<1>" + f"{saved:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\2"
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*(<)", moment, part)
            if name not in parts:
                new.writestr(name, part)
        for name, part in parts.items():
            new.writestr(name, part)
    return file.getvalue()


def _drawn(part: bytes, drawing: bytes) -> bytes:
    """Put the drawing where the schema wants it: before what may follow it at the end of a worksheet."""
    namespace = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    drawing = drawing.replace(b"<drawing ", b"<drawing " + namespace + b" ")
    end = re.search(rb"<(legacyDrawing|tableParts|extLst)|</worksheet>", part)
    assert end
    return part[: end.start()] + drawing + part[end.start() :]


_DRAWING = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><xdr:twoCellAnchor>'
    "<xdr:from><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>5</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    "<xdr:to><xdr:col>9</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>9</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    "{shape}<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
)
_GEOMETRY = '<a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/>'
_SHAPE = (
    '<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="2" name="文本框 1"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr>'
    f"<xdr:spPr>{_GEOMETRY}</xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{{text}}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
)
_PICTURE = (
    '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="图片 1"/><xdr:cNvPicPr/></xdr:nvPicPr>'
    f'<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill><xdr:spPr>{_GEOMETRY}</xdr:spPr></xdr:pic>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
    ' Target="{target}"/></Relationships>'
)
_SHEET_RELS = _RELS.format(id="rId90", kind="drawing", target="../drawings/drawing90.xml").encode()
_PICTURE_RELS = _RELS.format(id="rId1", kind="image", target="../media/picture.png").encode()
_TYPES = (
    '<Default Extension="png" ContentType="image/png"/><Override PartName="/xl/drawings/drawing90.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>'
)
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)
