"""Read the lines of the rankings in 设置.xlsx into `Rankings`, or into findings."""

from collections.abc import Iterator, Sequence

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.findings import Finding, finding
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.rankings import Ranking, Rankings
from tenproj_xl.model.settings_schema import RANKING_SHEET
from tenproj_xl.reading.records import Record

_EXAMPLES = "如 2026-10、2026-Q3、2026 的写法"


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
