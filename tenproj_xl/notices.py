"""Notices: findings as sentences with their place, ready to paste into a mail or a chat."""

from collections.abc import Sequence

from tenproj_xl.findings import Finding


def located(f: Finding) -> str:
    """A finding with its sheet and cell before it: `“主要指标进度表”N8：第8行…`."""
    if not f.sheet:
        return f.message
    return f"“{f.sheet}”{f.cell}：{f.message}"


def notice(file: str, findings: Sequence[Finding]) -> str:
    """A short notice for the sender of a file that could not be taken in."""
    lines = [f"您好！您发来的“{file}”未能收下：", ""]
    lines += [f"{n}. {located(f)}" for n, f in enumerate(findings, 1)]
    return "\r\n".join([*lines, "", "麻烦更正后重新发送，谢谢！", ""])
