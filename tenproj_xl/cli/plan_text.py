"""What the commands about the plan print for people."""

from collections.abc import Iterator, Mapping

from tenproj_xl.app.plan_check import PlanChecked
from tenproj_xl.app.plan_confirm import PlanConfirmed
from tenproj_xl.app.plan_correct import PlanCorrected
from tenproj_xl.app.plan_gaps import PlanGaps
from tenproj_xl.app.plan_new_year import NewYear
from tenproj_xl.cli.file_text import finding_lines
from tenproj_xl.cli.output import indented
from tenproj_xl.model.plan_changes import PlanDifference
from tenproj_xl.model.unlit import NoLight


def plan_lines(checked: PlanChecked, gaps: PlanGaps) -> Iterator[str]:
    """Yield what is wrong or hardly meant, what has changed since the newest forms, and what is missing."""
    if gaps.to_fill:
        yield f"工作计划还没有填，请依次填写：{'→'.join(gaps.to_fill)}。填好一部分就可以再检查一次。"
    findings = (*checked.findings, *gaps.doubts)
    if findings:
        yield from finding_lines(findings)
    else:
        yield "工作计划和设置没有问题。"
    if checked.before and checked.changes:
        since = checked.before.since.label
        yield f"与{since}下发时的计划相比，改动{len(checked.changes)}处："
        yield from indented(map(_change_line, checked.changes))
        yield (
            "写了生效期的，从那一期起生效；没有写的，从下一次生成、还没有下发过的一期起生效。"
            "是改正笔误的，请运行 tenproj plan correct --from 期号 --reason 原因。"
        )
    yield from _unlit_lines(gaps)
    if gaps.unconfirmed:
        by_sheet = _by_sheet(gaps.unconfirmed)
        yield ""
        yield f"标“待核”的还有{sum(gaps.unconfirmed.values())}处（{by_sheet}）。"
        yield "核对无误后，运行 tenproj plan confirm --by 姓名，一次核定。"


def _by_sheet(counts: Mapping[str, int]) -> str:
    return "、".join(f"{sheet}{count}处" for sheet, count in counts.items())


def _unlit_lines(gaps: PlanGaps) -> Iterator[str]:
    if not gaps.unlit:
        return
    yield ""
    yield f"{gaps.year}年不亮灯的指标有{len(gaps.unlit)}项："
    for reason in NoLight:
        codes = [line.indicator.code for line in gaps.unlit if line.reason is reason]
        if codes:
            yield f"  {reason.label}{len(codes)}项（{reason.remedy}）：{'、'.join(codes)}"


def confirmed_lines(done: PlanConfirmed, backup: str | None) -> Iterator[str]:
    """Yield how many cells were confirmed, and where the previous workbook lies."""
    if backup is None:
        yield "工作计划里没有标“待核”的内容，未作改动。"
        return
    yield f"已核定{sum(done.cells.values())}处（{_by_sheet(done.cells)}），其余内容和格式没有改动。"
    yield f"改动前的工作计划：{backup}"


def new_year_lines(done: NewYear, backup: str | None) -> Iterator[str]:
    """Yield what goes on in a new year, what was cleared, and whose targets are to be decided."""
    yield (
        f"{done.year}年接着做的：未完成任务{len(done.tasks)}项、未结问题{len(done.issues)}件，"
        f"目标延续到{done.year}年及以后的指标{len(done.with_target)}项。"
    )
    if done.cleared:
        yield f"上一年的年度目标、年度计划投资已清空{len(done.cleared)}项任务。"
        going_on = [code for code in done.cleared if code in done.tasks]
        if going_on:
            yield f"接着做的{len(going_on)}项，请填{done.year}年的：{'、'.join(going_on)}"
        yield f"改动前的工作计划：{backup}"
    if done.undecided:
        codes = "、".join(indicator.code for indicator in done.undecided)
        yield f"{done.year}年目标未下达的{len(done.undecided)}项：{codes}"
        yield "下达后补入“年度计划”；此前不亮灯、不计分、不催报。"


def _change_line(change: PlanDifference) -> str:
    said = f"[{change.change.label}] {change.text}"
    if change.effective:
        said += f"，自{change.effective.name}起"
    return said


def correction_lines(done: PlanCorrected) -> Iterator[str]:
    """Yield what was put right, and for which periods."""
    yield f"已更正{len(done.cells)}处，自{done.since.name}起："
    yield from indented(cell.text for cell in done.cells)
    if done.periods:
        periods = "、".join(period.spoken for period in done.periods)
        yield f"{periods}的计划已改，请重新汇总。已下发的填报表上印的仍是原来的内容，不必重发。"
    else:
        yield "这些期的计划里没有这几处错误，没有改动。"
