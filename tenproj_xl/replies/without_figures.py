"""Points of a letter in which no figure may stand: where, what is wrong, and what to do.

Only words of the catalogue are repeated, never those of a message, which quotes what was typed and aimed at.
"""

import re
from collections.abc import Mapping

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.findings import FindingGroup

_CLAUSE = re.compile(r"[，；。：]")
_OWN: Mapping[Code, str] = {
    Code.FILE_ENCRYPTED: "请取消密码后重新发送，或将打开密码告知办公室",
    Code.OTHER_PERIOD: "请填写本期的填报表后发送",
    Code.FORM_EXAMPLE: "请填写下发的填报表后发送，已经发送的不必再发",
    Code.LEAD_SENDER: "请由收表的单位填写后发回",
    Code.NOT_SIGNOFF: "请与办公室联系",
    Code.NOT_MEETING: "请与办公室联系",
    Code.OFFICE_BOOK: "请与办公室联系",
    Code.OTHER_UNIT: "请填发给自己的那一份，表没有拿错的，请改正填报单位后重新发送",
    Code.SHEET_MISSING: "请用完整的填报表重新发送",
    Code.COLUMN_MISSING: "请用下发的填报表重新填写后发送",
    Code.HEADER_LOST: "请保留下发的表头",
    Code.RESULT_MISSING: "请直接填写结果，或在WPS、Excel中打开，保存后重新发送",
    Code.ERROR_VALUE: "请直接填写结果",
    Code.NOT_NUMBER: "请只填数字、不带单位；还没有数的请空着",
    Code.NOT_DATE: "请填写年月日",
    Code.NOT_PERIOD: "请填写数据所属的年、季或月",
    Code.REQUIRED: "请补填",
    Code.PERIOD_MISSING: "请在“数据所属期”填明是哪一期的数",
    Code.CORRECTION_INCOMPLETE: "请填全；不需要更正的请把这一行清空",
    Code.ISSUE_INCOMPLETE: "登记新问题请填全必填的各栏",
    Code.ISSUE_SPLIT: "一个问题请写在一行里",
    Code.COVER_BLANK: "请补填",
    Code.ITEM_TWICE: "要办的是同一件事的，请删去这一行；是另一件的，请写明区别",
    Code.ISSUE_CLOSED: "需要重新挂账的，请与办公室联系",
    Code.ROW_OF_OTHERS: "改动没有采用；需要更正的，请与填报这一行的单位联系",
    Code.REGISTERED_CHANGED: (
        "确需变更的，请写明改成什么和理由，时限请填“申请延期至”和“延期理由”，由办公室审定"
    ),
    Code.VALUE_FELL: "请核对，如属核减，请在“核实说明”写明；进度滞后的，请一并填写滞后原因",
    Code.VERIFIED_STANDS: "仍按核定数计；核定数确有修订的，“数据性质”请选“统计核定”",
    Code.NATURE_FELL: "请核对，确实要改的请在“核实说明”写明原因，原来的数不变的请改回",
    Code.NIL_IN_WORDS: "有更新的，请填写后重新发送；零报告请在“填报说明”的“零报告”处选“是”",
    Code.RETURN_BLANK: "本期确无更新的，请在“填报说明”的“零报告”处选“是”后发送",
    Code.ISSUE_OVERWRITTEN: "其实是原问题的，请改回原来的描述后发回；新问题请填在空行里",
    Code.CORRECTION_CURRENT: "新的数请填在这个指标自己的行里，并把这一行清空",
    Code.CORRECTION_STAYS: "当时选错了的，请另用一行把它改回正确的数",
    Code.CORRECTION_SAME: "如要更正，请填更正后的数",
    Code.SHEET_FOREIGN: "如系放错，请换回下发的那一张",
    Code.OFFICE_EDITED: "仍以下发的为准；确需调整的，请另行报告",
    Code.OPINION_AGAINST: "请核对；不同意的，请把当前状态改为“整改中”",
    Code.TASK_FORCE_GONE: "请与办公室联系",
    Code.NOT_PLANNED: "填报内容已存档，不列入汇总",
    Code.VERSION_UNSURE: "请核对，应以另一份为准的请告知办公室",
    Code.RETURN_GOES_BACK: "请核对是不是错发了旧表，不以这一份为准的请告知办公室",
    Code.FIGURE_WAITS: "暂按原数计，有依据材料的请告知办公室",
    Code.RETURN_SET_ASIDE: "应以这一份为准的，请告知办公室",
}
"""What to do where the catalogue's own words do not say it without what was found."""
_LOOK, _CORRECT = "请核对", "请更正"
_SEE_THE_LIST = "请按附件“修改清单”写的办"
"""Of what has no name of its own, which stands in workbooks to be corrected alone."""


def remedy(code: Code) -> str:
    """Return what the sender of a finding is to do, in words that hold nothing of the finding."""
    if code in _OWN:
        return _OWN[code]
    clauses = [clause for clause in _CLAUSE.split(code.rule.text) if clause and "{" not in clause]
    for place, clause in enumerate(clauses):
        if "请" in clause or "不必" in clause:
            return "，".join(clauses[place:])
    if code.rule.severity is Severity.ERROR:
        return _CORRECT
    return _LOOK


_REMEDIES = {code.rule.title: remedy(code) for code in Code if code.is_of_senders}


def told_without_figures(group: FindingGroup) -> str:
    """Return a group's sentence: `“主要指标进度表”K8“不是数字”：请只填数字、不带单位。`."""
    first = group.points[0]
    where = f"“{first.sheet}”{first.cell}" if first.sheet else ""
    is_named = first.kind in _REMEDIES
    if len(group.points) > 1:
        head = group.head
    elif is_named:
        head = f"{where}“{first.kind}”"
    else:
        head = where
    what_to_do = _REMEDIES[first.kind] if is_named else _SEE_THE_LIST
    return f"{head}：{what_to_do}。".removeprefix("：")
