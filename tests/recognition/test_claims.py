"""What a book says of itself counts only where there is such a period."""

import pytest

from tenproj_xl.reading.book import Book, SheetCells
from tenproj_xl.reading.sniff import FileKind
from tenproj_xl.recognition.claims import Owner, claims


def book(line: str) -> Book:
    return Book(
        kind=FileKind.TEXT, sheets=(SheetCells(name="主要指标进度表", hidden=False, rows=((line,),)),)
    )


@pytest.mark.parametrize(
    ("line", "file", "owners"),
    [
        ("GS10 2026-W48 03 5b35014e", "03.csv", [Owner("2026-W48", "03")]),
        ("GS10 2026-W58 03 5b35014e", "03.csv", []),
        ("", "03_区科技局_2026年第48期填报表.csv", [Owner("2026-W48", "03")]),
        ("", "03_区科技局_2026年第58期填报表.csv", []),
    ],
)
def test_a_period_that_does_not_exist_is_no_claim(line: str, file: str, owners: list[Owner]) -> None:
    assert [claim.owner for claim in claims(book(line), file)] == owners
