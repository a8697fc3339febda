"""Read the lines of 邮箱 in 设置.xlsx into `MailSettings`, or into findings."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.columns import Kind
from tenproj_xl.core.findings import Finding, Place, finding, has_errors
from tenproj_xl.core.texts import plain
from tenproj_xl.model.mail_schema import MAIL_PARAMETERS, MAIL_SHEET, SSL
from tenproj_xl.model.mail_settings import MailServer, MailSettings
from tenproj_xl.model.parameters import Parameter, advice_on, parameter_value
from tenproj_xl.reading.records import Record

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_ADDRESS = re.compile(r"[^\s@<>,;，；]{1,64}@[A-Za-z0-9.-]{1,250}")
_SECRETS = ("密码", "授权码", "口令", "password")
_HOST_ADVICE = "服务器的名称，如 mail.example.com，前面没有 https://，后面没有端口"
_ADDRESS_ADVICE = "一个邮箱地址，如 bgs@example.com"


def read_mail_settings(records: Sequence[Record], file: str) -> tuple[MailSettings, list[Finding]]:
    """Return what the lines of 邮箱 say, defaults for what they lack; and what is wrong with them."""
    found, findings = _lines(records)
    values = {p.field: _default(p) for p in MAIL_PARAMETERS}
    for field, record in found.items():
        parameter = next(p for p in MAIL_PARAMETERS if p.field == field)
        if not record.text("value"):
            continue
        value = parameter_value(record, parameter)
        advice = _unfit(field, value)
        if value is None:
            advice = advice_on(parameter)
        if advice:
            place, typed = record.place("value"), record.text("value")
            findings.append(finding(Code.SETTING_VALUE, place, typed, expected=parameter.name, advice=advice))
        elif value is not None:
            values[field] = plain(value) if isinstance(value, str) else value
    if not has_errors(findings):
        findings += _missing(values, found, file)
    return _built(values), findings


def _lines(records: Sequence[Record]) -> tuple[dict[str, Record], list[Finding]]:
    """Return the lines by their fields, and findings of those that stand for nothing or twice."""
    by_name = {parameter.name: parameter for parameter in MAIL_PARAMETERS}
    found: dict[str, Record] = {}
    findings = []
    for record in records:
        name, place = record.text("name"), record.place("name")
        if any(word in name.lower() for word in _SECRETS):
            findings.append(finding(Code.SETTING_SECRET, place))
        elif name not in by_name:
            findings.append(finding(Code.SETTING_UNKNOWN, place, name))
        elif by_name[name].field in found:
            first = found[by_name[name].field].row
            findings.append(finding(Code.SETTING_TWICE, place, f"“{name}”", expected=first))
        else:
            found[by_name[name].field] = record
    return found, findings


def _default(parameter: Parameter) -> str | float:
    if parameter.kind is Kind.NUMBER:
        return float(parameter.default)
    return parameter.default


def _unfit(field: str, value: str | float | None) -> str:
    """Return what a text should be that is none of a server or an address, "" where it is right."""
    if not isinstance(value, str):
        return ""
    if field in ("incoming", "outgoing") and not _HOST.fullmatch(plain(value)):
        return _HOST_ADVICE
    if field == "sender" and not _ADDRESS.fullmatch(plain(value)):
        return _ADDRESS_ADVICE
    return ""


def _missing(values: Mapping[str, str | float], found: Mapping[str, Record], file: str) -> Iterator[Finding]:
    """Report an account or a sender that a server needs."""
    uses = bool(values["incoming"] or values["outgoing"])
    if uses and not values["account"]:
        yield finding(
            Code.PLAN_REQUIRED, _place("account", found, file), expected="账号", advice="登录邮箱的账号"
        )
    elif values["outgoing"] and not _sender(values):
        yield finding(
            Code.PLAN_REQUIRED, _place("sender", found, file), expected="发件人", advice=_ADDRESS_ADVICE
        )


def _place(field: str, found: Mapping[str, Record], file: str) -> Place:
    if field in found:
        return found[field].place("value")
    return Place(file, MAIL_SHEET.name)


def _sender(values: Mapping[str, str | float]) -> str:
    """Return the address that letters are from, by default the account where that is one."""
    account = str(values["account"])
    if not values["sender"] and _ADDRESS.fullmatch(account):
        return account
    return str(values["sender"])


def _built(values: Mapping[str, str | float]) -> MailSettings:
    return MailSettings(
        incoming=_server("incoming", values),
        outgoing=_server("outgoing", values),
        account=str(values["account"]),
        sender=_sender(values),
        sender_name=str(values["sender_name"]),
        folder=str(values["folder"]),
        per_minute=int(float(values["per_minute"])),
        per_day=int(float(values["per_day"])),
        certificate=str(values["certificate"]),
        verifier=str(values["verifier"]),
    )


def _server(field: str, values: Mapping[str, str | float]) -> MailServer | None:
    host = str(values[field])
    if not host:
        return None
    return MailServer(host, int(float(values[f"{field}_port"])), values[f"{field}_tls"] == SSL)
