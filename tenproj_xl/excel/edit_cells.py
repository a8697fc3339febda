"""Put texts into cells of a workbook that somebody else has edited, and leave every other byte as it is.

openpyxl would lose what it does not know (text boxes, pictures of other kinds, later functions of Excel);
so the cells are replaced in the XML of their sheets, and the other parts are copied.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from html import escape
from xml.etree import ElementTree as ET

_CELL = re.compile(rb"<c ([^<>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_ADDRESS = re.compile(rb'\br="([A-Z]+\d+)"')
_TYPE = re.compile(rb'\s?\bt="[^"]*"')
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class NotEditableError(Exception):
    """The workbook is not written as spreadsheet programs write an .xlsx."""


def with_texts(workbook: bytes, texts: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return a workbook with other texts in some of its cells, by sheet title and address.

    Raises:
        NotEditableError: It is no .xlsx, or one of the cells is not in it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(workbook)) as source:
            parts = _parts_of_sheets(source)
            changed = {
                parts[sheet]: _replaced(source.read(parts[sheet]), cells) for sheet, cells in texts.items()
            }
            return _copied(source, changed)
    except (zipfile.BadZipFile, KeyError, ET.ParseError) as fault:
        raise NotEditableError(str(fault)) from fault


def _parts_of_sheets(book: zipfile.ZipFile) -> dict[str, str]:
    """Return the names of the parts that hold the sheets, by title."""
    targets = {}
    for relation in ET.fromstring(book.read("xl/_rels/workbook.xml.rels")):  # noqa: S314  # has been read before
        targets[relation.get("Id")] = relation.get("Target", "")
    parts = {}
    for sheet in ET.fromstring(book.read("xl/workbook.xml")).iterfind("{*}sheets/{*}sheet"):  # noqa: S314  # as above
        target = targets[sheet.get(_ID)]
        parts[sheet.get("name", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _replaced(part: bytes, texts: Mapping[str, str]) -> bytes:
    """Return the XML of a sheet with other texts in some cells, whose styles stay."""
    waiting = dict(texts)

    def cell(found: re.Match[bytes]) -> bytes:
        attributes = found[1].rstrip(b"/ ")
        where = _ADDRESS.search(attributes)
        if where is None or b"<f" in (found[2] or b""):
            return found[0]
        text = waiting.pop(where[1].decode(), None)
        if text is None:
            return found[0]
        inside = f'<is><t xml:space="preserve">{escape(text, quote=False)}</t></is>'.encode()
        return b"<c " + _TYPE.sub(b"", attributes) + b' t="inlineStr">' + inside + b"</c>"

    replaced = _CELL.sub(cell, part)
    if waiting:
        raise NotEditableError("、".join(waiting))
    return replaced


def _copied(source: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for entry in source.infolist():
            content = changed.get(entry.filename)
            if content is None:
                content = source.read(entry)
            target.writestr(entry, content)
    return file.getvalue()
