"""Take the picture of a sheet of a workbook that the guard has let through; runs in a reading process."""

import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from xml.etree import ElementTree as ET

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.sheets import UNREAD_SHEETS
from tenproj_xl.reading.book import Book, Position
from tenproj_xl.reading.decrypt import decrypted
from tenproj_xl.reading.guard import Parts, Refusal, fault_of_tags, named_parts, parts_of_workbook, refuse
from tenproj_xl.reading.opening import open_file
from tenproj_xl.reading.picture.charts import chart_in, corners_of, frames_of
from tenproj_xl.reading.picture.formula import Value
from tenproj_xl.reading.picture.model import Appearance, Picture, PictureCell, PictureChart, SheetPicture
from tenproj_xl.reading.picture.plain import plain_picture
from tenproj_xl.reading.picture.rules import Area, Formatting, rules_of
from tenproj_xl.reading.picture.sheet import (
    SheetGrid,
    blank_cell,
    cells_of,
    grid_of,
    links_of,
    merged_in,
    notes_in,
    values_of,
)
from tenproj_xl.reading.picture.sparks import sparks_of
from tenproj_xl.reading.picture.styles import ColourTable, Styles, changed, styles_of
from tenproj_xl.reading.picture.xml import every, first, is_true, named, parsed, text_in
from tenproj_xl.reading.sniff import FileKind, sniff

_WITH_LOOKS = (FileKind.XLSX, FileKind.XLSM)
_THEME = "xl/theme/theme1.xml"


def draw_file(data: bytes, limits: Limits, passwords: Sequence[str], sheet: str) -> Picture | Refusal:
    """Return the picture of a sheet of a file, of its first one where none is called so, or why not.

    Of what is not read as a return there is no picture, nor of what bears a classification mark.
    """
    book, _ = open_file(data, limits, passwords)
    if isinstance(book, Refusal):
        return book
    kind = sniff(data)
    if not isinstance(book, Book):
        return refuse(kind)
    names = [own.name for own in book.sheets if not own.hidden]
    wanted = sheet
    if sheet not in names:
        wanted = next(iter(names), "")
    if book.kind not in _WITH_LOOKS:
        return Picture(sheets=names, shown=plain_picture(book, wanted))
    opened: bytes | Refusal = data
    if kind is FileKind.ENCRYPTED:
        opened = decrypted(data, passwords)
    if isinstance(opened, Refusal):
        return opened
    return _picture_of(opened, names, wanted, limits)


def _picture_of(data: bytes, names: Sequence[str], wanted: str, limits: Limits) -> Picture | Refusal:
    parts = parts_of_workbook(data, limits)
    if isinstance(parts, Refusal):
        return parts
    theme = _more(data, {_THEME}, limits).get(_THEME, b"")
    workbook = _Workbook(data=data, parts=parts, theme=theme, limits=limits)
    return Picture(sheets=names, shown=workbook.sheet(wanted))


def _more(data: bytes, names: Collection[str], limits: Limits) -> dict[str, bytes]:
    """Return further parts, but for those that are too much or missing."""
    found = named_parts(data, names, limits)
    if isinstance(found, Refusal):
        return {}
    return {name: part for name, part in found.items() if fault_of_tags(part, limits) is None}


@dataclass(frozen=True, kw_only=True)
class _Workbook:
    """A workbook that a picture is taken of."""

    data: bytes
    parts: Parts
    theme: bytes
    limits: Limits
    values: dict[str, Mapping[Position, Value]] = field(default_factory=dict)
    """Those of other sheets that are drawn from, by name."""

    def sheet(self, name: str) -> SheetPicture:
        """Return the picture of a sheet."""
        root, part = self._root(name), self._part(name)
        colours = ColourTable(self.theme)
        styles = styles_of(self.parts.inflated.get("xl/styles.xml", b""), self.theme)
        strings = self._strings()
        drawing = next(iter(self._targets(part, "drawing").values()), "")
        notes = notes_in(self._related(part, "comments"))
        corners = corners_of(self.parts.inflated.get(drawing, b""))
        grid = grid_of(root, styles.looks[0], [*corners, *notes])
        cells = cells_of(root, grid, strings)
        written = {(cell.row, cell.column) for cell in cells}
        cells += [blank_cell(at) for at in notes if at not in written]
        formatting = Formatting(rules_of(root), values_of(cells), colours, len(styles.changes))
        looks = _Looks(styles)
        links = links_of(root)
        sparks = dict(sparks_of(root, colours, self._values_in))
        drawn, is_1904 = [], self._is_1904()
        for cell in cells:
            at = (cell.row, cell.column)
            drawn.append(
                PictureCell(
                    row=cell.row,
                    column=cell.column,
                    text=cell.shown(styles, is_1904=is_1904),
                    look=looks.number(cell.style, formatting.changes_at(*at)),
                    numeric=cell.is_numeric,
                    bar=formatting.bar_at(*at),
                    link=links.get(at),
                    note=notes.get(at, ""),
                    spark=sparks.get(at),
                )
            )
        return SheetPicture(
            name=name,
            widths=grid.widths,
            heights=grid.heights,
            cells=drawn,
            looks=looks.all,
            merged=tuple(merged_in(root, grid)),
            frozen=grid.frozen,
            grid=grid.lines,
            charts=self._charts(drawing, grid),
            cut=grid.cut,
        )

    def _part(self, name: str) -> str:
        for own, part in zip(self.parts.names, self.parts.sheets, strict=True):
            if own == name and own not in UNREAD_SHEETS:
                return part
        return ""

    def _root(self, name: str) -> ET.Element:
        return parsed(self.parts.inflated.get(self._part(name), b""))

    def _strings(self) -> list[str]:
        root = parsed(self.parts.inflated.get("xl/sharedstrings.xml", b""))
        return [text_in(one) for one in every(root, "si")]

    def _is_1904(self) -> bool:
        about = first(parsed(self.parts.inflated.get("xl/workbook.xml", b"")), "workbookPr")
        return is_true(named(about, "date1904"))

    def _values_in(self, name: str, area: Area) -> list[float | None]:
        """Return the numbers in an area of a sheet, which may be hidden."""
        top, bottom, left, right = area
        values = self._values(name)
        found: list[float | None] = []
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                value = values.get((row, column))
                known = None
                if isinstance(value, int | float):
                    known = float(value)
                found.append(known)
        return found

    def _values(self, name: str) -> Mapping[Position, Value]:
        if name not in self.values:
            root = self._root(name)
            self.values[name] = values_of(cells_of(root, grid_of(root, Appearance()), ()))
        return self.values[name]

    def _related(self, part: str, kind: str) -> bytes:
        """Return the first part of a kind that a part is related to."""
        for target in self._targets(part, kind).values():
            if target in self.parts.inflated:
                return self.parts.inflated[target]
            return _more(self.data, {target}, self.limits).get(target, b"")
        return b""

    def _targets(self, part: str, kind: str) -> dict[str, str]:
        """Return the parts of a kind that a part is related to, by id."""
        folder, _, file = part.rpartition("/")
        name = f"{folder}/_rels/{file}.rels"
        own = self.parts.inflated.get(name) or _more(self.data, {name}, self.limits).get(name, b"")
        found = {}
        for one in every(parsed(own), "Relationship"):
            if named(one, "Type").endswith(f"/{kind}"):
                target = named(one, "Target")
                path = target.removeprefix("/")
                if not target.startswith("/"):
                    path = posixpath.normpath(f"{folder}/{target}")
                found[named(one, "Id")] = path.lower()
        return found

    def _charts(self, drawing: str, grid: SheetGrid) -> Sequence[PictureChart]:
        targets = self._targets(drawing, "chart")
        charts = _more(self.data, set(targets.values()), self.limits)
        found = []
        for frame in frames_of(self.parts.inflated.get(drawing, b""), grid.widths, grid.heights):
            chart = chart_in(frame, charts.get(targets.get(frame.relation, ""), b""))
            if chart is not None:
                found.append(chart)
        return tuple(found)


class _Looks:
    """The looks that occur in a sheet, each with a number."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._numbers: dict[Appearance, int] = {}
        self._known: dict[tuple[int, ...], int] = {}

    @property
    def all(self) -> list[Appearance]:
        """All of them, by number."""
        return list(self._numbers)

    def number(self, style: int, changes: Sequence[int]) -> int:
        """Return the number of a cell format with some changes."""
        key = (style, *changes)
        if key not in self._known:
            look = self._styles.looks[0]
            if style < len(self._styles.looks):
                look = self._styles.looks[style]
            look = changed(look, *(self._styles.changes[n] for n in changes))
            self._known[key] = self._numbers.setdefault(look, len(self._numbers))
        return self._known[key]
