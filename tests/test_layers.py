"""Data flows one way: a module imports only from those above it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tenproj_xl

HOME = Path(tenproj_xl.__file__).parent
ORDER = (
    "errors", "cells", "identity", "findings", "periods", "sheets", "values", "tables", "office", "plan", "plan_sheets",
    "plan_checks", "planbook", "kinds", "sheetxml", "odsxml", "biff", "guard", "policy", "rules", "settings",
    "evaluate", "decisions", "history", "lives", "published", "slips", "recipients", "storage",
    "content", "disputes", "signoff", "ledger",
    "colours", "look", "drawing", "office_writer", "signoff_book", "template", "template_check", "formulas",
    "selfcheck", "inputs", "layout", "todo", "sent", "cover", "forms", "oldxml", "textbook", "members", "mail",
    "unpack", "decrypt", "convert", "reader", "channels", "doubts", "rows", "headerless", "verdicts", "returns",
    "entries", "scales", "crosschecks", "schemas", "validate", "settlebook", "notices", "placing", "corrections",
    "inbox", "arrivals", "signoff_reading", "workspace", "rollup.edition", "rollup.given", "rollup.indicator_lines",
    "rollup.task_lines", "rollup.issue_lines", "rollup.return_lines", "rollup.supervision_lines", "rollup.ask_lines",
    "rollup.duty_lines", "rollup.highlight_lines", "rollup.league_lines", "rollup.facts", "rollup.publishing",
    "rollup.wall_lines", "rollup.change_lines", "rollup.pressing", "rollup.trend_lines", "rollup.trend_layout",
    "rollup.forecast_lines", "rollup.style", "rollup.page", "rollup.table", "rollup.sparklines", "rollup.indicators",
    "rollup.tasks", "rollup.issues", "rollup.places", "rollup.supervision", "rollup.returns", "rollup.checks",
    "rollup.forecast", "rollup.coming", "rollup.verdicts", "rollup.asks", "rollup.duties",
    "rollup.highlights", "rollup.league", "rollup.notes", "rollup.wall", "rollup.changes", "rollup.counts",
    "rollup.trend_charts", "rollup.trends", "rollup.overview_layout", "rollup.overview_board",
    "rollup.overview_charts", "rollup.overview_lists", "rollup.overview_movers", "rollup.overview_legend",
    "rollup.overview_edition", "rollup.overview", "rollup.book", "brief", "gather", "editions", "naming", "selection",
    "slip_pages", "intake", "matrix", "answers", "pipeline", "rulings", "resolving", "supervise", "screens",
    "documents", "clerks", "demo", "console", "cli",
)  # fmt: skip


def modules() -> dict[str, Path]:
    paths = (p for p in HOME.rglob("*.py") if p.name != "__init__.py")
    return {".".join(p.relative_to(HOME).with_suffix("").parts): p for p in paths}


def imported(path: Path) -> Iterator[str]:
    """Every module of ours that a file imports, inside functions and for type checking too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tenproj_xl"):
            inner = (node.module or "").removeprefix("tenproj_xl").lstrip(".")
            named = [f"{inner}.{a.name}".lstrip(".") for a in node.names]
            yield from ([n for n in named if n in modules()] or ([inner] if inner in modules() else []))


def test_every_module_has_its_place_in_the_order() -> None:
    assert set(ORDER) == set(modules())


@pytest.mark.parametrize("name", ORDER)
def test_a_module_imports_only_from_those_above_it(name: str) -> None:
    above = set(ORDER[: ORDER.index(name)])
    assert set(imported(modules()[name])) <= above
