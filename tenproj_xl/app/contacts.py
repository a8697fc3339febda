"""The command `contacts import`: people of other address books become lines of 通讯录.xlsx."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import atomic_write, must_be_closed, write_file
from tenproj_xl.model.address_book import AddressBook, Contact
from tenproj_xl.model.address_reader import ADDRESS_SHEET, is_address, leader_named
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.units import printed_unit, unit_named
from tenproj_xl.reading.address_files import Card, read_cards

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True)
class CardLeftOut:
    """Somebody who was not taken over, and why."""

    card: Card
    why: str


@dataclass(frozen=True, kw_only=True)
class ContactsImported:
    """Who was taken over, who was there already, who was left out, and where the previous book lies."""

    added: tuple[Card, ...]
    known: tuple[Card, ...]
    left_out: tuple[CardLeftOut, ...]
    backup: Path | None

    @property
    def without_phone(self) -> tuple[Card, ...]:
        """Those who were added without their telephone, of which digits are missing in the file."""
        return tuple(card for card in self.added if card.has_spoilt_phone)


def import_contacts(workspace: Workspace, file: Path, now: datetime) -> ContactsImported:
    """Add the people of a .vcf or .csv file below the lines of 通讯录.xlsx; keep the previous book in 备份.

    Who stands there already, by unit and name, or by an address of the unit, stays as the office wrote it.

    Raises:
        EnvironmentProblem: The file is not understood, or 通讯录.xlsx has errors.
        UsageProblem: There is no 通讯录.xlsx.
    """
    if not workspace.addresses.exists():
        raise UsageProblem(f"还没有“{workspace.addresses.name}”，请先运行 tenproj init 补上，再导入。")
    loaded, cards = load(workspace), read_cards(file)
    added: list[Card] = []
    known: list[Card] = []
    left_out: list[CardLeftOut] = []
    for card in cards:
        why = _why_left_out(card, loaded.plan)
        if why:
            left_out.append(CardLeftOut(card, why))
        elif _is_known(card, loaded.addresses, loaded.plan, added):
            known.append(card)
        else:
            added.append(card)
    backup = None
    if added:
        backup = _append(workspace, added, loaded.plan, now)
    return ContactsImported(added=tuple(added), known=tuple(known), left_out=tuple(left_out), backup=backup)


def _why_left_out(card: Card, plan: Plan) -> str:
    if not card.name:
        return "没有姓名"
    if not card.unit:
        return "没有写单位"
    if unit_named(card.unit, plan) is None:
        return f"“{card.unit}”不在工作计划的“单位”表中"
    office = leader_named(card.name, plan)
    if office:
        return f"是{office}，信函不发给领导"
    wrong = [address for address in card.addresses if not is_address(address.lower())]
    if wrong:
        return f"“{wrong[0]}”不是邮箱地址"
    return ""


def _is_known(card: Card, book: AddressBook, plan: Plan, added: Sequence[Card]) -> bool:
    unit = unit_named(card.unit, plan)
    if any(one.name == card.name and unit_named(one.unit, plan) == unit for one in added):
        return True
    return any(_is_same(card, contact) for contact in book.of_unit(unit or ""))


def _is_same(card: Card, contact: Contact) -> bool:
    addresses = {address.lower() for address in card.addresses}
    return card.name == contact.name or bool(addresses & set(contact.to))


def _append(workspace: Workspace, cards: Sequence[Card], plan: Plan, now: datetime) -> Path:
    """Write the lines below the last one; return where the previous workbook lies."""
    from openpyxl import load_workbook  # noqa: PLC0415  # commands that look do not wait for it

    book = load_workbook(workspace.addresses)
    if ADDRESS_SHEET.name not in book.sheetnames:
        raise EnvironmentProblem(
            f"“{workspace.addresses.name}”里没有“{ADDRESS_SHEET.name}”表，请从备份恢复它，再导入。"
        )
    page = book[ADDRESS_SHEET.name]
    columns = _columns(page)
    row = max(cell.row for line in page.iter_rows() for cell in line if cell.value is not None)
    for card in cards:
        row += 1
        values = {
            "unit": printed_unit(unit_named(card.unit, plan) or "", plan),
            "section": card.section,
            "name": card.name,
            "phone": "" if card.has_spoilt_phone else card.phone,
            "to": "、".join(dict.fromkeys(address.lower() for address in card.addresses)),
        }
        for field, text in values.items():
            page.cell(row, columns[ADDRESS_SHEET.column(field).header] or 1).value = text or None
    return _saved(workspace, book, now)


def _columns(page: "Worksheet") -> dict[str, int | None]:
    """Return the columns of the address book by their headers."""
    columns: dict[str, int | None] = {}
    for line in page.iter_rows(max_row=min(page.max_row, _HEAD_ROWS)):
        for cell in line:
            columns.setdefault(str(cell.value or "").strip(), cell.column)
    return columns


def _saved(workspace: Workspace, book: "Workbook", now: datetime) -> Path:
    """Save the address book; return where the previous one lies.

    Raises:
        EnvironmentProblem: It is open in another program.
    """
    must_be_closed(workspace.addresses)
    backup = workspace.backups / f"{workspace.addresses.stem}_{now:%Y%m%d-%H%M%S}.xlsx"
    write_file(backup, workspace.addresses.read_bytes())
    with atomic_write(workspace.addresses) as temporary:
        book.save(temporary)
    return backup


_HEAD_ROWS = 10
"""The header stands within so many rows."""


def learn_address(workspace: Workspace, loaded: Loaded, unit: str, address: str, now: datetime) -> None:
    """Add an address to those that a unit may answer from, in its first line; keep the previous book.

    Nothing is written where the unit has it already.

    Raises:
        UsageProblem: The address book has no line of the unit.
    """
    from openpyxl import load_workbook  # noqa: PLC0415  # commands that look do not wait for it

    if unit in loaded.addresses.units_of(address):
        return
    book = load_workbook(workspace.addresses)
    page = book[ADDRESS_SHEET.name]
    columns = _columns(page)
    whose = columns[ADDRESS_SHEET.column("unit").header] or 1
    cell_of = columns[ADDRESS_SHEET.column("may_answer").header] or 1
    for row in range(1, page.max_row + 1):
        if unit_named(page.cell(row, whose).value, loaded.plan) == unit:
            known = str(page.cell(row, cell_of).value or "")
            page.cell(row, cell_of).value = "、".join(filter(None, (known, address)))
            _saved(workspace, book, now)
            return
    raise UsageProblem(f"通讯录里没有{printed_unit(unit, loaded.plan)}，请先登记它的联络员，再运行一次。")
