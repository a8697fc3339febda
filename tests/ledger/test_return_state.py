"""The one state of a return, from receipts and from whom forms went to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tenproj_xl.ledger.return_state import ReturnState, TaskForceReturn, return_of
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.forms_sent import FormsSent
from tenproj_xl.model.history import history
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.plan_schema import shipped_plan
from tenproj_xl.model.receipts import Party, Receipt
from tenproj_xl.model.settings_reader import read_settings
from tenproj_xl.model.settings_schema import default_rows
from tenproj_xl.model.statuses import Status

SCIENCE = "区科技局"
SENT_ON = datetime(2026, 11, 27, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan() -> Plan:
    read, _ = read_plan(shipped_plan(), "工作计划.xlsx")
    assert read
    return read


def receipt(status: Status, recipient: str = "03", task_force: str = "03", unit: str = SCIENCE) -> Receipt:
    return Receipt(
        file="回表.xlsx",
        sha256="0a1b2c",
        party=Party(recipient, (task_force,), unit),
        period="2026-W48",
        sender=unit,
        status=status,
        received_at=SENT_ON,
        late=False,
        nil=False,
        cover={},
        findings=(),
        seq=1,
    )


def returned(
    plan: Plan, receipts: Sequence[Receipt], code: str = "03", sent: Sequence[str] = ("03",)
) -> TaskForceReturn:
    settings, _ = read_settings(default_rows(), "设置.xlsx")
    assert settings
    period = settings.period("2026-W48")
    return return_of(
        plan.task_force(code), period, receipts, FormsSent(tuple(sent)), history(), plan, settings
    )


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (Status.ACCEPTED, ReturnState.ACCEPTED),
        (Status.WITH_WARNINGS, ReturnState.WITH_WARNINGS),
        (Status.TO_CORRECT, ReturnState.TO_CORRECT),
        (Status.SUPERSEDED, ReturnState.ACCEPTED),
        (Status.REFUSED, ReturnState.REFUSED),
    ],
)
def test_one_file_decides(plan: Plan, status: Status, state: ReturnState) -> None:
    line = returned(plan, [receipt(status)])
    assert line.state is state
    assert line.is_outstanding is (state is ReturnState.REFUSED)


def test_a_refused_file_beside_a_return_changes_nothing(plan: Plan) -> None:
    files = [receipt(Status.ACCEPTED), receipt(Status.REFUSED)]
    assert returned(plan, files).state is ReturnState.ACCEPTED


def test_what_is_to_be_corrected_is_named_before_what_is_right(plan: Plan) -> None:
    files = [receipt(Status.TO_CORRECT), receipt(Status.ACCEPTED, unit="区财政局")]
    assert returned(plan, files).state is ReturnState.TO_CORRECT


def test_nothing_is_missing_where_it_is_owed_and_not_owed_elsewhere(plan: Plan) -> None:
    assert returned(plan, []).state is ReturnState.MISSING
    assert returned(plan, [], code="06").state is ReturnState.NOT_OWED


def test_a_withdrawn_file_is_none(plan: Plan) -> None:
    withdrawal = Withdrawal("0a1b2c", "报错了单位", SENT_ON)
    file = replace(receipt(Status.WITHDRAWN), withdrawn=withdrawal)
    assert returned(plan, [file]).state is ReturnState.MISSING


def test_a_unit_with_a_form_of_its_own_returns_for_itself(plan: Plan) -> None:
    own = receipt(Status.ACCEPTED, recipient=SCIENCE)
    line = returned(plan, [own], sent=(SCIENCE,))
    assert (line.units.owed, line.units.missing, line.state) == ((SCIENCE,), (), ReturnState.ACCEPTED)
    refused = receipt(Status.REFUSED, recipient=SCIENCE)
    line = returned(plan, [refused], sent=(SCIENCE,))
    assert (line.units.missing, line.state) == ((SCIENCE,), ReturnState.REFUSED)


def test_what_answers_for_no_unit_with_a_form_of_its_own_is_no_whole_return(plan: Plan) -> None:
    of_another = receipt(Status.ACCEPTED, unit="区财政局")
    line = returned(plan, [of_another], sent=(SCIENCE,))
    assert (line.units.missing, line.state) == ((SCIENCE,), ReturnState.PARTIAL)


@pytest.mark.parametrize("in_time", ["03", SCIENCE])
def test_what_came_first_decides_whether_it_is_late_whichever_the_office_prefers(
    plan: Plan, in_time: str
) -> None:
    after = SENT_ON + timedelta(days=5)
    late = "03" if in_time == SCIENCE else SCIENCE
    preferred = replace(receipt(Status.ACCEPTED, recipient=in_time), ranked_at=after + timedelta(days=1))
    other = replace(
        receipt(Status.ACCEPTED, recipient=late), received_at=after, late=True, sha256="1b", seq=2
    )
    assert returned(plan, [preferred, other], sent=("03", SCIENCE)).days_late == 0


@pytest.mark.parametrize("state", ReturnState)
def test_every_state_has_a_word_for_people(state: ReturnState) -> None:
    assert state.label
    assert state.label != str(state)
