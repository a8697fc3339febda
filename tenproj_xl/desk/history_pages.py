"""Pages that tell where a number comes from: the life of a row by its name, of a unit, of a received file."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from tenproj_xl.app.history import history
from tenproj_xl.app.life_results import LifeOf
from tenproj_xl.app.original import original
from tenproj_xl.app.workspace import load
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import file_name
from tenproj_xl.desk.choices import Offer
from tenproj_xl.desk.course import FigureCourse, courses
from tenproj_xl.desk.course_svg import course_svg
from tenproj_xl.desk.desk import this_desk
from tenproj_xl.desk.life_lines import value_lines
from tenproj_xl.desk.received import ReceivedKind, received_offers, units
from tenproj_xl.desk.rows import all_rows, groups, issues
from tenproj_xl.desk.state_course import state_course
from tenproj_xl.model.units import unit_named

pages = Blueprint("history", __name__)


@dataclass(frozen=True)
class _Chart:
    """The course of a number, and its picture."""

    course: FigureCourse
    picture: Markup


@pages.get("/history")
def choose() -> str:
    """Show what can be asked about, by name."""
    workspace = this_desk().workspace
    plan = load(workspace).plan
    return render_template(
        "history_choose.html",
        groups=list(groups(plan)),
        issues=issues(workspace),
        units=units(workspace),
        received=received_offers(workspace, ReceivedKind.ALL),
        asked="",
        matches=None,
    )


@pages.get("/history/of")
def show() -> str | Response:
    """Show the life of what was asked about; where its words fit several rows, these."""
    workspace = this_desk().workspace
    asked = " ".join(request.args.get("subject", "").split())
    if not asked:
        return redirect(url_for("history.choose"))
    loaded = load(workspace)
    matches: list[Offer] = []
    if unit_named(asked, loaded.plan) is None:
        matches = _called(asked, all_rows(loaded.plan, workspace))
    if len(matches) > 1:
        return render_template("history_choose.html", groups=[], asked=asked, matches=matches)
    subject = matches[0].value if matches else asked
    life = history(workspace, subject)
    charts = []
    if life.of is LifeOf.ROW:
        for course in courses(life, loaded.settings):
            charts.append(_Chart(course, Markup(course_svg(course))))  # noqa: S704  # every text is escaped
    lines = value_lines(life)
    return render_template(
        "history.html",
        life=life,
        subject=subject,
        is_file=life.of is LifeOf.FILE,
        is_row=life.of is LifeOf.ROW,
        charts=charts,
        states=state_course(life) if life.of is LifeOf.ROW else [],
        main=[line for line in lines if line.is_main],
        beside=[line for line in lines if not line.is_main],
    )


@pages.get("/history/workbook")
def save() -> Response:
    """Give the life as a workbook with a chart, as `history --xlsx` writes it."""
    workspace = this_desk().workspace
    subject = request.args.get("subject", "")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "来历.xlsx"
        life = history(workspace, subject, path)
        data = path.read_bytes()
    return _attached(data, f"{file_name(life.title)}_来历.xlsx")


@pages.get("/history/original")
def take_out() -> Response:
    """Give a received file as it came, as `original` does; nothing here looks into it."""
    workspace = this_desk().workspace
    with TemporaryDirectory() as folder:
        done = original(workspace, request.args.get("subject", ""), Path(folder))
        data = done.path.read_bytes()
    return _attached(data, file_name(done.name))


def _attached(data: bytes, name: str) -> Response:
    return send_file(io.BytesIO(data), "application/octet-stream", as_attachment=True, download_name=name)


def _called(asked: str, rows: list[Offer]) -> list[Offer]:
    """Return the row of a code, a name, or both as offered; else the rows that have the words in their name.

    Files go by other words: where nothing fits, `history` knows what it is.
    """
    wanted = asked.casefold()
    for row in rows:
        if wanted in (row.value.casefold(), row.label.casefold(), f"{row.value} {row.label}".casefold()):
            return [row]
    return [row for row in rows if len(wanted) > 1 and wanted in row.label.casefold()]
