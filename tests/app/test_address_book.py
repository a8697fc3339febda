"""The address book 通讯录.xlsx: who answers for which form on a day, and what is wrong with its lines."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenproj_xl.app.frames import facts_for
from tenproj_xl.app.generate import generate
from tenproj_xl.app.merge import merge
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.sheets import COVER
from tenproj_xl.model.address_reader import is_address
from tenproj_xl.model.liaisons import Liaison, liaison_at, liaison_for
from tenproj_xl.model.plan_schema import PEOPLE
from tenproj_xl.model.units import of_task_force
from tenproj_xl.rollup.facts.change_items import Change
from tenproj_xl.rollup.facts.changes import change_lines
from tests.helpers.address_book import contact
from tests.helpers.filling import Office
from tests.helpers.plan_book import plan_book, workspace_of
from tests.helpers.rollup_reading import opened
from tests.helpers.small_plan import small_tables

TODAY = datetime(2026, 11, 26, 9, tzinfo=UTC)
DAY = date(2026, 11, 26)
LEAD, OTHER = "区发改经信局", "区科技局"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    headers = [column.header for column in PEOPLE.columns]
    return workspace_of(tmp_path, {**small_tables(), PEOPLE.name: [headers]})


def said(workspace: Workspace, code: Code) -> list[Finding]:
    return [found for found in check_plan(workspace, now=TODAY).findings if found.code is code]


def liaison(workspace: Workspace, task_force: str, day: date = DAY) -> Liaison:
    loaded = load(workspace)
    recipient = of_task_force(loaded.plan.task_force(task_force), loaded.plan)
    return liaison_for(recipient, loaded.addresses, loaded.plan, day)


def test_the_liaison_of_a_task_force_goes_before_the_one_for_all_of_the_unit(workspace: Workspace) -> None:
    contact(workspace, LEAD, "办公室A岗", section="办公室", to="bgs@example.com", phone="0571-1")
    contact(workspace, LEAD, "办公室B岗", section="办公室", post="B岗", to="bgs2@example.com", phone="0571-2")
    contact(workspace, LEAD, "投资科A岗", section="投资科", task_forces="01", to="tzk@example.com")
    of_first, of_unit = (
        liaison(workspace, "01"),
        liaison_at(LEAD, load(workspace).addresses, load(workspace).plan, TODAY.date()),
    )
    assert (of_first.label, of_first.to, of_first.copies) == (
        "区发改经信局 投资科 A岗",
        ("tzk@example.com",),
        (),
    )
    assert (of_unit.name, of_unit.copies, of_unit.stands_in) == (
        "办公室A岗",
        ("bgs2@example.com",),
        "办公室B岗（0571-2）",
    )


def test_a_section_named_in_the_plan_says_which_liaison_a_task_force_has(workspace: Workspace) -> None:
    contact(workspace, LEAD, "办公室A岗", section="办公室")
    contact(workspace, LEAD, "产业科A岗", section="产业科")
    assert liaison(workspace, "01").name == "办公室A岗"
    with plan_book(workspace) as plan:
        page = plan.book["专班"]
        if not any(cell.value == "承办科室" for cell in page[2]):
            page.cell(2, page.max_column + 1).value = "承办科室"
        plan.set("专班", "01", 承办科室="产业科")
    assert liaison(workspace, "01").name == "产业科A岗"


def test_letters_go_to_who_is_in_office_on_the_day(workspace: Workspace) -> None:
    contact(workspace, LEAD, "周一", ends=date(2026, 11, 30))
    contact(workspace, LEAD, "陈二", starts=date(2026, 12, 1))
    days = (date(2026, 11, 30), date(2026, 12, 1))
    assert [liaison(workspace, "01", day).name for day in days] == ["周一", "陈二"]


def test_a_form_prints_the_liaison_of_the_address_book_and_the_plan_only_told_of_another(
    workspace: Workspace,
) -> None:
    with plan_book(workspace) as plan:
        plan.book["人员"].append(["01", "联络员", "孙八", LEAD, "投资科", "0571-9"])
    contact(workspace, LEAD, "办公室A岗", section="办公室", phone="0571-1")
    (apart,) = said(workspace, Code.PLAN_LIAISON_APART)
    assert (apart.sheet, apart.cell) == ("人员", "C3")
    assert apart.message == "第3行：联络员以“通讯录.xlsx”为准，“人员”表里的“孙八”不再使用，请删去这一行。"
    generate(workspace, "2026-W48")
    cover = opened(Office.of(workspace, "2026-W48").path("01"))[COVER.name]
    printed = "\n".join(str(cell) for row in cover.iter_rows(values_only=True) for cell in row if cell)
    assert "办公室A岗（办公室，0571-1）" in printed
    assert "孙八" not in printed


def test_without_an_address_book_the_plan_says_who_the_liaisons_are(workspace: Workspace) -> None:
    workspace.addresses.unlink()
    with plan_book(workspace) as plan:
        plan.book["人员"].append(["01", "联络员", "孙八", LEAD, "投资科", "0571-9"])
    assert [person.name for person in load(workspace).plan.people] == ["孙八"]
    assert check_plan(workspace, now=TODAY).findings == ()


def test_lines_that_cannot_be_used_are_told_with_their_cell(workspace: Workspace) -> None:
    contact(workspace, "区财证局", "周一")
    contact(workspace, LEAD, "陈二", task_forces="01、09", to="lisi@example、wang@example.com")
    contact(workspace, LEAD, "王五", post="B岗", starts=date(2026, 12, 1), ends=date(2026, 11, 1))
    found = [(f.code, f.cell, f.value) for f in check_plan(workspace, now=TODAY).findings if f.is_error]
    assert found == [
        (Code.ADDRESS_UNIT, "A3", "区财证局"),
        (Code.ADDRESS_FORCE, "E4", "09"),
        (Code.ADDRESS_SYNTAX, "H4", "lisi@example"),
        (Code.ADDRESS_DATES, "L5", "王五"),
    ]
    with pytest.raises(EnvironmentProblem, match=r"^通讯录有4处错误，如“通讯录\.xlsx”通讯录 A3"):
        load(workspace)


def test_a_line_that_cannot_be_used_takes_nobody_out_of_the_book(workspace: Workspace) -> None:
    contact(workspace, LEAD, "周一")
    generate(workspace, "2026-W48")
    contact(workspace, "区财证局", "陈二")
    checked = check_plan(workspace, now=TODAY)
    assert [f.code for f in checked.findings if f.is_error] == [Code.ADDRESS_UNIT]
    assert checked.changes == ()


def test_nobody_is_written_to_who_is_a_convener(workspace: Workspace) -> None:
    assert load(workspace).plan.task_force("01").conveners == ("张三副区长",)
    for name in ("张三副区长", "张三", "张三（投资科）"):
        contact(workspace, LEAD, name, to="leader@example.com")
    found = said(workspace, Code.ADDRESS_LEADER)
    assert [f.cell for f in found] == ["C3", "C4"]
    assert "“张三”是01专班召集人，信函不发给领导" in found[1].message


def test_a_mail_contact_without_address_and_an_address_of_two_units_are_told(workspace: Workspace) -> None:
    contact(workspace, LEAD, "周一", channel="邮件")
    contact(workspace, LEAD, "陈二", section="投资科", to="ＳＨＡＲＥ@example.com")
    contact(workspace, OTHER, "王五", may_answer="share@example.com")
    assert [f.cell for f in said(workspace, Code.ADDRESS_MISSING)] == ["H3"]
    (shared,) = said(workspace, Code.ADDRESS_SHARED)
    assert "share@example.com同时登记给区发改经信局、区科技和数据局，" in shared.message


def test_two_first_posts_at_once_are_told_and_two_after_each_other_are_not(workspace: Workspace) -> None:
    contact(workspace, LEAD, "周一", ends=date(2026, 11, 30))
    contact(workspace, LEAD, "陈二", starts=date(2026, 12, 1))
    assert said(workspace, Code.ADDRESS_TWICE) == []
    contact(workspace, LEAD, "赵六")
    assert [f.value for f in said(workspace, Code.ADDRESS_TWICE)] == ["赵六"]


def test_a_first_post_that_has_ended_is_told_with_who_stands_in(workspace: Workspace) -> None:
    contact(workspace, LEAD, "周一", ends=date(2026, 11, 20))
    (found,) = said(workspace, Code.ADDRESS_EXPIRED)
    assert found.message == "区发改经信局的A岗“周一”已于2026-11-20到期，现在没有人接；请登记接任的人。"
    contact(workspace, LEAD, "陈二", post="B岗")
    (found,) = said(workspace, Code.ADDRESS_EXPIRED)
    assert "现在由B岗“陈二”代" in found.message
    contact(workspace, LEAD, "王五", starts=date(2026, 11, 21))
    assert said(workspace, Code.ADDRESS_EXPIRED) == []


def test_task_forces_that_nobody_answers_for_are_told(workspace: Workspace) -> None:
    contact(workspace, OTHER, "王五")
    told = [f.message for f in said(workspace, Code.ADDRESS_NONE)]
    assert "01专班没有联络员，信只写到区发改经信局；请在通讯录登记。" in told


def test_letters_without_anybody_to_call_are_told_until_the_plan_says_whom(workspace: Workspace) -> None:
    assert said(workspace, Code.ADDRESS_NO_PHONE) == []  # nobody writes letters yet
    contact(workspace, LEAD, "周一")
    (found,) = said(workspace, Code.ADDRESS_NO_PHONE)
    assert "请在“工作计划.xlsx”的“方案”表填“联系方式”" in found.message
    with plan_book(workspace) as plan:
        plan.add("方案", 项目="联系方式", 内容="办公室值班 0571-55550000")
    assert said(workspace, Code.ADDRESS_NO_PHONE) == []


def test_plan_check_tells_what_is_wrong_with_the_address_book(workspace: Workspace) -> None:
    contact(workspace, LEAD, "周一", to="zhang.example.com")
    done = CliRunner().invoke(main, ["-C", str(workspace.root), "plan", "check"])
    assert done.exit_code == 1
    assert "“zhang.example.com”不是邮箱地址" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "text", ["a@b", "@x.cn", "a b@c.cn", "<a@b.cn>", "张三@b.cn", "a@b.cn\nbcc:x@y.cn", "a@@b.cn", ""]
)
def test_what_is_no_address_is_not_taken_for_one(text: str) -> None:
    assert not is_address(text)


# --- import


PHONE_EXPORT = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E9=83=91;=E5=8D=81;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E9=83=91=E5=8D=81
ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=8C=BA=E7=A7=91=E6=8A=80=E5=B1=80;=E7=A7=91=E6=8A=80=E7=
=A7=91
TEL;CELL:13800001111
EMAIL;PREF;INTERNET:kjj@Example.com
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:郭四
ORG:外单位;办公室
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:张三
ORG:区发改经信局
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:陈二
ORG:区发改经信局
EMAIL:c2@example.com
END:VCARD
"""
MAIL_EXPORT = """姓名,电子邮件地址,公司,部门,移动电话
陈二,c2@example.com,区发改经信局,投资科,
吴七,wuqi@example.com,区住建局,,13900002222
,nobody@example.com,区住建局,,
"""


def imported(workspace: Workspace, name: str, content: bytes) -> str:
    file = workspace.root.parent / name
    file.write_bytes(content)
    done = CliRunner().invoke(main, ["-C", str(workspace.root), "contacts", "import", str(file)])
    return done.stdout + done.stderr


def test_cards_of_a_phone_become_lines_and_who_is_there_already_stays(workspace: Workspace) -> None:
    contact(workspace, LEAD, "陈二", section="投资科", to="c2@example.com")
    before = workspace.addresses.read_bytes()
    told = imported(workspace, "联系人.vcf", PHONE_EXPORT.encode())
    assert "已加进“通讯录.xlsx”1人，原来就有1人，没有导入2人。" in told
    assert "没有导入：第2张名片 郭四：“外单位”不在工作计划的“单位”表中" in told
    assert "没有导入：第3张名片 张三：是01专班召集人，信函不发给领导" in told
    second, new = load(workspace).addresses.contacts
    assert (second.name, second.section) == ("陈二", "投资科")
    assert (new.name, new.unit, new.section, new.phone, new.to) == (
        "郑十",
        "区科技局",
        "科技科",
        "13800001111",
        ("kjj@example.com",),
    )
    assert next(workspace.backups.glob("通讯录_*.xlsx")).read_bytes() == before


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_card_with_a_damaged_picture_or_its_name_in_parts_alone_is_a_line_too(
    workspace: Workspace, ends: str
) -> None:
    cards = """BEGIN:VCARD
VERSION:3.0
FN:郑十
ORG:区科技局
item1.PHOTO;ENCODING=b:/9j/4AAQSkZJRg
 ABAQ
LOGO;ENCODING=b:abc
EMAIL:zs@example.com
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8:赵;六;;;
ORG;CHARSET=UTF-8:区住建局
PHOTO;ENCODING=BASE64;JPEG:/9j/e
 eHg

END:VCARD
"""
    told = imported(workspace, "联系人.vcf", cards.replace("\n", ends).encode())
    assert "已加进“通讯录.xlsx”2人" in told
    first, second = load(workspace).addresses.contacts
    assert (first.name, first.unit, first.to) == ("郑十", "区科技局", ("zs@example.com",))
    assert (second.name, second.unit) == ("赵六", "区住建局")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_table_of_a_mail_program_is_imported_in_whatever_encoding(
    workspace: Workspace, encoding: str
) -> None:
    told = imported(workspace, "联系人.csv", MAIL_EXPORT.encode(encoding))
    assert "1人，原来就有0人，没有导入1人" not in told
    assert "已加进“通讯录.xlsx”2人，原来就有0人，没有导入1人。" in told
    assert "第4行 （无姓名）：没有姓名" in told
    again = imported(workspace, "联系人.csv", MAIL_EXPORT.encode(encoding))
    assert "已加进“通讯录.xlsx”0人，原来就有2人" in again


def test_a_telephone_that_a_spreadsheet_spoilt_is_left_out_and_told(workspace: Workspace) -> None:
    told = imported(workspace, "联系人.csv", "姓名,公司,手机\n周九,区科技局,1.39E+10\n".encode())
    assert "没有带入电话：第2行 周九：“1.39E+10”缺了位数，请在“通讯录.xlsx”里补填" in told
    (new,) = load(workspace).addresses.contacts
    assert (new.name, new.phone) == ("周九", "")


@pytest.mark.parametrize(
    ("card", "name"),
    [("N:欧阳,阿;大;;;", "欧阳阿大"), ("FN:\nN:张;三丰;;;", "张三丰"), ("FN:张三丰\nN:张;三;;;", "张三丰")],
)
def test_a_name_in_parts_is_read_where_none_is_written_in_full(
    workspace: Workspace, card: str, name: str
) -> None:
    imported(workspace, "联系人.vcf", f"BEGIN:VCARD\nVERSION:2.1\n{card}\nORG:区科技局\nEND:VCARD\n".encode())
    (new,) = load(workspace).addresses.contacts
    assert new.name == name


@pytest.mark.parametrize(
    "cell",
    [
        "孙八 <sun@example.com>; sun2@example.com",
        "sun@example.com 孙八 <sun2@example.com>",
        "Sun Ba <sun@example.com>；孙八(sun2@example.com)",
        "“孙八科长，sun@example.com、sun2@example.com”",
        "sun@example.com,sun2@example.com（办公室）",
    ],
)
def test_addresses_are_read_without_the_names_beside_them_from_tables_and_cards(
    workspace: Workspace, cell: str
) -> None:
    card = f"BEGIN:VCARD\nVERSION:3.0\nFN:周九\nORG:区住建局\nEMAIL:{cell}\nEND:VCARD\n"
    imported(workspace, "联系人.csv", f'姓名,公司,邮箱\n孙八,区科技局,"{cell}"\n'.encode())
    imported(workspace, "联系人.vcf", card.encode())
    expected = ("sun@example.com", "sun2@example.com")
    assert [new.to for new in load(workspace).addresses.contacts] == [expected, expected]


def test_what_is_no_address_beside_one_is_told(workspace: Workspace) -> None:
    told = imported(
        workspace, "联系人.csv", "姓名,公司,邮箱\n孙八,区科技局,a@example.com;b#example.com\n".encode()
    )
    assert "“b#example.com”不是邮箱地址" in told


@pytest.mark.parametrize("between", [";", "；", "; ", "、", " "])
def test_somebody_with_several_addresses_is_taken_over_with_all(workspace: Workspace, between: str) -> None:
    line = f"孙八,区科技局,sun@example.com{between}sun2@example.com\n"
    imported(workspace, "联系人.csv", f"姓名,公司,邮箱\n{line}".encode())
    (new,) = load(workspace).addresses.contacts
    assert new.to == ("sun@example.com", "sun2@example.com")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("名片.txt", b"hello", "不是 .vcf 或 .csv"),
        ("名片.vcf", b"BEGIN:VCARD\nFN:A\nEMAIL", "有读不懂的名片"),
        ("名片.csv", "甲,乙\n1,2\n".encode(), "第一行没有“姓名”一栏"),
    ],
)
def test_what_is_no_address_book_is_told_with_a_remedy(
    workspace: Workspace, name: str, content: bytes, said: str
) -> None:
    before = workspace.addresses.read_bytes()
    assert said in imported(workspace, name, content)
    assert workspace.addresses.read_bytes() == before


def test_a_line_of_the_address_book_is_no_change_of_the_plan(workspace: Workspace) -> None:
    generate(workspace, "2026-W48")
    contact(workspace, LEAD, "办公室A岗", section="办公室", phone="0571-1")
    told = CliRunner().invoke(main, ["-C", str(workspace.root), "status"])
    assert "工作计划在下发" not in told.stdout + told.stderr
    generate(workspace, "2026-W49")
    merge(workspace, "2026-W48")
    lines = change_lines(facts_for(workspace, "2026-W49"))
    assert [line for line in lines if line.change is Change.PLAN] == []
