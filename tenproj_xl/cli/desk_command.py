"""The command `desk`: the office's work on one screen, in the browser of this machine."""

import click

from tenproj_xl.cli.console import OneCommand


@click.command(cls=OneCommand)
@click.option("--no-browser", is_flag=True, hidden=True, help="只给出地址，不打开浏览器。")
@click.pass_context
def desk(ctx: click.Context, *, no_browser: bool) -> None:
    """在浏览器里打开办公桌：每周要做的事，点按钮就做。

    页面只在这台电脑上，不联网；关上页面，程序就结束。已经打开的，再运行一次就转到那一个。

    \b
    例：tenproj desk
    """
    from tenproj_xl.desk.machine import open_page
    from tenproj_xl.desk.server import serve

    def say(line: str) -> None:
        click.echo(line, err=True)

    show = (lambda _: False) if no_browser else open_page
    serve(ctx.obj.resolve(), show=show, say=say)
