"""Text files: what WPS, LibreOffice and scripts write as CSV, and what is no table of ours."""

import pytest

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import ErrorValue
from tenproj_xl.core.limits import Limits
from tenproj_xl.core.tokens import token
from tenproj_xl.reading.csv_text import TextTable, has_token, read_text
from tenproj_xl.reading.guard import Refusal

FIRST, SECOND = (token("00" * 32, part) for part in ("一", "二"))
LINES = f"行标识,指标名称,最新数值\n{FIRST},技术交易总额（亿元）,72.5\n{SECOND},,#DIV/0!\n"
ROWS = (
    ("行标识", "指标名称", "最新数值"),
    (FIRST, "技术交易总额（亿元）", "72.5"),
    (SECOND, None, ErrorValue("#DIV/0!")),
)


def table(data: bytes) -> TextTable:
    found = read_text(data)
    assert isinstance(found, TextTable), found
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_every_encoding_of_an_office_reads_the_same(encoding: str) -> None:
    assert table(LINES.encode(encoding)) == TextTable(ROWS, rough=False)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，"])
def test_every_separator_reads_the_same(separator: str) -> None:
    assert table(LINES.replace(",", separator).encode()).rows == ROWS


def test_a_separator_inside_the_texts_misleads_nobody() -> None:
    text = f"行标识;说明\n{FIRST};甲,乙,丙,丁\n{SECOND};戊,己,庚,辛\n"
    assert table(text.encode()).rows[1:] == ((FIRST, "甲,乙,丙,丁"), (SECOND, "戊,己,庚,辛"))


def test_keys_at_the_end_of_their_rows_count_too() -> None:
    assert table(f"最新数值,行标识\n72.5,{FIRST}\n".encode()).rows[1] == ("72.5", FIRST)


def test_quoted_texts_may_hold_breaks_quotes_and_separators() -> None:
    text = f'"{FIRST}","第一行\n第二行，""引用"", 3","72.5"\n'
    assert table(text.encode()).rows == ((FIRST, '第一行\n第二行，"引用", 3', "72.5"),)


def test_quotes_that_are_only_written_are_no_quotes() -> None:
    assert table(f'{FIRST},称为"甲"者,"乙"丙\n'.encode()).rows == ((FIRST, '称为"甲"者', "乙丙"),)


def test_a_quote_that_never_ends_is_a_broken_file_and_no_endless_cell() -> None:
    assert read_text(f'{FIRST},"甲\n{SECOND},乙\n'.encode()) == Refusal(Code.FILE_TRUNCATED)


def test_the_euro_of_chinese_windows_is_read() -> None:
    assert table(f"{FIRST},万".encode("gbk") + b"\x80") == TextTable(((FIRST, "万€"),), rough=False)


def test_bytes_that_mean_nothing_are_replaced_and_said() -> None:
    assert table(f"{FIRST},甲".encode("gbk") + b"\xff,1") == TextTable(((FIRST, "甲�", "1"),), rough=True)


@pytest.mark.parametrize(
    "text", ["", "指标,数值\n甲,72.5\n", "ABCDEFGHIJKLM,1\n", f"x{FIRST},1\n", f"{FIRST}8,1\n", FIRST.lower()]
)
def test_a_text_without_keys_is_no_return(text: str) -> None:
    assert read_text(text.encode()) == Refusal(Code.FILE_KIND, "CSV或纯文本")
    assert not has_token(text.encode())


def test_endless_texts_are_refused() -> None:
    limits = Limits(size=100_000, cells=1000)
    assert read_text(f"{FIRST},{',' * 2000}\n".encode(), limits) == Refusal(
        Code.FILE_LIMITS, "表格的行列过多"
    )
    assert read_text(f"{FIRST},1\n".encode() + b"\n" * 2000, limits) == Refusal(
        Code.FILE_LIMITS, "表格的行列过多"
    )
    assert read_text(LINES.encode() * 5000, limits) == Refusal(Code.FILE_LIMITS, "文件有0MB")


def test_a_cell_beyond_all_bounds_is_a_broken_file() -> None:
    assert read_text(f'{FIRST},"{"甲" * 200_000}"\n'.encode()) == Refusal(Code.FILE_TRUNCATED)
    assert read_text(f'{FIRST},"乙"丙,"{"甲" * 200_000}"\n'.encode()) == Refusal(Code.FILE_TRUNCATED)
