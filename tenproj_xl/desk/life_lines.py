"""Lines of a life as its page shows them: a value, where it comes from, and what became of it."""

from tenproj_xl.app.life_results import Life, LifeOf
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.lives import RecordedValue
from tenproj_xl.model.units import printed_unit
from tenproj_xl.office.life_words import papers_of, plan_of, source_of


@dataclass(frozen=True, kw_only=True)
class ValueLine:
    """A value as a line of a table; `state` is the code of its standing, by which it is marked."""

    row: str
    field: str
    about: str
    value: str
    is_number: bool
    nature: str
    state: str
    standing: str
    recorded: str
    period: str
    sender: str
    file: str
    sha256: str
    source: str
    tab: str
    cell: str
    plan: str
    findings: tuple[str, ...]
    papers: tuple[str, ...]
    is_main: bool


def value_lines(life: Life) -> list[ValueLine]:
    """Return the values of a life, in its order; of units and files each with the name of its row."""
    return [_line(life, value) for value in life.values]


def _line(life: Life, value: RecordedValue) -> ValueLine:
    row = "" if life.of is LifeOf.ROW else f"{value.code} {value.name}"
    measure = f"（{value.measure}）" if value.measure else ""
    findings = []
    if value.withdrawn is not None:
        findings.append(f"撤回：{value.withdrawn.why}")
    for finding in value.findings:
        findings.append(f"{finding.severity.label}：{finding.message}")
    return ValueLine(
        row=row,
        field=f"{value.header}{measure}",
        about=value.about.dated_label,
        value=text_of(value.value),
        is_number=isinstance(value.value, float),
        nature=text_of(value.nature),
        state=str(value.standing),
        standing=value.standing.label,
        recorded=f"{value.recording.at.astimezone(life.zone):%Y-%m-%d %H:%M}",
        period=value.row.period.paper_name,
        sender=" ".join(filter(None, (printed_unit(value.row.unit, life.plan), value.filler))),
        file=value.row.file,
        sha256=value.row.sha256,
        tab=value.row.tab,
        cell=value.cell,
        source=source_of(value).removeprefix(value.row.file).removeprefix(" › "),
        plan=plan_of(value),
        findings=tuple(findings),
        papers=tuple(papers_of(value, life.zone)),
        is_main=value.is_main or value.field == "invest_done",
    )
