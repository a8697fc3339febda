"""The desk that a process serves: its folder, its commands, who may enter, and which windows are open."""

from collections.abc import Callable
from dataclasses import field
from pathlib import Path

from flask import current_app

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.desk.access import Access
from tenproj_xl.desk.jobs import Jobs
from tenproj_xl.desk.machine import open_path
from tenproj_xl.desk.steps import OWN_FOLDER
from tenproj_xl.desk.windows import Windows

_EXTENSION = "desk"


@dataclass(kw_only=True)
class Desk:
    """What all pages share.

    Attributes:
        folder: The folder that the desk was started in.
        access: Who may enter.
        jobs: The commands that run and ran.
        windows: The windows that are open.
        open_path: What opens a file or a folder with the program of this machine.
    """

    folder: Path
    access: Access
    jobs: Jobs = field(default_factory=Jobs)
    windows: Windows = field(default_factory=Windows)
    open_path: Callable[[Path], None] = open_path
    chosen: Workspace | None = None

    @property
    def workspace(self) -> Workspace:
        """The workspace that the desk works in, which need not be made yet."""
        if self.chosen:
            return self.chosen
        here, own = Workspace(self.folder), Workspace(self.folder / OWN_FOLDER)
        if own.plan.exists() and not here.plan.exists():
            return own
        return here

    @property
    def place(self) -> Path:
        """The folder in which workspaces lie side by side: that of the desk, or the one around it."""
        if Workspace(self.folder).plan.exists():
            return self.folder.parent
        return self.folder

    @property
    def workspaces(self) -> list[Workspace]:
        """The workspaces that lie there."""
        try:
            folders = sorted(self.place.iterdir())
        except OSError:  # nobody may look into the folder around a shared one
            folders = [self.folder]
        return [one for one in map(Workspace, folders) if one.plan.exists()]

    @property
    def is_ready(self) -> bool:
        """Whether there is a workspace to work in."""
        return self.workspace.plan.exists()


def this_desk() -> Desk:
    """Return the desk of the page that is asked for."""
    desk = current_app.extensions[_EXTENSION]
    if not isinstance(desk, Desk):
        raise TypeError("the app was not made by make_app")
    return desk
