"""Two senders say different things about a cell: seen, shown, settled by a person, and remembered."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tenproj_xl.app.check import check
from tenproj_xl.app.history import history
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.resolve import ask, resolve
from tenproj_xl.app.results import Ingested, Resolved
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.conflicts import Conflict
from tenproj_xl.model.lives import ValueStanding
from tenproj_xl.model.statuses import Status
from tenproj_xl.office.conflict_book import write_conflict_book
from tests.app.test_ingest import last_word, value
from tests.helpers.by_unit import FINANCE, PERIOD, SCIENCE, right
from tests.helpers.filling import Filling, Office
from tests.helpers.rollup_example import row
from tests.helpers.rollup_reading import one, table

NAME = "全社会研究与试验发展经费占地区生产总值比重"
DECISION: Mapping[str, object] = {"以哪家为准": SCIENCE, "裁定人": "赵六", "理由": "已与统计局核对"}


def tenproj(out: Office, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(out.workspace.root), *arguments])


def of_finance(out: Office, number: float = 2.1, **more: object) -> Filling:
    """The unit that reports Z03-02 says 2.1."""
    form = right(out, FINANCE)
    form.write("indicators", "Z03-02", value=number, **more)
    return form


def of_lead(out: Office, number: object = 2.3, **more: object) -> Filling:
    """The lead of task force 03 says 2.3 of it in the task force's form, and nothing else."""
    form = out.blank("03")
    form.write("indicators", "Z03-02", value=number, nature="部门统计", **more)
    form.cover(filler="张三", phone="0571-12345678")
    return form


def disagreed(out: Office) -> Ingested:
    """The lead said 2.3 in the morning, the reporting unit 2.1 in the afternoon."""
    out.send(of_lead(out), "牵头.xlsx", hours=-8)
    out.send(of_finance(out), "财政.xlsx", hours=-3)
    return ingest(out.workspace)


def conflicts(out: Office, *, settled: bool = False) -> list[Conflict]:
    with open_ledger(out.workspace.ledger, who="tests") as ledger:
        return [d for d in ledger.conflicts(PERIOD) if d.is_open != settled]


def decide(path: Path, **answers: object) -> Path:
    """Fill in the first row of a workbook for conflicts."""
    book = load_workbook(path)
    page = book.worksheets[0]
    columns = {str(cell.value): n for n, cell in enumerate(page[3], 1)}
    for header, answer in answers.items():
        page.cell(4, columns[header]).value = answer  # type: ignore[assignment]  # any value
    book.save(path)
    return path


def settled(out: Office, **answers: object) -> Resolved:
    path = ask(out.workspace).written
    assert path
    return resolve(out.workspace, decide(path, **(answers or DECISION)))


# --- seen


@pytest.mark.provokes(Code.SENDERS_DISAGREE)
def test_two_senders_that_disagree_are_named_with_both_values_and_the_reporting_unit_counts(
    out: Office,
) -> None:
    done = disagreed(out)
    assert {f.status for f in done.files} == {Status.WITH_WARNINGS, Status.ACCEPTED}
    assert [(f.code, f.file, f.value) for f in done.conflicts] == [
        (Code.SENDERS_DISAGREE, "财政.xlsx", "2.1")
    ]
    assert done.conflicts[0].message == (
        f"第7行“{NAME}”：“最新数值”各家报的不一样：区财政局报的是“2.1”（财政.xlsx），区科技局报的是“2.3”（牵头.xlsx）；"
        "暂按数据报送单位区财政局的，请用 tenproj resolve 裁定。"
    )
    assert value(out, "Z03-02") == 2.1
    assert last_word(out, "indicators", "Z03-02").disputed == {"value"}


def test_it_makes_no_difference_who_came_first(out: Office) -> None:
    out.send(of_finance(out), "财政.xlsx", hours=-8)
    out.send(of_lead(out), "牵头.xlsx", hours=-3)
    assert len(ingest(out.workspace).conflicts) == 1
    assert value(out, "Z03-02") == 2.1


def test_of_two_who_do_not_report_the_row_the_first_counts_also_after_its_correction(out: Office) -> None:
    other = of_lead(out, 2.5)
    other.cover(unit="区投促局")
    out.send(of_lead(out), "牵头.xlsx", hours=-8)
    out.send(other, "投促.xlsx", hours=-5)
    assert len(ingest(out.workspace).conflicts) == 1
    assert value(out, "Z03-02") == 2.3
    out.send(of_lead(out, 2.4), "牵头更正.xlsx", hours=-1)
    assert len(ingest(out.workspace).conflicts) == 1
    assert value(out, "Z03-02") == 2.4


def test_the_same_value_from_two_senders_is_no_dispute(out: Office) -> None:
    out.send(of_lead(out, "2.10%"), "牵头.xlsx", hours=-8)
    out.send(of_finance(out, 2.1), "财政.xlsx")
    assert ingest(out.workspace).conflicts == ()


def test_a_blank_says_nothing_and_the_only_word_on_a_cell_counts_with_its_source(out: Office) -> None:
    out.send(of_lead(out, 2.1, remark="统计公报口径"), "牵头.xlsx", hours=-8)
    out.send(of_finance(out, 2.1), "财政.xlsx")
    assert ingest(out.workspace).conflicts == ()
    row = last_word(out, "indicators", "Z03-02")
    assert (row.file, row.values["remark"], row.source("remark").file) == (
        "财政.xlsx",
        "统计公报口径",
        "牵头.xlsx",
    )


def test_a_correction_by_the_same_sender_is_no_dispute(out: Office) -> None:
    out.send(of_finance(out, 2.0), "财政.xlsx", hours=-8)
    out.send(of_finance(out, 2.1), "财政更正.xlsx")
    assert ingest(out.workspace).conflicts == ()
    assert value(out, "Z03-02") == 2.1


def test_screen_json_and_exit_code_say_that_a_person_is_needed(out: Office) -> None:
    disagreed(out)
    done = tenproj(out, "ingest", "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)["conflicts"]
    assert [(d["code"], d["file"], d["sheet"], d["value"]) for d in found] == [
        ("senders_disagree", "财政.xlsx", "主要指标进度表", "2.1")
    ]
    assert "1处各家说法不一，请用 tenproj resolve 裁定" in done.stderr


def test_looking_at_a_file_tells_with_whom_it_would_disagree(out: Office) -> None:
    out.send(of_lead(out), "牵头.xlsx", hours=-8)
    ingest(out.workspace)
    path = out.send(of_finance(out), "财政.xlsx")
    done = check(out.workspace, [path])
    assert [(f.file, f.value) for f in done.conflicts] == [("财政.xlsx", "2.1")]
    assert conflicts(out) == []


def test_looking_at_a_file_does_not_tell_of_what_others_disagree_about(out: Office) -> None:
    disagreed(out)
    path = out.send(out.right("04"), "04.xlsx")
    assert check(out.workspace, [path]).conflicts == ()


def test_the_roll_up_marks_the_row_and_lists_the_dispute(out: Office) -> None:
    disagreed(out)
    rollup = merge(out.workspace, PERIOD).rollup
    indicators, checks = table(rollup, "主要指标"), table(rollup, "核验清单", "问题类型")
    assert str(one(indicators, "Z03-02", "时效")).endswith("【有分歧】")
    assert str(one(indicators, "Z03-02", "来源（文件›工作表›单元格，时间）")).endswith("【有分歧】")
    assert one(checks, "各家说法不一", "处理", "问题类型") == "待裁定"


# --- settled


def test_the_workbook_shows_both_words_and_offers_both_units(out: Office) -> None:
    disagreed(out)
    path = ask(out.workspace).written
    assert path == out.workspace.outbox / PERIOD / "分歧裁定" / "分歧裁定_2026年第48期.xlsx"
    page = load_workbook(path).worksheets[0]
    line = {str(head.value): cell.value for head, cell in zip(page[3], page[4], strict=True)}
    assert {
        name: line[name] for name in ("专班", "编号", "名称", "栏目", "说法一", "单位一", "说法二", "单位二")
    } == {
        "专班": "03",
        "编号": "Z03-02",
        "名称": NAME,
        "栏目": "最新数值\n（%）",
        "说法一": "2.1",
        "单位一": FINANCE,
        "说法二": "2.3",
        "单位二": SCIENCE,
    }
    assert line["出处一"] == "财政.xlsx\n主要指标进度表 K7（11-27 14:00）"
    assert [rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"] == [
        '"区财政局,区科技局,另定"'
    ]


def test_a_task_that_all_its_twenty_one_units_report_on_differently_has_a_workbook_too(
    out: Office, tmp_path: Path
) -> None:
    said = [row("tasks", "R03-02", {"progress": f"进展{n}"}) for n in range(1, 22)]
    words = tuple(
        replace(r, unit=f"第{n}局", changed_fields=frozenset({"progress"})) for n, r in enumerate(said, 1)
    )
    path = tmp_path / "x.xlsx"
    write_conflict_book(
        path, [Conflict("progress", words)], words[0].period, out.loaded.plan, out.loaded.settings.zone
    )
    heads = [str(cell.value) for cell in load_workbook(path).worksheets[0][3]]
    numbers = [head.removeprefix("说法") for head in heads if head.startswith("说法")]
    assert numbers[8:12] + numbers[18:] == ["九", "十", "十一", "十二", "十九", "二十", "二十一"]


def test_the_chosen_word_counts_and_says_by_whom_it_was_chosen(out: Office) -> None:
    disagreed(out)
    done = settled(out)
    assert (done.said, done.findings, done.still_open) == (("Z03-02 最新数值：以区科技局的“2.3”为准",), (), 0)
    row = last_word(out, "indicators", "Z03-02")
    assert (row.values["value"], row.file, row.disputed) == (2.3, "财政.xlsx", frozenset())
    assert (row.source("value").file, row.source("value").note) == ("牵头.xlsx", "经赵六裁定")
    rollup = merge(out.workspace, PERIOD).rollup
    checks = table(rollup, "核验清单", "问题类型")
    assert one(checks, "各家说法不一", "处理", "问题类型") == "已裁定"
    assert "有分歧" not in str(one(table(rollup, "主要指标"), "Z03-02", "时效"))


def test_another_value_may_be_typed_as_departments_type_it(out: Office) -> None:
    disagreed(out)
    done = settled(out, 以哪家为准="另定", 另定内容="2.2%", 裁定人="赵六", 理由="统计公报")
    assert done.said == ("Z03-02 最新数值：定为“2.2”",)
    row = last_word(out, "indicators", "Z03-02")
    source = row.source("value")
    assert (row.values["value"], source.file, source.tab) == (2.2, "分歧裁定_2026年第48期.xlsx", "分歧裁定")


def test_the_same_workbook_twice_changes_nothing(out: Office) -> None:
    disagreed(out)
    settled(out)
    path = out.workspace.outbox / PERIOD / "分歧裁定" / "分歧裁定_2026年第48期.xlsx"
    again = resolve(out.workspace, path)
    assert (again.said, again.unchanged, again.findings) == ((), 1, ())
    assert resolve(out.workspace, decide(path, 以哪家为准=FINANCE)).said == (
        "Z03-02 最新数值：以区财政局的“2.1”为准",
    )
    assert value(out, "Z03-02") == 2.1


def test_a_ruling_in_the_inbox_is_not_taken_in_and_stays_there(out: Office) -> None:
    disagreed(out)
    path = ask(out.workspace).written
    assert path
    misplaced = path.rename(out.workspace.inbox / "裁定好了.xlsx")
    result = tenproj(out, "ingest")
    assert result.exit_code == 1
    assert (
        "裁定好了.xlsx：这是分歧裁定表，不作为回表收取，仍留在收件夹；请移到别处，再运行 tenproj resolve 文件名 录入"
    ) in result.stderr
    assert misplaced.exists()
    assert list((out.workspace.outbox / PERIOD / "通知").glob("*裁定好了*")) == []


def test_a_decision_is_remembered_when_the_same_returns_come_again(out: Office) -> None:
    disagreed(out)
    settled(out)
    assert disagreed(out).conflicts == ()
    form = of_finance(out, 2.1, remark="补充说明")
    out.send(form, "财政再报.xlsx", hours=-1)
    assert ingest(out.workspace).conflicts == ()
    assert value(out, "Z03-02") == 2.3


def test_a_new_word_opens_it_again_and_agreeing_with_the_decision_does_not(out: Office) -> None:
    disagreed(out)
    settled(out)
    out.send(of_finance(out, 2.3), "财政同意.xlsx", hours=-2)
    assert ingest(out.workspace).conflicts == ()
    out.send(of_finance(out, 2.6), "财政又改.xlsx", hours=-1)
    reopened = ingest(out.workspace).conflicts
    assert ["2.6" in f.message and "2.3" in f.message for f in reopened] == [True]
    assert "赵六此前裁定为“2.3”，报的内容变了，请再裁定；暂按数据报送单位区财政局的" in reopened[0].message
    assert value(out, "Z03-02") == 2.6


def test_with_one_of_the_words_withdrawn_the_other_stands_and_the_decision_waits_for_it(out: Office) -> None:
    disagreed(out)
    settled(out)
    withdraw(out.workspace, "牵头.xlsx", "报错了")
    assert (value(out, "Z03-02"), conflicts(out), conflicts(out, settled=True)) == (2.1, [], [])
    withdraw(out.workspace, "牵头.xlsx", "没有报错", undo=True)
    assert (value(out, "Z03-02"), conflicts(out), len(conflicts(out, settled=True))) == (2.3, [], 1)


def test_a_withdrawal_says_which_decision_holds_no_longer_and_its_undoing_which_does_again(
    out: Office,
) -> None:
    disagreed(out)
    settled(out)
    said = "对分歧的裁定不再有效：Z03-02 最新数值：以区科技局的“2.3”为准。"
    withdrawn = tenproj(out, "withdraw", "财政.xlsx", "--why", "报错了").stderr
    assert f"{said}现按仍计入的回表计；仍要按裁定计的，请用 tenproj amend 代录。" in withdrawn
    undone = tenproj(out, "withdraw", "财政.xlsx", "--why", "没有报错", "--undo").stderr
    assert "对分歧的裁定重新有效：Z03-02 最新数值：以区科技局的“2.3”为准。" in undone
    assert "裁定" not in tenproj(out, "withdraw", "财政.xlsx", "--why", "没有报错", "--undo").stderr


def test_history_has_the_decided_value_as_the_one_that_counts_and_says_which_decision_holds(
    out: Office,
) -> None:
    disagreed(out)
    settled(out, 以哪家为准="另定", 另定内容="2.2", 裁定人="赵六", 理由="电话核实")
    merge(out.workspace)
    life = history(out.workspace, "Z03-02")
    of_week = [value for value in life.values if value.is_main and value.row.period.code == PERIOD]
    assert [(one.value, one.standing) for one in of_week] == [
        (2.3, ValueStanding.NOT_USED),
        (2.1, ValueStanding.NOT_USED),
        (2.2, ValueStanding.CURRENT),
    ]
    (decided,) = of_week[2:]
    assert (decided.row.tab, decided.papers[0].label) == ("分歧裁定", "2026年第48周汇总")
    told = tenproj(out, "history", "Z03-02").stdout
    assert "：2.2，电话核实" in told
    assert "已不再有效" not in told
    lives = table(merge(out.workspace).rollup, "数据沿革")
    own = lives[lives["编号"] == "Z03-02"]
    assert list(zip(own["数值"], own["现在"], strict=True))[-1] == (2.2, "现行")
    withdraw(out.workspace, "牵头.xlsx", "报错")
    told = tenproj(out, "history", "Z03-02").stdout
    assert "裁定（已不再有效）（" in told
    assert [
        one["holds"] for one in json.loads(tenproj(out, "history", "Z03-02", "--json").stdout)["rulings"]
    ] == [False]
    withdraw(out.workspace, "牵头.xlsx", "没有报错", undo=True)
    assert "已不再有效" not in tenproj(out, "history", "Z03-02").stdout


def test_a_withdrawal_after_which_units_still_disagree_asks_for_another_decision(out: Office) -> None:
    disagreed(out)
    third = of_lead(out, 2.5)
    third.cover(unit="区投促局")
    out.send(third, "投促.xlsx", hours=-1)
    ingest(out.workspace)
    settled(out)
    withdrawn = tenproj(out, "withdraw", "投促.xlsx", "--why", "报错了").stderr
    said = "对分歧的裁定不再有效：Z03-02 最新数值：以区科技局的“2.3”为准。"
    assert f"{said}各家报的仍不一样，请用 tenproj resolve 重新裁定。" in withdrawn
    assert "amend" not in withdrawn


def test_a_withdrawal_says_which_decision_holds_again_in_the_place_of_another(out: Office) -> None:
    disagreed(out)
    settled(out)
    out.send(of_finance(out, 2.6), "财政又改.xlsx", hours=-1)
    ingest(out.workspace)
    settled(out, 以哪家为准="另定", 另定内容="2.2%", 裁定人="赵六", 理由="统计公报")
    withdrawn = tenproj(out, "withdraw", "财政又改.xlsx", "--why", "报错了").stderr
    assert value(out, "Z03-02") == 2.3
    assert (
        "对分歧的裁定改变：Z03-02 最新数值：定为“2.2”，不再有效；"
        "Z03-02 最新数值：以区科技局的“2.3”为准，重新有效。" in withdrawn
    )


# --- faults


@pytest.mark.parametrize(
    ("answers", "cell", "message"),
    [
        ({"裁定人": None}, "裁定人", "请填写“裁定人”（姓名）。"),
        ({"理由": None}, "理由", "请填写“理由”（写明依据，如“已电话核实”）。"),
        ({"以哪家为准": None}, "以哪家为准", "请填写“以哪家为准”（从下拉选项中选一家，都不对的选“另定”）。"),
        ({"以哪家为准": "另定"}, "另定内容", "请填写“另定内容”（选了“另定”的，填写应当是什么）。"),
        (
            {"以哪家为准": "区民政局"},
            "以哪家为准",
            "填了“区民政局”，请从下拉选项中选择：区财政局、区科技局、另定。",
        ),
        (
            {"以哪家为准": "另定", "另定内容": "再议"},
            "另定内容",
            "填了“再议”，这里请只填数字、不带单位，如 72.5；还没有数的请空着。",
        ),
    ],
)
def test_what_is_not_plain_is_asked_and_nothing_is_decided(
    out: Office, answers: Mapping[str, object], cell: str, message: str
) -> None:
    disagreed(out)
    done = settled(out, **{**DECISION, **answers})
    path = out.workspace.outbox / PERIOD / "分歧裁定" / "分歧裁定_2026年第48期.xlsx"
    place = next(c.coordinate for c in load_workbook(path).worksheets[0][3] if c.value == cell).replace(
        "3", "4"
    )
    assert [(f.cell, f.message) for f in done.findings] == [(place, f"第4行：{message}")]
    assert (done.decisions, len(conflicts(out))) == ((), 1)


@pytest.mark.provokes(Code.RULING_UNCLEAR)
def test_a_unit_and_another_value_at_once_is_unclear(out: Office) -> None:
    disagreed(out)
    done = settled(out, **DECISION, 另定内容="2.2")
    assert [(f.code, f.message) for f in done.findings] == [
        (
            Code.RULING_UNCLEAR,
            "第4行：已选“区科技局”，又另填了“2.2”，不知以哪个为准，没有记入；请只留一种，另定的请选“另定”。",
        )
    ]
    assert done.decisions == ()


@pytest.mark.parametrize(("second", "decided", "faults"), [(SCIENCE, 1, []), (FINANCE, 0, [Code.ROW_TWICE])])
def test_of_a_row_that_was_copied_nothing_counts_unless_both_say_the_same(
    out: Office, second: str, decided: int, faults: list[Code]
) -> None:
    disagreed(out)
    path = ask(out.workspace).written
    assert path
    book = load_workbook(decide(path, **DECISION))
    page = book.worksheets[0]
    column = next(c.column for c in page[3] if c.value == "以哪家为准")
    page.append([cell.value for cell in page[4]])
    page.cell(5, column).value = second
    book.save(path)
    done = resolve(out.workspace, path)
    assert (len(done.decisions), [f.code for f in done.findings]) == (decided, faults)


@pytest.mark.provokes(Code.DISPUTE_CHANGED)
def test_a_decision_about_words_that_have_changed_since_is_not_taken(out: Office) -> None:
    disagreed(out)
    path = ask(out.workspace).written
    assert path
    out.send(of_finance(out, 2.6), "财政又改.xlsx", hours=-1)
    ingest(out.workspace)
    done = resolve(out.workspace, decide(path, **DECISION))
    assert [f.code for f in done.findings] == [Code.DISPUTE_CHANGED]
    assert done.findings[0].message == (
        "第4行：生成这份裁定表之后，有关单位又报了新的内容，这一行没有记入；请重新运行 tenproj resolve 生成裁定表。"
    )
    assert (value(out, "Z03-02"), done.still_open) == (2.6, 1)


def test_any_other_workbook_is_a_usage_error(out: Office) -> None:
    path = out.path("03")
    with pytest.raises(UsageProblem, match="不是分歧裁定表"):
        resolve(out.workspace, path)
    assert tenproj(out, "resolve", str(path)).exit_code == 2


def test_a_decision_that_lies_in_the_inbox_is_not_taken(out: Office) -> None:
    disagreed(out)
    path = ask(out.workspace).written
    assert path
    decide(path, **DECISION).rename(out.workspace.inbox / path.name)
    done = ingest(out.workspace)
    assert [f.status for f in done.files] == [Status.REFUSED]
    assert value(out, "Z03-02") == 2.1


# --- the command


def test_the_command_asks_records_and_says_what_comes_next(out: Office) -> None:
    assert "没有待裁定的分歧" in tenproj(out, "resolve").stderr
    disagreed(out)
    asked = tenproj(out, "resolve", "--json")
    assert asked.exit_code == 0
    document = json.loads(asked.stdout)
    assert (document["period"], len(document["conflicts"])) == (PERIOD, 1)
    path = out.workspace.root / document["written"][0]
    assert tenproj(out, "resolve", str(path)).stderr == "裁定表里还没有填写裁定。\n还有1处待裁定。\n"
    done = tenproj(out, "resolve", str(decide(path, **DECISION)), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["decisions"] == [
        {
            "period": PERIOD,
            "sheet": "indicators",
            "code": "Z03-02",
            "field": "value",
            "unit": SCIENCE,
            "value": "2.3",
            "who": "赵六",
            "why": "已与统计局核对",
        }
    ]
    assert done.stderr == (
        "已裁定：Z03-02 最新数值：以区科技局的“2.3”为准\n"
        "请重新运行 tenproj merge --period 2026-W48，汇总表按裁定更新。\n"
    )
    faulty = tenproj(out, "resolve", str(decide(path, 裁定人=None)))
    assert faulty.exit_code == 1


def test_a_workspace_without_forms_has_nothing_to_resolve(tmp_path: Path) -> None:
    initialise(Workspace(tmp_path))
    with pytest.raises(UsageProblem):
        ask(Workspace(tmp_path))
