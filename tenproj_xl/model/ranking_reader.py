"""Read the lines of the rankings in 设置.xlsx into `Rankings`, or into findings."""

from collections.abc import Iterator, Mapping, Sequence

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.rankings import Ranking, Rankings, subject_of
from tenproj_xl.model.settings_schema import RANKING_SHEET
from tenproj_xl.reading.records import Record, read_records

_EXAMPLES = "如 2026-10、2026-Q3、2026 的写法"


def ranking_faults(records: Sequence[Record]) -> Iterator[Finding]:
    """Report a week, a rank that is none, and what has neither rank nor score."""
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


def ranked_twice(sheets: Mapping[str, Rows], file: str, plan: Plan) -> Iterator[Finding]:
    """Report lines about what an earlier line ranks for the same data period, by whatever name."""
    records, _ = read_records(sheets, (RANKING_SHEET,), file, {})
    lines = records[RANKING_SHEET.code] if records else ()
    first_rows: dict[tuple[str, Period], int] = {}
    for record, ranking in zip(lines, read_rankings(lines).lines, strict=True):
        key = (subject_of(ranking, plan), ranking.period)
        first = first_rows.setdefault(key, record.row)
        if first != record.row:
            said = f"“{ranking.subject}”{ranking.period.label}的排名"
            yield finding(Code.SETTING_TWICE, record.place("whose"), said, expected=first)


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
