"""A row rule is one entry of the catalogue and one registered function."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import tenproj_xl.validation.row_rules  # noqa: F401  # registers them
from tenproj_xl.app.check import check as check_files
from tenproj_xl.core.catalogue import Code, Gate, Severity
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.validation import registry
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.registry import EVERY_SHEET, RowRule, row_rules, rule
from tests.helpers.filling import Office


@pytest.fixture
def fresh_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "_REGISTERED", [])
    row_rules.cache_clear()
    yield
    row_rules.cache_clear()


@pytest.mark.usefixtures("fresh_registry")
def test_a_registered_function_checks_the_rows_of_its_sheets() -> None:
    @rule(Code.NEGATIVE, on=("tasks",))
    def check(_entry: object, _context: object) -> Iterator[Finding]:
        yield from ()

    assert [r.check for r in row_rules("tasks")] == [check]
    assert row_rules("issues") == ()
    assert row_rules("tasks", of_others=True) == ()


def test_every_sheet_has_rules() -> None:
    assert all(row_rules(sheet) for sheet in EVERY_SHEET)


def test_rows_of_others_are_only_looked_at_for_changes() -> None:
    for sheet in EVERY_SHEET:
        assert [r.codes for r in row_rules(sheet, of_others=True)] == [(Code.ROW_OF_OTHERS,)]


def test_rules_are_for_the_sheets_that_there_are() -> None:
    assert tuple(sheet.code for sheet in TEMPLATE_SHEETS) == EVERY_SHEET


def test_every_rule_for_rows_is_about_cells_rows_or_history() -> None:
    codes = {code for sheet in EVERY_SHEET for r in row_rules(sheet) for code in r.codes}
    assert {code.gate for code in codes} == {Gate.CELLS, Gate.ROWS, Gate.HISTORY}


def test_a_rule_that_asks_names_what_it_needs() -> None:
    """Those without look at several cells, each by itself, or at what is missing."""
    asking = {r for sheet in EVERY_SHEET for r in row_rules(sheet) if _only_asks(r)}
    assert sorted(r.check.__name__ for r in asking if not r.needs) == [
        "dates_are_near",
        "explanations_are_renewed",
        "new_issue_is_not_there_yet",
        "one_unit_answers_for_the_issue",
        "open_issue_has_a_word",
        "verified_figure_is_not_todays",
    ]


def _only_asks(checked: RowRule) -> bool:
    return all(code.rule.severity is Severity.QUESTION for code in checked.codes)


@pytest.mark.usefixtures("fresh_registry")
def test_a_rule_is_silent_about_a_row_that_lacks_what_it_needs(later: Office, tmp_path: Path) -> None:
    asked = []

    @rule(Code.RANK_DOUBTFUL, on=("indicators",), needs=("value", "city_rank"))
    def check(entry: Entry, _context: object) -> Iterator[Finding]:
        asked.append(entry.code)
        yield from ()

    form = later.right("03")
    form.write("indicators", "Z03-04", city_rank=3)
    form.write("indicators", "Z03-05", city_rank="三四名")
    check_files(later.workspace, [form.save(tmp_path / "03.xlsx")], later.period)
    assert asked == ["Z03-04"]
