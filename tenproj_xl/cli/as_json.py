"""What the commands print with `--json`: one document, in which unknown is null."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tenproj_xl.core.codes import label_of
from tenproj_xl.core.texts import text_of

if TYPE_CHECKING:
    from tenproj_xl.app.matrix_results import Matrix, PaperState
    from tenproj_xl.app.results import (
        Amended,
        Asked,
        Drawn,
        Exported,
        FileResult,
        Ingested,
        IssuedSlips,
        Listed,
        Merged,
        Remade,
        Resolved,
        Reviewed,
        RuleStats,
        Signed,
        Withdrawn,
    )
    from tenproj_xl.app.thread_results import Threaded
    from tenproj_xl.app.workspace import Workspace
    from tenproj_xl.core.findings import Finding
    from tenproj_xl.core.rules import RuleLine
    from tenproj_xl.ledger.return_state import TaskForceReturn
    from tenproj_xl.model.conflicts import ConflictDecision
    from tenproj_xl.model.publications import Publication
    from tenproj_xl.model.receipts import Receipt


def merged_json(done: Merged, pdfs: Sequence[Path], workspace: Workspace) -> dict[str, object]:
    """Return the document of `merge`."""
    return {
        **ingested_json(done.ingested, workspace),
        "written": paths_json(
            [*done.ingested.written, *done.ingested.reminders, done.rollup, *done.beside, *pdfs], workspace
        ),
        "rollup": workspace.relative(done.rollup),
        "again": [workspace.relative(merged.rollup) for merged in done.again],
    }


def remade_json(done: Remade, pdfs: Sequence[Path], workspace: Workspace) -> dict[str, object]:
    """Return the document of `merge` and `report` with `--as-of`."""
    return {
        "period": done.period.code,
        "as_of": done.as_of.isoformat(),
        "recorded_at": done.recorded_at.isoformat(),
        "written": paths_json([*done.written, *pdfs], workspace),
    }


def listed_json(listed: Listed, workspace: Workspace) -> dict[str, object]:
    """Return the document of `supervise` without a file."""
    written = paths_json([listed.written], workspace)
    return {"items": listed.items, "open": listed.open, "written": written}


def issued_json(issued: IssuedSlips, workspace: Workspace) -> dict[str, object]:
    """Return the document of `supervise FILE`."""
    return {
        "slips": [{"number": s.label, "code": s.code, "unit": s.unit} for s in issued.slips],
        "kept": [s.label for s in issued.kept],
        "closed": [s.label for s in issued.closed],
        "findings": findings_json(issued.findings),
        "written": paths_json([*filter(None, [issued.written]), *issued.to_fill_in], workspace),
    }


def exported_json(done: Exported) -> dict[str, object]:
    """Return the document of `export`; the folder is as it was given, its files are named from it on."""
    return {
        "period": done.period.code,
        "folder": str(done.folder),
        "findings": findings_json(done.findings),
        "written": [path.name for path in done.written],
    }


def findings_json(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """Return findings of several files, each with its file."""
    return [{"file": f.file, **finding_json(f)} for f in findings]


def finding_json(f: Finding) -> dict[str, object]:
    """Return a finding under the names of the contract."""
    return {
        "code": f.code.rule.code,
        "severity": str(f.severity),
        "sheet": f.sheet or None,
        "cell": f.cell or None,
        "row": f.name or None,
        "value": f.value or None,
        "message": f.message,
        "exempt": f.note or None,
    }


def ingested_json(done: Ingested, workspace: Workspace) -> dict[str, object]:
    """Return the document of `check` and `ingest`."""
    from tenproj_xl.app.kept_apart import KeptResults  # noqa: PLC0415 - whoever took files in has loaded it

    files: Iterable[FileResult] = done.files
    if isinstance(done.files, KeptResults):
        files = done.files.with_sheets()
    return {
        "files": [_file_json(file, workspace) for file in files],
        "passed_over": list(done.passed_over),
        "left": list(done.left),
        "folders": list(done.folders),
        "conflicts": findings_json(done.conflicts),
        "notices": list(done.notices),
        "written": paths_json(done.written, workspace),
    }


def _file_json(file: FileResult, workspace: Workspace) -> dict[str, object]:
    from tenproj_xl.cli.sheet_json import sheet_json  # noqa: PLC0415  # loads what recognises forms

    sheets = file.judgement.source.statuses if file.judgement else ()
    return {
        "file": file.received.name,
        "sha256": file.received.sha256,
        "task_force": file.task_force or None,
        "recipient": file.party.recipient or None,
        "task_forces": list(file.party.task_forces),
        "unit": file.party.unit or None,
        "period": file.period or None,
        "sender": file.sender or None,
        "channel": file.received.channel or None,
        "status": str(file.status),
        "late": file.late,
        "answer": workspace.relative(file.answer) if file.answer else None,
        "letter": workspace.relative(file.letter) if file.letter else None,
        "findings": list(map(finding_json, file.findings)),
        "sheets": list(map(sheet_json, sheets)),
        "thread": thread_json(file.thread),
    }


def thread_json(thread: Threaded | None) -> dict[str, object] | None:
    """Return the letter that a mail answers, None for none."""
    if thread is None:
        return None
    return {
        "reference": thread.letter.reference,
        "is_confirmed": thread.is_confirmed,
        "headers_name": thread.other or None,
        "is_contradicted": thread.is_contradicted,
    }


def asked_json(asked: Asked, workspace: Workspace) -> dict[str, object]:
    """Return the document of `resolve` without a file."""
    return {
        "period": asked.period.code,
        "conflicts": findings_json(asked.conflicts),
        "written": paths_json([asked.written] if asked.written else [], workspace),
    }


def resolved_json(done: Resolved) -> dict[str, object]:
    """Return the document of `resolve FILE`."""
    return {
        "decisions": list(map(_conflict_decision_json, done.decisions)),
        "unchanged": done.unchanged,
        "open": done.still_open,
        "findings": findings_json(done.findings),
    }


def amended_json(done: Amended) -> dict[str, object]:
    """Return the document of `amend`."""
    recorded = []
    for amendment in done.amendments:
        row, about = amendment.row, amendment.data_period
        recorded.append(
            {
                "sheet": row.sheet,
                "code": row.code,
                "field": amendment.field,
                "data_period": about.code if about else None,
                "was": text_of(label_of(amendment.was)) or None,
                "value": text_of(label_of(amendment.value)) or None,
                "basis": row.basis,
                "by": row.recorded_by or None,
                "file": row.file,
            }
        )
    return {
        "period": done.period.code,
        "amendments": recorded,
        "unchanged": done.unchanged,
        "findings": findings_json(done.findings),
    }


def reviewed_json(done: Reviewed, workspace: Workspace) -> dict[str, object]:
    """Return the document of `review` and `objections`."""
    return {
        "said": list(done.said),
        "findings": findings_json(done.findings),
        "open": done.still_open,
        "written": paths_json([done.written] if done.written else [], workspace),
    }


def _conflict_decision_json(decision: ConflictDecision) -> dict[str, object]:
    return {
        "period": decision.period,
        "sheet": decision.sheet,
        "code": decision.code,
        "field": decision.field,
        "unit": decision.chosen or None,
        "value": text_of(decision.value) or None,
        "who": decision.who,
        "why": decision.why,
    }


def paths_json(paths: Sequence[Path], workspace: Workspace) -> list[str]:
    """Return paths relative to the workspace, with forward slashes."""
    return [workspace.relative(path) for path in paths]


def rules_json(rules: Sequence[RuleLine]) -> dict[str, object]:
    """Return the document of `rules`."""
    return {"rules": list(map(_rule_json, rules))}


def _rule_json(line: RuleLine) -> dict[str, object]:
    rule = line.code.rule
    return {
        "code": rule.code,
        "gate": line.code.gate.label,
        "severity": str(line.severity),
        "default": str(rule.severity),
        "fixed": rule.is_fixed,
        "title": rule.title,
        "why": rule.why,
        "example": line.example or None,
        "note": line.note or None,
    }


def rule_stats_json(stats: Sequence[RuleStats]) -> dict[str, object]:
    """Return the document of `rules --stats`."""
    rules = []
    for one in stats:
        counts = {"fired": one.fired, "corrected": one.corrected, "confirmed": one.confirmed}
        named = {"code": one.code.rule.code, "title": one.code.rule.title, **counts}
        rules.append({**named, "unanswered": one.unanswered, "noisy": one.is_noisy})
    return {"rules": rules}


def matrix_json(matrix: Matrix) -> dict[str, object]:
    """Return the document of `status`."""
    return {
        "period": matrix.period.code,
        "deadline": matrix.deadline.isoformat(),
        "returns": [_return_json(line, matrix.now) for line in matrix.lines],
        "owing": [{"recipient": x.recipient, "unit": x.unit, "state": str(x.state)} for x in matrix.owing],
        "refused": [{"file": r.file, "sha256": r.sha256} for r in matrix.refused],
        "to_correct": [{"file": r.file, "sha256": r.sha256, "sender": r.sender} for r in matrix.to_correct],
        "conflicts": [conflict.message for conflict in matrix.conflicts],
        "questions": [{"row": q.row, "message": q.message, "sha256": q.sha256} for q in matrix.questions],
        "doubtful": [{"file": d.receipt.file, "counts": d.counts, "rival": d.rival} for d in matrix.doubtful],
        "awaiting": list(map(_awaiting, matrix.awaiting)),
        "withdrawn": [
            {"file": r.file, "sha256": r.sha256, "why": r.withdrawn.why, "at": r.withdrawn.at.isoformat()}
            for r in matrix.withdrawn
            if r.withdrawn
        ],
        "corrections": [paper_state_json(state) for state in matrix.corrections],
        "letters": matrix.letters or None,
    }


def _awaiting(receipt: Receipt) -> dict[str, object]:
    """Return a return whose sender the office has to vouch for."""
    return {
        "file": receipt.file,
        "sha256": receipt.sha256,
        "recipient": receipt.party.recipient,
        "unit": receipt.party.unit,
        "message": receipt.findings[0].message,
    }


def _return_json(line: TaskForceReturn, now: datetime | None) -> dict[str, object]:
    """Return a task force's return; what only a received file has is null where none came."""
    due, days_late = None, line.days_late
    if now and (standing := line.due(now)):
        due, days_late = standing
    document: dict[str, object] = {
        "task_force": line.task_force.code,
        "lead": line.lead,
        "owed": line.is_owed,
        "state": str(line.state),
        **dict.fromkeys(("status", "sender", "channel", "file", "sha256", "received_at", "late", "nil")),
        "deadline": line.deadline.isoformat(),
        "due": due,
        "days_late": days_late,
        "returns": len(line.returns),
        "units_owed": list(line.units.owed),
        "units_returned": list(line.units.returned),
    }
    receipt = line.receipt
    if receipt is not None:
        document |= {
            "status": str(receipt.status),
            "sender": receipt.sender or None,
            "channel": receipt.channel or None,
            "file": receipt.file,
            "sha256": receipt.sha256,
            "received_at": receipt.received_at.isoformat(),
            "late": line.days_late > 0,
            "nil": receipt.nil,
        }
    return document


def withdrawn_json(done: Withdrawn) -> dict[str, object]:
    """Return the document of `withdraw`."""
    rulings = done.rulings
    return {
        "file": done.file.file,
        "sha256": done.file.sha256,
        "task_force": done.file.party.task_force or None,
        "recipient": done.file.party.recipient or None,
        "period": done.file.period or None,
        "withdrawn": not done.undone,
        "changed": not done.already,
        "rows": done.rows,
        "standing": done.standing,
        "decided": done.decided,
        "to_correct": [{"file": one.file, "sha256": one.sha256} for one in done.to_correct],
        "lapsed_decisions": [*rulings.lapsed, *rulings.disputed, *(was for was, _ in rulings.replaced)],
        "restored_decisions": [*rulings.restored, *(now for _, now in rulings.replaced)],
    }


def drawn_json(drawn: Drawn, workspace: Workspace) -> dict[str, object]:
    """Return the document of `signoff` without a file."""
    written = [] if drawn.kept else paths_json([drawn.path], workspace)
    return {"path": workspace.relative(drawn.path), "waiting": drawn.waiting, "written": written}


def signed_json(done: Signed) -> dict[str, object]:
    """Return the document of `signoff FILE`."""
    return {
        "file": done.file,
        "sha256": done.sha256,
        "decisions": [
            {
                "issue": d.issue,
                "date": d.on.isoformat(),
                "by": d.by,
                "verdict": label_of(d.verdict),
                "level": label_of(d.level),
                "coordination": label_of(d.coordination),
                "extension": label_of(d.extension),
                "into": d.into or None,
                "until": d.until.isoformat() if d.until else None,
                "opinion": d.opinion or None,
            }
            for d in done.decisions
        ],
        "repeated": done.repeated,
        "findings": [finding_json(f) for f in done.findings],
        "notices": list(done.notices),
    }


# --- papers


def paper_state_json(state: PaperState) -> dict[str, object]:
    """Return a paper that was given out, and what has changed since."""
    return {
        **paper_json(state.publication),
        "changes": state.changes or None,
        "proposal": state.proposal or None,
        "restated": state.restated,
    }


def paper_json(paper: Publication) -> dict[str, object]:
    """Return a paper that was given out."""
    return {
        "series": str(paper.series),
        "year": paper.year,
        "number": paper.number,
        "correction": paper.correction,
        "label": paper.label,
        "edition": paper.edition,
        "period": paper.period.code,
        "published_at": paper.published_at.isoformat(),
        "published_by": paper.published_by,
        "files": [{"name": f.name, "sha256": f.sha256, "kind": str(f.kind)} for f in paper.files],
    }
