"""Which milestones of a task are done: by name, and where a form names none."""

from collections.abc import Sequence
from datetime import date

import pytest

from tenproj_xl.core.answers import MilestoneStatus
from tenproj_xl.core.cells import Value
from tenproj_xl.model.milestones import MILESTONES, milestones_done
from tests.helpers import rollup_example as ex

DONE, NOT_DONE = MilestoneStatus.DONE, MilestoneStatus.NOT_DONE
TASK = ex.task("R01-01", ("开工", date(2026, 11, 20)), ("竣工", date(2026, 12, 5)))
Said = tuple[str | None, MilestoneStatus | None]


def done(*said: Said, then: str | None = "1,2") -> Sequence[int]:
    """The numbers of those that are done by the name and the answer in each report, oldest first."""
    rows: list[dict[str, Value]] = []
    for name, answer in said:
        rows.append({"milestone": name, "milestone_done": answer, MILESTONES: then})
    return sorted(milestones_done(TASK, rows))


BOTH: tuple[Said, ...] = (("开工", DONE), ("竣工", DONE))


def test_one_is_done_until_it_is_reported_as_open() -> None:
    assert done(*BOTH) == [1, 2]
    assert done(*BOTH, ("开工", NOT_DONE)) == [2]
    assert done(*BOTH, (None, None), (None, DONE)) == [1, 2]


@pytest.mark.parametrize("then", ["1,2", None], ids=["known then", "of an older form"])
def test_where_the_form_names_none_the_last_that_was_done_is_open_again(then: str | None) -> None:
    assert done(*BOTH, (None, NOT_DONE), then=then) == [1]
    assert done(*BOTH, (None, NOT_DONE), ("竣工", DONE), then=then) == [1, 2]


def test_an_answer_beside_no_milestone_takes_back_none_as_long_as_another_is_open() -> None:
    # Of the reports on a name the last may stand alone, behind the answer that took it back.
    assert done(("开工", DONE), (None, NOT_DONE), ("竣工", DONE)) == [1, 2]
    assert done(("开工", DONE), (None, NOT_DONE), then="1") == []


def test_an_answer_beside_a_milestone_that_the_plan_has_not_is_about_none() -> None:
    assert done(*BOTH, ("奠基", NOT_DONE)) == [1, 2]
