"""What 0.2.1 stored in words comes back from the ledger as codes."""

import json
import sqlite3
from contextlib import closing
from datetime import date

import pytest

from tenproj_xl.core.answers import DecisionLevel
from tenproj_xl.core.periods import parse_period
from tenproj_xl.ledger.codec import (
    ENCODING,
    conflict_decision_of,
    values_to_json,
)
from tenproj_xl.ledger.decision_entries import decision_body, decision_of
from tenproj_xl.ledger.slip_entries import slip_of
from tenproj_xl.model.decisions import Coordination, Decision, Extension, Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.slips import Level, Slip

DAY = date(2026, 12, 6)


def slip(level: Level) -> Slip:
    return Slip(
        year=2026,
        number=1,
        level=level,
        kind=Duty.TASK,
        code="R03-01",
        name="",
        task_force="",
        unit="",
        situation="",
        basis="",
        reply_by=DAY,
        signer="",
        issued_on=DAY,
        period="2026-W48",
        chosen_in="",
    )


@pytest.mark.parametrize(
    ("stored", "level"), [("红督办", Level.RED), ("黄催办", Level.YELLOW), ("蓝提醒", Level.BLUE)]
)
def test_a_slip_of_0_2_1_with_words_is_read_as_one_with_a_code(stored: str, level: Level) -> None:
    body = json.loads(values_to_json(vars(slip(level))))
    assert slip_from({**body, "level": stored, "kind": "重点任务"}, encoding=1) == slip(level)


def test_a_slip_is_stored_with_the_codes_of_its_level_and_kind() -> None:
    body = values_to_json(vars(slip(Level.RED)))
    stored = json.loads(body)
    assert (stored["level"], stored["kind"]) == ("red", "task")
    read = slip_from(stored)
    assert (read.level, read.kind) == (Level.RED, Duty.TASK)


def test_a_slip_of_another_version_is_read_whatever_fields_it_has() -> None:
    body = json.loads(values_to_json(vars(slip(Level.RED))))
    del body["signer"], body["reply_by"]
    read = slip_from({**body, "copied_to": "区纪委", "level": "black"})
    assert (read.signer, read.reply_by) == ("", date(2026, 11, 29))
    assert (read.level.label, read.level.is_known) == ("black", False)


def entry(**columns: object) -> sqlite3.Row:
    """An entry of the ledger, by columns."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.row_factory = sqlite3.Row
        names = ", ".join(f"? AS {name}" for name in columns)
        row: sqlite3.Row = database.execute(f"SELECT {names}", tuple(columns.values())).fetchone()
    return row


def slip_from(body: object, encoding: int = ENCODING) -> Slip:
    return slip_of(entry(year=2026, number=1, body=json.dumps(body), encoding=encoding))


def decision_from(body: str, encoding: int = ENCODING) -> Decision:
    return decision_of(
        entry(
            issue="W01-2026-001",
            decided_on="2026-12-06",
            upon="2026-W48",
            token="t",  # noqa: S106  # no password
            sha256="s",
            file="f",
            seq=1,
            body=body,
            encoding=encoding,
        )
    )


def decision(
    verdict: Verdict | None = None,
    coordination: Coordination | None = None,
    extension: Extension | None = None,
) -> Decision:
    return Decision(
        issue="W01-2026-001",
        on=DAY,
        by="王主任",
        upon=parse_period("2026-W48"),
        verdict=verdict,
        coordination=coordination,
        extension=extension,
        token="t",  # noqa: S106  # no password
        file="f",
        sha256="s",
        seq=1,
    )


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (("登记", "", ""), decision(Verdict.REGISTER)),
        (("同意销号", "", ""), decision(Verdict.SIGN_OFF)),
        (("退回整改", "", "同意延期"), decision(Verdict.SEND_BACK, None, Extension.GRANTED)),
        (("重新挂账", "", "不同意延期"), decision(Verdict.REOPEN, None, Extension.REFUSED)),
        (("", "已协调", ""), decision(None, Coordination.SETTLED)),
        (("", "不予协调", ""), decision(None, Coordination.DECLINED)),
    ],
)
def test_a_decision_of_0_2_1_in_words_is_read_as_one_with_codes(
    stored: tuple[str, str, str], read: Decision
) -> None:
    verdict, coordination, extension = stored
    body = json.loads(decision_body(read))
    body.update(verdict=verdict, coordination=coordination, extension=extension)
    assert decision_from(json.dumps(body), encoding=1) == read


def test_a_decision_of_another_version_is_shown_in_its_words_and_decides_nothing_here() -> None:
    body = json.loads(decision_body(decision(Verdict.SIGN_OFF)))
    read = decision_from(json.dumps({**body, "verdict": "parked", "stamp": "公章"}))
    assert read.verdict not in list(Verdict)
    assert read.spoken == "2026-12-06 parked（王主任）"


def test_a_decision_comes_back_from_the_ledger_as_it_was() -> None:
    made = decision(Verdict.SEND_BACK, None, Extension.GRANTED)
    assert json.loads(decision_body(made))["verdict"] == "send_back"
    assert decision_from(decision_body(made)) == made
    assert decision_from(decision_body(decision())) == decision()


def test_a_decision_of_0_2_1_on_a_choice_holds_for_the_codes_reported_now() -> None:
    body = {
        "words": {"区科技局": "总专班", "区财政局": "提请省市"},
        "chosen": "区财政局",
        "value": "提请省市",
        "who": "赵六",
        "why": "已核实",
        "source": ["裁定.xlsx", "分歧裁定", "O4", "2026-12-06T08:00:00+00:00"],
    }
    with closing(sqlite3.connect(":memory:")) as database:
        database.row_factory = sqlite3.Row
        columns = (
            "? AS body, '2026-W48' AS period, 'issues' AS sheet, 'W01-2026-001' AS code,"
            " 'suggested_level' AS field"
        )
        read = conflict_decision_of(database.execute(f"SELECT {columns}", (json.dumps(body),)).fetchone())
    assert read.value is DecisionLevel.SUPERIOR
    assert read.holds({"区科技局": DecisionLevel.HEAD.value, "区财政局": DecisionLevel.SUPERIOR.value})
    assert not read.holds({"区科技局": DecisionLevel.OFFICE.value, "区财政局": DecisionLevel.SUPERIOR.value})
