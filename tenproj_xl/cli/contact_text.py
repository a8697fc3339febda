"""What the commands about the address book print."""

from collections.abc import Iterator

from tenproj_xl.app.contacts import ContactsImported
from tenproj_xl.app.workspace import Workspace


def imported_lines(done: ContactsImported, workspace: Workspace) -> Iterator[str]:
    """Yield who was added, who was there already, and who was left out and why."""
    book = workspace.addresses.name
    yield f"已加进“{book}”{len(done.added)}人，原来就有{len(done.known)}人，没有导入{len(done.left_out)}人。"
    for one in done.left_out:
        who = one.card.name or "（无姓名）"
        yield f"  没有导入：{one.card.place} {who}：{one.why}"
    for card in done.without_phone:
        yield f"  没有带入电话：{card.place} {card.name}：“{card.phone}”缺了位数，请在“{book}”里补填"
    if done.added:
        yield f"请在“{book}”里补填新加各人的岗位（A岗、B岗）、专班和渠道，再运行 tenproj plan check。"
    if done.backup:
        yield f"改动前的通讯录：{workspace.relative(done.backup)}"


def imported_json(done: ContactsImported, workspace: Workspace) -> dict[str, object]:
    """Return the same for machines."""
    return {
        "added": [card.name for card in done.added],
        "known": [card.name for card in done.known],
        "left_out": [
            {"place": one.card.place, "name": one.card.name or None, "why": one.why} for one in done.left_out
        ],
        "without_phone": [card.name for card in done.without_phone],
        "backup": workspace.relative(done.backup) if done.backup else None,
    }
