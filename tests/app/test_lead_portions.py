"""专班核对 where returns come in portions: leads are told once the last is in, also after a run was cut off."""

import gc
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from tenproj_xl.app import checked_rows, intake, lead_checks, open_matters, portions
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.judge_files import Judged, judge_files
from tenproj_xl.app.lead_checks import record_lead_books
from tenproj_xl.app.letters import Replies, ReplyWriter
from tenproj_xl.app.status import status
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.progress import Work, heard_by
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.model.history import Reported
from tenproj_xl.model.statuses import Status
from tests.app.test_lead_checks import RETURNED, WHY, lead_first, report, rows_in, send_words
from tests.app.test_portions import PowerCutError, beside, contents, letters, told
from tests.helpers.by_unit import FINANCE, INVEST, LEAD, PERIOD, SCIENCE, right
from tests.helpers.filling import Office

UNITS = (FINANCE, INVEST, LEAD, SCIENCE)
LATER = ("2026-W49", "2026-W50", "2026-W51", "2026-W52")


def books(workspace: Workspace) -> dict[str, bytes]:
    """The workbooks that lead units get, by name."""
    folder = workspace.outbox / PERIOD / "专班核对稿"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.xlsx"))}


def send_all(out: Office) -> None:
    """Put a form of each unit into the inbox."""
    for number, unit in enumerate(UNITS):
        out.send(right(out, unit), f"{number}.xlsx", hours=-9 + number)


def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "FILES_AT_ONCE", 1)
    monkeypatch.setattr(checked_rows, "_FORCES_AT_ONCE", 1)


@pytest.mark.parametrize("waits", [False, True])
def test_portions_tell_leads_what_one_tells_them(
    *, waits: bool, out: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    if waits:
        lead_first(out)
    report(out, FINANCE, "先报.xlsx", hours=-20)
    send_words(out, {"Z03-02": (RETURNED, WHY)})
    send_all(out)
    whole = beside(out, "whole")
    at_once = ingest(whole)
    one_at_a_time(monkeypatch)
    done = ingest(out.workspace)
    assert len(books(whole)) > 1
    assert books(out.workspace) == books(whole)
    assert letters(out.workspace) == letters(whole)
    assert contents(out.workspace) == contents(whole)
    assert told(done, out.workspace) == told(at_once, whole)


class Heard:
    """Hears how far works come."""

    def __init__(self) -> None:
        self._within: list[Work] = []
        self.told: dict[str, list[int]] = {}

    def begin(self, work: Work) -> None:
        self._within.append(work)
        self.told.setdefault(work.what, [])

    def advance(self, done: int) -> None:
        self.told[self._within[-1].what].append(done)

    def end(self) -> None:
        self._within.pop()


def test_files_are_told_of_as_they_are_opened_and_recorded_and_the_books_of_leads_as_they_are_written(
    out: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_all(out)
    monkeypatch.setattr(portions, "FILES_AT_ONCE", 2)
    heard = Heard()
    with heard_by(heard):
        ingest(out.workspace)
    assert heard.told["收取回表"] == [1, 2, 3, 4]
    written = heard.told["写专班核对稿"]
    assert written[: len(books(out.workspace))] == list(range(1, len(books(out.workspace)) + 1))


def test_of_many_leads_the_first_are_named_and_all_counted(
    out: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_all(out)
    said = [notice for notice in ingest(out.workspace).notices if "待牵头单位核对" in notice]
    rows = [int(count) for count in re.findall("([0-9]+)行", said[0])]
    monkeypatch.setattr(open_matters, "_MOST_LEADS", 1)
    (shorter,) = (notice for notice in status(out.workspace).notices if "待牵头单位核对" in notice)
    first = said[0].partition("、")[0]
    assert len(rows) > 1
    assert shorter == f"{first}等{len(rows)}个专班，共{sum(rows)}行。请把专班核对稿发给牵头单位。"


def test_rows_that_leads_were_told_of_do_not_stay_in_memory(
    out: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_all(out)
    whole = beside(out, "whole")
    one_at_a_time(monkeypatch)
    in_parts = rows_in_memory(monkeypatch, out.workspace)
    monkeypatch.setattr(portions, "FILES_AT_ONCE", 200)
    at_once = rows_in_memory(monkeypatch, whole)
    assert len(in_parts) == len(at_once) > 1
    assert max(in_parts) < min(at_once) / 2


def owe(workspace: Workspace, periods: Sequence[str]) -> None:
    """Note that leads are to be told of some periods."""
    now, snapshots = datetime.now(UTC), load(workspace).snapshots
    with open_ledger(workspace.ledger, who="tests") as ledger, ledger.batch("tests", now, snapshots):
        ledger.owe_leads(periods)


def reported_rows() -> list[Reported]:
    """Return the rows that are held by anything in this process, tests before this one included."""
    return [one for one in gc.get_objects() if isinstance(one, Reported)]


def rows_in_memory(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> list[int]:
    """Take in what there is; return how many rows it held as each workbook for a lead was recorded."""
    of_others = reported_rows()
    counted = []

    def counting(*recorded: Any) -> None:
        counted.append(len(reported_rows()) - len(of_others))
        record_lead_books(*recorded)

    with monkeypatch.context() as patched:
        patched.setattr(intake, "record_lead_books", counting)
        ingest(workspace)
    return counted


def test_rows_of_many_weeks_do_not_stay_in_memory_though_nothing_is_left_to_take_in(
    out: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_all(out)
    ingest(out.workspace)
    monkeypatch.setattr(checked_rows, "_FORCES_AT_ONCE", 1)
    one_week = beside(out, "one week")
    owe(one_week, [PERIOD])
    owe(out.workspace, [PERIOD, *LATER])
    of_one_week = rows_in_memory(monkeypatch, one_week)
    of_many_weeks = rows_in_memory(monkeypatch, out.workspace)
    assert len(of_one_week) == len(of_many_weeks) > 1
    assert max(of_many_weeks) < max(of_one_week) / 2


def test_leads_are_told_by_the_next_run_though_nothing_is_left_to_take_in(
    out: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_all(out)
    whole = beside(out, "whole")
    for path in sorted(whole.inbox.iterdir())[1:]:
        path.unlink()
    ingest(whole)
    runs = []

    def cut(*arguments: Any, **more: Any) -> Judged:
        runs.append(arguments)
        if len(runs) == 2:
            raise PowerCutError
        return judge_files(*arguments, **more)

    one_at_a_time(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(intake, "judge_files", cut)
        with pytest.raises(PowerCutError):
            ingest(out.workspace)
    assert not books(out.workspace)
    for path in out.workspace.inbox.iterdir():
        path.unlink()
    ingest(out.workspace)
    assert books(out.workspace) == books(whole)
    assert letters(out.workspace) == letters(whole)
    assert send_words(out, {"Z03-02": ("同意", "")}).status is Status.LEAD_CHECK


@pytest.mark.parametrize("portion", [2, 4])
def test_leads_are_told_the_same_by_a_run_that_goes_on_from_a_cut(
    portion: int, out: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_all(out)
    whole = beside(out, "whole")
    ingest(whole)
    written, runs = ReplyWriter.write, []

    def cut(writer: ReplyWriter, *arguments: Any, **more: Any) -> Replies:
        runs.append(writer)
        if len(runs) == portion:
            raise PowerCutError
        return written(writer, *arguments, **more)

    one_at_a_time(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(ReplyWriter, "write", cut)
        with pytest.raises(PowerCutError):
            ingest(out.workspace)
    ingest(out.workspace)
    assert books(out.workspace) == books(whole)
    assert contents(out.workspace) == contents(whole)
    assert {n for n in letters(out.workspace) if n.startswith("核对_")} == {
        n for n in letters(whole) if n.startswith("核对_")
    }


def test_leads_are_told_by_the_next_run_where_one_was_cut_off_between_their_workbooks(
    out: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_all(out)
    whole = beside(out, "whole")
    ingest(whole)
    record, recorded = Ledger.record_workbook_rows, []

    def cut(ledger: Ledger, rows: Any) -> None:
        recorded.append(rows)
        if len(recorded) == 2:
            raise PowerCutError
        record(ledger, rows)

    monkeypatch.setattr(checked_rows, "_FORCES_AT_ONCE", 1)
    monkeypatch.setattr(lead_checks, "_AHEAD", 0)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "record_workbook_rows", cut)
        with pytest.raises(PowerCutError):
            ingest(out.workspace)
    assert 0 < len(books(out.workspace)) < len(books(whole))
    with look_into_ledger(out.workspace.ledger) as ledger:
        for path in out.workspace.outbox.rglob("*专班核对稿.xlsx"):
            tokens = {str(row["行标识"]) for row in rows_in(path).values()}
            assert set(ledger.issued(tokens)) == tokens != set()
    ingest(out.workspace)
    assert books(out.workspace) == books(whole)
    assert letters(out.workspace) == letters(whole)
    assert send_words(out, {"Z03-02": ("同意", "")}).status is Status.LEAD_CHECK
