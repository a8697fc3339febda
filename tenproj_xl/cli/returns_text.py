"""What the commands print for people about returns: files, what to do now, the return matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import tzinfo
from typing import TYPE_CHECKING

from tenproj_xl.app.matrix_results import VERSION_DOUBTS, called_for
from tenproj_xl.cli.file_text import details, file_lines, folder_lines
from tenproj_xl.cli.files_told import FilesTold, by_name, sender_of, told_of
from tenproj_xl.cli.terminal import SHOWN, few, fitting, padded, width
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.ledger.return_state import ReturnState
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import is_unit, spoken_code

if TYPE_CHECKING:
    from tenproj_xl.app.matrix_results import DoubtfulVersion, Matrix, PaperState
    from tenproj_xl.app.results import FileResult, Ingested, Merged
    from tenproj_xl.app.workspace import Workspace
    from tenproj_xl.core.findings import Finding
    from tenproj_xl.ledger.return_state import TaskForceReturn
    from tenproj_xl.model.decisions import Withdrawal
    from tenproj_xl.model.receipts import Receipt


def checked_lines(done: Ingested, workspace: Workspace) -> Iterator[str]:
    """Yield all findings by file, then a line for each file, then what to do now."""
    for file in by_name(done.files):
        yield from details(file)
    yield from ingested_lines(done, workspace, only_looked=True)


def ingested_lines(done: Ingested, workspace: Workspace, *, only_looked: bool = False) -> Iterator[str]:
    """Yield a line for each file, then what to do now, then where correction workbooks and letters lie."""
    told = told_of(done)
    yield from file_lines(done, told, only_looked=only_looked)
    yield from to_do_lines(ToDo.of(done, told))
    yield from folder_lines(done, told, workspace)


def merged_lines(done: Merged, workspace: Workspace) -> Iterator[str]:
    """Yield a line for each file and each task force, what to do now, and where everything lies."""
    ingested = done.ingested
    told = told_of(ingested)
    for discrepancy in done.discrepancies:
        yield f"台账核验不符：{discrepancy.message}"
    yield from file_lines(ingested, told)
    yield ""
    yield from matrix_lines(done.matrix)
    yield from to_do_lines(ToDo.of(ingested, told), done.matrix, done.again)
    yield from folder_lines(ingested, told, workspace, ingested.reminders)
    yield f"汇总表：{workspace.relative(done.rollup)}"
    if done.beside:
        names = [path.name.removeprefix(done.rollup.stem).lstrip("_") for path in done.beside]
        yield f"同一文件夹里还有：{'、'.join(names)}"
    for merged in done.again:
        yield f"重做的汇总表：{workspace.relative(merged.rollup)}"


# --- what to do now


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """What somebody has to do something about; a look at a week has no files."""

    notices: Sequence[str]
    conflicts: Sequence[Finding]
    files: FilesTold = field(default_factory=FilesTold)

    @classmethod
    def of(cls, done: Ingested, told: FilesTold) -> ToDo:
        """Return what a run left for a person to do; `told` is what is told of its files."""
        return cls(notices=done.notices, conflicts=done.conflicts, files=told)


def to_do_lines(done: ToDo, matrix: Matrix | None = None, again: Sequence[Merged] = ()) -> Iterator[str]:
    """Yield what a person has to do now, numbered; nothing where there is nothing to do.

    `again` are the roll-ups that this run has made again.
    """
    tasks = [
        *_to_keep_apart(done),
        *_to_admit(done, matrix),
        *_to_correct(done, matrix),
        *_to_tell(done),
        *_to_ask_for_forms(done),
        *_to_call(done, matrix),
        *_to_remind(done, matrix),
        *_to_choose(done, matrix),
        *_to_decide(done),
        *_to_merge_again(done, again),
    ]
    if tasks:
        yield from ("", "现在要做的：")
    for number, (task, items) in enumerate(tasks, 1):
        yield f"{number}. {task}"
        for item in items[:SHOWN]:
            yield f"   {item}"
        if len(items) > SHOWN:
            yield f"   …… 另有{len(items) - SHOWN}条"


Tasks = Iterator[tuple[str, Sequence[str]]]
"""What to do, each with the lines that it is about."""


def _to_keep_apart(done: ToDo) -> Tasks:
    """Yield the files with a classification mark, by their names alone."""
    names = [file.received.name for file in done.files.open if file.is_held]
    if names:
        yield f"{len(names)}个文件带密级标志，没有收取，仍在原处：请按保密规定处置", names


def _to_admit(done: ToDo, matrix: Matrix | None) -> Tasks:
    """Yield the returns whose sender the office has to vouch for, and the addresses that nobody knows."""
    files = done.files.open
    waiting = {file.received.sha256: file.findings[0] for file in files if file.status is Status.AWAITING}
    if waiting:
        yield f"{len(waiting)}份来件的来源待核实，没有计入", [_vouching(*one) for one in waiting.items()]
    earlier = {one.sha256: one.findings[0] for one in matrix.awaiting} if matrix else {}
    for sha256 in waiting:
        earlier.pop(sha256, None)
    if earlier:
        task = f"{len(earlier)}份此前的来件等待核实来源，没有计入"
        yield task, [_vouching(*one) for one in earlier.items()]
    unknown = []
    for file in files:
        for found in file.findings:
            if found.code is Code.SENDER_UNKNOWN:
                learning = f"tenproj admit {file.received.sha256[:12]} --learn"
                unknown.append(f"{found.message}确是它的地址，以后不再提示：{learning}")
    if unknown:
        yield f"{len(unknown)}份来件的地址没有登记", unknown


def _vouching(sha256: str, doubt: Finding) -> str:
    """Return what is doubted of a sender, and what the office may say to it."""
    short = sha256[:12]
    return f"{doubt.message}可以计入：tenproj admit {short}；不应计入：tenproj withdraw {short} --why 原因"


def _to_correct(done: ToDo, matrix: Matrix | None) -> Tasks:
    """Yield the senders who get a workbook back, or got one in an earlier run and have not answered."""
    files = []
    for file in done.files.open:
        if file.status is Status.TO_CORRECT or (file.status is Status.REFUSED and file.answer):
            files.append(file)
    if files:
        letters = {file.letter or sender_of(file) for file in files}
        yield (
            f"请{len(letters)}家更正：把退回更正的表发回，正文可用通知里的话",
            [_faults(file) for file in files],
        )
    new = {file.received.sha256 for file in files}
    earlier = [receipt for receipt in matrix.to_correct if receipt.sha256 not in new] if matrix else []
    if earlier:
        yield f"{len(earlier)}份此前已退回更正，尚未发回，请催一催", [_open_faults(one) for one in earlier]


def _to_tell(done: ToDo) -> Tasks:
    """Yield the files that were refused, and those that stay, such as the office's own workbooks."""
    files = done.files.open
    refused = [f for f in files if f.status is Status.REFUSED and not f.answer and not f.stays]
    machines = [f for f in refused if f.words and not f.written_by.may_be_answered]
    if machines:
        yield (
            f"{len(machines)}封自动回复、群发等邮件没有附件，一般不用管",
            [_words(file) for file in machines],
        )
    mails = [f for f in refused if f.words and f.written_by.may_be_answered]
    if mails:
        task = f"{len(mails)}封邮件里只有话，请看一看：是答复疑问的，用 tenproj review 记下"
        yield task, [_words(file) for file in mails]
    refused = [f for f in refused if not f.words]
    if refused:
        yield f"{len(refused)}个文件未接收，请告知发件人", [_faults(file) for file in refused]
    late = [f for f in files if f.is_late_word]
    if late:
        task = f"{len(late)}份得分核对稿里有的异议过了异议期才收到，没有录入，请告知单位"
        yield f"{task}；确需更正的，由办公室定", [_faults(file) for file in late]
    unclear = [f for f in files if f.is_unclear_word and not f.is_late_word]
    if unclear:
        task = f"{len(unclear)}份核对稿里有的意见没有录入，请牵头单位补填后发回，正文可用通知里的话"
        yield task, [_faults(file) for file in unclear]
    for file in files:
        if file.is_the_offices or file.is_left:
            yield f"{file.received.name}：{file.findings[0].message.removesuffix('。')}", []


def _words(file: FileResult) -> str:
    return f"{file.received.name}：{file.words}"


def _to_ask_for_forms(done: ToDo) -> Tasks:
    """Yield the scans whose form has not come."""
    names = [fitting(file.received.name) for file in done.files.open if file.is_scan_alone]
    if names:
        yield f"{len(names)}家只发来盖章扫描件，请发件人再发填报表电子表格", names


def _to_call(done: ToDo, matrix: Matrix | None) -> Tasks:
    """Yield the senders whose returns raise questions only, and the questions of earlier runs."""
    asked = done.files.asked
    if asked:
        yield f"{done.files.asked_units}家有疑问，请电话核对", asked
    new = done.files.hashes
    earlier = [q for q in matrix.questions if q.sha256 not in new] if matrix else []
    if earlier:
        task = f"{len(earlier)}处此前的疑问，单位还没有答复；电话核实了的，请用 tenproj review 登记"
        yield task, [fitting(f"{q.task_force} {q.message}".strip()) for q in earlier]


def _to_remind(done: ToDo, matrix: Matrix | None) -> Tasks:
    """Yield the units whose form is due and still out, but for those that this run answers anyway."""
    answered = {file.party.recipient for file in done.files.open if file.status is Status.REFUSED}
    owing = matrix.owing if matrix else ()
    names = [owed.spoken for owed in owing if owed.is_due and owed.recipient not in answered]
    if names:
        yield fitting(f"催报{len(names)}家：{'、'.join(names)}"), []


def _to_choose(done: ToDo, matrix: Matrix | None) -> Tasks:
    """Yield the returns of which it is doubtful if they or others of their units count, earlier ones, too."""
    items = []
    for file in done.files.open:
        for found in file.findings:
            if found.code in VERSION_DOUBTS:
                command = f"改以另一份为准：tenproj prefer {file.rival[:12]}"
                items.append(fitting(f"{sender_of(file)}：{found.message}", command))
                break
    if items:
        yield f"{len(items)}份回表与同一单位的另一份不同，请核实以哪一份为准", items
    new = done.files.hashes
    earlier = [one for one in matrix.doubtful if one.receipt.sha256 not in new] if matrix else []
    if earlier:
        task = f"{len(earlier)}份此前收到的回表与同一单位的另一份不同，还没有定以哪一份为准"
        yield task, [_doubtful(one) for one in earlier]


def _doubtful(one: DoubtfulVersion) -> str:
    """Return whose versions differ, and the command for either of them."""
    sender = one.receipt.sender or one.receipt.file
    counts, rival = (f"tenproj prefer {sha256[:12]}" for sha256 in (one.counts, one.rival))
    commands = f"。暂按的一份就对：{counts}；以另一份为准：{rival}"
    return fitting(f"{sender}：{one.receipt.file}", commands)


def _to_decide(done: ToDo) -> Tasks:
    """Yield the open conflicts between units."""
    items = [fitting(conflict.message) for conflict in done.conflicts]
    if items:
        yield f"{len(items)}处各家说法不一，请用 tenproj resolve 裁定", items


def _to_merge_again(done: ToDo, again: Sequence[Merged]) -> Tasks:
    """Yield the earlier periods to merge again, and what else the run noticed."""
    periods = sorted(done.files.belated - {merged.matrix.period.code for merged in again})
    if len(periods) == 1:
        yield f"{periods[0]} 有补报，请重新运行 tenproj merge --period {periods[0]}", []
    elif periods:
        yield f"{few(periods, '期')} 有补报，请运行 tenproj merge --changed 一并重做", []
    for notice in done.notices:
        yield notice.removesuffix("。"), []


def _faults(file: FileResult) -> str:
    return fitting(f"{sender_of(file)}：{_spoken_faults(file.findings)}")


def _open_faults(receipt: Receipt) -> str:
    """Return who has to correct what of a return that an earlier run took in."""
    sender = receipt.sender or receipt.file
    if not is_unit(receipt.party.recipient):
        sender = f"{receipt.party.task_force} {sender}".strip()
    return fitting(f"{sender}：{_spoken_faults(receipt.findings)}")


def _spoken_faults(findings: Iterable[Finding]) -> str:
    """Return what is to be corrected: `2处错误（主要指标进度表R5、重点任务进度表J5）`."""
    errors = [finding for finding in findings if finding.is_error]
    cells = [f"{error.sheet}{error.cell}" for error in errors if error.cell]
    if cells and len(cells) == len(errors):
        return f"{len(errors)}处错误（{few(cells, '处', 2)}）"
    if len(errors) == 1:
        return errors[0].code.rule.title
    return f"{len(errors)}处错误"


# --- the return matrix


def status_lines(matrix: Matrix) -> Iterator[str]:
    """Yield the matrix, then what a person has to do now, as `merge` says it."""
    yield from matrix_lines(matrix)
    yield from to_do_lines(ToDo(notices=matrix.notices, conflicts=matrix.conflicts), matrix)


def matrix_lines(matrix: Matrix) -> Iterator[str]:
    """Yield a line for each task force, then the sums, then files that are refused or withdrawn."""
    yield f"{matrix.period.label} 报送情况（{matrix.due_in_words}）"
    longest = max(width(line.lead) for line in matrix.lines)
    for line in matrix.lines:
        yield _matrix_line(line, longest, matrix)
    yield from sum_lines(matrix)
    if matrix.letters:
        yield matrix.letters
    for line in matrix.lines:
        if line.is_owed and line.state is ReturnState.PARTIAL:
            units = line.units
            count = f"{len(units.returned)}/{len(units.owed)}"
            missing = "、".join(map(spoken_code, units.missing))
            yield f"{line.task_force.code}各单位已报{count}，未报：{missing}"
    for receipt in matrix.refused:
        yield f"未接收：{receipt.file}"
    for receipt in matrix.withdrawn:
        yield f"已撤回：{receipt.file}（{withdrawn_why(receipt.withdrawn, matrix.deadline.tzinfo)}）"
    yield from proposal_lines(matrix.corrections)


def proposal_lines(states: Sequence[PaperState]) -> Iterator[str]:
    """Yield a line for each edition that was given out and calls for a correction."""
    for state in called_for(states):
        paper = state.publication
        yield (
            f"建议更正：{paper.period.dated_label}的材料（{paper.label}）印发后{state.changes}。"
            f"出更正稿（第{paper.correction + 1}次）：{state.proposal}"
        )


def _matrix_line(line: TaskForceReturn, longest: int, matrix: Matrix) -> str:
    received, zone = "", matrix.deadline.tzinfo
    if line.receipt:
        received = f"{line.receipt.received_at.astimezone(zone):%m-%d %H:%M}"
    times = f"{len(line.returns)}次" if len(line.returns) > 1 else ""
    state = padded(line.label_at(matrix.now), 24)
    columns = [line.task_force.code, padded(line.lead, longest), state, received]
    if line.receipt and line.receipt.channel:
        columns.append(line.receipt.channel)
    return "  ".join([*columns, times]).rstrip()


def sum_lines(matrix: Matrix) -> Iterator[str]:
    """Yield how many forms are owed and have come, then which have not, and which are to be corrected."""
    owed = [line for line in matrix.lines if line.is_owed]
    missing = [line for line in owed if line.state is ReturnState.MISSING]
    states = Counter(line.state for line in owed)
    returned = sum(line.state.is_returned for line in owed)
    counts = [f"应报{len(owed)}个专班", f"已报{returned}个"]
    for state in (ReturnState.PARTIAL, ReturnState.REFUSED):
        if states[state]:
            counts.append(f"{state.label}{states[state]}个")
    yield f"{'，'.join(counts)}，未报{len(missing)}个。"
    if missing:
        yield f"未报：{_leads(missing)}"
    waiting = [x for x in matrix.lines if x.receipt and x.receipt.status is Status.TO_CORRECT]
    if waiting:
        yield f"待更正：{_leads(waiting)}"


def _leads(lines: Iterable[TaskForceReturn]) -> str:
    return "、".join(f"{line.task_force.code}{line.lead}" for line in lines)


def withdrawn_why(withdrawal: Withdrawal | None, zone: tzinfo | None) -> str:
    """Return when and why a file was withdrawn, "" where it was not."""
    if withdrawal is None:
        return ""
    return f"{withdrawal.at.astimezone(zone):%m-%d %H:%M}，{withdrawal.why}"
