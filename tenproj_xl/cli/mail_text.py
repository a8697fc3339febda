"""What `fetch` prints for people and for machines."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from tenproj_xl.app.mail_results import Fetched, LeftMail, TakenMail
from tenproj_xl.app.thread_results import Returned
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.as_json import ingested_json, thread_json
from tenproj_xl.cli.returns_text import ingested_lines
from tenproj_xl.core.mail_kinds import MailKind
from tenproj_xl.model.deliveries import LiaisonLetter

_SHOWN = 20


def fetched_lines(done: Fetched, workspace: Workspace) -> Iterator[str]:
    """Yield what came by mail, what became of it, and the mails that are no returns."""
    if done.mails:
        yield f"从邮箱“{done.account}”收取了{done.mails}封新邮件，{len(done.taken)}封有回表。"
    else:
        yield f"邮箱“{done.account}”里没有新邮件。"
    if done.ingested.files or done.ingested.left or not done.mails:
        yield from ingested_lines(done.ingested, workspace)
    for taken in done.taken:
        if taken.verification and taken.verification.has_failed:
            about = f"{_line(taken, done.zone)}，请核实是不是本人发的"
            yield f"发件验证{taken.verification.text}：{about}。"
    yield from mails_for_a_person(done)
    machines = [left for left in done.left if left.kind in (MailKind.AUTOMATIC, MailKind.MASS)]
    yield from _listed("自动回复和群发邮件，一般不用管：", machines, done.zone)
    if done.not_given:
        yield f"有{done.not_given}封邮件这次没有取到，下次再收。"
    if done.waiting and not done.problem:
        yield f"邮箱里还有{done.waiting}封没有收，请再运行一次 tenproj fetch。"


def mails_for_a_person(done: Fetched) -> Iterator[str]:
    """Yield the bounces, the mails that are too large, and those of persons that are no returns."""
    for left in done.left:
        if left.kind is MailKind.BOUNCE:
            yield _bounce_line(left, done.zone)
    for left in done.left:
        if left.megabytes:
            told = f"邮件太大（{left.megabytes}MB），没有收取，请到邮箱里把附件存进收件夹"
            yield f"{told}：{_line(left, done.zone)}"
    letters = [left for left in done.left if left.kind is MailKind.PERSON and not left.megabytes]
    yield from _listed("这些邮件没有回表，请到邮箱里看：", letters, done.zone)


def _bounce_line(left: LeftMail, zone: tzinfo) -> str:
    bounce = left.bounce
    if left.returned and left.returned.reached_not:
        return _returned_line(left.returned)
    if bounce is None or not bounce.addresses:
        return f"有退信，看不出是哪个地址，请到邮箱里看：{_line(left, zone)}"
    whom, why = "、".join(bounce.addresses), f"（{bounce.why}）" if bounce.why else ""
    not_ours = "看不出是哪封信，仍会发给这个地址。"
    if left.returned:
        letter = left.returned.letter
        not_ours = f"退的是{letter.reference}，不是发往这个地址的，可能是转发；请电话联系{_whom(letter)}。"
        if letter.state.is_waiting:
            not_ours = (
                f"退的是{letter.reference}，台账里还没有发；发过的，请改用别的方式通知{_whom(letter)}。"
            )
    if bounce.is_permanent:
        return f"退信：发给{whom}的信没有送到{why}，请核对地址，改用别的方式通知。{not_ours}"
    return f"退信：发给{whom}的信暂时没有送到{why}，邮件系统可能还会再试。{not_ours}"


def _returned_line(returned: Returned) -> str:
    """Return which letter did not reach whom, and what to do."""
    letter, lost = returned.letter, returned.reached_not
    addresses = "、".join(one.address for one in lost)
    why = f"（{lost[0].why}）".removesuffix("（）")
    begins = f"退信：{letter.reference}发给{addresses}"
    call = f"请电话联系{_whom(letter)}"
    if not any(one.is_given_up for one in lost):
        return f"{begins}，暂时没有送到{why}，邮件系统还在重试；急的{call}。"
    if any(one.is_dead for one in lost):
        return f"{begins}，没有送到{why}；以后不再发给这个地址。{call}，核对通讯录。"
    return f"{begins}，没有送到{why}。{call}，或在待发清单写“再发”。"


def _whom(letter: LiaisonLetter) -> str:
    """Return whom a letter was for, with the telephone number: `区科技局 张三（0571-88880000）`."""
    whom = letter.whom.removeprefix(letter.unit)
    return " ".join(filter(None, (letter.unit, letter.section, whom)))


def _thread_lines(left: LeftMail) -> Iterator[str]:
    """Yield which letter a mail answers, and whose it is."""
    thread = left.thread
    if thread is None:
        return
    letter = thread.letter
    topics = f"（{'、'.join(letter.topics)}）".removesuffix("（）")
    yield f"    是对{letter.reference}{topics}的回信，联系{_whom(letter)}"
    if thread.other:
        yield f"    信头写的是{thread.other}，与主题的编号不同，请看看是不是回错了"


def _listed(head: str, mails: Sequence[LeftMail], zone: tzinfo) -> Iterator[str]:
    if not mails:
        return
    yield head
    for left in mails[:_SHOWN]:
        yield f"  {_line(left, zone)}"
        yield from _thread_lines(left)
    if len(mails) > _SHOWN:
        yield f"  …… 另有{len(mails) - _SHOWN}封，加 --json 可以看全。"


def _line(left: LeftMail | TakenMail, zone: tzinfo) -> str:
    at = left.sent_at.astimezone(zone)
    return f"{at:%m月%d日 %H:%M}  {left.sender or '（没有发件人）'}  “{left.subject or '无主题'}”"


def fetched_json(done: Fetched, workspace: Workspace) -> dict[str, object]:
    """Return the document of `fetch`: that of `ingest`, and the mails."""
    return {
        "mails": done.mails,
        "with_returns": list(map(_taken_json, done.taken)),
        "waiting": done.waiting,
        "not_given": done.not_given,
        "other_mails": list(map(_left_json, done.left)),
        **ingested_json(done.ingested, workspace),
    }


def _taken_json(taken: TakenMail) -> dict[str, object]:
    return {
        "sender": taken.sender or None,
        "subject": taken.subject or None,
        "sent_at": taken.sent_at.isoformat(),
        "verification": dict(taken.verification.results) if taken.verification else None,
    }


def _left_json(left: LeftMail) -> dict[str, object]:
    bounce = left.bounce
    return {
        "kind": str(left.kind),
        "sender": left.sender or None,
        "subject": left.subject or None,
        "sent_at": left.sent_at.isoformat(),
        "megabytes": left.megabytes or None,
        "not_reached": list(bounce.addresses) if bounce else None,
        "is_permanent": bounce.is_permanent if bounce else None,
        "returned": _returned_json(left.returned),
        "thread": thread_json(left.thread),
    }


def _returned_json(returned: Returned | None) -> dict[str, object] | None:
    if returned is None:
        return None
    lost = returned.reached_not
    return {
        "reference": returned.letter.reference,
        "not_reached": [one.address for one in lost if one.is_given_up],
        "delayed": [one.address for one in lost if not one.is_given_up],
        "rests": [one.address for one in lost if one.is_dead],
    }
