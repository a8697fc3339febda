"""The commands `template build`, `template check` and `template update`."""

import click

from tenproj_xl.cli.console import Commands
from tenproj_xl.cli.output import indented, tell, tell_findings, workspace_of
from tenproj_xl.core.errors import UsageProblem

_FORM, _LETTERS = "填报表", "信函"


@click.group(cls=Commands)
def template() -> None:
    """填报表的模板，信函的文字。"""


@template.command("build")
@click.argument("which", metavar="[填报表|信函]", type=click.Choice((_FORM, _LETTERS)), default=_FORM)
@click.option("--force", is_flag=True, help="覆盖已有的模板。")
@click.pass_context
def template_build(ctx: click.Context, which: str, *, force: bool) -> None:
    """生成初始模板 workbook_templates/填报表.xlsx，或信函的文字 信函.xlsx。

    \b
    例：tenproj template build --force
        tenproj template build 信函
    """
    from tenproj_xl.app.letter_book import write_letter_book
    from tenproj_xl.core.files import atomic_write
    from tenproj_xl.core.sheets import TEMPLATE_SHEETS
    from tenproj_xl.forms.template import build_template  # loads XlsxWriter

    workspace = workspace_of(ctx)
    path = workspace.letters if which == _LETTERS else workspace.template
    if path.exists() and not force:
        raise UsageProblem("模板已存在，未作改动；确要恢复初始模板请加 --force。")
    with atomic_write(path) as temporary:
        if which == _LETTERS:
            write_letter_book(temporary)
        else:
            build_template(temporary, TEMPLATE_SHEETS)
    written = workspace.relative(path)
    tell(ctx, {"written": [written]}, [f"模板已生成：{written}"])


@template.command("check")
@click.pass_context
def template_check(ctx: click.Context) -> None:
    """检查改过的填报表模板和信函的文字还能不能用，哪些改动带不出来。

    \b
    例：tenproj template check
    """
    from tenproj_xl.app.letter_book import check_letter_book
    from tenproj_xl.core.sheets import TEMPLATE_SHEETS
    from tenproj_xl.forms.template_check import check_template

    workspace = workspace_of(ctx)
    findings = [*check_template(workspace.template, TEMPLATE_SHEETS), *check_letter_book(workspace)]
    tell_findings(ctx, findings, "模板可以使用。")


@template.command("update")
@click.pass_context
def template_update(ctx: click.Context) -> None:
    """把升级后新增的栏目补进模板、新增的场合补进信函，办公室改过的不变。

    \b
    例：tenproj template update
    """
    from tenproj_xl.app.letter_book import update_letter_book
    from tenproj_xl.core.sheets import TEMPLATE_SHEETS
    from tenproj_xl.forms.template_update import update_template

    workspace = workspace_of(ctx)
    written, added, lines = [], [], []
    columns = update_template(workspace.template, TEMPLATE_SHEETS)
    passages = [occasion.label for occasion in update_letter_book(workspace)]
    for path, new in ((workspace.template, columns), (workspace.letters, passages)):
        if new:
            where = workspace.relative(path)
            written.append(where)
            added += new
            lines += [f"已补进{where}，原来的另存为“{path.stem}_更新前”：", *indented(new)]
    tell(ctx, {"written": written, "added": added}, lines or ["模板已是最新，未作改动。"])
