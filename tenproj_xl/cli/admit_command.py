"""The command `admit`."""

import click

from tenproj_xl.cli.console import OneCommand
from tenproj_xl.cli.output import tell, workspace_of


@click.command(cls=OneCommand)
@click.argument("file", metavar="文件")
@click.option("--as", "whose", metavar="单位", default="", help="其实是这个单位报的，算它的。")
@click.option("--learn", is_flag=True, help="记住来件地址：以后从这个地址来的，就算这个单位的。")
@click.pass_context
def admit(ctx: click.Context, file: str, *, whose: str, learn: bool) -> None:
    """核实了来源的来件，予以接收；“文件”写文件名，或校验码的前几位。

    从别的单位登记的地址发来的回表，会改动成员单位已报内容的代报，先不计入，等办公室电话核实。
    不应计入的，用 tenproj withdraw。

    \b
    例：tenproj admit 3f2a91c0
        tenproj admit 3f2a91c0 --as 区科技局
        tenproj admit 3f2a91c0 --learn
    """
    from datetime import datetime

    from tenproj_xl.app.admit import admit
    from tenproj_xl.cli.admit_text import admitted_json, admitted_lines

    workspace = workspace_of(ctx)
    done = admit(workspace, file, whose=whose, learn=learn, now=datetime.now().astimezone())
    needs_a_person = bool(done.ingested and done.ingested.needs_a_person)
    tell(ctx, admitted_json(done, workspace), admitted_lines(done, workspace), needs_a_person=needs_a_person)
