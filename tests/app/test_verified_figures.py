"""A 统计核定 figure yields only to another: whatever else is reported later, it goes on counting, and the unit is told."""

from pathlib import Path

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.history import Figure
from tests.helpers.filling import Office, sent_out
from tests.helpers.shared import copied, made_once
from tests.helpers.small_weeks import figure, merged, send, small_workspace

CODE = "Z01-01"


@pytest.fixture
def verified(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Workspace:
    """In W47 the unit reported 30 for October, 统计核定."""
    made = made_once(
        tmp_path_factory,
        "verified-figure",
        lambda root: merged(
            small_workspace(root), "2026-W47", {("indicators", CODE): figure(30, "统计核定")}
        ),
    )
    return copied(made, tmp_path)


def counting(workspace: Workspace) -> Figure:
    with open_ledger(workspace.ledger, who="tests") as ledger:
        (found,) = ledger.history().figures(CODE)
    return found


@pytest.mark.provokes(Code.VERIFIED_STANDS)
def test_a_later_figure_that_is_not_verified_does_not_replace_it_and_the_unit_is_told(
    verified: Workspace,
) -> None:
    send(sent_out(verified, "2026-W48"), {("indicators", CODE): figure(31, "部门统计")})
    (result,) = ingest(verified, "2026-W48").files
    (told,) = [f.message for f in result.findings if f.code is Code.VERIFIED_STANDS]
    assert told == (
        "第38行“重大项目当年完成投资”：2026年10月已有统计核定数30亿元，本次31亿元不是统计核定，仍按核定数计；"
        "核定数确有修订的，“数据性质”请选“统计核定”。"
    )
    assert (counting(verified).value, counting(verified).is_verified) == (30.0, True)


def test_an_estimate_sent_in_the_same_week_does_not_replace_it_either(verified: Workspace) -> None:
    send(Office.of(verified, "2026-W47"), {("indicators", CODE): figure(31, "预计")}, hours=-1)
    (result,) = ingest(verified, "2026-W47").files
    (told,) = [f for f in result.findings if f.code is Code.VERIFIED_STANDS]
    assert told.is_error
    assert (counting(verified).value, counting(verified).is_verified) == (30.0, True)


def test_another_verified_figure_replaces_it(verified: Workspace) -> None:
    merged(verified, "2026-W48", {("indicators", CODE): figure(29.5, "统计核定")})
    assert counting(verified).value == 29.5


def test_it_still_counts_when_it_is_weeks_old(verified: Workspace) -> None:
    for week, value in (("2026-W48", 31), ("2026-W49", 32)):
        merged(verified, week, {("indicators", CODE): figure(value, "部门统计")})
    office = sent_out(verified, "2026-W50")
    assert office.blank("01").value("indicators", CODE, "last_value") == "30"


def test_the_same_value_without_the_mark_is_no_fault(verified: Workspace) -> None:
    send(sent_out(verified, "2026-W48"), {("indicators", CODE): figure(30, "部门统计")})
    (result,) = ingest(verified, "2026-W48").files
    assert Code.VERIFIED_STANDS not in [f.code for f in result.findings]


@pytest.mark.provokes(Code.NATURE_FELL)
def test_an_estimate_for_a_period_that_has_a_figure_of_the_unit_counts_and_is_asked_about(
    tmp_path: Path,
) -> None:
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W47", {("indicators", CODE): figure(30, "部门统计")})
    send(sent_out(workspace, "2026-W48"), {("indicators", CODE): figure(31, "预计")})
    (result,) = ingest(workspace, "2026-W48").files
    (told,) = [f.message for f in result.findings if f.code is Code.NATURE_FELL]
    assert told == (
        "第38行“重大项目当年完成投资”：2026年10月已报部门统计30亿元，本次改为预计31亿元，暂按本次的计，请核对；"
        "确实要改的请在“核实说明”写明原因，原来的数不变的请改回。"
    )
    assert counting(workspace).value == 31.0


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ((30, "预计"), (31, "部门统计")),
        ((30, "部门统计"), (31, "统计快报")),
        ((30, "部门统计"), (31, "部门统计")),
        ((30, "部门统计"), (30, "预计")),
    ],
)
def test_one_of_no_lower_nature_or_of_the_same_value_is_not_asked_about_for_it(
    before: tuple[float, str], now: tuple[float, str], tmp_path: Path
) -> None:
    workspace = small_workspace(tmp_path)
    merged(workspace, "2026-W47", {("indicators", CODE): figure(*before)})
    send(sent_out(workspace, "2026-W48"), {("indicators", CODE): figure(*now)})
    (result,) = ingest(workspace, "2026-W48").files
    assert Code.NATURE_FELL not in [f.code for f in result.findings]


# --- the verified figure of an earlier period


@pytest.fixture
def asked(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Office:
    """31 were reported for the second quarter and 44 for the third; W48 waits for the second one's verified figure."""
    return Office.of(copied(made_once(tmp_path_factory, "asked", _asked), tmp_path), "2026-W48")


def _asked(root: Path) -> None:
    workspace = small_workspace(root)
    for week, value, quarter in (("2026-W38", 31, "2026年二季度"), ("2026-W43", 44, "2026年三季度")):
        merged(workspace, week, {("indicators", "Z01-03"): figure(value, "部门统计", quarter)})
    sent_out(workspace, "2026-W48")


def doubts(office: Office, value: float, nature: str) -> list[str]:
    send(office, {("indicators", "Z01-03/2026-Q2"): {"value": value, "nature": nature}})
    (result,) = ingest(office.workspace, "2026-W48").files
    return [f.message for f in result.findings if f.code is Code.VERIFIED_DOUBTED]


@pytest.mark.provokes(Code.VERIFIED_DOUBTED)
def test_the_newest_figure_in_its_row_is_asked_about(asked: Office) -> None:
    (told,) = doubts(asked, 47, "统计核定")
    assert told == (
        "第23行“新增规上企业（2026年二季度）”：这一行要的是2026年二季度的统计核定数，填了47家，与原报的31家差得多，"
        "像是2026年三季度（44家）以后的数，请核对；还没有核定数的请空着，不要填最新的数。"
    )


@pytest.mark.parametrize("nature", ["统计核定", "部门统计"])
def test_a_figure_near_what_was_reported_is_right(asked: Office, nature: str) -> None:
    assert doubts(asked, 33, nature) == []
