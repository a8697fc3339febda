"""The commands about the plan."""

import click

from tenproj_xl.cli.console import Commands, period_code, year_number
from tenproj_xl.cli.output import tell, workspace_of


@click.group(cls=Commands)
def plan() -> None:
    """工作计划。"""


@plan.command("check")
@click.pass_context
def plan_check(ctx: click.Context) -> None:
    """检查工作计划和设置，逐处指出单元格；列出与下发时相比改了什么、今年不亮灯的指标和还缺的内容。

    \b
    例：tenproj plan check
    """
    from tenproj_xl.app.office_clock import office_now
    from tenproj_xl.app.plan_check import check_plan
    from tenproj_xl.app.plan_gaps import plan_gaps
    from tenproj_xl.cli.plan_json import plan_json
    from tenproj_xl.cli.plan_text import plan_lines
    from tenproj_xl.core.findings import has_errors

    workspace = workspace_of(ctx)
    checked = check_plan(workspace)
    gaps = plan_gaps(workspace, this_year=office_now(workspace).year)
    needs_a_person = has_errors(checked.findings)
    tell(ctx, plan_json(checked, gaps), plan_lines(checked, gaps), needs_a_person=needs_a_person)


@plan.command("correct")
@click.option(
    "--from",
    "since",
    metavar="期号",
    type=period_code,
    help="从哪一期起更正，如 第47期、2026-W47（默认最近下发的一期）。",
)
@click.option("--reason", required=True, metavar="原因", help="更正的原因，台账留存。")
@click.pass_context
def plan_correct(ctx: click.Context, since: str | None, reason: str) -> None:
    """更正计划里的笔误：先在“工作计划.xlsx”里改好，再运行；已下发各期按更正后的计划重新评价。

    \b
    例：tenproj plan correct --reason 目标34误填为340
        tenproj plan correct --from 2026-W47 --reason 目标34误填为340
    """
    from tenproj_xl.app.plan_correct import correct_plan
    from tenproj_xl.cli.plan_json import correction_json
    from tenproj_xl.cli.plan_text import correction_lines

    done = correct_plan(workspace_of(ctx), since, reason)
    tell(ctx, correction_json(done), correction_lines(done))


@plan.command("confirm")
@click.option("--by", required=True, metavar="姓名", help="核定人。")
@click.pass_context
def plan_confirm(ctx: click.Context, by: str) -> None:
    """一次核定“待核事项”列里标“待核”的全部内容；改动前的工作计划留在“备份”文件夹。

    \b
    例：tenproj plan confirm --by 王主任
    """
    from tenproj_xl.app.office_clock import office_now
    from tenproj_xl.app.plan_confirm import confirm_plan
    from tenproj_xl.cli.plan_text import confirmed_lines

    workspace = workspace_of(ctx)
    done = confirm_plan(workspace, by, office_now(workspace))
    backup = None
    if done.backup is not None:
        backup = workspace.relative(done.backup)
    tell(ctx, {"confirmed": dict(done.cells), "backup": backup}, confirmed_lines(done, backup))


@plan.command("new-year")
@click.argument("year", required=False, metavar="[年份]", type=year_number)
@click.pass_context
def plan_new_year(ctx: click.Context, year: int | None) -> None:
    """结转到新的一年：清空任务上一年的年度目标和投资，列出接着做的事项和还没有下达的目标。

    不写年份，就是最近下发的一期的下一年；新的一年1—3月已经下发过的，就是当年。

    \b
    例：tenproj plan new-year
        tenproj plan new-year 2027
    """
    from tenproj_xl.app.office_clock import office_now
    from tenproj_xl.app.plan_new_year import new_year
    from tenproj_xl.cli.plan_json import new_year_json
    from tenproj_xl.cli.plan_text import new_year_lines

    workspace = workspace_of(ctx)
    done = new_year(workspace, year, office_now(workspace))
    backup = None
    if done.backup is not None:
        backup = workspace.relative(done.backup)
    tell(ctx, new_year_json(done, backup), new_year_lines(done, backup))
