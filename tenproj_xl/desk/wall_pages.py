"""挂图作战 for the meeting room: the walls that were made, newest first, each in a window of its own."""

from pathlib import Path

from flask import Blueprint, Response, render_template, request

from tenproj_xl.app.editions import WALL
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.desk.desk import this_desk
from tenproj_xl.desk.files import whole_path
from tenproj_xl.rollup.wall.document import content_policy

pages = Blueprint("wall", __name__)


@pages.get("/wall")
def choose() -> str:
    """Show which walls there are."""
    workspace = this_desk().workspace
    walls = [(workspace.relative(path), path.stem.replace("_", " ")) for path in _walls(workspace)]
    return render_template("wall_choose.html", walls=walls)


@pages.get("/wall/show")
def show() -> Response:
    """Show a wall as the file is, under its own policy: what somebody put into it does not run."""
    workspace = this_desk().workspace
    path = whole_path(workspace, request.args.get("path", ""))
    if path not in [wall.resolve() for wall in _walls(workspace)]:
        raise UsageProblem("这不是挂图作战，请回到“挂图作战”里选一份。")
    page = Response(path.read_bytes(), content_type="text/html; charset=utf-8")
    page.headers["Content-Security-Policy"] = content_policy()
    return page


def _walls(workspace: Workspace) -> list[Path]:
    found = workspace.outbox.glob(f"*/汇总/*{WALL}")
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
