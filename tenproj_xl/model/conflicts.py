"""Merge the reports of several senders on one row, and find the cells in which they disagree.

Reads accepted rows and the office's decisions; gives one row for each code and period, and the conflicts.
The rules:

- Of each sender only the last report on a row is used, as a whole, blanks included; one in a correction
  workbook over the report before it.
- Of several senders, the unit that reports the row comes first, then the others by the time of their first
  report.
- Each cell is taken from the first of them that changed it. A blank, or a value left as it was brought
  forward, is no report on the cell: it is neither used nor a disagreement.
- A figure that waits for the office does not count; of the figures of the same period, that which would be
  used without it counts meanwhile.
- Two different reports on a cell are a conflict. A decision holds as long as every unit that had reported on
  the cell still reports the same value, or the decided one. A new value reopens the conflict; once that value
  is withdrawn, the decision holds again.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.columns import Column
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place, finding, quoted
from tenproj_xl.core.identity_numbers import without_identity_numbers
from tenproj_xl.core.period_rows import named_as_printed
from tenproj_xl.core.sheets import VERIFICATION, form_sheets
from tenproj_xl.core.texts import canonical, on_one_line, text_of
from tenproj_xl.model.cell_sources import CellSource, Giver
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import printed_unit

Cell = tuple[str, str, str, str]
"""Period, sheet, code and field of the cell that a conflict is about."""


@dataclass(frozen=True, kw_only=True)
class ConflictDecision:
    """The office's decision on a cell about which units disagreed.

    `reported_values` has the code or canonical text of what each unit had reported then. `chosen` is the unit
    whose value was taken, "" where the value was typed.
    """

    period: str
    sheet: str
    code: str
    field: str
    reported_values: Mapping[str, str]
    chosen: str
    value: Value
    who: str
    why: str
    source: CellSource

    @property
    def cell(self) -> Cell:
        """The cell that the decision is about."""
        return self.period, self.sheet, self.code, self.field

    def holds(self, reported_values: Mapping[str, str]) -> bool:
        """Return whether the decision is still valid.

        It is while the same units report what they had reported then, or the decided value.
        """
        if reported_values.keys() != self.reported_values.keys():
            return False
        decided = _compared(self.value)
        return all(value in (self.reported_values[unit], decided) for unit, value in reported_values.items())


@dataclass(frozen=True)
class Conflict:
    """A cell about which senders disagree, with their rows; the row used until a decision comes first.

    `decision` is the one that holds; `lapsed` the newest where none does, because of what was reported since.
    """

    field: str
    reports: tuple[Reported, ...]
    decision: ConflictDecision | None = None
    lapsed: ConflictDecision | None = None

    @property
    def row(self) -> Reported:
        """The first of the rows; period, sheet, code and task force are the same in all."""
        return self.reports[0]

    @property
    def cell(self) -> Cell:
        """The cell that the conflict is about."""
        return self.row.period.code, self.row.sheet, self.row.code, self.field

    @property
    def reported_values(self) -> dict[str, str]:
        """The code or canonical text of the value that each unit reports."""
        return {row.unit: _compared(row.values.get(self.field)) for row in self.reports}

    @property
    def key(self) -> str:
        """A hash of the cell and the values as people read them: other values give another key."""
        shown = sorted((row.unit, canonical(row.values.get(self.field))) for row in self.reports)
        identity = json.dumps([self.cell, shown], ensure_ascii=False)
        return hashlib.sha256(identity.encode()).hexdigest()[:16].upper()

    @property
    def is_open(self) -> bool:
        """Whether no decision holds for the cell."""
        return self.decision is None


def _compared(value: Value) -> str:
    """Return by what reports on a cell are compared: a code, or the canonical text."""
    if isinstance(value, LabelledCode):
        return value.value
    return canonical(value)


def merged_rows(rows: Iterable[Reported], decisions: Sequence[ConflictDecision]) -> list[Reported]:
    """Return one row for each code and period, merged from the reports of all senders and the decisions.

    What the office recorded in place of units follows, each by itself.
    """
    decided = _by_cell(decisions)
    all_rows = list(rows)
    merged = [row for row in all_rows if row.basis]
    for reports in _by_row(all_rows).values():
        if len(reports) == 1:
            merged.append(reports[0])
        else:
            merged.append(_merged(_ranked(reports), decided))
    return merged


def conflicts(rows: Iterable[Reported], decisions: Sequence[ConflictDecision]) -> list[Conflict]:
    """Return all conflicts, decided ones included, by period, task force, sheet, code and column."""
    decided = _by_cell(decisions)
    found: list[Conflict] = []
    for reports in _by_row(rows).values():
        found.extend(_conflicts_in(_ranked(reports), decided))
    return sorted(found, key=lambda d: (d.row.period, d.row.task_force, d.row.sheet, d.row.code, d.field))


_FIGURE = "value"
_INPUTS = {sheet.code: {column.field for column in sheet.inputs} for sheet in form_sheets(())}


def _by_row(rows: Iterable[Reported]) -> dict[tuple[str, str, str], list[Reported]]:
    grouped: dict[tuple[str, str, str], list[Reported]] = {}
    for row in rows:
        if not row.basis:
            grouped.setdefault((row.sheet, row.code, row.period.code), []).append(row)
    return grouped


def _by_cell(decisions: Iterable[ConflictDecision]) -> dict[Cell, list[ConflictDecision]]:
    """Group decisions by cell, the newest first."""
    grouped: dict[Cell, list[ConflictDecision]] = {}
    for decision in decisions:
        grouped.setdefault(decision.cell, []).insert(0, decision)
    return grouped


def _ranked(rows: Sequence[Reported]) -> list[Reported]:
    """Return the last report of each sender, the one that is used first."""
    first: dict[str, tuple[object, ...]] = {}
    for row in sorted(rows, key=lambda r: r.order):
        first.setdefault(row.unit, row.order)
    return sorted(rows_in_force(rows).values(), key=lambda r: (r.unit != r.owner, first[r.unit]))


def rows_in_force(rows: Iterable[Reported]) -> dict[str, Reported]:
    """Return the last report of each unit on a row, that of a correction workbook over the one before it."""
    last: dict[str, Reported] = {}
    for row in sorted(rows, key=lambda r: r.order):
        earlier = last.get(row.unit)
        if earlier:
            row = _patching(row, earlier)  # noqa: PLW2901  # as it counts
        last[row.unit] = _standing_back(row, earlier)
    return last


def _patching(row: Reported, standing: Reported) -> Reported:
    """Return the row of a correction workbook over the one that stands: what was not changed is of that."""
    if row.patched is None:
        return row
    kept = _INPUTS[row.sheet] - row.patched
    values, typed, cells = dict(row.values), dict(row.typed), dict(row.cells)
    elsewhere = dict(row.elsewhere)
    for name in kept:
        values[name] = standing.values.get(name)
        elsewhere[name] = standing.source(name)
        for mine, theirs in ((typed, standing.typed), (cells, standing.cells)):
            mine.pop(name, None)
            if name in theirs:
                mine[name] = theirs[name]
    return replace(
        row,
        values=values,
        typed=typed,
        cells=cells,
        changed_fields=(row.changed_fields & row.patched) | (standing.changed_fields & kept),
        elsewhere=elsewhere,
    )


def _standing_back(row: Reported, earlier: Reported | None) -> Reported:
    """Return a report, if its figure waits with the one before it, whose figure counts meanwhile."""
    if row.held:
        return replace(row, meanwhile=earlier)
    return row


def _reporting(ranked: Sequence[Reported], name: str) -> tuple[Reported, ...]:
    return tuple(row for row in ranked if name in row.changed_fields)


def _changed_fields(rows: Sequence[Reported]) -> set[str]:
    return set().union(*(row.changed_fields for row in rows))


def _conflicts_in(
    ranked: Sequence[Reported], decided: Mapping[Cell, Sequence[ConflictDecision]]
) -> Iterator[Conflict]:
    if len(ranked) < 2:
        return
    # Nobody is asked about a column that only another version has.
    for name in sorted(_changed_fields(ranked) & _INPUTS[ranked[0].sheet]):
        conflict = Conflict(name, _reporting(ranked, name))
        if len(set(conflict.reported_values.values())) > 1:
            holding = _holding(conflict, decided)
            lapsed = None
            if holding is None:
                lapsed = next(iter(decided.get(conflict.cell, ())), None)
            yield replace(conflict, decision=holding, lapsed=lapsed)


def _holding(
    conflict: Conflict, decided: Mapping[Cell, Sequence[ConflictDecision]]
) -> ConflictDecision | None:
    for decision in decided.get(conflict.cell, ()):
        if decision.holds(conflict.reported_values):
            return decision
    return None


def _merged(ranked: Sequence[Reported], decided: Mapping[Cell, Sequence[ConflictDecision]]) -> Reported:
    """Return the first row, with the cells that only others changed, and with the decided values."""
    row = _first(ranked)
    for name in sorted(_changed_fields(ranked[1:]) - row.changed_fields):
        row = _with_report(row, name, _reporting(ranked, name)[0])
    for conflict in _conflicts_in(ranked, decided):
        if conflict.decision:
            row = _with_decision(row, conflict, conflict.decision)
        else:
            row = replace(row, disputed=row.disputed | {conflict.field})
    return row


def _first(ranked: Sequence[Reported]) -> Reported:
    """Return the first row; its figure waits where that of the first who reported one does."""
    reporting = _reporting(ranked, _FIGURE)
    if not reporting or not reporting[0].held:
        return ranked[0]
    counting = (reporting[0].meanwhile, *reporting[1:])
    meanwhile = next((row for row in counting if row is not None), None)
    return replace(ranked[0], held=True, meanwhile=meanwhile)


def _with_report(row: Reported, name: str, other: Reported) -> Reported:
    source = CellSource(
        file=other.file,
        tab=other.tab,
        cell=other.cells.get(name, ""),
        at=other.received_at,
        unit=other.unit,
    )
    return _with_value(row, name, other.values.get(name), other.typed.get(name, ""), source)


def _with_decision(row: Reported, conflict: Conflict, decision: ConflictDecision) -> Reported:
    decided = canonical(decision.value)
    if conflict.field == _FIGURE:
        row = replace(row, held=False)  # the office has chosen it
    for report in conflict.reports:
        if report.unit == decision.chosen and canonical(report.values.get(conflict.field)) == decided:
            row = _with_report(row, conflict.field, report)
            return _ruled(row, conflict.field, row.elsewhere[conflict.field], decision)
    row = _with_value(row, conflict.field, decision.value, text_of(decision.value), decision.source)
    return _ruled(row, conflict.field, decision.source, decision)


def _ruled(row: Reported, name: str, source: CellSource, decision: ConflictDecision) -> Reported:
    """Return a row that has a decided value, typed at some place, with who decided it and why."""
    note = f"经{decision.who}裁定"
    ruled = replace(source, note=note, giver=Giver.RULING, basis=decision.why)
    return replace(row, elsewhere={**row.elsewhere, name: ruled})


def _with_value(row: Reported, name: str, value: Value, typed: str, source: CellSource) -> Reported:
    return replace(
        row,
        values={**row.values, name: value},
        typed={**row.typed, name: typed},
        cells={**row.cells, name: source.cell},
        changed_fields=row.changed_fields | {name},
        elsewhere={**row.elsewhere, name: source},
    )


# --- texts


def column_of(cell: Cell, plan: Plan) -> Column:
    """Return the column of the form that a conflict or a decision is about."""
    _, sheet, _, field = cell
    sheets = form_sheets(plan.programme.years, words=plan.programme.words)
    return next(s for s in sheets if s.code == sheet).column(field)


def finding_of(conflict: Conflict, plan: Plan) -> Finding:
    """Return the finding that reports a conflict, placed at the cell that is used until a decision."""
    row, name = conflict.row, conflict.field
    place = Place(row.file, row.tab, row.cells.get(name, ""), row_name(row), row.task_force)
    reports = []
    for report in conflict.reports:
        value = quoted(shown_value(report, name))
        reports.append(f"{printed_unit(report.unit, plan)}报的是{value}（{report.file}）")
    disagreement = finding(
        Code.SENDERS_DISAGREE,
        place,
        shown_value(row, name),
        expected=column_of(conflict.cell, plan).header,
        said="，".join(reports),
        counts=_outcome(conflict, plan),
    )
    return replace(disagreement, answer=without_identity_numbers(text_of(row.values.get(VERIFICATION))))


def _outcome(conflict: Conflict, plan: Plan) -> str:
    """Return which value is used, and why, in words."""
    if conflict.decision:
        return f"{conflict.decision.who}已裁定为{_decided(conflict.decision, plan)}"
    before = ""
    if conflict.lapsed:
        before = f"{conflict.lapsed.who}此前裁定为{_decided(conflict.lapsed, plan)}，报的内容变了，请再裁定；"
    row = conflict.row
    reason = "先报的一家"
    if row.unit == row.owner:
        reason = "数据报送单位"
    return f"{before}暂按{reason}{printed_unit(row.unit, plan)}的，请用 tenproj resolve 裁定"


def _decided(decision: ConflictDecision, plan: Plan) -> str:
    return quoted(text_of(plan.programme.words.told(decision.value)) or "空白")


def shown_value(row: Reported, name: str) -> str:
    """Return the value of a cell as it is shown to people: as typed, `空白` for a blank."""
    return row.typed.get(name) or text_of(row.values.get(name)) or "空白"


def row_name(row: Reported) -> str:
    """Return the name or description of a row, cut to 24 characters, or else its code."""
    text = str(row.values.get("name") or row.values.get("description") or row.code)
    text = on_one_line(named_as_printed(text, row.code, row.values.get("code")))
    if len(text) > 24:
        return text[:23] + "…"
    return text
