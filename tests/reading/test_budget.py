"""All that lies in one outermost file shares one budget, counted and not timed; the rest is answered by name."""

import io
import zipfile

import pytest

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.limits import Limits
from tenproj_xl.reading.arrivals import open_all
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.budget import Allowance, Budget, Meter, Spent, SpentError
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.opening import open_file
from tenproj_xl.reading.sandbox import Reader
from tests.reading.test_arrivals import FORM, all_unseen, came, form, mailed, zipped

HEAVY_PART = 4 << 20


def heavy(n: int) -> bytes:
    """A small workbook that inflates to four megabytes, to be looked through from end to end."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(form(str(n)))) as plain,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in plain.namelist():
            part = plain.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(
                    b"</worksheet>", (b"<x>" + b" " * 1000 + b"</x>") * (HEAVY_PART // 1000) + b"</worksheet>"
                )
            out.writestr(name, part)
    return file.getvalue()


NARROW = Limits(size=1 << 20, inflated=5 << 20, unpacked=8 << 20)
"""With them 48 MB of work may be done for an outermost file."""


def answers(name: str, data: bytes, limits: Limits = NARROW) -> dict[str, object]:
    with Reader(limits) as reader:
        found = open_all([came(name, data)], reader, all_unseen).opened
    return {one.received.name.rpartition("/")[2]: getattr(one.found, "code", None) for one in found}


@pytest.mark.parametrize("count", [12, 60])
def test_members_of_a_zip_are_read_until_its_budget_is_used_up_and_the_rest_is_answered_by_name(
    count: int,
) -> None:
    members = [(f"{n}.xlsx", heavy(n)) for n in range(count)]
    told = answers("回表.zip", zipped(("甲.xlsx", FORM), *members, ("乙.xlsx", form("末"))))
    read = {name for name, code in told.items() if code is None}
    assert read == {"甲.xlsx", *(f"{n}.xlsx" for n in range(9)), "乙.xlsx"}, "small ones behind are read, too"
    assert all(told[f"{n}.xlsx"] is Code.FILE_UNREACHED for n in range(9, count))
    assert len(told) == count + 2


def test_a_zip_in_a_mail_in_a_mail_shares_the_budget_of_the_outermost() -> None:
    inner = zipped(*((f"{n}.xlsx", heavy(n)) for n in range(6)))
    other = zipped(*((f"{n}.xlsx", heavy(n)) for n in range(6, 12)))
    told = answers("转发.eml", mailed(("原信.eml", mailed(("甲.zip", inner))), ("乙.zip", other)))
    read = {name for name, code in told.items() if code is None}
    assert read == {f"{n}.xlsx" for n in (6, 7, 8, 9, 10, 11, 0, 1, 2)}, "what lies less deep comes first"
    assert {told[f"{n}.xlsx"] for n in (3, 4, 5)} == {Code.FILE_UNREACHED}


def test_one_file_that_uses_up_its_budget_takes_nothing_from_another() -> None:
    bad = zipped(*((f"{n}.xlsx", heavy(n)) for n in range(20)))
    with Reader(NARROW) as reader:
        files = [came("坏.zip", bad), came("好.xlsx", heavy(99)), came("又好.zip", zipped(("1.xlsx", FORM)))]
        opened = open_all(files, reader, all_unseen).opened
    good = [one.found for one in opened if "好" in one.received.name]
    assert len(good) == 2
    assert all(isinstance(found, Book) for found in good)


def test_the_members_that_are_read_are_counted_over_all_zips() -> None:
    zips = [(f"{z}.zip", zipped(*((f"{z}{n}.xlsx", form(f"{z}{n}")) for n in range(4)))) for z in range(3)]
    told = answers("a.eml", mailed(*zips), Limits(members=9))
    assert [name for name, code in sorted(told.items()) if code is Code.FILE_UNREACHED] == [
        *(f"1{n}.xlsx" for n in range(2, 4)),
        *(f"2{n}.xlsx" for n in range(4)),
    ]


def test_work_is_the_same_each_time_a_file_is_read() -> None:
    data = heavy(1)  # which holds the second of its making
    (cost,) = {open_file(data, Limits(), ())[1] for _ in range(3)}
    assert cost > HEAVY_PART


def test_a_file_is_not_begun_that_costs_more_than_it_may() -> None:
    data = heavy(1)
    allowed = Allowance(work=HEAVY_PART, seconds=10, unpacked=0, members=0)
    assert open_file(data, Limits(), (), allowed) == (Refusal(Code.FILE_UNREACHED), len(data))


def test_who_lies_within_may_have_half_of_what_is_left() -> None:
    budget = Budget(Limits(size=100, inflated=100, seconds=8))
    assert (budget.next().work, budget.next().work) == (1600, 800)
    budget.spend(Spent(work=1000, seconds=20))
    assert (budget.next().work, budget.next().seconds) == (300, 2)
    budget.spend(Spent(work=1000, seconds=20))
    assert (budget.next().work, budget.next().seconds) == (0, 0)


def test_what_is_over_is_not_done() -> None:
    meter = Meter(Allowance(work=10, seconds=1, unpacked=1, members=1))
    meter.add(10)
    with pytest.raises(SpentError):
        meter.add(1)
