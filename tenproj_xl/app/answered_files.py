"""What a letter says of a file that came, taken from what became of it."""

from tenproj_xl.app.results import FileResult
from tenproj_xl.core.catalogue import Code
from tenproj_xl.model.history import Status
from tenproj_xl.model.lead_words import LeadVerdict

_SHEETS = {"indicators": "主要指标", "tasks": "重点任务", "issues": "问题"}
"""What letters call the sheets."""


def said_in(result: FileResult) -> str:
    """Return what a lead unit says anew: `同意5行，退回1行`, `异议2条`."""
    raised = [one for one in result.objections if one.is_open]
    taken_back = len(result.objections) - len(raised)
    parts = []
    if raised:
        parts.append(f"异议{len(raised)}条")
    if taken_back:
        parts.append(f"收回异议{taken_back}条")
    if result.slip_replies:
        labels = "、".join(f"〔{reply.year}〕{reply.number}号" for reply in result.slip_replies)
        parts.append(f"对督办单{labels}的反馈")
    verdicts = [word.verdict for word in result.lead_words]
    for verdict in (LeadVerdict.AGREED, LeadVerdict.RETURNED):
        if verdict in verdicts:
            parts.append(f"{verdict.label}{verdicts.count(verdict)}行")
    return "，".join(parts)


def moved_from(result: FileResult) -> str:
    """Return the period whose form was filled in instead of the one that is due, "" if none was."""
    for found in result.findings:
        if found.code is Code.OTHER_PERIOD:
            return found.value
    return ""


def waiting_rows(result: FileResult) -> tuple[str, ...]:
    """Return the names of the answered rows of a return that were left out until they are corrected."""
    judged = result.judgement
    if judged is None or judged.is_refused or result.status is not Status.TO_CORRECT:
        return ()
    accepted = {id(e) for e in judged.accepted}
    names = []
    for e in judged.entries:
        if e.is_answered and not e.row.of_others and id(e) not in accepted:
            names.append(e.row.name)
    for unplaced in judged.source.unplaced:
        if unplaced.row.is_written and unplaced.row.issued:
            names.append(unplaced.row.name)
    return tuple(dict.fromkeys(name for name in names if name))


def recorded_rows(result: FileResult) -> dict[str, int]:
    """Return how many answered rows of a return were recorded, by what letters call their sheets."""
    counts: dict[str, int] = {}
    for e in result.judgement.accepted if result.judgement else ():
        if e.is_answered and not e.row.of_others:
            name = _SHEETS[e.row.sheet.code]
            counts[name] = counts.get(name, 0) + 1
    return {name: counts[name] for name in _SHEETS.values() if name in counts}
