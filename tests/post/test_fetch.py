"""`tenproj fetch`: what comes by mail is taken in once, whatever breaks, and the mailbox stays as it is."""

import imaplib
import io
import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

import tenproj_xl
from tenproj_xl.app import fetch as fetching
from tenproj_xl.cli.main import main
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.schema import LEDGER_FILE
from tenproj_xl.model.fetched import MailOutcome
from tests.app.test_passwords import locked
from tests.helpers.filling import Office
from tests.helpers.mail_servers import HOST, certificate, line_to
from tests.helpers.mailbox import set_mail
from tests.helpers.mails import letter
from tests.helpers.settings_book import set_parameter
from tests.post.conftest import Mailbox


def fetch(week: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(week.workspace.root), "fetch", *arguments])


def said(result: Result) -> list[str]:
    return result.stderr.splitlines()


def form(week: Office, number: str, **values: object) -> bytes:
    """Return a mail with a filled form."""
    filled = week.right(number)
    return bytes(letter((filled.name, filled.data), **values))  # type: ignore[arg-type]


def menu() -> bytes:
    """Return a workbook of other matters."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("菜单").write_string(0, 0, "红烧肉")
    return file.getvalue()


def accepted(week: Office) -> list[str]:
    """Return the task forces of which returns were taken in, once for each return."""
    with look_into_ledger(week.workspace.ledger) as ledger:
        receipts = ledger.receipts(week.period)
        return sorted(r.party.recipient for r in receipts if r.status.is_return)


def outcomes(week: Office) -> list[MailOutcome]:
    with look_into_ledger(week.workspace.ledger) as ledger:
        return [mail.outcome for mail in ledger.fetched_mails()]


def inbox(week: Office) -> list[str]:
    return sorted(path.name for path in week.workspace.inbox.rglob("*.*") if path.name != ".gitkeep")


def test_a_return_that_was_mailed_is_taken_in_and_the_mailbox_stays_as_it_was(
    week: Office, mailbox: Mailbox
) -> None:
    mailbox.deliver(form(week, "03"))
    before = mailbox.state
    done = fetch(week)
    assert said(done)[0] == f"从邮箱“{mailbox.account}”收取了1封新邮件，1封有回表。"
    assert re.match(r"  张三-[0-9a-f]{8}\.eml/03_区科技局_2026年第48期填报表.xlsx", said(done)[1])
    assert said(done)[1].endswith("  已接收  邮件")
    assert done.exit_code == 0
    assert (accepted(week), inbox(week)) == (["03"], [])
    assert mailbox.state == before
    assert not any(b"Seen" in line for line in before)


def test_the_whole_mail_is_in_the_archive_as_it_came(week: Office, mailbox: Mailbox) -> None:
    mail = form(week, "03").replace(b"\n", b"\r\n")
    mailbox.deliver(mail)
    fetch(week)
    archived = [path.read_bytes() for path in week.workspace.archive.glob("??/*") if path.is_file()]
    assert mail in archived
    verified = CliRunner().invoke(main, ["-C", str(week.workspace.root), "verify"])
    assert verified.exit_code == 0, verified.stderr


def test_what_was_fetched_is_not_fetched_again(week: Office, mailbox: Mailbox) -> None:
    mailbox.deliver(form(week, "03"))
    fetch(week)
    mailbox.deliver(form(week, "04", sender="李四 <lisi@example.com>"))
    done = fetch(week)
    assert "收取了1封新邮件" in said(done)[0]
    assert said(fetch(week))[:2] == [f"邮箱“{mailbox.account}”里没有新邮件。", "收件夹里没有待处理的文件。"]
    assert accepted(week) == ["03", "04"]


def test_it_takes_in_what_lies_in_the_inbox_as_well(week: Office, mailbox: Mailbox) -> None:
    week.send(week.right("04"))
    mailbox.deliver(form(week, "03"))
    assert fetch(week).exit_code == 0
    assert accepted(week) == ["03", "04"]


def test_a_return_is_late_by_the_date_of_its_mail_not_of_the_fetching(week: Office, mailbox: Mailbox) -> None:
    late = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    mailbox.deliver(form(week, "03"), form(week, "04", sent_at=late))
    files = json.loads(fetch(week, "--json").stdout)["files"]
    assert {file["task_force"]: file["late"] for file in files} == {"03": False, "04": True}


def test_mails_of_before_the_forms_went_out_are_left_alone(week: Office, mailbox: Mailbox) -> None:
    mailbox.server.deliver(
        mailbox.account, bytes(letter(subject="去年的事")), arrived_at=datetime.now(UTC) - timedelta(days=40)
    )
    mailbox.deliver(form(week, "03"))
    assert "收取了1封新邮件" in said(fetch(week))[0]


def test_what_is_no_return_is_listed_and_kept_nowhere(week: Office, mailbox: Mailbox) -> None:
    mailbox.deliver(
        bytes(letter(subject="R03-02怎么填", text="请问口径？")),
        bytes(letter(("食堂菜单.xlsx", menu()), subject="本周菜单")),
        bytes(letter(subject="自动回复：休假中", Auto_Submitted="auto-replied")),
        bytes(letter(subject="采购简讯", List_Id="<news.example.com>")),
    )
    done = fetch(week)
    assert said(done) == [
        f"从邮箱“{mailbox.account}”收取了4封新邮件，0封有回表。",
        "这些邮件没有回表，请到邮箱里看：",
        "  11月26日 10:30  张三 zhangsan@kjj.example.com  “R03-02怎么填”",
        "  11月26日 10:30  张三 zhangsan@kjj.example.com  “本周菜单”",
        "自动回复和群发邮件，一般不用管：",
        "  11月26日 10:30  张三 zhangsan@kjj.example.com  “自动回复：休假中”",
        "  11月26日 10:30  张三 zhangsan@kjj.example.com  “采购简讯”",
    ]
    assert (done.exit_code, outcomes(week)) == (0, [MailOutcome.NO_RETURN] * 4)
    root = week.workspace.root
    files = [path for path in root.rglob("*") if path.is_file()]
    assert not any("R03-02怎么填".encode() in path.read_bytes() for path in files)


def test_bounces_name_whom_they_are_about_and_never_come_in(week: Office, mailbox: Mailbox) -> None:
    blank = (week.right("03").name, week.blank("03").data)
    mailbox.deliver(
        bytes(
            letter(
                blank,
                sender="PostMaster@qq.com",
                subject="来自qq.com的退信",
                text="收件人邮件地址（kjj@qq.example.com）不存在，邮件无法送达。",
            )
        )
    )
    done = fetch(week)
    assert "退信：发给kjj@qq.example.com的信没有送到，请核对地址，改用别的方式通知。" in done.stderr
    assert done.exit_code == 1
    assert accepted(week) == []


def test_the_morning_run_names_bounces_and_questions_at_once_whatever_becomes_of_the_rest(
    week: Office, mailbox: Mailbox
) -> None:
    bounced = letter(
        sender="PostMaster@qq.com",
        subject="来自qq.com的退信",
        text="收件人邮件地址（kjj@qq.example.com）不存在，邮件无法送达。",
    )
    mailbox.deliver(bytes(bounced), bytes(letter(subject="R03-02怎么填", text="请问口径？")))
    lists = week.workspace.outbox / week.period / "待发"
    lists.mkdir(parents=True)
    (lists / "待发清单.xlsx").write_bytes(b"PK cut off")  # so that letters cannot be laid out
    done = CliRunner().invoke(main, ["-C", str(week.workspace.root), "run"])
    assert done.exit_code == 3
    assert said(done)[:3] == [
        (
            "退信：发给kjj@qq.example.com的信没有送到，请核对地址，改用别的方式通知。"
            "看不出是哪封信，仍会发给这个地址。"
        ),
        "这些邮件没有回表，请到邮箱里看：",
        "  11月26日 10:30  张三 zhangsan@kjj.example.com  “R03-02怎么填”",
    ]
    (lists / "待发清单.xlsx").unlink()
    mailbox.deliver(bytes(letter(subject="还有一个问题")))
    done = CliRunner().invoke(main, ["-C", str(week.workspace.root), "run"])
    assert "“还有一个问题”" in said(done)[1]
    assert any(
        line.endswith("1封邮件不是回表（来信、退信），已在最前面列出，请到邮箱里看") for line in said(done)
    )


def test_letters_of_our_own_do_not_come_in(week: Office, mailbox: Mailbox) -> None:
    blank = (week.right("03").name, week.blank("03").data)
    own = f"总专班办公室 <{mailbox.account}>"
    mailbox.deliver(bytes(letter(blank, sender=own, X_Tenproj_Letter="2026-W48-03-1")))
    done = fetch(week)
    assert (done.exit_code, inbox(week)) == (0, [])
    assert outcomes(week) == [MailOutcome.NO_RETURN]


def test_a_form_that_a_unit_sends_back_within_our_own_letter_comes_in(week: Office, mailbox: Mailbox) -> None:
    filled = (week.right("03").name, week.right("03").data)
    mailbox.deliver(bytes(letter(filled, X_Tenproj_Letter="2026-W48-03-1")))
    assert said(fetch(week))[0].endswith("收取了1封新邮件，1封有回表。")
    assert accepted(week) == ["03"]


def test_copies_of_blank_forms_that_the_office_sent_by_hand_do_not_come_in(
    week: Office, mailbox: Mailbox
) -> None:
    blank = (week.right("03").name, week.blank("03").data)
    mailbox.deliver(bytes(letter(blank, sender=f"总专班办公室 <{mailbox.account}>")))
    done = fetch(week)
    assert (done.exit_code, outcomes(week)) == (0, [MailOutcome.NO_RETURN])


def test_a_mass_mailing_with_something_unreadable_is_no_return(week: Office, mailbox: Mailbox) -> None:
    packed = ("简报.rar", b"Rar!\x1a\x07" + bytes(50))
    mailbox.deliver(bytes(letter(packed, List_Id="<news.example.com>")), form(week, "03", Precedence="bulk"))
    done = fetch(week)
    assert (done.exit_code, accepted(week)) == (0, ["03"])
    assert outcomes(week) == [MailOutcome.NO_RETURN, MailOutcome.TAKEN_IN]


def test_a_locked_workbook_may_be_a_form_and_its_sender_is_told(week: Office, mailbox: Mailbox) -> None:
    mailbox.deliver(bytes(letter(("数据.xlsx", locked(week.right("03").data, "x")))))
    done = fetch(week)
    assert done.exit_code == 1
    assert "未接收（退回）" in done.stderr
    assert outcomes(week) == [MailOutcome.TAKEN_IN]


def test_a_form_with_a_classification_mark_stays_in_the_inbox_and_is_not_fetched_again(
    week: Office, mailbox: Mailbox
) -> None:
    marked = week.right("03")
    marked.put("填报说明", "F1", "秘密★1年")
    mailbox.deliver(bytes(letter((marked.name, marked.data))))
    first = fetch(week)
    assert "带密级标志，未收取" in first.stderr
    held = inbox(week)
    assert len(held) == 1
    assert "没有新邮件" in said(fetch(week))[0]
    assert inbox(week) == held


def test_one_bad_mail_stops_nothing(week: Office, mailbox: Mailbox) -> None:
    mailbox.deliver(
        b"\xff\xfe\x00\x01 this is no mail",
        bytes(letter(("03.xlsx", b"PK\x03\x04" + bytes(100)))),
        form(week, "03"),
    )
    fetch(week)
    assert accepted(week) == ["03"]
    assert len(outcomes(week)) == 3


def test_a_mail_larger_than_is_read_is_named_with_what_to_do(week: Office, mailbox: Mailbox) -> None:
    set_parameter(week.workspace, "文件大小上限", 1)
    mailbox.deliver(bytes(letter(("录像.mp4", bytes(2 << 20)), subject="现场录像")), form(week, "03"))
    done = fetch(week)
    assert any(
        line.startswith("邮件太大（3MB），没有收取，请到邮箱里把附件存进收件夹：") and "“现场录像”" in line
        for line in said(done)
    )
    assert accepted(week) == ["03"]


def test_what_the_offices_mail_system_found_out_of_a_sender_is_shown(week: Office, mailbox: Mailbox) -> None:
    set_mail(week.workspace, 验证标识="mx.example.com")
    noted = "mx.example.com; spf=fail smtp.mailfrom=x@evil.example; dkim=none"
    claimed = "mx.evil.example; spf=pass; dkim=pass"
    mailbox.deliver(
        form(week, "03", Authentication_Results=noted), form(week, "04", Authentication_Results=claimed)
    )
    document = json.loads(fetch(week, "--json").stdout)
    assert [one["verification"] for one in document["with_returns"]] == [
        {"spf": "fail", "dkim": "none"},
        None,
    ]


def test_a_sender_that_was_not_verified_is_told_and_its_return_counts(week: Office, mailbox: Mailbox) -> None:
    set_mail(week.workspace, 验证标识="mx.example.com")
    mailbox.deliver(form(week, "03", Authentication_Results="mx.example.com; spf=fail; dkim=pass"))
    assert (
        "发件验证SPF没有通过、DKIM通过：11月26日 10:30  张三 zhangsan@kjj.example.com  “第48期填报表”，请核实是不是本人发的。"
        in said(fetch(week))
    )
    assert accepted(week) == ["03"]


# --- numbers that change


def test_where_the_server_numbers_its_mails_anew_nothing_is_taken_twice(
    week: Office, mailbox: Mailbox
) -> None:
    mailbox.deliver(form(week, "03"), bytes(letter(subject="问一下")))
    fetch(week)
    mailbox.server.renumber(mailbox.account)
    mailbox.deliver(form(week, "04"))
    done = fetch(week)
    assert "收取了1封新邮件，1封有回表。" in said(done)[0]
    assert accepted(week) == ["03", "04"]
    assert "没有新邮件" in said(fetch(week))[0]


def test_a_mail_without_a_message_id_is_known_by_its_bytes(week: Office, mailbox: Mailbox) -> None:
    filled = week.right("03")
    mail = letter((filled.name, filled.data))
    del mail["Message-ID"]
    mailbox.deliver(bytes(mail))
    fetch(week)
    mailbox.server.renumber(mailbox.account)
    assert "没有新邮件" in said(fetch(week))[0]
    assert accepted(week) == ["03"]


# --- faults


@pytest.mark.parametrize("step", ["_put_into", "take_in", "_record"])
def test_a_run_that_is_cut_off_is_finished_by_the_next(
    week: Office, mailbox: Mailbox, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.deliver(form(week, "03"), bytes(letter(subject="问一下")), form(week, "04"))

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(fetching, step, cut)
        assert fetch(week).exit_code == 3
    assert outcomes(week) == []
    assert fetch(week).exit_code == 0
    assert (accepted(week), inbox(week)) == (["03", "04"], [])
    assert len(outcomes(week)) == 3


def test_a_server_that_dies_in_mid_session_costs_nothing(week: Office, mailbox: Mailbox) -> None:
    mailbox.deliver(*(form(week, number) for number in ("01", "02", "03", "04")))
    one = len(form(week, "01"))
    with line_to(mailbox.server.port, lambda count: count < 2.5 * one) as port:
        set_mail(week.workspace, 收信端口=port)
        done = fetch(week)
    assert done.exit_code == 3
    assert said(done)[-1] == (
        f"错误：与收信服务器 {HOST}:{port} 的连接中断。请检查网络，稍后再运行一次。收到的已经入账，没有收到的下次再收。"
    )
    assert accepted(week) == ["01", "02"]
    set_mail(week.workspace, 收信端口=mailbox.server.port)
    assert fetch(week).exit_code == 0
    assert accepted(week) == ["01", "02", "03", "04"]


def test_the_document_of_a_run_that_broke_off_tells_both(week: Office, mailbox: Mailbox) -> None:
    mailbox.deliver(form(week, "01"), form(week, "02"))
    one = len(form(week, "01"))
    with line_to(mailbox.server.port, lambda count: count < 1.5 * one) as port:
        set_mail(week.workspace, 收信端口=port)
        done = fetch(week, "--json")
    document = json.loads(done.stdout)
    assert (done.exit_code, len(document["files"])) == (3, 1)
    assert "连接中断" in document["error"]


def test_a_slow_line_is_waited_for(week: Office, mailbox: Mailbox) -> None:
    mailbox.deliver(form(week, "03"))
    with line_to(mailbox.server.port, lambda _: True, delay=0.002) as port:
        set_mail(week.workspace, 收信端口=port)
        assert fetch(week).exit_code == 0
    assert accepted(week) == ["03"]


def test_a_server_that_never_answers_is_given_up(
    week: Office, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenproj_xl.post.imap.SECONDS", 0.3)
    with line_to(mailbox.server.port, lambda _: True, delay=3.0) as port:
        set_mail(week.workspace, 收信端口=port)
        done = fetch(week)
    assert done.exit_code == 3
    assert f"{HOST}:{port} 没有回应" in done.stderr


def wrong_password(_: Office, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("TENPROJ_SECRET_MAIL", "geheim-falsch")


def no_certificate(week: Office, _: pytest.MonkeyPatch) -> None:
    (week.workspace.root / "server.pem").write_bytes(certificate("mail.example.com")[0])


def no_file_of_it(week: Office, _: pytest.MonkeyPatch) -> None:
    (week.workspace.root / "server.pem").unlink()


def no_folder(week: Office, _: pytest.MonkeyPatch) -> None:
    set_mail(week.workspace, 收取的文件夹="回表")


def wrong_encryption(week: Office, _: pytest.MonkeyPatch) -> None:
    set_mail(week.workspace, 收信加密="STARTTLS", 收信端口=1)


@pytest.mark.parametrize(
    ("spoil", "remedy"),
    [
        (wrong_password, "再运行 tenproj secret set mail 重新保存密码"),
        (no_certificate, "的证书不可信，没有连接。"),
        (no_file_of_it, "“server.pem”读不出证书。"),
        (no_folder, "邮箱里没有文件夹“回表”"),
        (wrong_encryption, "连不上。请核对“邮箱”表的服务器和端口"),
    ],
)
def test_what_keeps_the_mailbox_closed_is_told_in_a_sentence(
    week: Office,
    mailbox: Mailbox,
    spoil: Callable[[Office, pytest.MonkeyPatch], None],
    remedy: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mailbox.deliver(form(week, "03"))
    spoil(week, monkeypatch)
    done = fetch(week)
    assert (done.exit_code, len(said(done))) == (3, 1)
    assert remedy in done.stderr
    assert "geheim" not in done.stderr


def test_without_a_mailbox_in_the_settings_the_way_is_told(week: Office) -> None:
    done = fetch(week)
    assert done.exit_code == 3
    assert done.stderr == (
        "错误：还没有登记收信的邮箱。请在“设置.xlsx”的“邮箱”表填“收信服务器”和“账号”，再运行一次；"
        "不用邮箱的，把回表存进收件夹，运行 tenproj ingest。\n"
    )


def test_without_the_library_the_way_is_told(week: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    set_mail(week.workspace, 收信服务器="imap.example.com")
    monkeypatch.setitem(sys.modules, "imap_tools", None)
    done = fetch(week)
    assert (done.exit_code, said(done)) == (
        3,
        ['错误：没有装收发邮件的组件。请在本软件的文件夹里运行 pip install ".[mail]"，再运行一次。'],
    )


def test_a_disk_that_is_full_costs_no_mail(
    week: Office, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.deliver(form(week, "03"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(fetching, "_put_into", full)
        done = fetch(week)
    assert (done.exit_code, "磁盘已满" in done.stderr) == (3, True)
    assert fetch(week).exit_code == 0
    assert accepted(week) == ["03"]


def test_of_many_mails_a_run_fetches_some_and_says_how_many_are_left(
    week: Office, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_MOST_MAILS", 2)
    mailbox.deliver(*(form(week, number) for number in ("01", "02", "03")))
    assert said(fetch(week))[-1] == "邮箱里还有1封没有收，请再运行一次 tenproj fetch。"
    assert fetch(week).exit_code == 0
    assert accepted(week) == ["01", "02", "03"]


def test_a_ledger_that_was_made_again_knows_what_was_fetched(week: Office, mailbox: Mailbox) -> None:
    mailbox.deliver(form(week, "03"), bytes(letter(subject="问一下")))
    fetch(week)
    (week.workspace.ledger / LEDGER_FILE).unlink()
    assert CliRunner().invoke(main, ["-C", str(week.workspace.root), "rebuild"]).exit_code == 0
    assert outcomes(week) == [MailOutcome.TAKEN_IN, MailOutcome.NO_RETURN]
    assert "没有新邮件" in said(fetch(week))[0]


def test_a_program_fetches_by_the_same_way(week: Office, mailbox: Mailbox) -> None:
    mailbox.deliver(form(week, "03"), bytes(letter(subject="问一下")))
    done = tenproj_xl.open(week.workspace.root).fetch()
    assert ([one.subject for one in done.taken], [one.subject for one in done.left]) == (
        ["第48期填报表"],
        ["问一下"],
    )


def test_where_the_server_gives_no_uidvalidity_mails_are_known_by_message_id_and_bytes(
    week: Office, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = imaplib.IMAP4.response

    def response(self: imaplib.IMAP4, code: str) -> tuple[str, list[object]]:
        if code == "UIDVALIDITY":
            return code, [None]
        return asked(self, code)

    monkeypatch.setattr(imaplib.IMAP4, "response", response)
    filled = week.right("04")
    without_id = letter((filled.name, filled.data))
    del without_id["Message-ID"]
    mailbox.deliver(form(week, "03"), bytes(without_id), bytes(letter(subject="问一下")))
    assert "收取了3封新邮件，2封有回表。" in fetch(week).stderr
    mailbox.deliver(form(week, "05"))
    assert "收取了1封新邮件，1封有回表。" in fetch(week).stderr
    assert "没有新邮件" in said(fetch(week))[0]
    assert accepted(week) == ["03", "04", "05"]
