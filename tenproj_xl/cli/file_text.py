"""What the commands print for people about files: what became of each, and where answers to them lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tenproj_xl.cli.files_told import VERSIONS, WENT_WELL
from tenproj_xl.cli.terminal import SHOWN, few, padded, width
from tenproj_xl.cli.thread_text import thread_lines
from tenproj_xl.core.catalogue import Severity
from tenproj_xl.core.findings import finding_groups, located, points_of
from tenproj_xl.model.statuses import Status

if TYPE_CHECKING:
    from tenproj_xl.app.results import FileResult, Ingested
    from tenproj_xl.app.workspace import Workspace
    from tenproj_xl.cli.files_told import FilesTold
    from tenproj_xl.core.findings import Finding


def file_lines(done: Ingested, told: FilesTold, *, only_looked: bool = False) -> Iterator[str]:
    """Yield a line for each file with what became of it; of very many, those that went well are counted."""
    if not told.count and only_looked:
        yield "没有待处理的文件。"
    elif not told.count:
        yield "收件夹里没有待处理的文件。"
    longest = max((width(file.received.name) for file in told.listed), default=0)
    for file in told.listed:
        name = padded(file.received.name, min(44, longest))
        yield f"  {name}  {_outcome(file, only_looked=only_looked)}  {file.received.channel}".rstrip()
        yield from thread_lines(file)
        for found in file.findings:
            if found.code in VERSIONS:
                yield f"    {located(found)}"
    if told.well:
        yield _summed(told.well, only_looked=only_looked)
    if done.passed_over:
        yield f"略过{len(done.passed_over)}个非填报文件：{few(done.passed_over, '个')}"
    yield from done.folders
    if done.left:
        yield f"文件可能仍在传输，请1分钟后再收：{few(done.left, '个')}"


_IF_TAKEN_IN = {
    Status.ACCEPTED: "可以接收",
    Status.WITH_WARNINGS: "可以接收，有提示",
    Status.TO_CORRECT: "需更正",
    Status.REFUSED: "不能接收",
    Status.SUPERSEDED: "已有更新的一份",
    Status.DUPLICATE: "已经收过",
    Status.COMPANION: "附带材料",
    Status.AWAITING: "来源要先核实，暂不计入",
    Status.LEAD_CHECK: "牵头核对意见",
    Status.SCORE_CHECK: "得分异议",
    Status.SLIP_REPLY: "督办单反馈",
    Status.HELD: "带密级标志，不能收取",
}
"""What `check` says would become of a file."""


def _summed(counts: Counter[Status], *, only_looked: bool) -> str:
    """Return how many files there are of each outcome: `  其余54份：已接收6份；已接收，有提示48份`."""
    in_order = [status for status in WENT_WELL if counts[status]]
    said = "；".join(f"{_label(status, only_looked=only_looked)}{counts[status]}份" for status in in_order)
    return f"  其余{counts.total()}份：{said}"


def _label(status: Status, *, only_looked: bool) -> str:
    return _IF_TAKEN_IN[status] if only_looked else status.label


def _outcome(file: FileResult, *, only_looked: bool) -> str:
    """Return what became of a file: `待更正，迟报2天（错误2，提示1）`."""
    label = _label(file.status, only_looked=only_looked)
    if file.words:
        label = file.became
    if file.objections:
        label += f"，异议{len(file.objections)}条"
    late = f"，迟报{file.days_late}天" if file.late else ""
    counted = _counted(file.findings)
    if not counted or file.status is Status.DUPLICATE:
        return label + late
    if label.endswith("）"):
        return f"{label}{late}，{counted}"
    return f"{label}{late}（{counted}）"


def _counted(findings: Iterable[Finding]) -> str:
    """Return how many findings there are by severity: `错误2，提示1`."""
    counts = Counter(finding.severity for finding in findings)
    parts = []
    for severity in Severity:
        if counts[severity]:
            parts.append(f"{severity.label}{counts[severity]}")
    return "，".join(parts)


def details(file: FileResult) -> Iterator[str]:
    """Yield all findings of a file, similar ones in one line."""
    groups = finding_groups(points_of(file.findings))
    if not groups or file.status is Status.DUPLICATE:
        return
    if file.sender:
        yield f"{file.received.name}（{file.sender}）"
    else:
        yield file.received.name
    for number, group in enumerate(groups, 1):
        yield f"  {number}. {group.sentence}"
    yield ""


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield each finding with its file, sheet and cell."""
    for finding in findings:
        yield f"{finding.severity.label} {finding.file} {located(finding)}"


def folder_lines(
    done: Ingested, told: FilesTold, workspace: Workspace, reminders: Sequence[Path] = ()
) -> Iterator[str]:
    """Yield a line for each folder that correction workbooks or letters were written into."""
    written = dict.fromkeys([*told.answers, *told.letters, *done.lead_checks, *reminders])
    folders = Counter(path.parent for path in written)
    if folders:
        yield ""
    kinds = Counter(folder.name for folder in folders)
    for folder, count in folders.items():
        if kinds[folder.name] <= SHOWN:
            yield f"{folder.name}：{workspace.relative(folder)}/（{count}份）"
    for kind, periods in kinds.items():
        if periods > SHOWN:
            count = sum(count for folder, count in folders.items() if folder.name == kind)
            yield f"{kind}：{workspace.relative(workspace.outbox)}/期号/{kind}/（{periods}期，{count}份）"
