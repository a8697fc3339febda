"""The command `objections`: ask the office in a workbook to decide on them, and record its decisions."""

from datetime import UTC, datetime
from pathlib import Path

from tenproj_xl.app.open_objections import spoken
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.results import Reviewed
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.objections import Objection
from tenproj_xl.office.objection_book import read_objection_book, write_objection_book

_WHO = "tenproj objections"


def ask(workspace: Workspace) -> Reviewed:
    """Write a workbook to decide the open objections in."""
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who=_WHO) as ledger:
        waiting = open_ones(ledger)
        plan = in_force(loaded, ledger).loaded.plan
        said = tuple(spoken(one, plan) for one in waiting)
        if not waiting:
            return Reviewed(said=said, findings=(), still_open=0, written=None)
        period = waiting[-1].period
        path = workspace.outbox / period / "得分异议" / f"得分异议裁定表_{period}.xlsx"
        outputs = Outputs(workspace, loaded, ledger)
        with outputs.write(path) as temporary:
            write_objection_book(temporary, waiting, plan, loaded.settings.zone)
        if outputs.has_new:
            outputs.record_alone("objections")
    return Reviewed(said=said, findings=(), still_open=len(waiting), written=path)


def decide(workspace: Workspace, path: Path) -> Reviewed:
    """Record what the office decided in a workbook; a row at fault decides nothing.

    Raises:
        UsageProblem: It is another workbook.
    """
    loaded = load(workspace)
    with opened_ledger(workspace, loaded, who=_WHO) as ledger:
        plan = in_force(loaded, ledger).loaded.plan
        decided, findings = read_objection_book(path, open_ones(ledger))
        if decided:
            with ledger.batch("objections", datetime.now(UTC), loaded.snapshots):
                for one in decided:
                    ledger.record_objection(one)
        still_open = len(open_ones(ledger))
    said = tuple(f"{spoken(one, plan)}：{one.state.label}，{one.why}" for one in decided)
    return Reviewed(said=said, findings=tuple(findings), still_open=still_open, written=None)


def open_ones(ledger: LedgerView) -> list[Objection]:
    """Return the objections of all periods that wait for the office."""
    return [one for period in ledger.scored_periods() for one in ledger.score_review(period).open_ones]
