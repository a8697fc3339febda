"""What the office decided about items of 督办清单: whether one has left, and what was merged into another.

An item is an indicator or task with one date that it had to be done by. What is missed at another date is
another item, on which nothing was decided.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from tenproj_xl.model.decisions import Decision, Verdict
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.history import History
from tenproj_xl.model.issues import issue_history
from tenproj_xl.model.slips import Level


def last_ruling(known: History, code: str, item: date | None) -> Decision | None:
    """Return the last decision about an item, None without one."""
    ruling = None
    for decision in known.decisions_on(code):
        if decision.kind is not None and decision.item == item:
            ruling = decision
    return ruling


def ruling_on(known: History, code: str, item: date | None) -> Decision | None:
    """Return the decision in force about an item; None without one, and for one that was taken back."""
    ruling = last_ruling(known, code, item)
    if ruling is None or ruling.verdict is Verdict.RESUME:
        return None
    return ruling


def lets_go(ruling: Decision, level: Level) -> bool:
    """Return whether an item that is as urgent as `level` now has left by a decision.

    An indicator that was found in order while it only lagged is another matter once it has missed its target;
    what was merged or written off is not looked at again, and what a task's milestone asked for stays done.
    """
    if ruling.verdict in (Verdict.MERGE, Verdict.WRITE_OFF):
        return True
    if ruling.verdict is not Verdict.SETTLE:
        return False
    levels = list(Level)
    is_no_worse = ruling.urgency is None or levels.index(level) >= levels.index(ruling.urgency)
    return ruling.kind is Duty.TASK or is_no_worse


def is_told_with_a_later(known: History, code: str, item: date) -> bool:
    """Return whether an earlier target was missed before one that a decision is about.

    The item of the last missed target tells of those before it, too.
    """
    for later in {d.item for d in known.decisions_on(code) if d.item is not None and d.item > item}:
        ruling = ruling_on(known, code, later)
        if ruling is not None and ruling.urgency is Level.RED:
            return True
    return False


def merged_into(known: History) -> Mapping[str, tuple[str, ...]]:
    """Return the codes of the items and issues that were merged into another, by the code of that.

    What was merged into one of these is among them.
    """
    merged: dict[str, dict[str, None]] = {}
    for decision in _mergers(known):
        merged.setdefault(decision.into, {})[decision.issue] = None
    return {into: tuple(_with_theirs(into, merged)) for into in merged}


def _with_theirs(into: str, merged: Mapping[str, Mapping[str, None]]) -> dict[str, None]:
    """Return what was merged into something, each followed by what had been merged into it."""
    found: dict[str, None] = {}
    waiting = list(merged[into])
    while waiting:
        code = waiting.pop(0)
        if code not in found and code != into:
            found[code] = None
            waiting = [*merged.get(code, ()), *waiting]
    return found


def _mergers(known: History) -> Iterator[Decision]:
    """Yield the decisions in force by which something was merged into another, in the order of recording."""
    for decision in known.decisions:
        if decision.verdict is Verdict.MERGE and is_in_force(decision, known):
            yield decision


def is_in_force(decision: Decision, known: History) -> bool:
    """Return whether a decision is still the one about its item, or the one that closes its issue."""
    if decision.kind is not None:
        return last_ruling(known, decision.issue, decision.item) == decision
    issue = issue_history(known, decision.issue)
    return issue is not None and issue.signed_off == decision
