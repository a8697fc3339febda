"""Visit the desk of a bundle as a browser does, with nothing but Python: run within the bare root.

    python visit.py ADDRESS_FILE

The address is what the desk gave to the browser. The demonstration is begun by its button, waited for, and looked at;
then the window is closed, which ends the desk. What was seen is printed.
"""

import html
import re
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener

_SECONDS = 180
_DEMO = re.compile(r'href="(/steps/demo)"')
_FORM = re.compile(r'<form[^>]*action="(/steps/demo/[^"]+)"')
_MATRIX = "已接收"


class Visitor:
    """A browser that came by the desk's address."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(), ProxyHandler({}))
        self.first = self.get(f"{parts.path}?{parts.query}")

    def get(self, path: str) -> str:
        """Return a page."""
        return self._asked(Request(self._origin + path))  # noqa: S310  # the desk's own address

    def post(self, path: str, **fields: str) -> str:
        """Send a form, and return the page that follows."""
        sent = urlencode(fields).encode()
        return self._asked(Request(self._origin + path, sent, {"Origin": self._origin}))  # noqa: S310

    def _asked(self, request: Request) -> str:
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return str(answer.read().decode())
        except HTTPError as fault:
            sys.exit(f"{request.full_url}: {fault.code}\n{fault.read().decode()}")


def main() -> None:
    began = time.monotonic()
    visitor = Visitor(_waited_for(Path(sys.argv[1])))
    print(f"the desk shows its first page after {time.monotonic() - began:.1f} s: {_title(visitor.first)}")
    path = _found(_DEMO, visitor.first)
    page = visitor.post(_found(_FORM, visitor.get(path)))
    job = _found(re.compile(r"(/jobs/\d+)/part"), page)
    until = time.monotonic() + _SECONDS
    while "正在运行……" in page:
        if time.monotonic() > until:
            sys.exit(f"the demonstration does not end:\n{page}")
        time.sleep(1)
        page = visitor.get(job)
    if "已完成。" not in page:
        sys.exit(f"the demonstration failed:\n{page}")
    home = visitor.post("/begin/use", name="演示")
    if home.count(_MATRIX) < 5:
        sys.exit(f"the first page does not show who has returned what:\n{home}")
    print(f"the demonstration by its button, then the first page of its workspace: {_title(home)}")
    visitor.post("/window?name=visit")
    visitor.post("/window?name=visit&closed=1")


def _waited_for(path: Path) -> str:
    until = time.monotonic() + _SECONDS
    while not (path.exists() and path.read_text("utf-8").endswith("\n")):
        if time.monotonic() > until:
            sys.exit("no browser was asked to show the desk")
        time.sleep(0.05)
    return path.read_text("utf-8").strip()


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if not found:
        sys.exit(f"{pattern.pattern} is not on the page:\n{page}")
    return html.unescape(found[1])


def _title(page: str) -> str:
    return _found(re.compile("<title>(.*?)</title>", re.DOTALL), page)


if __name__ == "__main__":
    main()
