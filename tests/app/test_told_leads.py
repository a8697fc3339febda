"""What lead units were told is left as it lies while nothing of it can have changed, and else written anew."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tenproj_xl.app import lead_checks
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.lead_checks import file_of
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import Ingested
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.returns_text import ingested_lines
from tenproj_xl.office.sent_book import SentBook
from tests.app.test_lead_checks import RETURNED, WHY, book_of, lead_first, report, say
from tests.app.test_lead_portions import books
from tests.app.test_portions import beside, contents, letters
from tests.helpers.by_unit import FINANCE, INVEST, PERIOD, SCIENCE, right
from tests.helpers.filling import Office


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The workbooks for lead units that are written from now on."""
    headings: list[str] = []

    def noting(book: SentBook) -> bytes:
        headings.append(book.heading)
        return file_of(book)

    monkeypatch.setattr(lead_checks, "file_of", noting)
    return headings


def notice(out: Office, name: str = f"核对_{SCIENCE}") -> Path:
    return out.workspace.outbox / PERIOD / "通知" / f"{name}.txt"


def forget(workspace: Workspace) -> None:
    """Let nothing be known of what lead units were told."""
    with closing(sqlite3.connect(workspace.ledger / "台账.sqlite3")) as ledger, ledger:
        assert ledger.execute("DELETE FROM facts WHERE key = 'told'").rowcount <= 1


def told(done: Ingested, workspace: Workspace) -> tuple[object, ...]:
    files = [workspace.relative(path) for path in (*done.lead_checks, *done.written)]
    return files, done.notices, list(ingested_lines(done, workspace))


def test_nothing_is_written_for_lead_units_while_all_is_as_they_were_told(
    out: Office, written: list[str]
) -> None:
    first = report(out, FINANCE)
    times = {path: path.stat().st_mtime_ns for path in (book_of(out), notice(out))}
    written.clear()
    again = ingest(out.workspace)
    merge(out.workspace, PERIOD)
    third = ingest(out.workspace)
    assert not written
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert told(again, out.workspace) == told(third, out.workspace)
    assert {book_of(out), notice(out)} < set(again.lead_checks)
    assert (again.lead_checks, again.notices) == (first.lead_checks, first.notices)


def edit(out: Office) -> None:
    say(book_of(out), {"Z03-02": (RETURNED, WHY)}, book_of(out))


def remove(out: Office) -> None:
    book_of(out).unlink()


def remove_letter(out: Office) -> None:
    notice(out).unlink()


def edit_letter(out: Office) -> None:
    notice(out).write_text("请尽快核对", "utf-8-sig")


def add_letter(out: Office) -> None:
    notice(out, f"牵头退回_{FINANCE}").write_text("前一次的", "utf-8-sig")


def let_them_wait(out: Office) -> None:
    lead_first(out)


def take_back(out: Office) -> None:
    withdraw(out.workspace, f"{FINANCE}.xlsx", why="报错了单位")


def send_another(out: Office) -> None:
    out.send(right(out, INVEST), "又一家.xlsx", hours=-1)


def send_words(out: Office) -> None:
    say(book_of(out), {"Z03-02": (RETURNED, WHY)}, out.workspace.inbox / "核对.xlsx")


CHANGES = (
    edit,
    remove,
    remove_letter,
    edit_letter,
    add_letter,
    let_them_wait,
    take_back,
    send_another,
    send_words,
)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_what_they_are_told_makes_it_written_anew(
    change: Callable[[Office], None], out: Office, written: list[str]
) -> None:
    report(out, FINANCE)
    ingest(out.workspace)
    change(out)
    forgetful = beside(out, "forgetful")
    forget(forgetful)
    written.clear()
    for _ in range(2):  # what a file brought goes into its letter, that of the next run is without
        done, same = ingest(out.workspace), ingest(forgetful)
        forget(forgetful)
        assert told(done, out.workspace) == told(same, forgetful)
        assert books(out.workspace) == books(forgetful)
        assert letters(out.workspace) == letters(forgetful)
        assert contents(out.workspace) == contents(forgetful)
    assert len(written) > 2 or change is take_back  # of whom nothing is left to look at
    assert (change is edit) == any("手改备份" in name for name in books(out.workspace))


def test_a_returned_row_is_told_of_again_where_only_the_letter_about_a_file_did(
    out: Office, written: list[str]
) -> None:
    report(out, FINANCE)
    send_words(out)
    ingest(out.workspace)
    form = right(out, FINANCE)
    form.cover(highlights="另有说明")
    out.send(form, "再报.xlsx", hours=-1)
    ingest(out.workspace)
    assert not notice(out, f"牵头退回_{FINANCE}").exists()
    written.clear()
    ingest(out.workspace)
    assert WHY in notice(out, f"牵头退回_{FINANCE}").read_text("utf-8-sig")
    assert written
    written.clear()
    ingest(out.workspace)
    assert not written
