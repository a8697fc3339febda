"""The first commands: `init`, `demo`; and what `tenproj` says without a command."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenproj_xl.cli.console import OneCommand, folder_path
from tenproj_xl.cli.output import indented, tell, workspace_of

if TYPE_CHECKING:
    from tenproj_xl.app.whereabouts import Whereabouts


@click.command(cls=OneCommand)
@click.argument("folder", required=False, metavar="[文件夹]", type=folder_path)
@click.option("--empty", is_flag=True, help="工作计划只有空表，供填写别的方案。")
@click.pass_context
def init(ctx: click.Context, folder: Path | None, *, empty: bool) -> None:
    """建立工作区：工作计划、设置、模板和收发文件夹。

    \b
    例：tenproj init 工作区
        tenproj init --empty 工作区
    """
    from tenproj_xl.app.initialise import initialise
    from tenproj_xl.app.workspace import Workspace
    from tenproj_xl.cli.as_json import paths_json

    workspace = Workspace((ctx.obj / folder if folder else ctx.obj).resolve())
    written = initialise(workspace, empty=empty)
    paths = paths_json(written, workspace)
    said = ["工作区已建好，请核对“工作计划.xlsx”中标“待核”的各项：", *indented(paths)]
    if empty:
        said[0] = "工作区已建好，请填写“工作计划.xlsx”，填好后运行 tenproj plan check："
    if workspace.plan not in written:
        said[0] = "工作区缺的文件已补上："
    tell(ctx, {"written": paths}, said)


@click.command(cls=OneCommand)
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


def tell_whereabouts(ctx: click.Context) -> None:
    """Say where one is, what is due, and what comes next."""
    from tenproj_xl.app.whereabouts import whereabouts
    from tenproj_xl.reading.office_file import in_other_format

    workspace = workspace_of(ctx)
    lines = _outside(workspace.root)
    if workspace.plan.exists() or in_other_format(workspace.plan):
        lines = _standing(workspace.root, whereabouts(workspace))
    click.echo("\n".join(lines))


def _outside(folder: Path) -> Iterator[str]:
    yield f"“{folder}”还不是工作区。"
    yield "  tenproj demo 演示      用模拟数据把整个流程看一遍"
    yield "  tenproj init 工作区    新建工作区"
    yield "  tenproj desk           在浏览器里点按钮做"
    yield "已经有工作区的，请先进入那个文件夹，或用 -C 指明。全部命令：tenproj -h"


def _standing(folder: Path, here: "Whereabouts") -> Iterator[str]:
    from tenproj_xl.cli.returns_text import status_lines

    yield f"工作区：{folder}　{here.title}"
    yield f"现在应报：{here.due.label}，{here.deadline:%Y年%m月%d日 %H:%M}截止"
    if here.matrix:
        yield ""
        yield from status_lines(here.matrix)
    yield ""
    if here.steps:
        yield "接下来运行："
        yield from indented(f"{step.command}　{step.why}" for step in here.steps)
    else:
        yield "现在没有要运行的命令，等各单位的回表；来了表放进 inbox，运行 tenproj ingest。"
    yield "在浏览器里点按钮做：tenproj desk　全部命令：tenproj -h"
