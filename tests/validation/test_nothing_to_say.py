"""无 is a true answer: it is taken as a blank, and asked about only where something has to be said."""

from datetime import date
from pathlib import Path

import pytest

from tenproj_xl.app.check import check
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.results import FileResult
from tenproj_xl.core.catalogue import Code
from tenproj_xl.model.statuses import Status
from tests.conftest import PERIOD
from tests.helpers.filling import Filling, Office, sent_out

LATE = {"status": "滞后", "progress": "未进场", "next_steps": "提请协调"}


def checked(later: Office, form: Filling, tmp_path: Path) -> FileResult:
    return check(later.workspace, [form.save(tmp_path / "03.xlsx")], PERIOD).files[0]


@pytest.mark.parametrize("text", ["无", "暂无", "没有", "无问题", "暂无困难和问题。"])
def test_a_task_on_course_may_say_that_it_has_no_problems(later: Office, tmp_path: Path, text: str) -> None:
    form = later.right("03")
    form.write("tasks", "R03-02", problems=text)
    assert checked(later, form, tmp_path).findings == ()


def test_an_indicator_that_is_not_behind_may_say_that_there_is_no_reason(
    later: Office, tmp_path: Path
) -> None:
    form = later.right("03")
    form.write("indicators", "Z03-04", lag_reason="无")
    assert checked(later, form, tmp_path).findings == ()


@pytest.mark.parametrize("text", ["无", "暂无问题"])
def test_a_task_that_is_behind_has_to_say_why(later: Office, tmp_path: Path, text: str) -> None:
    form = later.right("03")
    form.write("tasks", "R03-02", problems=text, **LATE)
    (found,) = checked(later, form, tmp_path).findings
    assert found.code is Code.EMPTY_WORDS
    assert f"“存在问题”只写了“{text}”，没有说明情况" in found.message


def test_a_task_that_is_behind_has_to_say_what_is_done_about_it(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.write("tasks", "R03-02", **(LATE | {"problems": "资金未到位", "next_steps": "无"}))
    result = checked(later, form, tmp_path)
    (found,) = result.findings
    assert found.code is Code.EMPTY_WORDS
    assert "“下一步举措”只写了“无”，没有说明情况" in found.message
    assert result.judgement
    (entry,) = (e for e in result.judgement.accepted if e.code == "R03-02")
    assert entry.value("next_steps") is None


def test_a_task_on_course_may_say_that_there_is_no_next_step(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.write("tasks", "R03-02", next_steps="无")
    assert checked(later, form, tmp_path).findings == ()


@pytest.mark.parametrize("text", ["详见附件", "详见张三微信"])
def test_a_text_that_says_where_to_look_is_asked_about_as_before(
    later: Office, tmp_path: Path, text: str
) -> None:
    form = later.right("03")
    form.write("tasks", "R03-02", problems=text)
    (found,) = checked(later, form, tmp_path).findings
    assert found.code is Code.EMPTY_WORDS


@pytest.mark.parametrize("text", ["本期无更新", "无变化", "零报告"])
def test_a_blank_form_that_says_nil_beside_a_finished_task_is_a_nil_return(
    later_week: Office, tmp_path: Path, text: str
) -> None:
    before = later_week.right("03")
    before.write("tasks", "R03-02", status="已完成", progress="已全部完成", completed_on=date(2026, 11, 20))
    later_week.send(before)
    ingest(later_week.workspace, PERIOD)
    form = sent_out(later_week.workspace, "2026-W49").blank("03")
    form.write("tasks", "R03-02", progress=text)
    [result] = check(later_week.workspace, [form.save(tmp_path / "03.xlsx")], "2026-W49").files
    assert result.status is Status.WITH_WARNINGS
    assert Code.NIL_IN_WORDS in [found.code for found in result.findings]
    assert Code.EMPTY_WORDS not in [found.code for found in result.findings]


BESIDE = {"unit": "区科技局", "raised_on": date(2026, 11, 26), "status": "整改中", "category": "资金"}


@pytest.mark.parametrize("text", ["无", "本期无新增问题"])
def test_an_issue_that_is_none_stays_none_whatever_is_chosen_beside_it(
    later: Office, tmp_path: Path, text: str
) -> None:
    form = later.right("03")
    form.write("issues", "+1", description=text, progress="无", **BESIDE)
    result = checked(later, form, tmp_path)
    assert result.findings == ()
    assert result.judgement
    assert [e for e in result.judgement.accepted if not e.code] == []


def test_but_not_where_help_is_asked_for_beside_it(later: Office, tmp_path: Path) -> None:
    form = later.right("03")
    form.write("issues", "+1", description="无", request="请区里协调用地指标", **BESIDE)
    assert Code.ISSUE_INCOMPLETE in [f.code for f in checked(later, form, tmp_path).findings]
