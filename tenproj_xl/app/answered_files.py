"""What a letter says of a file that came, taken from what became of it."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tenproj_xl.app.results import FileResult
from tenproj_xl.core.catalogue import Code
from tenproj_xl.model.lead_words import LeadVerdict
from tenproj_xl.model.statuses import Status

_SHEETS = {"indicators": "主要指标", "tasks": "重点任务", "issues": "问题"}
"""What letters call the sheets."""


def said_in(result: FileResult) -> str:
    """Return what a lead unit says anew: `同意5行，退回1行`, `异议2条`."""
    raised = 0
    for objection in result.objections:
        raised += objection.is_open
    taken_back = len(result.objections) - raised
    parts = []
    if raised:
        parts.append(f"异议{raised}条")
    if taken_back:
        parts.append(f"收回异议{taken_back}条")
    labels = []
    for reply in result.slip_replies:
        labels.append(f"〔{reply.year}〕{reply.number}号")
    if labels:
        parts.append(f"对督办单{'、'.join(labels)}的反馈")
    verdicts = Counter(word.verdict for word in result.lead_words)
    for verdict in (LeadVerdict.AGREED, LeadVerdict.RETURNED):
        if verdict in verdicts:
            parts.append(f"{verdict.label}{verdicts[verdict]}行")
    return "，".join(parts)


def moved_from(result: FileResult) -> str:
    """Return the period whose form was filled in instead of the one that is due, "" if none was."""
    for found in result.findings:
        if found.code is Code.OTHER_PERIOD:
            return found.value
    return ""


def unknown_address(result: FileResult) -> str:
    """Return the address that a return came from and that stands nowhere in the address book, else ""."""
    for found in result.findings:
        if found.code is Code.SENDER_UNKNOWN:
            return found.value
    return ""


class WaitingRows(NamedTuple):
    """The names of rows that were left out until they are corrected.

    Of those in `changed` an earlier report counts, and what a correction workbook changes in it waits.
    """

    whole: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def waiting_rows(result: FileResult) -> WaitingRows:
    """Return the answered rows of a return that were left out until they are corrected.

    What a correction workbook leaves as it stands was counted before.
    """
    judged = result.judgement
    if judged is None or judged.is_refused or result.status is not Status.TO_CORRECT:
        return WaitingRows()
    accepted = set(map(id, judged.accepted))
    whole, changed = [], []
    for e in judged.entries:
        if not e.is_answered or e.row.of_others or id(e) in accepted:
            continue
        if e.row.patched is None:
            whole.append(e.row.name)
        elif e.row.patched:
            changed.append(e.row.name)
    for unplaced in judged.source.unplaced:
        if unplaced.row.is_written and unplaced.row.issued:
            whole.append(unplaced.row.name)
    return WaitingRows(_named(whole), _named(changed))


def _named(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def recorded_rows(result: FileResult) -> dict[str, int]:
    """Return how many answered rows of a return were recorded, by what letters call their sheets."""
    counts = dict.fromkeys(_SHEETS.values(), 0)
    if result.judgement:
        for e in result.judgement.accepted:
            if e.is_answered and not e.row.of_others:
                counts[_SHEETS[e.row.sheet.code]] += 1
    return counts
