"""No 期号 need be known: commands take the newest period, and what people call one."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.archive_year import archive_year
from tenproj_xl.app.periods import in_this_year, near
from tenproj_xl.cli.console import period_code
from tenproj_xl.cli.main import main
from tenproj_xl.core.periods import parse_period
from tests.helpers.filling import Office


def tenproj(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(root), *arguments])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026-w48", "2026-W48"),
        ("２０２６－Ｗ４８", "2026-W48"),
        ("2026年第48期", "2026-W48"),
        ("2026年第48周", "2026-W48"),
        ("2026年11月", "2026-11"),
        ("2026年四季度", "2026-Q4"),
        ("2026年上半年", "2026-H1"),
        ("2026年", "2026"),
        ("第48期", "第48期"),  # which year's the command knows
        ("2026-W99", "2026-W99"),
    ],
)
def test_a_period_is_typed_as_a_code_or_as_people_write_it(typed: str, code: str) -> None:
    assert period_code(typed) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("第48期", "2026-W48"),
        ("48周", "2026-W48"),
        ("第50期", "2025-W50"),  # that of this year has not begun
        ("11月", "2026-11"),
        ("12月", "2025-12"),
        ("四季度", "2026-Q4"),
        ("上半年", "2026-H1"),
        ("48", "48"),  # a week or a month: nobody can tell
        ("第99期", "第99期"),
    ],
)
def test_a_name_without_its_year_is_that_of_the_last_one(said: str, code: str) -> None:
    assert in_this_year(said, parse_period("2026-W48")) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [("第50期", "2026-W50"), ("第52周", "2026-W52"), ("第1期", "2027-W01"), ("2026-W50", "2026-W50")],
)
def test_whose_year_is_missing_is_shown_the_week_that_was_written(said: str, code: str) -> None:
    assert near(said, parse_period("2026-W51")) == code


@pytest.mark.parametrize(
    ("said", "file"),
    [("第42期", "2026-W42"), ("上期", "2026-W42"), ("本期", "2026-W48"), ("2026年第42周", "2026-W42")],
)
def test_status_is_that_of_the_period_people_name(later_week: Office, said: str, file: str) -> None:
    named = tenproj(later_week.workspace.root, "status", "--period", said)
    assert named.exit_code == 0, named.output
    assert named.stdout == tenproj(later_week.workspace.root, "status", "--period", file).stdout


@pytest.mark.parametrize("said", ["第48期", "11月", "上期"])
def test_every_command_understands_what_people_call_a_period(later_week: Office, said: str) -> None:
    root, out = later_week.workspace.root, later_week.workspace.root / "x"
    assert tenproj(root, "export", "--to", str(out), "--period", said).exit_code == 0
    listed = tenproj(root, "publications", "--period", said)
    assert (listed.exit_code, listed.stdout) == (
        0,
        "没有查到登记过的印发稿。印发后请运行：tenproj publish 文件… --by 姓名\n",
    )
    refused = tenproj(root, "publish", str(later_week.workspace.plan), "--by", "张三", "--period", said)
    assert "不是期号" not in refused.stderr


def test_who_names_a_period_without_forms_is_told_which_there_are(later_week: Office) -> None:
    done = tenproj(later_week.workspace.root, "status", "--period", "第45期")
    assert done.exit_code == 2
    assert "2026-W45 还没有下发过填报表" in done.stderr
    assert "最近下发的是第48期（2026-W48）、第42期（2026-W42）。" in done.stderr


def test_the_month_of_a_report_is_named_as_people_name_it(later_week: Office) -> None:
    done = tenproj(later_week.workspace.root, "report", "--month", "11月")
    assert done.exit_code == 0, done.output
    assert (later_week.workspace.outbox / "2026-11" / "汇总").is_dir()


def test_the_archive_is_by_default_of_the_year_at_hand_while_none_is_over(merged: Office) -> None:
    done = archive_year(merged.workspace, with_pages=False)
    assert (done.year, done.folder.name) == (2026, "归档_2026")
    assert date(done.year, 1, 1) < merged.deadline.date()


def test_a_typing_error_is_by_default_put_right_from_the_newest_period_on(later_week: Office) -> None:
    done = tenproj(later_week.workspace.root, "plan", "correct", "--reason", "笔误")
    assert done.exit_code == 2
    assert "没有要更正的" in done.stderr
