"""What the command `send` prints."""

from collections import Counter
from collections.abc import Iterator

from tenproj_xl.app.send_results import Laid, LaidOut, Mailed
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.terminal import padded
from tenproj_xl.model.deliveries import LetterState, LiaisonLetter

_NO_WAY = "渠道未登记"


def laid_lines(done: Laid, workspace: Workspace) -> Iterator[str]:
    """Yield what is to be sent, by whom it is for and by which way, and where it lies."""
    if done.marked:
        yield f"已读回清单：{len(done.marked)}封记为已发。"
    yield from done.unclear
    if done.mailed:
        yield from _mailed_lines(done.mailed)
    for letter in done.doubtful:
        yield f"{letter.reference} 发送结果不明，请在“已发送”中核对："
        yield "  发出去了的，在清单的“已发”打√；没有的，写“再发”。"
    yield from done.undelivered
    yield from _lost_lines(done)
    sent = f"已发{done.sent}封"
    if done.answered:
        sent = f"{sent}，其中{done.answered}封已回信"
    if not done.letters:
        yield f"{done.period.label}没有要发的信（{sent}）。"
        return
    by_channel = Counter(one.liaison.channel or _NO_WAY for one in done.letters)
    counted = "、".join(f"{channel}{count}封" for channel, count in by_channel.items())
    yield f"{done.period.label}待发{len(done.letters)}封（{counted}），{sent}："
    for number, one in enumerate(done.letters, 1):
        yield f"  {number:>2} {_line(one)}"
    yield ""
    yield f"待发：{workspace.relative(done.book.parent)}/"
    yield "（一位联络员一个文件夹：把消息.txt 贴进邮件或聊天窗口，附上同一文件夹里的文件）"
    yield f"清单：{workspace.relative(done.book)}（发出一封，在“已发”打√并保存）"
    yield f"工作群：{'、'.join(path.name for path in done.group)}"
    if done.nameless:
        yield f"通讯录里没有联络员的单位：{'、'.join(done.nameless)}。请在“{workspace.addresses.name}”登记。"


def _lost_lines(done: Laid) -> Iterator[str]:
    """Yield what was never sent and lies in the outbox no more, with what writes it again."""
    if done.lost.forms:
        code = done.period.code
        yield (
            f"outbox 里没有、信里也没有发过的填报表{len(done.lost.forms)}份："
            f"{'、'.join(recipient.spoken for recipient in done.lost.forms)}。"
        )
        yield f"  还没有分发的，请运行 tenproj generate --period {code} 重新生成，再运行 tenproj send。"
        yield "  （计划、通讯录没有改过的，与原来的一样）"
    for receipt in done.lost.returns:
        yield f"退回更正的表没有发出过，outbox 里也没有了：{receipt.sender}（{receipt.file}）。"
        yield f"  请先运行 tenproj original {receipt.sha256[:12]} --out inbox，"
        yield "  再运行 tenproj ingest（会重新写好），然后运行 tenproj send。"


def _mailed_lines(mailed: Mailed) -> Iterator[str]:
    """Yield how many letters were mailed, and what became of the others."""
    sent = [letter for letter in mailed.letters if letter.state is LetterState.SENT]
    yield f"从邮箱发出{len(sent)}封。"
    for letter in mailed.letters:
        if letter.state in (LetterState.PUT_OFF, LetterState.REFUSED) or (letter.why and letter in sent):
            whom = "、".join(letter.to)
            yield f"  {letter.reference}（{whom}）{letter.state.label}：{letter.why}"
    for letter in mailed.put_off:
        yield f"  {letter.reference} {letter.why}；要今天发的，在清单写“再发”。"
    for address, why in mailed.resting.items():
        because = f"（{why}）".removesuffix("（）")
        yield f"  {address} 收不到信{because}，没有再发；请核对通讯录，改了地址再运行，或用别的方式送。"
    if mailed.problem:
        yield f"错误：{mailed.problem}已发出的已经登记，其余的下次再发。"


def _line(one: LaidOut) -> str:
    liaison, about = one.liaison, "、".join(one.letter.topics)
    files = f"，附件{len(one.letter.files)}个" if one.letter.files else ""
    if one.liaison.is_mailed and one.by_hand:
        files = f"{files}（{one.by_hand}）"
    return f"{padded(liaison.label, 34)} {padded(liaison.channel or _NO_WAY, 10)} {about}{files}"


def laid_json(done: Laid, workspace: Workspace) -> dict[str, object]:
    """Return the same for machines."""
    return {
        "period": done.period.code,
        "letters": [_letter_json(one, workspace) for one in done.letters],
        "marked": [letter.reference for letter in done.marked],
        "unclear": list(done.unclear),
        "sent": done.sent,
        "answered": done.answered,
        "undelivered": list(done.undelivered),
        "doubtful": [letter.reference for letter in done.doubtful],
        "lost": {
            "forms": [recipient.code for recipient in done.lost.forms],
            "returns": [{"file": one.file, "sha256": one.sha256} for one in done.lost.returns],
        },
        "mailed": _mailed_json(done.mailed) if done.mailed else None,
        "written": [workspace.relative(path) for path in (done.book, *done.group)],
    }


def _mailed_json(mailed: Mailed) -> dict[str, object]:
    return {
        "letters": [_state_json(letter) for letter in mailed.letters],
        "resting": dict(mailed.resting),
        "put_off": [letter.reference for letter in mailed.put_off],
        "problem": mailed.problem or None,
    }


def _state_json(letter: LiaisonLetter) -> dict[str, object]:
    return {"reference": letter.reference, "state": letter.state.value, "why": letter.why or None}


def _letter_json(one: LaidOut, workspace: Workspace) -> dict[str, object]:
    letter = one.letter
    return {
        "reference": letter.reference,
        "unit": letter.unit,
        "section": letter.section or None,
        "name": letter.name or None,
        "channel": letter.channel or None,
        "to": list(letter.to),
        "task_forces": list(letter.task_forces),
        "about": list(letter.topics),
        "files": list(letter.files),
        "folder": workspace.relative(one.folder),
        "is_new": one.is_new,
        "by_hand": one.by_hand or None,
    }
