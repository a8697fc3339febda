"""The command `export`: the data sheets of a roll-up as CSV or Parquet, with what describes them."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from tenproj_xl.app.frames import facts_for
from tenproj_xl.app.results import Exported
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import write_file
from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.office.list_formats import Formats, default_formats, read_formats
from tenproj_xl.reading.inbox import is_noise
from tenproj_xl.reading.office_book import load_rows
from tenproj_xl.rollup.datapackage import (
    CSV,
    DESCRIPTOR,
    PARQUET,
    descriptor,
    exported_files,
    resource,
    table_bytes,
)
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.frames import data_tables
from tenproj_xl.rollup.platform_lists import Lists


def export(
    workspace: Workspace, folder: Path, period_code: str | None = None, file_format: str = CSV
) -> Exported:
    """Write the data of a period into a folder; nothing in the workspace changes.

    Args:
        workspace: The workspace.
        folder: A folder of its own: one that is new, empty or of an earlier export, which is replaced.
            Nothing is written where 上报格式.xlsx has errors.
        period_code: A week, month, quarter or year; by default the newest week that forms went out for.
        file_format: `csv` or `parquet`.

    Raises:
        UsageProblem: The folder holds something else, lies in the inbox or beside the ledger, no forms went
            out in the period, or there is no such format.
        EnvironmentProblem: Parquet is wanted and pyarrow is not installed.
    """
    if file_format == PARQUET and find_spec("pyarrow") is None:
        raise EnvironmentProblem(
            '导出 Parquet 要另装组件：请在本软件的文件夹里运行 pip install ".[parquet]" 后重试，'
            "或去掉 --format，导出 CSV。"
        )
    if file_format not in (CSV, PARQUET):
        raise UsageProblem(f"导出的格式只有 {CSV} 和 {PARQUET}，没有“{file_format}”。")
    for taken in (workspace.inbox, workspace.ledger):
        if folder.resolve().is_relative_to(taken.resolve()):
            raise UsageProblem(
                f"“{folder.name}”是收件夹或台账的文件夹，没有导出到里面。请用 --to 另写一个文件夹。"
            )
    facts = facts_for(workspace, period_code)
    lists = Lists(facts)
    formats, findings = _formats(workspace, lists)
    exported = Exported(
        period=facts.data.period,
        folder=folder,
        findings=tuple(findings),
        has_own_formats=workspace.list_formats.exists(),
    )
    if has_errors(findings):
        return exported
    files = dict(_files(facts, lists, formats, file_format))
    stale = _exported_before(folder, files.keys()) - files.keys()
    for name, data in files.items():
        write_file(folder / name, data)
    for name in stale:
        (folder / name).unlink(missing_ok=True)
    return replace(exported, written=tuple(folder / name for name in files))


def _formats(workspace: Workspace, lists: Lists) -> tuple[Formats, list[Finding]]:
    """Return how the office wants the lists; an earlier workspace has no such workbook."""
    path = workspace.list_formats
    if not path.exists():
        return default_formats(lists), []
    (sheets,) = load_rows(path)
    return read_formats(sheets, path.name, lists)


def _files(facts: Facts, lists: Lists, formats: Formats, file_format: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files by name; that which describes the others comes last, when they are all there.

    The lists are CSV, whatever the format of the rest: that is what platforms take.
    """
    resources = []
    for table in data_tables(facts):
        name, data = f"{table.code}.{file_format}", table_bytes(table, file_format)
        resources.append(resource(table, name, file_format, data))
        yield name, data
    for kind, columns in formats.items():
        listed = lists.table(kind, columns)
        name, data = f"{kind.label}.{CSV}", table_bytes(listed, CSV)
        resources.append(resource(listed, name, CSV, data))
        yield name, data
    yield DESCRIPTOR, descriptor(facts.data, resources)


def _exported_before(folder: Path, wanted: Collection[str]) -> set[str]:
    """Return the names of the files of an earlier export into a folder, even of one that was cut off.

    Args:
        folder: The folder.
        wanted: The names of the files that are to come.

    Raises:
        UsageProblem: The folder holds something else.
    """
    if not folder.exists():
        return set()
    name = folder.resolve().name
    if not folder.is_dir():
        raise UsageProblem(f"“{name}”是一个文件，请写一个文件夹。")
    others = sorted(path.name for path in folder.iterdir() if not is_noise(path.name))
    if set(others) <= set(wanted) - {DESCRIPTOR}:
        return set(others)
    try:
        return exported_files((folder / DESCRIPTOR).read_bytes())
    except (OSError, ValueError) as fault:
        raise UsageProblem(
            f"“{name}”里已有别的文件（如“{others[0]}”），请换一个新的或空的文件夹。"
        ) from fault
