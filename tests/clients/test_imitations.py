"""A form that was filled in online and exported is taken in like any other, as far as exports are known."""

import re

import pytest
from click.testing import CliRunner

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.cli.main import main
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.statuses import Status
from tests.clients.imitations import IMITATIONS, Imitation
from tests.helpers.answers import right_answers
from tests.helpers.filling import Office

BY_SERVICE = pytest.mark.parametrize("imitation", IMITATIONS, ids=lambda one: one.service)


def returned(week: Office, imitation: Imitation) -> None:
    """Let an export of the form of task force 03 arrive."""
    form = week.right("03")
    data = imitation.make(form.data)
    name = imitation.name.format(form.name.removesuffix(".xlsx"))
    form.become(data)
    week.send(form, name)


@BY_SERVICE
def test_an_export_counts_with_every_figure_that_was_filled_in(week: Office, imitation: Imitation) -> None:
    returned(week, imitation)
    (result,) = ingest(week.workspace, week.period).files
    assert result.status in (Status.ACCEPTED, Status.WITH_WARNINGS), result.findings
    assert result.task_force == "03"
    with look_into_ledger(week.workspace.ledger) as ledger:
        rows = {(row.sheet, row.code): row for row in ledger.accepted_rows(week.period)}
    for (sheet, code), answer in right_answers(week.forms["03"]).items():
        for field in ("value", "status", "progress", "completed_on"):
            if field in answer:
                value = rows[sheet, code].values[field]
                assert getattr(value, "label", value) == answer[field], (sheet, code, field)
    assert merge(week.workspace, week.period).rollup.exists()


@BY_SERVICE
def test_an_export_brings_nothing_that_its_clerk_would_have_to_explain(
    week: Office, imitation: Imitation
) -> None:
    returned(week, imitation)
    done = CliRunner().invoke(main, ["-C", str(week.workspace.root), "ingest"])
    assert done.exit_code == 0, done.stderr
    assert not re.search("请更正|请核对", done.stderr), done.stderr


@BY_SERVICE
def test_each_imitation_says_what_is_published_where_and_what_is_assumed(imitation: Imitation) -> None:
    assert imitation.assumed
    assert imitation.published
    assert all(where.startswith("https://") for where in imitation.published.values())
