"""Who may use the desk: whom its one-time address was shown to, from this machine, by our own pages."""

import secrets
from dataclasses import field
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.desk.peers import is_of_another_user

ENTRANCE: Final = "/enter"
AGAIN: Final = "/again"
POLICY = (
    "default-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
"""Nothing comes from elsewhere."""
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_SAFE = ("GET", "HEAD")


@dataclass(kw_only=True)
class Access:
    """The secrets of a desk.

    Attributes:
        port: Where it listens.
        key: What a second start shows, to be given another address.
        proof: What the desk answers to that, as no other program that listens at its port can.
        session: What the cookie says of a browser that came by an address.
        tokens: The addresses that were not used yet.
    """

    port: int
    key: str = field(default_factory=secrets.token_urlsafe)
    proof: str = field(default_factory=secrets.token_urlsafe)
    session: str = field(default_factory=secrets.token_urlsafe)
    tokens: set[str] = field(default_factory=set)

    @property
    def cookie(self) -> str:
        """The name of the cookie: cookies of a host are those of all its ports."""
        return f"tenproj_desk_{self.port}"

    @property
    def origin(self) -> str:
        """The address of the desk."""
        return f"http://127.0.0.1:{self.port}"

    def new_address(self) -> str:
        """Return an address by which one browser can enter, once."""
        token = secrets.token_urlsafe()
        self.tokens.add(token)
        return f"{self.origin}{ENTRANCE}?token={token}"

    def takes(self, token: str) -> bool:
        """Return whether an address was good; it is no more."""
        good = False
        for one in self.tokens:
            good |= secrets.compare_digest(token.encode(), one.encode())
        self.tokens.discard(token)
        return good

    def knows(self, asked: Request) -> bool:
        """Return whether a browser came by an address of ours."""
        shown = asked.cookies.get(self.cookie, "")
        return secrets.compare_digest(shown.encode(), self.session.encode())

    def is_ours(self, host: str) -> bool:
        """Return whether a host with its port is this desk: no other name that leads here is."""
        return host in (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    def is_from_here(self, asked: Request) -> bool:
        """Return whether a page of this desk sends what is sent."""
        said = asked.headers.get("Origin") or asked.headers.get("Referer", "")
        try:
            parts = urlsplit(said)
        except ValueError:  # an address that is none
            return False
        return parts.scheme == "http" and self.is_ours(parts.netloc)

    def is_of_another_user(self, asked: Request) -> bool:
        """Return whether another user of this machine asks."""
        port = asked.environ.get("REMOTE_PORT")
        return isinstance(port, int) and is_of_another_user(port, self.port)


def guard(app: Flask, access: Access) -> None:
    """Let nobody but the browser of this machine's operator use an app."""

    @app.before_request
    def admit() -> AnyResponse | None:
        if not access.is_ours(request.host):
            abort(403, "地址不对：请用打开时的地址，或再双击一次“打开”。")
        if access.is_of_another_user(request):
            abort(403, "这台电脑上别的用户不能用这个办公桌，请用打开它的那个用户。")
        if request.path == AGAIN and request.method == "POST":
            return None
        if request.method not in _SAFE and not access.is_from_here(request):
            abort(403, "这个请求不是从办公桌的页面发来的，没有执行。请回到页面上再点一次。")
        if request.path == ENTRANCE:
            return _entered(access)
        if not access.knows(request):
            abort(403, "请再双击一次“打开”（或再运行一次 tenproj desk）：每次打开的地址只能用一次。")
        return None

    @app.post(AGAIN)
    def again() -> str:
        shown = request.headers.get("X-Desk-Key", "")
        if not secrets.compare_digest(shown.encode(), access.key.encode()):
            abort(403, "这个请求不是从办公桌发来的，没有执行。")
        return f"{access.new_address()}\n{access.proof}"

    @app.after_request
    def close(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _entered(access: Access) -> AnyResponse:
    response = redirect("/")
    if access.takes(request.args.get("token", "")):
        response.set_cookie(access.cookie, access.session, httponly=True, samesite="Strict")
    elif not access.knows(request):
        abort(403, "这个地址已经用过。请再双击一次“打开”（或再运行一次 tenproj desk）。")
    return response
