"""Screens: what the commands say of their results to people, in Chinese sentences."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from unicodedata import east_asian_width

from tenproj_xl.app.results import (
    Asked,
    Drawn,
    FileResult,
    Ingested,
    IssuedSlips,
    Listed,
    Matrix,
    MatrixLine,
    Merged,
    Resolved,
    Signed,
    Withdrawn,
)
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import Finding, finding_groups, located, points_of
from tenproj_xl.core.rules import RuleLine
from tenproj_xl.model.history import Status, Withdrawal
from tenproj_xl.model.units import is_unit

_SHOWN, _WIDTH = 5, 76


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
    yield from _where(done.ingested, workspace, done.reminders)
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
        yield from (f"   {item}" for item in items[:_SHOWN])
        if len(items) > _SHOWN:
            yield f"   …… 另有{len(items) - _SHOWN}条"


def _to_do(done: Ingested, matrix: Matrix | None) -> Iterator[tuple[str, list[str]]]:
    files = _by_name(done.files)
    back = [f for f in files if f.status is Status.TO_CORRECT or (f.status is Status.REFUSED and f.answer)]
    if back:
        yield (
            f"请{len({f.notice or _who(f) for f in back})}家更正：把退回更正的表发回，正文可用通知里的话",
            [_faults(f) for f in back],
        )
    refused = [f for f in files if f.status is Status.REFUSED and not f.answer and not f.is_the_offices]
    if refused:
        yield f"{len(refused)}个文件没有收下，请告知发件人", [_faults(f) for f in refused]
    for f in (f for f in files if f.is_the_offices):
        yield f"{f.received.name}：{f.findings[0].message.removesuffix('。')}", []
    odd = [
        f for f in files if not f.needs_a_person and any(x.severity is Severity.QUESTION for x in f.findings)
    ]
    if odd:
        yield f"{len(odd)}家有疑问，请电话核对", [_questions(f) for f in odd]
    if matrix and matrix.owing:
        yield f"催报{len(matrix.owing)}家：{'、'.join(x.spoken for x in matrix.owing)}", []
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
    number = "" if is_unit(f.party.recipient) else f.task_force
    named = " ".join(part for part in (number, f.sender) if part)
    return named or f.received.name


def _where(done: Ingested, workspace: Workspace, reminders: Sequence[Path] = ()) -> Iterator[str]:
    """Where the answers lie, a line a folder."""
    notices = dict.fromkeys(
        [*(f.notice for f in done.files if f.notice), *reminders]
    )  # one for a sender's files
    folders: dict[Path, int] = {}
    for path in (*(f.answer for f in done.files if f.answer), *notices):
        folders[path.parent] = folders.get(path.parent, 0) + 1
    if folders:
        yield ""
    yield from (f"{folder.name}：{workspace.relative(folder)}/（{n}份）" for folder, n in folders.items())


def _by_name(files: Sequence[FileResult]) -> list[FileResult]:
    return sorted(files, key=lambda f: f.received.name)


def _few(names: Sequence[str], counter: str, most: int = _SHOWN) -> str:
    return "、".join(names[:most]) + (f"等{len(names)}{counter}" if len(names) > most else "")


def _fitting(line: str) -> str:
    """A line that fits a screen."""
    while width(line) > _WIDTH:
        line = f"{line.removesuffix('…')[:-1]}…"
    return line


def _is_belated(f: FileResult) -> bool:
    return any(x.code is Code.LATE_PERIOD for x in f.findings)


_LOOKED = {
    Status.ACCEPTED: "可以收下",
    Status.WITH_WARNINGS: "可以收下，有提示",
    Status.TO_CORRECT: "需更正",
    Status.REFUSED: "不能收下",
    Status.SUPERSEDED: "已有更新的一份",
    Status.DUPLICATE: "已经收过",
}


def _outcome(f: FileResult, *, only_looked: bool) -> str:
    counts = Counter(x.severity for x in f.findings)
    words = "，".join(f"{s.label}{counts[s]}" for s in Severity if counts[s])
    late = "，迟报" if f.late else ""
    label = _LOOKED[f.status] if only_looked else f.status.label
    return label + late + (f"（{words}）" if words and f.status is not Status.DUPLICATE else "")


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
        times = f"{line.returns}次" if line.returns > 1 else ""
        columns = (line.task_force.code, _padded(line.lead, longest), _padded(line.state, 24), at, times)
        yield "  ".join(columns).rstrip()
    owed = [x for x in matrix.lines if x.task_force.involved]
    missing = [x for x in owed if x.is_missing]
    yield f"应报{len(owed)}个专班，已报{len(owed) - len(missing)}个，未报{len(missing)}个。"
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
        yield f"未收下：{r.file}"
    for r in matrix.withdrawn:
        yield f"已撤回：{r.file}（{withdrawn_why(r.withdrawn, matrix.deadline.tzinfo)}）"


def _leads(lines: Iterable[MatrixLine]) -> str:
    return "、".join(f"{x.task_force.code}{x.lead}" for x in lines)


def withdrawn_why(withdrawal: Withdrawal | None, zone: tzinfo | None) -> str:
    """When and why a file was taken out again."""
    return f"{withdrawal.at.astimezone(zone):%m-%d %H:%M}，{withdrawal.why}" if withdrawal else ""


def drawn_lines(drawn: Drawn, workspace: Workspace) -> Iterator[str]:
    """Where the sign-off workbook lies and how many issues wait in it."""
    path = workspace.relative(drawn.path)
    if drawn.kept:
        yield f"审定表早已生成，此后没有新情况，没有覆盖（里面可能已填了审定结果）：{path}"
    else:
        yield f"销号审定表已生成：{path}"
    yield f"待审定{drawn.waiting}个问题。" if drawn.waiting else "没有待审定的问题；可以登记问题、重新挂账。"
    yield "填好后运行：tenproj signoff 文件名"


def signed_lines(done: Signed) -> Iterator[str]:
    """What was recorded, what was not and why."""
    if done.decisions:
        yield f"已录入{len(done.decisions)}项审定："
        yield from (f"  {d.issue}  {d.spoken}" for d in done.decisions)
    if done.repeated:
        yield f"此前已录入、没有变化的{done.repeated}项，未作改动。"
    if not (done.decisions or done.repeated or done.findings):
        yield "表中没有填写审定结果，没有录入。"
    errors = [f for f in done.findings if f.is_error]
    if errors:
        yield f"没有录入的{len(errors)}处，请改好后再运行一次："
        yield from (f"  {n}. {located(f)}" for n, f in enumerate(errors, 1))
    for f in done.findings:
        if not f.is_error:
            yield f"{f.severity.label}：{located(f)}"
    yield from done.notices


def withdrawn_lines(done: Withdrawn) -> Iterator[str]:
    """What does not count any more, or does again, and what to do next."""
    file, before = done.file.file, done.file.withdrawn
    if done.already:
        yield f"{file} {f'已撤回（{withdrawn_why(before, done.zone)}）' if before else '没有撤回过'}，未作改动。"
        return
    counts = ((done.rows, f"填报的{done.rows}行"), (done.decided, f"审定的{done.decided}项"))
    brought = "、".join(words for number, words in counts if number) or "其中没有计入的内容，"
    if done.undone:
        yield f"已取消撤回：{file}，{brought}重新计入。"
    else:
        yield f"已撤回：{file}，{brought}不再计入。"
        if done.rows:
            yield f"其中{done.standing}行恢复为此前报送的内容，{done.rows - done.standing}行此前没有报过，按未报处理。"
        yield "问题编号不变；原件仍在存档。"
    if done.file.period:
        yield f"请重新运行 tenproj merge --period {done.file.period}。"


def rules_lines(rules: Sequence[RuleLine]) -> Iterator[str]:
    """Every rule under the gate at which it is looked for: severity, title, code, why it is asked, an example."""
    gate = ""
    for line in rules:
        rule = line.code.rule
        if line.code.gate.label != gate:
            gate = line.code.gate.label
            yield from ("", f"【{gate}】")
        yield f"{line.severity.label}　{rule.title}（{rule.code}）" + (
            f"　＊{line.note}" if line.note else ""
        )
        yield f"      {rule.why}"
        if line.example:
            yield f"      例：{line.example}"


def pdf_lines(pdfs: Sequence[Path], books: Sequence[Path], workspace: Workspace) -> Iterator[str]:
    """Where the PDFs lie, and how to get those that could not be made."""
    yield from (f"PDF：{workspace.relative(pdf)}" for pdf in pdfs)
    missing = [b for b in books if b.with_suffix(".pdf") not in pdfs]
    if missing:
        names = "、".join(b.name for b in missing)
        yield (
            f"没有生成 PDF：本机没有 LibreOffice，或它没有转换成功。工作簿已经生成，可用 WPS 或 Excel 打开后"
            f"“输出为PDF”，或装好 LibreOffice 后重新运行：{names}"
        )


def listed_lines(listed: Listed, workspace: Workspace) -> Iterator[str]:
    """How much may be put under supervision, and what to do with the workbook that lists it."""
    yield f"可督办的事项{listed.items}项，在办督办单{listed.open}份。请在选择表中选定，保存后运行："
    yield f"  tenproj supervise {workspace.relative(listed.written)}"


def issued_lines(issued: IssuedSlips, workspace: Workspace) -> Iterator[str]:
    """What a selection brought, or what has to be mended in it."""
    if issued.findings:
        yield f"选择表有{len(issued.findings)}处要改，没有发出督办单："
        yield from (f"  {located(f)}" for f in issued.findings)
    for slip in issued.slips:
        yield f"  督办{slip.label}  {slip.code} {slip.unit}  反馈时限{slip.reply_by:%Y-%m-%d}"
    for slip in issued.kept:
        yield f"  {slip.code} 已有督办{slip.label}在办，没有再发；确要再发请选“再发”。"
    for slip in issued.closed:
        yield f"  督办{slip.label}已办结"
    if issued.written:
        yield f"{'督办单' if issued.slips else '督办台账'}：{workspace.relative(issued.written)}"


def asked_lines(asked: Asked, workspace: Workspace) -> Iterator[str]:
    """The open conflicts, and where to decide them."""
    if asked.written is None:
        yield f"{asked.period.label}没有待裁定的分歧。"
        return
    yield f"{asked.period.label}各家说法不一{len(asked.conflicts)}处："
    yield from (f"  {n}. {located(x)}" for n, x in enumerate(asked.conflicts[:_SHOWN], 1))
    if len(asked.conflicts) > _SHOWN:
        yield f"  …… 另有{len(asked.conflicts) - _SHOWN}处，见裁定表。"
    path = workspace.relative(asked.written)
    yield f"裁定表：{path}"
    yield f"填好保存后运行：tenproj resolve {path}"


def resolved_lines(done: Resolved) -> Iterator[str]:
    """What was decided, what could not be taken, and what comes next."""
    for f in done.findings:
        yield f"{f.severity.label} {located(f)}"
    yield from (f"已裁定：{text}" for text in done.said)
    if done.unchanged:
        yield f"{done.unchanged}处此前已经这样裁定，未作改动。"
    if not (done.said or done.unchanged or done.findings):
        yield "裁定表里还没有填写裁定。"
    if done.still_open:
        yield f"还有{done.still_open}处待裁定。"
    for period in done.periods if done.said else ():
        yield f"请重新运行 tenproj merge --period {period}，汇总表按裁定更新。"
