"""What the command `meeting` prints for people."""

from collections.abc import Iterator

from tenproj_xl.app.results import Drawn, Signed
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.office_text import not_recorded_lines


def drawn_meeting_lines(drawn: Drawn, workspace: Workspace) -> Iterator[str]:
    """Yield where the workbook lies and how many earlier items it shows."""
    path = workspace.relative(drawn.path)
    if drawn.kept:
        yield f"议定事项表早已生成，此后没有新情况，没有覆盖（里面可能已填了内容）：{path}"
    else:
        yield f"议定事项表已生成：{path}"
    if drawn.waiting:
        yield f"以前议定的{drawn.waiting}件办得怎样，见“落实情况”。"
    yield "会后填好保存，运行：tenproj meeting 文件名"


def meeting_lines(done: Signed) -> Iterator[str]:
    """Yield what was recorded of a meeting, and what was not and why."""
    if done.decisions:
        yield f"已录入{len(done.decisions)}件议定事项，下一期填报表带到各专班："
    for decision in done.decisions:
        yield f"  {decision.issue}  {done.registered[decision.issue]}（{decision.on} {decision.by}）"
    if done.repeated:
        yield f"此前已录入、没有变化的{done.repeated}件，未作改动。"
    if not (done.decisions or done.repeated or done.findings):
        yield "表中没有填写议定事项，没有录入。"
    yield from not_recorded_lines(done)
