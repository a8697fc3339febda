"""挂图作战 from the desk: offered newest first, shown as the file is, and nothing else is."""

import os
import shutil
from urllib.parse import quote

import pytest

from tenproj_xl.app.editions import WALL
from tenproj_xl.rollup.wall.document import content_policy
from tests.desk.visitor import Visitor
from tests.helpers.filling import Office


@pytest.fixture
def visitor(merged: Office) -> Visitor:
    return Visitor(merged.workspace.root)


def wall_path(visitor: Visitor) -> str:
    (wall,) = (visitor.desk.workspace.outbox / "2026-W48" / "汇总").glob(f"*{WALL}")
    return visitor.desk.workspace.relative(wall)


def test_before_the_first_roll_up_the_page_says_what_to_do(week: Office) -> None:
    page = Visitor(week.workspace.root).see("/wall")
    assert "还没有" in page
    assert "汇总" in page


def test_walls_are_offered_newest_first(visitor: Visitor) -> None:
    wall = visitor.desk.workspace.root / wall_path(visitor)
    older = wall.parents[2] / "2026-W47" / "汇总" / "早些时候_挂图作战.html"
    older.parent.mkdir(parents=True)
    shutil.copy(wall, older)
    os.utime(older, (1_000_000_000, 1_000_000_000))
    page = visitor.see("/wall")
    assert page.index("2026年第48周汇总表 挂图作战") < page.index("早些时候 挂图作战")


def test_a_wall_is_shown_as_it_is_under_its_own_policy(visitor: Visitor) -> None:
    path = wall_path(visitor)
    page = visitor.ask(f"/wall/show?path={quote(path)}")
    assert page.data == (visitor.desk.workspace.root / path).read_bytes()
    assert page.headers["Content-Security-Policy"] == content_policy()
    assert "'unsafe-inline'" not in content_policy()


def test_nothing_but_walls_is_shown(visitor: Visitor) -> None:
    for path in ("outbox/2026-W48/汇总", "工作计划.xlsx", "ledger/台账.sqlite3", "../x_挂图作战.html"):
        page = visitor.ask(f"/wall/show?path={quote(path)}")
        assert page.status_code == 409, path
        assert "text/html" in page.headers["Content-Type"]


def test_the_navigation_leads_to_the_wall(visitor: Visitor) -> None:
    assert 'href="/wall"' in visitor.ask("/").text
