"""A letter that came back is shown against whom it was for; a dead address gets no more mail."""

import pytest
from openpyxl import load_workbook

from tenproj_xl.app.merge import merge
from tenproj_xl.model.deliveries import LetterState
from tests.helpers.address_book import contact
from tests.helpers.mails import letter
from tests.helpers.replies import bounce, reply
from tests.post.conftest import Correspondence

KJJ, ZJJ = "kjj@example.com", "zjj@example.com"
OURS = "2026-W48-03-1"


def plain(text: str, *, sender: str = "PostMaster@qq.com", subject: str = "来自qq.com的退信") -> bytes:
    """Return a bounce that says in words what it is about."""
    return bytes(letter(sender=sender, subject=subject, text=text))


def change_address(post: Correspondence, before: str, after: str) -> None:
    book = load_workbook(post.office.workspace.addresses)
    for row in book["通讯录"].iter_rows(min_row=3):
        for cell in row:
            if cell.value == before:
                cell.value = after
    book.save(post.office.workspace.addresses)


@pytest.mark.parametrize("as_headers", [False, True])
def test_a_dead_address_is_told_with_whom_to_call_and_rests(
    post: Correspondence,
    as_headers: bool,  # noqa: FBT001
) -> None:
    done = post.fetch(bounce(post.sent_to(KJJ), KJJ, as_headers=as_headers))
    assert done.exit_code == 1
    assert (
        "退信：2026-W48-03-1发给kjj@example.com，没有送到（550 5.1.1 no such user）；以后不再发给这个地址。"
        "请电话联系区科技局 张一（0571-3），核对通讯录。"
    ) in done.stderr
    assert post.letter(OURS).state is LetterState.RETURNED
    told = "2026-W48-03-1没有送到kjj@example.com，请电话联系张一（0571-3）。"
    assert told in post.run("status").output
    done = post.send()
    assert done.exit_code == 1, done.stderr
    assert told in done.stderr
    assert "kjj@example.com 收不到信（550 5.1.1 no such user），没有再发" in done.stderr
    assert post.count(KJJ) == 1
    line = post.listed(OURS)
    assert line["状态"].startswith("没有送到，退信：kjj@example.com（550 5.1.1 no such user）")
    assert (line["电话"], line["已发"]) == ("0571-3", "None")


def test_it_rests_until_the_address_book_has_another(post: Correspondence) -> None:
    post.fetch(bounce(post.sent_to(KJJ), KJJ))
    post.send()
    change_address(post, KJJ, "kjj-new@example.com")
    assert post.send().exit_code == 0
    assert post.count("kjj-new@example.com") == 1
    assert post.count(KJJ) == 1
    assert "没有送到" not in post.run("status").output


def test_it_rests_until_the_operator_says_so(post: Correspondence) -> None:
    post.fetch(bounce(post.sent_to(KJJ), KJJ))
    post.send()
    post.mark(OURS, "再发")
    assert post.send().exit_code == 0
    assert post.count(KJJ) == 2
    assert post.letter(OURS).state is LetterState.SENT


def test_it_rests_in_later_periods_too(post: Correspondence) -> None:
    post.fetch(bounce(post.sent_to(KJJ), KJJ))
    for period in ("2026-W49", "2026-W50", "2026-W51"):
        post.run("generate", "--period", period)
    done = post.send()
    assert "kjj@example.com 收不到信" in done.stderr
    assert (post.count(KJJ), post.count(ZJJ)) == (1, 2)


def test_who_stands_in_gets_the_copy_no_more_and_the_letter_goes(post: Correspondence) -> None:
    contact(post.office.workspace, "区科技局", "张二", post="B岗", to="kjj-b@example.com")
    post.run("generate", "--period", "2026-W49")
    post.send()
    sent = post.sent_to("kjj-b@example.com")
    post.fetch(bounce(sent, "kjj-b@example.com"))
    assert post.letter("2026-W49-03-1").state is LetterState.SENT
    assert "没有送到kjj-b@example.com（别的地址已发）" in post.run("status").output
    post.run("generate", "--period", "2026-W50")
    post.send()
    assert (post.count(KJJ), post.count("kjj-b@example.com")) == (3, 1)


@pytest.mark.parametrize(
    ("status", "action", "why", "said"),
    [
        (
            "4.4.1",
            "delayed",
            "connection timed out",
            "暂时没有送到（connection timed out），邮件系统还在重试",
        ),
        ("4.4.7", "failed", "delivery time expired", "没有送到（delivery time expired）。请电话联系"),
        ("5.2.2", "failed", "552 5.2.2 mailbox full", "没有送到（552 5.2.2 mailbox full）。请电话联系"),
    ],
)
def test_what_passes_is_told_and_the_address_does_not_rest(
    post: Correspondence, status: str, action: str, why: str, said: str
) -> None:
    done = post.fetch(bounce(post.sent_to(KJJ), KJJ, status=status, action=action, why=why))
    assert said in done.stderr
    assert "张一（0571-3）" in post.run("status").output
    post.send()
    assert post.count(KJJ) == 1  # what came back goes again by a person's word alone
    post.run("generate", "--period", "2026-W49")
    post.send()
    assert post.count(KJJ) == 2


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (
            "PostMaster@qq.com",
            "来自qq.com的退信",
            "收件人邮件地址（kjj@example.com）不存在，邮件无法送达。\n主题：填报表：请填报〔2026-W48-03-1〕",
        ),
        (
            '"Postmaster" <Postmaster@163.com>',
            "系统退信/Systems bounce",
            "抱歉，您的邮件被退回来了……\n主题：〔2026-W48-03-1〕\n收件人：kjj@example.com\n原因：550 User not found",
        ),
        (
            "Microsoft Outlook <postmaster@gov.example.cn>",
            "Undeliverable: 填报表：请填报〔2026-W48-03-1〕",
            "Delivery has failed to these recipients:\n\nkjj@example.com\nThe email address wasn't found.",
        ),
        (
            "Mail Delivery System <MAILER-DAEMON@mx.example.com>",
            "Mail delivery failed: returning message to sender",
            "Failed:\n\n  kjj@example.com\n    user unknown\n\nMessage-Id: <2026-W48-03-1.tenproj@example.com>",
        ),
    ],
)
def test_bounces_in_words_are_tied_by_what_they_quote(
    post: Correspondence, sender: str, subject: str, text: str
) -> None:
    done = post.fetch(plain(text, sender=sender, subject=subject))
    assert "退信：2026-W48-03-1发给kjj@example.com，没有送到" in done.stderr
    assert post.letter(OURS).refused == (KJJ,)


def test_a_bounce_in_words_with_the_letter_attached_is_tied_by_its_head(post: Correspondence) -> None:
    mail = letter(sender="PostMaster@163.com", subject="系统退信", text="邮件被退回：用户不存在。")
    mail.add_attachment(post.sent_to(KJJ))
    done = post.fetch(bytes(mail))
    assert "退信：2026-W48-03-1发给kjj@example.com，没有送到" in done.stderr


def test_the_address_as_it_was_written_counts_where_the_mail_was_forwarded(post: Correspondence) -> None:
    post.fetch(bounce(post.sent_to(KJJ), "box17@internal.example.com", original=KJJ))
    assert post.letter(OURS).refused == (KJJ,)


def test_a_bounce_that_quotes_no_letter_of_ours_lets_nothing_rest(post: Correspondence) -> None:
    stranger = letter(subject="你好", sender="bgs@example.com")
    done = post.fetch(bounce(stranger, KJJ), plain("收件人邮件地址（kjj@example.com）不存在。"))
    assert "看不出是哪封信，仍会发给这个地址。" in done.stderr
    assert (post.letter(OURS).state, post.letter(OURS).bounces) == (LetterState.SENT, ())
    post.run("generate", "--period", "2026-W49")
    post.send()
    assert post.count(KJJ) == 2


def test_a_bounce_about_an_address_that_the_letter_never_went_to_lets_nothing_rest(
    post: Correspondence,
) -> None:
    done = post.fetch(bounce(post.sent_to(KJJ), ZJJ))
    assert "退的是2026-W48-03-1，不是发往这个地址的，可能是转发" in done.stderr
    assert (post.letter(OURS).bounces, post.letter(OURS).refused) == ((), ())
    post.run("generate", "--period", "2026-W49")
    post.send()
    assert (post.count(KJJ), post.count(ZJJ)) == (2, 2)


def test_a_bounce_about_a_letter_that_did_not_go_lets_nothing_rest(post: Correspondence) -> None:
    post.run("generate", "--period", "2026-W49")
    post.run("send")
    sent = post.sent_to(KJJ)
    sent.replace_header("Message-ID", "<2026-W49-03-1.tenproj@example.com>")
    sent.replace_header("Subject", "请填报〔2026-W49-03-1〕")
    sent.replace_header("X-Tenproj-Letter", "2026-W49-03-1")
    post.fetch(bounce(sent, KJJ))
    assert post.letter("2026-W49-03-1").refused == ()
    post.send()
    assert post.count(KJJ) == 2


def test_a_bounce_counts_once_however_often_it_comes(post: Correspondence) -> None:
    mail = bounce(post.sent_to(KJJ), KJJ)
    post.fetch(mail)
    post.mailbox.server.renumber(post.mailbox.account)
    post.fetch(mail)
    (post.office.workspace.inbox / "退信.eml").write_bytes(mail)
    post.run("ingest")
    assert len(post.letter(OURS).bounces) == 1


def test_a_saved_bounce_in_the_inbox_counts_likewise(post: Correspondence) -> None:
    (post.office.workspace.inbox / "退信.eml").write_bytes(bounce(post.sent_to(KJJ), KJJ, as_headers=True))
    post.run("ingest")
    assert post.letter(OURS).refused == (KJJ,)


def test_who_answers_has_got_the_letter_whatever_came_back_before(post: Correspondence) -> None:
    post.fetch(bounce(post.sent_to(KJJ), KJJ))
    post.fetch(bytes(reply(post.sent_to(KJJ))))
    assert (post.letter(OURS).state, post.letter(OURS).refused) == (LetterState.SENT, ())
    assert "没有送到" not in post.run("status").output


def test_the_roll_up_says_which_letter_did_not_arrive_and_whom_to_call(post: Correspondence) -> None:
    post.fetch(bounce(post.sent_to(KJJ), KJJ), bounce(post.sent_to(ZJJ), ZJJ))
    post.office.send(post.office.right("05"))
    made = merge(post.office.workspace)
    page = load_workbook(made.rollup)["报送情况"]
    head = next(row for row in page.iter_rows(values_only=True) if "专班" in row)
    place = head.index("信没有送到")
    told = {str(row[0]): row[place] for row in page.iter_rows(values_only=True) if row[place] and row != head}
    assert told == {"03": "kjj@example.com没有送到，请电话联系张一（0571-3）"}
