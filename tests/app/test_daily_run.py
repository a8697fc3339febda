"""`tenproj run`: one command for the morning takes in, merges after the deadline, answers and reminds, and again."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenproj_xl.app.daily_run import Ran, run
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.signoff import sign_off
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.cli.main import main
from tenproj_xl.cli.run_text import ran_lines
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.deliveries import LetterState
from tenproj_xl.model.settings_reader import default_settings
from tests.app.test_send import tick
from tests.helpers.address_book import contact
from tests.helpers.filling import Office
from tests.helpers.mailbox import set_mail
from tests.helpers.rollup_reading import one, table
from tests.helpers.settings_book import add_line
from tests.office.test_signoff import CODE as ISSUE
from tests.office.test_signoff import SignoffOffice, saved
from tests.office.test_signoff_items import written

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 1, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 11, 27, 12, tzinfo=UTC)
SATURDAY, NEXT_MONDAY = datetime(2026, 11, 28, 1, tzinfo=UTC), datetime(2026, 11, 30, 1, tzinfo=UTC)


def lines(done: Ran, office: Office) -> list[str]:
    return list(ran_lines(done, office.workspace))


def entries(office: Office) -> int:
    with look_into_ledger(office.workspace.ledger) as ledger:
        return ledger.sequence()


def message(office: Office, folder: str) -> str:
    return (office.workspace.outbox / office.period / "待发" / folder / "消息.txt").read_text("utf-8-sig")


@pytest.fixture
def office(week: Office) -> Office:
    contact(week.workspace, "区科技局", "周一", channel="浙政钉")
    return week


def test_before_the_deadline_what_came_is_taken_in_and_answered_and_nothing_is_merged(office: Office) -> None:
    office.right("03").save(office.workspace.inbox / "03.xlsx")
    done = run(office.workspace, now=MONDAY)
    assert (done.merged, done.reminded) == (None, False)
    said = lines(done, office)
    assert said[0].startswith("收表：已接收")
    assert said[1].startswith("发信：待发")
    assert said[2] == "报送：应报7个专班，已报1个，未报6个。"
    assert "填报表已接收" in message(office, "区科技局_周一")


def test_on_the_working_day_before_the_deadline_and_after_it_units_are_reminded(office: Office) -> None:
    run(office.workspace, now=MONDAY)
    tick(office)
    days = (MONDAY, THURSDAY, FRIDAY_EVENING, SATURDAY, NEXT_MONDAY)
    assert [run(office.workspace, now=day).reminded for day in days] == [False, True, True, False, True]


def test_nobody_is_said_to_be_reminded_of_a_form_that_did_not_go_out(office: Office) -> None:
    for day in (MONDAY, THURSDAY, NEXT_MONDAY):
        done = run(office.workspace, now=day)
        assert not done.reminded
        assert "今天催报" not in "\n".join(lines(done, office))


def test_a_form_that_goes_out_after_the_deadline_goes_out_with_the_word_that_it_is_late(
    office: Office,
) -> None:
    for day in (SATURDAY, NEXT_MONDAY):
        done = run(office.workspace, now=day)
        said = message(office, "区科技局_周一")
        assert "报送截止时间（2026年11月27日17:00）已过，请尽快填好黄色单元格，用浙政钉发回" in said
        assert "17:00前" not in said
    assert not any(one.is_new for one in done.laid.letters)


def test_a_letter_that_lies_ready_stays_as_it_is_after_the_deadline_for_it_may_have_been_sent(
    office: Office,
) -> None:
    run(office.workspace, now=THURSDAY)
    said = message(office, "区科技局_周一")
    assert "请填好黄色单元格，于2026年11月27日17:00前用浙政钉发回" in said
    for day in (SATURDAY, NEXT_MONDAY):
        done = run(office.workspace, now=day)
        assert message(office, "区科技局_周一") == said
        assert not any(one.is_new for one in done.laid.letters)
    tick(office)
    run(office.workspace, now=NEXT_MONDAY)
    with look_into_ledger(office.workspace.ledger) as ledger:
        letters = [one for one in ledger.letters(office.period) if one.folder == "区科技局_周一"]
    sent = next(one for one in letters if one.state is LetterState.SENT)
    assert "于2026年11月27日17:00前用浙政钉发回" in sent.text


def test_nobody_who_owes_no_return_is_told_that_its_deadline_has_passed(office: Office) -> None:
    for unit in ("区住建局", "规划资源拱墅分局"):
        contact(office.workspace, unit, "甲", channel="浙政钉")
    run(office.workspace, now=SATURDAY)
    for unit in ("区住建局", "规划资源拱墅分局"):
        said = message(office, f"{unit}_甲")
        assert "（不要求报送，有配合事项的再报）" in said
        assert "已过" not in said


def test_forms_with_more_time_are_asked_for_by_their_own_deadline(office: Office) -> None:
    """One person answers for five forms, one of which has more time."""
    contact(office.workspace, "区发改经信局", "甲", channel="浙政钉")
    add_line(office.workspace, "延期报送", "02", office.period, "2026-12-04", "统计数据推迟发布")
    run(office.workspace, now=SATURDAY)
    late, in_time = message(office, "区发改经信局_甲").split("二、")
    assert "报送截止时间（2026年11月27日17:00）已过" in late
    assert in_time.startswith("02、06专班2026年第48期（11月23日—29日）填报表（其中06专班不要求报送，")
    assert "于2026年12月4日17:00前用浙政钉发回" in in_time


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2026, 9, 30), True),  # the deadline is the day after the holidays
        (date(2026, 10, 3), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 30), False),  # three weeks later
    ],
)
def test_reminders_leave_out_days_off(day: date, is_one: bool) -> None:  # noqa: FBT001
    calendar = default_settings().calendar
    deadline = datetime(2026, 10, 1, 17, tzinfo=calendar.zone)
    assert (
        calendar.is_day_of_reminders(
            deadline, datetime(day.year, day.month, day.day, 9, tzinfo=calendar.zone)
        )
        is is_one
    )


def test_after_the_deadline_the_roll_up_is_made_once_and_again_when_something_new_came(
    office: Office,
) -> None:
    office.right("03").save(office.workspace.inbox / "03.xlsx")
    first = run(office.workspace, now=SATURDAY)
    assert first.merged is not None
    assert first.merged.rollup.exists()
    office.right("02").save(office.workspace.inbox / "02.xlsx")
    assert run(office.workspace, now=SATURDAY).merged is not None


def told_of(office: Office, code: str) -> str:
    """What the roll-up says of the return of a task force."""
    (path,) = (office.workspace.outbox / office.period / "汇总").glob("*汇总表.xlsx")
    return str(one(table(path, "报送情况", "专班"), code, "报送", "专班"))


def test_the_roll_up_is_made_again_for_what_was_taken_in_by_hand_since(office: Office) -> None:
    run(office.workspace, now=SATURDAY)
    office.right("03").save(office.workspace.inbox / "03.xlsx")
    ingest(office.workspace, office.period)
    assert told_of(office, "03") == "未报"
    done = run(office.workspace, now=NEXT_MONDAY)
    assert done.ingested.files == ()
    assert done.merged is not None
    assert told_of(office, "03") == "按时"
    assert run(office.workspace, now=NEXT_MONDAY).merged is None, "nothing has come since"


def test_a_roll_up_that_could_not_be_written_is_made_by_the_next_run(office: Office) -> None:
    rollup = run(office.workspace, now=SATURDAY).merged.rollup  # type: ignore[union-attr]  # after the deadline
    rollup.unlink()
    rollup.mkdir()  # as a workbook that is open in Excel is in the way
    office.right("03").save(office.workspace.inbox / "03.xlsx")
    with pytest.raises(OSError, match="汇总表"):
        run(office.workspace, now=SATURDAY)
    rollup.rmdir()
    assert run(office.workspace, now=SATURDAY).merged is not None
    assert told_of(office, "03") == "按时"


def test_the_roll_up_is_made_again_where_a_return_was_withdrawn_since(office: Office) -> None:
    office.right("03").save(office.workspace.inbox / "03.xlsx")
    run(office.workspace, now=SATURDAY)
    withdraw(office.workspace, "03.xlsx", "发错了")
    assert run(office.workspace, now=NEXT_MONDAY).merged is not None
    assert told_of(office, "03") == "未报"


@pytest.mark.parametrize(("decided_on", "is_told"), [(date(2026, 11, 27), True), (date(2026, 11, 30), False)])
def test_the_roll_up_is_made_again_where_an_issue_of_its_week_was_decided_about_since(
    office: Office, decided_on: date, *, is_told: bool
) -> None:
    signing = SignoffOffice(office.workspace, office)
    signing.registers()
    run(office.workspace, now=SATURDAY)
    path = signing.draw().path
    verdict = {"处理": "核销", "依据": "重复登记", "决定人": "区长", "决定日期": decided_on}
    sign_off(office.workspace, saved(written(path, {ISSUE: verdict}), decided_on))
    assert (run(office.workspace, now=NEXT_MONDAY).merged is not None) is is_told
    assert run(office.workspace, now=NEXT_MONDAY).merged is None, "nothing was decided since"


def test_a_second_run_takes_in_sends_and_records_nothing_twice(office: Office) -> None:
    office.right("03").save(office.workspace.inbox / "03.xlsx")
    run(office.workspace, now=THURSDAY)
    before, letters = (
        entries(office),
        sorted(Path(office.workspace.outbox / office.period / "待发").rglob("*")),
    )
    again = run(office.workspace, now=THURSDAY)
    assert again.ingested.files == ()
    assert not any(one.is_new for one in again.laid.letters)
    assert entries(office) == before
    assert sorted(Path(office.workspace.outbox / office.period / "待发").rglob("*")) == letters


def test_a_mailbox_that_cannot_be_reached_keeps_nothing_else_from_being_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENPROJ_SECRET_MAIL", "word")
    set_mail(office.workspace, 收信服务器="127.0.0.1", 收信端口=9, 发信服务器="127.0.0.1", 发信端口=9)
    contact(office.workspace, "区住建局", "李二", to="zjj@example.com")
    office.right("03").save(office.workspace.inbox / "03.xlsx")
    done = CliRunner().invoke(main, ["-C", str(office.workspace.root), "run"])
    assert done.exit_code == 3
    assert "收表：已接收" in done.stderr
    assert done.stderr.count("错误：") == 2
    assert "word" not in done.stderr
    assert (office.workspace.outbox / office.period / "待发" / "区住建局_李二" / "消息.txt").exists()


def test_what_it_prints_fits_on_a_screen_and_ends_with_what_a_person_has_to_do(office: Office) -> None:
    form = office.right("03")
    form.fill_in({("indicators", "Z03-04"): {"value": "增长较快"}})
    form.save(office.workspace.inbox / "03.xlsx")
    (office.workspace.inbox / "杂物.xlsx").write_bytes(b"PK no workbook")
    said = lines(run(office.workspace, now=SATURDAY), office)
    assert len(said) <= 12
    assert said[4] == "要人办的："
    assert said[5].startswith("1. 请1家更正")
    assert any(line.endswith("封信发出，发出一封在待发清单打√") for line in said)


def test_missing_returns_and_letters_to_be_sent_by_hand_are_told_and_are_no_reason_for_exit_1(
    office: Office,
) -> None:
    done = run(office.workspace, now=SATURDAY)
    assert [line[:4] for line in lines(done, office)][-2:] == ["1. 催", "2. 把"]
    assert not done.needs_a_person


def test_a_return_that_is_to_be_corrected_is_one_in_the_run_that_takes_it_in(office: Office) -> None:
    form = office.right("03")
    form.fill_in({("indicators", "Z03-04"): {"value": "增长较快"}})
    form.save(office.workspace.inbox / "03.xlsx")
    assert [run(office.workspace, now=SATURDAY).needs_a_person for _ in range(2)] == [True, False]
