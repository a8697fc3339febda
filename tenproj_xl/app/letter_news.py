"""What people are told of letters that went: answered, not arrived, and whom to call."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

from tenproj_xl.app.sent_marks import LIST
from tenproj_xl.model.deliveries import LetterState, LiaisonLetter
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import printed_unit


def became_of(letter: LiaisonLetter, zone: tzinfo) -> str:
    """Return what became of a letter: `已发（11月26日），已回信（11月27日）`."""
    at = letter.at.astimezone(zone)
    parts = [letter.state.label]
    if letter.state is LetterState.SENT:
        parts = [f"{letter.state.label}（{at.month}月{at.day}日）", *_not_reached(letter)]
    elif letter.state.is_waiting and letter.why:
        parts.append(letter.why)
    if letter.answers:
        last = max(answer.at for answer in letter.answers).astimezone(zone)
        parts.append(f"已回信（{last.month}月{last.day}日）")
    return "，".join(parts)


def _not_reached(letter: LiaisonLetter) -> Iterator[str]:
    """Yield which addresses a letter that went did not reach, or has not reached so far."""
    if letter.not_reached:
        yield f"没有送到{'、'.join(letter.not_reached)}"
    if letter.answers:
        return
    late = dict.fromkeys(b.address for b in letter.bounces if b.address not in letter.not_reached)
    if late:
        yield f"{'、'.join(late)}暂时没有送到"


def answered_line(letters: Iterable[LiaisonLetter]) -> str:
    """Return how many letters were answered: `信函：已发5封，其中3封已回信。`, "" where none was."""
    sent = [letter for letter in letters if letter.state is LetterState.SENT]
    answered = sum(bool(letter.answers) for letter in sent)
    if not answered:
        return ""
    return f"信函：已发{len(sent)}封，其中{answered}封已回信。"


def undelivered(letters: Iterable[LiaisonLetter]) -> list[LiaisonLetter]:
    """Return the letters of which an address got none, and that nobody answered.

    What came back and was taken up in a later letter counts as long as that has not gone either.
    """
    known = list(letters)
    found = []
    for letter in known:
        if not letter.bounces or letter.answers:
            continue
        is_lost = letter.state is LetterState.REPLACED and not _went_later(letter, known)
        if is_lost or letter.state in (LetterState.SENT, LetterState.RETURNED):
            found.append(letter)
    return found


def _went_later(letter: LiaisonLetter, others: Iterable[LiaisonLetter]) -> bool:
    for other in others:
        is_his = (other.unit, other.section, other.name) == (letter.unit, letter.section, letter.name)
        if is_his and other.state is LetterState.SENT and other.at >= letter.at and not other.not_reached:
            return True
    return False


def undelivered_lines(letters: Iterable[LiaisonLetter], plan: Plan) -> Iterator[str]:
    """Yield a sentence for each letter that did not arrive: which address, whom to call, what to do."""
    for letter in undelivered(letters):
        yield f"{letter.reference}{_sentence(letter, plan)}"


def _sentence(letter: LiaisonLetter, plan: Plan) -> str:
    whom = letter.whom or printed_unit(letter.unit, plan)
    lost = "、".join(letter.not_reached)
    if letter.state is not LetterState.SENT:
        remedy = f"地址有误的，在通讯录改好；要照原地址再发的，在“{LIST}”写“再发”。"
        return f"没有送到{lost}，请电话联系{whom}。{remedy}"
    if lost:
        return f"没有送到{lost}（别的地址已发），请核对通讯录，或电话联系{whom}。"
    late = "、".join(dict.fromkeys(bounce.address for bounce in letter.bounces))
    return f"暂时没有送到{late}，邮件系统还在重试；急的请电话联系{whom}。"


def answered_though_waiting(letters: Sequence[LiaisonLetter]) -> Iterator[str]:
    """Yield a sentence for letters that are not ticked, and that somebody answered from another address."""
    names = [letter.reference for letter in letters if letter.state.is_waiting and letter.answers]
    if names:
        yield f"{'、'.join(names)}收到了回信，还没有登记为已发：发出去了的，请在“{LIST}”打√。"
