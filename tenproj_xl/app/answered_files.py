"""What a letter says of a file that came, taken from what became of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tenproj_xl.app.results import FileResult
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.sheets import ISSUES
from tenproj_xl.model.lead_words import LeadVerdict, WordKey
from tenproj_xl.model.statuses import Status
from tenproj_xl.validation.judge import JudgedReturn

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
    labels: dict[str, None] = {}
    for reply in result.slip_replies:
        labels[f"〔{reply.year}〕{reply.number}号"] = None
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
        is_settled = (e.row.tab, e.row.number) in result.settled
        if not e.is_answered or e.row.of_others or is_settled or id(e) in accepted:
            continue
        if e.row.patched is None:
            whole.append(e.row.name)
        elif e.row.patched:
            changed.append(e.row.name)
    for unplaced in judged.source.unplaced:
        issued = unplaced.row.issued  # no correction brings a row of another recipient's form in
        if unplaced.row.is_written and issued and issued.recipient == judged.source.recipient:
            whole.append(unplaced.row.name)
    return WaitingRows(_named(whole), _named(changed))


def _named(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def recorded_rows(
    result: FileResult, left_out: Mapping[WordKey, LeadVerdict]
) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many answered rows of a return count, and how many wait for their lead unit.

    Both are by what letters call the sheets; what a lead has returned is in neither.

    Args:
        result: What became of the return.
        left_out: Its rows that do not count, with what their leads said.
    """
    counting, waiting = dict.fromkeys(_SHEETS.values(), 0), dict.fromkeys(_SHEETS.values(), 0)
    if result.judgement is None:
        return counting, waiting
    own = {key[1:3]: verdict for key, verdict in left_out.items() if key[0] == result.received.sha256}
    for e in result.judgement.accepted:
        if not e.is_answered or e.row.of_others:
            continue
        sheet = e.row.sheet.code
        verdict = own.get((sheet, e.code)) if e.code else _of_new_issue(own, result.judgement)
        if verdict is None:
            counting[_SHEETS[sheet]] += 1
        elif verdict is LeadVerdict.WAITING:
            waiting[_SHEETS[sheet]] += 1
    return counting, waiting


def _of_new_issue(
    left_out: Mapping[tuple[str, str], LeadVerdict], judgement: JudgedReturn
) -> LeadVerdict | None:
    """Return what is said of the issues that a return registers, None where they count."""
    known = {(e.row.sheet.code, e.code) for e in judgement.accepted}
    said = [verdict for key, verdict in left_out.items() if key[0] == ISSUES.code and key not in known]
    return said[0] if said else None
