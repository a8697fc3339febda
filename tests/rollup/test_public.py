"""What all may read: no closed figure nor anything computed from it, no name, telephone or identity number."""

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tenproj_xl.app.merge import merge
from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.cells import Value
from tenproj_xl.model.history import Reported
from tenproj_xl.model.plan import Measure
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.facts.editions import MEETING, MONTH, QUARTER, WEEK, YEAR, Audience, Edition, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.public import left_out
from tests.conftest import PERIOD
from tests.helpers import rollup_example as ex
from tests.helpers.filling import Office
from tests.helpers.rollup_reading import opened

ALL = (WEEK, MEETING, MONTH, QUARTER, YEAR)
PERSON, MOBILE, LANDLINE, IDENTITY = "欧阳明德", "13857112233", "0571-88259999", "11010519491231002X"
SECRETS = (PERSON, MOBILE, LANDLINE, IDENTITY)
TEXT = f"{PERSON}负责，电话{LANDLINE}、{MOBILE}，身份证{IDENTITY}，已开工"


def content(data: RollupInput, path: Path, edition: Edition) -> Mapping[str, bytes]:
    """Return all parts of the workbook for all."""
    release = Release(edition, Audience.PUBLIC)
    write_rollup(path, facts_of(replace(data, release=release)))
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_closed_figures(share: float) -> RollupInput:
    """Return an ordinary week whose first two indicators are closed, with figures that are judged alike."""
    data = ex.following_week()
    closed = tuple(replace(one, disclosure=Disclosure.CLOSED) for one in data.plan.indicators[:2])
    plan = replace(data.plan, indicators=(*closed, *data.plan.indicators[2:]))
    changes = {"Z01-01": 85.0 + share, "Z01-02": 12.8 + share}
    rows = tuple(_changed(row, changes, share) for row in data.known.rows)
    return replace(data, plan=plan, known=replace(data.known, rows=rows))


def _changed(row: Reported, changes: Mapping[str, float], share: float) -> Reported:
    if row.sheet != "indicators" or row.code not in changes:
        return row
    told: dict[str, Value] = {
        "forecast": 120.0 + share,
        "lag_reason": f"只完成{share}",
        "remark": f"实为{share}",
    }
    told["value"] = changes[row.code] if row.period == ex.WEEK else row.values["value"]
    return replace(row, values={**row.values, **told})


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.code)
def test_no_byte_for_all_depends_on_a_closed_figure_beyond_its_judgement(
    edition: Edition, tmp_path: Path
) -> None:
    one = content(with_closed_figures(0.25), tmp_path / "1.xlsx", edition)
    other = content(with_closed_figures(1.75), tmp_path / "2.xlsx", edition)
    assert [name for name in one if one[name] != other[name]] == []
    open_to_all = content(ex.following_week(), tmp_path / "3.xlsx", edition)
    assert open_to_all != one


def test_a_closed_indicator_that_was_met_is_praised_without_its_figure(tmp_path: Path) -> None:
    data = ex.ended_year()
    closed = tuple(replace(one, disclosure=Disclosure.CLOSED) for one in data.plan.indicators)
    data = replace(data, plan=replace(data.plan, indicators=closed))
    parts = content(data, tmp_path / "x.xlsx", YEAR)
    text = b"".join(parts.values()).decode("utf-8", "ignore")
    assert "达标，数值不公开" in text
    assert "完成103" not in text
    cells = [cell.value for page in opened(tmp_path / "x.xlsx", values=True) for row in page for cell in row]
    assert 103 not in cells


def poisoned(data: RollupInput) -> RollupInput:
    """Return a week in which every text that units typed names a person with telephone and identity number."""
    rows = []
    for row in data.known.rows:
        texts = {}
        for name in ("progress", "next_steps", "lag_reason", "problems", "remark", "site_progress"):
            texts[name] = TEXT
        texts["person"] = f"{PERSON}（{LANDLINE}）"
        rows.append(replace(row, values={**row.values, **texts}))
    cover = {"unit": TEXT, "filler": PERSON, "phone": MOBILE, "highlights": TEXT}
    tasks = tuple(replace(task, person=f"{PERSON} {MOBILE}") for task in data.plan.tasks)
    return replace(
        data,
        known=replace(data.known, rows=tuple(rows)),
        receipts=(ex.receipt("01", cover=cover, sender=TEXT, file=f"{PERSON}.xlsx"),),
        plan=replace(data.plan, tasks=tasks),
    )


@pytest.mark.parametrize("edition", ALL, ids=lambda e: e.code)
def test_names_telephones_and_identity_numbers_stand_in_no_part_for_all(
    edition: Edition, tmp_path: Path
) -> None:
    parts = content(poisoned(ex.ordinary_week()), tmp_path / "x.xlsx", edition)
    found = {name for name, part in parts.items() for secret in SECRETS if secret.encode() in part}
    assert found == set()
    assert "已开工".encode() in parts["xl/sharedStrings.xml"]


def test_the_operator_is_told_where_something_was_left_out() -> None:
    assert left_out(facts_of(ex.ordinary_week())) == ()
    places = left_out(facts_of(poisoned(ex.ordinary_week())))
    assert places[0] == "Z01-01"
    assert places[-1] == "01典型做法"


def test_merge_tells_of_names_in_good_practice_and_leaves_them_out(week: Office) -> None:
    form = week.right("03")
    form.cover(filler=PERSON, phone=MOBILE, highlights=f"{PERSON}牵头建成平台，联系{MOBILE}")
    week.send(form)
    done = merge(week.workspace, PERIOD)
    assert any(
        "晾晒版略去了单位填报文字里的姓名、电话或不对外的数：03典型做法" in n for n in done.ingested.notices
    )
    (public,) = (path for path in done.beside if "晾晒版" in path.name)
    with zipfile.ZipFile(public) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "ignore")
    assert "牵头建成平台" in content
    assert PERSON not in content
    assert MOBILE not in content


def test_the_reason_of_a_target_that_was_missed_before_names_nobody(tmp_path: Path) -> None:
    goals = (ex.target("2026-Q3", "以上", 70.0), ex.target("2026", "以上", 100.0))
    rows = (
        ex.figure("Z01-01", 60.0, "2026年9月", "统计核定", period="2026-W42", lag_reason=TEXT),
        ex.figure("Z01-01", 90.0, "2026年10月"),
    )
    data = ex.rollup_input(*rows, indicators=(ex.indicator("Z01-01", Measure.ANNUAL, *goals),))
    data = replace(data, receipts=(ex.receipt("01", cover={"unit": "甲局", "filler": PERSON}),))
    parts = content(data, tmp_path / "x.xlsx", WEEK)
    assert "已开工".encode() in parts["xl/sharedStrings.xml"]
    assert {name for name, part in parts.items() for secret in SECRETS if secret.encode() in part} == set()
    assert left_out(facts_of(data)) == ("Z01-01",)


def test_who_is_responsible_is_for_nobody_to_read_and_no_text_that_is_left_out() -> None:
    data = ex.ordinary_week()
    rows = tuple(
        replace(row, values={**row.values, "person": PERSON}) if row.sheet == "tasks" else row
        for row in data.known.rows
    )
    assert left_out(facts_of(replace(data, known=replace(data.known, rows=rows)))) == ()
