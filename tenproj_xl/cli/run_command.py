"""The command `run`."""

from typing import TYPE_CHECKING

import click

from tenproj_xl.cli.console import OneCommand, print_json, wants_json
from tenproj_xl.cli.output import ask_at_terminal, cluster_option, tell, workspace_of
from tenproj_xl.core.second_process import MAKING_EDITIONS, VALIDATING, WRITING_PAPERS, second_process

if TYPE_CHECKING:
    from tenproj_xl.app.mail_results import Fetched


@click.command(cls=OneCommand)
@cluster_option
@click.pass_context
def run(ctx: click.Context, cluster: str) -> None:
    """每天早上或定时运行：收邮件、收表、回信、按日历催报，截止以后汇总；最后写明要人办的事。

    可以反复运行，不会重复收、重复发。电脑上怎样定时运行，见操作手册“每天自动运行”。

    \b
    例：tenproj run
    """
    with second_process(VALIDATING, later=WRITING_PAPERS, meanwhile=MAKING_EDITIONS):
        _run(ctx, cluster)


def _run(ctx: click.Context, cluster: str) -> None:
    from tenproj_xl.app.cluster import reading_on_cluster
    from tenproj_xl.app.daily_run import run
    from tenproj_xl.cli.mail_text import mails_for_a_person
    from tenproj_xl.cli.run_text import ran_json, ran_lines

    def tell_of_mails(fetched: "Fetched") -> None:
        # At once: they are recorded by now, and no later run tells of them.
        for line in mails_for_a_person(fetched):
            click.echo(line, err=True)

    workspace = workspace_of(ctx)
    with reading_on_cluster(cluster):
        done = run(workspace, ask=ask_at_terminal(), tell_of_mails=tell_of_mails)
    if not done.problems:
        lines = ran_lines(done, workspace)
        tell(ctx, ran_json(done, workspace), lines, needs_a_person=done.needs_a_person)
    if wants_json(ctx):
        print_json({**ran_json(done, workspace), "error": "".join(done.problems)})
    for line in ran_lines(done, workspace):
        click.echo(line, err=True)
    ctx.exit(3)
