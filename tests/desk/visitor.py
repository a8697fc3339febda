"""A browser as the desk sees it: it came by the one-time address, sends Origin, and follows what it is told."""

import io
import re
from html import unescape
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from tenproj_xl.desk.access import Access
from tenproj_xl.desk.desk import Desk
from tenproj_xl.desk.jobs import Job
from tenproj_xl.desk.server import make_app

PORT = 5000
ORIGIN = f"http://127.0.0.1:{PORT}"


class Visitor:
    """A browser on the desk of a folder. `opened` is what the machine was asked to open."""

    def __init__(self, folder: Path, *, enters: bool = True) -> None:
        self.opened: list[Path] = []
        self.access = Access(port=PORT)
        self.desk = Desk(folder=folder, access=self.access, open_path=self.opened.append)
        self.client = make_app(self.desk).test_client()
        if enters:
            self.client.get(self.access.new_address(), base_url=ORIGIN)

    def ask(self, path: str, **more: Any) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path, base_url=ORIGIN, **more)

    def see(self, path: str) -> str:
        """Return the text of a page that has to be there."""
        page = self.ask(path)
        assert page.status_code == 200, page.text
        return text_of(page)

    def send(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form from a page of the desk."""
        more.setdefault("headers", {"Origin": ORIGIN})
        return self.client.post(path, base_url=ORIGIN, data=data or {}, **more)

    def click(self, step: str, action: str, data: dict[str, Any] | None = None) -> Job:
        """Click on a button of a step; return its command when it is done."""
        answer = self.send(f"/steps/{step}/{action}", data)
        assert answer.status_code == 303, text_of(answer)
        job = self.desk.jobs.job(int(answer.location.rpartition("/")[2]))
        assert job
        self.desk.jobs.wait(job)
        return job

    def drop(self, *files: Path) -> str:
        """Drop files on the page as a browser does, with their times; return what it says."""
        sent = {
            "returns": [file(path.name, path.read_bytes()) for path in files],
            "modified": [str(int(path.stat().st_mtime * 1000)) for path in files],
        }
        return text_of(self.send("/inbox", sent, headers={"Origin": ORIGIN, "HX-Request": "true"}))

    def wait(self) -> None:
        """Wait for the command that runs, if any does."""
        if self.desk.jobs.running:
            self.desk.jobs.wait(self.desk.jobs.running)


def text_of(page: TestResponse) -> str:
    """Return what a person reads of a page."""
    bare = re.sub(r"<[^>]*>", " ", page.text)
    return " ".join(unescape(bare).split())


def file(name: str, data: bytes) -> tuple[io.BytesIO, str]:
    """Return a file as a form sends it."""
    return io.BytesIO(data), name
