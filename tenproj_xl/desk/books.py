"""The workbooks of a workspace that can be looked at, by folder, those of the newest period first."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.periods import parse_period
from tenproj_xl.desk.files import is_shown

_OFFICE = "办公室的表"
_BEFORE_FORMS = ("汇总",)
"""Folders that stand before the others of their period."""
_LEFT_OUT = ("待发",)
"""Folders with copies of what lies elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Workbooks that lie in one folder: what it is called, and the names and paths of the workbooks."""

    title: str
    books: Sequence[tuple[str, str]]


def workbooks(workspace: Workspace) -> list[Group]:
    """Return the workbooks by folder: of the newest period first, those that the office edits last."""
    groups: list[Group] = []
    if workspace.outbox.is_dir():
        periods = [one for one in workspace.outbox.iterdir() if one.is_dir()]
        for folder in sorted(periods, key=_moment, reverse=True):
            groups += _groups(workspace, folder)
    own = [path for path in sorted(workspace.root.glob("*.xlsx")) if _is_book(workspace, path)]
    if own:
        groups.append(_group(workspace, _OFFICE, own))
    return groups


def _moment(folder: Path) -> tuple[str, str]:
    """Return what folders of periods are ordered by: their last day, else their name."""
    try:
        return parse_period(folder.name).last.isoformat(), folder.name
    except (UsageProblem, ValueError):
        return "", folder.name


def _groups(workspace: Workspace, folder: Path) -> Iterator[Group]:
    by_folder: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*.xlsx")):
        inner = path.parent.relative_to(folder).as_posix().removeprefix(".")
        if _is_book(workspace, path) and inner.partition("/")[0] not in _LEFT_OUT:
            by_folder.setdefault(inner, []).append(path)
    for inner in sorted(by_folder, key=lambda name: (not name.startswith(_BEFORE_FORMS), name)):
        title = " ".join(filter(None, (_label(folder), inner.replace("/", " "))))
        yield _group(workspace, title, by_folder[inner])


def _label(folder: Path) -> str:
    try:
        return parse_period(folder.name).full_name
    except (UsageProblem, ValueError):
        return folder.name


def _group(workspace: Workspace, title: str, paths: Sequence[Path]) -> Group:
    # The roll-up itself has the shortest name of its folder: editions add words to it.
    ordered = sorted(paths, key=lambda path: (len(path.stem) if "汇总" in title else 0, path.name))
    return Group(title=title, books=[(path.name, workspace.relative(path)) for path in ordered])


def _is_book(workspace: Workspace, path: Path) -> bool:
    return not path.name.startswith("~$") and is_shown(workspace, workspace.relative(path))
