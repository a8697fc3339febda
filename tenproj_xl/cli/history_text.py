"""What `history` prints: for people in lines, for programs as one document."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from tenproj_xl.app.life_results import Life, LifeOf, Ruling
from tenproj_xl.cli.as_json import finding_json
from tenproj_xl.cli.terminal import padded, width
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.findings import located
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.lives import Paper, RecordedValue
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.units import printed_unit
from tenproj_xl.office.life_words import papers_of, plan_of, source_of

_LONGEST = 40
"""How much of a text is shown, in characters."""


def life_lines(life: Life) -> Iterator[str]:
    """Yield what became of something: the files, then every value by what it is about, then decisions."""
    yield life.title
    if life.withdrawn:
        yield f"已撤回（{_clock(life.withdrawn.at, life.zone)}，{life.withdrawn.why}）"
    yield from _receipt_lines(life)
    shown = life.values
    if life.of is not LifeOf.ROW:
        shown = tuple(value for value in life.values if value.is_main)
    if not shown and not life.receipts:
        yield "台账里还没有记过。"
    yield from _value_lines(life, shown)
    if len(shown) < len(life.values):
        yield f"另有{len(life.values) - len(shown)}个值是各行的其他内容，见 --json 或 --xlsx。"
    for ruling in life.rulings:
        decided = ruling.decision
        when = _clock(decided.source.at, life.zone)
        lapsed = "" if ruling.holds else "（已不再有效）"
        yield f"裁定{lapsed}（{when}，{decided.who}）：{_shown(decided.value)}，{decided.why}"
    for decision in life.decisions:
        yield f"审定：{decision.issue} {decision.spoken}"
    for slip in life.slips:
        yield f"督办单：{slip}"


def _receipt_lines(life: Life) -> Iterator[str]:
    if life.of is LifeOf.ROW:
        return
    if not life.receipts:
        yield "没有收到过它的填报表。"
        return
    longest = max(width(receipt.file) for receipt in life.receipts)
    for receipt in life.receipts:
        parts = (
            _clock(receipt.received_at, life.zone),
            padded(receipt.file, longest),
            receipt.period or "未认出期号",
            receipt.status.label,
            receipt.sender,
            receipt.channel,
        )
        yield "  " + "  ".join(parts).rstrip()
        for finding in receipt.findings:
            if life.of is LifeOf.FILE:
                yield f"    {finding.severity.label}：{located(finding)}"


def _value_lines(life: Life, values: Sequence[RecordedValue]) -> Iterator[str]:
    """Yield the values under headings of row, column and what they are about."""
    longest = max((width(_amount(value)) for value in values), default=0)
    heading, about = "", ""
    for value in values:
        own = _heading(life, value)
        if own != heading:
            yield from ("", own)
            heading, about = own, ""
        if value.about.dated_label != about:
            about = value.about.dated_label
            yield f"  {about}"
        yield from _lines_of(life, value, longest)


def _heading(life: Life, value: RecordedValue) -> str:
    measure = f"（{value.measure}）" if value.measure else ""
    if life.of is LifeOf.ROW:
        return f"{value.header}{measure}"
    return f"{value.code} {value.name} {value.header}{measure}"


def _lines_of(life: Life, value: RecordedValue, longest: int) -> Iterator[str]:
    who = " ".join(filter(None, (printed_unit(value.row.unit, life.plan), value.filler)))
    first = (
        padded(value.standing.label, 8),
        padded(_amount(value), longest),
        f"{_clock(value.recording.at, life.zone)}记入",
        value.row.period.spoken,
        who,
    )
    yield "    " + "  ".join(first).rstrip()
    margin = " " * 14
    yield f"{margin}{source_of(value)}　计划 {plan_of(value)}"
    if value.withdrawn:
        yield f"{margin}撤回：{value.withdrawn.why}（{_clock(value.withdrawn.at, life.zone)}）"
    for finding in value.findings:
        yield f"{margin}{finding.severity.label}：{finding.message}"
    for paper in papers_of(value, life.zone):
        yield f"{margin}列入：{paper}"


def _amount(value: RecordedValue) -> str:
    """Return a value with its nature: `72.5  部门统计`."""
    shown = _shown(value.value)
    if value.nature is None:
        return shown
    return f"{shown}  {value.nature.label}"


def _shown(value: object) -> str:
    text = " ".join(text_of(value).split())
    if len(text) > _LONGEST:
        return f"{text[: _LONGEST - 1]}…"
    return text


def _clock(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


# --- the document


def life_json(life: Life) -> dict[str, object]:
    """Return the document of `history`."""
    return {
        "of": str(life.of),
        "subject": life.subject,
        "title": life.title,
        "withdrawn": _withdrawal_json(life.withdrawn),
        "files": list(map(_receipt_json, life.receipts)),
        "values": list(map(_value_json, life.values)),
        "decisions": [{"issue": d.issue, "date": d.on.isoformat(), "text": d.spoken} for d in life.decisions],
        "slips": list(life.slips),
        "rulings": list(map(_ruling_json, life.rulings)),
    }


def _ruling_json(ruling: Ruling) -> dict[str, object]:
    decided = ruling.decision
    return {
        "period": decided.period,
        "code": decided.code,
        "column": decided.field,
        "value": text_of(decided.value) or None,
        "who": decided.who,
        "why": decided.why,
        "at": decided.source.at.isoformat(),
        "holds": ruling.holds,
    }


def _receipt_json(receipt: Receipt) -> dict[str, object]:
    return {
        "file": receipt.file,
        "sha256": receipt.sha256,
        "period": receipt.period or None,
        "recipient": receipt.party.recipient or None,
        "unit": receipt.party.unit or None,
        "sender": receipt.sender or None,
        "channel": receipt.channel or None,
        "status": str(receipt.status),
        "received_at": receipt.received_at.isoformat(),
        "late": receipt.late,
        "findings": list(map(finding_json, receipt.findings)),
    }


def _value_json(value: RecordedValue) -> dict[str, object]:
    row = value.row
    return {
        "sheet": row.sheet,
        "code": value.code,
        "name": value.name or None,
        "column": value.field,
        "header": value.header,
        "about": value.about.code,
        "value": _plain(value.value),
        "measure": value.measure or None,
        "nature": label_of(value.nature),
        "standing": str(value.standing),
        "withdrawn": _withdrawal_json(value.withdrawn),
        "period": row.period.code,
        "recorded_at": value.recording.at.isoformat(),
        "received_at": row.received_at.isoformat(),
        "file": row.file,
        "sha256": row.sha256,
        "tab": row.tab,
        "cell": value.cell or None,
        "unit": row.unit or None,
        "filler": value.filler or None,
        "code_then": indicator_of_row(value.recording.code_then or row.code),
        "plan": value.plan.sha256 if value.plan else None,
        "plan_since": value.plan.since.code if value.plan else None,
        "plan_now": value.plan_now.sha256 if value.plan_now else None,
        "findings": list(map(finding_json, value.findings)),
        "papers": list(map(_paper_json, value.papers)),
    }


def _plain(value: object) -> float | str | None:
    if value is None or isinstance(value, float):
        return value
    return text_of(value)


def _paper_json(paper: Paper) -> dict[str, object]:
    return {"paper": paper.label, "at": paper.at.isoformat(), "given_out": paper.is_given_out}


def _withdrawal_json(withdrawal: Withdrawal | None) -> dict[str, object] | None:
    if withdrawal is None:
        return None
    return {"why": withdrawal.why, "at": withdrawal.at.isoformat()}
