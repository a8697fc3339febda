"""Forms as programs of mail wrap them are taken in, or named with the remedy; the whole week is run by `.ci/run`."""

from collections.abc import Callable

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.results import FileResult
from tenproj_xl.model.statuses import Status
from tests.channels.parcels import NAMED, OPENED, Parcel, with_photograph
from tests.helpers.filling import Office
from tests.helpers.mails import THURSDAY


def taken_in(week: Office, wrap: Callable[[Parcel], bytes]) -> dict[str, FileResult]:
    """Let a form arrive as a mail in the inbox; return what became of what was in it, by name."""
    form = week.right("03")
    parcel = Parcel(
        name=form.name, data=form.data, sender="box3@example.com", to="bgs@example.com", at=THURSDAY
    )
    (week.workspace.inbox / "回表.eml").write_bytes(wrap(parcel))
    files = ingest(week.workspace, week.period).files
    return {file.received.name.rpartition("/")[2]: file for file in files}


@pytest.mark.parametrize("how", OPENED)
def test_a_form_is_found_in_whatever_it_is_wrapped(week: Office, how: str) -> None:
    found = taken_in(week, OPENED[how])
    assert found.pop(week.right("03").name).status is Status.ACCEPTED
    assert {file.status for file in found.values()} <= {Status.COMPANION}


def test_a_form_is_found_beside_a_photograph_of_thirty_megabytes(week: Office) -> None:
    found = taken_in(week, with_photograph)
    assert found[week.right("03").name].status is Status.ACCEPTED
    assert found["现场照片.jpg"].status is Status.COMPANION


@pytest.mark.parametrize("how", NAMED)
def test_what_nobody_can_open_is_named_with_what_its_sender_is_to_do(week: Office, how: str) -> None:
    wrap, remedy = NAMED[how]
    (file,) = taken_in(week, wrap).values()
    assert file.status is Status.REFUSED
    assert remedy in file.findings[0].message
