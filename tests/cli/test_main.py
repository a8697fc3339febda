"""The contract of the commands: exit codes, JSON, help, and what goes where."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from xlsxwriter.exceptions import FileCreateError

from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.fault_report import write_fault_report
from tenproj_xl.ledger.store import open_ledger
from tests.helpers.filling import Office

PERIOD = "2026-W48"
STATUSES = {"accepted", "accepted_with_warnings", "to_correct", "refused", "superseded", "duplicate"}


def tenproj(*arguments: str, folder: Path | None = None) -> Result:
    return CliRunner().invoke(main, ["-C", str(folder), *arguments] if folder else list(arguments))


def said(*arguments: str, folder: Path) -> Any:
    return json.loads(tenproj(*arguments, "--json", folder=folder).stdout)


def send_with_a_fault(week: Office) -> None:
    form = week.right("02")
    form.write("tasks", "R02-01", status="基本完成")
    week.send(form)


def commands(group: click.Group, path: Sequence[str] = ()) -> list[list[str]]:
    found, context = [], click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found += commands(command, [*path, name]) if isinstance(command, click.Group) else [[*path, name]]
    return found


@pytest.mark.parametrize("command", commands(main), ids=" ".join)
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    result = tenproj(*command, "-h")
    assert result.exit_code == 0
    assert f"例：tenproj {' '.join(command)}" in result.stdout


@pytest.mark.parametrize("name", main.declared)
def test_the_list_of_commands_says_what_the_help_of_each_begins_with(name: str) -> None:
    _, summary = main.declared[name]
    command = main.get_command(click.Context(main), name)
    assert command
    assert (command.help or "").splitlines()[0] == summary
    assert f"  {name} " in tenproj("-h").stdout


def test_init_lays_down_a_workspace_and_never_overwrites_one(tmp_path: Path) -> None:
    assert said("init", folder=tmp_path)["written"] == [
        "工作计划.xlsx",
        "设置.xlsx",
        "打开密码.xlsx",
        "通讯录.xlsx",
        "workbook_templates/填报表.xlsx",
        "workbook_templates/信函.xlsx",
        "上报格式.xlsx",
    ]
    again = tenproj("init", folder=tmp_path)
    assert again.exit_code == 2
    assert "已经存在" in again.stderr


def test_outside_a_workspace_a_command_says_what_to_do(tmp_path: Path) -> None:
    result = tenproj("generate", "--period", PERIOD, folder=tmp_path)
    assert result.exit_code == 3
    assert "tenproj init" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("generate", "--period", "第48周"), "“第48周”没有写是哪一年的，请写全，如 --period 2"),
        (("generate", "--period", "12月"), "不是报送期，每周报送的期号应如 2026-W48。"),
        (("generate", "--period", "上半年"), "不是报送期，每周报送的期号应如 2026-W48。"),
        (("generate", "--period", "2026-11"), "不是报送期"),
        (("generate", "--period", "2025-W53"), "不存在"),
        (("generate", "--period", "9999-W52"), "“9999-W52”这一期不存在，请核对期号"),
        (("merge", "--period", "0001年第1周"), "“0001年第1周”不是期号"),
        (("status", "--period", "0001-W01"), "“0001-W01”这一期不存在，请核对期号"),
        (("report", "--month", "9999-W52"), "“9999-W52”这一期不存在，请核对期号"),
        (("plan", "correct", "--from", "9999-W52", "--reason", "笔误"), "“9999-W52”这一期不存在"),
        (("merge", "--period", "下周"), "不是期号"),
        (("merge", "--period", "٢٠٢٦-W48"), "不是期号"),
    ],
)
def test_a_period_that_cannot_be_meant_is_a_usage_error_also_as_json(
    week: Office, arguments: tuple[str, ...], says: str
) -> None:
    result = tenproj(*arguments, "--json", folder=week.workspace.root)
    assert result.exit_code == 2
    assert says in json.loads(result.stdout)["error"]


@pytest.mark.parametrize("typed", ["２０２６－W48", "2026-w48", "2026—Ｗ４８", " 2026-W48 "])
def test_a_period_typed_with_a_chinese_keyboard_is_the_same_period(week: Office, typed: str) -> None:
    assert said("status", "--period", typed, folder=week.workspace.root)["period"] == PERIOD
    assert said("generate", "--period", typed, folder=week.workspace.root)["period"] == PERIOD


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("meger", "没有“meger”这个命令。全部命令见：tenproj -h"),
        ("plan chek", "没有“chek”这个命令。全部命令见：tenproj plan -h"),
        (
            "merge --perod 2026-W48",
            "没有“--perod”这个选项。 或许是--pdf, --period。写法见：tenproj merge -h",
        ),
        ("withdraw 回表.xlsx", "还缺“--why 原因”。写法见：tenproj withdraw -h"),
        ("check", "还缺“文件…”。写法见：tenproj check -h"),
        ("check 没有的.xlsx", "没有找到文件“没有的.xlsx”，请核对文件名和所在的文件夹。"),
        ("supervise 没有的.xlsx", "没有找到文件“没有的.xlsx”，请核对文件名和所在的文件夹。"),
        (
            "generate --period 2026-W48 --by dept",
            "--by后面写得不对：“dept”不在task-force, unit之内。写法见：tenproj generate -h",
        ),
        ("report --final", "“--final”后面没有写内容。写法见：tenproj report -h"),
        ("merge --pdf=yes --period 2026-W48", "“--pdf”后面不用写内容。写法见：tenproj merge -h"),
        (
            "merge —period 2026-W48",
            "“—period”应写成“--period”，前面是两个英文的短横线。写法见：tenproj merge -h",
        ),
        (
            "merge －－period=2026-W48",
            "“－－period=2026-W48”应写成“--period”，前面是两个英文的短横线。写法见：tenproj merge -h",
        ),
        (
            "merge -period 2026-W48",
            "“-period”应写成“--period”，前面是两个英文的短横线。写法见：tenproj merge -h",
        ),
        (
            "status -C 工作区",
            "“-C 文件夹”要写在命令的前面，如 tenproj -C 文件夹 status。写法见：tenproj status -h",
        ),
        ("signoff README.md --period 2026-W48", "已经给出审定表，期号以审定表为准，请去掉 --period。"),
        ("resolve README.md --period 2026-W48", "已经给出裁定表，期号以裁定表为准，请去掉 --period。"),
        ("-C README.md status", "“README.md”是文件，这里要写文件夹。"),
        ("init README.md", "“README.md”是文件，这里要写文件夹。"),
        ("check docs", "“docs”是文件夹，这里要写文件名。收件夹里的回表请用 tenproj ingest 一起接收。"),
        (
            "merge 03 --period 2026-W48",
            "多写了“03”，文件名中有空格的要加引号。写法见：tenproj merge -h",
        ),
    ],
)
def test_a_command_mistyped_is_answered_in_chinese_with_the_way_out(
    line: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    result = CliRunner().invoke(main, line.split(), prog_name="tenproj")
    assert (result.exit_code, result.stderr) == (2, f"错误：{says}\n")


def test_a_printed_path_is_found_in_the_workspace_wherever_the_command_runs(
    merged: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    root = merged.workspace.root
    *_, printed = tenproj("supervise", "--period", PERIOD, folder=root).output.splitlines()
    command = printed.split()[1:]
    assert command[0] == "supervise"
    assert not Path(command[1]).exists()
    assert "没有找到文件" not in tenproj(*command, folder=root).output
    path = said("amend", folder=root)["written"][0]
    assert f"没有“{path}”这个文件" not in tenproj("amend", path, folder=root).output


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def turned_into_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    emptied(folder)


@pytest.mark.parametrize(
    ("name", "spoil", "command", "says"),
    [
        (
            "工作计划.xlsx",
            emptied,
            "status",
            "“工作计划.xlsx”不是 .xlsx 工作簿，或已损坏。请在 WPS 或 Excel 中打开",
        ),
        ("设置.xlsx", Path.unlink, "status", "里没有“设置.xlsx”。请先进入工作区文件夹，或用 -C 指明它"),
        (
            "workbook_templates/填报表.xlsx",
            emptied,
            "generate --period 2026-W48",
            "tenproj template build --force 恢复初始模板",
        ),
        (
            "workbook_templates/填报表.xlsx",
            Path.unlink,
            "generate --period 2026-W48",
            "tenproj template build 生成",
        ),
        (
            "workbook_templates/信函.xlsx",
            emptied,
            "merge --period 2026-W48",
            "“信函.xlsx”不是 .xlsx 工作簿，或已损坏。请在 WPS 或 Excel 中打开",
        ),
        (
            "打开密码.xlsx",
            emptied,
            "status",
            "打不开的，请移开它，运行 tenproj init 补一份空的，再登记密码（它不在备份里）",
        ),
        ("inbox", shutil.rmtree, "merge --period 2026-W48", "没有收件夹“inbox”。请在工作区里新建这个文件夹"),
        (
            "outbox",
            turned_into_a_file,
            "generate --period 2026-W48",
            "读写失败：这里应是文件夹，却是文件。请检查",
        ),
    ],
)
def test_a_workspace_in_disorder_is_told_by_what_is_amiss(
    week: Office, name: str, spoil: Callable[[Path], None], command: str, says: str
) -> None:
    spoil(week.workspace.root / name)
    result = tenproj(*command.split(), folder=week.workspace.root)
    assert (result.exit_code, says in result.stderr) == (3, True), result.stderr


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied"),
            "期填报表.xlsx”写不进去，可能正被打开，或没有写入权限",
        ),
        (
            FileCreateError(PermissionError(errno.EACCES, "Permission denied")),
            "期填报表.xlsx”写不进去，可能正被打开",
        ),
        (FileCreateError(OSError(errno.ENOSPC, "No space left on device")), "读写失败：磁盘已满。请检查"),
    ],
    ids=["held open", "folder not writable", "disk full"],
)
def test_a_workbook_that_cannot_be_written_ends_in_a_sentence(
    week: Office, fault: Exception, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("tenproj_xl.app.generate.write_form", refuse)
    monkeypatch.setattr("tenproj_xl.app.generate.has_second_process", lambda: False)
    result = tenproj("generate", "--period", PERIOD, folder=week.workspace.root)
    assert (result.exit_code, says in result.stderr) == (3, True), result.stderr


def test_a_run_that_was_broken_off_says_that_it_may_be_repeated(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tenproj_xl.app.merge.merge", broken_off)
    result = tenproj("merge", "--period", PERIOD, folder=week.workspace.root)
    assert (result.exit_code, result.stderr) == (3, "错误：已中断。重新运行一次即可，不会重复计入。\n")


def test_a_fault_of_the_program_ends_in_one_sentence_and_a_report_without_contents_of_cells(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        typed = "技术交易总额72亿元"
        raise ValueError(typed) from KeyError(typed)

    monkeypatch.setattr("tenproj_xl.app.merge.merge", breaks)
    root = week.workspace.root
    result = tenproj("merge", "--period", PERIOD, "--json", folder=root)
    assert result.exit_code == 4
    (report,) = root.glob("故障报告_*.txt")
    assert report.name in json.loads(result.stdout)["error"]
    text = report.read_text(encoding="utf-8")
    assert "72亿元" not in text
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "tenproj 0." in text
    assert "in breaks" in text


def test_a_report_of_a_fault_lies_elsewhere_where_the_workspace_cannot_be_written(tmp_path: Path) -> None:
    path = write_fault_report(ValueError("72亿元"), "merge", tmp_path / "gone")
    assert path.parent == Path(tempfile.gettempdir())
    text = path.read_text(encoding="utf-8")
    assert "builtins.ValueError" in text
    assert "72亿元" not in text
    path.unlink()


@pytest.mark.parametrize("command", [[], *commands(main)], ids=" ".join)
def test_help_is_in_chinese(command: list[str]) -> None:
    help_text = tenproj(*command, "-h").stdout
    assert help_text.startswith("用法：")
    assert not re.search(r"Usage|Options|Commands|Show|OPTIONS|required|default", help_text)


def test_generate_says_what_it_wrote_relative_to_the_workspace(week: Office) -> None:
    written = said("generate", "--period", PERIOD, folder=week.workspace.root)["written"]
    assert len(written) == 10
    assert all((week.workspace.root / path).is_file() for path in written)


def test_ingest_gives_each_file_its_status_and_findings_by_cell(week: Office) -> None:
    week.send(week.right("03"))
    send_with_a_fault(week)
    (week.workspace.inbox / "通知.pdf").write_bytes(b"%PDF-1.7 ...")
    document = said("ingest", "--period", PERIOD, folder=week.workspace.root)
    by_task_force = {f["task_force"]: f for f in document["files"]}
    assert {f["status"] for f in document["files"]} <= STATUSES
    assert by_task_force["02"]["status"] == "to_correct"
    assert by_task_force["02"]["period"] == PERIOD
    (found,) = [f for f in by_task_force["02"]["findings"] if f["severity"] == "error"]
    assert set(found) == {"code", "severity", "sheet", "cell", "row", "value", "message", "exempt"}
    assert (found["row"], found["exempt"]) == ("培育和形成一批百亿、十亿、亿元级项目", None)
    assert (found["code"], found["sheet"], found["value"]) == ("not_choice", "重点任务进度表", "基本完成")
    assert by_task_force[None]["status"] == "refused"
    assert by_task_force[None]["findings"][0]["cell"] is None
    answers = [f[kind] for f in document["files"] for kind in ("answer", "letter") if f[kind]]
    assert len(answers) == 1 + 3
    assert sorted(answers) == sorted(document["written"])
    assert all((week.workspace.root / path).is_file() for path in answers)


def test_what_a_file_in_gbk_has_no_character_for_stops_nothing(tmp_path: Path) -> None:
    def rules(*arguments: str) -> bytes:
        command = [sys.executable, "-m", "tenproj_xl.cli.main", "-C", str(tmp_path), "rules", *arguments]
        gbk = os.environ | {"PYTHONIOENCODING": "gbk"}  # as Windows has it where stdout goes into a file
        return subprocess.run(command, env=gbk, capture_output=True, check=True).stdout  # noqa: S603

    assert "错误　空文件（file_empty）" in rules().decode("gbk")
    assert json.loads(rules("--json")) == said("rules", folder=tmp_path)


def test_rules_lists_every_rule_as_the_settings_have_it(week: Office, tmp_path: Path) -> None:
    fresh = said("rules", folder=tmp_path)["rules"]
    assert [rule["code"] for rule in fresh] == [code.rule.code for code in Code]
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(week.workspace.settings)
    book["规则"].append(["累计数下降", "错误", None, "核减须先报告"])
    book["豁免"].append(["应报未报", "03", date(2026, 12, 31), "季报"])
    book.save(week.workspace.settings)
    rules = {rule["code"]: rule for rule in said("rules", folder=week.workspace.root)["rules"]}
    assert (rules["value_fell"]["severity"], rules["value_fell"]["default"]) == ("error", "question")
    assert rules["value_fell"]["note"] == "默认为疑问"
    assert rules["figure_missing"]["note"] == "豁免03，至2026-12-31：季报"
    assert (
        "错误　累计数下降（value_fell）　＊默认为疑问" in tenproj("rules", folder=week.workspace.root).stdout
    )


def test_exit_codes_tell_done_from_done_but_somebody_is_needed(week: Office) -> None:
    root = week.workspace.root
    week.send(week.right("03"))
    assert tenproj("ingest", folder=root).exit_code == 0
    assert tenproj("ingest", folder=root).exit_code == 0  # nothing there is nothing wrong
    send_with_a_fault(week)
    assert tenproj("merge", "--period", PERIOD, folder=root).exit_code == 1
    assert tenproj("merge", "--period", PERIOD, folder=root).exit_code == 0


def test_check_records_nothing_and_moves_nothing(week: Office) -> None:
    path = week.send(week.right("03"))
    result = tenproj("check", str(path), "--json", folder=week.workspace.root)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["written"] == []
    assert path.exists()
    with open_ledger(week.workspace.ledger, who="test") as ledger:
        assert ledger.receipts() == []


def test_check_tells_what_became_of_each_row_and_column(week: Office) -> None:
    form = week.right("03")
    form.reorder("tasks", ["R03-02", "R03-03", "R03-04", "R03-01"])
    form.write("tasks", "R03-03", name="改过的名称")
    form.rename_header("tasks", "progress", "本期进展情况")
    path = week.send(form)
    (file,) = said("check", str(path), folder=week.workspace.root)["files"]
    tasks = next(s for s in file["sheets"] if s["sheet"] == "tasks")
    assert tasks["rows"] == {"ok": 3, "moved": 1}
    assert [(r["row"], r["code"], r["state"]) for r in tasks["changed_rows"]] == [
        (6, "R03-03", "ok"),
        (8, "R03-01", "moved"),
    ]
    (edit,) = tasks["changed_rows"][0]["edited"]
    assert (edit["cell"], edit["column"], edit["found"]) == ("D6", "name", "改过的名称")
    assert edit["printed"] not in (None, edit["found"])
    assert tasks["changed_columns"] == [
        {"column": "progress", "state": "renamed", "cell": "M4", "header": "本期进展情况"}
    ]


def test_merge_says_where_the_rollup_lies_and_status_who_has_returned(week: Office) -> None:
    week.send(week.right("03"))
    root = week.workspace.root
    merged = said("merge", "--period", PERIOD, folder=root)
    assert merged["rollup"] in merged["written"]
    assert (root / merged["rollup"]).is_file()
    matrix = said("status", folder=root)
    lines = {line["task_force"]: line for line in matrix["returns"]}
    assert matrix["period"] == PERIOD
    assert lines["03"]["status"] in ("accepted", "accepted_with_warnings")
    assert lines["03"]["late"] is False
    assert (lines["02"]["status"], lines["02"]["owed"]) == (None, True)
    assert lines["05"]["owed"] is False


def test_who_has_yet_to_correct_is_still_said_when_nothing_new_came(week: Office) -> None:
    send_with_a_fault(week)
    root = week.workspace.root
    tenproj("ingest", folder=root)
    assert "待更正：02区发改经信局" in tenproj("status", folder=root).stdout.splitlines()
    assert "待更正：02区发改经信局" in tenproj("merge", "--period", PERIOD, folder=root).stderr.splitlines()


def test_with_json_stdout_is_one_document_and_people_are_spoken_to_on_stderr(week: Office) -> None:
    week.send(week.right("03"))
    result = tenproj("merge", "--period", PERIOD, "--json", folder=week.workspace.root)
    json.loads(result.stdout)
    assert "报送情况" in result.stderr


def test_an_edited_plan_is_reported_by_cell_and_stops_generate(week: Office) -> None:
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(week.workspace.plan)
    book["主要指标"]["B4"] = "99"
    book.save(week.workspace.plan)
    root = week.workspace.root
    found = said("plan", "check", folder=root)["findings"]
    assert [(f["file"], f["sheet"], f["cell"], f["code"]) for f in found] == [
        ("工作计划.xlsx", "主要指标", "B4", "plan_unknown"),
        ("工作计划.xlsx", "主要指标", "J3", "plan_nobody_responsible"),
    ]
    assert tenproj("plan", "check", folder=root).exit_code == 1
    stopped = tenproj("generate", "--period", PERIOD, folder=root)
    assert stopped.exit_code == 3
    assert "plan check" in stopped.stderr


def test_the_shipped_template_passes_its_check(week: Office) -> None:
    result = tenproj("template", "check", folder=week.workspace.root)
    assert (result.exit_code, result.stderr.strip()) == (0, "模板可以使用。")
    assert tenproj("template", "build", folder=week.workspace.root).exit_code == 2
    assert tenproj("template", "build", "--force", folder=week.workspace.root).exit_code == 0
