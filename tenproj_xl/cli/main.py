"""The command line: parse, call `app`, print.

Import nothing heavy here: each command imports what it needs, so that `--help` answers at once. Words for
people go to stderr; with `--json`, stdout is one document.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenproj_xl import __version__
from tenproj_xl.cli.console import (
    Commands,
    existing_file,
    folder_path,
    period_code,
)
from tenproj_xl.cli.output import indented, show, tell, tell_findings, workspace_of
from tenproj_xl.cli.template_commands import template
from tenproj_xl.core.errors import UsageProblem

if TYPE_CHECKING:
    pass

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_period = click.option("--period", metavar="期号", type=period_code, help="报送期，如 2026-W48。")


@click.group(cls=Commands, context_settings=_CONTEXT)
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
    每周的做法：
      tenproj generate --period 2026-W48   生成各专班填报表（outbox/）
      tenproj merge --period 2026-W48      接收 inbox/ 里的回表并汇总
      tenproj status                       看谁还没报、谁要更正
    """
    ctx.obj = folder


def _period_is_that_of(book: str, period: str | None) -> None:
    """Refuse a period beside a workbook that is of one."""
    if period:
        raise UsageProblem(f"已经给出{book}，期号以{book}为准，请去掉 --period。")


@main.command()
@click.argument("folder", required=False, metavar="[文件夹]", type=folder_path)
@click.pass_context
def init(ctx: click.Context, folder: Path | None) -> None:
    """建立工作区：工作计划、设置、模板和收发文件夹。

    \b
    例：tenproj init 工作区
    """
    from tenproj_xl.app.initialise import initialise
    from tenproj_xl.app.workspace import Workspace
    from tenproj_xl.cli.as_json import paths_json

    workspace = Workspace((ctx.obj / folder if folder else ctx.obj).resolve())
    written = initialise(workspace)
    paths = paths_json(written, workspace)
    said = ["工作区已建好，请核对“工作计划.xlsx”中标“待核”的各项：", *indented(paths)]
    if workspace.plan not in written:
        said[0] = "工作区缺的文件已补上："
    tell(ctx, {"written": paths}, said)


@main.group()
def plan() -> None:
    """工作计划。"""


@plan.command("check")
@click.pass_context
def plan_check(ctx: click.Context) -> None:
    """检查工作计划和设置，逐处指出工作表和单元格。

    \b
    例：tenproj plan check
    """
    from tenproj_xl.app.workspace import check_workbooks

    *_, findings, _snapshots = check_workbooks(workspace_of(ctx))
    tell_findings(ctx, findings, "工作计划和设置没有问题。")


@main.command()
@click.pass_context
def rules(ctx: click.Context) -> None:
    """列出全部核验规则：级别、为什么要求、例子；级别和豁免在“设置.xlsx”里改。

    \b
    例：tenproj rules
    """
    from tenproj_xl.app.workspace import load
    from tenproj_xl.cli.as_json import rules_json
    from tenproj_xl.cli.office_text import rules_lines
    from tenproj_xl.core.policy import Policy
    from tenproj_xl.core.rules import rule_lines

    workspace = workspace_of(ctx)
    policy = load(workspace).settings.policy if workspace.settings.exists() else Policy()
    lines = rule_lines(policy)
    show(ctx, rules_json(lines), rules_lines(lines))


_needed_period = click.option(
    "--period",
    required=True,
    metavar="期号",
    type=period_code,
    help="报送期，如 2026-W48。",
)


@main.command()
@_needed_period
@click.option(
    "--by",
    type=click.Choice(["task-force", "unit"]),
    default="task-force",
    help="task-force 每个专班一份，由牵头单位汇总（默认）；unit 每个填报单位一份，只有本单位填报的行。",
)
@click.pass_context
def generate(ctx: click.Context, period: str, by: str) -> None:
    """生成一期的填报表，每个专班（或每个单位）一份。

    \b
    例：tenproj generate --period 2026-W48
        tenproj generate --period 2026-W48 --by unit
    """
    from tenproj_xl.app.generate import generate
    from tenproj_xl.cli.as_json import paths_json

    workspace = workspace_of(ctx)
    written = paths_json(generate(workspace, period, by_unit=by == "unit"), workspace)
    said = [f"已生成{len(written)}份填报表，请分发：", *indented(written)]
    tell(ctx, {"period": period, "written": written}, said)


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


@main.command()
@_needed_period
@_final
@_pdf
@click.pass_context
def merge(ctx: click.Context, period: str, signed_by: str, *, pdf: bool) -> None:
    """接收回表并生成全区汇总表。

    \b
    例：tenproj merge --period 2026-W48
    """
    from tenproj_xl.app.merge import merge
    from tenproj_xl.app.printing import printed
    from tenproj_xl.cli.as_json import merged_json
    from tenproj_xl.cli.office_text import pdf_lines
    from tenproj_xl.cli.returns_text import merged_lines

    workspace = workspace_of(ctx)
    done = merge(workspace, period, signed_by)
    books = [b for b in (done.rollup, *done.beside) if pdf and b.suffix == ".xlsx"]
    pdfs = printed(books)
    lines = (*merged_lines(done, workspace), *pdf_lines(pdfs, books, workspace))
    open_ends = done.ingested.needs_a_person or len(pdfs) < len(books)
    tell(ctx, merged_json(done, pdfs, workspace), lines, needs_a_person=open_ends)


@main.command()
@click.argument("selection", required=False, metavar="[选择表]", type=existing_file)
@_period
@click.option("--force", is_flag=True, help="重新列出选择表，覆盖已有的。")
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


@main.command()
@click.option("--meeting", is_flag=True, help="联络员例会：只列滞后、有变化和提请协调的（默认最近一期）。")
@click.option("--month", metavar="月", type=period_code, help="月度调度，如 2026-11。")
@click.option("--quarter", metavar="季", type=period_code, help="季度分析，如 2026-Q4。")
@click.option("--year", metavar="年", type=period_code, help="年度总结，如 2026。")
@_period
@_final
@_pdf
@click.pass_context
def report(
    ctx: click.Context,
    period: str | None,
    signed_by: str,
    month: str | None,
    quarter: str | None,
    year: str | None,
    *,
    meeting: bool,
    pdf: bool,
) -> None:
    """用台账里已接收的内容做例会、月、季、年的材料：领导版、晾晒版和简报。

    \b
    例：tenproj report --month 2026-11
        tenproj report --meeting
        tenproj report --quarter 2026-Q4 --final 张三
    """
    from tenproj_xl.app.printing import printed
    from tenproj_xl.app.report import report
    from tenproj_xl.cli.as_json import paths_json
    from tenproj_xl.cli.office_text import pdf_lines

    wide = {"month": month, "quarter": quarter, "year": year}
    chosen = [(code, value) for code, value in wide.items() if value]
    if len(chosen) + meeting != 1 or (period and not meeting):
        raise UsageProblem(
            "请在 --meeting、--month、--quarter、--year 中选一个；--period 只与 --meeting 同用。"
        )
    edition, code = chosen[0] if chosen else ("meeting", period)
    workspace = workspace_of(ctx)
    written = report(workspace, edition, code, signed_by)
    books = [b for b in written if pdf and b.suffix == ".xlsx"]
    pdfs = printed(books)
    document = {"written": paths_json([*written, *pdfs], workspace)}
    said = ["已生成：", *indented(paths_json(written, workspace)), *pdf_lines(pdfs, books, workspace)]
    tell(ctx, document, said, needs_a_person=len(pdfs) < len(books))


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
    from tenproj_xl.cli.returns_text import matrix_lines

    matrix = status(workspace_of(ctx), period)
    show(ctx, matrix_json(matrix), matrix_lines(matrix))


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


@main.command()
@click.argument("folder", required=False, metavar="[文件夹]", type=folder_path)
@click.pass_context
def demo(ctx: click.Context, folder: Path | None) -> None:
    """在一个新文件夹里把整个流程演示一遍（模拟数据）。

    \b
    例：tenproj demo demo
    """
    from tenproj_xl.app.workspace import Workspace
    from tenproj_xl.cli.demo import run

    workspace = Workspace((ctx.obj / (folder or "demo")).resolve())
    result = run(workspace, lambda line: click.echo(line, err=True))
    tell(ctx, result, [])


main.add_command(template)

if __name__ == "__main__":
    main()
