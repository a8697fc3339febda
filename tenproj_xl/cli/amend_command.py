"""The commands `amend`, `review` and `prefer`."""

from pathlib import Path

import click

from tenproj_xl.cli.console import OneCommand, existing_file, found_path
from tenproj_xl.cli.output import tell, workspace_of
from tenproj_xl.core.errors import UsageProblem


@click.command(cls=OneCommand)
@click.argument("words", nargs=-1, metavar="[代录单 | 编号 栏目 内容]")
@click.option(
    "--period", metavar="数据所属期", default="", help="改的是哪一期的数，如 2026-10；不是指标数值的不写。"
)
@click.option("--nature", metavar="数据性质", default="", help="数据性质，如 部门统计；不变的不写。")
@click.option("--basis", metavar="依据", default="", help="谁、何时、怎样告知的。")
@click.option("--by", metavar="姓名", default="", help="代录的人。")
@click.pass_context
def amend(ctx: click.Context, words: tuple[str, ...], period: str, nature: str, basis: str, by: str) -> None:
    """代录单位口头、电话告知的内容：不写内容时生成代录单，写明填好的代录单时记入。

    \b
    例：tenproj amend Z03-04 最新数值 75 --period 2026-10 --basis 11月26日王五电话告知 --by 赵六
        tenproj amend outbox/2026-W48/代录/代录单_2026年第48期.xlsx
    """
    from tenproj_xl.app import amend
    from tenproj_xl.cli.as_json import amended_json
    from tenproj_xl.cli.office_text import amended_lines

    workspace = workspace_of(ctx)
    if not words:
        path = workspace.relative(amend.blank_book(workspace))
        tell(ctx, {"written": [path]}, [f"代录单：{path}", f"填好保存后运行：tenproj amend {path}"])
        return
    if len(words) == 1:
        if period or nature or basis or by:
            raise UsageProblem("已经给出代录单，所属期、性质、依据和代录人以代录单为准，请去掉这些选项。")
        book = found_path(words[0])
        if not book.is_file():
            raise UsageProblem(
                f"没有“{words[0]}”这个文件。代录一项请写：tenproj amend 编号 栏目 内容 --basis 依据。"
            )
        done = amend.amend_from(workspace, book)
    elif len(words) == 3:
        code, field, value = words
        said = {"code": code, "field": field, "value": value, "data_period": period}
        done = amend.amend(workspace, {**said, "nature": nature, "basis": basis, "by": by})
    else:
        raise UsageProblem(
            "请写明编号、栏目和内容三项，如 tenproj amend Z03-04 最新数值 75 --period 2026-10 --basis 依据。"
        )
    tell(ctx, amended_json(done), amended_lines(done), needs_a_person=bool(done.findings))


@click.command(cls=OneCommand)
@click.argument("file", required=False, metavar="[待核实清单]", type=existing_file)
@click.pass_context
def review(ctx: click.Context, file: Path | None) -> None:
    """核实会改变已印发评价的更正和单位没有答复的疑问：不写文件时生成待核实清单，写明填好的清单时记入决定。

    \b
    例：tenproj review
        tenproj review outbox/2026-W48/待核实/待核实清单_2026年第48期.xlsx
    """
    from tenproj_xl.app import review
    from tenproj_xl.cli.as_json import reviewed_json
    from tenproj_xl.cli.office_text import reviewed_lines

    workspace = workspace_of(ctx)
    done = review.ask(workspace) if file is None else review.review(workspace, file)
    document = reviewed_json(done, workspace)
    tell(ctx, document, reviewed_lines(done, workspace), needs_a_person=bool(done.findings))


@click.command(cls=OneCommand)
@click.argument("file", required=False, metavar="[得分异议裁定表]", type=existing_file)
@click.pass_context
def objections(ctx: click.Context, file: Path | None) -> None:
    """决定单位对得分核对稿的异议：不写文件时生成得分异议裁定表，写明填好的裁定表时记入决定。

    \b
    例：tenproj objections
        tenproj objections outbox/2026-11/得分异议/得分异议裁定表_2026-11.xlsx
    """
    from tenproj_xl.app import objections
    from tenproj_xl.cli.as_json import reviewed_json
    from tenproj_xl.cli.office_text import decided_objections_lines

    workspace = workspace_of(ctx)
    done = objections.ask(workspace) if file is None else objections.decide(workspace, file)
    said = decided_objections_lines(done, workspace)
    tell(ctx, reviewed_json(done, workspace), said, needs_a_person=bool(done.findings))


@click.command(cls=OneCommand)
@click.argument("file", metavar="文件")
@click.option("--why", metavar="原因", default="", help="为什么以这一份为准，记入台账。")
@click.pass_context
def prefer(ctx: click.Context, file: str, why: str) -> None:
    """同一单位报了几份时，以指定的一份为准，不论先后。

    “文件”写文件名，或文件校验码的前几位（屏幕上“现在要做的”里写明）。这一份没有填的行仍按其他几份计；以后报来的照常按先后计。

    \b
    例：tenproj prefer 填报表(1).xlsx
        tenproj prefer d187ea25 --why 电话核实
    """
    from tenproj_xl.app.prefer import prefer
    from tenproj_xl.cli.office_text import preferred_lines

    done = prefer(workspace_of(ctx), file, why)
    document = {
        "file": done.file.file,
        "sha256": done.file.sha256,
        "recipient": done.file.party.recipient or None,
        "period": done.file.period,
        "changed": not done.already,
        "changes": list(done.changes),
    }
    tell(ctx, document, preferred_lines(done))
