"""Replies are tied to letters by the reference in their subject; headers confirm, and never decide."""

import json

import pytest

from tenproj_xl.app.ingest import ingest
from tenproj_xl.core.references import references_in
from tenproj_xl.model.deliveries import LetterState
from tests.helpers.mails import letter
from tests.helpers.replies import reply
from tests.post.conftest import Correspondence

KJJ, ZJJ = "kjj@example.com", "zjj@example.com"
OURS = "2026-W48-03-1"


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("回复：请报送第48期填报表〔2026-W48-03-2〕", ["2026-W48-03-2"]),
        ("Re: Re: 答复: 请报送〔2026-W48-03-2〕", ["2026-W48-03-2"]),
        ("转发：请报送【2026-W48-03-2】（已盖章）", ["2026-W48-03-2"]),
        ("回复:请报送(2026-W48-03-2)", ["2026-W48-03-2"]),
        ("回复：请报送［２０２６－Ｗ４８－０３－２］", ["2026-W48-03-2"]),
        ("回复：请报送〔2026–w48–03–2〕", ["2026-W48-03-2"]),
        ("回复：请报送〔2026-W48- 03-2〕", ["2026-W48-03-2"]),
        ("回复：请报送〔2026-W48-D17-1〕", ["2026-W48-D17-1"]),
        ("回复：请报送〔2026-11-04-10〕", ["2026-11-04-10"]),
        ("回复：请报送〔2026-W48-03-2〕，回复：请报送〔2026-W48-03-2〕", ["2026-W48-03-2"]),
        ("回复：更正〔2026-W48-03-2〕原信〔2026-W48-03-1〕", ["2026-W48-03-2", "2026-W48-03-1"]),
        ("2026年第48期填报表（最终版）", []),
        ("12026-W48-03-2", []),
    ],
)
def test_a_reference_is_read_as_programs_and_people_write_it(subject: str, found: list[str]) -> None:
    assert list(references_in(subject)) == found


def test_a_letter_has_a_message_id_without_a_secret_which_is_kept(post: Correspondence) -> None:
    assert post.sent_to(KJJ)["Message-ID"] == "<2026-W48-03-1.tenproj@example.com>"
    assert post.letter(OURS).message_id == "<2026-W48-03-1.tenproj@example.com>"


def test_a_form_that_answers_a_letter_is_shown_with_it_and_the_letter_as_answered(
    post: Correspondence,
) -> None:
    form = post.office.right("03")
    done = post.fetch(bytes(reply(post.sent_to(KJJ), (form.name, form.data))))
    assert done.exit_code == 0, done.stderr
    assert "已接收，有提示（提示1）  邮件\n    回信：2026-W48-03-1\n" in done.stderr
    (answer,) = post.letter(OURS).answers
    assert (answer.has_form, answer.is_from_addressee, answer.is_confirmed) == (True, True, True)
    done = post.send()
    assert "封，其中1封已回信" in done.stderr
    assert "，已回信（11月26日）" in post.listed(OURS)["状态"]
    assert "其中1封已回信。" in post.run("status").output


def test_the_document_of_a_run_names_the_letter(post: Correspondence) -> None:
    form = post.office.right("03")
    post.mailbox.deliver(bytes(reply(post.sent_to(KJJ), (form.name, form.data))))
    (file,) = json.loads(post.run("fetch", "--json").stdout)["files"]
    assert file["thread"] == {
        "reference": OURS,
        "is_confirmed": True,
        "headers_name": None,
        "is_contradicted": False,
    }


@pytest.mark.parametrize("before", ["Re: ", "答复: 回复：", "转发: "])
def test_a_question_is_listed_with_the_letter_and_whom_to_call(post: Correspondence, before: str) -> None:
    done = post.fetch(bytes(reply(post.sent_to(KJJ), before=before, text="R03-02怎么填？")))
    assert "这些邮件没有回表，请到邮箱里看：" in done.stderr
    assert "    是对2026-W48-03-1（请填报）的回信，联系区科技局 张一（0571-3）" in done.stderr
    assert [answer.has_form for answer in post.letter(OURS).answers] == [False]


def test_raw_gbk_in_a_subject_is_read(post: Correspondence) -> None:
    mail = reply(post.sent_to(KJJ), subject="SUBJECT")
    raw = bytes(mail).replace(b"SUBJECT", "回复：请报送〔2026-W48-03-1〕".encode("gb18030"))
    assert "是对2026-W48-03-1（" in post.fetch(raw).stderr


def test_headers_alone_decide_nothing(post: Correspondence) -> None:
    done = post.fetch(bytes(reply(post.sent_to(KJJ), subject="请教一个问题")))
    assert "的回信" not in done.stderr
    assert post.letter(OURS).answers == ()


def test_headers_that_name_another_letter_are_told_and_the_subject_decides(post: Correspondence) -> None:
    done = post.fetch(bytes(reply(post.sent_to(ZJJ), subject="回复：请报送〔2026-W48-03-1〕")))
    assert "    信头写的是2026-W48-05-1，与主题的编号不同，请看看是不是回错了" in done.stderr
    assert [answer.is_confirmed for answer in post.letter(OURS).answers] == [False]
    assert post.letter("2026-W48-05-1").answers == ()


def test_of_two_references_the_one_that_headers_confirm_counts(post: Correspondence) -> None:
    post.fetch(bytes(reply(post.sent_to(KJJ), subject="回复：〔2026-W48-05-1〕〔2026-W48-03-1〕")))
    assert len(post.letter(OURS).answers) == 1
    assert post.letter("2026-W48-05-1").answers == ()


def test_the_form_decides_where_the_reference_is_of_another_task_force(post: Correspondence) -> None:
    form = post.office.right("03")
    subject = "回复：请报送〔2026-W48-05-1〕"
    done = post.fetch(bytes(reply(post.sent_to(KJJ), (form.name, form.data), subject=subject)))
    assert "主题写的编号2026-W48-05-1是05专班的信，与附件的表不同，以附件的表为准" in done.stderr
    assert done.exit_code == 0
    assert post.letter("2026-W48-05-1").answers == ()
    status = json.loads(post.run("status", "--json").stdout)
    assert "03" not in [one["recipient"] for one in status["owing"]]


def test_a_reference_that_no_letter_has_is_nothing(post: Correspondence) -> None:
    done = post.fetch(bytes(letter(subject="回复：请报送〔2026-W48-09-7〕")))
    assert done.exit_code == 0
    assert "的回信" not in done.stderr


def test_the_same_mail_is_one_answer_however_often_it_comes(post: Correspondence) -> None:
    mail = bytes(reply(post.sent_to(KJJ)))
    post.fetch(mail)
    post.mailbox.server.renumber(post.mailbox.account)
    post.fetch(mail)
    assert len(post.letter(OURS).answers) == 1


def test_an_automatic_reply_is_no_answer(post: Correspondence) -> None:
    away = reply(post.sent_to(KJJ), before="自动回复: ", Auto_Submitted="auto-replied")
    done = post.fetch(bytes(away), bytes(reply(post.sent_to(KJJ), Precedence="bulk")))
    assert "自动回复和群发邮件，一般不用管：" in done.stderr
    assert post.letter(OURS).answers == ()


def test_a_saved_mail_in_the_inbox_is_tied_likewise(post: Correspondence) -> None:
    form = post.office.right("03")
    (post.office.workspace.inbox / "来信.eml").write_bytes(
        bytes(reply(post.sent_to(KJJ), (form.name, form.data)))
    )
    (file,) = ingest(post.office.workspace).files
    assert file.thread is not None
    assert file.thread.letter.reference == OURS
    assert len(post.letter(OURS).answers) == 1


def test_a_saved_mail_without_a_form_is_an_answer_too(post: Correspondence) -> None:
    (post.office.workspace.inbox / "来信.eml").write_bytes(bytes(reply(post.sent_to(KJJ))))
    done = post.run("ingest")
    assert "    回信：2026-W48-03-1" in done.stderr
    assert len(post.letter(OURS).answers) == 1


def test_an_answer_of_whom_it_was_for_settles_that_a_letter_went(post: Correspondence) -> None:
    post.run("generate", "--period", "2026-W49")
    post.smtp.answers.answers = [""]  # takes the letter, and breaks off
    assert "2026-W49-03-1 发送结果不明" in post.send().stderr
    assert post.letter("2026-W49-03-1").state is LetterState.UNKNOWN
    post.fetch(bytes(reply(post.sent_to(KJJ), sender="谁 <else@example.com>")))
    assert post.letter("2026-W49-03-1").state is LetterState.UNKNOWN
    post.fetch(bytes(reply(post.sent_to(KJJ), sender="张一 <KJJ@example.com>", text="收到，谢谢")))
    assert post.letter("2026-W49-03-1").state is LetterState.SENT
    assert "发送结果不明" not in post.send().stderr


def test_an_answer_from_elsewhere_to_a_letter_that_waits_is_told_to_be_ticked(post: Correspondence) -> None:
    done = post.run("send")
    assert done.exit_code == 0
    waiting = next(path for path in post.folder.iterdir() if (path / "消息.txt").exists())
    reference = next(
        line["编号"] for line in map(post.listed, _references(post)) if line["文件夹"] == waiting.name
    )
    done = post.fetch(bytes(letter(subject=f"回复：请报送〔{reference}〕", sender="某人 <x@example.com>")))
    assert f"是对{reference}（" in done.stderr
    assert post.letter(reference).state is LetterState.LAID_OUT
    told = f"{reference}收到了回信，还没有登记为已发：发出去了的，请在“待发清单.xlsx”打√"
    assert told in post.run("status").output
    assert told in post.run("send").stderr


def _references(post: Correspondence) -> list[str]:
    with_text = [path.name for path in post.folder.iterdir() if path.is_dir()]
    assert with_text
    document = json.loads(post.run("send", "--json").stdout)
    return [one["reference"] for one in document["letters"]]
