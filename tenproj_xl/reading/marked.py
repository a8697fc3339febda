"""Whether a file that was opened bears a classification mark anywhere that people see or set one."""

import re

from tenproj_xl.core.secrecy import any_bears_mark, bears_mark, name_bears_mark
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.containers import Contents
from tenproj_xl.reading.documents import Document

_CODE_OF_A_FOOTER = re.compile(r'&(?:"[^"]{0,100}"|[0-9]{1,4}|[A-Za-z&])')


def is_marked(found: object) -> bool:
    """Return whether a workbook, a document, or what holds files bears a mark; a refusal bears none."""
    match found:
        case Book():
            return _is_marked_book(found)
        case Document():
            return bears_mark(found.text)
        case Contents():
            names = (member.name for member in found.members)
            return any_bears_mark(found.words) or any(map(name_bears_mark, names))
    return False


def _is_marked_book(book: Book) -> bool:
    names = (sheet.name for sheet in book.sheets)
    if any(map(name_bears_mark, (*names, *book.about, book.subject))):
        return True
    running = (_CODE_OF_A_FOOTER.sub("\n", text) for text in book.running)
    outside = (item.text for item in book.outside)
    texts = (text for sheet in book.sheets for text in sheet.texts)
    return any_bears_mark((*running, *book.names, *outside, *texts))
