"""The first page: where the office stands, who has returned what, what comes next, and all steps."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tenproj_xl.app.whereabouts import NextStep, whereabouts
from tenproj_xl.core.errors import TenprojError
from tenproj_xl.desk.desk import this_desk
from tenproj_xl.desk.steps import STEPS, DeskStep, by_stage

pages = Blueprint("home", __name__)


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
        return render_template("begin.html", folder=desk.folder)
    here, problem = None, ""
    try:
        here = whereabouts(desk.workspace)
    except TenprojError as fault:
        problem = str(fault)
    proposed = [_proposed(step) for step in here.steps] if here else []
    return render_template(
        "home.html", here=here, problem=problem, proposed=proposed, stages=by_stage(), jobs=desk.jobs.past[:5]
    )


def _proposed(next_step: NextStep) -> Proposed:
    command = next_step.command.removeprefix("tenproj ").split()
    fitting = [
        one for one in STEPS if any(action.command[:1] == tuple(command[:1]) for action in one.actions)
    ]
    return Proposed(step=fitting[0] if fitting else None, command=next_step.command, why=next_step.why)


@pages.post("/window")
def window() -> tuple[str, int]:
    """Note that a window is open, or was closed."""
    windows, name = this_desk().windows, request.args.get("name", "")[:40]
    if request.args.get("closed"):
        windows.closes(name)
    else:
        windows.speaks(name)
    return "", 204


@pages.before_app_request
def note_request() -> None:
    """Note that somebody is there."""
    this_desk().windows.asks()


@pages.get("/home")
def home() -> Response:
    """Lead to the first page."""
    return redirect(url_for("home.show"))
