"""The week by commands, each a process of its own at the story's time."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tests.browser.story_clock import Clock

_SECONDS = 180


class ByCommands:
    """An office that types commands."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace(folder / "工作区")
        self.workspace.root.mkdir(parents=True)
        self.clock = Clock(folder)
        self.said: list[str] = []

    def does(self, command: str, *arguments: str, ends_well: bool | None = None) -> str:
        """Run a command in the workspace, and return what it says."""
        if command == "backup":
            Path(arguments[0]).mkdir()
            arguments = (f"{arguments[0]}/工作区.zip",)
        done = subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "tenproj_xl.cli.main", *command.split(), *arguments],
            capture_output=True,
            text=True,
            env=self.clock.environment,
            cwd=self.workspace.root,
            timeout=_SECONDS,
            check=False,
        )
        said = done.stdout + done.stderr
        self.said.append(f"$ tenproj {command} {' '.join(arguments)} → {done.returncode}\n{said}")
        assert done.returncode in (0, 1), self.said[-1]
        assert ends_well is None or ends_well == (done.returncode == 0), self.said[-1]
        return said

    def receives(self, files: Mapping[str, bytes]) -> None:
        """Put files into the inbox."""
        for name, data in files.items():
            (self.workspace.inbox / name).write_bytes(data)
