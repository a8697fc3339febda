"""What a command loads: nobody waits for what the command does not need."""

import subprocess
import sys

import pytest

from tenproj_xl.app.workspace import keep_workbooks
from tenproj_xl.core.processors import usable_cores
from tests.helpers.filling import Office

HEAVY = ("flask", "pandas", "openpyxl", "xlsxwriter", "pandera", "python_calamine")


def modules_of(*arguments: str) -> set[str]:
    script = (
        "import sys\nfrom tenproj_xl.cli.main import main\n"
        f"try: main({list(arguments)!r}, prog_name='tenproj')\nexcept SystemExit: pass\n"
        "print('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    return set(done.stdout.splitlines()[-1].split())


def loaded_by(*arguments: str) -> set[str]:
    return modules_of(*arguments) & set(HEAVY)


@pytest.mark.parametrize("arguments", [("--help",), ("merge", "--help"), ("--version",)])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert loaded_by(*arguments) == set()


def test_the_list_of_commands_loads_none_of_them() -> None:
    modules = modules_of("--help")
    assert {name for name in modules if name.startswith("tenproj_xl")} == {
        "tenproj_xl",
        "tenproj_xl.cli",
        "tenproj_xl.cli.console",
        "tenproj_xl.cli.main",
        "tenproj_xl.core",
        "tenproj_xl.core.errors",
    }
    assert not modules & {"dataclasses", "json", "logging", "sqlite3", "tempfile"}


def test_a_command_ends_without_looking_through_all_that_it_loaded() -> None:
    script = (
        "import atexit, gc\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 1000))\n"  # the last to be called
        "from tenproj_xl.cli.main import main\n"
        "main(['--version'], prog_name='tenproj')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.splitlines()[-1] == "True"
    assert done.stderr == ""


READING, FACTS = "tenproj_xl.reading.sandbox", "tenproj_xl.rollup.facts.model"
"""The modules that load all that reads files, and all that computes a roll-up."""
RECOGNISING = "tenproj_xl.recognition.identify"


@pytest.mark.parametrize(
    "words", [("status",), ("status", "--json"), ("history", "Z03-04"), ()], ids=" ".join
)
def test_who_looks_at_known_workbooks_loads_nothing_that_reads_files(
    week: Office, words: tuple[str, ...]
) -> None:
    keep_workbooks(week.workspace)
    modules = modules_of("-C", str(week.workspace.root), *words)
    assert "tenproj_xl.app.workspace" in modules
    assert not modules & {
        READING,
        FACTS,
        RECOGNISING,
        "email",
        "asyncio",
        "filelock",
        "docx",
        "multiprocessing",
    }


def test_status_does_not_load_what_only_those_who_write_need(week: Office) -> None:
    keep_workbooks(week.workspace)
    modules = modules_of("-C", str(week.workspace.root), "status")
    assert not modules & {"concurrent.futures", "pickle", "shutil", "tempfile"}


def test_commands_that_judge_nothing_do_not_load_the_judges(week: Office) -> None:
    assert loaded_by("-C", str(week.workspace.root), "status") == set()
    assert loaded_by("-C", str(week.workspace.root)) == set()
    assert loaded_by("-C", str(week.workspace.root), "plan", "check") == set()


def test_generate_loads_the_writer_but_neither_pandas_nor_pandera(week: Office) -> None:
    assert loaded_by("-C", str(week.workspace.root), "generate", "--period", "2026-W48") == {
        "openpyxl",
        "xlsxwriter",
    }


@pytest.mark.skipif(usable_cores() < 2, reason="a second process is for a second core")
def test_the_process_of_merge_leaves_pandas_and_pandera_to_the_second_one(week: Office) -> None:
    modules = modules_of("-C", str(week.workspace.root), "merge")
    assert modules & set(HEAVY) == {"xlsxwriter"}
    assert not modules & {"numpy", "asyncio", "ssl", "http.client", "PIL", "tenproj_xl.reading.picture.model"}
