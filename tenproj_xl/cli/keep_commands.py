"""The commands that prove and keep a workspace: `verify`, `backup`, `restore`, `rebuild`, `remove`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenproj_xl.cli.console import Commands, existing_file
from tenproj_xl.cli.output import indented, tell, workspace_of

if TYPE_CHECKING:
    from tenproj_xl.app.proof_results import BackedUp, Removed, Verified, VerifiedEntries

_MEGABYTE = 1_000_000
_SHOWN = 20


@click.command(cls=Commands.command_class)
@click.option("--quick", is_flag=True, help="只核验上次核验以来新记的各笔，不到一秒；每次 merge 都会先做。")
@click.pass_context
def verify(ctx: click.Context, *, quick: bool) -> None:
    """核验台账、存档和生成的材料：有没有改动、缺失，最近一次汇总的每个数与原件的单元格是不是一致。

    \b
    例：tenproj verify
        tenproj verify --quick
    """
    from tenproj_xl.app.verify import verify
    from tenproj_xl.app.verify_entries import verify_new_entries

    if quick:
        new = verify_new_entries(workspace_of(ctx))
        found = [vars(one) for one in new.discrepancies]
        document = {"entries": new.entries, "new": new.new, "last": new.last, "discrepancies": found}
        tell(ctx, document, _new_lines(new), needs_a_person=bool(found))
        return
    done = verify(workspace_of(ctx))
    document = {
        "entries": done.entries,
        "last": done.last,
        "files": done.files,
        "figures": done.figures,
        "removed": done.removed,
        "papers": done.papers,
        "discrepancies": [vars(found) for found in done.discrepancies],
        "notes": [vars(found) for found in done.notes],
    }
    tell(ctx, document, _verified_lines(done), needs_a_person=bool(done.discrepancies))


def _new_lines(done: "VerifiedEntries") -> Iterator[str]:
    yield from (found.message for found in done.discrepancies)
    counted = f"核验了上次以来新记的{done.new}笔（台账共{done.entries}笔）"
    if done.discrepancies:
        yield f"{counted}，有{len(done.discrepancies)}处不符。"
    else:
        yield f"{counted}，全部相符。末笔校验码 {done.last[:12]}。"


def _verified_lines(done: "Verified") -> Iterator[str]:
    for found in done.discrepancies[:_SHOWN]:
        yield found.message
    if len(done.discrepancies) > _SHOWN:
        yield f"…… 另有{len(done.discrepancies) - _SHOWN}处，加 --json 可以看全。"
    for found in done.notes[:_SHOWN]:
        yield f"提示：{found.message}"
    if len(done.notes) > _SHOWN:
        yield f"…… 另有{len(done.notes) - _SHOWN}份手工改过的，加 --json 可以看全。"
    kept = f"台账{done.entries}笔、存档{done.files}份、生成的材料{done.papers}份"
    counted = f"{kept}、最近一次汇总的{done.figures}个数"
    if done.removed:
        yield f"台账有{done.removed}笔的内容已按规定清除，有销毁记录（tenproj history 查文件名可见依据）。"
    if done.discrepancies:
        yield f"核验了{counted}，有{len(done.discrepancies)}处不符。"
    else:
        yield f"核验了{counted}，全部相符。末笔校验码 {done.last[:12]}。"


@click.command(cls=Commands.command_class)
@click.argument("file", metavar="文件", type=Path)
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """把整个工作区备份成一个文件，当场试恢复一遍。

    里面有全部填报内容，请妥善保管；没有“打开密码.xlsx”，用到它的请另行保存。

    换电脑：在旧电脑上备份，在新电脑上恢复。

    \b
    例：tenproj backup E:/备份/十项重大工程.zip
    """
    from tenproj_xl.app.backup import backup

    done = backup(workspace_of(ctx), file)
    document = {
        "path": str(done.path),
        "files": done.files,
        "size": done.size,
        "entries": done.entries,
        "last": done.last,
        "written": [str(done.path)],
    }
    tell(ctx, document, _backed_up_lines(done))


def _backed_up_lines(done: "BackedUp") -> Iterator[str]:
    size = max(0.1, done.size / _MEGABYTE)
    yield f"已备份{done.files}个文件（{size:.1f}兆），试恢复相符：{done.path}"
    yield f"台账{done.entries}笔，末笔校验码 {done.last[:12]}。里面有全部填报内容，请妥善保管。"
    yield "“打开密码.xlsx”不在备份里，用到它的请另行保存。"


@click.command(cls=Commands.command_class)
@click.argument("file", metavar="文件", type=existing_file)
@click.pass_context
def restore(ctx: click.Context, file: Path) -> None:
    """把备份恢复到一个空文件夹（当前文件夹，或 -C 指明的），就是原来的工作区。

    \b
    例：tenproj restore E:/备份/十项重大工程.zip
        tenproj -C 十项重大工程 restore E:/备份/十项重大工程.zip
    """
    from tenproj_xl.app.backup import restore

    done = restore(file, workspace_of(ctx).root)
    made_at = done.made_at.astimezone()
    when = f"{made_at:%Y年%m月%d日 %H:%M}"
    said = f"已恢复{done.files}个文件到“{done.root}”，是{when}的备份，台账{done.entries}笔。"
    document = {"root": str(done.root), "files": done.files, "made_at": done.made_at.isoformat()}
    later = "此后又收过表的，请把那些表放进收件夹，再运行一次 tenproj merge。"
    passwords = "“打开密码.xlsx”不在备份里，用到它的请从原来的电脑拷贝过来。"
    tell(ctx, document, [said, later, passwords])


@click.command(cls=Commands.command_class)
@click.pass_context
def rebuild(ctx: click.Context) -> None:
    """台账丢了或坏了，从存档里的台账日志重建：每一笔、每次下发的表都在，汇总出来与原来一样。

    原来的台账改名留在旁边；台账完好的，不作改动。

    \b
    例：tenproj rebuild
    """
    from tenproj_xl.app.rebuild import rebuild

    workspace = workspace_of(ctx)
    done = rebuild(workspace)
    before = workspace.relative(done.before) if done.before else ""
    lines = [f"台账已从存档重建，共{done.entries}笔，校验链相符，末笔校验码 {done.last[:12]}。"]
    if before:
        lines.append(f"原来的台账已改名为“{before}”，确认无误后可以删去。")
    lines.append("请运行 tenproj verify 核验；最后一次收表没有记完的，请再运行一次 tenproj merge。")
    tell(ctx, {"entries": done.entries, "last": done.last, "before": before or None}, lines)


@click.command(cls=Commands.command_class)
@click.argument("file", metavar="文件|校验码")
@click.option("--why", metavar="依据", default="", help="清除的依据，如批准的文件和日期，记入销毁记录。")
@click.pass_context
def remove(ctx: click.Context, file: str, why: str) -> None:
    """按规定清除一份收到的文件（误传的涉密件、个人信息）：存档的原件和台账里的内容都删去，不能恢复。

    留下销毁记录：文件名、校验码、依据、时间。只是报错了、收错了的，用 tenproj withdraw，可以撤回。

    \b
    例：tenproj remove 03_区科技局_2026年第48期填报表.xlsx --why 保密办〔2026〕3号，12月1日
    """
    from tenproj_xl.app.remove import remove

    done = remove(workspace_of(ctx), file, why)
    tell(ctx, vars(done), _removed_lines(done))


def _removed_lines(done: "Removed") -> Iterator[str]:
    yield f"已清除“{done.name}”：存档的原件、台账里{done.entries}笔的内容。依据：{done.why}。"
    if done.held_in:
        yield f"装着它的{done.held_in}个压缩包、邮件也已删去，里面别的文件另有存档。"
    if done.papers:
        yield f"存档里有它的内容的{done.papers}份材料（汇总表、简报等）也已删去。"
    if done.made:
        yield "发件夹里这些文件有它的内容，请删去，或重新生成："
        yield from indented(done.made)
    if done.shared_with:
        yield "有的内容在这些收到的文件里也有，没有动；需要的，请一并清除："
        yield from indented(done.shared_with)
    if done.came_beside:
        yield "装着这些文件的压缩包、邮件里（如正文、落款）也有它的内容，没有动，请查看；需要的，请一并清除："
        yield from indented(done.came_beside)
    if done.told_in:
        yield "它报的数、状态列入过这些材料，材料里的数没有动，请查看；需要的，请按规定另行处理、重新生成："
        yield from indented(done.told_in)
    yield (
        "别处是按文字找的：只有它的数、没有它的话的文件（如打印版、导出的数据）没有列出，也没有清除，台账里汇总过、下发过的数也还在，请自行查看；"
        "不到六个字的话（如姓名）只清除独占一格的，材料里的请自行查看；"
        "此前发出的材料和备份里可能还有它的内容，请按规定另行处理，并重新备份；"
        "汇总要重做的，请运行 tenproj merge。要报的内容请单位另填一份。"
    )
