"""What comes back from real programs is recognised row by row, and read cell by cell as it was typed.

Each case is one return: a form that LibreOffice, Gnumeric, ExcelJS, SheetJS or openpyxl filled in, changed as people
change forms, and saved in some format. Either all is read exactly, or what differs is named at its cell.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tenproj_xl.app.check import check
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.validation.failures import Unread
from tests.clients.answers import PERIOD, SAID, TASK_FORCE, Row, Rows, meant, rows
from tests.clients.cases import CASES, Case
from tests.clients.making import Desk, resave, saved_once_more
from tests.clients.matrix import PAGE, renewed
from tests.clients.printing import RETURNED
from tests.helpers.filling import Office
from tests.helpers.programs import need


@dataclass(frozen=True)
class Back:
    """The results of all cases, and the exceptions of those that could not be made."""

    office: Office
    results: dict[Case, FileResult] = field(repr=False)
    failures: dict[Case, Exception] = field(repr=False)


@pytest.fixture(scope="module")
def back(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Back:
    need("soffice", "gnumeric", "node")
    folder = tmp_path_factory.mktemp("clients")
    desk = Desk(folder)
    calls = (getattr(item, "callspec", None) for item in request.session.items)
    wanted = [case for call in calls if call and isinstance(case := call.params.get("case"), Case)]
    paths, failures = made(desk, wanted, folder)
    results = check(desk.office.workspace, list(paths.values()), PERIOD).files
    by_name = {result.received.name.partition("/")[0]: result for result in results}
    return Back(desk.office, {case: by_name[path.name] for case, path in paths.items()}, failures)


def made(desk: Desk, cases: Sequence[Case], folder: Path) -> tuple[dict[Case, Path], dict[Case, Exception]]:
    """Make the files of cases; return them, and the exceptions of those that failed."""
    files = {case: folder / f"{n:03d}.{case.ending}" for n, case in enumerate(CASES)}
    sources = {case.action: case for case in CASES if (case.client, case.ending) == ("LibreOffice", "xlsx")}
    failures: dict[Case, Exception] = {}

    def one(case: Case) -> None:
        source = files[sources[case.action]] if case.resaves else desk.typed
        try:
            case.make(desk, source, files[case])
        except Exception as failure:  # noqa: BLE001  # of a program; the test of the case fails with it
            failures[case] = failure

    def together(ending: str) -> None:
        some = [case for case in cases if case.make is saved_once_more and case.ending == ending]
        if some:  # without a file to convert LibreOffice never ends
            resave(ending, {files[sources[case.action]]: files[case] for case in some})

    first = [case for case in cases if not case.resaves]
    first += {sources[case.action] for case in cases if case.resaves} - set(first)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, first))
        list(pool.map(together, ("xls", "ods")))
        list(pool.map(one, [case for case in cases if case.resaves]))
    return {case: files[case] for case in cases if case not in failures}, failures


@pytest.mark.clients
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_return_is_read_as_it_was_typed_or_what_differs_is_named(
    case: Case, back: Back, request: pytest.FixtureRequest
) -> None:
    if case in back.failures:
        raise back.failures[case]
    result = back.results[case]
    said = [f"{f.code.rule.code} {f.sheet} {f.cell}" for f in result.findings]
    verdict = ", ".join(dict.fromkeys(f.code.rule.code for f in result.findings)) or "ok"
    request.config.stash.setdefault(RETURNED, {})[case.client, case.action, case.ending] = verdict
    owner, told = (result.task_force, result.period), cover(result)
    differing = differences(read(result, back.office), expected(case, back.office))
    assert sorted(said) == sorted(
        f"{code.rule.code} {sheet} {cell}" for code, sheet, cell in case.expected.says
    )
    assert owner == (TASK_FORCE, PERIOD)
    assert differing == []
    assert told in (SAID, {})


def read(result: FileResult, office: Office) -> Rows:
    """Return the values read of every row; cells that were not understood are left out."""
    names = {row.token: name for name, _, row in rows(office)}
    found: dict[Row, dict[str, object]] = {}
    for entry in result.judgement.entries if result.judgement else ():
        known = {f: v for f, v in entry.inputs.items() if v is not None and not isinstance(v, Unread)}
        found[names.get(entry.row.token, (entry.row.sheet.code, "new"))] = known
    return found


def expected(case: Case, office: Office) -> Rows:
    """Return the values that must be read of every row in a case."""
    all_rows = meant(office)
    for row, values in case.expected.reads.items():
        all_rows[row] = {f: v for f, v in {**all_rows.get(row, {}), **values}.items() if v is not None}
    return {row: values for row, values in all_rows.items() if row not in case.expected.lost}


def differences(found: Rows, wanted: Rows) -> list[tuple[Row, str, object, object]]:
    """Return the cells in which two readings differ; a row that only one has differs in its `code`."""
    lone = [(row, "code", row in found, row in wanted) for row in found.keys() ^ wanted.keys()]
    cells = [
        (row, field)
        for row in found.keys() & wanted.keys()
        for field in found[row].keys() | wanted[row].keys()
    ]
    both = ((row, field, word(found[row].get(field)), word(wanted[row].get(field))) for row, field in cells)
    return sorted([*lone, *(d for d in both if d[2] != d[3])], key=str)


def word(value: object) -> object:
    """Return a choice as the word that people read, anything else as it is."""
    if isinstance(value, LabelledCode):
        return value.label
    return value


def cover(result: FileResult) -> dict[str, object]:
    """Return the values read from 填报说明, none if that sheet was not returned."""
    told = result.judgement.cover if result.judgement else {}
    return {field: value for field, value in told.items() if field in SAID}


def test_the_readme_shows_the_matrix() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert renewed(text) == text
