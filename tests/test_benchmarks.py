"""What the benchmarks measure is what people send: the returns that they make, and the province that sends them."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.province import province_tables, unit_name
from benchmarks.quick_filling import QuickForm
from benchmarks.results import Result
from benchmarks.returns import FIRST_WEEK, Sending, issue_and_send, returns_of_a_province
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.clerks import COVER_ANSWERS, answers, filled, issue_forms
from tenproj_xl.core.catalogue import Severity
from tenproj_xl.model.plan_reader import read_plan
from tests.helpers.filling import Places


def test_a_form_filled_in_quickly_has_the_answers_where_a_clerk_would_type_them(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    initialise(workspace)
    office = issue_forms(workspace, FIRST_WEEK)
    form = office.forms["03"]
    at = form.deadline - timedelta(hours=3)
    quick = QuickForm(office.path("03"))
    cover = {"unit": form.recipient.printed, **COVER_ANSWERS}
    given = answers(form, 0)
    data = quick.filled(given, cover, at)
    quickly, slowly = Places(data), Places(filled(office, "03", given).saved(at))
    for (sheet, row), fields in given.items():
        for field in fields:
            assert quickly.at(sheet, row, field) == quick.places[sheet, row, field], (sheet, row, field)
            assert quickly.value(sheet, row, field) == slowly.value(sheet, row, field), (sheet, row, field)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert len(set(archive.namelist())) == len(archive.namelist())
        assert f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}" in archive.read("docProps/core.xml").decode()


def test_the_plan_of_a_province_can_be_read_and_has_no_fault() -> None:
    plan, findings = read_plan(province_tables(40), "工作计划.xlsx")
    assert plan is not None
    assert not [finding for finding in findings if finding.severity is Severity.ERROR]
    reporting = {i.reporting_unit for i in plan.indicators} | {t.reporting_unit for t in plan.tasks}
    assert reporting == {unit_name(number) for number in range(40)}


def test_the_units_of_a_province_have_different_names() -> None:
    assert len({unit_name(number) for number in range(1000)}) == 1000


def test_every_recipient_of_a_period_sends_a_return_that_is_accepted(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    returns_of_a_province(tmp_path, 4, processes=1)
    files = ingest(workspace).files
    assert {file.party.recipient for file in files if file.status.is_return} == {
        unit_name(n) for n in range(4)
    }


def test_the_ratio_of_record_is_that_of_the_processor_with_an_aim_and_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(results, "RECORD", tmp_path / "README.md")
    two = [
        Result(code="ten", what="ours", against="theirs", ours=3, other=2, aim=1, processor=1.79),
        Result(code="known", what="ours", against="none", ours=3, other=2, processor=0.88, note="10 MB"),
    ]
    results.RECORD.write_text(results.table(two), "utf-8")

    assert results.recorded() == {"ten": 1.79, "known": 0.88}


def test_what_is_not_measured_anew_stays_on_record_of_the_same_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(results, "RECORD", tmp_path / "README.md")
    results.RECORD.write_text("# Benchmarks\n\n<!-- results -->\n<!-- end -->\n", "utf-8")
    ten, many = (
        Result(code=code, what="ours", against="theirs", ours=3, other=2) for code in ("ten", "many")
    )
    results.record([ten, many], "2 cores")
    faster = replace(ten, ours=1, processor=0.5)
    results.record([faster], "2 cores")
    assert f"{faster.line()}\n{many.line()}\n" in results.RECORD.read_text("utf-8")
    assert ten.line() not in results.RECORD.read_text("utf-8")

    results.record([faster], "64 cores")
    assert many.line() not in results.RECORD.read_text("utf-8")


def test_weeks_are_sent_however_long_after_today_they_are(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    initialise(workspace)
    issue_and_send(workspace, "2027-W52", Sending(processes=1))
    files = ingest(workspace).files
    assert len(files) == 10
    assert all(file.status.is_return for file in files)
