"""Read the passwords of 打开密码.xlsx, and those that 设置.xlsx had before."""

from collections.abc import Mapping
from functools import partial

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.model.passwords import Passwords
from tenproj_xl.reading.records import read_records

_PASSWORD = Column("password", "密码", Fill.OFFICE, width=24)
_WHY = Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=50)
_UNIT = Column("unit", "单位", Fill.OFFICE, width=26)
PASSWORD_SHEET = Sheet("passwords", "打开密码", (_UNIT, _PASSWORD, _WHY))
FORMER_PASSWORD_SHEET = Sheet("passwords", PASSWORD_SHEET.name, (_PASSWORD, _WHY), may_lack=True)
"""What stood in 设置.xlsx up to 0.4.0, and is read there still."""
_REQUIRED = {PASSWORD_SHEET.code: (_PASSWORD.field,)}


def default_passwords() -> dict[str, Rows]:
    """Return the table of a fresh 打开密码.xlsx, which has no passwords."""
    return {PASSWORD_SHEET.name: [[column.header for column in PASSWORD_SHEET.columns]]}


def read_passwords(
    own: Mapping[str, Rows] | None, own_file: str, settings: Mapping[str, Rows], settings_file: str
) -> tuple[Passwords, list[Finding]]:
    """Return the passwords of 打开密码.xlsx, then those in 设置.xlsx, and what is wrong with the sheets.

    Args:
        own: The tables of 打开密码.xlsx, None where there is no such file.
        own_file: Its name.
        settings: The tables of 设置.xlsx.
        settings_file: Its name.
    """
    known: list[str] = []
    findings: list[Finding] = []
    if own is not None:
        records, findings = read_records(own, [PASSWORD_SHEET], own_file, _REQUIRED)
        known += [record.text("password") for record in (records or {}).get(PASSWORD_SHEET.code, ())]
    records, faults = read_records(settings, [FORMER_PASSWORD_SHEET], settings_file, {})
    former = [r for r in (records or {}).get(FORMER_PASSWORD_SHEET.code, ()) if r.text("password")]
    findings += faults
    findings += [finding(Code.SETTING_PASSWORDS, r.place("password")) for r in former[:1]]
    known += [record.text("password") for record in former]
    passwords = tuple(filter(None, dict.fromkeys(known)))
    return Passwords(partial(tuple, passwords), in_settings=bool(former)), findings


def has_passwords(settings: Mapping[str, Rows]) -> bool:
    """Return whether passwords stand in the tables of 设置.xlsx."""
    passwords, _ = read_passwords(None, "", settings, "")
    return passwords.in_settings


def without_passwords(settings: Mapping[str, Rows]) -> dict[str, Rows]:
    """Return the tables of 设置.xlsx but for the one with passwords."""
    return {name: rows for name, rows in settings.items() if name != FORMER_PASSWORD_SHEET.name}
