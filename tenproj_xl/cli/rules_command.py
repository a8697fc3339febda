"""The command `rules`: all rules as this office takes them, or what became of what they asked."""

import click

from tenproj_xl.cli.console import OneCommand
from tenproj_xl.cli.output import show, workspace_of


@click.command(cls=OneCommand)
@click.pass_context
@click.option("--stats", is_flag=True, help="各条规则提出过多少疑问，更正、属实、未答复各多少。")
def rules(ctx: click.Context, *, stats: bool) -> None:
    """列出全部核验规则：级别、为什么要求、例子；级别和豁免在“设置.xlsx”里改。

    \b
    例：tenproj rules
        tenproj rules --stats
    """
    from tenproj_xl.app.rule_stats import rule_stats
    from tenproj_xl.app.workspace import load
    from tenproj_xl.cli.as_json import rule_stats_json, rules_json
    from tenproj_xl.cli.office_text import rule_stats_lines, rules_lines
    from tenproj_xl.core.policy import Policy
    from tenproj_xl.core.rules import rule_lines

    workspace = workspace_of(ctx)
    if stats:
        found = rule_stats(workspace)
        show(ctx, rule_stats_json(found), rule_stats_lines(found))
        return
    policy = load(workspace).settings.policy if workspace.settings.exists() else Policy()
    lines = rule_lines(policy)
    show(ctx, rules_json(lines), rules_lines(lines))
