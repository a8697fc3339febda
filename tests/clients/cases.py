"""The cases of the matrix: program, action and format of a return, and what must be read of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.sheets import COVER
from tests.clients import people
from tests.clients.answers import EARLIER, PERIOD, TASK_FORCE, Row
from tests.clients.making import (
    Make,
    as_et,
    by_gnumeric,
    by_node,
    by_openpyxl,
    in_libreoffice,
    looked_at,
    mailed,
    pasting,
    saved_once_more,
    through,
    typed,
    typed_in_gnumeric,
    with_a_sheet_of,
    zipped,
)
from tests.clients.people import INDICATORS, ISSUES, TASKS, Steps
from tests.helpers.filling import Filling

Said = tuple[Code, str, str]
"""A finding by its code, sheet and cell."""


@dataclass(frozen=True)
class Expected:
    """The expected findings, the rows that are lost, and the cells read as something other than was typed."""

    says: tuple[Said, ...] = ()
    lost: frozenset[Row] = frozenset()
    reads: Mapping[Row, Mapping[str, object]] = field(default_factory=dict)


EXACT = Expected()
LINKED: Said = (Code.LINKS_IGNORED, "", "")
"""Sheets that were carried into another workbook refer to the one they came from; Gnumeric drops that."""


@dataclass(frozen=True, eq=False)
class Case:
    """One return: the program `client` saved it as `ending`, after the `action`.

    `resaves` is True if `make` starts from the .xlsx that LibreOffice saved after the same action.
    """

    client: str
    ending: str
    action: str
    make: Make
    expected: Expected = EXACT
    resaves: bool = False

    def __str__(self) -> str:
        return f"{self.client}, {self.ending}: {self.action}"


# --- what people do, and what is said of it

EVERYTHING = {
    "indicators": frozenset(("indicators", f"Z04-0{n}") for n in range(1, 10))
    | frozenset(("indicators", f"Z04-0{n}/2025") for n in (1, 4, 7))
    | frozenset(("indicators", f"更正{n}") for n in range(1, 6)),
    "tasks": frozenset(("tasks", f"R04-0{n}") for n in range(1, 9)),
    "issues": frozenset(("issues", f"W04-2026-00{n}") for n in range(1, 4))
    | frozenset(("issues", f"+{n}") for n in range(1, 11)),
}
NAMES = {"indicators": INDICATORS, "tasks": TASKS, "issues": ISSUES, "cover": COVER.name}


def only(*sheets: str, says: tuple[Said, ...] = ()) -> Expected:
    """Expect a return of nothing but some sheets."""
    gone = [sheet for sheet in NAMES if sheet not in sheets]
    lost = frozenset[Row]().union(*(EVERYTHING.get(sheet, ()) for sheet in gone))
    return Expected((*((Code.SHEET_MISSING, NAMES[sheet], "") for sheet in gone), *says), lost)


def tasks_lost(code: Code, cell: str, *numbers: int, sheet: str = TASKS) -> Expected:
    """Expect a finding that keeps some tasks out."""
    return Expected(((code, sheet, cell),), frozenset(("tasks", f"R04-0{n}") for n in numbers))


NEW_ISSUE = {
    "description": "配套道路未贯通",
    "category": "其他",
    "source": "自查",
    "raised_on": date(2026, 11, 25),
    "unit": "区住建局",
    "due_on": date(2027, 3, 31),
}
ASKED = ("Z04-01", "Z04-02", "Z04-03", "Z04-04", "Z04-06", "Z04-07", "Z04-08", "Z04-09")
"""The indicators above the first line, in their order."""
IN_ORDER = (60.125, 164.0, 534.567891, 1612.35, 4080.0, 5406.0, None, None)
SORTED_FIGURES: Mapping[str, Mapping[str, object]] = {
    code: {"value": value} for code, value in zip(ASKED, IN_ORDER, strict=True)
}
ACTIONS: Mapping[Callable[[], Steps], Expected] = {
    # rows
    people.rows_were_sorted_with_all_that_belongs_to_them: EXACT,
    people.rows_were_sorted_but_for_the_hidden_column_at_the_edge: tasks_lost(
        Code.KEYS_DISAGREE, "B5", 1, 2, 3, 5, 6, 7, 8
    ),
    people.names_alone_were_sorted: tasks_lost(Code.KEYS_DISAGREE, "B5", *range(1, 9)),
    people.figures_alone_were_sorted: Expected(
        (
            (Code.NOT_NUMBER, INDICATORS, "K11"),
            (Code.NOT_NUMBER, INDICATORS, "K12"),
            (Code.VALUE_JUMPED, INDICATORS, "K5"),
            (Code.REQUIRED, INDICATORS, "Q7"),  # what is far behind has no reason beside it
            (Code.REQUIRED, INDICATORS, "R7"),
            (Code.VALUE_JUMPED, INDICATORS, "K8"),
            (Code.VALUE_FAR, INDICATORS, "K9"),
            (Code.UNIT_SUSPECT, INDICATORS, "K10"),
        ),
        reads={("indicators", code): values for code, values in SORTED_FIGURES.items()},
    ),
    people.a_blank_row_was_inserted: EXACT,
    people.a_row_was_inserted_for_a_new_issue: Expected(
        ((Code.ROW_NEW, ISSUES, "B7"),), reads={("issues", "new"): NEW_ISSUE}
    ),
    people.rows_were_inserted_above_the_header: EXACT,
    people.a_row_was_deleted: tasks_lost(Code.ROW_MISSING, "", 3),
    people.blank_rows_for_issues_were_deleted: Expected(
        lost=frozenset(("issues", f"+{n}") for n in range(2, 11))
    ),
    people.a_row_was_cut_and_put_at_the_end: EXACT,
    people.a_row_was_copied_with_its_keys: EXACT,
    people.a_row_was_copied_as_it_is_seen: EXACT,
    people.the_left_half_of_a_row_was_copied: tasks_lost(Code.ROW_UNKNOWN, "B13"),
    people.a_name_was_dragged_down: tasks_lost(Code.KEYS_DISAGREE, "B6", 2, 3),
    people.keys_were_dragged_down_with_a_name: tasks_lost(Code.KEYS_DISAGREE, "B6", 2, 3),
    people.rows_were_hidden: EXACT,
    people.rows_were_filtered: EXACT,
    people.remarks_of_two_rows_were_merged: Expected(((Code.CELLS_MERGED, TASKS, "S5"),)),
    people.a_total_was_put_below: Expected(((Code.ROW_NOTE, INDICATORS, "B25"),)),
    # columns and cells
    people.a_column_was_inserted: EXACT,
    people.a_column_of_the_office_was_deleted: tasks_lost(Code.COLUMN_MISSING, ""),
    people.a_column_of_the_department_was_deleted: tasks_lost(Code.COLUMN_MISSING, "", *range(1, 9)),
    people.the_row_of_field_codes_was_deleted: EXACT,
    people.brackets_were_replaced_everywhere: Expected(
        reads={("indicators", "Z04-01"): {"remark": "快报数(待核定)，与省局口径一致"}}
    ),
    people.a_target_was_typed_over: Expected(
        ((Code.OFFICE_EDITED, INDICATORS, "F12"), (Code.OFFICE_EDITED, TASKS, "D6"))
    ),
    people.a_sum_was_typed: EXACT,
    people.a_sum_went_wrong: Expected(
        ((Code.ERROR_VALUE, INDICATORS, "K5"),), reads={("indicators", "Z04-01"): {"value": None}}
    ),
    people.formats_were_cleared_before_typing: Expected(
        (
            (Code.TEXT_ALTERED, INDICATORS, "U8"),
            (Code.TEXT_ALTERED, INDICATORS, "U11"),
            (Code.TEXT_ALTERED, TASKS, "S5"),
        ),
        reads={
            ("indicators", "Z04-04"): {"remark": "7"},  # was 007: the file does not keep leading zeros
            ("indicators", "Z04-08"): {"remark": "2026-01-02"},
            ("tasks", "R04-01"): {"remark": "330105199001011000"},
        },
    ),
    # sheets
    people.sheets_were_renamed: EXACT,
    people.sheets_were_put_in_another_order: EXACT,
    people.the_machines_sheet_was_deleted: EXACT,
    people.a_sheet_was_copied_and_left_as_it_was: EXACT,
    people.a_sheet_was_copied_and_went_on_being_filled_in: tasks_lost(
        Code.SHEET_TWICE, "", *range(1, 9), sheet="重点任务（报）"
    ),
    people.the_three_sheets_were_moved_to_a_new_workbook: only(
        "indicators", "tasks", "issues", says=(LINKED,)
    ),
    people.one_sheet_was_moved_to_a_new_workbook: only("tasks", says=(LINKED,)),
    people.the_visible_table_was_pasted_into_a_new_workbook: only("tasks", says=(LINKED,)),
    people.rows_without_their_header_were_pasted_into_a_new_workbook: only(
        "tasks", says=((Code.HEADER_LOST, "Sheet1", ""), LINKED)
    ),
}
PASTES: Mapping[Callable[[Filling], Steps], Expected] = {
    people.blocks_were_pasted_over_several_columns: EXACT,
    people.a_block_was_pasted_one_row_too_low: tasks_lost(Code.ROWS_SHIFTED, "B5", *range(1, 9)),
}

FOREIGN = Expected(((Code.SHEET_FOREIGN, f"{TASKS}_2", ""), LINKED))
MIXED = {
    "the sheet of an earlier week was copied in": (with_a_sheet_of(EARLIER, TASK_FORCE, TASKS), FOREIGN),
    "the sheet of another task force was copied in": (with_a_sheet_of(PERIOD, "03", TASKS), FOREIGN),
}

# --- the cases

GNUMERIC = {
    "xlsx": "Gnumeric_Excel:xlsx2",
    "xls": "Gnumeric_Excel:excel_biff8",
    "ods": "Gnumeric_OpenCalc:odf",
    "csv": "Gnumeric_stf:stf_csv",
}


def _spoken(function: Callable[..., Steps]) -> str:
    return function.__name__.replace("_", " ")


CHANGES: Mapping[str, tuple[Make, Expected]] = {
    **{_spoken(action): (in_libreoffice(action), expected) for action, expected in ACTIONS.items()},
    **{_spoken(paste): (pasting(paste), expected) for paste, expected in PASTES.items()},
    **MIXED,
}
"""What people do to a form, each in LibreOffice."""


def _changed() -> Iterator[Case]:
    for action, (make, expected) in CHANGES.items():
        yield Case("LibreOffice", "xlsx", action, make, expected)
        for ending in ("xls", "ods"):
            yield Case("LibreOffice", ending, action, saved_once_more, expected, resaves=True)
        unlinked = replace(expected, says=tuple(said for said in expected.says if said != LINKED))
        for ending in ("xlsx", "xls", "ods"):
            yield Case("Gnumeric", ending, action, by_gnumeric(GNUMERIC[ending]), unlinked, resaves=True)


CASES = (
    Case("LibreOffice", "xlsx", "typed", typed),
    Case("LibreOffice", "xls", "typed", typed),
    Case("LibreOffice", "ods", "typed", typed),
    Case("LibreOffice", "xlsm", "saved", in_libreoffice(list)),
    Case("LibreOffice", "et", "saved", as_et),
    Case("LibreOffice", "csv", "saved in UTF-8", looked_at(INDICATORS), only("indicators")),
    Case("LibreOffice", "csv", "saved in GB18030", looked_at(TASKS, "gb18030"), only("tasks")),
    Case("LibreOffice", "xlsx", "saved as .xlsx → .ods → .xls → .xlsx", through("xlsx", "ods", "xls")),
    Case("LibreOffice", "ods", "saved as .xlsx → .xls → .xlsx → .ods", through("xls", "xlsx")),
    *_changed(),
    *(
        Case("Gnumeric", ending, "typed", typed_in_gnumeric(GNUMERIC[ending]))
        for ending in ("xlsx", "xls", "ods")
    ),
    Case("Gnumeric", "csv", "typed", typed_in_gnumeric(GNUMERIC["csv"]), only("indicators")),
    Case("Gnumeric", "xlsx", "saved as of 2006", by_gnumeric("Gnumeric_Excel:xlsx")),
    Case("Gnumeric", "xls", "saved for Excel 95 and 97", by_gnumeric("Gnumeric_Excel:excel_dsf")),
    Case("Gnumeric", "ods", "saved as strict", by_gnumeric("Gnumeric_OpenCalc:openoffice")),
    Case("ExcelJS", "xlsx", "filled in", by_node("exceljs")),
    Case("ExcelJS", "csv", "filled in", by_node("exceljs"), only("indicators")),
    *(Case("SheetJS", ending, "filled in", by_node("sheetjs")) for ending in ("xlsx", "xlsm", "xls", "ods")),
    Case("SheetJS", "xlsb", "filled in", by_node("sheetjs"), Expected(((Code.FILE_CONVERTED, "", ""),))),
    Case("SheetJS", "csv", "filled in", by_node("sheetjs"), only("indicators")),
    Case("openpyxl", "xlsx", "filled in", by_openpyxl),
    Case("mail", "zip", "packed with names in UTF-8", zipped("utf-8")),
    Case("mail", "zip", "packed with names in GBK", zipped("gbk")),
    Case("mail", "eml", "attached to a message", mailed),
)
