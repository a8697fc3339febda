"""Refused, corrected, returned, accepted: every error that leads to a workbook for correction, in a real program.

A clerk opens the workbook that came back in LibreOffice, goes through 修改清单 line by line, types what is right, and
sends it back as .xlsx or as .xls. Faults that hit different rows share a form, so that few programs need to be started.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pytest
from openpyxl.utils import coordinate_to_tuple

from tenproj_xl.cli.open_form import TABS
from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.period_rows import is_for_period
from tenproj_xl.core.sheets import CORRECTION_SHEET, COVER, ISSUES, TASKS, TEMPLATE_SHEETS
from tenproj_xl.model.statuses import Status
from tests.app.test_ingest import ingested
from tests.core.test_catalogue import ALL, EXAMPLES, ISSUE, Example
from tests.helpers.answers import right_answers
from tests.helpers.filling import Filling, Office
from tests.helpers.libreoffice import type_into
from tests.helpers.programs import need

RIGHT: Mapping[str, object] = {
    **ISSUE,
    "city_rank": 3,
    "completed_on": "2026-11-20",
    "data_period": "2026年10月",
    "due_on": "2026-12-31",
    "raised_on": "2026-11-23",
    "unit": "区科技局",
    "lag_reason": "授权放缓",
    "next_steps": "加大培育",
}
"""What belongs into cells that a right form leaves blank."""
CODES = {name: code for code, name in TABS.items()}


def corrigible() -> list[Example]:
    """The examples of errors after which a workbook goes back: not of what cannot be read or is not ours."""
    errors = [e for e in EXAMPLES if e.code.rule.severity is Severity.ERROR]
    return [e for e in errors if e.out != ALL]


def shared(rows: Mapping[str, Sequence[str]]) -> list[list[Example]]:
    """The examples in as few forms as hold them, given each sheet's rows: no row of a form is spoiled twice."""
    forms: list[tuple[set[str], list[Example]]] = []
    for example in corrigible():
        tabs = set(example.out) | ({TASKS.name} if example.code is Code.ROW_UNKNOWN else set())
        touched = {row for tab in tabs for row in rows.get(tab, [tab])} or {ISSUES.name}
        room = next((form for form in forms if not form[0] & touched), None)
        if room is None:
            forms.append((touched, [example]))
        else:
            room[0].update(touched)
            room[1].append(example)
    return [examples for _, examples in forms]


ROWS = {
    TABS["indicators"]: ["Z03-01", "Z03-02", "Z03-04", "Z03-05"],
    TASKS.name: [f"R03-0{n}" for n in range(1, 5)],
    ISSUES.name: [ISSUES.name],
}
SPLIT = re.compile(r"第([\d、]+)行像是")
"""What is said of the rows that go on with the issue above: their text is put there, and they are cleared."""
Answers = Mapping[tuple[str, str], Mapping[str, object]]


def mending(back: Filling, answers: Answers) -> Iterator[tuple[str, str, str]]:
    """What is typed, line by line of 修改清单: into a cell, a whole row, a whole column, or a whole sheet."""
    for line in back.tab(CORRECTION_SHEET).iter_rows(min_row=5, values_only=True):
        word, name, cell = line[2:5]
        if split := SPLIT.search(" ".join(map(str, line))):
            column = back.at("issues", "+1", "description").rstrip("0123456789")
            yield from ((ISSUES.name, f"{column}{row}", "") for row in split[1].split("、"))
        elif word == "须更正" and name == COVER.name:
            yield COVER.name, str(cell), str(RIGHT["unit"])
        elif word == "须更正" and name in CODES:
            yield from _in_sheet(back, str(name), str(cell), answers)


def _in_sheet(back: Filling, name: str, cell: str, answers: Answers) -> Iterator[tuple[str, str, str]]:
    sheet = CODES[name]
    row, column = coordinate_to_tuple(cell)
    field = str(back.tab(sheet).cell(back.head(sheet), column).value)
    code = str(back.tab(sheet).cell(row, back.column(sheet, "code")).value)
    is_input = field in {c.field for s in TEMPLATE_SHEETS if s.code == sheet for c in s.inputs}
    if is_input and row > back.head(sheet) + 1:
        yield name, cell, text(answers.get((sheet, code), {}).get(field, RIGHT.get(field)))
        return
    for s, c in answers:
        if s == sheet and (c == code or row <= back.head(sheet) + 1):
            said = {f: v for f, v in answers[s, c].items() if f == field or not is_input}
            yield from ((name, back.at(s, c, f), text(v)) for f, v in said.items())


def text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", [".xlsx", ".xls"])
@pytest.mark.parametrize("examples", shared(ROWS), ids=lambda some: "+".join(e.code.name for e in some))
def test_what_was_refused_is_accepted_once_it_was_mended_in_libreoffice(
    examples: list[Example], ending: str, later_week: Office
) -> None:
    need("soffice")
    form = later_week.right("03")
    for example in examples:
        example.spoil(form)
    later_week.send(form, "1.xlsx", hours=-5)
    first = ingested(later_week)["1.xlsx"]
    assert {e.code for e in examples} <= {f.code for f in first.findings}
    assert first.answer, first.status
    answers = right_answers(later_week.forms["03"])
    typed = list(mending(Filling(first.answer), answers))
    name = f"2{ending}"
    type_into(first.answer, typed, later_week.workspace.inbox / name)
    again = ingested(later_week)[name]
    assert [f.message for f in again.findings if f.is_error] == []
    assert again.status in (Status.ACCEPTED, Status.WITH_WARNINGS)


def test_few_forms_hold_every_error_that_keeps_rows_out(later: Office) -> None:
    answers = right_answers(later.forms["03"])
    of_now = [(sheet, code) for sheet, code in answers if not is_for_period(code)]
    assert {tab: [c for s, c in of_now if s == CODES[tab]] or [tab] for tab in ROWS} == ROWS
    assert sorted(e.code.name for examples in shared(ROWS) for e in examples) == sorted(
        e.code.name for e in corrigible()
    )
    assert len(shared(ROWS)) <= 10
