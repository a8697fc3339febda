"""The console: what click needs to speak Chinese, to end a known fault in a sentence, and to print JSON."""

import errno
import json
import re
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn
from unicodedata import normalize

import click

from tenproj_xl.core.errors import TenprojError, UsageProblem

_AS_JSON, _TYPED = "tenproj.json", "tenproj.typed"
_SYSTEM_FAULTS = {
    errno.EACCES: "没有权限，或正被别的程序打开",
    errno.EPERM: "没有权限，或正被别的程序打开",
    errno.EROFS: "这里只能读，不能写",
    errno.ENOSPC: "磁盘已满",
    errno.ENOENT: "没有找到",
    errno.EISDIR: "这里应是文件，却是文件夹",
    errno.ENOTDIR: "这里应是文件夹，却是文件",
    errno.EEXIST: "这里应是文件夹，却是文件",
    errno.ENAMETOOLONG: "路径太长",
}
_WRONG_DASHES = re.compile("(?:-|[—–－―−]+-*)([a-z]{2,})(?:=.*)?")
"""What becomes of `--period` where an input method or a document corrects it, or one dash is forgotten."""
_PIECES = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令…"}


class _Help(click.HelpFormatter):
    """Help with its headings in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a list."""
        super().write_heading({"Options": "选项", "Commands": "命令"}.get(heading, heading))


class Needed(click.Option):
    """An option that may not be left out, as its help says in Chinese."""

    def get_help_extra(self, ctx: click.Context) -> Any:  # noqa: ARG002  # click's own signature
        """Nothing more."""
        return {}


class _Context(click.Context):
    formatter_class = _Help


class _Spoken(click.Command):
    context_class = _Context

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is left of the arguments."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as fault:
            fault.ctx = fault.ctx or ctx  # whose help shows how it is written
            raise

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What stands behind a command's name in its usage."""
        return [_PIECES.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option that shows the help."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示这段说明。"
        return option


class _Command(_Spoken):
    """A command, which answers machines as well."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        help_text = "在标准输出给出一个 JSON 文档。"
        self.params.append(click.Option(["--json"], is_flag=True, expose_value=False, help=help_text))


class Commands(_Spoken, click.Group):
    """The group, whose known faults become a sentence (or a document) and an exit code instead of a traceback."""

    command_class = _Command
    group_class = type

    def main(self, *args: Any, **settings: Any) -> Any:
        """What the command returns; a character that the terminal or file has no room for stops nothing."""
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        return super().main(*args, **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is left of the arguments; whether a document is wanted is known before anything in them is wrong."""
        ctx.meta[_AS_JSON] = "--json" in args
        ctx.meta[_TYPED] = args[:]
        try:
            return super().parse_args(ctx, args)
        except UsageProblem as fault:
            self._fail(ctx, str(fault), fault.exit_code)
        except click.UsageError as fault:
            self._misused(ctx, fault)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant, with its name and arguments."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            raise UsageProblem(f"没有“{args[0]}”这个命令。全部命令见：{ctx.command_path} -h")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """What the command returns."""
        try:
            return super().invoke(ctx)
        except TenprojError as fault:
            self._fail(ctx, str(fault), fault.exit_code)
        except KeyboardInterrupt:
            self._fail(ctx, "已中断。重新运行一次即可，不会重复计入。", 3)
        except OSError as fault:
            where = f"“{fault.filename}”" if fault.filename else ""
            why = _SYSTEM_FAULTS.get(fault.errno or 0, f"代码{fault.errno}")
            self._fail(ctx, f"{where}读写失败：{why}。请检查文件夹、磁盘空间和权限后重试。", 3)
        except click.UsageError as fault:
            self._misused(ctx, fault)

    def _misused(self, ctx: click.Context, fault: click.UsageError) -> NoReturn:
        if isinstance(fault, click.exceptions.NoArgsIsHelpError):
            raise fault
        where = (fault.ctx or ctx).command_path
        dashed = next(filter(None, map(_WRONG_DASHES.fullmatch, ctx.meta[_TYPED])), None)
        wrong = (
            f"“{dashed[0]}”应写成“--{dashed[1]}”，前面是两个英文的短横线" if dashed else _what_is_wrong(fault)
        )
        self._fail(ctx, f"{wrong}。写法见：{where} -h", fault.exit_code)

    def _fail(self, ctx: click.Context, message: str, code: int) -> NoReturn:
        if wants_json(ctx):
            print_json({"error": message})
        else:
            click.echo(f"错误：{message}", err=True)
        ctx.exit(code)


def _what_is_wrong(fault: click.UsageError) -> str:
    match fault:
        case click.NoSuchOption():
            return _unknown(fault.option_name, fault.possibilities or ())
        case click.MissingParameter(param=click.Option() as lacking):
            return f"还缺“{lacking.opts[0]} {lacking.metavar}”"
        case click.MissingParameter(param=click.Argument() as lacking):
            return f"还缺“{lacking.metavar}”"
        case click.BadParameter(param=click.Option(type=click.Choice() as choice) as wrong):
            return f"“{wrong.opts[0]}”后面只能写{'或'.join(choice.choices)}"
        case click.BadOptionUsage(ctx=click.Context(command=command)):
            flags = (o for p in command.params if isinstance(p, click.Option) and p.is_flag for o in p.opts)
            return f"“{fault.option_name}”后面{'不用写' if fault.option_name in flags else '没有写'}内容"
    return "命令写得不对，可能多写了内容，文件名中有空格的要加引号"


def _unknown(option: str, alike: Iterable[str]) -> str:
    if option == "-C":
        return "“-C 文件夹”要写在命令的前面，如 tenproj -C 文件夹 status"
    meant = "或".join(f"“{name}”" for name in sorted(alike))
    return f"没有“{option}”这个选项" + (f"，是不是{meant}" if meant else "")


def print_json(document: object) -> None:
    """Print a document to standard output, with nothing in it that another encoding than UTF-8 could spoil."""
    ascii_only = not sys.stdout.encoding.lower().startswith("utf")
    click.echo(json.dumps(document, ensure_ascii=ascii_only, indent=2))


def wants_json(ctx: click.Context) -> bool:
    """True where the command was called with `--json`."""
    return bool(ctx.meta[_AS_JSON])


def period_code(typed: str) -> str:
    """The code of a period however it was typed, `2026-W48` of `２０２６－w48`; whether there is one is asked later."""
    return re.sub("[—–]", "-", normalize("NFKC", typed)).strip().upper()


def existing_file(typed: str) -> Path:
    """The path of a file that is there."""
    path = Path(typed)
    if typed and path.is_dir():
        raise UsageProblem(f"“{typed}”是文件夹，这里要写文件名。收件夹里的回表请用 tenproj ingest 一起收下。")
    if not path.is_file():
        raise UsageProblem(f"没有找到文件“{typed}”，请核对文件名和所在的文件夹。")
    return path


def folder_path(typed: str | Path) -> Path:
    """The path of a folder, which need not be there yet."""
    if Path(typed).is_file():
        raise UsageProblem(f"“{typed}”是文件，这里要写文件夹。")
    return Path(typed)
