"""What the office's own commands print for people: sign-off, supervision, withdrawal, conflicts, rules."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tenproj_xl.app.results import (
    Amended,
    Asked,
    Drawn,
    Exported,
    IssuedSlips,
    Listed,
    Preferred,
    Remade,
    Resolved,
    Reviewed,
    RuleStats,
    Signed,
    Withdrawn,
)
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.file_text import finding_lines
from tenproj_xl.cli.returns_text import withdrawn_why
from tenproj_xl.cli.terminal import SHOWN
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import located
from tenproj_xl.core.rules import RuleLine


def drawn_lines(drawn: Drawn, workspace: Workspace) -> Iterator[str]:
    """Yield where the sign-off workbook lies and how many issues wait in it."""
    path = workspace.relative(drawn.path)
    if drawn.kept:
        yield f"审定表早已生成，此后没有新情况，没有覆盖（里面可能已填了审定结果）：{path}"
    else:
        yield f"销号审定表已生成：{path}"
    if drawn.waiting:
        yield f"待审定{drawn.waiting}个问题。"
    else:
        yield "没有待审定的问题；可以登记问题、重新挂账。"
    yield "填好后运行：tenproj signoff 文件名"


def signed_lines(done: Signed) -> Iterator[str]:
    """Yield what was recorded of a sign-off workbook, and what was not and why."""
    if done.decisions:
        yield f"已录入{len(done.decisions)}项审定："
    for decision in done.decisions:
        yield f"  {decision.issue}  {decision.spoken}"
    if done.repeated:
        yield f"此前已录入、没有变化的{done.repeated}项，未作改动。"
    if not (done.decisions or done.repeated or done.findings):
        yield "表中没有填写审定结果，没有录入。"
    yield from not_recorded_lines(done)


def not_recorded_lines(done: Signed) -> Iterator[str]:
    """Yield what could not be recorded, what is doubtful, and what else there is to know."""
    errors = [f for f in done.findings if f.is_error]
    if errors:
        yield f"没有录入的{len(errors)}处，请改好后再运行一次："
    for number, error in enumerate(errors, 1):
        yield f"  {number}. {located(error)}"
    for finding in done.findings:
        if not finding.is_error:
            yield f"{finding.severity.label}：{located(finding)}"
    yield from done.notices


def withdrawn_lines(done: Withdrawn) -> Iterator[str]:
    """Yield what counts no longer, or counts again, and what to do next."""
    if done.already:
        yield _unchanged(done)
        return
    file, brought = done.file.file, _brought(done)
    if done.undone:
        yield f"已取消撤回：{file}，{brought}重新计入。"
    else:
        yield f"已撤回：{file}，{brought}不再计入。"
        if done.rows:
            yield f"其中{'，'.join(_what_became(done))}。"
        yield "问题编号不变；原件仍在存档。"
    for receipt in done.to_correct:
        yield f"又待更正：{receipt.file}，它的更正表已不在“退回更正”里，通知也还是先前的。"
        yield f"  请先运行 tenproj original {receipt.sha256[:12]} --out inbox，汇总时会重新写好。"
    for said in done.rulings.lapsed:
        yield f"对分歧的裁定不再有效：{said}。现按仍计入的回表计；仍要按裁定计的，请用 tenproj amend 代录。"
    for said in done.rulings.disputed:
        yield f"对分歧的裁定不再有效：{said}。各家报的仍不一样，请用 tenproj resolve 重新裁定。"
    for was, now in done.rulings.replaced:
        yield f"对分歧的裁定改变：{was}，不再有效；{now}，重新有效。"
    for said in done.rulings.restored:
        yield f"对分歧的裁定重新有效：{said}。"
    if done.file.period:
        yield f"请重新运行 tenproj merge --period {done.file.period}。"


def _what_became(done: Withdrawn) -> Iterator[str]:
    """Yield how many rows go back to what was reported before, and how many to nothing."""
    if done.standing:
        yield f"{done.standing}行恢复为此前报送的内容"
    if lost := done.rows - done.standing:
        yield f"{lost}行此前没有报过，按未报处理"


def preferred_lines(done: Preferred) -> Iterator[str]:
    """Yield what counts now, what this changed, and what to do next."""
    if done.already:
        yield f"{done.file.file} 本来就是最新的一份，已确认以它为准，数没有变。"
        return
    yield f"已以 {done.file.file} 为准，改动{len(done.changes)}处{'：' if done.changes else '。'}"
    for change in done.changes:
        yield f"  {change}"
    yield f"请重新运行 tenproj merge --period {done.file.period}。"


def _unchanged(done: Withdrawn) -> str:
    before = done.file.withdrawn
    if before:
        return f"{done.file.file} 已撤回（{withdrawn_why(before, done.zone)}），未作改动。"
    return f"{done.file.file} 没有撤回过，未作改动。"


def _brought(done: Withdrawn) -> str:
    """Return what a file brought: `填报的12行、审定的1项`, `对督办单〔2026〕3号的反馈`."""
    parts = []
    if done.rows:
        parts.append(f"填报的{done.rows}行")
    if done.decided:
        parts.append(f"审定的{done.decided}项")
    if done.slips:
        parts.append(f"对督办单{'、'.join(done.slips)}的反馈")
    return "、".join(parts) or "其中没有计入的内容，"


def rules_lines(rules: Sequence[RuleLine]) -> Iterator[str]:
    """Yield all rules by gate: severity, title, code and note, then the reason, then an example."""
    gate = ""
    for line in rules:
        rule = line.code.rule
        if line.code.gate.label != gate:
            gate = line.code.gate.label
            yield from ("", f"【{gate}】")
        note = f"　＊{line.note}" if line.note else ""
        yield f"{line.severity.label}　{rule.title}（{rule.code}）{note}"
        yield f"      {rule.why}"
        if line.example:
            yield f"      例：{line.example}"


def pdf_lines(pdfs: Sequence[Path], books: Sequence[Path], workspace: Workspace) -> Iterator[str]:
    """Yield where the PDFs lie, and how to get those that could not be made."""
    for pdf in pdfs:
        yield f"PDF：{workspace.relative(pdf)}"
    missing = [book.name for book in books if book.with_suffix(".pdf") not in pdfs]
    if missing:
        yield (
            f"没有生成 PDF：本机没有 LibreOffice，或它没有转换成功。工作簿已经生成，可用 WPS 或 Excel 打开后"
            f"“输出为PDF”，或装好 LibreOffice 后重新运行：{'、'.join(missing)}"
        )


def remade_lines(done: Remade, workspace: Workspace) -> Iterator[str]:
    """Yield by which ledger papers were made again, and where they lie."""
    yield f"已照{done.as_of:%Y年%m月%d日 %H:%M}的台账重做，没有接收回表，没有记账："
    for path in done.written:
        yield f"  {workspace.relative(path)}"
    yield f"当时台账的最后一笔记于{done.recorded_at:%Y-%m-%d %H:%M:%S}。"


def listed_lines(listed: Listed, workspace: Workspace) -> Iterator[str]:
    """Yield how much may be put under supervision, and what to do with the workbook that lists it."""
    yield f"可督办的事项{listed.items}项，在办督办单{listed.open}份。请在选择表中选定，保存后运行："
    yield f"  tenproj supervise {workspace.relative(listed.written)}"


def issued_lines(issued: IssuedSlips, workspace: Workspace) -> Iterator[str]:
    """Yield the slips made from a selection, or what must be corrected in it."""
    errors = sum(finding.is_error for finding in issued.findings)
    if errors:
        yield f"选择表有{errors}处要改，没有发出督办单："
    elif issued.findings:
        yield "选择表请核对："
    for finding in issued.findings:
        yield f"  {located(finding)}"
    for slip in issued.slips:
        called = f"{slip.issued_as.label}{slip.label}"
        yield f"  {called}  {slip.code} {slip.unit}  反馈时限{slip.reply_by:%Y-%m-%d}"
    for slip in issued.kept:
        yield f"  {slip.code} 已有督办{slip.label}在办，没有再发；确要再发请选“再发”。"
    for slip in issued.closed:
        yield f"  督办{slip.label}已办结"
    if issued.written:
        written = "督办单" if issued.slips else "督办台账"
        yield f"{written}：{workspace.relative(issued.written)}"
    for path in issued.to_fill_in:
        yield f"反馈表，随督办单发给单位：{workspace.relative(path)}"


def asked_lines(asked: Asked, workspace: Workspace) -> Iterator[str]:
    """Yield the open conflicts, and where to decide them."""
    if asked.written is None:
        yield f"{asked.period.label}没有待裁定的分歧。"
        return
    yield f"{asked.period.label}各家说法不一{len(asked.conflicts)}处："
    for number, conflict in enumerate(asked.conflicts[:SHOWN], 1):
        yield f"  {number}. {located(conflict)}"
    if len(asked.conflicts) > SHOWN:
        yield f"  …… 另有{len(asked.conflicts) - SHOWN}处，见裁定表。"
    path = workspace.relative(asked.written)
    yield f"裁定表：{path}"
    yield f"填好保存后运行：tenproj resolve {path}"


def resolved_lines(done: Resolved) -> Iterator[str]:
    """Yield what was decided, what could not be taken, and what comes next."""
    for finding in done.findings:
        yield f"{finding.severity.label} {located(finding)}"
    for text in done.said:
        yield f"已裁定：{text}"
    if done.unchanged:
        yield f"{done.unchanged}处此前已经这样裁定，未作改动。"
    if not (done.said or done.unchanged or done.findings):
        yield "裁定表里还没有填写裁定。"
    if done.still_open:
        yield f"还有{done.still_open}处待裁定。"
    if done.said:
        for period in done.periods:
            yield f"请重新运行 tenproj merge --period {period}，汇总表按裁定更新。"


def amended_lines(done: Amended) -> Iterator[str]:
    """Yield what was recorded in place of units, what could not be taken, and what comes next."""
    for finding in done.findings:
        yield f"{finding.severity.label} {located(finding)}"
    for text in done.said:
        yield f"已代录：{text}"
    if done.unchanged:
        yield f"{done.unchanged}处与现有的相同，未作改动。"
    if not (done.said or done.unchanged or done.findings):
        yield "代录单里还没有填写内容。"
    if done.said:
        yield f"要撤回，运行 tenproj withdraw {done.amendments[0].row.file} --why 原因。"
        yield "单位的下一期填报表会请其确认。"
        yield f"请重新运行 tenproj merge --period {done.period.code}，汇总表按代录的内容更新。"


@dataclass(frozen=True, kw_only=True)
class _Waiting:
    """What waits for the office in a workbook, in words: the workbook, what is counted, what comes next."""

    book: str
    counter: str
    command: str
    left: str
    nothing: str
    after: str


_REVIEW = _Waiting(
    book="待核实清单",
    counter="处",
    command="review",
    left="还有{}处待核实。",
    nothing="没有待核实的更正和疑问。",
    after="请重新运行 tenproj merge，汇总表按决定更新。",
)
_OBJECTIONS = _Waiting(
    book="得分异议裁定表",
    counter="条",
    command="objections",
    left="还有{}条异议待决定。",
    nothing="没有待决定的得分异议。",
    after="请重新运行 tenproj report，得分按决定更新；异议期满、都有决定后同时生成晾晒版。",
)


def reviewed_lines(done: Reviewed, workspace: Workspace) -> Iterator[str]:
    """Yield the figures that wait, or what was decided about them, and what comes next."""
    return _decided_lines(done, workspace, _REVIEW)


def decided_objections_lines(done: Reviewed, workspace: Workspace) -> Iterator[str]:
    """Yield the objections that wait, or what was decided about them, and what comes next."""
    return _decided_lines(done, workspace, _OBJECTIONS)


def _decided_lines(done: Reviewed, workspace: Workspace, words: _Waiting) -> Iterator[str]:
    for finding in done.findings:
        yield f"{finding.severity.label} {located(finding)}"
    for text in done.said:
        yield f"  {text}"
    if done.written:
        path = workspace.relative(done.written)
        yield f"{words.book}（{done.still_open}{words.counter}）：{path}"
        yield f"填好保存后运行：tenproj {words.command} {path}"
    elif done.still_open:
        yield words.left.format(done.still_open)
    elif not done.said:
        yield words.nothing
    if done.said and not done.written:
        yield words.after


def rule_stats_lines(stats: Sequence[RuleStats]) -> Iterator[str]:
    """Yield what became of the questions of each rule; noisy rules name themselves."""
    if not stats:
        yield "还没有提出过疑问。"
    for one in stats:
        rule = one.code.rule
        yield (
            f"{rule.title}（{rule.code}）：提出{one.fired}次，更正{one.corrected}次，"
            f"属实{one.confirmed}次，未答复{one.unanswered}次"
        )
        if one.is_noisy:
            yield "  问的多半属实：可在“设置.xlsx”加一条豁免，或在“工作计划.xlsx”改上限、下限。"


def exported_lines(done: Exported) -> Iterator[str]:
    """Yield where the data lie, or what is wrong with 上报格式.xlsx."""
    if done.findings:
        yield f"“上报格式.xlsx”有{len(done.findings)}处要改，没有导出："
        yield from finding_lines(done.findings)
        return
    yield f"已导出{done.period.name}的数据，共{len(done.written)}个文件：{done.folder}"
    yield "各文件的字段、单位和含义见其中的 datapackage.json。含不公开的数据，请勿外传。"
    if not done.has_own_formats:
        yield "工作区里没有“上报格式.xlsx”，四张清单用初始格式；要改格式，请先运行 tenproj init 补上。"
