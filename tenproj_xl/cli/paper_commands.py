"""The commands `publish` and `publications`."""

from pathlib import Path

import click

from tenproj_xl.cli.console import Commands, existing_file, folder_path, period_code
from tenproj_xl.cli.output import show, tell, workspace_of


@click.command(cls=Commands.command_class)
@click.argument("files", nargs=-1, required=True, metavar="文件…", type=existing_file)
@click.option("--by", required=True, metavar="姓名", help="谁印发的，记入台账。")
@click.option(
    "--period", metavar="期号", type=period_code, help="文件自己没有写明时：是哪一期的，如 2026-11。"
)
@click.option(
    "--edition",
    type=click.Choice(["week", "meeting", "month", "quarter", "year"]),
    help="与 --period 同用：哪一种材料（默认按期号）；例会写 meeting。",
)
@click.option(
    "--series",
    type=click.Choice(["brief", "league", "report"]),
    help="与 --period 同用：brief 简报，league 晾晒版，report 年度报告；不写即汇总表或调度、分析、总结材料。",
)
@click.pass_context
def publish(
    ctx: click.Context,
    files: tuple[Path, ...],
    by: str,
    period: str | None,
    edition: str | None,
    series: str | None,
) -> None:
    """登记印发稿：实际发出去的工作簿、手工改过的简报、签字的扫描件，原样存档，编定期数。

    \b
    例：tenproj publish 简报.docx 汇总表_签发稿.xlsx --by 张三
        tenproj publish 扫描件.pdf --by 张三 --period 2026-11 --series brief
    """
    from tenproj_xl.app.publish import publish
    from tenproj_xl.cli.papers_text import published_json, published_lines

    workspace = workspace_of(ctx)
    done = publish(workspace, files, by, period_code=period, edition_code=edition, series_code=series)
    tell(ctx, published_json(done), published_lines(done))


@click.command(cls=Commands.command_class)
@click.option("--period", metavar="期号", type=period_code, help="只列一期的，如 2026-11。")
@click.option("--out", metavar="文件夹", type=folder_path, help="把登记的文件原样取出到这个文件夹。")
@click.pass_context
def publications(ctx: click.Context, period: str | None, out: Path | None) -> None:
    """列出印发过的材料：期数、谁在何时印发、哪些文件、印发后有没有变动。

    \b
    例：tenproj publications
        tenproj publications --period 2026-11 --out 取出
    """
    from tenproj_xl.app.publications import publications
    from tenproj_xl.cli.papers_text import listed_papers_json, listed_papers_lines

    done = publications(workspace_of(ctx), period, out)
    show(ctx, listed_papers_json(done), listed_papers_lines(done))
