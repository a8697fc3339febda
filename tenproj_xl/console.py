"""The console: what click needs to speak Chinese, to end a known fault in a sentence, and to print JSON."""

import json
import re
from pathlib import Path
from typing import Any, NoReturn
from unicodedata import normalize

import click

from tenproj_xl.errors import TenprojError, UsageProblem

_AS_JSON = "tenproj.json"
_PIECES = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令…"}


class File(click.Path):
    """A file that is there."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        if not Path(value).is_file():
            raise UsageProblem(f"没有找到文件“{value}”，请核对文件名和所在的文件夹。")
        return super().convert(value, param, ctx)


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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is left of the arguments; whether a document is wanted is known before anything in them is wrong."""
        ctx.meta[_AS_JSON] = "--json" in args
        try:
            return super().parse_args(ctx, args)
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
        except OSError as fault:
            where = f"“{fault.filename}”" if fault.filename else ""
            self._fail(ctx, f"{where}读写失败（{fault.errno or fault}）。请检查文件夹、磁盘空间和权限后重试。", 3)
        except click.UsageError as fault:
            self._misused(ctx, fault)

    def _misused(self, ctx: click.Context, fault: click.UsageError) -> NoReturn:
        if isinstance(fault, click.exceptions.NoArgsIsHelpError):
            raise fault
        where = (fault.ctx or ctx).command_path
        self._fail(ctx, f"{_what_is_wrong(fault)}。写法见：{where} -h", fault.exit_code)

    def _fail(self, ctx: click.Context, message: str, code: int) -> NoReturn:
        if wants_json(ctx):
            print_json({"error": message})
        else:
            click.echo(f"错误：{message}", err=True)
        ctx.exit(code)


def _what_is_wrong(fault: click.UsageError) -> str:
    match fault:
        case click.NoSuchOption():
            meant = "或".join(f"“{name}”" for name in sorted(fault.possibilities or ()))
            return f"没有“{fault.option_name}”这个选项" + (f"，是不是{meant}" if meant else "")
        case click.MissingParameter(param=click.Option() as lacking):
            return f"还缺“{lacking.opts[0]} {lacking.metavar}”"
        case click.MissingParameter(param=click.Argument() as lacking):
            return f"还缺“{lacking.metavar}”"
        case click.BadParameter(param=click.Option(type=click.Choice() as choice) as wrong):
            return f"“{wrong.opts[0]}”后面只能写{'或'.join(choice.choices)}"
        case click.BadOptionUsage():
            return f"“{fault.option_name}”后面没有写内容"
    return "命令写得不对，可能多写了内容，文件名中有空格的要加引号"


def print_json(document: object) -> None:
    """Print a document to standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def wants_json(ctx: click.Context) -> bool:
    """True where the command was called with `--json`."""
    return bool(ctx.meta[_AS_JSON])


def period_code(typed: str) -> str:
    """The code of a period however it was typed, `2026-W48` of `２０２６－w48`; whether there is one is asked later."""
    return re.sub("[—–]", "-", normalize("NFKC", typed)).strip().upper()
