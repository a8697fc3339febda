"""Opening, saving and taking in files."""

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.desk.desk import this_desk
from tenproj_xl.desk.files import shown_in, text_of_letter, whole_path
from tenproj_xl.desk.inbox import Taken, take

pages = Blueprint("files", __name__)


@pages.get("/files")
def look() -> str:
    """Show what can be done with a file or a folder."""
    workspace = this_desk().workspace
    path = whole_path(workspace, request.args.get("path", ""))
    inside = shown_in(workspace, path) if path.is_dir() else []
    relative = workspace.relative(path)
    return render_template(
        "file.html", path=path, relative=relative, inside=inside, text=text_of_letter(path)
    )


@pages.post("/files/open")
def open_here() -> str:
    """Open a file or a folder with the program of this machine."""
    desk = this_desk()
    path = whole_path(desk.workspace, request.form.get("path", ""))
    desk.open_path(path)
    return render_template("opened.html", name=path.name, back=request.referrer)


@pages.get("/files/save")
def save() -> Response:
    """Give a file to the browser, which saves it where the operator likes."""
    path = whole_path(this_desk().workspace, request.args.get("path", ""))
    if path.is_dir():
        raise UsageProblem("这是文件夹，请点“打开”。")
    return send_file(path, as_attachment=True, download_name=path.name)


@pages.post("/inbox")
def drop() -> str | Response:
    """Put returns into the inbox, where `ingest` reads them under guard."""
    desk = this_desk()
    if not desk.is_ready:  # the disk it lies on was taken off: nothing is put into its place
        raise EnvironmentProblem(
            f"“{desk.workspace.root}”现在不在，没有收下。请接上磁盘或找回文件夹，再拖一次。"
        )
    times = request.form.getlist("modified")
    sent = [one for one in request.files.getlist("returns") if one.filename]
    if not sent:
        raise UsageProblem("没有选文件。请把回表拖进来，或点“选择文件”。")
    taken: list[Taken] = []
    for number, one in enumerate(sent):
        told = times[number] if number < len(times) else ""
        taken.append(take(desk.workspace, one, told))
    if request.headers.get("HX-Request"):
        return render_template("taken_part.html", taken=taken)
    return redirect(url_for("steps.show", code="ingest"), code=303)
