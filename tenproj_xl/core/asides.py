"""Asides: what people write beside a form, in comments, boxes or a mail: does it hold a figure, or anything?

Dates, telephone numbers, codes and numbers of papers are no figures; greetings and signatures say nothing.
The longer patterns are compiled by `re` where they are asked for: most runs need none.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from tenproj_xl.core.contacts import NO_UNIT_BEHIND
from tenproj_xl.core.personal_names import is_personal_name
from tenproj_xl.core.references import around_references

_TELEPHONE = (
    r"(?:[(（]0[0-9]{2,3}[)）] ?|[0-9]{3,4}[- ])?[0-9]{7,8}\s{0,3}(?:转|分机|ext\.?)\s{0,3}[0-9]{1,6}"
    r"|[(（]0[0-9]{2,3}[)）] ?[0-9]{7,8}|[0-9]{3,4}-[0-9]{7,8}"
    r"|(?<![0-9])1[0-9]{2}[- ][0-9]{4}[- ][0-9]{4}(?![0-9.])"
    rf"|(?<![0-9])(?:1[3-9][0-9]{{9}}|[0-9]{{7,8}}){NO_UNIT_BEHIND}"
)
_NO_FIGURE = (
    rf"\S{{1,60}}@\S{{1,60}}|{_TELEPHONE}|[0-9]{{9,}}{NO_UNIT_BEHIND}"
    r"|[A-Za-z][0-9]{2}-[0-9-]{1,9}"
    r"|(?:[0-9]{2,4}年)?[0-9]{1,2}月(?:[0-9]{1,2}[日号])?|[0-9]{2,4}年(?:第?[1-4一二三四]季度)?|[0-9]{1,2}[日号]"
    r"|[0-9]{4}[-./][0-9]{1,2}(?:[-./][0-9]{1,2})?|[0-9]{1,2}[:：][0-9]{2}"
    r"|第[0-9]{1,4}[期周号季条行列页张]|[1-4]季度|〔[0-9]{4}〕[0-9]{1,5}号?"
    r"|(?:附件|附表|表|图|图片|Sheet|专班|文本框)[0-9]{1,3}"
    r"|(?:^|(?<=[\s;；。]))[0-9]{1,2}[、)）.．](?![0-9])"
)
_DIGIT = re.compile(r"[0-9０-９]")
_COURTESY = (
    r"(?i)(?:您好|你好|各位|尊敬).{0,20}|.{0,20}(?:查收|查阅|审阅|收悉|谢谢|感谢|多谢).{0,10}|此致|敬礼|顺颂.{0,6}|祝.{0,10}"
    r"|(?:关于)?(?:报送|上报|填报|提交)(?:[0-9]{4}年)?(?:第?[0-9]{1,4}[期周月])?[^0-9]{0,12}(?:进度|情况|数据)(?:的函|的报告)?"
    r"|.{0,30}(?:填报表|回表|报表|报送表|附件|材料|表格).{0,12}"
    r"|(?:邮箱|地址|邮编).{0,60}|(?:联系人|联系电话|电话|手机|传真|短号|内线)(?:[^0-9]{0,60}|[:：号]{0,2}[0-9]{3,6})"
    r"|(?:发自|来自)我的.{0,20}"
    r"|.{0,20}(?:局|办|委|街道|中心|科|处|室|公司|单位)|.{0,3}(?:[科处局所站队组院镇部股]长|主任|专员|科员|经办人|联络员|负责人)"
    r"|[-_=*—\s]*|(?![0-9]{9}|(?!20[0-9]{2}\.)[0-9]+\.[0-9]+$)[0-9\s年月日号期周:：./-]*"
)
_NAME = re.compile(r"(?![已未无不没请同待应改补暂是属停完达超总投产营税])[㐀-鿿]{2,3}")
_LABEL = re.compile(r"[应全].{1,2}|(?:金额|余额|项目|计划|成本|成交|单价|党员|安置|施工).?")
"""What stands before a figure and begins as names do."""
_ANSWER = (
    r"(?i)(?:\s|\[[^\[\]]{0,20}\]|【[^【】]{0,20}】){0,5}(?:Re|Fwd?|回复|答复|转发|自动回复)\s{0,3}[:：]"
)
"""How the subject of an answer begins, which repeats another's, behind what a server of mail sets before."""
_DAY_FIRST = r"(?:On |At |[在于] ?[0-9]|20[0-9]{2}[-/年][0-9]{1,2}[-/月])"
_WROTE = r"(?:写道|wrote) {0,3}[:：]\s*$"
_SIGN = r"(?:[0-9][:：][0-9]{2}|@)"
_EARLIER_MAIL = (
    r"(?m)^[^\S\n]{0,20}(?:>(?! ?[0-9])|发件人\s{0,3}[:：]|From:"
    r"|-{2,}\s{0,3}(?:原始邮件|邮件原件|转发的?邮件|Original|Forwarded)"
    r"|.{0,150}@[^\s<>]{1,80}>.{0,60}(?:写道|写到|wrote) {0,3}[:：]\s*$"
    rf"|{_DAY_FIRST}.{{0,150}}{_SIGN}.{{0,150}}(?:\n(?!{_DAY_FIRST}).{{0,100}})?{_WROTE}"
    rf"|{_DAY_FIRST}.{{0,150}}\n(?!{_DAY_FIRST}).{{0,100}}@.{{0,100}}{_WROTE})"
)
"""Where the mail that is answered begins, by a mark or by a line that says who wrote it and at what time.

A line with a day alone may be the sender's own: `贵办2026年11月27日来信写道：`.
"""
_SENTENCE = re.compile(r"[^。；;！!\n]+[。；;！!]?")
_LONGEST = 4000


def holds_figure(text: str) -> bool:
    """Return whether a text has a number that may be a figure."""
    begins = text[:_LONGEST]
    if not _DIGIT.search(begins):
        return False
    return bool(_DIGIT.search(re.sub(_NO_FIGURE, " ", begins)))


def said_in_mail(subject: str, texts: Iterable[str]) -> str:
    """Return what a mail says beside greetings, signatures and the mail that it answers.

    Args:
        subject: Its subject; that of an answer is another's, but for what is added behind our reference.
        texts: Its texts, which may say the same, one in plain text and one in HTML.
    """
    said: list[str] = []
    before, behind = around_references(subject)
    if not re.match(_ANSWER, subject):
        said += _said(before)
    for text in (behind, *texts):
        said += _said(text)
    return joined(dict.fromkeys(said))


def joined(said: Iterable[str]) -> str:
    """Return sentences in a row, those without a mark at their end parted by a semicolon."""
    text = ""
    for sentence in filter(None, said):
        if text and text[-1] not in "。；;！!？?，,：:":
            text += "；"
        text += sentence
    return text


def _said(text: str) -> Iterator[str]:
    """Yield the sentences of a text that are no courtesies, up to the mail that it answers."""
    own = text[:_LONGEST]
    if earlier := re.search(_EARLIER_MAIL, own):
        own = own[: earlier.start()]
    lines = [line for line in own.splitlines() if line.strip()]
    for n, line in enumerate(lines):
        for sentence in _SENTENCE.findall(line):
            if not _is_courtesies(sentence, is_first=n == 0):
                yield sentence.strip()


def _is_courtesies(sentence: str, *, is_first: bool) -> bool:
    """Return whether a sentence says nothing in any of its parts; a name is signed below the first line."""
    rest = re.sub(_TELEPHONE, "", sentence)
    parts = re.split(r"[,，、\s]+", rest.strip(" 。；;！!\t　"))
    is_name: Callable[[str], object] = _NAME.fullmatch
    if rest != sentence:
        is_name = _is_before_telephone
    return all(re.fullmatch(_COURTESY, part[:200]) or (not is_first and is_name(part)) for part in parts)


def _is_before_telephone(part: str) -> bool:
    """Return whether a word beside what may be a telephone number is a name: a figure has others there."""
    return is_personal_name(part) and not _LABEL.fullmatch(part)
