"""The desk's server: the app with all its pages, and what serves it until its last window is closed."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from flask import Flask, render_template, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, make_server

from tenproj_xl import __version__
from tenproj_xl.core.errors import EnvironmentProblem, TenprojError
from tenproj_xl.core.fault_report import reported
from tenproj_xl.core.limits import LIMITS
from tenproj_xl.core.system_faults import system_fault
from tenproj_xl.desk.access import Access, guard
from tenproj_xl.desk.desk import Desk, this_desk
from tenproj_xl.desk.machine import open_page
from tenproj_xl.desk.products import linked_text
from tenproj_xl.desk.running import RunningDesk

PAGES = (
    "home_pages",
    "step_pages",
    "job_pages",
    "file_pages",
    "history_pages",
    "picture_pages",
    "wall_pages",
)
"""The modules of pages: each has a blueprint `pages`."""
_NAVIGATION = (
    ("home.show", "首页"),
    ("jobs.list_all", "做过的事"),
    ("pictures.choose", "看表"),
    ("history.choose", "查来历"),
    ("wall.choose", "挂图作战"),
)
"""What stands on top of each page, as far as it is there."""
_LOOK_SECONDS = 1.0
_MANY_FILES = 40


def make_app(desk: Desk) -> Flask:
    """Return the app of a desk."""
    app = Flask("tenproj_xl.desk")
    app.extensions["desk"] = desk
    app.config["MAX_CONTENT_LENGTH"] = _MANY_FILES * LIMITS.size
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    guard(app, desk.access)
    for name in PAGES:
        app.register_blueprint(import_module(f"tenproj_xl.desk.{name}").pages)
    app.context_processor(lambda: _shared(app, desk))
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(TenprojError, _problem)
    app.register_error_handler(OSError, _system_fault)
    app.register_error_handler(Exception, _fault)
    return app


def _shared(app: Flask, desk: Desk) -> dict[str, object]:
    """Return what every template knows."""
    return {
        "navigation": _navigation(app) if desk.is_ready else [],
        "most_bytes": app.config["MAX_CONTENT_LENGTH"],
        "linked": lambda text: linked_text(text, desk.workspace),
        "workspace": desk.workspace,
        "is_ready": desk.is_ready,
        "running": desk.jobs.running,
        "version": __version__,
    }


def _navigation(app: Flask) -> list[tuple[str, str]]:
    return [(name, label) for name, label in _NAVIGATION if name in app.view_functions]


def _refused(fault: HTTPException) -> tuple[str, int]:
    words = {
        400: "这次提交的内容不完整，没有做。请回到上一页，再试一次。",
        404: "没有这个页面，请回到首页。",
        405: "这个地址要从页面上的按钮打开，请回到首页。",
        413: "文件太大，没有收下。请分几次拖，或请对方压缩图片后重发。",
    }
    code = fault.code or 500
    said = words.get(code, "没有做成，请回到首页，再试一次。")
    if code == 403:  # each says why
        said = fault.description or ""
    return _told(said, code, is_bare=code == 403)


def _problem(fault: TenprojError) -> tuple[str, int]:
    return _told(str(fault), 409)


def _system_fault(fault: OSError) -> tuple[str, int]:
    return _told(system_fault(fault), 409)


def _fault(fault: Exception) -> tuple[str, int]:
    """Tell of a fault that nobody foresaw, and where its report lies."""
    said = "程序出错，没有做完；此前入账的内容不受影响。"
    with suppress(OSError):  # on a full disk there is no report
        said = reported(fault, f"desk {request.endpoint}", this_desk().folder)
    return _told(said, 500)


def _told(words: str, code: int, *, is_bare: bool = False) -> tuple[str, int]:
    """Return the page that tells what was not done, or the part that stands in its place within a page."""
    try:
        if request.headers.get("HX-Request"):  # htmx shows what is answered with 200 alone
            return render_template("problem_part.html", words=words), 200
        return render_template("problem.html", words=words, is_bare=is_bare), code
    except OSError:  # what every page shows of the workspace cannot be read either
        return f"<!doctype html><meta charset=utf-8><title>没有做成</title><p>{escape(words)}</p>", code


def serve(
    folder: Path,
    *,
    show: Callable[[str], bool] = open_page,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the desk of a folder until its last window is closed and no command runs.

    Where one is served already, show that, and return.

    Args:
        folder: The workspace, or the folder in which one is to be made.
        show: What shows a page.
        say: What tells the operator, in a sentence.

    Raises:
        EnvironmentProblem: The folder cannot be written to, or this machine lets nobody listen.
    """
    if not folder.is_dir():
        raise EnvironmentProblem(f"没有“{folder}”这个文件夹，请核对后再打开。")
    running = RunningDesk(folder)
    with running.turn():
        address = running.address()
        if address:
            say("办公桌已经打开，转到已打开的那一个。")
            _show(address, show, say)
            return
        desk, server = _listening(folder)
        running.note(desk.access)
    try:
        _show(desk.access.new_address(), show, say)
        _until_closed(desk, server)
    finally:
        server.server_close()
        running.forget(desk.access)


def _show(address: str, show: Callable[[str], bool], say: Callable[[str], None]) -> None:
    if not show(address):
        say(f"请在这台电脑的浏览器里打开：{address}")


def _listening(folder: Path) -> tuple[Desk, BaseWSGIServer]:
    """Return a desk and its server, on a port of this machine that was free."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    desk = Desk(folder=folder, access=Access(port=0))
    try:
        server = make_server("127.0.0.1", 0, make_app(desk), threaded=True)
    except OSError as fault:
        raise EnvironmentProblem(
            "这台电脑不让程序在本机开页面。请在杀毒软件或防火墙里允许 tenproj（不联网），再打开一次。"
        ) from fault
    desk.access.port = server.port
    return desk, server


def _until_closed(desk: Desk, server: BaseWSGIServer) -> None:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        while desk.jobs.running or not desk.windows.are_closed():
            time.sleep(_LOOK_SECONDS)
    finally:
        server.shutdown()
        thread.join()
