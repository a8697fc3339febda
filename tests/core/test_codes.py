"""A code is stored and compared; people read its label, and what 0.2.1 stored is read as the code."""

import pickle

import pytest

from tenproj_xl.core.codes import label_of
from tenproj_xl.core.states import IssueState, State, TaskState


def test_a_code_is_stored_and_its_label_is_shown() -> None:
    assert f"{State.SLOW}" == "slow"
    assert label_of(State.SLOW) == "略滞后"
    assert [label_of(value) for value in (12.5, "平台", None)] == [12.5, "平台", None]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("slow", State.SLOW),
        ("略滞后", State.SLOW),
        ("略慢", State.SLOW),
        ("参考", State.REFERENCE),
        ("达序时", State.ON_PACE),
        ("临期", TaskState.DUE_SOON),
        ("序时推进", TaskState.ON_TIME),
        ("临期", IssueState.DUE_SOON),
        ("已销号", IssueState.SIGNED_OFF),
    ],
)
def test_a_state_is_read_by_its_code_or_by_a_label_that_it_has_or_had(
    text: str, state: State | TaskState | IssueState
) -> None:
    assert type(state).stored(text) is state


def test_a_word_that_only_another_version_has_stands_for_itself_and_is_no_state() -> None:
    fast = State.stored("快")
    assert (fast.label, f"{fast}", fast.is_known) == ("快", "快", False)
    assert fast is State.stored("快")
    assert fast not in list(State)
    assert State.SLOW.is_known


def test_a_code_goes_to_another_process_as_it_is_called_and_so_does_one_of_another_version() -> None:
    member = State.SLOW
    renamed, stranger = member.called("另一种说法"), State.stored("to_mend")
    for code in (member, renamed, stranger):
        back = pickle.loads(pickle.dumps(code))  # noqa: S301  # of our own
        assert (back, back.name, back.label, back.former) == (code, code.name, code.label, code.former)
        assert type(back) is State
    assert pickle.loads(pickle.dumps(member)) is member  # noqa: S301  # of our own
