"""What click says of its own is Chinese on every machine."""

import gettext
import io
import os
import subprocess
import sys
from typing import BinaryIO

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from tenproj_xl.cli.console import LOCALE, year_number
from tenproj_xl.cli.main import main

MESSAGES = LOCALE / "zh_CN" / "LC_MESSAGES" / "messages.po"


def messages(catalogue: BinaryIO) -> dict[object, str]:
    """Return the messages of a compiled catalogue, without its header, which holds the day of its making."""
    found = vars(gettext.GNUTranslations(catalogue))["_catalog"]
    return {message: text for message, text in found.items() if message}


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = io.BytesIO()
    with MESSAGES.open("rb") as text:
        write_mo(compiled, read_po(text, locale="zh_CN"))
    compiled.seek(0)
    with MESSAGES.with_suffix(".mo").open("rb") as kept:
        assert messages(kept) == messages(compiled)


@pytest.mark.parametrize("language", ["C", "C.UTF-8", "de_DE.UTF-8"])
def test_click_speaks_chinese_whatever_the_locale(language: str) -> None:
    environment = {**os.environ, "LANG": language, "LC_ALL": language, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "tenproj_xl.cli.main", "merge"]
    shown = subprocess.run([*command, "-h"], capture_output=True, env=environment, check=True)  # noqa: S603
    assert shown.stdout.decode().startswith("用法：")
    assert "显示这段说明。" in shown.stdout.decode()
    refused = subprocess.run([*command, "--pdf=1"], capture_output=True, env=environment, check=False)  # noqa: S603
    assert refused.stderr.decode().startswith("错误：“--pdf”后面不用写内容。")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["plan", "new-year", "明年"], "错误：“明年”不是年份，应如 2026。"),
        (["archive", "--year", "20226"], "错误：“20226”不是年份，应如 2026。"),
    ],
)
def test_a_year_that_is_none_is_told_in_chinese(command: list[str], told: str) -> None:
    refused = CliRunner().invoke(main, command)
    assert (refused.exit_code, refused.stderr.strip()) == (2, told)


@pytest.mark.parametrize("typed", ["2026", "2026年", "２０２６年"])
def test_a_year_is_read_as_people_write_it(typed: str) -> None:
    assert year_number(typed) == 2026
