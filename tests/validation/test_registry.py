"""A row rule is one entry of the catalogue and one registered function."""

from collections.abc import Iterator

import pytest

import tenproj_xl.validation.row_rules  # noqa: F401  # registers them
from tenproj_xl.core.catalogue import Code, Gate
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.sheets import TEMPLATE_SHEETS
from tenproj_xl.validation import registry
from tenproj_xl.validation.registry import EVERY_SHEET, row_rules, rule


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
