"""The commands `template build`, `template check` and `template update`."""

import click

from tenproj_xl.cli.console import Commands
from tenproj_xl.cli.output import indented, tell, tell_findings, workspace_of
from tenproj_xl.core.errors import UsageProblem


@click.group(cls=Commands)
def template() -> None:
    """填报表的模板。"""


@template.command("build")
@click.option("--force", is_flag=True, help="覆盖已有的模板。")
@click.pass_context
def template_build(ctx: click.Context, *, force: bool) -> None:
    """生成初始模板 workbook_templates/填报表.xlsx。

    \b
    例：tenproj template build --force
    """
    from tenproj_xl.core.files import atomic_write
    from tenproj_xl.core.sheets import TEMPLATE_SHEETS
    from tenproj_xl.forms.template import build_template  # loads XlsxWriter

    workspace = workspace_of(ctx)
    if workspace.template.exists() and not force:
        raise UsageProblem("模板已存在，未作改动；确要恢复初始模板请加 --force。")
    with atomic_write(workspace.template) as path:
        build_template(path, TEMPLATE_SHEETS)
    written = workspace.relative(workspace.template)
    tell(ctx, {"written": [written]}, [f"模板已生成：{written}"])


@template.command("check")
@click.pass_context
def template_check(ctx: click.Context) -> None:
    """检查改过的模板是否还能用，哪些改动带不到填报表。

    \b
    例：tenproj template check
    """
    from tenproj_xl.core.sheets import TEMPLATE_SHEETS
    from tenproj_xl.forms.template_check import check_template

    tell_findings(ctx, check_template(workspace_of(ctx).template, TEMPLATE_SHEETS), "模板可以使用。")


@template.command("update")
@click.pass_context
def template_update(ctx: click.Context) -> None:
    """把升级后新增的栏目补进模板，办公室改过的样子不变。

    \b
    例：tenproj template update
    """
    from tenproj_xl.core.sheets import TEMPLATE_SHEETS
    from tenproj_xl.forms.template_update import update_template

    workspace = workspace_of(ctx)
    added = update_template(workspace.template, TEMPLATE_SHEETS)
    written = workspace.relative(workspace.template)
    if not added:
        tell(ctx, {"written": [], "added": []}, ["模板已是最新，未作改动。"])
    lines = [
        f"已补进模板（{written}），原来的模板另存为“{workspace.template.stem}_更新前”：",
        *indented(added),
    ]
    tell(ctx, {"written": [written], "added": added}, lines)
