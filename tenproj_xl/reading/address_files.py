"""Address books of other programs: vCard (.vcf) as phones and mail programs export it, and tables (.csv)."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.limits import LIMITS
from tenproj_xl.core.texts import canonical
from tenproj_xl.reading.csv_text import decoded_text

_HEADERS: Mapping[str, str] = {
    "unit": "单位 公司 组织 工作单位 单位名称 organization company",
    "section": "承办科室 科室 部门 处室 department",
    "name": "联络员 姓名 名字 显示名称 联系人 name displayname fullname",
    "phone": "联系电话 电话 手机 移动电话 办公电话 商务电话 mobilephone businessphone phone",
    "address": "发送地址 邮箱 邮箱地址 电子邮件 电子邮件地址 邮件地址 email e-mail emailaddress",
}
"""What programs call a column; the first that is there and not blank counts."""
_NOT_ASKED = re.compile(
    r"^(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:].*\n(?:[ \t].*\n)*", re.MULTILINE | re.IGNORECASE
)
"""What a card holds in base64: a damaged picture would keep all cards out."""
_MAIL_LINE = re.compile(r"^(?:[\w-]+\.)?EMAIL[;:].*", re.MULTILINE | re.IGNORECASE)
_COMMA = re.compile(r"\\?,")
_BEFORE_ADDRESS = re.compile(r"(?:^|(?<=[;；,，、\n]))[^;；,，、<＜（(@\n]{1,80}(?=[<＜（(])")
"""The name in an address as mail programs write it: `张三 <zs@x.cn>`."""
_BETWEEN_ADDRESSES = re.compile(r"[;；,，、\s\"“”<>＜＞（）()]+")
_HAN = re.compile(r"[㐀-鿿]")
_IN_POWERS_OF_TEN = re.compile(r"[0-9.]+E\+?[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Card:
    """Somebody in another address book, as it is written there; `place` is where: `第3行`, `第2张名片`."""

    place: str
    unit: str
    section: str
    name: str
    phone: str
    addresses: tuple[str, ...]

    @property
    def has_spoilt_phone(self) -> bool:
        """Whether a spreadsheet has made a number of the telephone and cut its digits: `1.39E+10`."""
        return _IN_POWERS_OF_TEN.fullmatch(self.phone) is not None


def read_cards(path: Path) -> list[Card]:
    """Return the people in a .vcf or .csv file.

    Raises:
        EnvironmentProblem: It is neither, or cannot be understood.
    """
    data = path.read_bytes()
    if len(data) > LIMITS.size:
        raise EnvironmentProblem(f"“{path.name}”有{len(data) >> 20}MB，不像是通讯录，没有导入。")
    text = decoded_text(data)
    if text.lstrip().upper().startswith("BEGIN:VCARD"):
        return list(_of_vcards(text, path.name))
    if path.suffix.lower() == ".csv":
        return list(_of_table(text, path.name))
    raise EnvironmentProblem(
        f"“{path.name}”不是 .vcf 或 .csv。请在手机、邮箱或 WPS 里把通讯录导出（另存）为这两种之一，再导入。"
    )


def _of_vcards(text: str, file: str) -> Iterator[Card]:
    import vobject  # noqa: PLC0415  # only who imports such a file waits for it

    try:
        cards = list(vobject.readComponents(_as_read(text), allowQP=True))
    except (vobject.base.VObjectError, ValueError, LookupError) as fault:
        raise EnvironmentProblem(
            f"“{file}”里有读不懂的名片，没有导入。请重新导出一次，或在 WPS 里做成 .csv 再导入。"
        ) from fault
    for number, card in enumerate(cards, 1):
        organisation = _values(card, "org")
        parts = [str(part).strip() for part in organisation[0]] if organisation else []
        phones = _values(card, "tel")
        yield Card(
            place=f"第{number}张名片",
            unit=parts[0] if parts else "",
            section=parts[1] if len(parts) > 1 else "",
            name=_name_on(card),
            phone=str(phones[0]).strip() if phones else "",
            addresses=_addresses(" ".join(map(str, _values(card, "email")))),
        )


def _as_read(text: str) -> str:
    """Return cards as the library reads them: it loses what stands behind a comma in addresses."""
    asked = _NOT_ASKED.sub("", text)
    return _MAIL_LINE.sub(lambda line: _COMMA.sub(";", line[0]), asked)


def _name_on(card: Any) -> str:
    """Return the name as it is written; a card of version 2.1 may have its parts alone, family name first."""
    names = [str(name).strip() for name in _values(card, "fn")]
    for parts in _values(card, "n"):
        names.append("".join(_words(parts.family) + _words(parts.given)))
    return next(filter(None, names), "")


def _words(part: str | list[str]) -> list[str]:
    """Return the words of a part of a name, which is a list where a comma stands in it."""
    if isinstance(part, str):
        part = [part]
    return [word.strip() for word in part]


def _addresses(text: str) -> tuple[str, ...]:
    """Return the addresses in a text, without the names that stand beside them."""
    pieces = _BETWEEN_ADDRESSES.split(_BEFORE_ADDRESS.sub("", text))
    found = [piece for piece in pieces if piece]
    if "@" in text:
        found = [piece for piece in found if "@" in piece or not _HAN.search(piece)]
    return tuple(dict.fromkeys(found))


def _values(card: Any, name: str) -> list[Any]:
    """Return the values of a property of a card, however often it stands there."""
    return [line.value for line in card.contents.get(name, ())]


def _of_table(text: str, file: str) -> Iterator[Card]:
    rows = list(csv.reader(io.StringIO(text), dialect=_dialect(text)))
    places = _places(rows[0]) if rows else {}
    if "name" not in places:
        raise EnvironmentProblem(
            f"“{file}”第一行没有“姓名”一栏，没有导入。请在第一行写明各栏：单位、承办科室、姓名、电话、邮箱。"
        )
    for number, row in enumerate(rows[1:], 2):
        cells = {field: _first(row, columns) for field, columns in places.items()}
        if any(cells.values()):
            address = cells.pop("address", "")
            yield Card(
                place=f"第{number}行",
                addresses=_addresses(address),
                **{field: cells.get(field, "") for field in ("unit", "section", "name", "phone")},
            )


def _dialect(text: str) -> type[csv.Dialect]:
    """Return how the cells are separated, by the first line: by commas, tabs or semicolons."""
    head = text.partition("\n")[0]

    class Dialect(csv.excel):
        delimiter = max(",\t;", key=head.count)

    return Dialect


def _places(headers: list[str]) -> dict[str, list[int]]:
    """Return the columns of each field, in the order of its headers."""
    spelled = [canonical(header).lower().replace(" ", "") for header in headers]
    places: dict[str, list[int]] = {}
    for field, names in _HEADERS.items():
        for name in names.split():
            places.setdefault(field, []).extend(n for n, header in enumerate(spelled) if header == name)
    return {field: columns for field, columns in places.items() if columns}


def _first(row: list[str], columns: list[int]) -> str:
    return next((row[n].strip() for n in columns if n < len(row) and row[n].strip()), "")
