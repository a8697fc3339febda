"""docs/SECURITY.md names tests that exist, and says nothing of networks that the program does not hold."""

import ast
import re
from pathlib import Path

HOME = Path(__file__).parents[2]
PAGE = (HOME / "docs" / "SECURITY.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
NETWORKS = {
    "aiosmtpd",
    "asyncio",
    "flask",
    "ftplib",
    "http",
    "imap_tools",
    "imaplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "urllib3",
    "werkzeug",
}


def names_in(path: Path) -> set[str]:
    return {n.name for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.FunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 40
    assert [f"{file}::{name}" for file, name in named if name not in names_in(HOME / file)] == []


def test_every_defence_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "shown by" not in line]
    tables = [row for row in rows if len(row.split(" | ")) >= 3]
    assert len(tables) > 20
    assert [row[:60] for row in tables if not NAMED.search(row)] == []


def test_no_package_but_post_and_desk_imports_what_talks_to_a_network() -> None:
    found = []
    for path in sorted((HOME / "tenproj_xl").rglob("*.py")):
        if path.parent.name in ("post", "desk"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            found += [
                f"{path.name}: {name}"
                for name in names
                if name.split(".")[0] in NETWORKS or name == "urllib.request"
            ]
    assert found == []


def test_one_module_alone_speaks_to_a_cluster() -> None:
    texts = {path: path.read_text("utf-8") for path in (HOME / "tenproj_xl").rglob("*.py")}
    assert [
        path.name for path, text in texts.items() if re.search(r"(import|from) (dask|distributed)\b", text)
    ] == ["cluster.py"]


def test_the_desk_serves_this_machine_and_asks_none_but_its_own_address() -> None:
    desk = HOME / "tenproj_xl" / "desk"
    texts = {path.name: path.read_text("utf-8") for path in desk.glob("*.py")}
    assert [name for name, text in texts.items() if "make_server(" in text] == ["server.py"]
    assert 'make_server("127.0.0.1", 0, ' in texts["server.py"]
    assert [name for name, text in texts.items() if "http.client" in text] == ["running.py"]
    assert [name for name, text in texts.items() if "urllib.request" in text] == []
    asking = texts["running.py"]
    assert asking.count("HTTPConnection(") == asking.count('HTTPConnection("127.0.0.1", ') == 1
