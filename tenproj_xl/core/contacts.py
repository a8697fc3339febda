"""How to reach a person: telephone numbers (by their shape, or told as such), mail addresses, accounts."""

import re

_GAP = r"[ \u3000\u00a0\t·\-－—–−]"
_GAPS = rf"{_GAP}{{1,3}}"
_MAYBE = rf"{_GAP}{{0,3}}"
_EXTENSION = rf"(?:{_MAYBE}(?:[-－—转#]|分机){_MAYBE}\d{{1,6}})?"
_END = r"(?![.．]?\d)"
_UNIT = (
    r"(?:[十百千万亿元]|[美欧日港]元|年|月|日|天|小时|分钟|平方|立方|公[顷里斤]|[千厘毫]?米|千?克|[千兆]?瓦|㎡|%|％|‰|℃|倍"
    r"|亩|户|人次?|家|个|件|次|吨|台|套|部(?!门)|辆|架|艘|批|份|张|册|篇|条|项|宗|笔|株|棵|头|座|栋|幢|间|场|例|届|度|升"
    r"|通(?![知过话讯])|起(?!用)|处(?!理)|(?:[kKMG]?[Ww]h?|[kcm]?m[²³23]?|k?g|t)(?![A-Za-z]))"
)
NO_UNIT_BEHIND = rf"{_END}(?!\s?{_UNIT})"
"""What stands behind a number that a figure or a range of years could look like: no more digits, no unit."""
_NO_YEARS = rf"(?!(?:19|20)\d\d{_GAP}{{1,3}}(?:19|20)\d\d{_END})"
_ABROAD = rf"(?:[+＋]?86{_MAYBE})?"
_MOBILE = rf"{_ABROAD}[1１][3-9３-９]\d"
_REST = (
    rf"(?:{_GAPS}\d{{8}}|{_GAPS}\d{{4}}{_GAPS}\d{{4}}|{_GAPS}\d{{3}}{_GAPS}\d{{5}}|[.．]\d{{4}}[.．]\d{{4}})"
)
_AREA = r"[（(]?[0０](?:[1１][0０]|[2２]\d|[3-9３-９]\d{2})[)）]?"
_WITH_AREA = rf"{_ABROAD}{_AREA}{_MAYBE}\d{{3,4}}{_MAYBE}\d{{4}}"
_SERVICE = r"[48４８][0０]{2}[-－—](?:\d{3}[-－—]\d{4}|\d{4}[-－—]\d{3}|\d{7})"
_LOCAL = rf"\d{{3,4}}{_MAYBE}\d{{4}}(?:{_MAYBE}\d{{3,4}}(?!{_GAPS}\d))?"
_TOLD = rf"{_NO_YEARS}(?:{_MOBILE}(?:{_REST}|\d{{8}})|{_WITH_AREA}|{_LOCAL}){_EXTENSION}{NO_UNIT_BEHIND}"
_NUMBER = re.compile(
    rf"(?<![\d.．])(?<!\d[-－])(?:{_MOBILE}{_REST}|{_WITH_AREA}|{_SERVICE}){_EXTENSION}{_END}"
    rf"|(?<![\d.．]){_MOBILE}\d{{8}}{_EXTENSION}{NO_UNIT_BEHIND}"
    rf"|(?:电话|手机|座机|热线|传真|联系方式|联系人)[^\d。；;\n]{{0,12}}{_TOLD}(?:\s?[、，,/或和]\s?{_TOLD}){{0,9}}"
    rf"|(?:短号|小号|虚拟网|内线)[^\d。；;\n]{{0,6}}\d{{3,8}}{NO_UNIT_BEHIND}"
)
_ADDRESS = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}[@＠][A-Za-z0-9][A-Za-z0-9.-]{0,80}", re.ASCII)
_ACCOUNT = re.compile(
    r"(?:微信|QQ|钉钉)(?:号码?[是为]?[：:]?\s?|[：:]\s?)[A-Za-z0-9][A-Za-z0-9_-]{4,19}"
    r"|微信(?=[A-Za-z_-]{1,19}[0-9_-])[A-Za-z][A-Za-z0-9_-]{5,19}"
    r"|QQ\s?\d{5,11}",
    re.ASCII,
)


def without_contacts(text: str) -> str:
    """Return a text with words for telephone numbers, mail addresses and accounts of chats."""
    shown = _ADDRESS.sub("（邮箱略）", text)
    shown = _NUMBER.sub("（电话略）", shown)
    return _ACCOUNT.sub("（账号略）", shown)
