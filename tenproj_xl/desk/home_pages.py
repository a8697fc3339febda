"""The first page: where the office stands, who has returned what, what comes next, and all steps."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tenproj_xl.app.whereabouts import NextStep, whereabouts
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import TenprojError, UsageProblem
from tenproj_xl.desk.declaring import DeskStep
from tenproj_xl.desk.desk import this_desk
from tenproj_xl.desk.jobs import Busy, said_now
from tenproj_xl.desk.products import linked_lines
from tenproj_xl.desk.steps import BEGINNINGS, by_stage, step_of_command

pages = Blueprint("home", __name__)
TO_DO = "现在要做的："
"""The heading under which `status` says what a person has to do."""


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A step that is to be taken now, why, and the command that it runs."""

    step: DeskStep | None
    command: str
    why: str


@pages.get("/")
def show() -> str:
    """Show the first page, or what can be begun with where there is no workspace yet."""
    desk = this_desk()
    if not desk.is_ready:
        return begin()
    here, problem = None, ""
    try:
        here = whereabouts(desk.workspace)
    except TenprojError as fault:
        problem = str(fault)
    proposed = [_proposed(step) for step in here.steps] if here else []
    return render_template(
        "home.html", here=here, problem=problem, proposed=proposed, stages=by_stage(), jobs=desk.jobs.past[:5]
    )


@pages.get("/begin")
def begin() -> str:
    """Show what can be begun, and the workspaces that are there."""
    desk = this_desk()
    return render_template("begin.html", folder=desk.place, steps=BEGINNINGS, workspaces=desk.workspaces)


@pages.post("/begin/use")
def use() -> Response:
    """Go on in another workspace of the folder."""
    desk = this_desk()
    named = [one for one in desk.workspaces if one.root.name == request.form.get("name")]
    if not named:
        raise UsageProblem("这个工作区已经不在了，请重新选。")
    if desk.jobs.running:
        raise Busy(f"“{desk.jobs.running.title}”正在运行，请等它做完再换工作区。")
    desk.chosen = named[0]
    return redirect(url_for("home.show"), code=303)


@pages.get("/to-do")
def to_do() -> str:
    """Show what `status` says is to be done, for the first page, which does not wait for it."""
    workspace = this_desk().workspace
    said = said_now(workspace.root, ["status"])
    tasks = said[said.index(TO_DO) + 1 :] if TO_DO in said else []
    return render_template("to_do_part.html", lines=linked_lines(tasks, workspace))


def _proposed(next_step: NextStep) -> Proposed:
    words = next_step.command.removeprefix("tenproj ").split()
    return Proposed(step=step_of_command(words), command=next_step.command, why=next_step.why)


@pages.post("/window")
def window() -> tuple[str, int]:
    """Note that a window is open, or was closed."""
    windows, name = this_desk().windows, request.args.get("name", "")[:40]
    if request.args.get("closed"):
        windows.closes(name)
    else:
        windows.speaks(name, prints=bool(request.args.get("prints")))
    return "", 204


@pages.before_app_request
def note_request() -> None:
    """Note that somebody is there."""
    this_desk().windows.asks()


@pages.get("/home")
def home() -> Response:
    """Lead to the first page."""
    return redirect(url_for("home.show"))
