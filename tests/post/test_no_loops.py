"""No machine answers a machine, and no address gets more than so many letters a day."""

from datetime import UTC, datetime

import pytest

from tenproj_xl.app.send import send
from tenproj_xl.model.deliveries import LetterState
from tests.helpers.mailbox import set_mail
from tests.helpers.mails import letter
from tests.helpers.replies import reply
from tests.post.conftest import Correspondence

KJJ, ZJJ = "kjj@example.com", "zjj@example.com"
OURS = "2026-W48-03-1"
MACHINES = [
    ("Auto-Submitted", "auto-replied"),
    ("Auto-Submitted", "auto-generated"),
    ("Precedence", "bulk"),
    ("Precedence", "list"),
    ("Precedence", "auto_reply"),
    ("Return-Path", "<>"),
    ("List-Id", "<zhuanban.example.com>"),
    ("List-Post", "<mailto:zhuanban@example.com>"),
    ("List-Unsubscribe", "<mailto:out@example.com>"),
    ("X-Autoreply", "yes"),
]


@pytest.mark.parametrize(("name", "value"), MACHINES)
def test_a_form_by_a_machine_or_a_list_counts_and_its_letter_waits_for_a_person(
    post: Correspondence, name: str, value: str
) -> None:
    form = post.office.right("03")
    mail = letter((form.name, form.data))
    mail[name] = value
    done = post.fetch(bytes(mail))
    assert "1封有回表" in done.stderr
    done = post.send()
    assert "从邮箱发出0封" in done.stderr
    assert "来件是自动或群发的邮件，请看过再发" in done.stderr
    assert post.count(KJJ) == 1
    (waiting,) = [path for path in post.folder.iterdir() if path.name.startswith("区科技局")]
    assert "已接收" in (waiting / "消息.txt").read_text("utf-8-sig")


def test_a_read_receipt_with_a_form_is_answered_by_nobody(post: Correspondence) -> None:
    form = post.office.right("03")
    mail = letter((form.name, form.data))
    mail.set_param("report-type", "disposition-notification")
    mail.replace_header(
        "Content-Type", str(mail["Content-Type"]).replace("multipart/mixed", "multipart/report")
    )
    post.fetch(bytes(mail))
    post.send()
    assert post.count(KJJ) == 1


def test_a_person_has_such_a_letter_sent_by_a_word(post: Correspondence) -> None:
    form = post.office.right("03")
    post.fetch(bytes(letter((form.name, form.data), List_Id="<zhuanban.example.com>")))
    post.send()
    assert post.listed("2026-W48-03-2")["状态"].startswith("待发，来件是自动或群发的邮件")
    post.mark("2026-W48-03-2", "再发")
    post.send()
    assert (post.count(KJJ), post.letter("2026-W48-03-2").state) == (2, LetterState.SENT)


def test_a_form_that_a_person_mailed_is_answered_at_once(post: Correspondence) -> None:
    form = post.office.right("03")
    post.fetch(bytes(letter((form.name, form.data))))
    assert "从邮箱发出1封" in post.send().stderr
    assert post.count(KJJ) == 2


def test_a_machine_that_answers_each_letter_gets_no_further_one(post: Correspondence) -> None:
    for _ in range(3):
        sent = post.sent_to(KJJ)
        form = post.office.blank("03")
        post.fetch(
            bytes(reply(sent, before="自动回复: ", Auto_Submitted="auto-replied")),
            bytes(reply(sent, ("原件.xlsx", form.data), before="Auto: ", Auto_Submitted="auto-replied")),
        )
        post.send()
    assert post.count(KJJ) == 1


# --- so many a day


@pytest.fixture
def two_a_day(post: Correspondence) -> Correspondence:
    set_mail(post.office.workspace, 每个地址每天封数=2)
    return post


def remind(post: Correspondence, moment: datetime) -> str:
    done = send(post.office.workspace, remind=True, mail=True, now=moment)
    assert done.mailed is not None
    assert done.mailed.problem == ""
    return "；".join(letter.why for letter in done.mailed.put_off)


def test_what_exceeds_waits_for_the_next_day_in_the_offices_time_zone(two_a_day: Correspondence) -> None:
    post = two_a_day
    noon = datetime(2099, 11, 25, 4, tzinfo=UTC)
    for period in ("2026-W49", "2026-W50", "2026-W51"):
        post.run("generate", "--period", period)
        told = send_at(post, noon)
    assert told == "kjj@example.com在11月25日已发满2封，次日再发"
    assert post.count(KJJ) == 3  # one on the day of making, two on this
    assert post.letter("2026-W51-03-1").state is LetterState.PUT_OFF
    assert "暂时没有发出，kjj@example.com在11月25日已发满2封" in post.listed("2026-W51-03-1")["状态"]
    assert send_at(post, datetime(2099, 11, 25, 15, 59, tzinfo=UTC)) == told
    assert send_at(post, datetime(2099, 11, 25, 16, 1, tzinfo=UTC)) == ""  # past midnight in Shanghai
    assert post.count(KJJ) == 4


def send_at(post: Correspondence, moment: datetime) -> str:
    """Send, and return why letters to 区科技局 wait."""
    done = send(post.office.workspace, mail=True, now=moment)
    assert done.mailed is not None
    whys = [letter.why for letter in done.mailed.put_off if KJJ in letter.to]
    return "；".join(whys)


def test_the_operator_has_it_sent_today_by_a_word(two_a_day: Correspondence) -> None:
    post = two_a_day
    set_mail(post.office.workspace, 每个地址每天封数=1)
    post.run("generate", "--period", "2026-W49")
    done = post.send()
    assert "2026-W49-03-1 kjj@example.com在" in done.stderr
    assert "要今天发的，在清单写“再发”" in done.stderr
    post.mark("2026-W49-03-1", "再发")
    post.send()
    assert (post.count(KJJ), post.count(ZJJ)) == (2, 1)


def test_reminders_count_too(two_a_day: Correspondence) -> None:
    set_mail(two_a_day.office.workspace, 每个地址每天封数=1)
    noon = datetime(2099, 11, 25, 4, tzinfo=UTC)
    assert remind(two_a_day, noon) == ""
    assert two_a_day.count(KJJ) == 2
    two_a_day.run("generate", "--period", "2026-W49")
    assert "kjj@example.com在11月25日已发满1封，次日再发" in remind(two_a_day, noon)
    assert two_a_day.count(KJJ) == 2
