"""Write the workbook of what meetings agree on: blank rows, what became of earlier items, and what to do."""

from collections.abc import Sequence
from pathlib import Path

from tenproj_xl.office.meeting_book import NAME, RESOLUTIONS, STANDING
from tenproj_xl.office.signoff import SignoffBook
from tenproj_xl.office.signoff_book import TabLook, draw_guide, draw_tab, new_workbook

_LOOKS = {
    RESOLUTIONS.code: TabLook(
        "#2E75B6",
        "会议议定、交办的事项，一行一件；会议名称、会议日期每行都填（可以向下填充）。"
        "填好保存后运行：tenproj meeting 本文件名",
        height=30,
    ),
    STANDING.code: TabLook(
        "#548235",
        "以前议定的事项办得怎样，供开会时查看，不必填；要销号、延期的在销号审定表里定。",
        "还没有录入过议定事项。",
        band="以前议定的事项",
        height=22,
    ),
}
_GUIDE = "填写说明"


def write_meeting_book(path: Path, book: SignoffBook) -> None:
    """Write the workbook."""
    workbook = new_workbook(path, book, f"{NAME}表")
    pages = [workbook.sheet(sheet.name) for sheet, _ in book.sheets]
    forces = draw_guide(workbook.sheet(_GUIDE), book, f"{book.programme.title}{NAME}表", _steps(book))
    for page, (sheet, rows) in zip(pages, book.sheets, strict=True):
        draw_tab(page, book, sheet, rows, forces, _LOOKS[sheet.code])
    workbook.close()


def _steps(book: SignoffBook) -> Sequence[str]:
    office = book.programme.words.office
    fill_in = (
        f"“{RESOLUTIONS.name}”：会后填写，每件写明会议名称、会议日期、事项、专班、责任单位和完成时限。"
        "责任单位只写一个，配合单位写在备注里。"
    )
    record = (
        "填好后保存，运行：tenproj meeting 文件名。没有差错的行当即录入，有差错的逐格指出，"
        "改好再运行一次即可；录过的行不会重复登记，改动的地方会列出来。"
    )
    what_follows = (
        "录入的事项编为问题，下一期填报表里出现在该专班的“问题销号进度表”，问题来源为会议交办，"
        "“审核意见”写明是哪次会议议定的；单位逐期报进展，办好了申请销号，"
        f"由{office}审定（tenproj signoff）。"
    )
    standing = f"“{STANDING.name}”：以前议定的事项现在怎样；例会材料（tenproj report --meeting）也有。"
    keep_out = (
        "本表请勿放进收件夹（inbox）：只认命令里指名的文件。行可以排序、筛选，行标识（隐藏列）请勿改动。"
    )
    return fill_in, record, what_follows, standing, keep_out
