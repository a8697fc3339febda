"""What the ledger keeps of papers comes back as it was recorded, numbered in its series."""

from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.states import State
from tenproj_xl.ledger.proof import verify
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.publications import (
    MadeEdition,
    MadeFile,
    PaperKind,
    Publication,
    PublishedFile,
    Series,
    newest,
)
from tenproj_xl.model.published import Published

MOMENT = datetime(2026, 12, 3, 9, tzinfo=UTC)
TOLD = Published(
    parse_period("2026-11"),
    12,
    {"counted": 40.0},
    {
        "indicators": {"Z03-04": {"state": State.ON_PACE, "value": 72.5, "data_period": "2026-11"}},
        "league": {"03": {"rank": 1.0, "score": 92.5}},
    },
)


def paper(number: int, correction: int = 0, series: Series = Series.MONTH) -> Publication:
    return Publication(
        series=series,
        year=2026,
        number=number,
        correction=correction,
        edition="month",
        published_at=MOMENT,
        published_by="张三",
        files=(PublishedFile("11月调度材料.xlsx", "ab12", PaperKind.WORKBOOK),),
        told=TOLD,
        plan="ff00",
    )


def record(folder: Path, *publications: Publication) -> None:
    with open_ledger(folder, who="test") as ledger, ledger.batch("publish", MOMENT, Snapshots("", "")):
        for publication in publications:
            ledger.record_publication(publication)


def known(folder: Path) -> tuple[Publication, ...]:
    with open_ledger(folder, who="test") as ledger:
        return ledger.publications()


def test_a_publication_comes_back_with_its_files_and_what_the_ledger_said_for_it(tmp_path: Path) -> None:
    record(tmp_path, paper(3))
    assert known(tmp_path) == (paper(3),)


def test_the_last_correction_of_a_paper_is_the_one_that_counts(tmp_path: Path) -> None:
    record(tmp_path, paper(3), paper(3, 1))
    assert newest(known(tmp_path), Series.MONTH, "2026-11", "month") == paper(3, 1)
    assert newest(known(tmp_path), Series.LEAGUE, "2026-11", "month") is None


def test_each_series_has_its_own_number_through_the_year(tmp_path: Path) -> None:
    record(tmp_path, paper(3), paper(3, 1), paper(7, series=Series.BRIEF))
    with open_ledger(tmp_path, who="test") as ledger:
        assert ledger.next_number(Series.MONTH, 2026) == 4
        assert ledger.next_number(Series.BRIEF, 2026) == 8
        assert ledger.next_number(Series.BRIEF, 2027) == 1


def test_a_period_is_published_by_its_edition(tmp_path: Path) -> None:
    record(tmp_path, paper(3))
    with open_ledger(tmp_path, who="test") as ledger:
        assert ledger.is_published("2026-11", "month")
        assert not ledger.is_published("2026-11", "week")
        assert not ledger.is_published("2026-10", "month")


def test_what_was_made_is_remembered_by_its_bytes_and_by_what_it_told(tmp_path: Path) -> None:
    file = MadeFile("outbox/2026-11/汇总/11月.xlsx", "ab12")
    made = MadeEdition(
        edition="month",
        made_from="a1b2c3d4",
        signed_by="张三",
        plan="ff00",
        files=((Series.MONTH, file),),
        told=TOLD,
        seq=1,
    )
    with open_ledger(tmp_path, who="test") as ledger:
        with ledger.batch("report", MOMENT, Snapshots("", "")):
            ledger.record_made_file(file)
            ledger.record_edition(made)
        assert ledger.made_editions("2026-11", "month") == (made,)
        assert ledger.was_made(file.path, "ab12")
        assert not ledger.was_made(file.path, "ff99")
        assert proof_is_whole(ledger)


def proof_is_whole(ledger: Ledger) -> bool:
    return verify(ledger._db).breaches == ()
