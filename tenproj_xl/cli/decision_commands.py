"""The commands by which the office decides in workbooks: `supervise`, `signoff`, `resolve`."""

from pathlib import Path

import click

from tenproj_xl.cli.console import OneCommand, existing_file
from tenproj_xl.cli.output import period_option, tell, workspace_of
from tenproj_xl.core.errors import UsageProblem


def _period_is_that_of(book: str, period: str | None) -> None:
    """Refuse a period beside a workbook that is of one."""
    if period:
        raise UsageProblem(f"已经给出{book}，期号以{book}为准，请去掉 --period。")


@click.command(cls=OneCommand)
@click.argument("selection", required=False, metavar="[选择表]", type=existing_file)
@period_option
@click.option("--force", is_flag=True, help="重新列出选择表；已有的如填过，改名保留。")
@click.pass_context
def supervise(ctx: click.Context, selection: Path | None, period: str | None, *, force: bool) -> None:
    """督办：先列出可督办的事项供选定，填好选择表后生成督办单并登记台账。

    \b
    例：tenproj supervise --period 2026-W48
        tenproj supervise outbox/2026-W48/督办/督办事项选择表_2026年第48期.xlsx
    """
    from tenproj_xl.app import supervise as work
    from tenproj_xl.cli.as_json import issued_json, listed_json
    from tenproj_xl.cli.office_text import issued_lines, listed_lines
    from tenproj_xl.core.findings import has_errors

    workspace = workspace_of(ctx)
    if selection is None:
        listed = work.list_items(workspace, period, force=force)
        tell(ctx, listed_json(listed, workspace), listed_lines(listed, workspace))
    if period or force:
        raise UsageProblem("已经给出选择表，期号以选择表为准，请去掉 --period 和 --force。")
    issued = work.issue(workspace, selection)
    said = issued_lines(issued, workspace)
    tell(ctx, issued_json(issued, workspace), said, needs_a_person=has_errors(issued.findings))


@click.command(cls=OneCommand)
@click.argument("file", required=False, metavar="[文件]", type=existing_file)
@period_option
@click.pass_context
def signoff(ctx: click.Context, file: Path | None, period: str | None) -> None:
    """生成销号审定表；给出填好的审定表时，录入审定结果。

    \b
    例：tenproj signoff
        tenproj signoff outbox/2026-W48/销号审定/销号审定_2026年第48期_12.xlsx
    """
    from tenproj_xl.app.signoff import draw_signoff, sign_off
    from tenproj_xl.cli.as_json import drawn_json, signed_json
    from tenproj_xl.cli.office_text import drawn_lines, signed_lines

    workspace = workspace_of(ctx)
    if file is None:
        drawn = draw_signoff(workspace, period)
        tell(ctx, drawn_json(drawn, workspace), drawn_lines(drawn, workspace))
    _period_is_that_of("审定表", period)
    done = sign_off(workspace, file)
    tell(ctx, signed_json(done), signed_lines(done), needs_a_person=done.needs_a_person)


@click.command(cls=OneCommand)
@click.argument("file", required=False, metavar="[文件]", type=existing_file)
@period_option
@click.pass_context
def resolve(ctx: click.Context, file: Path | None, period: str | None) -> None:
    """裁定各家说法不一的内容：不写文件时生成裁定表，写明填好的裁定表时记入裁定。

    \b
    例：tenproj resolve --period 2026-W48
        tenproj resolve outbox/2026-W48/分歧裁定/分歧裁定_2026年第48期.xlsx
    """
    from tenproj_xl.app import resolve
    from tenproj_xl.cli.as_json import asked_json, resolved_json
    from tenproj_xl.cli.office_text import asked_lines, resolved_lines

    workspace = workspace_of(ctx)
    if file is None:
        asked = resolve.ask(workspace, period)
        tell(ctx, asked_json(asked, workspace), asked_lines(asked, workspace))
    _period_is_that_of("裁定表", period)
    done = resolve.resolve(workspace, file)
    tell(ctx, resolved_json(done), resolved_lines(done), needs_a_person=bool(done.findings))
