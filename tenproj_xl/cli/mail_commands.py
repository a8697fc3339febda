"""The commands of the office's mailbox: `fetch` and `secret`."""

import sys
from typing import TYPE_CHECKING

import click

from tenproj_xl.cli.console import Commands, OneCommand, print_json, wants_json
from tenproj_xl.cli.output import ask_at_terminal, show, tell, workspace_of

if TYPE_CHECKING:
    from tenproj_xl.post.secrets import SecretName

_NAMES = click.Choice(["mail"])
_name = click.argument("name", metavar="名称", type=_NAMES)


@click.command(cls=OneCommand)
@click.pass_context
def fetch(ctx: click.Context) -> None:
    """从邮箱收取新邮件，连同收件夹里的一起接收（同 ingest）。

    只看、只取，不删除、不移动、不标已读。有回表的邮件整封存档；其余的列出来，留在邮箱里。
    邮箱在“设置.xlsx”的“邮箱”表登记，密码见 tenproj secret -h。

    \b
    例：tenproj fetch
    """
    from tenproj_xl.app.fetch import fetch
    from tenproj_xl.cli.mail_text import fetched_json, fetched_lines

    workspace = workspace_of(ctx)
    done = fetch(workspace, ask=ask_at_terminal())
    if done.problem and wants_json(ctx):
        print_json({**fetched_json(done, workspace), "error": done.problem})
    elif done.problem:
        for line in fetched_lines(done, workspace):
            click.echo(line, err=True)
        click.echo(f"错误：{done.problem}收到的已经入账，没有收到的下次再收。", err=True)
    if done.problem:
        ctx.exit(3)
    tell(
        ctx,
        fetched_json(done, workspace),
        fetched_lines(done, workspace),
        needs_a_person=done.needs_a_person,
    )


@click.group(cls=Commands)
def secret() -> None:
    """邮箱的密码（授权码）：存在系统的密钥环里，不在工作区的任何文件里。

    名称现有一个：mail，登录邮箱用。没有密钥环的电脑，把密码放进环境变量 TENPROJ_SECRET_MAIL。
    """


def _asked(name: "SecretName") -> str:
    """Return what a person types without its being shown, or what comes in from another program."""
    if sys.stdin.isatty():
        return str(click.prompt(name.label, hide_input=True, confirmation_prompt="再输入一次", err=True))
    return sys.stdin.readline().rstrip("\r\n")


@secret.command("set")
@_name
@click.pass_context
def set_secret(ctx: click.Context, name: str) -> None:
    """保存密码：提示时输入，不显示；原来存的换成新的。

    \b
    例：tenproj secret set mail
    """
    from tenproj_xl.app.mail_secrets import account_of, keep_secret
    from tenproj_xl.post.secrets import SecretName, SecretPlace, key_ring, place_of

    workspace, wanted = workspace_of(ctx), SecretName(name)
    account_of(workspace)
    key_ring(wanted)  # nobody types a secret that cannot be kept
    account = keep_secret(workspace, wanted, _asked(wanted))
    said = [f"已把“{account}”的{wanted.label}存进系统的密钥环。"]
    if place_of(wanted, account) is SecretPlace.ENVIRONMENT:
        said.append(f"环境变量 {wanted.variable} 也有，先用它的。")
    tell(ctx, {"name": name, "account": account}, said)


@secret.command("status")
@_name
@click.pass_context
def secret_status(ctx: click.Context, name: str) -> None:
    """看有没有存密码、用的是哪里的；不显示密码。

    \b
    例：tenproj secret status mail
    """
    from tenproj_xl.app.mail_secrets import look_for_secret
    from tenproj_xl.post.secrets import SecretName

    wanted = SecretName(name)
    account, place = look_for_secret(workspace_of(ctx), wanted)
    line = f"没有“{account}”的{wanted.label}。请运行 tenproj secret set {name} 保存。"
    if place:
        line = f"有“{account}”的{wanted.label}，在{place.label}里。"
    show(ctx, {"name": name, "account": account, "place": place}, [line])


@secret.command("delete")
@_name
@click.pass_context
def delete_secret(ctx: click.Context, name: str) -> None:
    """从密钥环里删去密码。

    \b
    例：tenproj secret delete mail
    """
    from tenproj_xl.app.mail_secrets import remove_secret
    from tenproj_xl.post.secrets import SecretName

    wanted = SecretName(name)
    account, removed = remove_secret(workspace_of(ctx), wanted)
    line = f"密钥环里没有“{account}”的{wanted.label}。"
    if removed:
        line = f"已从系统的密钥环删去“{account}”的{wanted.label}。"
    tell(ctx, {"name": name, "account": account, "deleted": removed}, [line])
