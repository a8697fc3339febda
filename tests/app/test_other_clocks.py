"""Another time zone on the machine, and a clock set back or forward, change no figure, letter, name or deadline."""

import os
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.helpers.filling import Office
from tests.helpers.programs import HOME, need

_MERGE = (sys.executable, "-c", "from tenproj_xl.cli.main import main; main()", "-C")


def arrived(week: Office) -> Path:
    """Three returns lie in the inbox: in time, hours late, and late in the evening of the last day, to be corrected."""
    week.send(week.right("03"), "03.xlsx", hours=-3)
    week.send(week.right("02"), "02.xlsx", hours=20)
    wrong = week.right("04")
    wrong.write("indicators", "Z04-01", value="很多")
    week.send(wrong, "04.xlsx", hours=6.75)
    return week.workspace.root


def called(root: Path, *command: str, clock: tuple[str, ...] = (), **environment: str) -> str:
    """Run a command in a process of its own, with a clock and an environment; return what it said."""
    path = f"{HOME / '.ci/other_day'}:{HOME}" if clock else str(HOME)
    done = subprocess.run(  # noqa: S603  # our own commands
        [*clock, *_MERGE, str(root), *command],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={**os.environ, **environment, "PYTHONPATH": path, "FAKETIME_DONT_FAKE_MONOTONIC": "1"},
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stderr + done.stdout


def told(root: Path) -> dict[str, object]:
    """Return what lies in the outbox: letters as they are, workbooks by their cells, but for when they were made."""
    found: dict[str, object] = {}
    for path in sorted((root / "outbox").rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix == ".txt":
            found[name] = path.read_text("utf-8-sig")
        elif path.suffix == ".xlsx":
            book = CalamineWorkbook.from_path(path)
            sheets = {tab: book.get_sheet_by_name(tab).to_python() for tab in book.sheet_names}
            found[name] = _without_the_present(repr(sheets))
        elif path.is_file():
            found[name] = None
    return found


def _without_the_present(text: str) -> str:
    """Leave out moments of these days, at which things were recorded, and the hash of what they stand in."""
    today = datetime.now().astimezone()
    days = "|".join(f"{today + timedelta(days=n):%Y-%m-%d}" for n in (-1, 0, 1))
    return re.sub(rf"(?:{days}) \d\d:\d\d|校验码 [0-9a-f]+", "~", text)


def test_the_time_zone_of_the_machine_changes_nothing(week: Office, tmp_path: Path) -> None:
    here = arrived(week)
    said, outboxes = [], []
    for zone in ("Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"):
        root = tmp_path / zone.replace("/", "-")
        shutil.copytree(here, root)
        called(root, "merge", TZ=zone)
        said.append(called(root, "status", TZ=zone))
        outboxes.append(told(root))
    assert "11-28 13:00" in said[0]  # twenty hours late, as clocks in the district show it
    assert said[1:] == said[:1] * 2
    assert outboxes[1] == outboxes[0]
    assert outboxes[2] == outboxes[0]


def test_a_clock_that_was_set_back_or_forward_is_told_of_and_changes_no_figure(week: Office) -> None:
    need("faketime")
    root = arrived(week)
    for _ in range(2):  # the second reminds those who were written to about something else in the first
        called(root, "merge")
    before = told(root)
    behind = called(root, "merge", clock=("faketime", "-f", "-40d"))
    assert "电脑的时钟" in behind
    assert "请把电脑的日期和时间调准" in behind
    assert told(root) == before
    ahead = called(root, "merge", clock=("faketime", "-f", "+5h"))
    assert "Traceback" not in ahead
    assert told(root) == before
    assert "全部相符" in called(root, "verify")
