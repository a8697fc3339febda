"""Cut pictures out of printed workbooks: the page by its title, the part of it by the words in it."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from openpyxl import load_workbook
from PIL import Image, ImageDraw, ImageFont

from tests.helpers.libreoffice import save_all_as
from tests.helpers.programs import output_of

WIDTH = 1100
"""Pixels that a piece is wide at most, if it does not say so itself."""
_DPI = 220
_COLOURS = 128
_GAP, _MARGIN = 8, 10
_ROW = 60
"""Pixels between a word and the border above it at most."""
_WHITE, _PALE = 250, 236
"""A pixel that is darker than the first is printed, than the second part of a line or a fill."""
_WHOLE_LINE = 0.95
_FOOTER = 0.92
"""The share of a page's height below which the footer stands."""
_MARK_RADIUS = 9
_MARK_COLOUR = (192, 0, 0)


Shades = npt.NDArray[np.uint8]
"""The pixels of a picture in grey, 255 for white."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of a page: from a line to a line, from a column to a column."""

    book: str
    """The workbook, by its name among the products."""
    page: str
    """Words of the page's title; without `top` the piece begins with them."""
    top: str = ""
    bottom: str = ""
    """Words in the last row; the row is shown to its lower border."""
    left: str = ""
    """Words in the first column, if that is not the page's."""
    right: str = ""
    """Words in the last column; the column is shown to its right border."""
    inches: float = 0
    """How high the piece is at most, cut at the border of a row; 0 for no limit."""
    width: int = WIDTH
    sharpness: int = 150
    """Dots per inch at most: a small part is not blown up."""
    marks: tuple[str, ...] = ()
    """Words below or beside which 1, 2, … are drawn: below those of a table, which is wider than high."""
    is_form: bool = False
    """Whether it is shown as on a screen, with the letters of columns and the numbers of rows."""


@dataclass(frozen=True)
class Word:
    """A word on a page, and where it stands there, in points."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def size(self) -> float:
        """Return how high the word is; letters of one size are of one height."""
        return round(self.bottom - self.top, 1)


@dataclass(frozen=True)
class Page:
    """A printed page: its words and, in pixels, its height."""

    words: tuple[Word, ...]
    height: float

    def find(self, words: str) -> Word:
        """Return the largest word that is a text, or else the first one, from the top, that has it in it.

        Raises:
            LookupError: There is none.
        """
        from_top = sorted(self.words, key=lambda word: (word.top, word.left))
        found = [word for word in from_top if words in word.text]
        if not found:
            raise LookupError(words)
        same = [word for word in found if word.text == words]
        return max(same, key=Word.size, default=found[0])

    def size_of(self, words: str) -> float:
        """Return the height of the largest word that begins or ends with a text, 0 where there is none."""
        found = [word for word in self.words if word.text.startswith(words) or word.text.endswith(words)]
        return max((word.size() for word in found), default=0.0)

    @property
    def footer(self) -> float:
        """Where the footer begins, in points."""
        limit = self.height * _FOOTER
        return min((word.top for word in self.words if word.top > limit), default=self.height)


@dataclass(frozen=True)
class Box:
    """A part of a picture, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, dark: npt.NDArray[np.bool_]) -> Self:
        """Return what is printed of a picture."""
        rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
        return cls(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


class Printed:
    """A workbook that was printed into a folder."""

    def __init__(self, book: Path, folder: Path) -> None:
        (self.pdf,) = save_all_as("pdf", [book], folder)
        self.pages = _pages(self.pdf)

    def page(self, words: str) -> int:
        """Return the number of the page, from 1, on which words stand in the largest letters: as its title.

        Raises:
            LookupError: They stand on none.
        """
        sizes = [page.size_of(words) for page in self.pages]
        if not any(sizes):
            raise LookupError(f"{self.pdf.name}: {words}")
        return sizes.index(max(sizes)) + 1

    def cut(self, piece: Piece) -> Image.Image:
        """Return a piece as a picture."""
        number = self.page(piece.page)
        page = self.pages[number - 1]
        picture = self._drawn(number)
        box = _box(piece, page, np.asarray(picture.convert("L")))
        return _sized(picture, box, piece, [page.find(words) for words in piece.marks])

    def _drawn(self, number: int) -> Image.Image:
        stem = self.pdf.with_suffix("")
        which = ["-f", str(number), "-l", str(number), "-singlefile"]
        output_of(["pdftoppm", "-r", str(_DPI), "-png", *which, str(self.pdf), str(stem)])
        with Image.open(stem.with_suffix(".png")) as drawn:
            return drawn.convert("RGB")


def on_screen(book: Path, folder: Path) -> Path:
    """Save a form so that it prints as it looks on a screen: with letters and numbers at its edges."""
    opened = load_workbook(book)
    for page in opened.worksheets:
        page.print_options.headings = True
        for edge in (page.oddHeader, page.oddFooter):
            for place in ("left", "center", "right"):
                getattr(edge, place).text = None
    path = folder / f"{book.stem}-screen.xlsx"
    opened.save(path)
    return path


def save_stacked(pieces: Sequence[Image.Image], path: Path) -> None:
    """Save pictures one below the other as a PNG of few colours."""
    width = max(piece.width for piece in pieces)
    height = sum(piece.height for piece in pieces) + _GAP * (len(pieces) - 1)
    whole = Image.new("RGB", (width, height), "white")
    top = 0
    for piece in pieces:
        whole.paste(piece, (0, top))
        top += piece.height + _GAP
    few = whole.quantize(_COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def _pages(pdf: Path) -> list[Page]:
    printed = output_of(["pdftotext", "-bbox", str(pdf), "-"])
    return [_page(part) for part in printed.split("<page ")[1:]]


def _page(text: str) -> Page:
    height = re.search(r'height="([\d.]+)"', text)
    words = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', text
    )
    found = []
    for *place, word in words:
        left, top, right, bottom = map(float, place)
        found.append(Word(left, top, right, bottom, html.unescape(word)))
    return Page(tuple(found), float(height[1]) if height else 0.0)


def _box(piece: Piece, page: Page, shades: Shades) -> Box:
    """Return where a piece stands on its page."""
    whole = Box.around(shades[: _pixels(page.footer)] < _WHITE)
    top, bottom, left, right = whole.top, whole.bottom, whole.left, whole.right
    if piece.top or not piece.is_form:
        top = _top(shades[:, left:right], page.find(piece.top or piece.page))
    if piece.bottom:
        bottom = _next_line(shades[:, left:right], _pixels(page.find(piece.bottom).bottom), bottom)
    if piece.inches and bottom - top > piece.inches * _DPI:
        bottom = top + _last_line(shades[top:, left:right], int(piece.inches * _DPI)) + 1
    if piece.right:
        word = page.find(piece.right)
        right = _next_line(_table(shades, word, bottom).T, _pixels(word.right), right)
    if piece.left:
        word = page.find(piece.left)
        left = _last_line(_table(shades, word, bottom).T, _pixels(word.left))
    return Box(left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN)


def _top(shades: Shades, word: Word) -> int:
    """Return the line above a word if it stands in a table, else the top of the word."""
    top = _pixels(word.top)
    near = max(top - _ROW, 0)
    return near + _last_line(shades[near:], top - near)


def _table(shades: Shades, header: Word, bottom: int) -> Shades:
    """Return the rows of a table from its header on, across which borders of columns are whole lines."""
    return shades[_pixels(header.top) : bottom]


def _pixels(points: float) -> int:
    return round(points * _DPI / 72)


def _next_line(shades: Shades, start: int, end: int) -> int:
    """Return the end of the first line across a picture from a row on; `end` where there is none."""
    lines = np.flatnonzero((shades[start:end] < _PALE).mean(axis=1) > _WHOLE_LINE)
    if not len(lines):
        return end
    return start + int(lines[0]) + 2


def _last_line(shades: Shades, end: int) -> int:
    """Return the start of the last line, or fill, across a picture before a row; the row if there is none."""
    is_line = (shades[:end] < _PALE).mean(axis=1) > _WHOLE_LINE
    if not is_line.any():
        return end
    last = int(np.flatnonzero(is_line)[-1])
    while last and is_line[last - 1]:
        last -= 1
    return last


def _sized(picture: Image.Image, box: Box, piece: Piece, marks: Sequence[Word]) -> Image.Image:
    """Return a part of a picture at its final size, with the numbers of its marks."""
    part = _cropped(picture, box)
    scale = min(piece.width / part.width, piece.sharpness / _DPI)
    part = part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.LANCZOS)
    is_table = part.width > 1.5 * part.height
    for number, word in enumerate(marks, 1):
        left, right = _pixels(word.left) - box.left, _pixels(word.right) - box.left
        top, bottom = _pixels(word.top) - box.top, _pixels(word.bottom) - box.top
        if is_table:
            place = (left + right) / 2 * scale, bottom * scale + _MARK_RADIUS - 1
        else:
            place = max(left * scale - _MARK_RADIUS - 3, _MARK_RADIUS), (top + bottom) / 2 * scale
        _mark(part, place, number)
    return part


def _cropped(picture: Image.Image, box: Box) -> Image.Image:
    """Return a part of a picture in a white margin."""
    part = Image.new("RGB", (box.right - box.left, box.bottom - box.top), "white")
    inner = picture.crop((box.left + _MARGIN, box.top + _MARGIN, box.right - _MARGIN, box.bottom - _MARGIN))
    part.paste(inner, (_MARGIN, _MARGIN))
    return part


def _mark(picture: Image.Image, middle: tuple[float, float], number: int) -> None:
    draw = ImageDraw.Draw(picture)
    draw.circle(middle, _MARK_RADIUS, fill=_MARK_COLOUR)
    draw.text(middle, str(number), fill="white", font=ImageFont.load_default(13), anchor="mm")
