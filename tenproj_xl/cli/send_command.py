"""The command `send`."""

import click

from tenproj_xl.cli.console import OneCommand, period_code, print_json, wants_json
from tenproj_xl.cli.output import ask_at_terminal, tell, workspace_of


@click.command(cls=OneCommand)
@click.option(
    "--mail", is_flag=True, help="渠道是邮件的，直接从办公室的邮箱发出（先在“设置.xlsx”登记邮箱）。"
)
@click.option("--remind", is_flag=True, help="催报：连同还没有报来的，一并写进各人的信；每天每份表只催一次。")
@click.option(
    "--period",
    metavar="期号",
    type=period_code,
    help="报送期，如 2026-W48（默认最近下发的一期）。",
)
@click.pass_context
def send(ctx: click.Context, period: str | None, *, mail: bool, remind: bool) -> None:
    """把要发的信和附件摆进“待发”文件夹，一位联络员一个；读回“待发清单.xlsx”里打√的。

    \b
    例：tenproj send
        tenproj send --remind
        tenproj send --mail
    """
    from tenproj_xl.app.send import send
    from tenproj_xl.cli.send_text import laid_json, laid_lines

    workspace = workspace_of(ctx)
    done = send(workspace, period, remind=remind, mail=mail, ask=ask_at_terminal())
    if done.mailed and done.mailed.problem:
        if wants_json(ctx):
            print_json({**laid_json(done, workspace), "error": done.mailed.problem})
        for line in laid_lines(done, workspace):
            click.echo(line, err=True)
        ctx.exit(3)
    tell(ctx, laid_json(done, workspace), laid_lines(done, workspace), needs_a_person=done.needs_a_person)
