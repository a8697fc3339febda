"""上级排名: how superiors rank the district, by indicator or as a whole, as the office enters it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.settings_schema import RANKING_SHEET
from tenproj_xl.reading.records import Record

_EXAMPLES = "如 2026-10、2026-Q3、2026 的写法"


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The district's place in something for a data period.

    `subject` is the code of an indicator, or the name of what is ranked as a whole. `rank` and `score` are
    None where the superior gave only the other; `of` is how many are ranked, 0 where that is the plan's.
    """

    subject: str
    period: Period
    rank: int | None
    of: int
    score: float | None
    basis: str


@dataclass(frozen=True)
class Rankings:
    """All lines."""

    lines: tuple[Ranking, ...] = ()

    def of(self, subject: str, period: Period) -> Ranking | None:
        """Return what is known of a subject for a data period, None where nothing is."""
        wanted = canonical(subject)
        for line in self.lines:
            if canonical(line.subject) == wanted and line.period == period:
                return line
        return None

    def before(self, ranking: Ranking) -> Ranking | None:
        """Return the newest line of the same subject for an earlier data period of the same length."""
        same = [
            line
            for line in self.lines
            if canonical(line.subject) == canonical(ranking.subject)
            and _kind(line.period) == _kind(ranking.period)
            and line.period.last < ranking.period.last
        ]
        return max(same, key=lambda line: line.period.last, default=None)


def _kind(period: Period) -> str:
    """Return what years, halves, quarters and months have in common with their like: `-Q`."""
    return period.code[4:].rstrip("0123456789")


def ranking_faults(records: Sequence[Record]) -> Iterator[Finding]:
    """Report a week, a rank that is none, what has neither rank nor score, and what stands twice."""
    first_rows: dict[tuple[str, str], int] = {}
    for record in records:
        code = record.text("period")
        if not code:
            continue
        period = parse_period(code)
        if period.is_week:
            yield _fault(record, "period", code, _EXAMPLES)
            continue
        rank, of = record.optional("rank"), record.optional("of")
        if rank is not None and not _is_place(rank, of):
            most = f"到{of:g}" if of else "起"
            yield _fault(record, "rank", f"{rank:g}", f"1{most}的整数")
        if rank is None and record.optional("score") is None:
            yield _fault(record, "rank", "（空）", "名次；只有得分的填“得分”")
        key = (canonical(record.text("whose")), code)
        if first_rows.setdefault(key, record.row) != record.row:
            said = f"“{record.text('whose')}”{period.label}的排名"
            yield finding(Code.SETTING_TWICE, record.place("whose"), said, expected=first_rows[key])


def _is_place(rank: float, of: float | None) -> bool:
    return rank >= 1 and rank.is_integer() and (not of or rank <= of)


def _fault(record: Record, field: str, found: str, advice: str) -> Finding:
    header = RANKING_SHEET.column(field).header
    return finding(Code.SETTING_VALUE, record.place(field), found, expected=header, advice=advice)


def read_rankings(records: Sequence[Record]) -> Rankings:
    """Return the lines of the sheet, which have no faults."""
    lines = []
    for record in records:
        rank = record.optional("rank")
        lines.append(
            Ranking(
                subject=record.text("whose"),
                period=parse_period(record.text("period")),
                rank=None if rank is None else int(rank),
                of=int(record.number("of")),
                score=record.optional("score"),
                basis=record.text("why"),
            )
        )
    return Rankings(tuple(lines))
