"""`merge --changed`: belated returns change roll-ups of before, which one command makes again; and many files."""

import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.cli import files_told
from tenproj_xl.cli.main import main
from tests.helpers.filling import Office, sent_out
from tests.helpers.rollup_reading import one, table


def tenproj(office: Office, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *words])


def again(office: Office) -> list[str]:
    """The periods whose roll-ups are made again beside the newest."""
    document = json.loads(tenproj(office, "merge", "--changed", "--json").stdout)
    return [Path(path).parts[1] for path in document["again"]]


def is_told(office: Office, code: str) -> bool:
    """Whether the roll-up of a week has something that a unit reported of a task."""
    (path,) = (office.workspace.outbox / office.period / "汇总").glob("*汇总表.xlsx")
    return "已报送配合事项" in str(one(table(path, "重点任务"), code, "本期进展"))


def test_what_came_late_is_told_by_all_weeks_that_it_changes_and_by_one_command(week: Office) -> None:
    following = sent_out(week.workspace, "2026-W49")
    newest = sent_out(week.workspace, "2026-W50")
    for office in (week, following, newest):
        office.send(office.right("03"))
        assert tenproj(office, "merge", "--period", office.period).exit_code in {0, 1}
    for office in (week, following):
        form = office.blank("05")
        form.write("tasks", "R05-01", status="序时推进", progress="已报送配合事项")
        office.send(form)

    said = tenproj(week, "ingest").stderr

    assert "2026-W48、2026-W49 有补报，请运行 tenproj merge --changed 一并重做" in said
    assert not is_told(week, "R05-01")
    assert again(week) == ["2026-W48", "2026-W49"]
    assert is_told(week, "R05-01")
    assert is_told(following, "R05-01")
    assert again(week) == [], "nothing has changed since"


def test_one_late_return_names_its_week_and_merge_changed_then_asks_for_nothing(week: Office) -> None:
    tenproj(week, "merge")
    newest = sent_out(week.workspace, "2026-W49")
    week.send(week.right("03"))

    said = tenproj(newest, "merge", "--changed").stderr

    assert "重做的汇总表：outbox/2026-W48/汇总/" in said
    assert "有补报" not in said


def test_what_was_removed_leaves_the_roll_ups_of_weeks_before_with_merge_changed(week: Office) -> None:
    form = week.blank("05")
    form.write("tasks", "R05-01", status="序时推进", progress="已报送配合事项")
    week.send(form, "配合.xlsx")
    tenproj(week, "merge")
    tenproj(sent_out(week.workspace, "2026-W49"), "merge")
    assert is_told(week, "R05-01")

    tenproj(week, "remove", "配合.xlsx", "--why", "保密办3号")

    assert again(week) == ["2026-W48"]
    assert not is_told(week, "R05-01")
    assert again(week) == []


def test_changed_is_for_all_periods_and_takes_none(week: Office) -> None:
    refused = tenproj(week, "merge", "--changed", "--period", "2026-W48")
    assert refused.exit_code == 2
    assert "--changed 重做所有有变化的期，请去掉 --period、--final 和 --as-of。" in refused.stderr


def test_of_very_many_files_corrections_that_went_well_are_counted_like_others(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_told, "_MANY", 3)
    for number, value in enumerate((12.5, 12.6, 12.7, 12.6)):
        form = week.right("03")
        form.write("indicators", "Z03-04", value=value)
        week.send(form, f"第{number + 1}次.xlsx", hours=number - 9)

    said = tenproj(week, "ingest").stderr

    assert "第2次.xlsx" not in said.partition("现在要做的")[0]
    assert "  其余3份：已接收1份；已接收，有提示2份" in said
    assert "第4次.xlsx" in said, "it goes back to what stood in an older one"
    assert "12.7→12.6" in said


def test_of_very_many_files_those_that_went_well_are_counted_and_the_others_named(week: Office) -> None:
    path = week.send(week.right("03"))
    data, moment = path.read_bytes(), path.stat().st_mtime
    for number in range(110):  # a letter has more than a hundred parts
        file = io.BytesIO(data)
        with zipfile.ZipFile(file, "a") as archive:
            archive.comment = str(number).encode()
        copy = path.with_stem(f"{path.stem}_{number:03d}")
        copy.write_bytes(file.getvalue())
        os.utime(copy, (moment + number, moment + number))
    (week.workspace.inbox / "坏了.xlsx").write_bytes(b"no workbook")

    said = tenproj(week, "ingest").stderr

    assert "坏了.xlsx" in said
    assert "  其余111份：已接收111份" in said
    assert len(said.splitlines()) < 20
