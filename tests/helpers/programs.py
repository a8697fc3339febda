"""Programs that tests drive, and what becomes of a test where one is missing."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

PYTHON = "/usr/bin/python3"
"""The Python that the system's LibreOffice has its bridge for; that of a virtual environment has none."""
HOME = Path(__file__).parents[2]
NODE = Path(__file__).parents[1] / "clients"
"""Where the packages for Node are named, and installed by `npm ci`."""
AXE = Path(__file__).parents[1] / "browser" / "node_modules" / "axe-core" / "axe.min.js"
"""What looks at pages for those who read otherwise; installed by `npm ci`, too."""
_SECONDS = 180


def need(*programs: str) -> None:
    """Skip the test where one of the programs is missing: `soffice`, `writer`, `gnumeric`, `node`, `axe` or a command.

    Fail it instead where TENPROJ_REQUIRE_LIBREOFFICE=1 says that all of them must be there.
    """
    lacking = "; ".join(filter(None, map(missing, programs)))
    if lacking and os.environ.get("TENPROJ_REQUIRE_LIBREOFFICE") == "1":
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)


@cache
def missing(program: str) -> str:
    """Return what this machine lacks to run a program, "" if nothing."""
    if program == "axe":
        return (
            ""
            if AXE.exists()
            else f"axe-core is not installed (npm ci in {AXE.parents[2].relative_to(HOME)})"
        )
    command = {"gnumeric": "ssconvert", "writer": "soffice"}.get(program, program)
    if shutil.which(command) is None:
        return f"{command} is not installed"
    if program == "soffice" and (not Path(PYTHON).exists() or run([PYTHON, "-c", "import uno"]).returncode):
        return f"{PYTHON} has no LibreOffice bridge (python3-uno)"
    if program == "writer" and not _has_writer():
        return "LibreOffice cannot open documents (libreoffice-writer-nogui)"
    if program == "node" and not (NODE / "node_modules").is_dir():
        return f"ExcelJS and SheetJS are not installed (npm ci in {NODE.relative_to(HOME)})"
    return ""


def _has_writer() -> bool:
    """Return whether LibreOffice came with its word processor, a package of its own on Debian."""
    program = Path(shutil.which("soffice") or "").resolve()
    return (program.parents[1] / "share/registry/writer.xcd").exists()


def output_of(command: Sequence[str], given: str = "") -> str:
    """Return what a command prints, given some input.

    Raises:
        RuntimeError: the command failed; the message has its error output.
    """
    done = run(command, given)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed with {done.returncode}:\n{done.stderr}")
    return done.stdout


def run(command: Sequence[str], given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command from the repository's root, without the variables of a virtual environment."""
    return subprocess.run(  # noqa: S603  # commands of the tests
        command,
        input=given,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
        env=_environment(),
        cwd=HOME,
    )


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}


class Dialogue:
    """A started command that answers each line of its input with a line; run as `run` does."""

    ENDED = "ended without an answer"

    def __init__(self, command: Sequence[str]) -> None:
        self._name = command[0]
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # closed by `end`
        self._process = subprocess.Popen(  # noqa: S603  # commands of the tests
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=_environment(),
            cwd=HOME,
        )

    def answer(self, line: str) -> str:
        """Return the answer to a line.

        Raises:
            RuntimeError: the command ended instead; the message has its error output.
            TimeoutError: it did not answer in time, and was ended.
        """
        clock = threading.Timer(_SECONDS, self._process.kill)
        clock.start()
        try:
            answer = self._asked(line)
        finally:
            clock.cancel()
        if not answer:
            was_killed = self._process.wait() < 0
            self._errors.seek(0)
            printed = self._errors.read()
            self.end()
            if was_killed:
                raise TimeoutError(f"{self._name} did not answer in {_SECONDS} s:\n{printed}")
            raise RuntimeError(f"{self._name} failed:\n{printed or self.ENDED}")
        return answer

    def _asked(self, line: str) -> str:
        given, answers = self._process.stdin, self._process.stdout
        assert given is not None
        assert answers is not None
        try:
            given.write(line + "\n")
            given.flush()
            return answers.readline()
        except BrokenPipeError:
            return ""

    def end(self) -> None:
        """Let the command end: its input is over."""
        with suppress(BrokenPipeError):
            self._process.communicate(timeout=_SECONDS)
        self._errors.close()
