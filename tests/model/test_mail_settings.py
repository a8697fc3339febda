"""邮箱 in 设置.xlsx: what the office may write there, and what is said of mistakes."""

import pytest

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding
from tenproj_xl.model.mail_settings import NO_MAIL, MailServer, MailSettings
from tenproj_xl.model.settings import Settings
from tenproj_xl.model.settings_reader import read_settings
from tenproj_xl.model.settings_schema import default_rows

Tables = dict[str, list[list[object]]]


def fresh() -> Tables:
    return {name: [list(row) for row in rows] for name, rows in default_rows().items()}


def with_mail(**values: object) -> tuple[Settings | None, list[Finding]]:
    """Read fresh settings with some lines of 邮箱 filled in."""
    tables = fresh()
    for row in tables["邮箱"]:
        if row[0] in values:
            row[1] = values[str(row[0])]
    return read_settings(tables, "设置.xlsx")


def mail(**values: object) -> MailSettings:
    settings, findings = with_mail(**values)
    assert settings is not None, findings
    return settings.mail


def said(**values: object) -> list[str]:
    _, findings = with_mail(**values)
    return [f"{f.sheet} {f.cell} {f.message}" for f in findings]


def test_a_fresh_workspace_uses_no_mailbox() -> None:
    assert mail() == NO_MAIL


def test_settings_of_before_have_no_such_table() -> None:
    tables = fresh()
    del tables["邮箱"]
    settings, findings = read_settings(tables, "设置.xlsx")
    assert (settings and settings.mail, findings) == (NO_MAIL, [])


def test_a_server_and_an_account_are_enough() -> None:
    found = mail(收信服务器="imap.example.com", 发信服务器="smtp.example.com", 账号="bgs@example.com")
    assert found.incoming == MailServer("imap.example.com", 993, is_ssl=True)
    assert found.outgoing == MailServer("smtp.example.com", 465, is_ssl=True)
    assert (found.sender, found.folder, found.per_minute) == ("bgs@example.com", "INBOX", 10)


def test_ports_and_starttls_are_as_typed() -> None:
    found = mail(收信服务器="10.1.2.3", 收信端口=143, 收信加密="STARTTLS", 账号="bgs")
    assert found.incoming == MailServer("10.1.2.3", 143, is_ssl=False)


def test_full_width_letters_of_an_input_method_are_understood() -> None:
    assert mail(收信服务器="ｉｍａｐ．example.com", 账号="bgs＠example.com").account == "bgs@example.com"


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        (
            "收信服务器",
            "https://mail.example.com/",
            "邮箱 B2 第2行：“收信服务器”填了“https://mail.example.com/”，应为服务器的名称，如 mail.example.com，前面没有 https://，后面没有端口。",
        ),
        ("收信端口", 99999, "邮箱 B3 第3行：“收信端口”填了“99999”，应为1到65535之间的数。"),
        ("收信加密", "不加密", "邮箱 B4 第4行：“收信加密”填了“不加密”，应为SSL、STARTTLS。"),
        ("每分钟封数", 0, "邮箱 B12 第12行：“每分钟封数”填了“0”，应为1到600之间的数。"),
    ],
)
def test_what_does_not_fit_is_told_with_its_cell(name: str, typed: object, message: str) -> None:
    assert said(**{"账号": "bgs@example.com", name: typed}) == [message]


def test_a_server_without_an_account_is_told() -> None:
    assert said(收信服务器="imap.example.com") == ["邮箱 B8 第8行：请填写“账号”（登录邮箱的账号）。"]


def test_an_account_that_is_no_address_needs_a_sender() -> None:
    (told,) = said(发信服务器="smtp.example.com", 账号="bgs")
    assert told == "邮箱 B9 第9行：请填写“发件人”（一个邮箱地址，如 bgs@example.com）。"


def test_a_password_in_the_table_is_told_and_never_repeated() -> None:
    tables = fresh()
    tables["邮箱"].append(["邮箱密码", "abc123", None])
    settings, findings = read_settings(tables, "设置.xlsx")
    assert settings is None  # so that no snapshot in the ledger has it
    assert [f.code for f in findings] == [Code.SETTING_SECRET]
    assert "tenproj secret set mail" in findings[0].message
    assert "abc123" not in repr(findings)


def test_unknown_and_double_lines_are_told() -> None:
    tables = fresh()
    tables["邮箱"] += [["收信主机", "x", None], ["账号", "y", None]]
    _, findings = read_settings(tables, "设置.xlsx")
    assert [f.code for f in findings] == [Code.SETTING_UNKNOWN, Code.SETTING_TWICE]
