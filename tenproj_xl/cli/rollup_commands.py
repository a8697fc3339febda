"""The commands that make papers out of the ledger: `merge`, `report`, `export`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenproj_xl.cli.console import OneCommand, folder_path, period_code
from tenproj_xl.cli.output import cluster_option, has_arrivals, indented, period_option, tell, workspace_of
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.second_process import MAKING_EDITIONS, VALIDATING, WRITING_PAPERS, second_process

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    _Command = TypeVar("_Command", bound=Callable[..., object])

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
    with second_process(WRITING_PAPERS):
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


@click.command(cls=OneCommand)
@period_option
@_final
@_as_of
@_pdf
@click.option(
    "--changed", is_flag=True, help="最近一期以外，汇总以后又有补报、更正、裁定、清除的各期，也一并重做。"
)
@cluster_option
@click.pass_context
def merge(
    ctx: click.Context,
    period: str | None,
    signed_by: str,
    as_of: str,
    cluster: str,
    *,
    pdf: bool,
    changed: bool,
) -> None:
    """接收回表并生成汇总表。

    \b
    例：tenproj merge
        tenproj merge --changed
        tenproj merge --as-of 2026-12-04
    """
    if changed and (period or signed_by or as_of):
        raise UsageProblem("--changed 重做所有有变化的期，请去掉 --period、--final 和 --as-of。")
    if as_of and cluster:
        raise UsageProblem("--as-of 照台账重做，不接收回表，请去掉 --cluster。")
    if as_of:
        _remade(ctx, as_of, "week", period, signed_by, pdf=pdf)
    modules = (VALIDATING, WRITING_PAPERS, MAKING_EDITIONS) if has_arrivals(ctx) else (WRITING_PAPERS,)
    with second_process(*modules):
        from tenproj_xl.app.cluster import reading_on_cluster
        from tenproj_xl.app.merge import merge
        from tenproj_xl.app.merge_changed import merge_changed
        from tenproj_xl.cli.as_json import merged_json
        from tenproj_xl.cli.office_text import pdf_lines
        from tenproj_xl.cli.returns_text import merged_lines

        workspace = workspace_of(ctx)
        with reading_on_cluster(cluster):
            done = merge_changed(workspace) if changed else merge(workspace, period, signed_by)
    from tenproj_xl.app.printing import printed, to_print

    made = (done, *done.again)
    books = to_print([path for one in made for path in (one.rollup, *one.beside)], wanted=pdf)
    pdfs = printed(books)
    lines = (*merged_lines(done, workspace), *pdf_lines(pdfs, books, workspace))
    open_ends = done.needs_a_person or len(pdfs) < len(books)
    tell(ctx, partial(merged_json, done, pdfs, workspace), lines, needs_a_person=open_ends)


def _span(name: str, said: str) -> "Callable[[_Command], _Command]":
    """Return an option for an edition, which may be given without the code of its period."""
    said += "不写期号，即最近下发的一期或它所在的时段。"
    return click.option(name, metavar="[期号]", type=period_code, is_flag=False, flag_value="", help=said)


@click.command(cls=OneCommand)
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
    spans = {"meeting": meeting, "month": month, "quarter": quarter, "year": year}
    chosen = [(edition, code) for edition, code in spans.items() if code is not None]
    if len(chosen) != 1:
        raise UsageProblem("请在 --meeting、--month、--quarter、--year 中选一个。")
    edition, code = chosen[0]
    if as_of:
        _remade(ctx, as_of, edition, code or None, signed_by, pdf=pdf)
    with second_process(WRITING_PAPERS):
        from tenproj_xl.app.printing import printed, to_print
        from tenproj_xl.app.report import report
        from tenproj_xl.cli.as_json import paths_json
        from tenproj_xl.cli.office_text import pdf_lines

        workspace = workspace_of(ctx)
        made = report(workspace, edition, code or None, signed_by)
    written = made.written
    books = to_print(written, wanted=pdf)
    pdfs = printed(books)
    written = (*written, *made.to_check)
    document = {"written": paths_json([*written, *pdfs], workspace), "notices": list(made.notices)}
    said = []
    if written:
        said = ["已生成：", *indented(paths_json(written, workspace)), *pdf_lines(pdfs, books, workspace)]
    tell(ctx, document, [*said, *made.notices], needs_a_person=len(pdfs) < len(books))


@click.command(cls=OneCommand)
@period_option
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
