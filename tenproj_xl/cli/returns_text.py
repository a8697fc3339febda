"""What the commands print for people about returns: files, what to do now, the return matrix."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from unicodedata import east_asian_width

from tenproj_xl.app.results import (
    FileResult,
    Ingested,
    Matrix,
    Merged,
)
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import Finding, finding_groups, located, points_of
from tenproj_xl.ledger.return_state import ReturnState, TaskForceReturn
from tenproj_xl.model.history import Status, Withdrawal
from tenproj_xl.model.units import is_unit

SHOWN, _WIDTH = 5, 76


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, columns: int) -> str:
    return text + " " * max(0, columns - width(text))


def checked_lines(done: Ingested, workspace: Workspace) -> Iterator[str]:
    """What would become of files: all that is to be said of each, then a line a file and what a person has to do."""
    for f in _by_name(done.files):
        yield from _details(f)
    yield from ingested_lines(done, workspace, only_looked=True)


def ingested_lines(done: Ingested, workspace: Workspace, *, only_looked: bool = False) -> Iterator[str]:
    """A screen: one line a file, then what a person has to do now, then where the answers lie."""
    yield from file_lines(done, only_looked=only_looked)
    yield from to_do_lines(done)
    yield from _where(done, workspace)


def merged_lines(done: Merged, workspace: Workspace) -> Iterator[str]:
    """A screen: one line a file and one a task force, what a person has to do now, and where everything lies."""
    yield from file_lines(done.ingested)
    yield from ("", *matrix_lines(done.matrix))
    yield from to_do_lines(done.ingested, done.matrix)
    yield from _where(done.ingested, workspace, done.ingested.reminders)
    yield f"汇总表：{workspace.relative(done.rollup)}"
    if done.beside:
        names = (path.name.removeprefix(done.rollup.stem).lstrip("_") for path in done.beside)
        yield f"同一文件夹里还有：{'、'.join(names)}"


def file_lines(done: Ingested, *, only_looked: bool = False) -> Iterator[str]:
    """One line a file."""
    if not done.files:
        yield "没有待处理的文件。" if only_looked else "收件夹里没有待处理的文件。"
    files = _by_name(done.files)
    longest = min(44, max((width(f.received.name) for f in files), default=0))
    for f in files:
        yield f"  {_padded(f.received.name, longest)}  {_outcome(f, only_looked=only_looked)}"
    if done.passed_over:
        yield f"略过{len(done.passed_over)}个非填报文件：{_few(done.passed_over, '个')}"
    if done.left:
        yield f"还在传输、留待下次收取：{_few(done.left, '个')}"


def to_do_lines(done: Ingested, matrix: Matrix | None = None) -> Iterator[str]:
    """What a person has to do now, numbered; nothing where there is nothing to do."""
    tasks = list(_to_do(done, matrix))
    if tasks:
        yield from ("", "现在要做的：")
    for n, (what, items) in enumerate(tasks, 1):
        yield f"{n}. {what}"
        yield from (f"   {item}" for item in items[:SHOWN])
        if len(items) > SHOWN:
            yield f"   …… 另有{len(items) - SHOWN}条"


def _to_do(done: Ingested, matrix: Matrix | None) -> Iterator[tuple[str, list[str]]]:
    files = _by_name(done.files)
    back = [f for f in files if f.status is Status.TO_CORRECT or (f.status is Status.REFUSED and f.answer)]
    if back:
        yield (
            f"请{len({f.letter or _who(f) for f in back})}家更正：把退回更正的表发回，正文可用通知里的话",
            [_faults(f) for f in back],
        )
    refused = [f for f in files if f.status is Status.REFUSED and not f.answer and not f.is_the_offices]
    if refused:
        yield f"{len(refused)}个文件未接收，请告知发件人", [_faults(f) for f in refused]
    for f in (f for f in files if f.is_the_offices):
        yield f"{f.received.name}：{f.findings[0].message.removesuffix('。')}", []
    odd = [
        f for f in files if not f.needs_a_person and any(x.severity is Severity.QUESTION for x in f.findings)
    ]
    if odd:
        yield f"{len(odd)}家有疑问，请电话核对", [_questions(f) for f in odd]
    answered = {f.party.recipient for f in files if f.status is Status.REFUSED}
    owing = [x.spoken for x in (matrix.owing if matrix else ()) if x.recipient not in answered]
    if owing:
        yield f"催报{len(owing)}家：{'、'.join(owing)}", []
    if done.conflicts:
        items = [_fitting(x.message) for x in done.conflicts]
        yield f"{len(items)}处各家说法不一，请用 tenproj resolve 裁定", items
    late = sorted({f.period for f in files if f.status.is_return and _is_belated(f)})
    for period in late:
        yield f"{period} 有补报，请重新运行 tenproj merge --period {period}", []
    for said in done.notices:
        yield said.removesuffix("。"), []


def _faults(f: FileResult) -> str:
    """Who has to correct what, in one line."""
    errors = [x for x in f.findings if x.is_error]
    cells = [f"{x.sheet}{x.cell}" for x in errors if x.cell]
    where = f"（{_few(cells, '处', 2)}）" if cells and len(cells) == len(errors) else ""
    said = f"{len(errors)}处错误{where}" if where or len(errors) != 1 else errors[0].code.rule.title
    return _fitting(f"{_who(f)}：{said}")


def _questions(f: FileResult) -> str:
    odd = [x for x in f.findings if x.severity is Severity.QUESTION]
    more = f"等{len(odd)}处" if len(odd) > 1 else ""
    return _fitting(f"{_who(f)}：{odd[0].name or odd[0].sheet} {odd[0].code.rule.title}{more}")


def _who(f: FileResult) -> str:
    if not f.sender:
        return f.received.name
    if is_unit(f.party.recipient):
        return f.sender
    return f"{f.task_force} {f.sender}".strip()


def _where(done: Ingested, workspace: Workspace, reminders: Sequence[Path] = ()) -> Iterator[str]:
    """Where the answers lie, a line a folder."""
    letters = dict.fromkeys([*(f.letter for f in done.files if f.letter), *reminders])
    folders: dict[Path, int] = {}
    for path in (*(f.answer for f in done.files if f.answer), *letters):
        folders[path.parent] = folders.get(path.parent, 0) + 1
    if folders:
        yield ""
    yield from (f"{folder.name}：{workspace.relative(folder)}/（{n}份）" for folder, n in folders.items())


def _by_name(files: Sequence[FileResult]) -> list[FileResult]:
    return sorted(files, key=lambda f: f.received.name)


def _few(names: Sequence[str], counter: str, most: int = SHOWN) -> str:
    return "、".join(names[:most]) + (f"等{len(names)}{counter}" if len(names) > most else "")


def _fitting(line: str) -> str:
    """A line that fits a screen."""
    while width(line) > _WIDTH:
        line = f"{line.removesuffix('…')[:-1]}…"
    return line


def _is_belated(f: FileResult) -> bool:
    return any(x.code is Code.LATE_PERIOD for x in f.findings)


_LOOKED = {
    Status.ACCEPTED: "可以接收",
    Status.WITH_WARNINGS: "可以接收，有提示",
    Status.TO_CORRECT: "需更正",
    Status.REFUSED: "不能接收",
    Status.SUPERSEDED: "已有更新的一份",
    Status.DUPLICATE: "已经收过",
}


def _outcome(f: FileResult, *, only_looked: bool) -> str:
    counts = Counter(x.severity for x in f.findings)
    counted = "，".join(f"{s.label}{counts[s]}" for s in Severity if counts[s])
    late = f"，迟报{f.days_late}天" if f.late else ""
    label = _LOOKED[f.status] if only_looked else f.status.label
    if not counted or f.status is Status.DUPLICATE:
        return label + late
    if label.endswith("）"):
        return f"{label}{late}，{counted}"
    return f"{label}{late}（{counted}）"


def _details(f: FileResult) -> Iterator[str]:
    """All that is to be said of a file, alike things together."""
    said = finding_groups(points_of(f.findings))
    if said and f.status is not Status.DUPLICATE:
        yield f"{f.received.name}（{f.sender}）" if f.sender else f.received.name
        yield from (f"  {n}. {gist.sentence}" for n, gist in enumerate(said, 1))
        yield ""


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """All findings, one a line, with file, sheet and cell."""
    for f in findings:
        yield f"{f.severity.label} {f.file} {located(f)}"


def matrix_lines(matrix: Matrix) -> Iterator[str]:
    """The return matrix, and what came but could not be taken in."""
    yield f"{matrix.period.label} 报送情况（截止 {matrix.deadline:%Y年%m月%d日 %H:%M}）"
    longest = max(width(line.lead) for line in matrix.lines)
    for line in matrix.lines:
        at = (
            f"{line.receipt.received_at.astimezone(matrix.deadline.tzinfo):%m-%d %H:%M}"
            if line.receipt
            else ""
        )
        times = f"{len(line.returns)}次" if len(line.returns) > 1 else ""
        columns = (line.task_force.code, _padded(line.lead, longest), _padded(line.label, 24), at, times)
        yield "  ".join(columns).rstrip()
    owed = [x for x in matrix.lines if x.task_force.involved]
    missing = [x for x in owed if x.state is ReturnState.MISSING]
    refused = [x for x in owed if x.state is ReturnState.REFUSED]
    returned = len(owed) - len(missing) - len(refused)
    not_taken = f"{ReturnState.REFUSED.label}{len(refused)}个，" if refused else ""
    yield f"应报{len(owed)}个专班，已报{returned}个，{not_taken}未报{len(missing)}个。"
    if missing:
        yield f"未报：{_leads(missing)}"
    waiting = [x for x in matrix.lines if x.receipt and x.receipt.status is Status.TO_CORRECT]
    if waiting:
        yield f"待更正：{_leads(waiting)}"
    for x in owed:
        if x.units.is_partial:
            units = x.units
            count = f"{len(units.returned)}/{len(units.owed)}"
            yield f"{x.task_force.code}各单位已报{count}，未报：{'、'.join(units.missing)}"
    for r in matrix.refused:
        yield f"未接收：{r.file}"
    for r in matrix.withdrawn:
        yield f"已撤回：{r.file}（{withdrawn_why(r.withdrawn, matrix.deadline.tzinfo)}）"


def _leads(lines: Iterable[TaskForceReturn]) -> str:
    return "、".join(f"{x.task_force.code}{x.lead}" for x in lines)


def withdrawn_why(withdrawal: Withdrawal | None, zone: tzinfo | None) -> str:
    """When and why a file was taken out again."""
    return f"{withdrawal.at.astimezone(zone):%m-%d %H:%M}，{withdrawal.why}" if withdrawal else ""
