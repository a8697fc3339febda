"""What 0.2.1 stored in words comes back from the ledger as codes."""

import json
from datetime import date

import pytest

from tenproj_xl.ledger.codec import slip_of, values_to_json
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
    assert slip_of(json.dumps({**body, "level": stored, "kind": "重点任务"})) == slip(level)


def test_a_slip_is_stored_with_the_codes_of_its_level_and_kind() -> None:
    body = values_to_json(vars(slip(Level.RED)))
    stored = json.loads(body)
    assert (stored["level"], stored["kind"]) == ("red", "task")
    read = slip_of(body)
    assert (read.level, read.kind) == (Level.RED, Duty.TASK)
