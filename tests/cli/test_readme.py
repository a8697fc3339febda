"""The README cannot rot: its commands are CI's, its table is the declarations', its transcript is the program's."""

import re
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.model.plan_items import PROGRAMME_ITEMS
from tenproj_xl.model.plan_schema import PLAN_SHEETS
from tests.cli.test_main import commands

HOME = Path(__file__).parents[2]
README = (HOME / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "document", ["docs/columns.md", "docs/操作手册.md", "docs/python.md", "docs/spoils.md"]
)
def test_tables_are_made_from_the_declarations_and_the_catalogue(document: str) -> None:
    made, text = runpy.run_path(str(HOME / "docs" / "make_tables.py")), (HOME / document).read_text("utf-8")
    assert "|---|" in text
    assert made["renewed"](text) == text


def test_ci_runs_the_readmes_two_commands() -> None:
    script = (HOME / ".ci" / "run").read_text(encoding="utf-8")
    shown = re.findall(r"```sh\n(.*?)\n```", README)
    assert len(shown) == 2
    for command in shown:
        assert command in script


def test_every_command_is_in_the_readme_or_in_the_operators_guide() -> None:
    guide = (HOME / "docs" / "操作手册.md").read_text(encoding="utf-8")
    for command in commands(main):
        name = f"tenproj {' '.join(command)}"
        assert re.search(rf"{name}(?![-a-z])", README + guide), name


def test_the_operators_guide_tells_every_column_and_every_choice_of_the_plan() -> None:
    guide = (HOME / "docs" / "操作手册.md").read_text(encoding="utf-8")
    chapter = guide.partition("### 工作计划怎么填")[2].partition("\n## ")[0]
    for sheet in PLAN_SHEETS:
        told = chapter.partition(f"**{sheet.name}**")[2]
        for column in sheet.columns:
            assert column.header in told, (sheet.name, column.header)
            assert all(choice in chapter for choice in column.choice_labels), column.header
    assert all(item in chapter for item in PROGRAMME_ITEMS.values())


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """Run the demonstration; give what it said, and its workspace."""
    folder = tmp_path_factory.mktemp("demonstration")
    result = CliRunner().invoke(main, ["-C", str(folder), "demo"])
    assert result.exit_code == 0, result.stderr
    (plan,) = folder.rglob("工作计划.xlsx")
    return result, plan.parent


def test_the_operators_actions_are_those_counted_from_the_demonstrations_letters(
    demonstrated: tuple[Result, Path],
) -> None:
    counted = runpy.run_path(str(HOME / "benchmarks" / "actions.py"))
    lines = list(counted["table"](counted["week_of"](Workspace(demonstrated[1]))))
    guide = (HOME / "docs" / "操作手册.md").read_text(encoding="utf-8")
    told = guide.partition("<!-- actions -->")[2].partition("<!-- /actions -->")[0]
    assert told.strip().splitlines() == lines


def test_the_transcript_is_what_the_demonstration_says(demonstrated: tuple[Result, Path]) -> None:
    """Hashes in names differ from run to run, and lines left out are marked by an ellipsis."""
    result, _ = demonstrated
    block = README.partition("<!-- transcript -->")[2].partition("<!-- /transcript -->")[0]
    shown = [line for line in block.strip().splitlines()[2:-1] if line.strip() not in ("", "…")]
    printed = iter([_steady(line) for line in result.stderr.splitlines()])
    assert len(shown) > 15
    for line in shown:
        assert _steady(line) in printed, line  # in this order


def _steady(line: str) -> str:
    return re.sub(r"_[0-9a-f]{6}\b", "_0a1b2c", line).rstrip()
