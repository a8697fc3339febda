"""Exported files: validated by the library of their standard, and read back equal to frames and roll-up."""

import json
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from frictionless import Package, validate
from frictionless.resources import TableResource
from openpyxl import load_workbook
from pandas.testing import assert_frame_equal

import tenproj_xl
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import archived as archived_at
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.rollup.datapackage import shielded
from tenproj_xl.rollup.registry import SPECS
from tests.helpers.filling import sent_out
from tests.helpers.frame_reading import differences
from tests.helpers.shared import made_once
from tests.helpers.snapshot import snapshot

LISTS = ("target_list", "task_list", "duty_list", "issue_list")


@pytest.fixture(scope="session")
def _merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        workspace = Workspace(folder)
        initialise(workspace)
        office = sent_out(workspace, "2026-W48")
        form = office.right("03")
        task = office.forms["03"].part("tasks").rows[0].code
        form.fill_in({("tasks", task): {"progress": "+86公里已完工", "next_steps": "@全体\n推进"}})
        office.send(form)
        office.send(office.right("01"))
        tenproj_xl.open(folder).merge("2026-W48")

    return made_once(tmp_path_factory, "merged", make)


@pytest.fixture
def workspace(_merged: Path, tmp_path: Path) -> Workspace:
    """A workspace in which 01 and 03 have returned 2026-W48; 03 wrote what begins like a formula."""
    shutil.copytree(_merged, tmp_path / "工作区")
    return Workspace(tmp_path / "工作区")


def read_back(folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the exported tables by code, typed by their descriptions, texts as they were before they were shielded."""
    for resource in Package(folder / "datapackage.json").resources:
        assert isinstance(resource, TableResource)
        rows = [row.to_dict() for row in resource.read_rows()]
        frame = pd.DataFrame(rows, columns=resource.schema.field_names, dtype=object)
        for field in resource.schema.fields:
            if field.type == "string":
                frame[field.name] = frame[field.name].map(lambda text: text and text.removeprefix("'"))
        yield str(resource.name), frame


def test_the_package_is_valid_to_the_library_of_its_standard(workspace: Workspace, tmp_path: Path) -> None:
    done = tenproj_xl.open(workspace.root).export(tmp_path / "导出")
    report = validate(tmp_path / "导出" / "datapackage.json")
    assert report.flatten(["title", "type", "note"]) == []
    assert report.valid
    assert {path.name for path in done.written} == {path.name for path in (tmp_path / "导出").iterdir()}
    assert report.stats["tasks"] == len(done.written) - 1


def test_what_is_read_back_equals_the_frames_and_the_cells_of_the_roll_up(
    workspace: Workspace, tmp_path: Path
) -> None:
    office = tenproj_xl.open(workspace.root)
    rollup = office.merge("2026-W48").rollup
    office.export(tmp_path / "导出", "2026-W48")
    frames, schemas = office.frames("2026-W48"), office.schemas("2026-W48")
    tables = dict(read_back(tmp_path / "导出"))
    assert set(tables) == {*frames, *LISTS}
    titles = {spec.code: spec.title for spec in SPECS}
    for code, schema in schemas.items():
        frame = frames[code]  # type: ignore[literal-required]
        typed = tables[code].astype(frame.dtypes.to_dict())
        assert_frame_equal(typed, frame)
        if code in titles:
            assert differences(rollup, titles[code], schema.validate(typed), schema) == []


def test_no_text_of_a_unit_acts_as_a_formula_when_a_csv_is_opened(
    workspace: Workspace, tmp_path: Path
) -> None:
    office = tenproj_xl.open(workspace.root)
    office.export(tmp_path / "导出")
    raw = (tmp_path / "导出" / "tasks.csv").read_text("utf-8-sig")
    assert ",'+86公里已完工," in raw
    assert '"\'@全体\n推进"' in raw
    assert "+86公里已完工" in set(office.frames()["tasks"]["progress"])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "'引", "平常"])
def test_a_shielded_text_is_had_back_by_taking_one_quote_off(text: str) -> None:
    assert shielded(text).removeprefix("'") == text
    assert not shielded(text).startswith(("=", "+", "-", "@", "\t"))


def test_names_types_units_meanings_and_labels_stand_in_the_package(
    workspace: Workspace, tmp_path: Path
) -> None:
    tenproj_xl.open(workspace.root).export(tmp_path / "导出")
    package = json.loads((tmp_path / "导出" / "datapackage.json").read_text("utf-8"))
    assert package["name"] == "tenproj-2026-w48"
    resources = {made["name"]: made for made in package["resources"]}
    fields = {field["name"]: field for field in resources["indicators"]["schema"]["fields"]}
    assert fields["gap"]["type"] == "number"
    assert fields["gap"]["unit"] == "%"
    assert fields["gap"]["title"] == "差距占目标（%）"
    assert fields["value"]["unit"] == "见“单位”列"
    assert {"value": "behind", "label": "滞后"} in fields["state"]["categories"]
    assert all(field["description"] for made in resources.values() for field in made["schema"]["fields"])


def test_each_figure_is_traced_to_file_sheet_and_cell(workspace: Workspace, tmp_path: Path) -> None:
    tenproj_xl.open(workspace.root).export(tmp_path / "导出")
    tables = dict(read_back(tmp_path / "导出"))
    indicators = tables["indicators"].set_index("code")
    figures = indicators[indicators["value"].notna() | indicators["value_words"].notna()]
    sources = tables["sources"]
    of_values = sources[(sources["table"] == "indicators") & (sources["column"] == "value")].set_index("code")
    assert set(of_values.index) == set(figures.index)
    assert len(figures) > 5
    code = "Z03-04"
    name, tab, cell = (of_values[column].to_dict()[code] for column in ("file", "sheet", "cell"))
    assert name == "03_区科技局_2026年第48期填报表.xlsx"
    typed = [load_workbook(BytesIO(data))[tab][cell].value for data in archived(workspace, "Z03-04")]
    assert typed == [float(figures["value"].to_dict()[code])]


def archived(workspace: Workspace, code: str) -> Iterator[bytes]:
    """Yield the archived returns in which a row stands."""
    with look_into_ledger(workspace.ledger) as ledger:
        returns = {receipt.sha256 for receipt in ledger.receipts() if receipt.status.is_return}
    for digest in sorted(returns):
        data = archived_at(workspace.archive, digest).read_bytes()
        tab = load_workbook(BytesIO(data)).worksheets[1]
        if code in [cell.value for row in tab.iter_rows() for cell in row]:
            yield data


def test_exporting_leaves_no_trace_in_the_workspace(workspace: Workspace, tmp_path: Path) -> None:
    before = snapshot(workspace.root)
    tenproj_xl.open(workspace.root).export(tmp_path / "导出")
    assert snapshot(workspace.root) == before


def test_the_same_data_give_the_same_bytes_and_replace_an_earlier_export(
    workspace: Workspace, tmp_path: Path
) -> None:
    office, folder = tenproj_xl.open(workspace.root), tmp_path / "导出"
    office.export(folder, "2026-W48")
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    office.export(folder, "2026-Q4")
    assert (folder / "outlook.csv").exists()
    office.export(folder, "2026-W48")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_a_folder_with_other_files_is_left_alone(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "别的"
    folder.mkdir()
    (folder / "datapackage.json").write_text('{"name": "mine", "resources": [{"path": "a.csv"}]}', "utf-8")
    (folder / "a.csv").write_text("1", "utf-8")
    with pytest.raises(UsageProblem, match=r"已有别的文件（如“a\.csv”）"):
        tenproj_xl.open(workspace.root).export(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "datapackage.json"]


def test_nothing_is_exported_into_the_inbox_or_beside_the_ledger(workspace: Workspace) -> None:
    for folder in (workspace.inbox, workspace.ledger / "导出"):
        with pytest.raises(UsageProblem, match="是收件夹或台账的文件夹，没有导出到里面。请用 --to 另写"):
            tenproj_xl.open(workspace.root).export(folder)


def test_what_the_system_leaves_in_a_folder_is_no_file_of_anybodys(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "导出"
    folder.mkdir()
    for name in ("Thumbs.db", ".DS_Store"):
        (folder / name).write_bytes(b"")
    done = tenproj_xl.open(workspace.root).export(folder)
    assert folder / "tasks.csv" in done.written


def test_a_file_is_no_folder(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "导出").write_bytes(b"")
    with pytest.raises(UsageProblem, match="“导出”是一个文件"):
        tenproj_xl.open(workspace.root).export(tmp_path / "导出")


# --- lists for the platform


def edited(workspace: Workspace, *rows: tuple[str, str, str | None]) -> None:
    """Put other rows under the header of 上报格式."""
    book = load_workbook(workspace.list_formats)
    tab = book["上报格式"]
    tab.delete_rows(3, tab.max_row)
    for row in rows:
        tab.append(row)
    book.save(workspace.list_formats)


def test_the_lists_have_the_fields_order_and_headers_of_the_offices_workbook(
    workspace: Workspace, tmp_path: Path
) -> None:
    edited(
        workspace,
        ("目标清单", "指标名称", "项目名称"),
        ("目标清单", "obs_status", "OBS_STATUS"),
        ("目标清单", "编号", None),
        ("目标清单", "进度评价", "评价"),
        ("目标清单", "进度评价代码", None),
        ("任务清单", "重点任务", "任务"),
        ("任务清单", "距时限（天）", "剩余天数"),
        ("任务清单", "期代码", "期"),
    )
    tenproj_xl.open(workspace.root).export(tmp_path / "导出")
    tables = dict(read_back(tmp_path / "导出"))
    assert not set(LISTS[2:]) & set(tables)
    targets = tables["target_list"]
    assert list(targets.columns) == ["项目名称", "OBS_STATUS", "编号", "评价", "进度评价代码"]
    frame = tenproj_xl.open(workspace.root).frames()["indicators"]
    assert targets["编号"].tolist() == frame["code"].tolist()
    assert targets["进度评价代码"].tolist() == frame["state"].tolist()
    labels = tenproj_xl.open(workspace.root).schemas()["indicators"].columns["state"].metadata["labels"]
    assert targets["评价"].tolist() == [labels[state] for state in frame["state"]]
    assert list(tables["task_list"].columns) == ["任务", "剩余天数", "期"]
    assert set(tables["task_list"]["期"]) == {"2026-W48"}


def test_a_target_is_had_by_its_year_in_that_year_too(workspace: Workspace, tmp_path: Path) -> None:
    edited(
        workspace,
        ("目标清单", "本年目标", "今年"),
        ("目标清单", "2026年目标", None),
        ("目标清单", "2027年目标", None),
    )
    tenproj_xl.open(workspace.root).export(tmp_path / "导出")
    targets = dict(read_back(tmp_path / "导出"))["target_list"]
    assert list(targets.columns) == ["今年", "2026年目标", "2027年目标"]
    assert targets["今年"].tolist() == targets["2026年目标"].tolist()


def test_the_command_says_where_the_files_lie_and_what_is_wrong_with_the_workbook(
    workspace: Workspace, tmp_path: Path
) -> None:
    words = ("-C", str(workspace.root), "export", "--to", str(tmp_path / "导出"), "--json")
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert document["period"] == "2026-W48"
    assert {"indicators.csv", "目标清单.csv", "datapackage.json"} <= set(document["written"])
    assert "2026年第48期" in done.stderr
    edited(workspace, ("目标清单", "没有的", None), ("目标清单", "编号", None))
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert json.loads(done.stdout)["findings"][0]["cell"] == "B3"
    assert "“上报格式.xlsx”有1处要改，没有导出" in done.stderr


def test_the_state_of_a_figure_stands_in_sdmx_codes_beside_ours(workspace: Workspace, tmp_path: Path) -> None:
    tenproj_xl.open(workspace.root).export(tmp_path / "导出")
    targets = dict(read_back(tmp_path / "导出"))["target_list"]
    pairs = set(zip(targets["数据性质"].fillna(targets["进度评价"]), targets["观测状态"], strict=True))
    assert ("未报", "L") in pairs
    assert ("部门统计", "V") in pairs
    assert pairs <= {
        ("统计核定", "A"),
        ("统计快报", "P"),
        ("部门统计", "V"),
        ("预计", "E"),
        ("未报", "L"),
        ("未到发布期", "O"),
        ("本年目标未下达", "O"),
        ("不涉及", "O"),
    }
    assert set(targets["保密状态"]) <= {"F", "N"}


def test_an_unknown_field_is_told_with_the_likely_one_and_nothing_is_written(
    workspace: Workspace, tmp_path: Path
) -> None:
    edited(workspace, ("目标清单", "指标名", None), ("任务清单", "编号", None))
    done = tenproj_xl.open(workspace.root).export(tmp_path / "导出")
    assert [(f.code, f.cell) for f in done.findings] == [(Code.LIST_FIELD_UNKNOWN, "B3")]
    assert "是不是“指标名称”" in done.findings[0].message
    assert not (tmp_path / "导出").exists()


def test_a_header_that_stands_twice_in_a_list_is_told(workspace: Workspace, tmp_path: Path) -> None:
    edited(
        workspace,
        ("目标清单", "指标名称", "名称"),
        ("目标清单", "工程", "名称"),
        ("任务清单", "重点任务", "名称"),
    )
    done = tenproj_xl.open(workspace.root).export(tmp_path / "导出")
    assert [(f.code, f.cell) for f in done.findings] == [(Code.LIST_HEADER_TWICE, "C4")]


def test_what_is_wrong_in_the_workbook_is_told_from_the_top(workspace: Workspace, tmp_path: Path) -> None:
    edited(workspace, ("目标清单", "指标名", None), ("目标清淡", "编号", None), ("任务清单", "编", None))
    done = tenproj_xl.open(workspace.root).export(tmp_path / "导出")
    assert [f.cell for f in done.findings] == ["B3", "A4", "B5"]


def test_a_workspace_of_before_gets_the_lists_of_a_fresh_one_and_init_adds_the_workbook(
    workspace: Workspace, tmp_path: Path
) -> None:
    tenproj_xl.open(workspace.root).export(tmp_path / "一")
    workspace.list_formats.unlink()
    done = tenproj_xl.open(workspace.root).export(tmp_path / "二")
    assert not done.has_own_formats
    for name in ("目标清单.csv", "问题清单.csv"):
        assert (tmp_path / "一" / name).read_bytes() == (tmp_path / "二" / name).read_bytes()
    assert initialise(workspace) == [workspace.list_formats]


# --- Parquet


@pytest.mark.skipif(find_spec("pyarrow") is not None, reason="pyarrow is installed here")
def test_without_pyarrow_parquet_is_told_with_the_remedy(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="pip install"):
        tenproj_xl.open(workspace.root).export(tmp_path / "导出", file_format="parquet")
    assert not (tmp_path / "导出").exists()


@pytest.mark.parquet
@pytest.mark.skipif(find_spec("pyarrow") is None, reason="pyarrow slows every start: .ci/run parquet")
def test_parquet_read_back_equals_the_frames(workspace: Workspace, tmp_path: Path) -> None:
    office, folder = tenproj_xl.open(workspace.root), tmp_path / "导出"
    office.export(folder, "2026-W48", file_format="parquet")
    for code, schema in office.schemas("2026-W48").items():
        read = schema.validate(pd.read_parquet(folder / f"{code}.parquet"))
        assert_frame_equal(read, office.frames("2026-W48")[code])  # type: ignore[literal-required]
    assert (folder / "目标清单.csv").exists()
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert {made["format"] for made in package["resources"]} == {"parquet", "csv"}
