"""Makes an edition of the roll-up: a workbook for leaders, one for all to read, and the brief.

Reads: plan, settings and ledger. Writes: the files of the edition into the outbox.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tenproj_xl.app.rollup_input import gathered
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import atomic_write, file_name
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.settings import Loaded
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.brief import write_brief
from tenproj_xl.rollup.facts.editions import MEETING, MONTH, QUARTER, WEEK, YEAR, Audience, Edition, Release
from tenproj_xl.rollup.facts.model import Facts, facts_of

EDITIONS: Mapping[str, Edition] = {e.code: e for e in (MEETING, MONTH, QUARTER, YEAR)}


@dataclass(frozen=True)
class Made:
    """What was written, the leaders' workbook first, and what it says."""

    facts: Facts
    written: tuple[Path, ...]


def make(
    workspace: Workspace, loaded: Loaded, ledger: LedgerView, period: Period, edition: Edition, signed_by: str
) -> Made:
    """Write the files of an edition.

    Raises:
        UsageProblem: no forms went out in the period.
    """
    facts = facts_of(gathered(loaded, ledger, period))
    told = {a: _released(facts, Release(edition, a, signed_by)) for a in Audience}
    parts: tuple[tuple[str, Callable[[Path, Facts], None], Audience], ...] = (
        (".xlsx", write_rollup, Audience.LEADERS),
        (f"_{Audience.PUBLIC}.xlsx", write_rollup, Audience.PUBLIC),
        ("_简报.docx", write_brief, Audience.LEADERS),
    )
    folder, stem = workspace.outbox / period.code / "汇总", _stem(loaded, period, edition, signed_by)
    written = []
    for ending, write, audience in parts:
        path = folder / f"{stem}{ending}"
        with atomic_write(path) as temporary:
            write(temporary, told[audience])
        written.append(path)
    return Made(told[Audience.LEADERS], tuple(written))


def _released(facts: Facts, release: Release) -> Facts:
    """Return the facts for the readers of a release; the sheets leave out what these may not see."""
    return replace(facts, data=replace(facts.data, release=release))


def _stem(loaded: Loaded, period: Period, edition: Edition, signed_by: str) -> str:
    title = file_name(loaded.plan.programme.title.replace("“", "").replace("”", ""))
    what = "汇总表" if edition is WEEK else edition.title
    return f"{title}_{period.dated_label}{what}" + ("_签发稿" if signed_by else "")
