"""Which version counts: the order of two returns of a unit, what is said of it, and how the office turns it round."""

import os
import zipfile
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from tenproj_xl.app import judge_files
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.prefer import prefer
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.cli.main import main
from tenproj_xl.cli.returns_text import ingested_lines
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.ledger.as_of import ledger_as_of
from tenproj_xl.ledger.proof import verify
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading import inbox
from tests.conftest import PERIOD
from tests.helpers.filling import Filling, Office
from tests.helpers.rollup_reading import one, opened, table


def figure(week: Office, number: object, **more: object) -> Filling:
    """The form of task force 03 with nothing but 技术交易总额 filled in."""
    form = week.blank("03")
    form.write("indicators", "Z03-04", value=number, nature="部门统计", **more)
    form.cover(filler="张三", phone="0571-88880000")
    return form


def at(week: Office, hours: float) -> datetime:
    """A moment, some hours after the deadline."""
    return week.deadline + timedelta(hours=hours)


def run(week: Office, **now: datetime) -> Ingested:
    """Take in what lies in the inbox, a day after the deadline."""
    return ingest(week.workspace, PERIOD, now=now.get("now", at(week, 24)))


def files(done: Ingested) -> dict[str, FileResult]:
    return {f.received.name.rpartition("/")[2]: f for f in done.files}


def value(week: Office, code: str = "Z03-04", field: str = "value", sheet: str = "indicators") -> object:
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        row = ledger.history().latest(sheet, code)
    assert row is not None
    return row.values[field]


def said(file: FileResult, code: Code) -> str:
    return next((f.message for f in file.findings if f.code is code), "")


# --- the order, by each pair of channels


def saved(week: Office, number: object, hours: float | None) -> bytes:
    """A return's bytes that say of themselves when they were saved, or do not."""
    return figure(week, number).saved(None if hours is None else at(week, hours))


def mail(week: Office, data: bytes, hours: float, lain: float, name: str) -> None:
    """A mail of a date, kept in the inbox at another time."""
    message = EmailMessage()
    message["From"], message["Date"] = "张三 <zhangsan@example.com>", at(week, hours)
    message.set_content("请查收。")
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename="填报表.xlsx")
    lay(week, f"{name}.eml", message.as_bytes(), lain)


def pack(week: Office, data: bytes, hours: float, lain: float, name: str) -> None:
    path = week.workspace.inbox / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("填报表.xlsx", at(week, hours).timetuple()[:6]), data)
    touch(path, at(week, lain))


def lay(week: Office, name: str, data: bytes, hours: float) -> None:
    path = week.workspace.inbox / name
    path.write_bytes(data)
    touch(path, at(week, hours))


def touch(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


@pytest.mark.parametrize("runs", [1, 2])
def test_the_date_of_the_mail_goes_before_what_workbook_and_file_say(week: Office, runs: int) -> None:
    mail(week, saved(week, 76, -20), hours=-5, lain=-1, name="先存后发")
    if runs == 2:
        run(week)
    mail(week, saved(week, 75, -10), hours=-9, lain=-1, name="后存先发")
    done = run(week)
    assert value(week) == 76
    assert done.needs_a_person


def test_what_the_workbook_says_goes_before_its_date_in_a_zip_and_its_own_time(week: Office) -> None:
    pack(week, saved(week, 76, -10), hours=-30, lain=-9, name="甲")
    pack(week, saved(week, 75, -20), hours=-15, lain=-8, name="乙")
    run(week)
    assert value(week) == 76


def test_the_date_in_a_zip_goes_before_the_files_own_time(week: Office) -> None:
    pack(week, saved(week, 76, None), hours=-10, lain=-9, name="甲")
    pack(week, saved(week, 75, None), hours=-15, lain=-8, name="乙")
    run(week)
    assert value(week) == 76


def test_the_files_own_time_comes_last(week: Office) -> None:
    lay(week, "填报表(2).xlsx", saved(week, 75, None), -9)
    lay(week, "填报表(1).xlsx", saved(week, 76, None), -8)
    result = files(run(week))["填报表(1).xlsx"]
    assert value(week) == 76
    assert "“技术交易总额”75→76" in said(result, Code.RETURN_CHANGED)


def test_a_mail_and_a_file_are_compared_by_what_both_tell(week: Office) -> None:
    mail(week, saved(week, 75, -20), hours=-5, lain=-5, name="邮件")
    lay(week, "群里发的.xlsx", saved(week, 76, -10), -6)
    run(week)
    assert value(week) == 76


def test_a_workbook_that_was_never_saved_says_nothing_of_it(week: Office) -> None:
    lay(week, "没有保存时间.xlsx", saved(week, 76, None), -8)
    lay(week, "有保存时间.xlsx", saved(week, 75, -9), -9)
    run(week)
    assert value(week) == 76


# --- a clock that runs fast


def test_a_return_dated_2099_never_blocks_what_comes_after(week: Office) -> None:
    figure(week, 75).save(
        week.workspace.inbox / "将来.xlsx", datetime(2099, 1, 1, 9, tzinfo=week.deadline.tzinfo)
    )
    run(week)
    week.send(figure(week, 76), "后来.xlsx", hours=-5)
    result = files(run(week))["后来.xlsx"]
    assert value(week) == 76
    assert result.status is Status.WITH_WARNINGS
    assert "75→76" in said(result, Code.RETURN_CHANGED)


def test_a_workbook_saved_after_it_came_is_not_believed(week: Office) -> None:
    lay(week, "快八小时.xlsx", saved(week, 75, -1), -9)
    lay(week, "准时.xlsx", saved(week, 76, -8.5), -8)
    run(week)
    assert value(week) == 76


def test_a_return_of_a_time_ahead_of_the_clock_was_received_when_it_was_taken_in(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = week.deadline - timedelta(hours=5)
    for module in (inbox, judge_files):
        monkeypatch.setattr(module, "present", lambda: before)
    figure(week, 75).save(week.workspace.inbox / "将来.xlsx", week.deadline + timedelta(days=6))
    assert files(run(week, now=before))["将来.xlsx"].days_late == 0
    assert "迟报" not in set(table(merge(week.workspace, PERIOD).rollup, "报送情况", "专班")["报送"])


def test_data_of_a_ledger_with_a_time_ahead_of_the_clock_go_until_it_was_taken_in(week: Office) -> None:
    figure(week, 75).save(week.workspace.inbox / "将来.xlsx", at(week, 144))  # as 0.3.0 took it in
    run(week, now=at(week, -5))
    assert "资料截至 2026-11-27。" in notes(week)


def test_data_go_until_the_last_return_came_also_where_that_was_saved_before_another(week: Office) -> None:
    lay(week, "先到.xlsx", saved(week, 75, -8), -6)
    run(week)
    lay(week, "后到.xlsx", saved(week, 76, -9), 72)
    run(week, now=at(week, 96))
    assert value(week) == 75
    assert "资料截至 2026-11-30。" in notes(week)


def notes(week: Office) -> list[str]:
    sheet = opened(merge(week.workspace, PERIOD).rollup)["说明"]
    return [str(cell.value) for row in sheet.iter_rows() for cell in row]


# --- what is said


@pytest.mark.provokes(Code.RETURN_CHANGED)
def test_a_second_return_says_to_sender_and_operator_what_it_changed(week: Office) -> None:
    week.send(figure(week, 12.5), "填报表.xlsx")
    run(week)
    week.send(figure(week, 11.1, remark="核减"), "填报表(1).xlsx", hours=-1)
    done = run(week)
    result = files(done)["填报表(1).xlsx"]
    sentence = (
        "与前次报送（填报表.xlsx，11月27日14:00）相比，改动2处：“技术交易总额”12.5→11.1；“技术交易总额”备注：空白→核减；"
        "已按这一份计。"
    )
    assert said(result, Code.RETURN_CHANGED) == sentence
    assert result.letter
    assert sentence in result.letter.read_text("utf-8-sig")
    assert f"    {sentence}" in list(ingested_lines(done, week.workspace))


def wrong(week: Office, number: object) -> Filling:
    """The form of task force 03 with a figure that counts, and a task whose state is none."""
    form = figure(week, number)
    form.write("tasks", "R03-01", status="正常推进", progress="成立2支基金")
    return form


def told_to_correct(result: FileResult) -> tuple[str, list[str]]:
    """What the letter says of a file that has to be corrected, and what 修改清单 lists."""
    assert result.letter
    assert result.answer
    listed = [str(cell.value) for cell in load_workbook(result.answer)["修改清单"]["H"]]
    return result.letter.read_text("utf-8-sig"), listed


def test_a_second_return_that_has_to_be_corrected_says_to_its_sender_what_it_changed(week: Office) -> None:
    week.send(figure(week, 12.5), "填报表.xlsx")
    run(week)
    week.send(wrong(week, 11.1), "填报表(1).xlsx", hours=-1)
    result = files(run(week))["填报表(1).xlsx"]
    assert result.status is Status.TO_CORRECT
    sentence = said(result, Code.RETURN_CHANGED)
    assert "改动1处：“技术交易总额”12.5→11.1；已按这一份计。" in sentence
    letter, listed = told_to_correct(result)
    assert sentence in letter
    assert sentence in listed


@pytest.mark.parametrize(
    ("hours", "code"), [((-40, -20, -3), Code.RETURN_GOES_BACK), ((-20, -20, -20), Code.VERSION_UNSURE)]
)
def test_a_doubt_which_version_counts_is_told_where_something_has_to_be_corrected(
    week: Office, hours: tuple[float, ...], code: Code
) -> None:
    for number, name, hour in zip((12.5, 13.1), ("周三.xlsx", "周四.xlsx"), hours, strict=False):
        week.send(figure(week, number), name, hours=hour)
        run(week)
    week.send(wrong(week, 12.5), "周五.xlsx", hours=hours[-1])
    result = files(run(week))["周五.xlsx"]
    sentence = said(result, code)
    assert sentence
    letter, listed = told_to_correct(result)
    assert sentence in letter
    assert sentence in listed


@pytest.mark.provokes(Code.VERSION_UNSURE)
def test_where_channels_disagree_the_best_one_counts_and_both_are_told(week: Office) -> None:
    lay(week, "填报表(2).xlsx", saved(week, 75, -20), -8)
    lay(week, "填报表(1).xlsx", saved(week, 76, -10), -9)
    done = run(week)
    result = files(done)["填报表(1).xlsx"]
    assert value(week) == 76
    assert done.needs_a_person
    assert said(result, Code.VERSION_UNSURE) == (
        "与“填报表(2).xlsx，11月26日21:00”内容不同，哪一份在后看不准，1处不同：“技术交易总额”75→76；"
        "暂按这一份计，请核对，应以另一份为准的请告知总专班办公室。"
    )


def test_two_returns_that_nothing_tells_apart_are_never_decided_in_silence(week: Office) -> None:
    week.send(figure(week, 75), "填报表(1).xlsx")
    week.send(figure(week, 76), "填报表（最终版）.xlsx")
    done = run(week)
    assert done.needs_a_person
    [doubtful] = [f for f in done.files if f.rival]
    [other] = [f for f in done.files if not f.rival]
    assert doubtful.rival == other.received.sha256
    lines = "\n".join(ingested_lines(done, week.workspace))
    assert f"tenproj prefer {doubtful.rival[:12]}" in lines
    assert "与同一单位的另一份不同，请核实以哪一份为准" in lines
    before = value(week)
    prefer(week.workspace, doubtful.rival[:12])
    assert {before, value(week)} == {75, 76}


def test_the_checks_do_not_call_a_version_counted_over_which_the_office_prefers_another(week: Office) -> None:
    def outcome() -> object:
        checks = table(merge(week.workspace, PERIOD).rollup, "核验清单", "问题类型")
        return one(checks, "两份先后不明", "处理", "问题类型")

    week.send(figure(week, 75), "填报表(1).xlsx")
    week.send(figure(week, 76), "填报表（最终版）.xlsx")
    done = run(week)
    [doubtful] = [f for f in done.files if f.rival]
    assert outcome() == "已计入"
    prefer(week.workspace, doubtful.rival[:12])
    assert outcome() == "未采用"
    prefer(week.workspace, doubtful.received.sha256[:12])
    assert outcome() == "已计入"


@pytest.mark.provokes(Code.RETURN_SET_ASIDE)
def test_a_late_return_with_other_figures_that_is_set_aside_is_something_to_do(week: Office) -> None:
    week.send(figure(week, 76), "周五.xlsx", hours=-3)
    run(week)
    week.send(figure(week, 75), "周四.xlsx", hours=-20)
    done = run(week)
    result = files(done)["周四.xlsx"]
    assert (result.status, value(week)) == (Status.SUPERSEDED, 76)
    assert done.needs_a_person
    assert "“技术交易总额”76→75" not in said(result, Code.RETURN_CHANGED)
    assert result.letter
    assert "没有采用，仍按已接收的一份计" in result.letter.read_text("utf-8-sig")
    assert f"tenproj prefer {result.received.sha256[:12]}" in "\n".join(ingested_lines(done, week.workspace))


@pytest.mark.provokes(Code.RETURN_GOES_BACK)
def test_a_figure_that_goes_back_to_an_older_returns_is_a_question(week: Office) -> None:
    for number, name, hours in ((12.5, "周三.xlsx", -40), (13.1, "周四.xlsx", -20)):
        week.send(figure(week, number), name, hours=hours)
        run(week)
    week.send(figure(week, 12.5, remark="核对过"), "周五.xlsx", hours=-3)
    done = run(week)
    result = files(done)["周五.xlsx"]
    assert value(week) == 12.5
    assert done.needs_a_person
    assert said(result, Code.RETURN_GOES_BACK) == (
        "有1处又改回更早一份的内容：“技术交易总额”13.1→12.5；已按这一份计。请核对是不是错发了旧表，"
        "应以“周四.xlsx，11月26日21:00”为准的请告知总专班办公室。"
    )
    assert "改动1处：“技术交易总额”备注：空白→核对过" in said(result, Code.RETURN_CHANGED)
    assert f"改以另一份为准：tenproj prefer {result.rival[:12]}" in "\n".join(
        ingested_lines(done, week.workspace)
    )
    assert "还没有定以哪一份为准" in to_do(week)
    prefer(week.workspace, "周四.xlsx")
    assert value(week) == 13.1
    assert "还没有定以哪一份为准" not in to_do(week)


def test_a_figure_that_was_never_said_before_goes_back_to_nothing(week: Office) -> None:
    for number, name, hours in ((12.5, "周三.xlsx", -40), (13.1, "周四.xlsx", -20), (14.0, "周五.xlsx", -3)):
        week.send(figure(week, number), name, hours=hours)
        done = run(week)
    assert said(files(done)["周五.xlsx"], Code.RETURN_GOES_BACK) == ""
    assert not done.needs_a_person


def to_do(week: Office) -> str:
    return CliRunner().invoke(main, ["-C", str(week.workspace.root), "status"]).output


def test_status_keeps_a_doubtful_version_among_what_is_to_do_until_the_office_says_which_one_counts(
    week: Office,
) -> None:
    week.send(figure(week, 76), "周五.xlsx", hours=-3)
    run(week)
    week.send(figure(week, 75), "周四.xlsx", hours=-20)
    late = files(run(week))["周四.xlsx"].received.sha256
    assert "1份此前收到的回表与同一单位的另一份不同，还没有定以哪一份为准" in to_do(week)
    assert f"以另一份为准：tenproj prefer {late[:12]}" in to_do(week)
    confirmed = CliRunner().invoke(main, ["-C", str(week.workspace.root), "prefer", "周五.xlsx"])
    assert "已确认以它为准" in confirmed.stderr
    assert "还没有定以哪一份为准" not in to_do(week)
    assert value(week) == 76


def test_a_later_return_settles_which_version_counts(week: Office) -> None:
    week.send(figure(week, 76), "周五.xlsx", hours=-3)
    run(week)
    week.send(figure(week, 75), "周四.xlsx", hours=-20)
    run(week)
    week.send(figure(week, 77), "周六.xlsx", hours=-1)
    run(week)
    assert "还没有定以哪一份为准" not in to_do(week)


def test_what_a_unit_returns_for_another_task_force_leaves_a_doubtful_version_open(week: Office) -> None:
    def lead(force: str, code: str, number: int, name: str, hours: float) -> None:
        form = week.blank(force)
        form.write("indicators", code, value=number, nature="部门统计")
        form.cover(filler="李四", phone="0571-88880001")
        week.send(form, name, hours=hours)
        run(week)

    lead("01", "Z01-03", 150, "一.xlsx", -3)
    lead("01", "Z01-03", 140, "一旧.xlsx", -20)
    lead("02", "Z02-02", 30, "二.xlsx", -2)
    assert "以哪一份为准" in to_do(week)
    lead("02", "Z02-02", 20, "二旧.xlsx", -19)
    assert "2份此前收到的回表与同一单位的另一份不同" in to_do(week)
    prefer(week.workspace, "二旧.xlsx")
    said = to_do(week)
    assert "1份此前收到的回表与同一单位的另一份不同" in said
    assert "一旧.xlsx" in said


def test_a_late_return_with_the_same_figures_is_nothing_to_do(week: Office) -> None:
    week.send(figure(week, 76), "周五.xlsx", hours=-3)
    run(week)
    week.send(figure(week, 76), "周四.xlsx", hours=-20)
    done = run(week)
    assert files(done)["周四.xlsx"].status is Status.SUPERSEDED
    assert not done.needs_a_person


# --- turned round


def test_what_the_office_prefers_counts_until_a_later_return_comes(week: Office) -> None:
    week.send(figure(week, 76), "周五.xlsx", hours=-3)
    run(week)
    week.send(figure(week, 75), "周四.xlsx", hours=-20)
    run(week)
    done = prefer(week.workspace, "周四.xlsx", "电话核实")
    assert done.changes == ("“技术交易总额”76→75",)
    assert value(week) == 75
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        [receipt] = [r for r in ledger.receipts(PERIOD) if r.file == "周四.xlsx"]
        assert receipt.status is not Status.SUPERSEDED
        assert all(f.code is not Code.RETURN_SET_ASIDE for f in receipt.findings)
    assert prefer(week.workspace, "周四.xlsx").already
    week.send(figure(week, 77), "周一.xlsx", hours=-1)
    run(week)
    assert value(week) == 77


def test_a_preference_is_an_entry_like_others_so_that_the_past_stays_as_it_was(week: Office) -> None:
    week.send(figure(week, 76), "周五.xlsx", hours=-3)
    run(week)
    week.send(figure(week, 75), "周四.xlsx", hours=-20)
    run(week)
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        last = ledger.last_batch()
        sequence = ledger.sequence()
    assert last
    before = last.at
    prefer(week.workspace, "周四.xlsx")
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        after = ledger.last_batch()
        assert after
        assert ledger.sequence() > sequence
        assert verify(ledger._db).breaches == ()
        for moment, counted in ((before, {76}), (after.at, {75})):
            if after.at == before and moment == before:
                continue  # recorded within one second: both are known at that moment
            with ledger_as_of(ledger, moment) as past:
                row = past.history().latest("indicators", "Z03-04")
                assert row
                assert {row.values["value"]} == counted


def test_the_command_says_what_it_changed_and_what_to_do_next(week: Office) -> None:
    week.send(figure(week, 76), "周五.xlsx", hours=-3)
    run(week)
    week.send(figure(week, 75), "周四.xlsx", hours=-20)
    run(week)
    result = CliRunner().invoke(main, ["-C", str(week.workspace.root), "prefer", "周四.xlsx"])
    assert result.exit_code == 0
    assert "已以 周四.xlsx 为准，改动1处：\n  “技术交易总额”76→75\n" in result.output
    assert f"tenproj merge --period {PERIOD}" in result.output
    again = CliRunner().invoke(main, ["-C", str(week.workspace.root), "prefer", "周四.xlsx"])
    assert "本来就是最新的一份" in again.output


def test_only_a_return_that_counts_is_preferred(week: Office) -> None:
    with pytest.raises(UsageProblem, match="没有接收过叫“没有"):
        prefer(week.workspace, "没有.xlsx")


# --- correction workbooks


def to_correct(week: Office) -> Path:
    """The correction workbook of a return with one wrong figure."""
    form = figure(week, "约七十")
    form.write("tasks", "R03-01", status="序时推进", progress="成立2支基金")
    week.send(form, "填报表.xlsx", hours=-9)
    [result] = run(week).files
    assert result.answer
    return result.answer


@pytest.mark.provokes(Code.PATCH_CROSSED)
def test_what_was_changed_in_a_correction_and_in_a_return_meanwhile_is_shown(week: Office) -> None:
    correction = Filling(to_correct(week))
    form = figure(week, 76)
    form.write(
        "tasks", "R03-01", status="滞后", progress="成立1支基金", problems="资金不足", next_steps="催缴"
    )
    week.send(form, "新的.xlsx", hours=-8)
    run(week)
    correction.write("tasks", "R03-01", progress="成立3支基金")
    week.send(correction, "更正.xlsx", hours=-7)
    result = files(run(week))["更正.xlsx"]
    assert "“本期进展”退回更正时为“成立2支基金”，此后报来的是“成立1支基金”" in said(
        result, Code.PATCH_CROSSED
    )
    assert value(week, "R03-01", "progress", "tasks") == "成立3支基金"
    assert value(week, "R03-01", "problems", "tasks") == "资金不足"
    assert value(week) == 76


def test_what_a_correction_leaves_as_it_was_is_traced_to_the_return_it_comes_from(week: Office) -> None:
    correction = Filling(to_correct(week))
    week.send(figure(week, 76, remark="已核"), "新的.xlsx", hours=-8)
    run(week)
    correction.write("indicators", "Z03-04", value=77)
    week.send(correction, "更正.xlsx", hours=-7)
    run(week)
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        row = ledger.history().latest("indicators", "Z03-04")
    assert row
    assert (row.values["value"], row.values["remark"]) == (77, "已核")
    assert (row.source("value").file, row.source("remark").file) == ("更正.xlsx", "新的.xlsx")


@pytest.mark.provokes(Code.CORRECTION_UNCHANGED)
def test_a_correction_workbook_sent_back_as_it_was_is_told_so(week: Office) -> None:
    correction = Filling(to_correct(week))
    week.send(correction, "更正.xlsx", hours=-7)
    result = files(run(week))["更正.xlsx"]
    assert said(result, Code.CORRECTION_UNCHANGED).startswith("发回的更正表与退回时一样，没有改动")
    assert result.status is Status.TO_CORRECT
    assert result.letter
    told = result.letter.read_text("utf-8-sig")
    assert "“技术交易总额”这1行待贵单位更正发回后计入。" in told, "R03-01 was counted before"


def test_what_was_typed_into_the_list_of_corrections_is_told_with_its_cell(week: Office) -> None:
    path = to_correct(week)
    book = load_workbook(path)
    page = book["修改清单"]
    [typed] = [cell for cell in page["G"] if cell.value == "（空）"][:1] or [page["G5"]]
    typed.value = "改为 12.5"
    book.save(path)
    week.send(Filling(path), "更正.xlsx", hours=-7)
    result = files(run(week))["更正.xlsx"]
    assert f"“修改清单”{typed.coordinate}" in said(result, Code.OUTSIDE_CELLS)
    assert "改为 12.5" in said(result, Code.OUTSIDE_CELLS)
    assert said(result, Code.CORRECTION_UNCHANGED)


def test_correction_workbooks_leave_the_outbox_when_the_matter_is_settled(week: Office) -> None:
    correction = to_correct(week)
    assert correction.is_file()
    week.send(figure(week, 76), "新的.xlsx", hours=-8)
    run(week)
    assert not correction.exists()


def test_an_older_return_leaves_an_open_correction_where_it_lies(week: Office) -> None:
    correction = to_correct(week)
    week.send(figure(week, 76), "更早的.xlsx", hours=-12)
    run(week)
    assert correction.is_file()


# --- half a form each


def test_nobody_is_asked_for_what_another_has_sent(week: Office) -> None:
    right = week.right("03")
    first, second = week.blank("03"), week.blank("03")
    for form, sheets in ((first, ["indicators"]), (second, ["tasks", "issues"])):
        for sheet in sheets:
            form.bring(right, sheet)
        form.cover(filler="张三", phone="0571-88880000")
    week.send(first, "指标.xlsx", hours=-4)
    week.send(second, "任务.xlsx", hours=-3)
    files = run(week).files
    assert [file.status for file in files] == [Status.ACCEPTED, Status.ACCEPTED]
    assert [f.message for file in files for f in file.findings] == []
