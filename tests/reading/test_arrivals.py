"""Arrivals: workbooks inside zips and mails are received like others, under names, hashes and times of their own."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
import xlsxwriter

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.files import sha256
from tenproj_xl.core.limits import Limits
from tenproj_xl.reading.arrivals import Arrivals, open_all, remarks
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.inbox import Received
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.sniff import FileKind

FRIDAY = datetime(2026, 11, 27, 8, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


def form(text: str = "指标") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("一").write_string(0, 0, text)
    return file.getvalue()


FORM, OTHER = form(), form("任务")


def zipped(*files: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return file.getvalue()


def mailed(*files: tuple[str, bytes], date: datetime | None = MONDAY) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "张三 <zhang@kjj.example>", "填报表"
    if date:
        message["Date"] = date
    message.set_content("请查收")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def came(name: str, data: bytes, at: datetime = FRIDAY) -> Received:
    return Received(
        name=name, path=Path("/inbox") / name, content=Held(data), sha256=sha256(data), received_at=at
    )


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as found:
        yield found


def all_unseen(files: Sequence[Received]) -> Sequence[Received]:
    return files


def told(arrivals: Arrivals) -> list[tuple[str, str]]:
    return [
        (o.received.name, o.found.code.name if isinstance(o.found, Refusal) else o.found.kind)
        for o in arrivals.opened
    ]


def test_a_plain_workbook_is_itself(reader: Reader) -> None:
    received = came("03.xlsx", FORM)
    (opened,) = open_all([received], reader, all_unseen).opened
    assert (opened.received, isinstance(opened.found, Book), opened.sender) == (received, True, "")


def test_files_in_files_are_received_under_both_names(reader: Reader) -> None:
    inner = zipped(("科技局/03.xlsx", FORM), ("签字页.pdf", b"%PDF-1.7\n"))
    arrivals = open_all(
        [came("上报.eml", mailed(("材料.zip", inner), ("05.xlsx", OTHER)))], reader, all_unseen
    )
    assert sorted(told(arrivals)) == [
        ("上报.eml/05.xlsx", "xlsx"),
        ("上报.eml/材料.zip/科技局/03.xlsx", "xlsx"),
        ("上报.eml/材料.zip/签字页.pdf", "pdf"),
    ]
    assert {opened.root for opened in arrivals.opened} == {"上报.eml"}
    for opened in arrivals.opened:
        r = opened.received
        assert (r.received_at, r.sha256, r.path) == (MONDAY, sha256(r.data), Path("/inbox/上报.eml"))
        assert opened.sender == "张三 zhang@kjj.example"


def test_a_mail_counts_from_its_date_but_never_from_a_later_one(reader: Reader) -> None:
    later = datetime(2027, 1, 1, tzinfo=UTC)
    files = [
        came("a.eml", mailed(("a.xlsx", form("甲")), date=MONDAY)),
        came("b.eml", mailed(("b.xlsx", form("乙")), date=later)),
        came("c.eml", mailed(("c.xlsx", form("丙")), date=None)),
    ]
    times = {o.received.name[-6:]: o.received.received_at for o in open_all(files, reader, all_unseen).opened}
    assert times == {"a.xlsx": MONDAY, "b.xlsx": FRIDAY, "c.xlsx": FRIDAY}


def test_names_that_collide_stay_apart(reader: Reader) -> None:
    double = mailed(("03.xlsx", FORM), ("03.xlsx", OTHER))
    arrivals = open_all(
        [came("a.eml", double), came("b.xlsx", form("1")), came("b.xlsx", form("2"))], reader, all_unseen
    )
    assert {o.received.name for o in arrivals.opened} == {
        "a.eml/03.xlsx",
        "a.eml/03(2).xlsx",
        "b.xlsx",
        "b(2).xlsx",
    }


def test_of_files_with_the_same_bytes_the_oldest_counts(reader: Reader) -> None:
    arrivals = open_all([came("03.xlsx", FORM), came("a.eml", mailed(("03.xlsx", FORM)))], reader, all_unseen)
    assert told(arrivals) == [("a.eml/03.xlsx", "xlsx")]
    assert [r.name for r in arrivals.duplicates] == ["03.xlsx"]


def test_what_an_earlier_run_took_in_is_not_opened_again(reader: Reader) -> None:
    def unseen(files: Sequence[Received]) -> Sequence[Received]:
        return [f for f in files if f.data != FORM]

    arrivals = open_all([came("a.zip", zipped(("1.xlsx", FORM), ("2.xlsx", OTHER)))], reader, unseen)
    assert told(arrivals) == [("a.zip/2.xlsx", "xlsx")]
    assert [r.name for r in arrivals.duplicates] == ["a.zip/1.xlsx"]


def test_every_bad_member_is_a_finding_of_its_own(reader: Reader) -> None:
    data = zipped(("1.xlsx", FORM), ("2.xlsx", FORM[:300]), ("3.xlsx", b""), ("4.rar", b"Rar!\x1a\x07"))
    assert sorted(told(open_all([came("a.zip", data)], reader, all_unseen))) == [
        ("a.zip/1.xlsx", "xlsx"),
        ("a.zip/2.xlsx", "FILE_TRUNCATED"),
        ("a.zip/3.xlsx", "FILE_EMPTY"),
        ("a.zip/4.rar", "FILE_ARCHIVE"),
    ]


def test_a_zip_in_a_zip_is_not_opened(reader: Reader) -> None:
    data = zipped(("a.zip", zipped(("1.xlsx", FORM))), ("2.xlsx", OTHER))
    found = {o.received.name: o.found for o in open_all([came("b.zip", data)], reader, all_unseen).opened}
    assert found["b.zip/a.zip"] == Refusal(Code.FILE_ARCHIVE, "压缩包中的压缩包")
    assert isinstance(found["b.zip/2.xlsx"], Book)


def test_mails_saved_inside_mails_are_opened_only_so_far(reader: Reader) -> None:
    data = mailed(("03.xlsx", FORM))
    for depth in range(3):
        data = mailed((f"{depth}.eml", data))
    (opened,) = open_all([came("a.eml", data)], reader, all_unseen).opened
    assert opened.found == Refusal(Code.FILE_ARCHIVE, "一层套一层的邮件")


def test_many_zips_in_a_mail_have_the_room_of_one() -> None:
    zips = [(f"{n}.zip", zipped((f"{n}.xlsx", bytes([n]) * 400_000))) for n in range(5)]
    with Reader(Limits(unpacked=1 << 20)) as reader:
        found = [o.found for o in open_all([came("a.eml", mailed(*zips))], reader, all_unseen).opened]
    assert found.count(Refusal(Code.FILE_UNREACHED)) == 3


def test_no_files_are_no_arrivals(reader: Reader) -> None:
    assert open_all([], reader, all_unseen) == Arrivals(())


def test_what_a_book_brought_along_is_said() -> None:
    book = Book(kind=FileKind.XLSB, sheets=(), macros=True, links=True, converted=True, rough=True)
    assert [(f.code, f.message) for f in remarks(book, "a.xlsb")] == [
        (Code.MACROS_IGNORED, "文件带有宏，没有运行，只读取了单元格的内容；请用下发的填报表（.xlsx）填写。"),
        (Code.LINKS_IGNORED, "文件引用了其他文件，按保存时的数读取，没有更新，请核对引用来的数。"),
        (Code.FILE_CONVERTED, "这是xlsb二进制工作簿，已转换后读取，请核对；以后请发送.xlsx。"),
        (Code.TEXT_ROUGH, "文件中有认不出的字符，已记为“�”，请核对；以后请发送.xlsx。"),
    ]
    assert remarks(Book(kind=FileKind.XLSX, sheets=()), "a.xlsx") == []
