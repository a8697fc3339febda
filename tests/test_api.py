"""The Python API and its page in docs/: examples run as they are printed."""

import contextlib
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import tenproj_xl
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.rollup.frames import SOURCES
from tenproj_xl.rollup.registry import SPECS
from tests.cli.test_startup import HEAVY
from tests.helpers.filling import Office, sent_out
from tests.helpers.frame_reading import differences
from tests.helpers.shared import made_once
from tests.helpers.snapshot import snapshot

PAGE = (Path(__file__).parents[1] / "docs" / "python.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def two_years(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A workspace 工作区 in the current folder, with a return of 03 in 2025-W48 and two in 2026."""

    def make(folder: Path) -> None:
        workspace = Workspace(folder)
        initialise(workspace)
        for period in ("2025-W48", "2026-W44", "2026-W48"):
            office = sent_out(workspace, period)
            office.send(office.right("03"))
            ingest(workspace, period)

    shutil.copytree(made_once(tmp_path_factory, "two-years", make), tmp_path / "工作区")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "工作区"


def test_importing_the_package_loads_nothing_heavy() -> None:
    script = (
        "import sys, tenproj_xl\n"
        "assert 'tenproj_xl.api' not in sys.modules\n"
        "tenproj_xl.open('.')\n"
        f"print(' '.join(m for m in {HEAVY!r} if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == []


def test_a_name_that_is_not_there_is_missed_as_in_any_module() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Ofice'"):
        _ = tenproj_xl.Ofice


def test_the_examples_of_the_page_run_as_they_are_printed(two_years: Path) -> None:
    named: dict[str, object] = {}
    assert len(EXAMPLES) == 9
    with contextlib.redirect_stdout(io.StringIO()) as said:
        for example in EXAMPLES:
            exec(compile(example, "docs/python.md", "exec"), named)  # noqa: S102  # what the page prints
    trend, both = named["trend"], named["both"]
    assert isinstance(trend, pd.DataFrame)
    assert isinstance(both, pd.DataFrame)
    assert list(trend.index) == ["2025-10", "2026-09", "2026-10"]
    assert pd.read_excel("走势.xlsx", sheet_name="走势", engine="openpyxl").shape == (3, 2)
    assert both.set_index("code")["value_2025"].to_dict()["Z03-04"] == trend["Z03-04"].to_dict()["2025-10"]
    assert "滞后" in said.getvalue()
    assert isinstance(named["tasks"], pd.DataFrame)
    assert len(named["tasks"]) == 74
    assert two_years.name == "工作区"


def test_each_example_is_read_at_a_glance() -> None:
    assert max(len(example.strip().splitlines()) for example in EXAMPLES) <= 11


def test_the_whole_loop_runs_from_python_and_prints_nothing(
    week: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office = tenproj_xl.open(week.workspace.root)
    assert office.folder == week.workspace.root
    assert len(office.generate("2026-W48")) == 10
    returned = week.send(week.right("03"))
    assert [file.status for file in office.check(returned).files] == ["accepted"]
    assert [file.sender for file in office.ingest().files] == ["区科技局 张三"]
    merged = office.merge("2026-W48", signed_by="张三")
    assert merged.rollup.exists()
    assert all(path.exists() for path in office.report("month", "2026-11"))
    assert {line.task_force.code for line in office.status().lines if line.receipt} == {"03"}
    assert office.periods() == ("2026-W48",)
    assert capsys.readouterr() == ("", "")


def test_frames_say_what_the_merged_roll_up_says(later_week: Office) -> None:
    later_week.send(later_week.right("03"))
    office = tenproj_xl.open(later_week.workspace.root)
    rollup = office.merge("2026-W48").rollup
    frames, schemas = office.frames("2026-W48"), office.schemas("2026-W48")
    titles = {spec.code: spec.title for spec in SPECS}
    found = []
    for code, frame in frames.items():
        assert isinstance(frame, pd.DataFrame)
        if code != SOURCES:
            found += differences(rollup, titles[code], frame, schemas[code])
    assert found == []
    assert len(frames["indicators"]) == 65


def test_looking_from_python_leaves_no_trace(later_week: Office) -> None:
    before = snapshot(later_week.workspace.root)
    office = tenproj_xl.open(later_week.workspace.root)
    office.frames()
    office.frames("2026-Q4")
    office.schemas()
    office.status()
    assert office.periods() == ("2026-W42", "2026-W48")
    assert snapshot(later_week.workspace.root) == before


def test_a_wrong_folder_or_period_is_told_with_the_remedy(later_week: Office, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="tenproj init"):
        tenproj_xl.open(tmp_path / "nowhere").frames()
    office = tenproj_xl.open(later_week.workspace.root)
    with pytest.raises(UsageProblem, match=r"最近下发的是第48期（2026-W48）、第42期（2026-W42）"):
        office.frames("2026-W47")
    with pytest.raises(UsageProblem, match=r"2026-H2.*如 2026-W48"):
        office.frames("2026-H2")
    with pytest.raises(UsageProblem, match=r"没有找到文件“nix\.xlsx”"):
        office.check("nix.xlsx")
    with pytest.raises(UsageProblem, match="没有“week”这一种，可选：meeting、month、quarter、year"):
        office.report("week")  # type: ignore[arg-type]
    with pytest.raises(UsageProblem, match="没有“xlsx”"):
        office.export(tmp_path / "导出", file_format="xlsx")
