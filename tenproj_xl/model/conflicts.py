"""Several words on one row: which one counts, where senders disagree, and what a person decided about that.

Reads: accepted rows and decisions. Gives: one row for each code and period, and the conflicts. The rule book:

- Of each sender only the last word on a row counts, whole, blanks included.
- Of several senders, the unit that reports the row comes first; of the others the one that spoke first.
- Cell by cell the first of them who says anything there counts. A blank, or a value left as it was brought forward,
  says nothing: it neither wins nor disagrees.
- Where two say different things, that is a conflict. A decision decides it as long as everybody who spoke then still
  says the same, or what was decided; a new word opens it again, and it holds again once that word is withdrawn.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Value
from tenproj_xl.core.columns import Column
from tenproj_xl.core.findings import Finding, Place, finding, quoted
from tenproj_xl.core.parse import canonical, text_of
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.model.history import Reported, Source
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.units import printed_unit

Cell = tuple[str, str, str, str]
"""Period, sheet, code and field: what a conflict is about."""


@dataclass(frozen=True)
class ConflictDecision:
    """What a person decided about a cell. `words` is what each unit had said then, in its one spelling.

    `chosen` is the unit whose word counts, "" where the value was typed.
    """

    period: str
    sheet: str
    code: str
    field: str
    words: Mapping[str, str]
    chosen: str
    value: Value
    who: str
    why: str
    source: Source

    @property
    def cell(self) -> Cell:
        """What it is about."""
        return self.period, self.sheet, self.code, self.field

    def holds(self, words: Mapping[str, str]) -> bool:
        """True while nobody says anything that was not known, and not decided, then."""
        decided = canonical(self.value)
        return words.keys() == self.words.keys() and all(
            w in (self.words[u], decided) for u, w in words.items()
        )


@dataclass(frozen=True)
class Conflict:
    """A cell about which senders disagree: their words, the one that counts until it is settled first."""

    field: str
    words: tuple[Reported, ...]
    decision: ConflictDecision | None = None

    @property
    def row(self) -> Reported:
        """The row of the first word: period, sheet, code and task force are those of all."""
        return self.words[0]

    @property
    def cell(self) -> Cell:
        """What it is about."""
        return self.row.period.code, self.row.sheet, self.row.code, self.field

    @property
    def spellings(self) -> dict[str, str]:
        """What each unit says, in its one spelling."""
        return {row.unit: canonical(row.values.get(self.field)) for row in self.words}

    @property
    def key(self) -> str:
        """What identifies this conflict, words and all: with another word it is another one."""
        said = json.dumps([self.cell, sorted(self.spellings.items())], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:16].upper()

    @property
    def is_open(self) -> bool:
        """True until somebody has settled it."""
        return self.decision is None


def agreed(rows: Iterable[Reported], decisions: Sequence[ConflictDecision]) -> list[Reported]:
    """One row for each code and period: what counts."""
    decided = _by_cell(decisions)
    rows_said = _by_row(rows).values()
    return [words[0] if len(words) == 1 else _composed(_ranked(words), decided) for words in rows_said]


def conflicts(rows: Iterable[Reported], decisions: Sequence[ConflictDecision]) -> list[Conflict]:
    """All conflicts, settled ones included, by task force, sheet, code and column."""
    decided = _by_cell(decisions)
    found = [d for words in _by_row(rows).values() for d in _disputes(_ranked(words), decided)]
    return sorted(found, key=lambda d: (d.row.period, d.row.task_force, d.row.sheet, d.row.code, d.field))


def _by_row(rows: Iterable[Reported]) -> dict[tuple[str, str, str], list[Reported]]:
    found: dict[tuple[str, str, str], list[Reported]] = {}
    for row in rows:
        found.setdefault((row.sheet, row.code, row.period.code), []).append(row)
    return found


def _by_cell(decisions: Iterable[ConflictDecision]) -> dict[Cell, list[ConflictDecision]]:
    """Settlements by cell, the newest first."""
    found: dict[Cell, list[ConflictDecision]] = {}
    for decision in decisions:
        found.setdefault(decision.cell, []).insert(0, decision)
    return found


def _ranked(rows: Sequence[Reported]) -> list[Reported]:
    """The last word of each sender, the one that counts first."""
    first: dict[str, tuple[object, ...]] = {}
    last: dict[str, Reported] = {}
    for row in sorted(rows, key=lambda r: r.order):
        first.setdefault(row.unit, row.order)
        last[row.unit] = row
    return sorted(last.values(), key=lambda r: (r.unit != r.owner, first[r.unit]))


def _speaking(ranked: Sequence[Reported], name: str) -> tuple[Reported, ...]:
    return tuple(row for row in ranked if name in row.said)


def _disputes(
    ranked: Sequence[Reported], decided: Mapping[Cell, Sequence[ConflictDecision]]
) -> Iterator[Conflict]:
    if len(ranked) < 2:
        return
    for name in sorted({name for row in ranked for name in row.said}):
        found = Conflict(name, _speaking(ranked, name))
        if len(set(found.spellings.values())) > 1:
            yield replace(found, decision=_holding(found, decided))


def _holding(
    conflict: Conflict, decided: Mapping[Cell, Sequence[ConflictDecision]]
) -> ConflictDecision | None:
    return next((s for s in decided.get(conflict.cell, ()) if s.holds(conflict.spellings)), None)


def _composed(ranked: Sequence[Reported], decided: Mapping[Cell, Sequence[ConflictDecision]]) -> Reported:
    """The first word, with the cells in which only others say anything, and with what was decided."""
    row = ranked[0]
    for name in sorted({name for other in ranked[1:] for name in other.said} - row.said):
        row = _with_word(row, name, _speaking(ranked, name)[0])
    for conflict in _disputes(ranked, decided):
        if conflict.decision:
            row = _with_decision(row, conflict, conflict.decision)
        else:
            row = replace(row, disputed=row.disputed | {conflict.field})
    return row


def _with_word(row: Reported, name: str, other: Reported, note: str = "") -> Reported:
    source = Source(other.file, other.tab, other.cells.get(name, ""), other.received_at, note)
    return _with_value(row, name, other.values.get(name), other.typed.get(name, ""), source)


def _with_decision(row: Reported, conflict: Conflict, decision: ConflictDecision) -> Reported:
    note = f"经{decision.who}裁定"
    chosen = next((w for w in conflict.words if w.unit == decision.chosen), None)
    if chosen and canonical(chosen.values.get(conflict.field)) == canonical(decision.value):
        return _with_word(row, conflict.field, chosen, note)
    source = replace(decision.source, note=note)
    return _with_value(row, conflict.field, decision.value, text_of(decision.value), source)


def _with_value(row: Reported, name: str, value: Value, typed: str, source: Source) -> Reported:
    return replace(
        row,
        values={**row.values, name: value},
        typed={**row.typed, name: typed},
        cells={**row.cells, name: source.cell},
        said=row.said | {name},
        elsewhere={**row.elsewhere, name: source},
    )


# --- in words


def column_of(cell: Cell, plan: Plan) -> Column:
    """The column of the form that a conflict or a decision is about."""
    _, sheet, _, field = cell
    return next(s for s in form_sheets(plan.programme.years) if s.code == sheet).column(field)


def finding_of(conflict: Conflict, plan: Plan) -> Finding:
    """A conflict as people read it, at the cell that counts for now."""
    row, name = conflict.row, conflict.field
    place = Place(row.file, row.tab, row.cells.get(name, ""), row_name(row), row.task_force)
    said = "，".join(
        f"{printed_unit(w.unit, plan)}报的是{quoted(spoken(w, name))}（{w.file}）" for w in conflict.words
    )
    why = "数据报送单位" if row.unit == row.owner else "先报的一家"
    counts = f"暂按{why}{printed_unit(row.unit, plan)}的，请用 tenproj resolve 裁定"
    if conflict.decision:
        counts = f"{conflict.decision.who}已裁定为{quoted(text_of(conflict.decision.value) or '空白')}"
    return finding(
        Code.SENDERS_DISAGREE,
        place,
        spoken(row, name),
        expected=column_of(conflict.cell, plan).header,
        said=said,
        counts=counts,
    )


def spoken(row: Reported, name: str) -> str:
    """What a row says in a cell, as people read it."""
    return row.typed.get(name) or text_of(row.values.get(name)) or "空白"


def row_name(row: Reported) -> str:
    """What a person calls a row."""
    text = str(row.values.get("name") or row.values.get("description") or row.code)
    return text if len(text) <= 24 else text[:23] + "…"
