"""Whatever declarations another version had, its ledger is read, and no command ends in an exception."""

import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core import answers
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.sheets import COVER, form_sheets
from tenproj_xl.core.states import IssueState, State, TaskState
from tenproj_xl.model.decisions import Coordination, Extension, Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.slips import Level
from tenproj_xl.model.statuses import Status
from tests.helpers.answers import SIGNED
from tests.helpers.evolutions import Evolution, evolved
from tests.helpers.filling import Filling
from tests.helpers.rollup_reading import table
from tests.helpers.shared import made_once

KEPT = Path(__file__).parents[1] / "kept" / "workspace-0.2.1.zip"
PERIOD, NEXT = "2026-W48", "2026-W49"

COLUMNS = sorted(
    {column.field for sheet in (*form_sheets(range(2023, 2028)), COVER) for column in sheet.columns}
)
NUMBERS = (
    "asks",
    "returned",
    "late",
    "owed",
    "counted",
    "on_pace",
    "behind",
    "issues_open",
    "red",
    "in_time",
)
FIELDS = (
    *("indicators", "tasks", "issues"),
    *(
        "name",
        "task_force",
        "state",
        "value",
        "data_period",
        "gap",
        "year",
        "target",
        "milestone",
        "deadline",
    ),
    *(
        "level",
        "kind",
        "unit",
        "situation",
        "basis",
        "reply_by",
        "signer",
        "issued_on",
        "chosen_in",
        "outcome",
    ),
)
KINDS: tuple[type[LabelledCode], ...] = (
    *(State, TaskState, IssueState, Level, Duty, Verdict, Coordination, Extension, Severity),
    *(kind for kind in vars(answers).values() if isinstance(kind, type) and issubclass(kind, LabelledCode)),
)
CODES = sorted(
    {word for kind in KINDS for member in kind for word in (member.value, *member.labels)}
    | {code.rule.code for code in Code}
    | {status.value for status in Status}
)
NAMES = sorted({*COLUMNS, *NUMBERS, *FIELDS})


@st.composite
def others(draw: st.DrawFn, words: list[str]) -> dict[str, str]:
    """Some of the words with what the other version has in their place, "" for nothing."""
    found = draw(st.dictionaries(st.sampled_from(words), st.booleans(), max_size=len(words)))
    return {word: f"{word}_renamed" if there else "" for word, there in found.items()}


EVOLUTIONS = st.builds(Evolution, names=others(NAMES), codes=others(CODES), adds=st.booleans())
ALL_ADDED_SINCE = Evolution(dict.fromkeys(NAMES, ""), dict.fromkeys(CODES, ""), adds=True)
ALL_RENAMED = Evolution(
    {word: f"{word}_2" for word in NAMES}, {word: f"{word}_2" for word in CODES}, adds=False
)
OTHER_CODES = Evolution({}, {word: f"{word}_2" for word in CODES}, adds=True)


@pytest.fixture(scope="session")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kept workspace of 0.2.1, with a week that this version took in, merged and decided upon."""

    def make(folder: Path) -> None:
        with zipfile.ZipFile(KEPT) as archive:
            archive.extractall(folder)
        workspace = Workspace(folder)
        (path,) = workspace.outbox.glob(f"{PERIOD}/填报表/03_*.xlsx")
        form = Filling(path)
        form.write("indicators", "Z03-04", value=12.5, nature="部门统计")
        form.write("tasks", "R03-01", status="基本完成")
        form.write("issues", "+1", description="资金缺口较大", category="资金", status="整改中")
        form.cover(**SIGNED)
        form.save(workspace.inbox / form.name)
        assert run(workspace, "merge", "--period", PERIOD) == 1
        assert run(workspace, "generate", "--period", NEXT) == 0

    return made_once(tmp_path_factory, "two-versions", make)


def run(workspace: Workspace, *arguments: str) -> int:
    """Run a command and return its exit code, which is 4 after an exception."""
    return CliRunner().invoke(main, ["-C", str(workspace.root), *arguments]).exit_code


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVOLUTIONS)
@example(ALL_ADDED_SINCE)
@example(ALL_RENAMED)
@example(OTHER_CODES)
def test_no_command_fails_on_a_ledger_of_a_version_with_other_declarations(
    two_versions: Path, tmp_path: Path, evolution: Evolution
) -> None:
    root = tmp_path / "工作区"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(two_versions, root)
    workspace = Workspace(root)
    evolved(workspace.ledger / "台账.sqlite3", evolution)
    (path,) = workspace.outbox.glob(f"{NEXT}/填报表/03_*.xlsx")
    form = Filling(path)
    form.cover(**SIGNED)
    form.write("tasks", "R03-01", status="滞后", problems="资金未到位", next_steps="提请协调")
    form.save(workspace.inbox / form.name)
    for command in (
        ("status",),
        ("check", str(workspace.inbox / form.name)),
        ("merge", "--period", NEXT),
        ("report", "--month", "2026-11"),
        ("signoff",),
        ("supervise", "--period", NEXT),
        ("resolve", "--period", "2026-W42"),
        ("export", "--period", NEXT, "--to", str(root / "导出")),
        ("withdraw", "误发.xlsx", "--undo", "--why", "核实后采用"),
        ("generate", "--period", "2026-W50"),
    ):
        assert run(workspace, *command) in (0, 1), command


@pytest.mark.parametrize(
    "evolution", [ALL_ADDED_SINCE, ALL_RENAMED, OTHER_CODES], ids=["new", "renamed", "codes"]
)
def test_what_was_declared_otherwise_is_told_as_no_change(
    two_versions: Path, tmp_path: Path, evolution: Evolution
) -> None:
    plain, other = (Workspace(shutil.copytree(two_versions, tmp_path / name)) for name in ("a", "b"))
    evolved(other.ledger / "台账.sqlite3", evolution, tables=("merges",))
    assert told(other) <= told(plain)


def told(workspace: Workspace) -> set[tuple[str, str]]:
    """Merge, and return the changes that the roll-up tells: what of which row."""
    assert run(workspace, "merge", "--period", NEXT) in (0, 1)
    (path,) = workspace.outbox.glob(f"{NEXT}/汇总/*汇总表.xlsx")
    return {(line["变化"], line["编号"]) for line in table(path, "本期变化").to_dict("records")}
