"""The commands that ask the past: `history` and `original`."""

from pathlib import Path

import click

from tenproj_xl.cli.console import Commands, folder_path
from tenproj_xl.cli.output import show, tell, workspace_of


@click.command(cls=Commands.command_class)
@click.argument("subject", metavar="编号|单位|文件")
@click.option("--xlsx", "to", metavar="文件", type=Path, help="另存一份工作簿，附走势图。")
@click.pass_context
def history(ctx: click.Context, subject: str, to: Path | None) -> None:
    """查一个数、一家单位、一份文件的来历：每次记入的值、出处、当时的计划、核验和列入的材料。

    \b
    例：tenproj history Z03-04
        tenproj history 区科技局
        tenproj history 03_区科技局_2026年第48期填报表.xlsx --xlsx 来历.xlsx
    """
    from tenproj_xl.app.history import history
    from tenproj_xl.cli.history_text import life_json, life_lines

    life = history(workspace_of(ctx), subject, to)
    written = [str(to)] if to else []
    lines = [*life_lines(life), *(f"已另存：{path}" for path in written)]
    show(ctx, {**life_json(life), "written": written}, lines)


@click.command(cls=Commands.command_class)
@click.argument("reference", metavar="文件|校验码|来源")
@click.option(
    "--out",
    "folder",
    metavar="文件夹",
    type=folder_path,
    default=Path(),
    help="取到这个文件夹（默认当前文件夹）；已有同名文件的，另起名字。",
)
@click.pass_context
def original(ctx: click.Context, reference: str, folder: Path) -> None:
    """从存档取出收到过或印发过的文件，一字不改。

    “来源”是汇总表里写明出处的那句话，如“03_区科技局.xlsx › 主要指标进度表 › R8（2026-11-27 14:00）”。

    \b
    例：tenproj original 03_区科技局_2026年第48期填报表.xlsx
        tenproj original d187ea250e57 --out 原件
    """
    from tenproj_xl.app.original import original

    done = original(workspace_of(ctx), reference, folder)
    line = f"已取出：{done.path}"
    if done.was_there:
        line = f"这里已有同样的一份，没有再取：{done.path}"
    document = {
        "file": done.name,
        "sha256": done.sha256,
        "path": str(done.path),
        "written": [] if done.was_there else [str(done.path)],
    }
    tell(ctx, document, [line])
