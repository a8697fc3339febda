"""Pages about commands: how one goes, what it said, what it wrote; and all of this session."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tenproj_xl.desk.desk import this_desk
from tenproj_xl.desk.jobs import Job
from tenproj_xl.desk.products import linked_lines, products_by_folder
from tenproj_xl.desk.steps import step

pages = Blueprint("jobs", __name__)


@pages.get("/jobs")
def list_all() -> str:
    """List the commands of this session, newest first."""
    return render_template("jobs.html", jobs=this_desk().jobs.past)


@pages.get("/jobs/<int:number>")
def show(number: int) -> str:
    """Show how a command goes, whole page."""
    job = _job(number)
    return render_template("job.html", **_parts(job))


@pages.get("/jobs/<int:number>/part")
def part(number: int) -> str:
    """Show the same, for the page that asks again and again."""
    return render_template("job_part.html", **_parts(_job(number)))


@pages.post("/jobs/<int:number>/stop")
def stop(number: int) -> Response:
    """Interrupt a command, and show how it ended."""
    job, jobs = _job(number), this_desk().jobs
    jobs.stop(job)
    return redirect(url_for("jobs.show", number=number), code=303)


def _job(number: int) -> Job:
    job = this_desk().jobs.job(number)
    if job is None:
        abort(404)
    return job


def _parts(job: Job) -> dict[str, object]:
    workspace = this_desk().workspace
    return {
        "job": job,
        "step": step(job.step),
        "lines": linked_lines(job.shown_lines, workspace),
        "products": products_by_folder(job.products, workspace),
    }
