"""Text files that are tables: CSV and its kin, as WPS, LibreOffice and scripts write them.

A text without a single row token is no return.
"""

import codecs
import csv
import io
import re
from collections import Counter

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.limits import LIMITS, Limits
from tenproj_xl.core.texts import ERROR_TEXTS
from tenproj_xl.core.tokens import is_token
from tenproj_xl.reading.guard import Refusal, refuse
from tenproj_xl.reading.sniff import FileKind, gbk_euro

_TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Z2-7]{12}[A-Z](?![A-Za-z0-9])")
_BESIDE = re.compile(r"\"?[ ]*([,;\t|，；])")
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_REPLACED = "\ufffd"
_LONGEST_CELL = 131_072
"""Characters of a cell; one that is longer has quotes that never end."""


@dataclass(frozen=True)
class TextTable:
    """The rows of a text file; `rough` where characters could not be read and stand as `�`."""

    rows: tuple[tuple[object, ...], ...]
    rough: bool


def read_text(data: bytes, limits: Limits = LIMITS) -> TextTable | Refusal:
    """Return the table in a text file, or why there is none."""
    if len(data) > limits.size:
        return Refusal(Code.FILE_LIMITS, f"文件有{len(data) >> 20}MB")
    text = decoded_text(data)
    separator = _separator(text)
    if not separator:
        return refuse(FileKind.TEXT)
    try:
        rows = _rows(text, separator, limits.cells)
    except csv.Error:  # quotes that never end: the rest would be one cell
        return Refusal(Code.FILE_TRUNCATED)
    if not rows:
        return Refusal(Code.FILE_LIMITS, "表格的行列过多")
    return TextTable(rows, _REPLACED in text)


def has_token(data: bytes) -> bool:
    """Return whether a text has a row token in it."""
    return bool(_separator(decoded_text(data)))


def decoded_text(data: bytes) -> str:
    """Decode as UTF-8 if that fits, else by the code page of Chinese Windows, replacing what it lacks."""
    for mark, encoding in _UTF16.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", gbk_euro)


def _separator(text: str) -> str:
    """Return the character that most often follows a row token, "" where there is no token."""
    tokens = [t for t in _TOKEN.finditer(text) if is_token(t[0])]
    beside = Counter(found[1] for t in tokens if (found := _BESIDE.match(text, t.end())))
    if beside:
        return beside.most_common(1)[0][0]
    if tokens:
        return ","
    return ""


def _rows(text: str, separator: str, cells: int) -> tuple[tuple[object, ...], ...]:
    """Return the rows, none where they have more cells than are allowed."""
    try:
        return _parsed(text, separator, cells, strict=True)
    except csv.Error as fault:
        if "expected after" not in str(fault):
            raise
    # Some programs write quotes inside cells without doubling them.
    return _parsed(text, separator, cells, strict=False)


def _parsed(text: str, separator: str, cells: int, *, strict: bool) -> tuple[tuple[object, ...], ...]:
    csv.field_size_limit(_LONGEST_CELL)  # of the whole process, and other libraries change it
    rows = []
    width = 0
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict):
        rows.append(tuple(map(_cell, row)))
        width = max(width, len(row))
        if len(rows) * width > cells:
            return ()
    return tuple(rows)


def _cell(text: str) -> object:
    if text in ERROR_TEXTS:
        return ErrorValue(text)
    return text or None
