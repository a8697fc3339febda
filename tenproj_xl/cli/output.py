"""What all commands share: the workspace they work in, and how they print a result and exit."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from tenproj_xl.cli.console import period_code, print_json, wants_json

if TYPE_CHECKING:
    from tenproj_xl.app.workspace import Workspace
    from tenproj_xl.core.findings import Finding
    from tenproj_xl.post.secrets import Ask


period_option = click.option(
    "--period",
    metavar="期号",
    type=period_code,
    help="报送期，如 第48期、上期、2026-W48、2026-11-D1、2026-11、2026-Q4（默认最近下发的一期）。",
)

cluster_option = click.option(
    "--cluster",
    metavar="地址",
    default="",
    help="在 Dask 集群上读取回表，如 tcp://10.1.2.3:8786（要另装组件，见操作手册“几台机器一起读取”）。",
)


def workspace_of(ctx: click.Context) -> "Workspace":
    """Return the workspace that `-C` names, by default the current folder."""
    from tenproj_xl.app.workspace import Workspace

    root: Path = ctx.obj
    return Workspace(root.resolve())


def has_arrivals(ctx: click.Context) -> bool:
    """Return whether anything lies in the inbox, as far as one look tells before modules are loaded."""
    root: Path = ctx.obj
    try:
        return any((root / "inbox").iterdir())
    except OSError:
        return False


def ask_at_terminal() -> "Ask | None":
    """Return what asks a person at the terminal, None where nobody sits there."""
    if not sys.stdin.isatty():
        return None
    return lambda what: str(click.prompt(what, hide_input=True, err=True))


def tell(
    ctx: click.Context, document: object, lines: Iterable[str], *, needs_a_person: bool = False
) -> NoReturn:
    """Print what was done and exit: lines for people on stderr, with `--json` one document on stdout.

    A document about many files is given as a function, which is called only where the document is printed.
    """
    if wants_json(ctx):
        print_json(document() if callable(document) else document)
    for line in lines:
        click.echo(line, err=True)
    ctx.exit(1 if needs_a_person else 0)


def show(ctx: click.Context, document: object, lines: Iterable[str]) -> None:
    """Print an answer on stdout, in lines or as one document."""
    if wants_json(ctx):
        print_json(document)
    else:
        click.echo("\n".join(lines))


def indented(lines: Iterable[str]) -> list[str]:
    """Return lines set off below a sentence."""
    return [f"  {line}" for line in lines]


def tell_findings(ctx: click.Context, findings: "list[Finding]", all_well: str) -> NoReturn:
    """Print findings, or that all is well, and exit."""
    from tenproj_xl.cli.as_json import findings_json
    from tenproj_xl.cli.file_text import finding_lines
    from tenproj_xl.core.findings import has_errors

    lines = finding_lines(findings) if findings else [all_well]
    tell(ctx, {"findings": findings_json(findings)}, lines, needs_a_person=has_errors(findings))
