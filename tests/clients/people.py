"""Actions of people on a filled-in form, as steps of tests.helpers.lo_actions.

The form is that of task force 04: 主要指标进度表 A5:AE24, of which what is asked ends in row 12, 重点任务进度表 A5:X12,
问题销号进度表 A5:AC17. Hidden keys stand in column A and again in M, I and K, hidden field codes in the third row,
headers in the fourth.
"""

from tenproj_xl.cli.open_form import TABS
from tests.clients.answers import cells, keyed
from tests.helpers.filling import Filling, below
from tests.helpers.libreoffice import Step, typing

INDICATORS, TASKS, ISSUES = TABS["indicators"], TABS["tasks"], TABS["issues"]
Steps = list[Step]


def step(do: str, **arguments: object) -> Step:
    return {"do": do, **arguments}


UNPROTECT = step("unprotect")


# --- rows


def rows_were_sorted_with_all_that_belongs_to_them() -> Steps:
    return [
        UNPROTECT,
        step("sort", sheet=INDICATORS, cells="A5:AE12", by=10, descending=True),
        step("sort", sheet=TASKS, cells="A5:X12", by=11),
        step("sort", sheet=ISSUES, cells="A5:AC17", by=4),
    ]


def rows_were_sorted_but_for_the_hidden_column_at_the_edge() -> Steps:
    return [UNPROTECT, step("sort", sheet=TASKS, cells="B5:X12", by=10)]


def names_alone_were_sorted() -> Steps:
    return [UNPROTECT, step("sort", sheet=TASKS, cells="B5:F12", by=0, descending=True)]


def figures_alone_were_sorted() -> Steps:
    return [UNPROTECT, step("sort", sheet=INDICATORS, cells="K5:K12", by=0)]


def a_blank_row_was_inserted() -> Steps:
    return [
        UNPROTECT,
        step("insert_rows", sheet=TASKS, before=7),
        step("insert_rows", sheet=INDICATORS, before=6),
    ]


def a_row_was_inserted_for_a_new_issue() -> Steps:
    cells = {
        "D": "配套道路未贯通",
        "E": "其他",
        "F": "自查",
        "G": "2026-11-25",
        "H": "区住建局",
        "J": "2027-3-31",
    }
    typed = [typing(ISSUES, f"{column}7", text) for column, text in cells.items()]
    return [UNPROTECT, step("insert_rows", sheet=ISSUES, before=7), *typed]


def rows_were_inserted_above_the_header() -> Steps:
    title = typing(TASKS, "B1", "区发改经信局关于报送第48期进度的函")
    return [UNPROTECT, step("insert_rows", sheet=TASKS, before=1, count=2), title]


def a_row_was_deleted() -> Steps:
    return [UNPROTECT, step("delete_rows", sheet=TASKS, first=7)]


def blank_rows_for_issues_were_deleted() -> Steps:
    return [UNPROTECT, step("delete_rows", sheet=ISSUES, first=9, count=9)]


def a_row_was_cut_and_put_at_the_end() -> Steps:
    return [UNPROTECT, step("cut", sheet=TASKS, cells="A6:X6", to="A13")]


def a_row_was_copied_with_its_keys() -> Steps:
    return [UNPROTECT, step("copy", sheet=TASKS, cells="A6:X6", to="A13")]


def a_row_was_copied_as_it_is_seen() -> Steps:
    return [UNPROTECT, step("copy", sheet=TASKS, cells="B6:X6", to="B13")]


def the_left_half_of_a_row_was_copied() -> Steps:
    return [UNPROTECT, step("copy", sheet=TASKS, cells="B6:H6", to="B13")]


def a_name_was_dragged_down() -> Steps:
    return [UNPROTECT, step("drag_down", sheet=TASKS, cells="B5:D7")]


def keys_were_dragged_down_with_a_name() -> Steps:
    return [UNPROTECT, step("drag_down", sheet=TASKS, cells="A5:D7")]


def rows_were_hidden() -> Steps:
    return [UNPROTECT, step("hide_rows", sheet=TASKS, first=6, count=4)]


def rows_were_filtered() -> Steps:
    return [
        UNPROTECT,
        step("filter_rows", sheet=TASKS, cells="B4:X12", column=10, text="滞后"),
        step("filter_rows", sheet=INDICATORS, cells="B4:AE24", column=21, text="人才"),
    ]


def remarks_of_two_rows_were_merged() -> Steps:
    return [UNPROTECT, step("merge", sheet=TASKS, cells="S5:S6")]


def a_total_was_put_below() -> Steps:
    return [UNPROTECT, typing(INDICATORS, "D25", "合计"), typing(INDICATORS, "K25", "=SUM(K5:K24)")]


# --- columns and cells


def a_column_was_inserted() -> Steps:
    return [
        UNPROTECT,
        step("insert_column", sheet=TASKS, before=11, header="序号", header_row=4),
        typing(TASKS, "L5", "1"),
        step("insert_column", sheet=INDICATORS, before=0, header="经办人", header_row=4),
    ]


def a_column_of_the_office_was_deleted() -> Steps:
    return [UNPROTECT, step("delete_column", sheet=TASKS, column=20)]


def a_column_of_the_department_was_deleted() -> Steps:
    return [UNPROTECT, step("delete_column", sheet=TASKS, column=12)]


def the_row_of_field_codes_was_deleted() -> Steps:
    return [UNPROTECT, *(step("delete_rows", sheet=sheet, first=3) for sheet in (INDICATORS, TASKS, ISSUES))]


def brackets_were_replaced_everywhere() -> Steps:
    narrow = [step("replace_everywhere", find=wide, put=plain) for wide, plain in ("（(", "）)")]
    return [UNPROTECT, *narrow]


def a_target_was_typed_over() -> Steps:
    return [UNPROTECT, typing(INDICATORS, "F12", "3000"), typing(TASKS, "D6", "打造“大武林商圈”升级版")]


def a_sum_was_typed() -> Steps:
    return [typing(INDICATORS, "K5", "=1600+12.35")]


def a_sum_went_wrong() -> Steps:
    return [typing(INDICATORS, "K5", "=1600/0")]


def formats_were_cleared_before_typing() -> Steps:
    return [
        UNPROTECT,
        step("clear_formats", sheet=INDICATORS, cells="U5:U12"),
        step("clear_formats", sheet=TASKS, cells="S5:S12"),
        typing(INDICATORS, "U8", "007"),
        typing(INDICATORS, "U11", "1-2"),
        typing(TASKS, "S5", "330105199001011234"),
    ]


# --- sheets


def sheets_were_renamed() -> Steps:
    return [
        step("rename_sheet", sheet=INDICATORS, name="指标"),
        step("rename_sheet", sheet=TASKS, name="Sheet2"),
    ]


def sheets_were_put_in_another_order() -> Steps:
    return [step("put_first", sheet=ISSUES)]


def the_machines_sheet_was_deleted() -> Steps:
    return [step("delete_sheet", sheet="系统信息")]


def a_sheet_was_copied_and_left_as_it_was() -> Steps:
    return [step("copy_sheet", sheet=TASKS, name="重点任务备份")]


def a_sheet_was_copied_and_went_on_being_filled_in() -> Steps:
    return [step("copy_sheet", sheet=TASKS, name="重点任务（报）"), typing("重点任务（报）", "M5", "完成4/4")]


def the_three_sheets_were_moved_to_a_new_workbook() -> Steps:
    return [step("carry_sheets", sheets=[INDICATORS, TASKS, ISSUES])]


def one_sheet_was_moved_to_a_new_workbook() -> Steps:
    return [step("carry_sheets", sheets=[TASKS])]


def the_visible_table_was_pasted_into_a_new_workbook() -> Steps:
    return [step("carry_cells", sheet=TASKS, cells="B4:X12")]


def rows_without_their_header_were_pasted_into_a_new_workbook() -> Steps:
    return [step("carry_cells", sheet=TASKS, cells="B5:X12")]


# --- pasting into a form where only the rest is typed

BLOCKS = ((INDICATORS, "J5:L12"), (INDICATORS, "Q5:T12"), (TASKS, "L5:Q12"), (ISSUES, "D8:J8"))
"""Blocks of neighbouring input columns."""


def blocks_were_pasted_over_several_columns(form: Filling) -> Steps:
    return _pasted(form, *BLOCKS)


def a_block_was_pasted_one_row_too_low(form: Filling) -> Steps:
    return [UNPROTECT, *_pasted(form, BLOCKS[2], lower=1)]


def _pasted(form: Filling, *blocks: tuple[str, str], lower: int = 0) -> Steps:
    written = {(sheet, cell): keyed(value) for sheet, cell, value in cells(form)}
    pastes = []
    for sheet, block in blocks:
        table = form.tab(sheet)[block]
        texts = [[written.pop((sheet, c.coordinate), keyed(c.value)) for c in row] for row in table]
        corner = below(table[0][0].coordinate, lower)
        pastes.append(step("paste_from_elsewhere", rows=texts, sheet=sheet, to=corner))
    rest: dict[str, dict[str, str]] = {}
    for (sheet, cell), text in written.items():
        rest.setdefault(sheet, {})[cell] = text
    return [*(step("fill_in", sheet=sheet, cells=texts) for sheet, texts in rest.items()), *pastes]
