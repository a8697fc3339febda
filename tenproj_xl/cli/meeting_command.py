"""The command `meeting`."""

from pathlib import Path

import click

from tenproj_xl.cli.console import Commands, existing_file, period_code
from tenproj_xl.cli.output import tell, workspace_of
from tenproj_xl.core.errors import UsageProblem


@click.command(cls=Commands.command_class)
@click.argument("file", required=False, metavar="[文件]", type=existing_file)
@click.option(
    "--period",
    metavar="期号",
    type=period_code,
    help="落实情况看到哪一期，如 2026-W48（默认最近下发的一期）。",
)
@click.pass_context
def meeting(ctx: click.Context, file: Path | None, period: str | None) -> None:
    """议定事项：生成议定事项表；给出会后填好的表时，录入议定事项，下一期填报表带到各专班。

    \b
    例：tenproj meeting
        tenproj meeting outbox/2026-W48/议定事项/议定事项_2026年第48期_12.xlsx
    """
    from tenproj_xl.app.meeting import draw_meeting, take_in_meeting
    from tenproj_xl.cli.as_json import drawn_json, signed_json
    from tenproj_xl.cli.meeting_text import drawn_meeting_lines, meeting_lines

    workspace = workspace_of(ctx)
    if file is None:
        drawn = draw_meeting(workspace, period)
        tell(ctx, drawn_json(drawn, workspace), drawn_meeting_lines(drawn, workspace))
    if period:
        raise UsageProblem("已经给出议定事项表，请去掉 --period。")
    done = take_in_meeting(workspace, file)
    tell(ctx, signed_json(done), meeting_lines(done), needs_a_person=done.needs_a_person)
