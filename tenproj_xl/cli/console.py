"""What click needs to speak Chinese, to end a known fault in a sentence, and to print JSON."""

import atexit
import gc
import gettext
import os
import re
import sys
from collections.abc import Mapping
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn
from unicodedata import normalize

import click

from tenproj_xl.core.errors import TenprojError, UsageProblem

_AS_JSON, _TYPED = "tenproj.json", "tenproj.typed"
_WRONG_DASHES = re.compile("(?:-|[—–－―−]+-*)([a-z]{2,})(?:=.*)?")
"""`--period` as an input method or a document corrects it, or with one dash forgotten."""
_OBJECTS_BETWEEN_COLLECTIONS = 400_000
"""Modules, plans and rows stay: to look among them for what can go after each 700 new objects takes a fifth
of a start, after 50,000 still a tenth; many commands end with fewer than these."""
LOCALE = Path(__file__).parents[1] / "locale"


class OneCommand(click.Command):
    """A command with `--json`."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[选项]", **settings})
        help_text = "在标准输出给出一个 JSON 文档。"
        self.params.append(click.Option(["--json"], is_flag=True, expose_value=False, help=help_text))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; a fault carries the context of the command whose help explains it."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as fault:
            fault.ctx = fault.ctx or ctx
            raise


class Commands(click.Group):
    """A group whose known faults end in a sentence (or a document) and an exit code."""

    command_class = OneCommand
    group_class = type

    def __init__(self, *args: Any, **settings: Any) -> None:
        chinese = {"options_metavar": "[选项]", "subcommand_metavar": "命令…"}
        super().__init__(*args, **{**chinese, **settings})

    def main(self, *args: Any, **settings: Any) -> Any:
        """Run the command in Chinese; characters that the terminal cannot show are replaced."""
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        # As it ends, Python looks through all there is for circles: a tenth of the time of `status`.
        atexit.register(gc.freeze)
        _speak_chinese()
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        return super().main(*args, **settings)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; whether `--json` is among them is known before anything in them is wrong."""
        ctx.meta[_AS_JSON] = "--json" in args
        ctx.meta[_TYPED] = args[:]
        try:
            return super().parse_args(ctx, args)
        except UsageProblem as fault:
            self._fail(ctx, str(fault), fault.exit_code)
        except click.UsageError as fault:
            fault.ctx = fault.ctx or ctx
            self._misused(ctx, fault)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the name, the command and its arguments; raise UsageProblem for an unknown command."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            raise UsageProblem(f"没有“{args[0]}”这个命令。全部命令见：{ctx.command_path} -h")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a known fault ends in a sentence and an exit code."""
        try:
            return super().invoke(ctx)
        except TenprojError as fault:
            self._fail(ctx, str(fault), fault.exit_code)
        except KeyboardInterrupt as fault:
            # Interrupted while it executed a text, as dataclass does, Python would end by the signal and not
            # with the exit code, unless it executes another text.
            exec("")  # noqa: S102  # nothing
            self._interrupted(ctx, fault)
        except OSError as fault:
            from tenproj_xl.core.system_faults import system_fault

            self._fail(ctx, system_fault(fault), 3)
        except click.UsageError as fault:
            self._misused(ctx, fault)
        except (click.exceptions.Exit, click.Abort):
            raise
        except Exception as fault:  # noqa: BLE001  # what nobody foresaw is reported, never shown as a traceback
            self._fail(ctx, _program_fault(fault, ctx), 4)

    def _misused(self, ctx: click.Context, fault: click.UsageError) -> NoReturn:
        if isinstance(fault, click.exceptions.NoArgsIsHelpError):
            raise fault
        command = (fault.ctx or ctx).command_path
        self._fail(ctx, f"{_what_is_wrong(fault, ctx.meta[_TYPED])}。写法见：{command} -h", fault.exit_code)

    def _interrupted(self, ctx: click.Context, fault: KeyboardInterrupt) -> NoReturn:
        from tenproj_xl.app.results import IngestInterrupted

        document: dict[str, object] = {}
        if isinstance(fault, IngestInterrupted) and fault.done.files:
            from tenproj_xl.app.workspace import Workspace
            from tenproj_xl.cli.as_json import ingested_json
            from tenproj_xl.cli.returns_text import ingested_lines

            workspace = Workspace(ctx.obj.resolve())
            for line in ingested_lines(fault.done, workspace):
                click.echo(line, err=True)
            if wants_json(ctx):
                document = ingested_json(fault.done, workspace)
        message = str(fault) or "已中断。重新运行一次即可，不会重复计入。"
        self._fail(ctx, message, 3, document)

    def _fail(
        self, ctx: click.Context, message: str, code: int, document: Mapping[str, object] | None = None
    ) -> NoReturn:
        if wants_json(ctx):
            print_json({**(document or {}), "error": message})
        else:
            click.echo(f"错误：{message}", err=True)
        ctx.exit(code)


class CommandsOnCall(Commands):
    """A group whose commands are imported when they are called; `--help` knows them by their declarations.

    `declared` has, by the name of each, the module that has it and the first line of its help.
    """

    def __init__(self, *args: Any, declared: Mapping[str, tuple[str, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.declared = declared

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click calls it
        """Return the names of the commands."""
        return sorted(self.declared)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported where it was not called yet; None for an unknown name."""
        if cmd_name in self.declared and cmd_name not in self.commands:
            from tenproj_xl.core.interrupts import uninterrupted

            module, _ = self.declared[cmd_name]
            with uninterrupted():  # Python may lose an interruption that comes while it imports
                self.add_command(getattr(import_module(f"tenproj_xl.cli.{module}"), cmd_name))
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with the first lines of their help."""
        with formatter.section(gettext.gettext("Commands")):
            formatter.write_dl([(name, self.declared[name][1]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, and tell of its progress and of what is logged meanwhile."""
        from tenproj_xl.cli.progress import told_of

        with told_of():
            return super().invoke(ctx)


def _speak_chinese() -> None:
    """Put our catalogue of click's messages in force, whatever the locale of the machine."""
    os.environ["LANGUAGE"] = "zh_CN"
    gettext.bindtextdomain("messages", LOCALE)
    gettext.textdomain("messages")


def _program_fault(fault: Exception, ctx: click.Context) -> str:
    from tenproj_xl.core.fault_report import reported

    folder = ctx.obj if isinstance(ctx.obj, Path) else Path()
    return reported(fault, ctx.invoked_subcommand or ctx.command_path, folder.resolve())


def _what_is_wrong(fault: click.UsageError, typed: list[str]) -> str:
    """Return what is wrong with a command as it was typed, without a full stop."""
    for word in typed:
        dashed = _WRONG_DASHES.fullmatch(word)
        if dashed:
            return f"“{word}”应写成“--{dashed[1]}”，前面是两个英文的短横线"
    if isinstance(fault, click.NoSuchOption) and fault.option_name == "-C":
        return "“-C 文件夹”要写在命令的前面，如 tenproj -C 文件夹 status"
    if isinstance(fault, click.MissingParameter) and fault.param is not None:
        return f"还缺“{_spelled(fault.param)}”"
    return fault.format_message().replace("'", "").rstrip("。.")


def _spelled(parameter: click.Parameter) -> str:
    """Return how a parameter is written, as `--period 期号` or `文件…`."""
    if isinstance(parameter, click.Option):
        return f"{parameter.opts[0]} {parameter.metavar}"
    return str(parameter.metavar)


def print_json(document: object) -> None:
    """Print a document to standard output, in ASCII where the output is not UTF-8."""
    import json

    ascii_only = not sys.stdout.encoding.lower().startswith("utf")
    click.echo(json.dumps(document, ensure_ascii=ascii_only, indent=2))


def wants_json(ctx: click.Context) -> bool:
    """Return whether the command was called with `--json`."""
    return bool(ctx.meta[_AS_JSON])


def period_code(typed: str) -> str:
    """Return the code of a period as typed: `2026-W48` for `２０２６－w48`, `2026年第48期`, `2026年第48周`.

    What names no year (`第48期`, `上期`) is returned as it is: the command knows which one that is.
    """
    from tenproj_xl.core.periods import read_period

    said = re.sub("[—–]", "-", normalize("NFKC", typed)).strip().upper()
    found = read_period(said.replace("期", "周"))
    if found is not None:
        return found.code
    return said


def year_number(typed: str) -> int:
    """Return a year as typed: 2026 for `2026`, `２０２６年`; raise UsageProblem for what is none."""
    said = normalize("NFKC", typed).strip().removesuffix("年")
    if not re.fullmatch("20[0-9]{2}", said):
        raise UsageProblem(f"“{typed}”不是年份，应如 2026。")
    return int(said)


def found_path(typed: str) -> Path:
    """Return the path that was typed: from here on, or else from the workspace on, as commands print it."""
    path, ctx = Path(typed), click.get_current_context(silent=True)
    if path.exists() or ctx is None or not isinstance(ctx.obj, Path):
        return path
    inside = ctx.obj / path
    if inside.exists():
        return inside
    return path


def existing_file(typed: str) -> Path:
    """Return the path of an existing file; raise UsageProblem where there is none."""
    path = found_path(typed)
    if typed and path.is_dir():
        raise UsageProblem(f"“{typed}”是文件夹，这里要写文件名。收件夹里的回表请用 tenproj ingest 一起接收。")
    if not path.is_file():
        raise UsageProblem(f"没有找到文件“{typed}”，请核对文件名和所在的文件夹。")
    return path


def folder_path(typed: str | Path) -> Path:
    """Return the path of a folder, which need not exist yet; raise UsageProblem for a file."""
    if Path(typed).is_file():
        raise UsageProblem(f"“{typed}”是文件，这里要写文件夹。")
    return Path(typed)
