"""A workbook that LibreOffice converts asks nobody for anything."""

import http.server
import io
import threading
from collections.abc import Iterator

import pytest
import xlsxwriter

from tenproj_xl.core.limits import LIMITS
from tenproj_xl.reading import libreoffice
from tests.helpers.programs import need

pytestmark = pytest.mark.libreoffice

BARE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"></oor:items>"""
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in {
        "office": "office",
        "table": "table",
        "text": "text",
        "draw": "drawing",
        "svg": "svg-compatible",
    }.items()
)
LINKS = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'


def fods(table: str) -> bytes:
    """A workbook in one plain XML file."""
    kind = 'office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"'
    sheet = f'<table:table table:name="一">{table}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}<office:document {SPACES} {LINKS} {kind}>{body}</office:document>".encode()


def formula(text: str) -> str:
    value = 'office:value-type="float" office:value="1"'
    return f'<table:table-cell table:formula="{text}" {value}><text:p>1</text:p></table:table-cell>'


def asking_ods(where: str) -> bytes:
    """A workbook with a linked sheet, a linked picture, a formula that asks, and one with another file's cell."""
    link = f'<table:table-source xlink:type="simple" xlink:href="{where}/sheet.ods" table:table-name="A"/>'
    picture = f'<draw:image xlink:href="{where}/picture.png" xlink:type="simple"/>'
    frame = f'<draw:frame svg:width="2cm" svg:height="2cm">{picture}</draw:frame>'
    web = formula(f"of:=WEBSERVICE(&quot;{where}/web&quot;)")
    outside = formula(f"of:='{where}/other.ods'#$Sheet1.A1")
    row = f"<table:table-row>{web}{outside}</table:table-row>"
    return fods(f"{link}<table:shapes>{frame}</table:shapes>{row}")


def asking_xlsx(where: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("一")
        sheet.write_formula(0, 0, f'=_xlfn.WEBSERVICE("{where}/web")', None, "1")
        sheet.write_formula(1, 0, f"='{where}/[other.xlsx]Sheet1'!A1", None, 1)
    return file.getvalue()


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that listens, and what it was asked for."""
    paths: list[str] = []

    class Listening(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815  # so the server names them

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listening) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", paths
        server.shutdown()


def test_a_workbook_would_ask_if_nothing_held_it_back(
    asked: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    need("soffice")
    where, paths = asked
    monkeypatch.setattr(libreoffice, "_SETTINGS", BARE)
    monkeypatch.setattr(libreoffice, "without_network", lambda: ())
    assert libreoffice.to_xlsx(asking_ods(where), ".fods", LIMITS)
    assert "/picture.png" in paths


@pytest.mark.parametrize("alone", [False, True])
def test_nothing_is_asked_with_a_network_of_its_own_nor_by_the_profile_alone(
    alone: bool,  # noqa: FBT001  # a case
    asked: tuple[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need("soffice")
    where, paths = asked
    if alone:
        monkeypatch.setattr(libreoffice, "without_network", lambda: ())
    assert libreoffice.to_xlsx(asking_ods(where), ".fods", LIMITS)
    assert libreoffice.to_xlsx(asking_xlsx(where), ".xlsx", LIMITS)
    assert paths == []
