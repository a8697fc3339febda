"""Who does not use the mailbox loads nothing of it."""

import subprocess
import sys

import pytest

from tests.helpers.filling import Office

OF_MAIL = ("imap_tools", "imaplib", "smtplib", "keyring")


def loaded_by(*arguments: str) -> set[str]:
    script = (
        "import sys\nfrom tenproj_xl.cli.main import main\n"
        f"try: main({list(arguments)!r}, prog_name='tenproj')\nexcept SystemExit: pass\n"
        f"print('\\n' + ' '.join(m for m in {OF_MAIL!r} if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [("status",), ("ingest",), ("plan", "check"), ("fetch", "--help")])
def test_other_commands_load_no_library_of_mail(week: Office, arguments: tuple[str, ...]) -> None:
    assert loaded_by("-C", str(week.workspace.root), *arguments) == set()
