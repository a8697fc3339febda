"""Who may answer for whom: a return from another unit's address waits for the office's word."""

import json
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.workspace import load
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.statuses import Status
from tests.helpers.address_book import contact
from tests.helpers.filling import Filling, Office
from tests.helpers.mailbox import set_mail
from tests.helpers.plan_book import plan_book

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
STOPPED = {"status": "滞后", "progress": "已全部停工", "problems": "停工", "next_steps": "复工"}


@pytest.fixture
def office(week: Office) -> Office:
    contact(week.workspace, "区科技局", "周一", to="kjj@example.com")
    contact(week.workspace, "区文广旅体局", "陈二", to="wgl@example.com")
    contact(week.workspace, "区发改经信局", "吴三", to="fgj@example.com")
    return week


def mailed(form: Filling, sender: str, *, unit: str = "", hours: float = 0) -> bytes:
    """Return a mail that brings a form, sent so many hours after Friday morning."""
    if unit:
        form.cover(unit=unit)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, "填报表"
    mail["Date"] = format_datetime(FRIDAY + timedelta(hours=hours))
    mail.set_content("请查收")
    mail.add_attachment(form.data, maintype="application", subtype="octet-stream", filename="填报表.xlsx")
    return mail.as_bytes()


def stopped(office: Office) -> Filling:
    """Return the form of 08专班 in which R08-01 has come to a halt."""
    form = office.right("08")
    form.fill_in({("tasks", "R08-01"): STOPPED})
    return form


def arrive(office: Office, mail: bytes, name: str = "来信.eml") -> FileResult:
    """Take in a mail."""
    (office.workspace.inbox / name).write_bytes(mail)
    (result,) = ingest(office.workspace, office.period).files
    return result


def tenproj(office: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), *arguments])


def letters(office: Office) -> str:
    folder = office.workspace.outbox / office.period / "通知"
    return "\n".join(path.read_text("utf-8-sig") for path in sorted(folder.glob("*.txt")))


def progress(office: Office, code: str = "R08-01") -> object:
    """Return what counts as the progress of a task."""
    with look_into_ledger(office.workspace.ledger) as ledger:
        row = ledger.history().latest("tasks", code)
    return row.values["progress"] if row else None


# --- whose address it is


def test_a_form_from_its_units_own_address_counts(office: Office) -> None:
    result = arrive(office, mailed(office.right("08"), "陈二 <WGL@example.com>"))
    assert result.status is Status.ACCEPTED


def test_a_file_laid_into_the_inbox_by_hand_is_vouched_for(office: Office) -> None:
    stopped(office).save(office.workspace.inbox / "08.xlsx")
    (result,) = ingest(office.workspace, office.period).files
    assert result.status.is_return


def test_what_the_office_forwards_from_its_own_address_is_vouched_for(office: Office) -> None:
    set_mail(office.workspace, 收信服务器="imap.example.com", 账号="bgs@example.com")
    result = arrive(office, mailed(office.right("08"), "办公室 <BGS@example.com>"))
    assert result.status is Status.ACCEPTED


def test_a_unit_of_which_no_address_is_kept_is_asked_nothing(office: Office) -> None:
    assert arrive(office, mailed(office.right("10"), "someone@example.org")).status is Status.ACCEPTED


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("kjj@evil.example", "kjj@evil.example"),
        ("evil@evil.example@evil.example", "（没有发件地址）"),
        ('"wgl@example.com" <>', "wgl@example.com （没有发件地址）"),
        ('"陈二 wgl@example.com" <evil>', "陈二 wgl@example.com （没有发件地址）"),
        ("", "（没有发件地址）"),
    ],
)
def test_a_mail_without_an_address_that_is_kept_is_told_whatever_its_senders_name_looks_like(
    office: Office, sender: str, shown: str
) -> None:
    mail = mailed(office.right("08"), "SENDER").replace(b"From: SENDER", f"From: {sender}".encode())
    if not sender:
        mail = mail.replace(b"From: \n", b"")
    result = arrive(office, mail)
    (told,) = (f for f in result.findings if f.code is Code.SENDER_UNKNOWN)
    assert told.message.startswith(f"{shown}没有登记在通讯录")


@pytest.mark.provokes(Code.SENDER_OTHER_UNIT)
def test_a_form_from_another_units_address_waits_and_is_told_to_the_operator(office: Office) -> None:
    (office.workspace.inbox / "来信.eml").write_bytes(mailed(stopped(office), "周一 <kjj@example.com>"))
    done = tenproj(office, "ingest")
    assert done.exit_code == 1
    assert "这是区文广旅体局的表，却从区科技局登记的邮箱地址kjj@example.com发来，没有计入" in done.stderr
    status = tenproj(office, "status")
    assert "应报7个专班，已报0个" in status.output
    assert "1份此前的来件等待核实来源，没有计入" in status.output
    assert letters(office) == ""


def test_what_waits_takes_the_place_of_nothing(office: Office) -> None:
    arrive(office, mailed(office.right("08"), "wgl@example.com"))
    before = progress(office)
    result = arrive(office, mailed(stopped(office), "kjj@example.com", hours=2), "again.eml")
    assert result.status is Status.AWAITING
    assert progress(office) == before != "已全部停工"


def test_a_unit_that_has_no_part_in_a_task_force_does_not_answer_for_it(office: Office) -> None:
    result = arrive(office, mailed(stopped(office), "kjj@example.com", unit="区科技局"))
    assert result.status is Status.AWAITING
    assert "这是区文广旅体局的表" in result.findings[0].message


# --- what the office says of it


def test_admit_takes_it_in_as_it_came(office: Office) -> None:
    waiting = arrive(office, mailed(stopped(office), "kjj@example.com"))
    done = tenproj(office, "admit", waiting.received.sha256[:8])
    assert "已核实来源，予以接收" in done.stderr
    assert progress(office) == "已全部停工"
    status = tenproj(office, "status")
    assert "应报7个专班，已报1个" in status.output
    assert "等待核实来源" not in status.output
    again = tenproj(office, "admit", waiting.received.sha256[:8])
    assert "已核实来源" in again.stderr
    assert "收件夹里没有待处理的文件" in again.stderr
    other = tenproj(office, "admit", waiting.received.sha256[:8], "--as", "区发改经信局")
    assert other.exit_code == 2
    assert "已经计入，不能改算别的单位的" in other.stderr


def test_what_never_waited_needs_no_word(office: Office) -> None:
    counted = arrive(office, mailed(office.right("08"), "wgl@example.com"))
    done = tenproj(office, "admit", counted.received.sha256[:8])
    assert done.exit_code == 2
    assert "不在等待核实" in done.stderr


def test_the_same_mail_again_is_a_copy_of_what_was_admitted(office: Office) -> None:
    mail = mailed(stopped(office), "kjj@example.com")
    tenproj(office, "admit", arrive(office, mail).received.sha256[:8])
    assert arrive(office, mail, "又一次.eml").status is Status.DUPLICATE


def test_admit_as_another_unit_makes_it_that_units_word(office: Office) -> None:
    waiting = arrive(office, mailed(stopped(office), "fgj@example.com"))
    done = tenproj(office, "admit", waiting.received.sha256[:8], "--as", "区发改经信局")
    assert done.exit_code in (0, 1), done.stderr
    with look_into_ledger(office.workspace.ledger) as ledger:
        assert {row.unit for row in ledger.accepted_rows(office.period)} == {"区发改经信局"}
        assert ledger.admissions() == {waiting.received.sha256: "区发改经信局"}


def test_admit_as_a_unit_that_has_no_part_in_the_task_force_says_so(office: Office) -> None:
    waiting = arrive(office, mailed(office.right("08"), "kjj@example.com"))
    wrong = tenproj(office, "admit", waiting.received.sha256[:8], "--as", "区住建局")
    assert wrong.exit_code == 2
    assert "是08专班的表，区住建局不在这个专班，不能算它报的；请核对 --as 后面的单位名称" in wrong.stderr
    tenproj(office, "admit", waiting.received.sha256[:8])
    assert "应报7个专班，已报1个" in tenproj(office, "status").output
    with look_into_ledger(office.workspace.ledger) as ledger:
        assert {row.unit for row in ledger.accepted_rows(office.period)} == {"区文广旅体局"}


def test_whose_a_return_may_be_goes_by_the_plan_of_its_period(office: Office) -> None:
    """区财政局 leaves task force 08 after the forms went out, and 区教育局 comes in."""
    own = arrive(office, mailed(office.right("08"), "kjj@example.com")).received.sha256[:8]
    with plan_book(office.workspace) as plan:
        plan.set("专班", "08", 责任单位="区委宣传部、区教育局")
    assert "区教育局不在这个专班" in tenproj(office, "admit", own, "--as", "区教育局").stderr
    tenproj(office, "admit", own, "--as", "区财政局")
    with look_into_ledger(office.workspace.ledger) as ledger:
        assert {row.unit for row in ledger.accepted_rows(office.period)} == {"区财政局"}


def test_what_was_admitted_and_withdrawn_is_taken_back_first(office: Office) -> None:
    own = arrive(office, mailed(stopped(office), "kjj@example.com")).received.sha256[:12]
    tenproj(office, "admit", own)
    tenproj(office, "withdraw", own, "--why", "报错了")
    again = tenproj(office, "admit", own)
    assert again.exit_code == 2
    assert f"已撤回，不能接收。要恢复的，请先运行 tenproj withdraw {own} --undo --why 原因" in again.stderr
    tenproj(office, "withdraw", own, "--undo", "--why", "核实无误")
    assert progress(office) == "已全部停工"


def test_admit_as_a_unit_that_the_plan_lacks_says_so(office: Office) -> None:
    waiting = arrive(office, mailed(stopped(office), "kjj@example.com"))
    done = tenproj(office, "admit", waiting.received.sha256[:8], "--as", "区某某局")
    assert done.exit_code == 2
    assert "工作计划里没有叫“区某某局”的单位" in done.stderr


def test_the_form_of_a_unit_is_admitted_as_that_units_alone(office: Office) -> None:
    generate(office.workspace, office.period, by_unit=True)
    path = office.workspace.outbox / office.period / "填报表" / "区文广旅体局_2026年第48期填报表.xlsx"
    mail = EmailMessage()
    mail["From"], mail["Date"] = "kjj@example.com", format_datetime(FRIDAY)
    mail.add_attachment(path.read_bytes(), maintype="application", subtype="octet-stream", filename="表.xlsx")
    waiting = arrive(office, mail.as_bytes())
    done = tenproj(office, "admit", waiting.received.sha256[:8], "--as", "区科技局")
    assert done.exit_code == 2
    assert "只能算它报的，不能用 --as" in done.stderr


def test_a_slip_on_the_cover_of_a_form_from_its_units_own_address_is_told_to_that_unit(
    office: Office,
) -> None:
    generate(office.workspace, office.period, by_unit=True)
    path = office.workspace.outbox / office.period / "填报表" / "区文广旅体局_2026年第48期填报表.xlsx"
    result = arrive(office, mailed(Filling(path), "wgl@example.com", unit="区科技局"))
    assert (result.status, result.party.unit) == (Status.REFUSED, "区文广旅体局")
    assert Code.OTHER_UNIT in [found.code for found in result.findings]
    assert result.letter
    assert result.letter.name == "区文广旅体局.txt"


def test_a_word_that_was_cut_off_before_the_file_was_taken_in_still_holds(office: Office) -> None:
    waiting = arrive(office, mailed(stopped(office), "fgj@example.com"))
    here = office.workspace.inbox
    here.chmod(0o500)
    try:
        tenproj(office, "admit", waiting.received.sha256[:8], "--as", "区发改经信局")
    finally:
        here.chmod(0o755)
    done = tenproj(office, "admit", waiting.received.sha256[:8], "--as", "区发改经信局")
    assert "已核实来源" in done.stderr or "不在等待核实" in done.stderr
    with look_into_ledger(office.workspace.ledger) as ledger:
        assert {row.unit for row in ledger.accepted_rows(office.period)} == {"区发改经信局"}


def test_what_shall_not_count_is_withdrawn_and_waits_no_more(office: Office) -> None:
    waiting = arrive(office, mailed(stopped(office), "kjj@example.com"))
    done = tenproj(office, "withdraw", waiting.received.sha256[:8], "--why", "电话核实，不是该局报的")
    assert done.exit_code == 0, done.stderr
    assert "等待核实来源" not in tenproj(office, "status").output


# --- lead units, which collect what their units report


def test_a_lead_unit_may_send_what_a_unit_of_its_task_force_filled_in(office: Office) -> None:
    result = arrive(office, mailed(office.right("08"), "wgl@example.com", unit="区发改经信局"))
    assert result.status.is_return
    assert result.party.unit == "区发改经信局"


@pytest.mark.provokes(Code.SENDER_CHANGES)
def test_a_lead_unit_changes_nothing_that_a_unit_has_said_itself(office: Office) -> None:
    own = office.right("08")
    arrive(office, mailed(own, "fgj@example.com", unit="区发改经信局"))
    before = progress(office)
    result = arrive(
        office, mailed(stopped(office), "wgl@example.com", unit="区发改经信局", hours=2), "代发.eml"
    )
    assert result.status is Status.AWAITING
    assert (
        "由区文广旅体局（wgl@example.com）代发，会改动区发改经信局已经报来的内容"
        in result.findings[0].message
    )
    assert progress(office) == before
    tenproj(office, "admit", result.received.sha256[:8])
    assert progress(office) == "已全部停工"


# --- units that have no part in the task force whose form they fill in


@pytest.mark.provokes(Code.STRANGER_CHANGES)
def test_a_unit_without_a_part_in_a_task_force_changes_nothing_that_was_said_in_it(office: Office) -> None:
    office.send(office.right("08"), "08.xlsx", hours=-5)
    ingest(office.workspace, office.period)
    before = progress(office)
    form = stopped(office)
    form.cover(unit="区住建局")
    office.send(form, "08 again.xlsx", hours=-3)
    (result,) = ingest(office.workspace, office.period).files
    assert result.status is Status.AWAITING
    assert (
        "这是区文广旅体局的表，填报单位写的是“区住建局”，不在本专班，会改动区文广旅体局已经报来的内容，没有计入"
        in result.findings[0].message
    )
    assert progress(office) == before
    tenproj(office, "admit", result.received.sha256[:8])
    assert progress(office) == "已全部停工"


def test_a_wrong_unit_on_the_cover_is_asked_about_where_nothing_changes(office: Office) -> None:
    result = arrive(office, mailed(stopped(office), "wgl@example.com", unit="区住建局"))
    assert Code.OTHER_TASK_FORCE in [found.code for found in result.findings]
    assert progress(office) == "已全部停工"


def test_a_wrong_unit_on_the_cover_is_a_slip_where_the_units_own_address_sends_it(office: Office) -> None:
    arrive(office, mailed(office.right("08"), "wgl@example.com"))
    result = arrive(office, mailed(stopped(office), "wgl@example.com", unit="区住建局", hours=2), "again.eml")
    assert Code.OTHER_TASK_FORCE in [found.code for found in result.findings]
    assert progress(office) == "已全部停工"


# --- addresses that nobody knows


@pytest.mark.provokes(Code.SENDER_UNKNOWN)
def test_an_unknown_address_counts_and_is_told_to_the_registered_one(office: Office) -> None:
    (office.workspace.inbox / "来信.eml").write_bytes(mailed(office.right("08"), "someone@example.org"))
    done = tenproj(office, "ingest")
    assert "someone@example.org没有登记在通讯录，已按区文广旅体局的表计入" in done.stderr
    assert "应报7个专班，已报1个" in tenproj(office, "status").output
    text = letters(office)
    assert "联络员：陈二" in text
    assert (
        "是以贵单位名义从someone@example.org发来的。不是贵单位发的，请尽快与总专班办公室（设在区发改经信局）联系"
        in text
    )


def test_an_unknown_address_is_learnt_by_one_word(office: Office) -> None:
    first = arrive(office, mailed(office.right("08"), "someone@example.org"))
    learnt = tenproj(office, "admit", first.received.sha256[:8], "--learn")
    assert learnt.exit_code == 0, learnt.stderr
    assert "记下someone@example.org" in learnt.stderr
    assert load(office.workspace).addresses.units_of("someone@example.org") == ("区文广旅体局",)
    second = arrive(office, mailed(stopped(office), "someone@example.org", hours=1), "again.eml")
    assert Code.SENDER_UNKNOWN not in [found.code for found in second.findings]


# --- who else reads of it


def test_a_unit_whose_form_waits_is_reminded_as_of_one_that_did_not_come(office: Office) -> None:
    arrive(office, mailed(stopped(office), "kjj@example.com"))
    tenproj(office, "merge")
    folder = office.workspace.outbox / office.period / "通知"
    reminder = (folder / "催报_区文广旅体局.txt").read_text("utf-8-sig")
    assert "尚未收到" in reminder
    assert "未接收" not in reminder


def test_check_says_before_that_it_would_wait(office: Office) -> None:
    path = office.workspace.root / "来信.eml"
    path.write_bytes(mailed(stopped(office), "kjj@example.com"))
    assert "来源要先核实，暂不计入" in tenproj(office, "check", str(path)).output


def test_status_as_json_has_what_waits(office: Office) -> None:
    waiting = arrive(office, mailed(stopped(office), "kjj@example.com"))
    (awaiting,) = json.loads(tenproj(office, "status", "--json").stdout)["awaiting"]
    assert (awaiting["unit"], awaiting["sha256"]) == ("区文广旅体局", waiting.received.sha256)
