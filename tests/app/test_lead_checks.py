"""专班核对: a lead unit looks at what its units report in forms of their own, and agrees or returns."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app.history import history
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.results import FileResult, Ingested
from tenproj_xl.app.send import send
from tenproj_xl.app.status import status
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.cli.returns_text import ingested_lines, status_lines
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import archived
from tenproj_xl.ledger.as_of import ledger_up_to
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.proof import verify
from tenproj_xl.ledger.standing import renew_all
from tenproj_xl.ledger.store import open_ledger
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import spoken_task_force
from tests.app.test_intake import put, zipped
from tests.core.test_catalogue import with_parameter
from tests.helpers.by_unit import FINANCE, INVEST, PERIOD, SCIENCE, blank, right
from tests.helpers.filling import Office
from tests.helpers.libreoffice import save_all_as
from tests.helpers.programs import need
from tests.helpers.rollup_reading import one, table

STEM = "03_区科技局_2026年第48期专班核对稿"
RETURNED = "退回"
WHY = "与统计局口径不一致，应为当年累计数"
Opinions = Mapping[str, tuple[str, str]]


def book_of(out: Office, stem: str = STEM) -> Path:
    return out.workspace.outbox / PERIOD / "专班核对稿" / f"{stem}.xlsx"


def letter(out: Office, name: str) -> str:
    return (out.workspace.outbox / PERIOD / "通知" / f"{name}.txt").read_text("utf-8-sig")


def columns(page: Worksheet) -> dict[str, str]:
    """The letters of the columns, by their headers."""
    return {str(cell.value): get_column_letter(n) for n, cell in enumerate(page[4], 1)}


def rows_in(path: Path) -> dict[str, dict[str, object]]:
    """What a 专班核对稿 shows, by the code of the row."""
    page = load_workbook(path)["专班核对稿"]
    at, found = columns(page), {}
    for n in range(5, page.max_row + 1):
        line: dict[str, object] = {header: page[f"{letters}{n}"].value for header, letters in at.items()}
        found[str(line["编号"])] = line
    return found


def say(path: Path, opinions: Opinions, target: Path) -> Path:
    """Fill a 专班核对稿 in, and save it."""
    book = load_workbook(path)
    page = book["专班核对稿"]
    at = columns(page)
    for n in range(5, page.max_row + 1):
        code = str(page[f"{at['编号']}{n}"].value)
        if code in opinions:
            page[f"{at['牵头单位意见']}{n}"], page[f"{at['退回理由']}{n}"] = opinions[code]
    book.save(target)
    return target


def edit(path: Path, code: str, header: str, text: str) -> None:
    """Type something over a cell of a 专班核对稿 that is not asked for."""
    book = load_workbook(path)
    page = book["专班核对稿"]
    at = columns(page)
    (row,) = (n for n in range(5, page.max_row + 1) if page[f"{at['编号']}{n}"].value == code)
    page[f"{at[header]}{row}"] = text
    book.save(path)


def send_words(out: Office, opinions: Opinions, name: str = "核对.xlsx") -> FileResult:
    say(book_of(out), opinions, out.workspace.inbox / name)
    files = {f.received.name: f for f in ingest(out.workspace).files}
    return files[name]


def report(out: Office, unit: str, name: str = "", hours: float = -3, **figures: object) -> Ingested:
    """Send a unit's form, filled in rightly but for some figures, and take it in."""
    form = right(out, unit)
    for code, value in figures.items():
        form.write("indicators", code.replace("_", "-"), value=value)
    out.send(form, name or f"{unit}.xlsx", hours=hours)
    return ingest(out.workspace)


def counted(out: Office) -> set[str]:
    """The codes of the rows that count."""
    with look_into_ledger(out.workspace.ledger) as ledger:
        return {row.code for row in ledger.accepted_rows(PERIOD)}


def value_of(out: Office, code: str) -> object:
    with look_into_ledger(out.workspace.ledger) as ledger:
        rows = [row for row in ledger.accepted_rows(PERIOD) if row.code == code]
        return rows[-1].values.get("value")


# --- what the lead is sent


def test_the_lead_gets_a_workbook_of_what_its_units_have_reported(out: Office) -> None:
    done = report(out, FINANCE)
    lines = rows_in(book_of(out))
    assert set(lines) == {"Z03-02", "R03-02"}
    assert lines["Z03-02"]["填报单位"] == FINANCE
    assert str(lines["Z03-02"]["本期所报"]).startswith("数据所属期：")
    assert "最新数值：" in str(lines["Z03-02"]["本期所报"])
    assert lines["R03-02"]["进度评价"] == "序时推进"
    assert lines["Z03-02"]["牵头单位意见"] is None
    assert book_of(out) in done.lead_checks
    assert f"附件“{STEM}.xlsx”有2行，其中2行待核对" in letter(out, f"核对_{SCIENCE}")
    page = load_workbook(book_of(out))["专班核对稿"]
    assert f"尚未报来：{INVEST}" in str(page["B3"].value)
    assert any("03区科技局2行" in line for line in ingested_lines(done, out.workspace))
    assert any("03区科技局2行" in line for line in status_lines(status(out.workspace)))


def test_a_question_about_a_row_stands_beside_it(out: Office) -> None:
    form = right(out, FINANCE)
    form.write("tasks", "R03-02", progress="详见附件")
    out.send(form)
    ingest(out.workspace)
    lines = rows_in(book_of(out))
    assert "疑问：" in str(lines["R03-02"]["疑问和提示"])
    assert lines["Z03-02"]["疑问和提示"] is None


def test_rows_of_the_lead_itself_and_of_forms_by_task_force_are_not_asked_about(out: Office) -> None:
    report(out, SCIENCE)
    out.send(out.right("03"))
    ingest(out.workspace)
    assert not book_of(out).exists()


def test_the_same_again_makes_the_same_workbook_and_no_new_entry(out: Office) -> None:
    report(out, FINANCE)
    before = book_of(out).read_bytes()
    ingest(out.workspace)
    with look_into_ledger(out.workspace.ledger) as ledger:
        sequence = ledger.last_batch()
    ingest(out.workspace)
    assert book_of(out).read_bytes() == before
    with look_into_ledger(out.workspace.ledger) as ledger:
        last = ledger.last_batch()
    assert sequence
    assert last
    assert last.number == sequence.number + 1  # the run itself, and nothing else


# --- what the lead says


def test_a_row_that_the_lead_returns_does_not_count_until_it_is_reported_anew(out: Office) -> None:
    report(out, FINANCE)
    first = value_of(out, "Z03-02")
    file = send_words(out, {"Z03-02": (RETURNED, WHY), "R03-02": ("同意", "")})
    assert (file.status, file.findings, file.needs_a_person) == (Status.LEAD_CHECK, (), False)
    assert counted(out) & {"Z03-02", "R03-02"} == {"R03-02"}
    told = letter(out, f"牵头退回_{FINANCE}")
    assert f"03专班牵头单位{SCIENCE}核对后，退回贵单位填报的以下1行，没有计入" in told
    assert WHY in told
    assert "已收到，录入同意1行，退回1行，谢谢。" in letter(out, f"核对意见_{SCIENCE}")

    report(out, FINANCE, "再报.xlsx", -1, Z03_02=first + 1)  # type: ignore[operator]  # a figure
    assert value_of(out, "Z03-02") == first + 1  # type: ignore[operator]  # a figure
    assert not (out.workspace.outbox / PERIOD / "通知" / f"牵头退回_{FINANCE}.txt").exists()
    lines = rows_in(book_of(out))
    assert lines["Z03-02"]["牵头单位意见"] is None  # another value needs another word
    assert lines["R03-02"]["牵头单位意见"] == "同意"  # the same row keeps it


def test_the_receipt_for_what_the_lead_said_stays_until_it_is_sent(out: Office) -> None:
    report(out, FINANCE)
    send_words(out, {"Z03-02": ("同意", ""), "R03-02": ("同意", "")})
    merge(out.workspace, PERIOD)
    assert "录入同意2行" in letter(out, f"核对意见_{SCIENCE}")
    send(out.workspace, PERIOD)
    laid = (out.workspace.outbox / PERIOD / "待发" / SCIENCE / "消息.txt").read_text("utf-8-sig")
    assert "录入同意2行" in laid


def test_who_would_withdraw_what_a_lead_said_is_told_how_it_is_changed(out: Office) -> None:
    report(out, FINANCE)
    send_words(out, {"Z03-02": ("同意", "")})
    with pytest.raises(UsageProblem, match=r"“核对.xlsx”是专班核对稿.*请牵头单位改选后再发来"):
        withdraw(out.workspace, "核对.xlsx", "发错了")


def test_a_returned_row_that_is_sent_again_as_it_was_stays_returned(out: Office) -> None:
    report(out, FINANCE)
    send_words(out, {"Z03-02": (RETURNED, WHY)})
    form = right(out, FINANCE)
    form.cover(highlights="另有说明")
    out.send(form, "再报.xlsx", hours=-1)
    ingest(out.workspace)
    assert "Z03-02" not in counted(out)
    told = letter(out, FINANCE)  # in the one letter about its new file
    assert "已接收" in told
    assert WHY in told


def test_a_returned_row_that_is_sent_again_with_a_remark_is_another_report(out: Office) -> None:
    report(out, FINANCE)
    send_words(out, {"Z03-02": (RETURNED, WHY)})
    form = right(out, FINANCE)
    form.write("indicators", "Z03-02", remark="已与统计局核对，口径一致")
    out.send(form, "再报.xlsx", hours=-1)
    ingest(out.workspace)
    assert "Z03-02" in counted(out)
    assert "已与统计局核对" in str(rows_in(book_of(out))["Z03-02"]["本期所报"])


def test_what_was_replaced_by_a_returned_row_does_not_count_again(out: Office) -> None:
    report(out, FINANCE)
    first = value_of(out, "Z03-02")
    report(out, FINANCE, "再报.xlsx", -2, Z03_02=first + 1)  # type: ignore[operator]  # a figure
    send_words(out, {"Z03-02": (RETURNED, WHY)})
    assert "Z03-02" not in counted(out)


def test_the_lead_may_agree_after_all(out: Office) -> None:
    report(out, FINANCE)
    send_words(out, {"Z03-02": (RETURNED, WHY)})
    assert rows_in(book_of(out))["Z03-02"]["退回理由"] == WHY
    send_words(out, {"Z03-02": ("同意", "")}, "改.xlsx")
    assert "Z03-02" in counted(out)


@pytest.mark.provokes(Code.LEAD_WHY)
def test_a_row_returned_without_a_reason_is_asked_about_and_still_counts(out: Office) -> None:
    report(out, FINANCE)
    file = send_words(out, {"Z03-02": (RETURNED, ""), "R03-02": ("同意", "")})
    assert [f.code for f in file.findings] == [Code.LEAD_WHY]
    assert file.needs_a_person
    assert [word.code for word in file.lead_words] == ["R03-02"]
    assert "Z03-02" in counted(out)
    assert "请写明哪里不对、怎么改后发回" in letter(out, f"核对意见_{SCIENCE}")

    done = merge(out.workspace, PERIOD)
    checks = table(done.rollup, "核验清单", "问题类型")
    assert one(checks, "退回没有写理由", "处理", "问题类型") == "意见没有录入"
    send_words(out, {"Z03-02": (RETURNED, WHY)}, "补.xlsx")
    done = merge(out.workspace, PERIOD)
    checks = table(done.rollup, "核验清单", "问题类型")
    assert one(checks, "退回没有写理由", "处理", "问题类型") == "已另报"


@pytest.mark.parametrize("why", ["同上", "见上。", "无", "详见附件"])
def test_a_reason_that_says_nothing_to_the_unit_is_none(out: Office, why: str) -> None:
    report(out, FINANCE)
    file = send_words(out, {"Z03-02": (RETURNED, why)})
    assert [f.code for f in file.findings] == [Code.LEAD_WHY]
    assert "Z03-02" in counted(out)


@pytest.mark.provokes(Code.OPINION_MISSING)
def test_a_reason_without_an_opinion_is_asked_about(out: Office) -> None:
    report(out, FINANCE)
    file = send_words(out, {"Z03-02": ("", "数不对，应为2.08%"), "R03-02": ("同意", "")})
    ((code, message),) = ((f.code, f.message) for f in file.findings)
    assert code is Code.OPINION_MISSING
    assert "写了“数不对，应为2.08%”，没有选意见，没有录入；请从下拉选项中选好意见后发回。" in message
    assert file.needs_a_person
    assert [word.code for word in file.lead_words] == ["R03-02"]
    assert "没有选意见，没有录入" in letter(out, f"核对意见_{SCIENCE}")


def test_a_reason_that_is_too_long_is_asked_about_and_not_cut(out: Office) -> None:
    report(out, FINANCE)
    file = send_words(out, {"Z03-02": (RETURNED, "一" * 700)})
    ((code, message),) = ((f.code, f.message) for f in file.findings)
    assert code is Code.TOO_LONG
    assert "共700字，超过500字的上限，请压缩" in message
    assert (file.lead_words, file.needs_a_person) == ((), True)


@pytest.mark.provokes(Code.LEAD_REMARK)
def test_what_is_said_beside_an_agreement_is_kept_and_the_office_reads_it(out: Office) -> None:
    report(out, FINANCE)
    file = send_words(out, {"Z03-02": ("同意", "但请注明口径")})
    assert [f.code for f in file.findings] == [Code.LEAD_REMARK]
    assert "Z03-02" in counted(out)
    assert "但请注明口径" not in letter(out, f"核对意见_{SCIENCE}")
    checks = table(merge(out.workspace, PERIOD).rollup, "核验清单", "问题类型")
    assert "但请注明口径" in str(one(checks, "同意并有说明", "问题和办法", "问题类型"))
    assert rows_in(book_of(out))["Z03-02"]["退回理由"] == "但请注明口径"
    assert send_words(out, {}, "又一份.xlsx").findings == ()


@pytest.mark.provokes(Code.LEAD_EDITED)
@pytest.mark.parametrize("opinion", ["同意", ""])
def test_a_lead_that_edits_what_was_reported_is_told_that_it_does_not_count(
    out: Office, opinion: str
) -> None:
    report(out, FINANCE)
    edit(book_of(out), "Z03-02", "本期所报", "最新数值：2.08%")
    file = send_words(out, {"Z03-02": (opinion, "")})
    assert [f.code for f in file.findings] == [Code.LEAD_EDITED]
    assert "“本期所报”改成了“最新数值：2.08%”，改动没有录入" in letter(out, f"核对意见_{SCIENCE}")


def test_of_two_books_saved_in_the_same_second_the_one_taken_in_later_answers(out: Office) -> None:
    report(out, FINANCE)
    path = say(book_of(out), {"Z03-02": (RETURNED, "")}, out.workspace.inbox / "核对.xlsx")
    moment = int(path.stat().st_mtime)
    os.utime(path, (moment, moment))
    ingest(out.workspace)
    for n, why in enumerate((WHY, f"{WHY}。", f"{WHY}！")):
        path = say(book_of(out), {"Z03-02": (RETURNED, why)}, out.workspace.inbox / f"补{n}.xlsx")
        os.utime(path, (moment, moment))
        ingest(out.workspace)
    checks = table(merge(out.workspace, PERIOD).rollup, "核验清单", "问题类型")
    assert one(checks, "退回没有写理由", "处理", "问题类型") == "已另报"


def test_the_operator_is_told_of_words_that_were_not_taken(out: Office) -> None:
    report(out, FINANCE)
    say(book_of(out), {"Z03-02": (RETURNED, "")}, out.workspace.inbox / "核对.xlsx")
    lines = list(ingested_lines(ingest(out.workspace), out.workspace))
    assert any("1份核对稿里有的意见没有录入" in line for line in lines)


@pytest.mark.provokes(Code.LEAD_OUTDATED)
def test_a_word_on_what_was_reported_anew_meanwhile_is_told_and_not_taken(out: Office) -> None:
    report(out, FINANCE)
    first = value_of(out, "Z03-02")
    early = say(book_of(out), {"Z03-02": (RETURNED, WHY)}, out.workspace.root / "早.xlsx")
    report(out, FINANCE, "再报.xlsx", -1, Z03_02=first + 1)  # type: ignore[operator]  # a figure
    put(out, "核对.xlsx", early.read_bytes())
    (file,) = ingest(out.workspace).files
    assert [f.code for f in file.findings] == [Code.LEAD_OUTDATED]
    assert "Z03-02" in counted(out)


@pytest.mark.provokes(Code.LEAD_ROW_UNKNOWN)
def test_a_row_whose_key_was_lost_says_nothing(out: Office) -> None:
    report(out, FINANCE)
    path = say(
        book_of(out), {"Z03-02": (RETURNED, WHY), "R03-02": (RETURNED, WHY)}, out.workspace.root / "a.xlsx"
    )
    book = load_workbook(path)
    page = book["专班核对稿"]
    head = columns(page)
    for name in ("行标识", "行标识（二）"):
        page[f"{head[name]}5"] = None
    book.save(out.workspace.inbox / "核对.xlsx")
    (file,) = ingest(out.workspace).files
    assert [f.code for f in file.findings] == [Code.LEAD_ROW_UNKNOWN]
    assert len(file.lead_words) == 1


@pytest.mark.provokes(Code.LEAD_SENDER)
def test_nobody_else_speaks_for_the_lead(out: Office) -> None:
    report(out, FINANCE)
    (out.workspace.inbox / INVEST).mkdir()
    say(book_of(out), {"Z03-02": (RETURNED, WHY)}, out.workspace.inbox / INVEST / "核对.xlsx")
    (file,) = ingest(out.workspace).files
    assert (file.status, [f.code for f in file.findings]) == (Status.REFUSED, [Code.LEAD_SENDER])
    assert "Z03-02" in counted(out)


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_it_is_known_again_whatever_its_name_and_format(out: Office, tmp_path: Path, ending: str) -> None:
    need("soffice")
    report(out, FINANCE)
    said = say(book_of(out), {"Z03-02": (RETURNED, WHY)}, tmp_path / "科技局意见.xlsx")
    (saved,) = save_all_as(ending, [said], tmp_path)
    put(out, "材料.zip", zipped([(f"最终版.{ending}", saved.read_bytes())]))
    (file,) = ingest(out.workspace).files
    assert file.status is Status.LEAD_CHECK
    assert "Z03-02" not in counted(out)


def test_the_same_bytes_again_change_nothing(out: Office) -> None:
    report(out, FINANCE)
    file = send_words(out, {"Z03-02": (RETURNED, WHY)})
    put(out, "又.xlsx", archived(out.workspace.archive, file.received.sha256).read_bytes())
    (again,) = ingest(out.workspace).files
    assert again.status is Status.DUPLICATE
    assert "Z03-02" not in counted(out)


# --- rows that count only after the word


def lead_first(out: Office) -> None:
    with_parameter(out.workspace, "牵头核对", "核对后计入")


@pytest.mark.provokes(Code.LEAD_WAITS)
def test_rows_may_count_only_once_the_lead_has_agreed(out: Office) -> None:
    lead_first(out)
    report(out, FINANCE)
    report(out, SCIENCE)
    assert "Z03-02" not in counted(out)
    assert "Z03-01" in counted(out) or "Z03-04" in counted(out)  # the lead's own count at once
    assert "牵头单位同意后才计入" in letter(out, f"核对_{SCIENCE}")
    done = merge(out.workspace, PERIOD)
    checks = table(done.rollup, "核验清单", "对应的行")
    waiting = checks[checks["问题类型"] == "待牵头单位核对"]
    assert set(waiting["处理"]) == {"未计入，待牵头单位核对"}

    send_words(out, {"Z03-02": ("同意", "")})
    assert "Z03-02" in counted(out)
    assert "R03-02" not in counted(out)  # nothing was said of it


def test_what_was_agreed_to_counts_while_its_replacement_waits(out: Office) -> None:
    lead_first(out)
    report(out, FINANCE)
    send_words(out, {"Z03-02": ("同意", "")})
    first = value_of(out, "Z03-02")
    report(out, FINANCE, "再报.xlsx", -1, Z03_02=first + 1)  # type: ignore[operator]  # a figure
    assert value_of(out, "Z03-02") == first


def test_of_two_versions_of_one_run_neither_counts_before_the_lead_has_agreed(out: Office) -> None:
    lead_first(out)
    report(out, FINANCE)
    send_words(out, {"Z03-02": ("同意", "")})
    first = value_of(out, "Z03-02")
    replaced = right(out, FINANCE)
    replaced.write("indicators", "Z03-02", value=first + 1)  # type: ignore[operator]  # a figure
    out.send(replaced, "再报.xlsx", hours=-2)
    report(out, FINANCE, "又报.xlsx", -1, Z03_02=first + 2)  # type: ignore[operator]  # a figure
    assert value_of(out, "Z03-02") == first
    withdraw(out.workspace, "又报.xlsx", "报错了")
    assert value_of(out, "Z03-02") == first
    ingest(out.workspace)
    assert rows_in(book_of(out))["Z03-02"]["牵头单位意见"] is None


def test_what_repeats_the_row_that_was_agreed_to_is_agreed_to_though_another_of_its_run_replaces_it(
    out: Office,
) -> None:
    lead_first(out)
    report(out, FINANCE)
    send_words(out, {"Z03-02": ("同意", "")})
    first = value_of(out, "Z03-02")
    same = right(out, FINANCE)
    same.cover(highlights="另有说明")
    out.send(same, "再报.xlsx", hours=-2)
    report(out, FINANCE, "又报.xlsx", -1, Z03_02=first + 2)  # type: ignore[operator]  # a figure
    withdraw(out.workspace, "又报.xlsx", "报错了")
    ingest(out.workspace)
    assert rows_in(book_of(out))["Z03-02"]["牵头单位意见"] == "同意"


def test_a_question_is_answered_once_the_lead_has_agreed_to_the_row_that_answers_it(out: Office) -> None:
    def became() -> list[str]:
        with look_into_ledger(out.workspace.ledger) as ledger:
            return [q.state.label for q in ledger.questions_about(["Z03-02"]) if q.value == "125000"]

    lead_first(out)
    report(out, FINANCE, Z03_02=125000)
    send_words(out, {"Z03-02": ("同意", "")})
    assert became() == ["待核实"]
    report(out, FINANCE, "再报.xlsx", -1)
    assert became() == ["待核实"]
    send_words(out, {"Z03-02": ("同意", "")}, "再核对.xlsx")
    assert became() == ["更正"]


def test_a_unit_is_told_which_rows_count_only_once_the_lead_has_agreed(out: Office) -> None:
    lead_first(out)
    report(out, FINANCE)
    assert "主要指标5行、重点任务1行，待牵头单位核对后计入。" in letter(out, FINANCE)
    send_words(out, {"Z03-02": ("同意", "")})
    first = value_of(out, "Z03-02")
    report(out, FINANCE, "再报.xlsx", -1, Z03_02=first + 1)  # type: ignore[operator]  # a figure
    again = letter(out, FINANCE)
    assert "；已收到，待牵头单位核对后计入。" in again
    assert "已按这一份计" not in again


def test_a_row_that_the_lead_returned_is_not_among_those_recorded_though_it_is_sent_again(
    out: Office,
) -> None:
    report(out, FINANCE)
    before = letter(out, FINANCE)
    send_words(out, {"Z03-02": (RETURNED, WHY)})
    report(out, FINANCE, "再报.xlsx", -1)
    assert "主要指标5行" in before
    assert "主要指标4行" in letter(out, FINANCE)


# --- where it is shown


@pytest.mark.provokes(Code.LEAD_RETURNED)
def test_the_roll_up_tells_what_the_lead_said(out: Office) -> None:
    report(out, FINANCE)
    send_words(out, {"Z03-02": (RETURNED, WHY), "R03-02": ("同意", "")})
    done = merge(out.workspace, PERIOD)
    assert one(table(done.rollup, "报送情况", "专班"), "03", "牵头核对", "专班") == "同意1行，退回1行"
    checks = table(done.rollup, "核验清单", "问题类型")
    assert WHY in str(one(checks, "牵头单位退回", "问题和办法", "问题类型"))
    cell, typed = (one(checks, "牵头单位退回", header, "问题类型") for header in ("单元格", "填的内容"))
    form = blank(out, FINANCE)
    assert (cell, typed) == (form.at("indicators", "Z03-02", "value"), "2.04")
    assert one(checks, "牵头单位退回", "处理", "问题类型") == "该行未计入，待更正"
    assert any("牵头单位退回1行，没有计入" in line for line in status_lines(status(out.workspace)))


def test_the_life_of_a_figure_tells_that_it_was_not_taken(out: Office) -> None:
    report(out, FINANCE)
    merge(out.workspace, PERIOD)
    send_words(out, {"Z03-02": (RETURNED, WHY)})
    (value,) = (v for v in history(out.workspace, "Z03-02").values if v.field == "value")
    told_before = [paper.label for paper in value.papers]
    assert (value.standing.label, told_before) == ("未采用", ["2026年第48周汇总"])


def test_the_ledger_proves_the_words_and_forgets_them_as_of_a_moment_before(out: Office) -> None:
    report(out, FINANCE)
    with look_into_ledger(out.workspace.ledger) as ledger:
        before = ledger.last_batch()
    send_words(out, {"Z03-02": (RETURNED, WHY)})
    assert before
    with open_ledger(out.workspace.ledger, who="tests") as ledger:
        assert verify(ledger._db).breaches == ()  # the proof reads the file itself
        with ledger_up_to(ledger, before.number) as past:
            assert "Z03-02" in {row.code for row in past.accepted_rows(PERIOD)}


def test_a_period_without_forms_by_unit_has_nothing_to_look_at(week: Office) -> None:
    week.send(week.right("03"))
    done = ingest(week.workspace, PERIOD)
    assert done.lead_checks == ()
    assert not (week.workspace.outbox / PERIOD / "专班核对稿").exists()


def test_a_new_issue_that_the_lead_returns_is_none(out: Office) -> None:
    form = blank(out, INVEST)
    (force,) = (one for one in out.loaded.plan.task_forces if one.code == "03")
    form.write(
        "issues",
        "+1",
        force=spoken_task_force(force),
        description="招商专班编制未落实",
        category="其他",
        source="自查",
        raised_on="2026-11-23",
        unit=INVEST,
        due_on="2026-12-20",
        status="整改中",
        measures="与编办对接",
        progress="已发函",
    )
    form.cover(filler="张三", phone="0571-12345678")
    out.send(form)
    ingest(out.workspace)
    (code,) = (code for code in rows_in(book_of(out)) if code.startswith("W03"))
    send_words(out, {code: (RETURNED, "不属本专班，请转04专班")})
    assert code not in counted(out)
    with look_into_ledger(out.workspace.ledger) as ledger:
        assert ledger.history().latest("issues", code) is None


def test_the_latest_view_is_the_same_made_anew(out: Office) -> None:
    report(out, FINANCE)
    first = value_of(out, "Z03-02")
    send_words(out, {"Z03-02": (RETURNED, WHY), "R03-02": ("同意", "")})
    report(out, FINANCE, "再报.xlsx", -1, Z03_02=first + 1)  # type: ignore[operator]  # a figure
    send_words(out, {"Z03-02": (RETURNED, WHY)}, "又.xlsx")
    with open_ledger(out.workspace.ledger, who="tests") as ledger:
        query = "SELECT * FROM standing ORDER BY sheet, code, topic, since, period"
        kept = [tuple(line) for line in ledger._db.execute(query)]  # the view itself
        renew_all(ledger._db, ledger.withdrawals(), ledger.conflict_decisions())
        assert [tuple(line) for line in ledger._db.execute(query)] == kept
        assert "Z03-02" not in {line[1] for line in kept}


def test_the_latest_view_as_of_each_batch_is_the_same_made_anew(out: Office) -> None:
    report(out, FINANCE)
    first = value_of(out, "Z03-02")
    send_words(out, {"Z03-02": (RETURNED, WHY), "R03-02": ("同意", "")})
    report(out, FINANCE, "再报.xlsx", -1, Z03_02=first + 1)  # type: ignore[operator]  # a figure
    withdraw(out.workspace, "再报.xlsx", "发错了")
    withdraw(out.workspace, "再报.xlsx", "没有发错", undo=True)
    query = "SELECT * FROM standing ORDER BY sheet, code, topic, since, period"
    with open_ledger(out.workspace.ledger, who="tests") as ledger:
        last = ledger.last_batch()
        assert last
        for number in range(last.number + 1):
            with ledger_up_to(ledger, number) as past:
                kept = [tuple(line) for line in past._db.execute(query)]  # the view itself
                renew_all(past._db, past.withdrawals(), past.conflict_decisions())
                assert [tuple(line) for line in past._db.execute(query)] == kept, number
