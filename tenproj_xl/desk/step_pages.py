"""A page for each step: its fields and buttons, and what a click starts."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tenproj_xl.app.workspace import load
from tenproj_xl.core.errors import TenprojError
from tenproj_xl.desk import choices
from tenproj_xl.desk.controls import FileChoice, PeriodChoice
from tenproj_xl.desk.declaring import Action, DeskStep
from tenproj_xl.desk.desk import Desk, this_desk
from tenproj_xl.desk.files import kept_upload, whole_path
from tenproj_xl.desk.inbox import lying
from tenproj_xl.desk.office_controls import ReceivedChoice
from tenproj_xl.desk.places import places
from tenproj_xl.desk.received import received_offers, units
from tenproj_xl.desk.rows import all_rows, columns
from tenproj_xl.desk.steps import step
from tenproj_xl.desk.waiting import WATCHED, waiting_by_step

pages = Blueprint("steps", __name__)


@pages.get("/steps/<code>")
def show(code: str) -> str:
    """Show a step."""
    chosen = _step(code)
    waiting = lying(this_desk().workspace) if chosen.takes_returns else []
    return render_template("step.html", step=chosen, waiting=waiting, is_watched=code in WATCHED)


@pages.get("/steps/waiting")
def waiting_in_all() -> str:
    """Show how much waits in which step, for the first page, which does not wait for it."""
    return render_template("waiting_part.html", found=waiting_by_step(this_desk().workspace), only="")


@pages.get("/steps/<code>/waiting")
def waiting_in_one(code: str) -> str:
    """Show how much waits in a step, for its page."""
    return render_template(
        "waiting_part.html", found=waiting_by_step(this_desk().workspace), only=_step(code).code
    )


@pages.post("/steps/<code>/<action_code>")
def run(code: str, action_code: str) -> Response:
    """Run the command of a step's button, and show how it goes."""
    desk, chosen = this_desk(), _step(code)
    action = chosen.action(action_code)
    given = _given(desk, action)
    arguments = action.arguments(given)
    title = action.button if action.button == chosen.title else f"{chosen.title}：{action.button}"
    root = desk.workspace.root
    if chosen.begins:
        root = desk.place / action.place
    running = desk.jobs.running
    if running and running.step == code and list(running.arguments) == arguments:  # the button clicked twice
        return redirect(url_for("jobs.show", number=running.number), code=303)
    job = desk.jobs.start(root, arguments, step=code, title=title, told=action.told(given))
    return redirect(url_for("jobs.show", number=job.number), code=303)


def _step(code: str) -> DeskStep:
    found = step(code)
    if found is None:
        abort(404)
    return found


def _given(desk: Desk, action: Action) -> Mapping[str, Sequence[str]]:
    """Return what was filled in, by the names of the controls, files as paths of this machine."""
    given: dict[str, Sequence[str]] = {}
    for control in action.controls:
        typed = (text.replace("\x00", "") for text in request.form.getlist(control.name))
        given[control.name] = [text for text in typed if text]  # no argument of a process holds a NUL
        if isinstance(control, FileChoice):
            given[control.name] = _files(desk, control, given[control.name])
    return given


def _files(desk: Desk, control: FileChoice, lying: Sequence[str]) -> list[str]:
    """Return the files of this machine, saved below 交回, else, or as well, those of the workspace."""
    sent = [one for one in request.files.getlist(f"{control.name}_sent") if one.filename]
    files = [str(kept_upload(desk.workspace.root, one, control)) for one in sent]
    if not files or control.is_several:
        files += [str(whole_path(desk.workspace, path)) for path in lying]
    return files


@pages.app_template_global("periods_of")
def periods_of(control: PeriodChoice) -> list[choices.Offer]:
    """Return the periods that a control lets choose from; none where the command will say what is wrong."""
    try:
        return choices.periods(this_desk().workspace, control.known)
    except TenprojError:
        return []


@pages.app_template_global("workbooks_of")
def workbooks_of(chosen: DeskStep) -> list[choices.Offer]:
    """Return the workbooks to open for a step, the newest of each pattern, as far as they are there."""
    workspace = this_desk().workspace
    found = [path for pattern in chosen.opens for path in choices.files(workspace, [pattern])[:1]]
    return [choices.Offer(workspace.relative(path), path.name) for path in found]


@pages.app_template_global("received_of")
def received_of(control: ReceivedChoice) -> list[choices.Offer]:
    """Return the received files that a control lets choose from."""
    return received_offers(this_desk().workspace, control.which)


@pages.app_template_global("units_of")
def units_of() -> list[choices.Offer]:
    """Return the units of the plan."""
    return units(this_desk().workspace)


@pages.app_template_global("places_of")
def places_of() -> list[choices.Offer]:
    """Return the folders that a backup can be written into."""
    return places(this_desk().workspace)


@pages.app_template_global("rows_known")
def rows_known() -> list[choices.Offer]:
    """Return all rows by code and name; none where the command will say what is wrong."""
    workspace = this_desk().workspace
    try:
        return all_rows(load(workspace).plan, workspace)
    except TenprojError:
        return []


pages.add_app_template_global(columns, "columns_known")


@pages.app_template_global("files_of")
def files_of(control: FileChoice) -> list[choices.Offer]:
    """Return the files that a control lets choose from: of those that lie there, what its command takes."""
    workspace = this_desk().workspace
    found = choices.files(workspace, control.patterns)
    taken = [path for path in found if path.suffix.lower() in control.suffixes]
    return [choices.Offer(workspace.relative(path), path.name) for path in taken]
