"""What a command wrote, as the page names it: files by folder, and paths in its words that lead to them."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.desk.files import exists, is_shown
from tenproj_xl.desk.steps import step_of_command

_COMMAND = re.compile(r"tenproj ([a-z]+(?: [a-z]+(?:-[a-z]+)?)?)")
_LONGEST = 240
"""Letters of a path that are looked at."""
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
    found: list[Piece] = []
    told = start = 0
    while path_like := _PATH.search(line, start):
        path, start = _existing(path_like[0], workspace), path_like.end()
        if path:
            start = path_like.start() + len(path)
            found += [*_with_steps(line[told : path_like.start()]), Piece(path, path)]
            told = start
    return [*found, *_with_steps(line[told:])]


def _with_steps(text: str) -> list[Piece]:
    """Return a text in pieces, of which commands lead to the steps that run them."""
    pieces: list[Piece] = []
    told = 0
    for found in _COMMAND.finditer(text):
        step = step_of_command(found[1].split())
        pieces += [Piece(text[told : found.start()]), Piece(found[0], step=step.code if step else "")]
        told = found.end()
    return [piece for piece in (*pieces, Piece(text[told:])) if piece.text]


def _existing(text: str, workspace: Workspace) -> str:
    """Return the longest beginning of a text that is the path of something to show, "" for none."""
    for end in range(min(len(text), _LONGEST), len("outbox") - 1, -1):
        if text[end - 1] in "／/.。，、；：）(（" and end < len(text) and text[end - 1] != "/":
            continue
        if exists(workspace.root / text[:end]) and is_shown(workspace, text[:end]):
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
