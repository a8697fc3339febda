"""Print workbooks as PDFs beside them."""

from collections.abc import Collection, Iterable
from pathlib import Path

from tenproj_xl.app.editions import PRINT_COPY
from tenproj_xl.core.files import write_file
from tenproj_xl.core.progress import counted
from tenproj_xl.reading.libreoffice import to_pdf


def to_print(written: Iterable[Path], *, wanted: bool) -> list[Path]:
    """Return the workbooks that are printed, of the leaders' its copy for the printer; none if not wanted."""
    books: dict[str, Path] = {}
    for path in written:
        if wanted and path.suffix == ".xlsx":
            books[path.name.replace(PRINT_COPY, ".xlsx")] = path  # the copy comes behind its original
    return list(books.values())


def printed(books: Collection[Path]) -> tuple[Path, ...]:
    """Where workbooks lie as PDFs, beside them; those that this machine cannot print are not there."""
    return tuple(pdf for book in counted(books, "另存 PDF") if (pdf := _printed(book)))


def _printed(book: Path) -> Path | None:
    data, path = to_pdf(book.read_bytes()), book.with_suffix(".pdf")
    if data is None:
        path.unlink(missing_ok=True)  # an earlier one would say something else than the workbook
        return None
    write_file(path, data)
    return path
