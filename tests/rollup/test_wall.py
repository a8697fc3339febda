"""The wall: 挂图作战 as pages that turn by themselves, in one file with nothing from elsewhere."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tenproj_xl.app.editions import WALL
from tenproj_xl.app.merge import merge
from tenproj_xl.app.report import report
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.facts.editions import MEETING, Release
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.wall.document import has_wall, wall_html, write_wall
from tenproj_xl.rollup.wall.parts import pages_of
from tests.helpers import rollup_example as ex
from tests.helpers.filling import Office
from tests.helpers.rollup_reading import opened
from tests.rollup.test_embargo import MARK, OCTOBER, SEPTEMBER, district


class Wall(HTMLParser):
    """The words of a wall: of each page by its title, of each element by its class; styles and scripts apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pages: dict[str, list[str]] = {}
        self.addresses: list[str] = []
        self.inline: dict[str, str] = {}
        self.policy = ""
        self.tags: list[str] = []
        self._page: list[str] = []
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append(tag)
        self._within = tag
        if tag == "section":
            self._page = self.pages.setdefault(str(told["aria-label"]), [])
        if told.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(told["content"])
        self.addresses += [str(told[name]) for name in ("src", "href") if name in told]
        assert not [name for name in told if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag: str) -> None:
        self._within = ""
        if tag == "section":
            self._page = []

    def handle_data(self, data: str) -> None:
        if self._within in ("style", "script"):
            self.inline[self._within] = self.inline.get(self._within, "") + data
        else:
            self._page.append(data)

    def words(self, page: str) -> str:
        """The words of all pages whose title begins so."""
        return "｜".join("｜".join(words) for title, words in self.pages.items() if title.startswith(page))


def wall_of(data: RollupInput) -> Wall:
    return Wall(wall_html(facts_of(data)))


# --- the file


def test_merge_writes_the_wall_beside_the_roll_up_and_the_same_facts_give_the_same_bytes(
    week: Office,
) -> None:
    week.send(week.right("03"))
    done = merge(week.workspace, sleep=lambda _: None)
    (wall,) = [path for path in done.beside if path.name.endswith(WALL)]
    assert wall.name == "拱墅区十项重大工程_2026年第48周汇总表_挂图作战.html"
    assert wall.parent == done.rollup.parent
    before = wall.read_bytes()
    wall.unlink()
    again = merge(week.workspace, sleep=lambda _: None)
    assert wall in again.beside
    assert wall.read_bytes() == before


def test_a_wall_that_somebody_edited_is_kept_beside_the_new_one(merged: Office) -> None:
    folder = merged.workspace.outbox / "2026-W48" / "汇总"
    (wall,) = folder.glob(f"*{WALL}")
    wall.write_text("<p>改过的</p>", encoding="utf-8")
    merge(merged.workspace, sleep=lambda _: None)
    (kept,) = folder.glob("*手改备份*.html")
    assert kept.read_text(encoding="utf-8") == "<p>改过的</p>"
    assert "<!DOCTYPE html>" in wall.read_text(encoding="utf-8")


def test_the_month_has_a_wall_and_the_meeting_has_none(merged: Office) -> None:
    of_month = report(merged.workspace, "month", None).written
    of_meeting = report(merged.workspace, "meeting", None).written
    assert [path.name.endswith(WALL) for path in of_month].count(True) == 1
    assert not [path for path in of_meeting if path.name.endswith(WALL)]
    assert not has_wall(MEETING)


def test_nothing_comes_from_elsewhere_and_the_policy_names_just_its_own_look_and_script(
    tmp_path: Path,
) -> None:
    write_wall(tmp_path / "x.html", facts_of(ex.ordinary_week()))
    wall = Wall((tmp_path / "x.html").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"#p\d+", address) for address in wall.addresses)
    assert not {"img", "iframe", "link", "object", "embed", "form"}.intersection(wall.tags)
    assert wall.tags.count("script") == wall.tags.count("style") == 1
    assert not re.search(r"https?:|@import|url\((?!#hatched)", wall.inline["style"])
    assert not re.search(r"https?:|fetch\(|XMLHttpRequest|import\(|eval\(|innerHTML", wall.inline["script"])
    digests = {
        kind: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for kind, text in wall.inline.items()
    }
    assert wall.policy == (
        f"default-src 'none'; style-src 'sha256-{digests['style']}'; script-src 'sha256-{digests['script']}';"
        " base-uri 'none'; form-action 'none'"
    )


def test_what_a_unit_typed_stays_text() -> None:
    typed = '<script>alert("滞后")</script>'
    seen = ex.row("tasks", "R02-01", {"status": "滞后", "problems": typed, "next_steps": "提请协调"})
    wall = wall_of(ex.rollup_input(seen, indicators=ex.INDICATORS, tasks=ex.TASKS))
    assert typed[:40] in wall.words("新增滞后和主要差距")
    assert wall.tags.count("script") == 1


# --- what it says


def test_the_wall_says_of_every_task_and_indicator_what_the_sheet_says(tmp_path: Path) -> None:
    facts = facts_of(ex.ordinary_week())
    write_rollup(tmp_path / "x.xlsx", facts)
    sheet = opened(tmp_path / "x.xlsx")["挂图作战"]
    wall = Wall(wall_html(facts))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_col=8)]
    bars = [row for row in rows if row[2] and row[3]]
    assert len(bars) > 5
    for force, _, code, name, unit, word, _, _ in bars:
        words = wall.words(str(force))
        line = words[words.index(f"{code}　{unit}") :]
        assert line.startswith(f"{code}　{unit}｜{name}｜{word}｜"), line[:80]


def test_the_first_page_has_the_numbers_of_page_one() -> None:
    facts = facts_of(ex.ordinary_week())
    words = Wall(wall_html(facts)).words(facts.data.plan.programme.title)
    tally = facts.headline
    assert f"指标｜共{tally.indicators}项｜{tally.on_pace}｜达序时、达标｜{tally.slow}｜略滞后" in words
    assert f"｜{tally.behind}｜滞后、未达标｜{tally.pending}｜待核定｜{tally.missing}｜未报" in words
    assert f"重点任务｜共{tally.tasks}项｜{tally.tasks_on_time}｜序时、完成" in words
    assert (
        f"在办问题｜共{tally.issues_open}件｜{tally.issues_in_time}｜办理中｜{tally.issues_overdue}｜逾期"
        in words
    )
    assert "【请定】" in words


def test_the_numbers_of_the_task_forces_add_up_to_all() -> None:
    facts = facts_of(ex.ordinary_week())
    words = Wall(wall_html(facts)).pages["各专班进展"]
    assert [force.code for force in facts.involved if force.code in words] == [f.code for f in facts.involved]
    at = words.index("全部专班")
    whole = list(map(int, words[at + 1 : at + 13]))
    by_force = []
    for force in facts.involved:
        first = words.index(facts.data.units(force.lead), words.index(force.name)) + 1
        by_force.append(list(map(int, words[first : first + 12])))
    sums = [sum(column) for column in zip(*by_force, strict=True)]
    aside = [facts.tally(force.code) for force in facts.not_involved]
    sums[5] += sum(tally.unjudged for tally in aside)  # 暂不评价
    sums[10] += sum(tally.issues_in_time for tally in aside)
    sums[11] += sum(tally.issues_overdue for tally in aside)
    assert sums == whole


def test_a_core_indicator_stands_with_value_target_and_share() -> None:
    data = ex.rollup_input(ex.figure("Z01-01", 82.5, "2026年10月"), indicators=ex.INDICATORS, tasks=ex.TASKS)
    facts = facts_of(data)
    words = Wall(wall_html(facts)).words("核心指标")
    line = next(line for line in facts.indicators if line.indicator.code == "Z01-01")
    assert f"82.5{line.indicator.unit}" in words
    assert f"｜{line.state.label}｜" in words
    assert line.share is not None
    assert f"{line.share:.0%}" in words


def test_a_core_indicator_just_short_of_its_target_does_not_stand_at_the_whole() -> None:
    data = ex.rollup_input(ex.figure("Z01-01", 99.96, "2026年10月"), indicators=ex.INDICATORS, tasks=ex.TASKS)
    words = Wall(wall_html(facts_of(data))).words("核心指标")
    assert "｜99.9%｜" in words
    assert "｜100%｜" not in words


def test_a_figure_that_waits_for_its_publication_is_marked() -> None:
    words = wall_of(district(91.25, SEPTEMBER)).words("核心指标")
    value = words.index("91.25")
    assert MARK in words[value : value + 60]
    assert MARK not in wall_of(district(91.25, SEPTEMBER, OCTOBER)).words("核心指标")


def test_the_marking_and_the_stamp_stand_on_every_page() -> None:
    signed = replace(ex.ordinary_week(), release=Release(signed_by="张三"))
    wall = wall_of(signed)
    for words in wall.pages.values():
        assert "签发稿（签发人：张三）　内部资料　注意保管" in words


def test_pages_hold_about_equally_many_lines() -> None:
    assert [len(some) for some in pages_of(range(10), 7)] == [5, 5]
    assert [len(some) for some in pages_of(range(15), 7)] == [5, 5, 5]
    assert [len(some) for some in pages_of(range(8), 7)] == [4, 4]
    assert list(pages_of((), 7)) == []


@pytest.mark.parametrize("make", [ex.first_week, ex.awful_week, ex.earlier_week, ex.ended_year])
def test_every_week_has_a_wall(make: object) -> None:
    assert callable(make)
    wall = wall_of(make())
    assert len(wall.pages) >= 3
    assert not [word for words in wall.pages.values() for word in words if "None" in word or "nan" in word]
