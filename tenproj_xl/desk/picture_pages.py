"""Looking at workbooks: any sheet as in the workbook, and the forms that came in with their findings."""

import base64
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tenproj_xl.app.pictures import (
    ReceivedForm,
    is_source,
    picture_of_return,
    picture_of_workbook,
    received_form,
    received_forms,
    source_cell,
    unrecognised_forms,
)
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.cells import address
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.findings import Finding
from tenproj_xl.desk.access import POLICY
from tenproj_xl.desk.books import workbooks
from tenproj_xl.desk.desk import this_desk
from tenproj_xl.desk.files import whole_path
from tenproj_xl.desk.picture_table import CellMark, DrawnSheet, PlaceLink, draw_sheet
from tenproj_xl.reading.picture.model import Picture

pages = Blueprint("pictures", __name__, url_prefix="/pictures")

_ZOOMS = (100, 85, 70)


@dataclass(frozen=True, kw_only=True)
class ToldFinding:
    """A finding as the page tells it: its number, its words, and where in the picture it leads."""

    number: int
    severity: str
    title: str
    message: str
    place: str
    href: str


@pages.get("/")
def choose() -> str:
    """Show the workbooks that can be looked at, those of the newest period first."""
    return render_template("pictures.html", groups=workbooks(this_desk().workspace))


@pages.get("/sheet")
def show() -> Response:
    """Show a sheet of a workbook as in the workbook."""
    workspace = this_desk().workspace
    path = whole_path(workspace, request.args.get("path", ""))
    relative = workspace.relative(path)

    def link(sheet: str, cell: str = "") -> str:
        return url_for("pictures.show", path=relative, sheet=sheet, zoom=_zoom(), _anchor=cell or None)

    picture = picture_of_workbook(path, request.args.get("sheet", ""))
    drawn = draw_sheet(picture.shown, link, source_link=_source_link)
    notes = _notes(picture)
    return _page(
        "picture.html", drawn, picture=picture, link=link, name=path.name, path=relative, notes=notes
    )


def _source_link(text: str) -> str:
    if not is_source(text):
        return ""
    return url_for("pictures.show_source", told=text)


@pages.get("/source")
def show_source() -> AnyResponse:
    """Lead to the cell that the roll-up names as the source of a value, in the form that came in."""
    found = source_cell(this_desk().workspace, request.args.get("told", ""))
    return redirect(
        url_for("pictures.show_return", digest=found.sha256, sheet=found.sheet, _anchor=found.cell)
    )


def _notes(picture: Picture) -> list[tuple[str, str]]:
    """Return the notes of a sheet with the addresses of their cells, from the top."""
    noted = sorted((one.row, one.column, one.note) for one in picture.shown.cells if one.note)
    return [(address(row, column), note) for row, column, note in noted]


@pages.get("/return/<digest>")
def show_return(digest: str) -> Response:
    """Show a form that came in as its sender saw it, each finding marked in its cell."""
    workspace = this_desk().workspace
    form = received_form(workspace, digest)

    def link(sheet: str, cell: str = "") -> str:
        return url_for("pictures.show_return", digest=digest, sheet=sheet, zoom=_zoom(), _anchor=cell or None)

    picture, problem = _picture_or_why(workspace, form)
    shown, drawn = "", DrawnSheet(html="", css="")
    sheets: Sequence[str] = ()
    if picture:
        shown, sheets = picture.shown.name, picture.sheets
        drawn = draw_sheet(picture.shown, link, _marks(form.findings, shown))
    told = list(_told(form.findings, link, shown, sheets))
    return _page(
        "return.html",
        drawn,
        picture=picture,
        problem=problem,
        link=link,
        form=form,
        told=told,
        at=_clock(form.at, workspace),
    )


@pages.get("/returns/<task_force>")
def list_returns(task_force: str) -> str:
    """Show what came in from a task force for a period, with the findings of each file."""
    workspace = this_desk().workspace
    received = received_forms(workspace, task_force, request.args.get("period"))
    return render_template(
        "returns.html",
        title=received.task_force,
        way=f"{received.period.full_name} 来件",
        lines=_lines(received.forms, workspace),
    )


@pages.get("/returns/")
def list_unrecognised() -> str:
    """Show the files that came in and are no task force's, newest first."""
    workspace = this_desk().workspace
    forms = unrecognised_forms(workspace)
    title = "没有认出是哪家的来件"
    return render_template("returns.html", title=title, way=title, lines=_lines(forms, workspace))


def _lines(
    forms: Sequence[ReceivedForm], workspace: Workspace
) -> list[tuple[ReceivedForm, str, list[ToldFinding], str]]:
    """Return files, newest first, each with when it came, its findings, and where its picture is."""
    lines = []
    for form in reversed(forms):
        link = _return_link(form.sha256)
        told = list(_told(form.findings, link))
        lines.append((form, _clock(form.at, workspace), told, link("", "")))
    return lines


def _return_link(digest: str) -> PlaceLink:
    def link(sheet: str, cell: str) -> str:
        return url_for("pictures.show_return", digest=digest, sheet=sheet or None, _anchor=cell or None)

    return link


def _picture_or_why(workspace: Workspace, form: ReceivedForm) -> tuple[Picture | None, str]:
    """Return the picture of the sheet asked for, else of the first with a finding; or why there is none."""
    wanted = request.args.get("sheet", "")
    if not wanted:
        wanted = next((one.sheet for one in form.findings if one.sheet), "")
    try:
        return picture_of_return(workspace, form, wanted), ""
    except EnvironmentProblem as fault:
        return None, str(fault)


def _told(
    findings: Sequence[Finding], link: PlaceLink, shown: str = "", sheets: Collection[str] | None = None
) -> Iterator[ToldFinding]:
    """Yield findings as a page tells them: `shown` is the sheet on it, `sheets` all that there are."""
    for n, one in enumerate(findings, start=1):
        href = ""
        if one.sheet and (sheets is None or one.sheet in sheets):
            href = link(one.sheet, one.cell)
        if one.sheet == shown and one.cell:
            href = f"#{one.cell}"
        yield ToldFinding(
            number=n,
            severity=one.severity.label,
            title=one.code.rule.title,
            message=one.message,
            place=f"“{one.sheet}”{one.cell}",
            href=href,
        )


def _marks(findings: Sequence[Finding], sheet: str) -> Mapping[str, Sequence[CellMark]]:
    marks: dict[str, list[CellMark]] = {}
    for n, one in enumerate(findings, start=1):
        if one.sheet == sheet and one.cell:
            marks.setdefault(one.cell, []).append(CellMark(number=n, words=one.message))
    return marks


def _zoom() -> int | None:
    """Return the size that is asked for in percent, None for that of the workbook."""
    asked = request.args.get("zoom", "")
    return next((zoom for zoom in _ZOOMS[1:] if str(zoom) == asked), None)


def _clock(moment: datetime, workspace: Workspace) -> str:
    return f"{moment.astimezone(load(workspace).settings.zone):%m月%d日 %H:%M}"


def _page(template: str, drawn: DrawnSheet, **more: object) -> Response:
    """Return a page with a picture, whose own style sheet it allows and no other."""
    zooms = [(zoom, _zoom_address(zoom), (_zoom() or 100) == zoom) for zoom in _ZOOMS]
    html = render_template(template, drawn=drawn, zoom=_zoom(), zooms=zooms, **more)
    response = make_response(html)
    digest = base64.b64encode(hashlib.sha256(drawn.css.encode()).digest()).decode()
    policy = f"{POLICY}; style-src-elem 'self' 'sha256-{digest}'"
    response.headers["Content-Security-Policy"] = policy
    return response


def _zoom_address(zoom: int) -> str:
    arguments = {**(request.view_args or {}), **request.args.to_dict(), "zoom": str(zoom)}
    return url_for(request.endpoint or "", **arguments)
