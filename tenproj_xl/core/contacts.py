"""How to reach a person: telephone numbers (by their shape, or told as such), mail addresses, accounts."""

import re

_GAP = r"[ \u3000\u00a0\t·\-－—–−]"
_GAPS = rf"{_GAP}{{1,3}}"
_MAYBE = rf"{_GAP}{{0,3}}"
_EXTENSION = rf"(?:{_MAYBE}(?:[-－—转#]|分机){_MAYBE}\d{{1,6}})?"
_END = r"(?![.．]?\d)"
_NO_FIGURE = rf"{_END}(?!\s?(?:元|万|亿|平方|亩|户|人|家|个|件|次|吨|台|套|%|％))"
"""What stands behind a number that a figure could look like: no unit."""
_ABROAD = rf"(?:[+＋]?86{_MAYBE})?"
_MOBILE = rf"{_ABROAD}[1１][3-9３-９]\d"
_REST = (
    rf"(?:{_GAPS}\d{{8}}|{_GAPS}\d{{4}}{_GAPS}\d{{4}}|{_GAPS}\d{{3}}{_GAPS}\d{{5}}|[.．]\d{{4}}[.．]\d{{4}})"
)
_AREA = r"[（(]?[0０](?:[1１][0０]|[2２]\d|[3-9３-９]\d{2})[)）]?"
_WITH_AREA = rf"{_ABROAD}{_AREA}{_MAYBE}\d{{3,4}}{_MAYBE}\d{{4}}"
_SERVICE = r"[48４８][0０]{2}[-－—](?:\d{3}[-－—]\d{4}|\d{4}[-－—]\d{3}|\d{7})"
_TOLD = rf"\d{{3,4}}{_MAYBE}\d{{4}}(?:{_MAYBE}\d{{3,4}})?{_EXTENSION}{_NO_FIGURE}"
_NUMBER = re.compile(
    rf"(?<![\d.．])(?<!\d[-－])(?:{_MOBILE}{_REST}|{_WITH_AREA}|{_SERVICE}){_EXTENSION}{_END}"
    rf"|(?<![\d.．]){_MOBILE}\d{{8}}{_EXTENSION}{_NO_FIGURE}"
    rf"|(?:电话|手机|座机|热线|传真|联系方式|联系人)[^\d。；;\n]{{0,12}}{_TOLD}(?:\s?[、，,/或和]\s?{_TOLD}){{0,9}}"
    rf"|(?:短号|小号|虚拟网|内线)[^\d。；;\n]{{0,6}}\d{{3,8}}{_NO_FIGURE}"
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
