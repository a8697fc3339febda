"""What a command wrote, as the page names it: files by folder, and paths in its words that lead to them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.desk.files import is_shown
from tenproj_xl.desk.steps import step_of_command

_COMMAND = re.compile(r"tenproj ([a-z]+(?: [a-z]+(?:-[a-z]+)?)?)")
_PATH = re.compile(r"(?:outbox|inbox|备份)/\S*")


@dataclass(frozen=True)
class Piece:
    """A piece of a line: a `path` below the workspace, a command that is that of a `step`, or else words."""

    text: str
    path: str = ""
    step: str = ""


@dataclass(frozen=True, kw_only=True)
class Product:
    """A file that a command wrote."""

    name: str
    path: str


def linked_lines(lines: Iterable[str], workspace: Workspace) -> list[list[Piece]]:
    """Return lines in pieces, of which paths of files and folders that are there lead to them."""
    return [_pieces(line, workspace) for line in lines]


def linked_text(text: str, workspace: Workspace) -> list[Piece]:
    """Return a text in pieces, as `linked_lines` does with each line."""
    return _pieces(text, workspace)


def _pieces(line: str, workspace: Workspace) -> list[Piece]:
    found = _PATH.search(line)
    if not found:
        return _with_steps(line)
    path = _existing(found[0], workspace)
    start, end = found.start(), found.start() + len(path)
    if not path:
        end = found.end()
        return [*_with_steps(line[:end]), *_pieces(line[end:], workspace)]
    return [*_with_steps(line[:start]), Piece(path, path), *_pieces(line[end:], workspace)]


def _with_steps(text: str) -> list[Piece]:
    """Return a text in pieces, of which commands lead to the steps that run them."""
    found = _COMMAND.search(text)
    if not found:
        return [Piece(text)] if text else []
    step = step_of_command(found[1].split())
    before, after = text[: found.start()], text[found.end() :]
    return [Piece(before), Piece(found[0], step=step.code if step else ""), *_with_steps(after)]


def _existing(text: str, workspace: Workspace) -> str:
    """Return the longest beginning of a text that is the path of something to show, "" for none."""
    for end in range(len(text), len("outbox") - 1, -1):
        if text[end - 1] in "／/.。，、；：）(（" and end < len(text) and text[end - 1] != "/":
            continue
        if (workspace.root / text[:end]).exists() and is_shown(workspace, text[:end]):
            return text[:end]
    return ""


def products_by_folder(paths: Sequence[Path], workspace: Workspace) -> list[tuple[str, list[Product]]]:
    """Return what was written, folder by folder, in the order of names."""
    folders: dict[str, list[Product]] = {}
    for path in paths:
        if path.exists():
            relative = workspace.relative(path)
            folder = workspace.relative(path.parent)
            folders.setdefault(folder, []).append(Product(name=path.name, path=relative))
    return sorted(folders.items())
