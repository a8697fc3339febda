"""The samples for timers call a command that there is, and are read by what they are for."""

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from tenproj_xl.cli.main import main

SAMPLES = Path(__file__).parents[2] / "docs" / "定时运行"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def test_the_samples_run_the_command_of_the_morning() -> None:
    service = (SAMPLES / "tenproj.service").read_text("utf-8")
    task = ET.parse(SAMPLES / "tenproj.xml").getroot()
    arguments = task.findtext(f".//{TASK}Arguments")
    assert re.search(r'tenproj" -C \S+ run\'$', service, re.MULTILINE)
    assert arguments is not None
    assert arguments.endswith(" run")
    assert CliRunner().invoke(main, ["run", "-h"]).exit_code == 0


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_when_it_is_to_run() -> None:
    timer = (SAMPLES / "tenproj.timer").read_text("utf-8")
    (when,) = re.findall(r"OnCalendar=(.*)", timer)
    done = subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, text=True, check=False)  # noqa: S603, S607
    assert done.returncode == 0, done.stderr
    assert "Mon..Fri *-*-* 08:30:00" in done.stdout
