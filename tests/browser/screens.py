"""Take a picture of every page of a workspace's desk, as an office's screen shows it, to be looked at.

python -m tests.browser.screens WORKSPACE 2026-W48 FOLDER
"""

import argparse
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tests.browser.addresses import of_looking, of_sheets, of_steps
from tests.browser.office_desk import chromium, entered, new_window, running_desk
from tests.helpers.filling import Office


def main() -> None:
    """Take the pictures, numbered in the order of the addresses, and print which is which."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workspace", type=Path)
    parser.add_argument("period")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    office = Office.of(Workspace(given.workspace.resolve()), given.period)
    given.folder.mkdir(parents=True, exist_ok=True)
    with running_desk(office.workspace.root) as desk, chromium() as browser:
        page = entered(new_window(browser), desk)
        home = page.url
        addresses = [*of_steps(), *of_looking(office), *of_sheets(office)]
        for number, address in enumerate(addresses, 1):
            page.goto(home + address, wait_until="load")
            page.screenshot(path=given.folder / f"{number:03d}.png")
            print(f"{number:03d} /{address}")


if __name__ == "__main__":
    main()
