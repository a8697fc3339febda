"""A whole week of ten task forces by clicks alone, and the same week by commands: the ledgers are equal, entry by entry.

    python -m tests.browser.week

From an empty folder to the papers that are given out, in a real browser; both offices at once, each by its own clock.
"""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.browser.by_clicks import an_operator
from tests.browser.by_commands import ByCommands
from tests.browser.comparing import differences
from tests.browser.story import Week
from tests.faults.state import state_of


def main() -> None:
    """Play the week twice, and hold one against the other."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tp-desk-") as name, ThreadPoolExecutor() as pool:
        by_commands = ByCommands(Path(name) / "by-commands")
        typed = pool.submit(Week(by_commands).play)
        with an_operator(Path(name) / "by-clicks") as operator:
            try:
                Week(operator).play()
            except BaseException:
                operator.page.screenshot(path="desk-failure.png", full_page=True)
                print(operator.page.inner_text("body"))
                raise
            clicked = operator.workspace.root
        typed.result()
        found = list(differences(by_commands.workspace.root, clicked))
        for line in found:
            print(line)
        if found:
            raise SystemExit(f"{len(found)} differences")
        state = state_of(clicked, is_new=True)
        entries = sum(rows.total() for rows in state.ledger.values())
        print(
            f"{entries} entries of the ledger and {len(state.files)} files are the same by clicks and by commands"
        )
    print(f"the week was played twice in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
