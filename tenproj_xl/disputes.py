"""Several words on one row: which one counts, where senders disagree, and what a person decided about that.

Reads: accepted rows and settlements. Gives: one row for each code and period, and the disputes. The rule book:

- Of each sender only the last word on a row counts, whole, blanks included.
- Of several senders, the unit that reports the row comes first; of the others the one that spoke first.
- Cell by cell the first of them who says anything there counts. A blank, or a value left as it was brought forward,
  says nothing: it neither wins nor disagrees.
- Where two say different things, that is a dispute. A settlement decides it as long as everybody who spoke then still
  says the same, or what was decided; a new word opens it again, and it holds again once that word is withdrawn.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tenproj_xl.findings import Code, Finding, Place, finding, quoted
from tenproj_xl.history import Reported, Source, Value
from tenproj_xl.plan import Plan
from tenproj_xl.recipients import printed_unit
from tenproj_xl.sheets import Column, form_sheets
from tenproj_xl.values import canonical, text_of

Cell = tuple[str, str, str, str]
"""Period, sheet, code and field: what a dispute is about."""


@dataclass(frozen=True)
class Settlement:
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
        return words.keys() == self.words.keys() and all(w in (self.words[u], decided) for u, w in words.items())


@dataclass(frozen=True)
class Dispute:
    """A cell about which senders disagree: their words, the one that counts until it is settled first."""

    field: str
    words: tuple[Reported, ...]
    settlement: Settlement | None = None

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
        """What identifies this dispute, words and all: with another word it is another one."""
        said = json.dumps([self.cell, sorted(self.spellings.items())], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:16].upper()

    @property
    def is_open(self) -> bool:
        """True until somebody has settled it."""
        return self.settlement is None


def agreed(rows: Iterable[Reported], settlements: Sequence[Settlement]) -> list[Reported]:
    """One row for each code and period: what counts."""
    decided = _by_cell(settlements)
    rows_said = _by_row(rows).values()
    return [words[0] if len(words) == 1 else _composed(_ranked(words), decided) for words in rows_said]


def disputes(rows: Iterable[Reported], settlements: Sequence[Settlement]) -> list[Dispute]:
    """All disputes, settled ones included, by task force, sheet, code and column."""
    decided = _by_cell(settlements)
    found = [d for words in _by_row(rows).values() for d in _disputes(_ranked(words), decided)]
    return sorted(found, key=lambda d: (d.row.period, d.row.task_force, d.row.sheet, d.row.code, d.field))


def _by_row(rows: Iterable[Reported]) -> dict[tuple[str, str, str], list[Reported]]:
    found: dict[tuple[str, str, str], list[Reported]] = {}
    for row in rows:
        found.setdefault((row.sheet, row.code, row.period.code), []).append(row)
    return found


def _by_cell(settlements: Iterable[Settlement]) -> dict[Cell, list[Settlement]]:
    """Settlements by cell, the newest first."""
    found: dict[Cell, list[Settlement]] = {}
    for settlement in settlements:
        found.setdefault(settlement.cell, []).insert(0, settlement)
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


def _disputes(ranked: Sequence[Reported], decided: Mapping[Cell, Sequence[Settlement]]) -> Iterator[Dispute]:
    if len(ranked) < 2:
        return
    for name in sorted({name for row in ranked for name in row.said}):
        found = Dispute(name, _speaking(ranked, name))
        if len(set(found.spellings.values())) > 1:
            yield replace(found, settlement=_holding(found, decided))


def _holding(dispute: Dispute, decided: Mapping[Cell, Sequence[Settlement]]) -> Settlement | None:
    return next((s for s in decided.get(dispute.cell, ()) if s.holds(dispute.spellings)), None)


def _composed(ranked: Sequence[Reported], decided: Mapping[Cell, Sequence[Settlement]]) -> Reported:
    """The first word, with the cells in which only others say anything, and with what was decided."""
    row = ranked[0]
    for name in sorted({name for other in ranked[1:] for name in other.said} - row.said):
        row = _with_word(row, name, _speaking(ranked, name)[0])
    for dispute in _disputes(ranked, decided):
        if dispute.settlement:
            row = _with_decision(row, dispute, dispute.settlement)
        else:
            row = replace(row, disputed=row.disputed | {dispute.field})
    return row


def _with_word(row: Reported, name: str, other: Reported, note: str = "") -> Reported:
    source = Source(other.file, other.tab, other.cells.get(name, ""), other.received_at, note)
    return _with_value(row, name, other.values.get(name), other.typed.get(name, ""), source)


def _with_decision(row: Reported, dispute: Dispute, settlement: Settlement) -> Reported:
    note = f"经{settlement.who}裁定"
    chosen = next((w for w in dispute.words if w.unit == settlement.chosen), None)
    if chosen and canonical(chosen.values.get(dispute.field)) == canonical(settlement.value):
        return _with_word(row, dispute.field, chosen, note)
    source = replace(settlement.source, note=note)
    return _with_value(row, dispute.field, settlement.value, text_of(settlement.value), source)


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
    """The column of the form that a dispute or a settlement is about."""
    _, sheet, _, field = cell
    return next(s for s in form_sheets(plan.programme.years) if s.code == sheet).column(field)


def finding_of(dispute: Dispute, plan: Plan) -> Finding:
    """A dispute as people read it, at the cell that counts for now."""
    row, name = dispute.row, dispute.field
    place = Place(row.file, row.tab, row.cells.get(name, ""), row_name(row))
    said = "，".join(f"{printed_unit(w.unit, plan)}报的是{quoted(spoken(w, name))}（{w.file}）" for w in dispute.words)
    why = "数据报送单位" if row.unit == row.owner else "先报的一家"
    counts = f"暂按{why}{printed_unit(row.unit, plan)}的，请用 tenproj resolve 裁定"
    if dispute.settlement:
        counts = f"{dispute.settlement.who}已裁定为{quoted(text_of(dispute.settlement.value) or '空白')}"
    return finding(
        Code.SENDERS_DISAGREE,
        place,
        spoken(row, name),
        expected=column_of(dispute.cell, plan).header,
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
