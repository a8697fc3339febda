"""The commands by which an office hands on what it keeps: `archive` and `handover`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenproj_xl.cli.console import Commands, folder_path, year_number
from tenproj_xl.cli.output import tell, workspace_of

if TYPE_CHECKING:
    from tenproj_xl.app.proof_results import ArchivedYear


@click.command(cls=Commands.command_class)
@click.option(
    "--year",
    metavar="年份",
    type=year_number,
    help="哪一年的，如 2026（默认最近一个已经过完的年份；没有的，就是最近一期所在的年份）。",
)
@click.option("--out", metavar="文件夹", type=folder_path, help="写到哪里（默认 outbox/归档_年份）。")
@click.option("--no-pages", is_flag=True, help="不用LibreOffice计算页数，快一些；目录里的页数自己填。")
@click.pass_context
def archive(ctx: click.Context, year: int | None, out: Path | None, *, no_pages: bool) -> None:
    """归档：把一年的计划、印发材料、报送原件、审定和督办单整理成一个文件夹，附归档文件目录。

    \b
    例：tenproj archive
        tenproj archive --year 2026
        tenproj archive --year 2026 --out E:/移交档案室/2026
    """
    from tenproj_xl.app.archive_year import archive_year

    workspace = workspace_of(ctx)
    done = archive_year(workspace, year, out and out.resolve(), with_pages=not no_pages)
    folder = str(done.folder)
    if done.folder.is_relative_to(workspace.root):
        folder = workspace.relative(done.folder)
    document = {
        "folder": folder,
        "items": dict(done.counts),
        "files": done.files,
        "without_pages": done.without_pages,
        "left_out": done.left_out,
        "missing": list(done.missing),
        "kept_aside": str(done.kept_aside) if done.kept_aside else None,
        "written": [f"{folder}/{done.catalogue.name}"],
    }
    tell(ctx, document, _archived_lines(done, folder), needs_a_person=bool(done.missing))


def _archived_lines(done: "ArchivedYear", folder: str) -> Iterator[str]:
    counted = "、".join(f"{kept}{count}件" for kept, count in done.counts.items()) or "0件"
    where = f"{folder}（{counted}，共{done.files}个文件）"
    yield f"{done.year}年归档文件：{where}，目录见“{done.catalogue.name}”。"
    if done.left_out:
        yield f"另有{done.left_out}份没有归档，原因见目录的“未归档”表。"
    if done.without_pages:
        yield f"{done.without_pages}个文件没有页数（电子原件，或本机算不出），需要的请在目录里补填。"
    if done.kept_aside is not None:
        yield f"原来的文件夹改动过，没有覆盖，已改名为“{done.kept_aside.name}”。"
    for name in done.missing:
        yield f"{name}不在存档里，没有归档。请从备份恢复，再运行一次。"


@click.command(cls=Commands.command_class)
@click.pass_context
def handover(ctx: click.Context) -> None:
    """交接：写一份交接清单（.docx），东西在哪里、未了事项、编号、备份，留签字的地方，不写密码。

    \b
    例：tenproj handover
    """
    from tenproj_xl.app.hand_over import hand_over

    workspace = workspace_of(ctx)
    done = hand_over(workspace)
    path = workspace.relative(done.path)
    count = len(done.open_matters)
    said = [f"交接清单：{path}（未了事项{count}条）。密码当面交接，清单里不写；移交前请再备份一次。"]
    tell(ctx, {"written": [path], "open_matters": list(done.open_matters)}, said)
