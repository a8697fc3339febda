"""看表: workbooks are looked at in the browser, and findings lead to their cells in the form that came in."""

import base64
import hashlib
import re
from html import unescape
from urllib.parse import quote

import pytest

from tenproj_xl.core.files import sha256
from tests.app.test_passwords import locked
from tests.conftest import PERIOD
from tests.desk.visitor import Visitor, text_of
from tests.helpers.filling import Office
from tests.helpers.settings_book import know_password

SHEET = "主要指标进度表"


def look(visitor: Visitor, path: str, sheet: str = "") -> str:
    page = visitor.ask("/pictures/sheet", query_string={"path": path, "sheet": sheet})
    assert page.status_code == 200, page.text
    return page.text


def cell_of(html: str, address: str) -> str:
    found = re.search(rf'<td id="{address}".*?</td>', html, re.DOTALL)
    assert found is not None
    return found[0]


def test_the_newest_roll_up_stands_first_and_leads_to_its_page_one(merged: Office) -> None:
    visitor = Visitor(merged.workspace.root)
    html = visitor.ask("/pictures/").text
    first = re.search(r'<a class="name" href="([^"]+)">([^<]+)</a>', html)
    assert first is not None
    assert first[2].endswith("汇总表.xlsx")
    page = visitor.ask(unescape(first[1])).text
    assert "【总体】" in cell_of(page, "A3")
    assert 'aria-current="page">总览</a>' in page


def test_numbers_of_page_one_lead_to_their_sheets(merged: Office) -> None:
    (path,) = merged.workspace.outbox.glob(f"{PERIOD}/汇总/*汇总表.xlsx")
    html = look(Visitor(merged.workspace.root), merged.workspace.relative(path))
    assert f"sheet={quote('首页明细')}" in html
    detail = look(Visitor(merged.workspace.root), merged.workspace.relative(path), "首页明细")
    assert 'aria-current="page">首页明细</a>' in detail


def test_every_sheet_of_a_roll_up_can_be_looked_at(merged: Office) -> None:
    visitor = Visitor(merged.workspace.root)
    (path,) = merged.workspace.outbox.glob(f"{PERIOD}/汇总/*汇总表.xlsx")
    relative = merged.workspace.relative(path)
    tabs = re.search(r'<nav class="tabs".*?</nav>', look(visitor, relative), re.DOTALL)
    assert tabs is not None
    names = re.findall(r">([^<>\s]+)</a>", tabs[0])
    assert {"总览", "主要指标", "挂图作战", "趋势", "说明"} <= set(names)
    for name in names:
        assert name in cell_of(look(visitor, relative, name), "A1") or name == "总览"


def test_a_form_is_shown_as_it_goes_out(week: Office) -> None:
    (path,) = week.workspace.outbox.glob(f"{PERIOD}/填报表/03_*.xlsx")
    html = look(Visitor(week.workspace.root), week.workspace.relative(path), SHEET)
    address = week.right("03").at("indicators", "Z03-01", "name")
    assert "全社会研究与试验发展经费支出" in cell_of(html, address)
    assert 'id="A5"' not in html  # the keys of rows are hidden


@pytest.mark.parametrize(
    "path", ["../x.xlsx", "打开密码.xlsx", "ledger/台账.sqlite3", "/etc/passwd", "outbox/没有.xlsx"]
)
def test_only_workbooks_of_the_workspace_are_shown(week: Office, path: str) -> None:
    page = Visitor(week.workspace.root).ask("/pictures/sheet", query_string={"path": path})
    assert page.status_code == 409
    assert "不能从这里打开" in text_of(page)


def test_what_is_no_workbook_is_told_with_its_reason(week: Office) -> None:
    week.workspace.plan.write_bytes(b"PK\x03\x04")
    page = Visitor(week.workspace.root).ask("/pictures/sheet", query_string={"path": "工作计划.xlsx"})
    assert page.status_code == 409
    assert "“工作计划.xlsx”画不出来：文件不完整或已损坏" in text_of(page)


def test_the_page_allows_its_own_style_sheet_and_no_other(week: Office) -> None:
    page = Visitor(week.workspace.root).ask("/pictures/sheet", query_string={"path": "工作计划.xlsx"})
    (css,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert f"style-src-elem 'self' 'sha256-{digest}'" in policy
    assert " style=" not in page.text


def test_a_finding_leads_from_who_returned_what_to_its_cell_in_the_form_that_came_in(week: Office) -> None:
    form = week.right("03")
    address = form.at("indicators", "Z03-01", "value")
    form.put("indicators", address, "增长较快")
    digest = sha256(week.send(form).read_bytes())
    visitor = Visitor(week.workspace.root)
    visitor.click("ingest", "take")

    matrix = visitor.ask("/").text
    (returns,) = re.findall(r'href="(/pictures/returns/03[^"]*)"', matrix)
    listed = visitor.ask(unescape(returns))
    assert "待更正" in text_of(listed)
    place = f"看“{SHEET}”{address}"
    assert place in text_of(listed)
    (link,) = re.findall(rf'href="(/pictures/return/[^"]*)">{place}', listed.text)
    assert unescape(link).endswith(f"#{address}")
    assert digest in link

    shown = visitor.ask(unescape(link)).text
    cell = cell_of(shown, address)
    assert "增长较快" in cell
    assert "marked" in cell
    assert 'href="#finding-1"' in cell
    (told,) = re.findall(r'<li id="finding-1">.*?</li>', shown, re.DOTALL)
    assert "这里请只填数字" in told
    assert f'href="#{address}"' in told


def test_a_form_that_nobody_can_open_is_told_with_its_findings(week: Office) -> None:
    form = week.right("03")
    form.become(form.data[:5000])
    digest = sha256(week.send(form).read_bytes())
    visitor = Visitor(week.workspace.root)
    visitor.click("ingest", "take")
    said = visitor.see(f"/pictures/return/{digest}")
    assert "画不出来" in said
    assert "文件损坏" in said


def test_a_form_that_never_came_is_not_shown(week: Office) -> None:
    page = Visitor(week.workspace.root).ask(f"/pictures/return/{'0' * 64}")
    assert "没有收到过这份文件" in text_of(page)


def test_a_form_that_was_changed_in_the_archive_is_not_shown(week: Office) -> None:
    digest = sha256(week.send(week.right("03")).read_bytes())
    visitor = Visitor(week.workspace.root)
    visitor.click("ingest", "take")
    (kept,) = week.workspace.archive.rglob(digest)
    kept.chmod(0o600)
    kept.write_bytes(b"another one")
    assert "被改动过" in visitor.see(f"/pictures/return/{digest}")


def test_a_size_is_kept_from_sheet_to_sheet(week: Office) -> None:
    page = Visitor(week.workspace.root).ask(
        "/pictures/sheet", query_string={"path": "工作计划.xlsx", "zoom": "70"}
    )
    assert 'class="window z70"' in page.text
    (tabs,) = re.findall(r'<nav class="tabs".*?</nav>', page.text, re.DOTALL)
    assert tabs.count("zoom=70") == tabs.count("<a ")


def test_notes_of_a_correction_workbook_are_listed_and_lead_to_their_cells(week: Office) -> None:
    form = week.right("03")
    spoiled = form.at("indicators", "Z03-01", "value")
    form.put("indicators", spoiled, "增长较快")
    week.send(form)
    visitor = Visitor(week.workspace.root)
    visitor.click("ingest", "take")
    (path,) = week.workspace.outbox.glob(f"{PERIOD}/退回更正/03_*.xlsx")
    html = look(visitor, week.workspace.relative(path), SHEET)
    (notes,) = re.findall(r'<details class="notes">.*?</details>', html, re.DOTALL)
    (address,) = re.findall(r'<a href="#([A-Z]+[0-9]+)">[A-Z0-9]+</a> [^<]*请只填数字', notes)
    assert address == spoiled
    assert "noted" in cell_of(html, address)


def test_a_form_with_a_password_is_shown_where_the_office_knows_it(week: Office) -> None:
    form = week.right("03")
    form.become(locked(form.data, "hz2026"))
    digest = sha256(week.send(form).read_bytes())
    know_password(week.workspace, "区科技局", "hz2026")
    visitor = Visitor(week.workspace.root)
    visitor.click("ingest", "take")
    shown = visitor.ask(f"/pictures/return/{digest}", query_string={"sheet": SHEET}).text
    assert "全社会研究与试验发展经费支出" in shown


def test_the_source_of_a_number_leads_to_its_cell_in_the_form_that_came_in(merged: Office) -> None:
    visitor = Visitor(merged.workspace.root)
    (path,) = merged.workspace.outbox.glob(f"{PERIOD}/汇总/*汇总表.xlsx")
    html = look(visitor, merged.workspace.relative(path), "主要指标")
    link, text = re.findall(r'<a class="source" href="([^"]+)">([^<]+)</a>', html)[0]
    _, sheet, place = text.split(" › ")
    address = place.partition("（")[0]
    led = visitor.ask(unescape(link))
    assert led.status_code == 302
    assert led.location.endswith(f"#{address}")
    shown = visitor.ask(led.location).text
    assert f'aria-current="page">{sheet}</a>' in shown
    assert f'<td id="{address}"' in shown


@pytest.mark.parametrize("told", ["", "没有的.xlsx › 主要指标进度表 › K5（2026-11-27 14:00）"])
def test_a_source_that_is_not_kept_is_told(week: Office, told: str) -> None:
    page = Visitor(week.workspace.root).ask("/pictures/source", query_string={"told": told})
    assert page.status_code == 409
    assert "来源" in text_of(page)


def test_where_there_is_nothing_yet_nothing_is_listed(beginner: Visitor) -> None:
    assert "还没有可以看的表" in beginner.see("/pictures/")


def test_a_file_of_no_task_force_can_be_looked_at_from_the_first_page(week: Office) -> None:
    form = week.right("03")
    form.become(b"\xd0\xcf\x11\xe0 no workbook")
    digest = sha256(week.send(form, "2026年第48期.xls").read_bytes())
    visitor = Visitor(week.workspace.root)
    visitor.click("ingest", "take")
    assert 'href="/pictures/returns/"' in visitor.ask("/").text
    listed = visitor.ask("/pictures/returns/")
    assert f'href="/pictures/return/{digest}">2026年第48期.xls</a>' in listed.text
    assert "未接收（退回）" in text_of(listed)
