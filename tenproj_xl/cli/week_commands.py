"""The commands of a week: `generate`, `check`, `ingest`, `status`, `withdraw`."""

from functools import partial
from pathlib import Path

import click

from tenproj_xl.cli.console import OneCommand, existing_file, period_code
from tenproj_xl.cli.output import (
    cluster_option,
    has_arrivals,
    indented,
    period_option,
    show,
    tell,
    workspace_of,
)

_due_period = click.option(
    "--period",
    metavar="期号",
    type=period_code,
    help="报送期，如 2026-W48、2026-11-D1、2026-11、2026-Q4、2026-H1、2026（默认当前应报的一期）。",
)


@click.command(cls=OneCommand)
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
    from tenproj_xl.core.second_process import WRITING_FORMS, second_process

    workspace = workspace_of(ctx)
    with second_process(WRITING_FORMS):
        done = generate(workspace, period, by_unit=by == "unit")
    written = paths_json(done.written, workspace)
    counted = f"{len(written)}份，其中{done.owed}份须报送"
    said = [f"已生成{done.period.label}填报表{counted}，请分发：", *indented(written)]
    [example] = paths_json([done.example], workspace)
    said += ["填报示例，请随填报表一起发：", *indented([example])]
    if done.plan_kept:
        said.append(
            "这一期的材料已经印发，或工作计划已结转到下一年，仍按这一期当时的工作计划生成；此后的改动从以后各期起生效。"
        )
    said += [found.message for found in done.findings]
    document = {
        "period": done.period.code,
        "written": written,
        "example": example,
        "plan_kept": done.plan_kept,
        "findings": findings_json(done.findings),
    }
    tell(ctx, document, said)


@click.command(cls=OneCommand)
@click.argument("files", nargs=-1, required=True, metavar="文件…", type=existing_file)
@period_option
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
        partial(ingested_json, done, workspace),
        checked_lines(done, workspace),
        needs_a_person=done.needs_a_person,
    )


@click.command(cls=OneCommand)
@period_option
@cluster_option
@click.pass_context
def ingest(ctx: click.Context, period: str | None, cluster: str) -> None:
    """接收 inbox/ 里的回表：核验、入账、生成退回更正的工作簿。

    \b
    例：tenproj ingest --period 2026-W48
    """
    from tenproj_xl.core.second_process import VALIDATING, second_process

    with second_process(VALIDATING if has_arrivals(ctx) else ()):
        from tenproj_xl.app.cluster import reading_on_cluster
        from tenproj_xl.app.ingest import ingest
        from tenproj_xl.cli.as_json import ingested_json
        from tenproj_xl.cli.returns_text import ingested_lines

        workspace = workspace_of(ctx)
        with reading_on_cluster(cluster):
            done = ingest(workspace, period)
    tell(
        ctx,
        partial(ingested_json, done, workspace),
        ingested_lines(done, workspace),
        needs_a_person=done.needs_a_person,
    )


@click.command(cls=OneCommand)
@period_option
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


@click.command(cls=OneCommand)
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
