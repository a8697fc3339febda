"""The command line: parse, call `app`, print.

Import nothing heavy here: each command imports what it needs, so that `--help` answers at once. Words for
people go to stderr; with `--json`, stdout is one document.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenproj_xl import __version__
from tenproj_xl.cli.admit_command import admit
from tenproj_xl.cli.amend_command import amend, objections, prefer, review
from tenproj_xl.cli.console import (
    Commands,
    existing_file,
    folder_path,
    period_code,
)
from tenproj_xl.cli.contact_commands import contacts
from tenproj_xl.cli.desk_command import desk
from tenproj_xl.cli.hand_over_commands import archive, handover
from tenproj_xl.cli.keep_commands import backup, rebuild, remove, restore, verify
from tenproj_xl.cli.mail_commands import fetch, secret
from tenproj_xl.cli.meeting_command import meeting
from tenproj_xl.cli.output import indented, show, tell, workspace_of
from tenproj_xl.cli.paper_commands import publications, publish
from tenproj_xl.cli.past_commands import history, original
from tenproj_xl.cli.plan_commands import plan
from tenproj_xl.cli.rules_command import rules
from tenproj_xl.cli.run_command import run
from tenproj_xl.cli.send_command import send
from tenproj_xl.cli.start_commands import demo, init, tell_whereabouts
from tenproj_xl.cli.template_commands import template
from tenproj_xl.core.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    _Command = TypeVar("_Command", bound=Callable[..., object])

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_period = click.option(
    "--period",
    metavar="期号",
    type=period_code,
    help="报送期，如 第48期、上期、2026-W48、2026-11-D1、2026-11、2026-Q4（默认最近下发的一期）。",
)


@click.group(cls=Commands, context_settings=_CONTEXT, invoke_without_command=True)
@click.version_option(__version__, message="%(version)s", help="显示版本号。")
@click.option(
    "-C",
    "folder",
    metavar="文件夹",
    type=folder_path,
    default=Path(),
    help="工作区所在的文件夹（默认当前文件夹）。",
)
@click.pass_context
def main(ctx: click.Context, folder: Path) -> None:
    """十项重大工程填报表：下发、收回、核验、汇总。

    \b
    每期的做法：
      tenproj generate   生成各专班填报表（outbox/）
      tenproj merge      接收 inbox/ 里的回表并汇总
      tenproj status     看谁还没报、谁要更正
    """
    ctx.obj = folder
    if ctx.invoked_subcommand is None:
        tell_whereabouts(ctx)


def _period_is_that_of(book: str, period: str | None) -> None:
    """Refuse a period beside a workbook that is of one."""
    if period:
        raise UsageProblem(f"已经给出{book}，期号以{book}为准，请去掉 --period。")


_due_period = click.option(
    "--period",
    metavar="期号",
    type=period_code,
    help="报送期，如 2026-W48、2026-11-D1、2026-11、2026-Q4、2026-H1、2026（默认当前应报的一期）。",
)


@main.command()
@_due_period
@click.option(
    "--by",
    type=click.Choice(["task-force", "unit"]),
    default="task-force",
    help="task-force 每个专班一份，由牵头单位汇总（默认）；unit 每个填报单位一份，只有本单位填报的行。",
)
@click.pass_context
def generate(ctx: click.Context, period: str | None, by: str) -> None:
    """生成一期的填报表，每个专班（或每个单位）一份。

    \b
    例：tenproj generate
        tenproj generate --period 2026-W48 --by unit
    """
    from tenproj_xl.app.generate import generate
    from tenproj_xl.cli.as_json import findings_json, paths_json

    workspace = workspace_of(ctx)
    done = generate(workspace, period, by_unit=by == "unit")
    written = paths_json(done.written, workspace)
    counted = f"{len(written)}份，其中{done.owed}份须报送"
    said = [f"已生成{done.period.label}填报表{counted}，请分发：", *indented(written)]
    [example] = paths_json([done.example], workspace)
    said += ["填报示例，请随填报表一起发：", *indented([example])]
    if done.plan_kept:
        said.append("这一期的材料已经印发，仍按当时的工作计划生成；此后的改动从下一期起生效。")
    said += [found.message for found in done.findings]
    document = {
        "period": done.period.code,
        "written": written,
        "example": example,
        "plan_kept": done.plan_kept,
        "findings": findings_json(done.findings),
    }
    tell(ctx, document, said)


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="文件…", type=existing_file)
@_period
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], period: str | None) -> None:
    """检查回表，只看不收。

    \b
    例：tenproj check inbox/03_区科技局.xlsx
    """
    from tenproj_xl.app.check import check
    from tenproj_xl.cli.as_json import ingested_json
    from tenproj_xl.cli.returns_text import checked_lines

    workspace = workspace_of(ctx)
    done = check(workspace, files, period)
    tell(
        ctx,
        ingested_json(done, workspace),
        checked_lines(done, workspace),
        needs_a_person=done.needs_a_person,
    )


@main.command()
@_period
@click.pass_context
def ingest(ctx: click.Context, period: str | None) -> None:
    """接收 inbox/ 里的回表：核验、入账、生成退回更正的工作簿。

    \b
    例：tenproj ingest --period 2026-W48
    """
    from tenproj_xl.app.ingest import ingest
    from tenproj_xl.cli.as_json import ingested_json
    from tenproj_xl.cli.returns_text import ingested_lines

    workspace = workspace_of(ctx)
    done = ingest(workspace, period)
    tell(
        ctx,
        ingested_json(done, workspace),
        ingested_lines(done, workspace),
        needs_a_person=done.needs_a_person,
    )


_final = click.option(
    "--final", "signed_by", metavar="签发人", default="", help="作为签发稿，写明签发人；不加即送审稿。"
)
_pdf = click.option("--pdf", is_flag=True, help="另存 PDF（需装有 LibreOffice）。")
_as_of = click.option(
    "--as-of",
    "as_of",
    metavar="时间",
    default="",
    help="照当时的台账重做，如 2026-12-04 或 2026-12-04T17:00；只写日期的，到当天结束。不接收回表，不记账。",
)


def _remade(
    ctx: click.Context, as_of: str, edition: str, period: str | None, signed_by: str, *, pdf: bool
) -> None:
    """Make papers again as of a moment, print where they lie, and exit."""
    from tenproj_xl.app.as_of import remake
    from tenproj_xl.app.printing import printed, to_print
    from tenproj_xl.cli.as_json import remade_json
    from tenproj_xl.cli.office_text import pdf_lines, remade_lines

    workspace = workspace_of(ctx)
    done = remake(workspace, as_of, edition, period, signed_by)
    books = to_print(done.written, wanted=pdf)
    pdfs = printed(books)
    lines = (*remade_lines(done, workspace), *pdf_lines(pdfs, books, workspace))
    tell(ctx, remade_json(done, pdfs, workspace), lines, needs_a_person=len(pdfs) < len(books))


@main.command()
@_period
@_final
@_as_of
@_pdf
@click.option(
    "--changed", is_flag=True, help="最近一期以外，汇总以后又有补报、更正、裁定的各期，也一并重做。"
)
@click.pass_context
def merge(
    ctx: click.Context, period: str | None, signed_by: str, as_of: str, *, pdf: bool, changed: bool
) -> None:
    """接收回表并生成全区汇总表。

    \b
    例：tenproj merge
        tenproj merge --changed
        tenproj merge --as-of 2026-12-04
    """
    if changed and (period or signed_by or as_of):
        raise UsageProblem("--changed 重做所有有变化的期，请去掉 --period、--final 和 --as-of。")
    if as_of:
        _remade(ctx, as_of, "week", period, signed_by, pdf=pdf)
    from tenproj_xl.app.merge import merge
    from tenproj_xl.app.merge_changed import merge_changed
    from tenproj_xl.app.printing import printed, to_print
    from tenproj_xl.cli.as_json import merged_json
    from tenproj_xl.cli.office_text import pdf_lines
    from tenproj_xl.cli.returns_text import merged_lines

    workspace = workspace_of(ctx)
    done = merge_changed(workspace) if changed else merge(workspace, period, signed_by)
    made = (done, *done.again)
    books = to_print([path for one in made for path in (one.rollup, *one.beside)], wanted=pdf)
    pdfs = printed(books)
    lines = (*merged_lines(done, workspace), *pdf_lines(pdfs, books, workspace))
    open_ends = done.needs_a_person or len(pdfs) < len(books)
    tell(ctx, merged_json(done, pdfs, workspace), lines, needs_a_person=open_ends)


@main.command()
@click.argument("selection", required=False, metavar="[选择表]", type=existing_file)
@_period
@click.option("--force", is_flag=True, help="重新列出选择表；已有的如填过，改名保留。")
@click.pass_context
def supervise(ctx: click.Context, selection: Path | None, period: str | None, *, force: bool) -> None:
    """督办：先列出可督办的事项供选定，填好选择表后生成督办单并登记台账。

    \b
    例：tenproj supervise --period 2026-W48
        tenproj supervise outbox/2026-W48/督办/督办事项选择表_2026年第48期.xlsx
    """
    from tenproj_xl.app import supervise as work
    from tenproj_xl.cli.as_json import issued_json, listed_json
    from tenproj_xl.cli.office_text import issued_lines, listed_lines

    workspace = workspace_of(ctx)
    if selection is None:
        listed = work.list_items(workspace, period, force=force)
        tell(ctx, listed_json(listed, workspace), listed_lines(listed, workspace))
    if period or force:
        raise UsageProblem("已经给出选择表，期号以选择表为准，请去掉 --period 和 --force。")
    issued = work.issue(workspace, selection)
    said = issued_lines(issued, workspace)
    tell(ctx, issued_json(issued, workspace), said, needs_a_person=bool(issued.findings))


def _span(name: str, said: str) -> "Callable[[_Command], _Command]":
    """Return an option for an edition, which may be given without the code of its period."""
    said += "不写期号，即最近下发的一期或它所在的时段。"
    return click.option(name, metavar="[期号]", type=period_code, is_flag=False, flag_value="", help=said)


@main.command()
@_span("--meeting", "联络员例会：只列滞后、有变化和提请协调的。")
@_span("--month", "月度调度，如 2026-11。")
@_span("--quarter", "季度分析，如 2026-Q4。")
@_span("--year", "年度总结，如 2026。")
@_final
@_as_of
@_pdf
@click.pass_context
def report(
    ctx: click.Context,
    meeting: str | None,
    signed_by: str,
    as_of: str,
    month: str | None,
    quarter: str | None,
    year: str | None,
    *,
    pdf: bool,
) -> None:
    """用台账里已接收的内容做例会、月、季、年的材料：领导版、晾晒版和简报。

    月、季、年的材料按数据所属期汇总：属于这一时段的数，不论哪一期报来，都计入。

    \b
    例：tenproj report --year 2026
        tenproj report --month
        tenproj report --meeting
        tenproj report --meeting 2026-W48
        tenproj report --quarter 2026-Q4 --final 张三
    """
    from tenproj_xl.app.printing import printed, to_print
    from tenproj_xl.app.report import report
    from tenproj_xl.cli.as_json import paths_json
    from tenproj_xl.cli.office_text import pdf_lines

    spans = {"meeting": meeting, "month": month, "quarter": quarter, "year": year}
    chosen = [(edition, code) for edition, code in spans.items() if code is not None]
    if len(chosen) != 1:
        raise UsageProblem("请在 --meeting、--month、--quarter、--year 中选一个。")
    edition, code = chosen[0]
    if as_of:
        _remade(ctx, as_of, edition, code or None, signed_by, pdf=pdf)
    workspace = workspace_of(ctx)
    made = report(workspace, edition, code or None, signed_by)
    written = made.written
    books = to_print(written, wanted=pdf)
    pdfs = printed(books)
    written = (*written, *made.to_check)
    document = {"written": paths_json([*written, *pdfs], workspace), "notices": list(made.notices)}
    said = ["已生成：", *indented(paths_json(written, workspace)), *pdf_lines(pdfs, books, workspace)]
    tell(ctx, document, [*said, *made.notices], needs_a_person=len(pdfs) < len(books))


@main.command()
@_period
@click.option(
    "--to",
    "folder",
    required=True,
    metavar="文件夹",
    type=folder_path,
    help="导出到这里：新的或空的文件夹，或上次导出的。",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    help="csv（默认），或 parquet（要另装组件）。",
)
@click.pass_context
def export(ctx: click.Context, period: str | None, folder: Path, file_format: str) -> None:
    """导出一期的数据：汇总表各表、数据来源和四张上报清单（默认最近一期）。

    \b
    例：tenproj export --period 2026-W48 --to 导出
        tenproj export --period 2026-11 --to 导出
    """
    from tenproj_xl.app.export import export
    from tenproj_xl.cli.as_json import exported_json
    from tenproj_xl.cli.office_text import exported_lines

    workspace = workspace_of(ctx)
    done = export(workspace, folder, period, file_format)
    tell(ctx, exported_json(done), exported_lines(done), needs_a_person=bool(done.findings))


@main.command()
@_period
@click.pass_context
def status(ctx: click.Context, period: str | None) -> None:
    """看一期的报送情况：谁报了、谁没报、谁要更正（默认最近一期）。

    \b
    例：tenproj status
    """
    from tenproj_xl.app.status import status
    from tenproj_xl.cli.as_json import matrix_json
    from tenproj_xl.cli.returns_text import status_lines

    matrix = status(workspace_of(ctx), period)
    show(ctx, matrix_json(matrix), status_lines(matrix))


@main.command()
@click.argument("file", required=False, metavar="[文件]", type=existing_file)
@_period
@click.pass_context
def signoff(ctx: click.Context, file: Path | None, period: str | None) -> None:
    """生成销号审定表；给出填好的审定表时，录入审定结果。

    \b
    例：tenproj signoff
        tenproj signoff outbox/2026-W48/销号审定/销号审定_2026年第48期_12.xlsx
    """
    from tenproj_xl.app.signoff import draw_signoff, sign_off
    from tenproj_xl.cli.as_json import drawn_json, signed_json
    from tenproj_xl.cli.office_text import drawn_lines, signed_lines

    workspace = workspace_of(ctx)
    if file is None:
        drawn = draw_signoff(workspace, period)
        tell(ctx, drawn_json(drawn, workspace), drawn_lines(drawn, workspace))
    _period_is_that_of("审定表", period)
    done = sign_off(workspace, file)
    tell(ctx, signed_json(done), signed_lines(done), needs_a_person=done.needs_a_person)


@main.command()
@click.argument("file", metavar="文件")
@click.option("--why", required=True, metavar="原因", help="为什么撤回，记入台账。")
@click.option("--undo", is_flag=True, help="取消撤回，这份文件重新计入。")
@click.pass_context
def withdraw(ctx: click.Context, file: str, why: str, *, undo: bool) -> None:
    """撤回一份已接收的文件：它填的内容不再计入，各行恢复为此前报送的内容。

    “文件”写文件名，或文件校验码的前几位（status --json 的 sha256）。

    \b
    例：tenproj withdraw 03_区科技局_2026年第48期填报表.xlsx --why 报错了单位
    """
    from tenproj_xl.app.withdraw import withdraw
    from tenproj_xl.cli.as_json import withdrawn_json
    from tenproj_xl.cli.office_text import withdrawn_lines

    done = withdraw(workspace_of(ctx), file, why, undo=undo)
    tell(ctx, withdrawn_json(done), withdrawn_lines(done))


@main.command()
@click.argument("file", required=False, metavar="[文件]", type=existing_file)
@_period
@click.pass_context
def resolve(ctx: click.Context, file: Path | None, period: str | None) -> None:
    """裁定各家说法不一的内容：不写文件时生成裁定表，写明填好的裁定表时记入裁定。

    \b
    例：tenproj resolve --period 2026-W48
        tenproj resolve outbox/2026-W48/分歧裁定/分歧裁定_2026年第48期.xlsx
    """
    from tenproj_xl.app import resolve
    from tenproj_xl.cli.as_json import asked_json, resolved_json
    from tenproj_xl.cli.office_text import asked_lines, resolved_lines

    workspace = workspace_of(ctx)
    if file is None:
        asked = resolve.ask(workspace, period)
        tell(ctx, asked_json(asked, workspace), asked_lines(asked, workspace))
    _period_is_that_of("裁定表", period)
    done = resolve.resolve(workspace, file)
    tell(ctx, resolved_json(done), resolved_lines(done), needs_a_person=bool(done.findings))


for command in (rules, amend, meeting, review, objections, prefer, fetch, secret):
    main.add_command(command)
for command in (init, demo, desk, plan, contacts, send, admit, run, template):
    main.add_command(command)
_OF_THE_PAST = (history, original, publish, publications)
_OF_KEEPING = (verify, backup, restore, rebuild, remove, archive, handover)
for command in (*_OF_THE_PAST, *_OF_KEEPING):
    main.add_command(command)

if __name__ == "__main__":
    main()
