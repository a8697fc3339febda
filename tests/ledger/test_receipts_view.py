"""Receipts that are found by recipient, sender or file are those among all."""

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.statuses import Status
from tests.helpers.filling import Office


@pytest.fixture
def received(week: Office) -> Office:
    """An office that took in 02 twice, the newer one with an error and withdrawn again, and 03 once."""
    week.send(week.right("02"), "02.xlsx")
    week.send(week.right("03"), "03.xlsx")
    ingest(week.workspace, week.period)
    newer = week.right("02")
    newer.write("indicators", "Z02-01", remark="重报")
    week.send(newer, "02再报.xlsx")
    ingest(week.workspace, week.period)
    withdraw(week.workspace, "02再报.xlsx", "报错了")
    return week


def test_those_of_a_recipient_and_a_sender_are_those_among_all(received: Office) -> None:
    with look_into_ledger(received.workspace.ledger) as ledger:
        everything = ledger.receipts(received.period)
        assert [r.status for r in everything if r.party.recipient == "02"][-1] is Status.WITHDRAWN
        senders = {r.party.recipient: r.party.unit for r in everything}
        for code in ("02", "03", "04", ""):
            of_code = [r for r in everything if r.party.recipient == code]
            assert ledger.receipts_of(received.period, [code]) == of_code
            unit = senders.get(code, "无")
            of_unit = [r for r in everything if r.party.unit == unit]
            assert ledger.receipts_of(received.period, [], [unit]) == of_unit
        assert ledger.receipts_of(received.period, ["02"], [senders["03"]]) == everything
        assert ledger.receipts_of("2026-W49", ["02"]) == []


def test_beside_a_file_are_all_that_came_for_the_same_form(received: Office) -> None:
    with look_into_ledger(received.workspace.ledger) as ledger:
        everything = ledger.receipts(received.period)
        files = {r.file: r.sha256 for r in everything}
        beside = ledger.receipts_beside([files["02.xlsx"]])
        assert [r.file for r in beside] == ["02.xlsx", "02再报.xlsx"]
        assert beside == [r for r in everything if r.party.recipient == "02"]
        assert ledger.receipts_beside(["不是台账里的"]) == []


def test_what_was_received_since_a_batch_is_told_by_hash_and_period(received: Office) -> None:
    with look_into_ledger(received.workspace.ledger) as ledger:
        files = {r.file: r.sha256 for r in ledger.receipts(received.period)}
        last = ledger.last_batch()
        assert last is not None
        of_all = {(sha256, received.period) for sha256 in files.values()}
        assert ledger.received_since(0, files.values()) == of_all
        assert ledger.received_since(0, [files["03.xlsx"]]) == {(files["03.xlsx"], received.period)}
        assert ledger.received_since(last.number, files.values()) == frozenset()
