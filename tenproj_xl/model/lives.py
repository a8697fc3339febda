"""The life of a figure: every value recorded of a row, by what it is about and when it was recorded.

Reads: recordings, receipts, papers. Gives: `RecordedValue`s, which say where each value comes from, which
plan was in force, what was found about it, in which papers it stood, and whether it still stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from itertools import chain

from tenproj_xl.core.answers import Nature
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding, Place
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Period, read_period
from tenproj_xl.core.sheets import TEMPLATE_SHEETS, worded
from tenproj_xl.model.conflicts import ConflictDecision, merged_rows
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.history import Reported, history
from tenproj_xl.model.plan_versions import PlanInTime, PlanVersion
from tenproj_xl.model.published import Published, Row
from tenproj_xl.model.receipts import Receipt

MAIN: Mapping[str, str] = {"indicators": "value", "tasks": "status", "issues": "status"}
"""The field that a row is about, by sheet."""
_NAMES: Mapping[str, str] = {"indicators": "name", "tasks": "name", "issues": "description"}
_TOLD: Mapping[str, str] = {"indicators": "value", "tasks": "status"}
"""The field that papers tell of a row as it was reported; of issues they tell none."""
_ABOUT = ("data_period", "nature")
"""Fields that say something of the value beside them."""
_SHEETS = {sheet.code: sheet for sheet in TEMPLATE_SHEETS}
_FIELDS = {sheet.code: [column.field for column in sheet.inputs] for sheet in TEMPLATE_SHEETS}
_SHEET_PLACES = {sheet: place for place, sheet in enumerate(MAIN)}


class ValueStanding(LabelledCode):
    """Whether a value is the one that counts."""

    CURRENT = "current", "现行"
    NOT_USED = "not_used", "不再采用"
    """Another value counts: a later one, a better one, or that of another unit."""
    NOT_ADOPTED = "not_adopted", "未采用"
    """It waits for the office, or was refused by it."""
    WITHDRAWN = "withdrawn", "已撤回"


@dataclass(frozen=True, kw_only=True)
class Recording:
    """An accepted row as it was recorded: in which batch, and when.

    `code_then` is the code that it was recorded under, where its row has another one now. `is_kept_out` where
    its lead unit has returned it, or has not agreed to it yet.
    """

    row: Reported
    batch: int
    at: datetime
    code_then: str = ""
    is_kept_out: bool = False


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper: what it is called, when it was made or given out, and what it told.

    One that `is_wide` tells the figures of a month, quarter or year, whichever returns brought them.
    """

    label: str
    at: datetime
    batch: int
    told: Published
    is_given_out: bool = False
    is_wide: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordedValue:
    """One value of a row as it was recorded.

    `about` is the data period of a figure, of anything else the period of the return. `measure` is the unit
    of the number, `filler` the person who filled the form in. `plan` is that in force in the period of the
    return when the row was recorded, `plan_now` the one that is in force in it since it was put right.
    """

    recording: Recording
    name: str
    measure: str
    field: str
    header: str
    value: Value
    nature: Nature | None
    about: Period
    cell: str
    filler: str
    plan: PlanVersion | None
    plan_now: PlanVersion | None
    standing: ValueStanding
    withdrawn: Withdrawal | None
    findings: tuple[Finding, ...]
    papers: tuple[Paper, ...]

    @property
    def row(self) -> Reported:
        """The row that it stands in."""
        return self.recording.row

    @property
    def code(self) -> str:
        """The code of what it is about: of an indicator, in whichever of its rows it stands."""
        return indicator_of_row(self.row.code)

    @property
    def is_main(self) -> bool:
        """Whether it is what the row is about, and no remark beside it."""
        return self.field == MAIN[self.row.sheet]


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What is known of rows besides their values; withdrawals by hash."""

    receipts: Sequence[Receipt]
    withdrawals: Mapping[str, Withdrawal]
    decisions: Sequence[ConflictDecision]
    papers: Sequence[Paper]
    plans: PlanInTime

    def plan_then(self, recording: Recording) -> PlanVersion | None:
        """Return the plan in force in the period of a row, as it was when the row was recorded."""
        key = recording.row.period, recording.batch
        if key not in self._plans_then:
            versions = tuple(one for one in self.plans.versions if one.batch <= recording.batch)
            known = replace(self.plans, versions=versions or self.plans.versions)
            self._plans_then[key] = known.version_at(recording.row.period)
        return self._plans_then[key]

    @cached_property
    def _plans_then(self) -> dict[tuple[Period, int], PlanVersion | None]:
        return {}


def recorded_values(
    recordings: Sequence[Recording], sources: Sources, *, only_main: bool = False
) -> list[RecordedValue]:
    """Return all values of some rows: by row, field and what they are about, then in the order of recording.

    Args:
        recordings: All recordings of the rows, whoever brought them, oldest first.
        sources: What is known besides.
        only_main: Whether no remarks beside are asked for, only what the rows are about.
    """
    by_row: dict[tuple[str, str], list[Recording]] = {}
    for recording in recordings:
        by_row.setdefault((recording.row.sheet, indicator_of_row(recording.row.code)), []).append(recording)
    receipts = {receipt.sha256: receipt for receipt in sources.receipts}
    values: list[RecordedValue] = []
    for own in by_row.values():
        values += _of_row(own, sources, receipts, only_main=only_main)
    return sorted(values, key=_place)


def _place(value: RecordedValue) -> tuple[object, ...]:
    row = value.row
    return (
        _SHEET_PLACES[row.sheet],
        value.code,
        not value.is_main,
        _FIELDS[row.sheet].index(value.field),
        value.about,
        row.seq,
    )


def _of_row(
    recordings: Sequence[Recording], sources: Sources, receipts: Mapping[str, Receipt], *, only_main: bool
) -> Iterator[RecordedValue]:
    """Yield the values of one row; of an indicator with those of its rows for one data period."""
    counting = [r.row for r in recordings if not r.is_kept_out and r.row.sha256 not in sources.withdrawals]
    merged = merged_rows(counting, sources.decisions)
    decided = _decided(merged, counting, sources)
    current = _current_places(merged, [*counting, *(one.row for one in decided)], recordings[0].row)
    # What was decided comes last, but a paper is looked for first in what units reported.
    recordings = [_in_words(recording, sources.plans) for recording in (*decided, *recordings)]
    name = str(recordings[-1].row.values.get(_NAMES[recordings[-1].row.sheet]) or "")
    in_papers = _papers_by_value(recordings, sources)
    for recording in recordings:
        row = recording.row
        sheet = worded(_SHEETS[row.sheet], sources.plans.words_at(row.period))
        receipt = receipts.get(row.sha256)
        findings = _findings_of(row, receipt)
        filler = ""
        if receipt is not None:
            filler = str(receipt.cover.get("filler") or "")
        for field in _fields(row):
            if only_main and field != MAIN[row.sheet]:
                continue
            about = _about(row, field)
            withdrawn = sources.withdrawals.get(row.sha256)
            yield RecordedValue(
                recording=recording,
                name=name,
                measure=_measure(row, field),
                field=field,
                header=sheet.column(field).header,
                value=row.values[field],
                nature=_nature(row, field),
                about=about,
                cell=row.cells.get(field, ""),
                filler=filler,
                plan=sources.plan_then(recording),
                plan_now=sources.plans.version_at(row.period),
                standing=_standing(recording, (field, about, row.seq), withdrawn, current),
                withdrawn=withdrawn,
                findings=tuple(findings.get(field, ())),
                papers=tuple(in_papers.get((row.seq, field), ())),
            )


def _in_words(recording: Recording, plans: PlanInTime) -> Recording:
    """Return a recording in the words of the plan of its period."""
    row = recording.row.in_words(plans.words_at(recording.row.period))
    return recording if row is recording.row else replace(recording, row=row)


def _fields(row: Reported) -> list[str]:
    """Return the fields of a row that hold a value of their own, in the order of the form."""
    fields = []
    for field in _FIELDS[row.sheet]:
        typed = field in row.cells and row.values.get(field) is not None
        if typed and field not in _ABOUT:
            fields.append(field)
    return fields


def _about(row: Reported, field: str) -> Period:
    """Return the data period of a figure; of anything else the period of the return."""
    if row.sheet == "indicators" and field == MAIN["indicators"]:
        return read_period(str(row.values.get("data_period") or "")) or row.period
    return row.period


def _nature(row: Reported, field: str) -> Nature | None:
    if field != MAIN["indicators"]:
        return None
    return Nature.of(row.values.get("nature"))


def _measure(row: Reported, field: str) -> str:
    if row.sheet == "indicators" and field in (MAIN["indicators"], "forecast"):
        return str(row.values.get("unit") or "")
    return ""


# --- what counts now

_Place = tuple[str, Period, int]
"""A field, what it is about, and the number of the entry that brought it."""


_DECIDED = 2**40
"""The number of what was decided, behind all that was received; it has no entry of its own row."""


def _decided(merged: Iterable[Reported], rows: Iterable[Reported], sources: Sources) -> list[Recording]:
    """Return the values that the office decided and no unit had reported, each as a recording of its own."""
    found: list[Recording] = []
    if not sources.decisions:
        return found
    typed = {_typed_in(row, field) for row in rows for field in row.cells}
    for row in merged:
        for field in _fields(row):
            if _typed_in(row, field) in typed:
                continue
            source = row.source(field)
            own = replace(
                row,
                seq=_DECIDED + len(found),
                sha256="",
                unit="",
                file=source.file,
                tab=source.tab,
                cells={field: source.cell},
                received_at=source.at,
                elsewhere={},
            )
            found.append(Recording(row=own, batch=0, at=source.at))
    return found


def _current_places(merged: Sequence[Reported], rows: Iterable[Reported], first: Reported) -> set[_Place]:
    """Return the values of a row that count now, as the roll-up chooses them; `rows` have brought them."""
    brought = _by_source(rows)
    known = history(merged)
    current: set[_Place] = set()
    codes = sorted({row.code for row in merged})
    for row in chain.from_iterable(known.of(first.sheet, code) for code in codes):
        for field in _fields(row):
            by = brought(row, field)
            if field != MAIN["indicators"] or row.sheet != "indicators":
                current.add((field, by.period, by.seq))
    if first.sheet == "indicators":
        for figure in known.figures(indicator_of_row(first.code)):
            current.add((MAIN["indicators"], figure.period, brought(figure.row, "value").seq))
    return current


def _by_source(rows: Iterable[Reported]) -> Callable[[Reported, str], Reported]:
    """Return what gives the row that brought a field of a merged row, by where that was typed.

    What the office recorded in place of a unit may stand in the row of an earlier period.
    """
    of_period: dict[tuple[object, Period], Reported] = {}
    of_any: dict[object, Reported] = {}
    for row in rows:
        for field in row.cells:
            key = _typed_in(row, field)
            of_period[key, row.period] = row
            of_any[key] = row

    def brought(row: Reported, field: str) -> Reported:
        key = _typed_in(row, field)
        return of_period.get((key, row.period)) or of_any.get(key) or row

    return brought


def _typed_in(row: Reported, field: str) -> tuple[str, str, str, str, datetime]:
    source = row.source(field)
    return row.code, source.file, source.tab, source.cell, source.at


def _standing(
    recording: Recording, place: _Place, withdrawn: Withdrawal | None, current: set[_Place]
) -> ValueStanding:
    if withdrawn is not None:
        return ValueStanding.WITHDRAWN
    if recording.is_kept_out or (recording.row.held and place[0] == MAIN["indicators"]):
        return ValueStanding.NOT_ADOPTED
    if place in current:
        return ValueStanding.CURRENT
    return ValueStanding.NOT_USED


# --- what was found


def _findings_of(row: Reported, receipt: Receipt | None) -> dict[str, list[Finding]]:
    """Return the findings in a row by field: those in no cell of its own belong to what it is about."""
    found: dict[str, list[Finding]] = {}
    if receipt is None:
        return found
    fields = {cell: field for field, cell in row.cells.items()}
    numbers = {Place(cell=cell).row for cell in fields}
    for finding in receipt.findings:
        place = Place(cell=finding.cell)
        if finding.sheet != row.tab or place.row not in numbers:
            continue
        field = fields.get(finding.cell, MAIN[row.sheet])
        if field in _ABOUT:
            field = MAIN[row.sheet]
        found.setdefault(field, []).append(finding)
    return found


# --- in which papers it stood


def _papers_by_value(recordings: Sequence[Recording], sources: Sources) -> dict[tuple[int, str], list[Paper]]:
    """Return the papers that a row's main values stood in, by entry and field, oldest first."""
    first = recordings[0].row
    about: dict[Value, list[Recording]] = {}
    for recording in reversed(recordings):
        about.setdefault(_data_period_of(recording.row), []).append(recording)
    found: dict[tuple[int, str], list[Paper]] = {}
    for paper in sources.papers:
        told = paper.told.rows.get(first.sheet, {}).get(indicator_of_row(first.code))
        if told is None:
            continue
        data_period = told.get("data_period") if first.sheet == "indicators" else None
        candidates = [r for r in about.get(data_period, ()) if _counted_in(r, paper, sources.withdrawals)]
        source = _told_by(candidates, told, paper)
        if source is not None:
            found.setdefault((source.row.seq, MAIN[first.sheet]), []).append(paper)
    return found


def _counted_in(recording: Recording, paper: Paper, withdrawals: Mapping[str, Withdrawal]) -> bool:
    """Return whether a recording was there, and not withdrawn, when a paper was made."""
    row = recording.row
    came_later = row.period.last > paper.told.period.last
    is_told_all_the_same = paper.is_wide and row.sheet == "indicators"
    if recording.batch > paper.batch or (came_later and not is_told_all_the_same):
        return False
    withdrawn = withdrawals.get(row.sha256)
    return withdrawn is None or withdrawn.at > paper.at


def _told_by(recordings: Sequence[Recording], told: Row, paper: Paper) -> Recording | None:
    """Return the newest recording that says what a paper tells of the row, None for none.

    `recordings` are those that were there and are about the same data period, newest first. One that its lead
    unit keeps out may have counted before that, but only if no other says the same; so may one of a return
    for a later period.
    """

    def is_less_sure(one: Recording) -> tuple[bool, bool]:
        return one.is_kept_out, one.row.period.last > paper.told.period.last

    for recording in sorted(recordings, key=is_less_sure):
        row, field = recording.row, _TOLD.get(recording.row.sheet, "")
        if field in told:
            value = row.values.get(field)
            is_told = told[field] in (value, *_labels(value))
        else:
            is_told = not recording.is_kept_out
        if is_told:
            return recording
    return None


def _labels(value: Value) -> tuple[str, ...]:
    """Return how a choice stands in papers of 0.2.1."""
    return value.labels if isinstance(value, LabelledCode) else ()


def _data_period_of(row: Reported) -> str | None:
    """Return the code of a figure's data period, None for what is about its return's."""
    if row.sheet != "indicators":
        return None
    return _about(row, MAIN["indicators"]).code
