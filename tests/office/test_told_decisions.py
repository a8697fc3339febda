"""What was decided on an issue is told to its unit once, also where it is entered in a later week."""

from datetime import date

import pytest

from tenproj_xl.app.send import send
from tests.app.test_send import tick
from tests.helpers.filling import Office
from tests.office.test_signoff import CODE, FRIDAY, SignoffOffice

OPINION = "批复未盖章"
UNIT = "区科技局"


@pytest.fixture
def office(week: Office) -> SignoffOffice:
    """A department applied for sign-off of a new issue in 2026-W48."""
    office = SignoffOffice(week.workspace, week)
    office.registers(
        status="申请销号", applied_on=date(2026, 11, 26), evidence="市局批复", lead_opinion="同意"
    )
    return office


def decide(office: SignoffOffice, on: date = FRIDAY, verdict: str = "退回整改") -> None:
    """Enter what was decided, by default on Friday of 2026-W48."""
    drawn = office.draw()
    drawn.decide(CODE, on=on, verdict=verdict, opinion=OPINION)
    assert office.sign(drawn).findings == ()


def told(office: SignoffOffice, period: str = "") -> list[str]:
    """Lay out what units are to be told, and return those whose letters tell the decision."""
    laid = send(office.workspace, period or None)
    texts = sorted((office.workspace.outbox / laid.period.code / "待发").glob("*/消息.txt"))
    return [path.parent.name for path in texts if OPINION in path.read_text("utf-8-sig")]


@pytest.mark.parametrize("verdict", ["退回整改", "同意销号"])
@pytest.mark.parametrize("on", [date(2026, 11, 26), date(2026, 12, 4)])
def test_a_decision_is_told_whichever_week_it_was_made_in(
    office: SignoffOffice, on: date, verdict: str
) -> None:
    office.next_week("2026-W49")
    office.next_week("2026-W50")
    decide(office, on, verdict)
    assert told(office) == [UNIT]


def test_a_decision_that_was_not_sent_before_the_next_forms_is_told_with_them(office: SignoffOffice) -> None:
    decide(office)
    assert told(office) == [UNIT]
    office.next_week("2026-W49")
    assert told(office) == [UNIT]


def test_a_decision_is_told_once(office: SignoffOffice) -> None:
    office.next_week("2026-W49")
    decide(office)
    assert told(office) == [UNIT]
    tick(office.week, [UNIT])
    assert told(office) == []
    assert told(office, "2026-W48") == []
    office.next_week("2026-W50")
    assert told(office) == []


def test_a_decision_that_was_told_nobody_two_periods_ago_is_not_told_any_more(office: SignoffOffice) -> None:
    decide(office)
    office.next_week("2026-W49")
    office.next_week("2026-W50")
    assert told(office) == []
