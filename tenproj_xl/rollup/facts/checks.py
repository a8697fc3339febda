"""Lines of 核验清单: every finding in the files of the period, and what became of what it is about."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.return_state import current_receipts, still_refused
from tenproj_xl.model.conflicts import finding_of
from tenproj_xl.model.lead_words import why_left_out
from tenproj_xl.model.questions import Key, Question, key_of
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status
from tenproj_xl.rollup.facts.input import RollupInput

_REPLACES = (Code.RETURN_CHANGED, Code.VERSION_UNSURE, Code.RETURN_GOES_BACK)
"""What is said of a return when it is taken for the newer one of two."""
_BEFORE_MOMENT = "，"
"""Stands after the name of the other return and before when that was made."""
_LAST = "～"
"""Sorts behind the codes of all task forces."""


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """One finding and the file it was found in.

    Attributes:
        receipt: The file.
        finding: The finding.
        overtaken: Whether the unit has returned another file since; of a conflict, whether it is decided.
        since: When the row or file was first returned for the week with an error; None where nothing waits.
        question: The question that it is, and what became of it.
        asked_in: The period in which that is told.
        is_left_out: Whether its row waits for the correction of something else in it, or with its whole file.
        counts: Whether the figure that it is about counts, though another one had been given out.
        is_set_aside: Whether the office prefers the other return with which its file was compared.
    """

    receipt: Receipt
    finding: Finding
    overtaken: bool
    since: datetime | None = None
    question: Question | None = None
    asked_in: Period | None = None
    is_left_out: bool = False
    counts: bool = True
    is_set_aside: bool = False

    @property
    def task_force(self) -> str:
        """The task force of the row, else of the file, by its code; "" where the file is about several."""
        return self.finding.task_force or self.receipt.task_force

    @property
    def subject(self) -> str:
        """What it is about, as people call it: a row by its name, or a whole sheet or file."""
        if self.finding.name:
            return self.finding.name
        row = Place(cell=self.finding.cell).row
        if row:
            return f"第{row}行"
        if self.finding.sheet:
            return "整张表"
        return "整份"

    @property
    def answer(self) -> str:
        """What the sender wrote about it in the row's 核实说明, or the office found out."""
        if self.question and self.question.said:
            return self.question.said
        return self.finding.answer

    @property
    def outcome(self) -> str:
        """What became of what it is about: it waits, it is in, or it is excused, by whom and until when."""
        if self.finding.code is Code.SENDERS_DISAGREE:
            return "已裁定" if self.overtaken else "待裁定"
        if self.receipt.withdrawn:
            return "已撤回"
        if not self.finding.is_open:
            return self.finding.note
        if not (self.finding.is_error or self.is_left_out or not self.counts):
            return self._counted
        return "已另报" if self.overtaken else self._waiting

    @property
    def _waiting(self) -> str:
        """What is said of what does not count."""
        if self.receipt.status.is_word:
            return "意见没有录入"
        if not self.counts:
            return "未计入，按原数计"
        what = "该行" if self.finding.cell else self.subject
        if self.receipt.status is Status.REFUSED:
            what = "整份"
        return f"{what}未计入，待更正"

    @property
    def _counted(self) -> str:
        """What is said of what counts: of a question also what became of it."""
        if not self.receipt.status.is_return:
            return ""
        if self.finding.code is Code.FIGURE_MISSING:
            return "已另报" if self.overtaken else "未报"
        if self.finding.code is Code.LEAD_WAITS:
            return "未计入，待牵头单位核对"
        if self.is_set_aside or self.finding.code is Code.RETURN_SET_ASIDE:
            return "未采用"
        if self.question is None or self.asked_in is None:
            return "已计入"
        said = f"已计入，{self.question.state_in(self.asked_in).label}"
        if self.question.who:
            said += f"（{self.question.who}）"
        return said


def check_lines(data: RollupInput) -> tuple[CheckLine, ...]:
    """Return all findings by task force (files of none come last), errors first, then as the files came."""
    severities = list(Severity)

    def place(line: CheckLine) -> tuple[str, int]:
        return line.task_force or _LAST, severities.index(line.finding.severity)

    lines = [*_found(data), *_asked_later(data), *_conflicts(data), *_kept_out(data)]
    return tuple(sorted(lines, key=place))


def _found(data: RollupInput) -> list[CheckLine]:
    current = {id(receipt) for receipt in current_receipts(data.receipts)}  # comparing them takes long
    lines: list[CheckLine] = []
    questions: dict[Key | None, Question] = {question.key: question for question in data.questions}
    first_at: dict[tuple[str, str, str, str], datetime] = {}
    adopted = _adopted_figures(data)
    refused = set(map(id, still_refused(data.receipts)))
    for receipt in sorted(data.receipts, key=lambda r: r.order):
        is_overtaken = id(receipt) not in current and (
            receipt.status.is_return or _is_answered(receipt, data)
        )
        if receipt.status is Status.REFUSED:
            is_overtaken = id(receipt) not in refused
        is_left_out, still_waits = _what_is_left_out(receipt), _what_still_waits(receipt)
        for finding in receipt.findings:
            overtaken = is_overtaken and not still_waits(finding)
            since = None
            if finding.is_error:
                key = receipt.period, receipt.party.recipient, finding.sheet, finding.name
                first = first_at.setdefault(key, receipt.received_at)
                since = None if overtaken else first
            waited = finding.code is Code.FIGURE_WAITS
            lines.append(
                CheckLine(
                    receipt=receipt,
                    finding=finding,
                    overtaken=overtaken,
                    since=since,
                    question=questions.get(key_of(finding)),
                    asked_in=data.last_period,
                    is_left_out=is_left_out(finding),
                    counts=not waited or (receipt.sha256, finding.cell) in adopted,
                    is_set_aside=_is_set_aside(receipt, finding, data),
                )
            )
    return lines


def _is_set_aside(receipt: Receipt, finding: Finding, data: RollupInput) -> bool:
    """Return whether what a return was said to replace has been preferred to it since."""
    if finding.code not in _REPLACES:
        return False
    other, _, _ = finding.value.rpartition(_BEFORE_MOMENT)
    for one in data.receipts:
        is_other = one.status.is_return and (one.file, one.period) == (other, receipt.period)
        is_preferred = one.ranked_at is not None and one.order > receipt.order
        if is_other and is_preferred and one.party.unit == receipt.party.unit:
            return True
    return False


def _asked_later(data: RollupInput) -> Iterator[CheckLine]:
    """Yield the open questions about what later returns told of a month, quarter or year."""
    questions = {(question.sha256, question.key): question for question in data.questions if question.is_open}
    for receipt in data.asked_later:
        for finding in receipt.findings:
            key = key_of(finding)
            if key and (receipt.sha256, key) in questions:
                yield CheckLine(
                    receipt=receipt,
                    finding=finding,
                    overtaken=False,
                    question=questions[receipt.sha256, key],
                    asked_in=data.last_period,
                )


def _adopted_figures(data: RollupInput) -> frozenset[tuple[str, str]]:
    """Return file and cell of the figures that had to wait for the office and count now."""
    files = set()
    for receipt in data.receipts:
        if any(finding.code is Code.FIGURE_WAITS for finding in receipt.findings):
            files.add(receipt.sha256)
    rows = [row for row in data.known.rows if row.sha256 in files and not row.held]
    return frozenset((row.sha256, row.cells.get("value", "")) for row in rows)


def _what_is_left_out(receipt: Receipt) -> Callable[[Finding], bool]:
    """Return the test whether a finding is about a row that has an error, or a file that waits as a whole."""
    if not receipt.status.is_return:
        return lambda _: False
    if any(finding.code is Code.RETURN_WAITS for finding in receipt.findings):
        return lambda _: True
    with_errors = {_row_of(finding) for finding in receipt.findings if finding.is_error and finding.cell}
    return lambda finding: bool(finding.cell) and _row_of(finding) in with_errors


def _what_still_waits(receipt: Receipt) -> Callable[[Finding], bool]:
    """Return the test whether a finding is about what waits of a return that is not in force any more."""
    if not receipt.waiting:
        return lambda _: False
    is_in_row = _what_is_left_out(replace(receipt, findings=receipt.waiting))
    return lambda finding: finding in receipt.waiting or is_in_row(finding)


def _row_of(finding: Finding) -> tuple[str, int]:
    """Return sheet and number of the row that a finding is in."""
    return finding.sheet, Place(cell=finding.cell).row


def _is_answered(receipt: Receipt, data: RollupInput) -> bool:
    """Return whether the form of a scan that came alone has come since, or another 专班核对稿 of its lead."""
    if receipt.status.is_word:
        others = [one for one in data.receipts if one.status is receipt.status]
        same = [one for one in others if (one.period, one.party) == (receipt.period, receipt.party)]
        return any((one.received_at, one.seq) > (receipt.received_at, receipt.seq) for one in same)
    if receipt.status is not Status.COMPANION:
        return False
    owner = (receipt.period, receipt.party.recipient)
    return any((one.period, one.party.recipient) == owner for one in current_receipts(data.receipts))


def _conflicts(data: RollupInput) -> list[CheckLine]:
    """Return the cells on which senders disagree, each with the file whose value stands until a decision."""
    receipts = {receipt.sha256: receipt for receipt in data.receipts}
    return [
        CheckLine(
            receipt=receipts[conflict.row.sha256],
            finding=finding_of(conflict, data.plan),
            overtaken=not conflict.is_open,
        )
        for conflict in data.conflicts
        if conflict.row.sha256 in receipts
    ]


def _kept_out(data: RollupInput) -> Iterator[CheckLine]:
    """Yield the rows that lead units have returned or not agreed to yet, which do not count."""
    for checked in data.checked:
        if checked.word and checked.is_left_out:
            since = checked.word.said_at if checked.is_returned else None
            found = why_left_out(checked, checked.word, data.plan)
            yield CheckLine(receipt=checked.receipt, finding=found, overtaken=False, since=since)
