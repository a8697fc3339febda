"""Who gets the forms of the week, by which channel, and from where the answers come."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.model.folders import Taking
from tests.helpers.address_book import contact
from tests.helpers.mail_servers import HOST
from tests.helpers.mailbox import set_mail
from tests.helpers.postfix import NOWHERE
from tests.helpers.settings_book import add_line

CHAT, SHARE, STICK = "聊天文件", "共享盘", "U盘"
"""Folders beside the workspace: two that are watched, one that is emptied."""
WATCHED = (CHAT, SHARE)
GONE = "gone@example.com"
UNREACHABLE = f"kjj-b@{NOWHERE}"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A liaison of a task force, and the name of the mailbox, "" without one."""

    unit: str
    section: str
    channel: str
    box: str = ""

    @property
    def address(self) -> str:
        return f"{self.box}@example.com" if self.box else ""


_DEVELOPMENT = "区发改经信局"
PEOPLE: Mapping[str, Person] = {
    "01": Person(unit=_DEVELOPMENT, section="投资科", channel="邮件", box="box1"),
    "02": Person(unit=_DEVELOPMENT, section="工业科", channel="浙政钉"),
    "03": Person(unit="区科技局", section="办公室", channel="邮件", box="box3"),
    "04": Person(unit=_DEVELOPMENT, section="服务业科", channel="邮件", box="box4"),
    "05": Person(unit="区住建局", section="办公室", channel="OA"),
    "06": Person(unit=_DEVELOPMENT, section="区域科", channel="浙政钉"),
    "07": Person(unit="规划资源拱墅分局", section="综合科", channel="邮件", box="box7"),
    "08": Person(unit="区文广旅体局", section="产业科", channel="微信"),
    "09": Person(unit=_DEVELOPMENT, section="能源科", channel="邮件", box="box9"),
    "10": Person(unit="区政府办", section="督查科", channel="U盘"),
}


def write_people(workspace: Workspace) -> None:
    """Fill in the address book: one address is wrong, and one reaches nobody."""
    for code, person in PEOPLE.items():
        to = GONE if code == "07" else person.address
        name = f"{person.unit}{person.section}A岗"
        shared = person.unit == _DEVELOPMENT
        contact(
            workspace,
            person.unit,
            name,
            section=person.section,
            post="A岗",
            channel=person.channel,
            to=to or None,
            task_forces=code if shared else None,
        )
    kjj = PEOPLE["03"]
    contact(
        workspace,
        kjj.unit,
        f"{kjj.unit}{kjj.section}B岗",
        section=kjj.section,
        post="B岗",
        channel="邮件",
        to=UNREACHABLE,
    )


def correct_address(workspace: Workspace, old: str, new: str) -> None:
    """Type another address over one that was refused or came back."""
    book = load_workbook(workspace.addresses)
    for row in book["通讯录"].iter_rows(min_row=3):
        for cell in row:
            if cell.value == old:
                cell.value = new
    book.save(workspace.addresses)


def open_channels(workspace: Workspace, account: str, certificate: Path, imap: int, smtp: int) -> None:
    """Let the office have its mailbox, and take in from folders beside the workspace."""
    (workspace.root / "server.pem").write_bytes(certificate.read_bytes())
    set_mail(
        workspace,
        收信服务器=HOST,
        收信端口=imap,
        发信服务器=HOST,
        发信端口=smtp,
        账号=account,
        服务器证书="server.pem",
        每分钟封数=600,
    )
    for name, taking in ((CHAT, Taking.WATCHED), (SHARE, Taking.WATCHED), (STICK, Taking.EMPTIED)):
        (workspace.root.parent / name).mkdir()
        add_line(workspace, "收件夹", f"../{name}", taking.label, name, None)
