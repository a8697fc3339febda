"""Read the cells of 通讯录.xlsx into an `AddressBook`, or into findings."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.cells import Rows
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.findings import Finding, Place, finding, has_errors
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.tables import locate
from tenproj_xl.core.texts import canonical
from tenproj_xl.model.address_book import MAIL, AddressBook, Contact, Post
from tenproj_xl.model.liaisons import forces_of, liaison_of_force
from tenproj_xl.model.people import by_office
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_people import Person, Role
from tenproj_xl.model.plan_schema import PEOPLE
from tenproj_xl.model.units import printed_unit, unit_named
from tenproj_xl.reading.records import Record, read_records

ADDRESS_SHEET = Sheet(
    "addresses",
    "通讯录",
    (
        Column("unit", "单位", Fill.OFFICE, width=22, advice="填写工作计划“单位”表中的名称"),
        Column("section", "承办科室", Fill.OFFICE, width=16),
        Column("name", "联络员", Fill.OFFICE, width=24),
        Column("post", "岗位", Fill.OFFICE, Kind.CHOICE, width=8, choices=tuple(Post)),
        Column(
            "task_forces",
            "专班",
            Fill.OFFICE,
            Kind.CODE,
            width=14,
            advice="填写负责的专班编号，几个用顿号隔开；这个单位的都归这一位的，留空",
        ),
        Column("phone", "联系电话", Fill.OFFICE, width=16),
        Column(
            "channel",
            "渠道",
            Fill.OFFICE,
            width=10,
            advice="填写邮件、浙政钉、微信、OA等；有地址的，留空按邮件",
        ),
        Column(
            "to", "发送地址", Fill.OFFICE, Kind.LONG_TEXT, width=28, advice="填写邮箱地址，几个用顿号隔开"
        ),
        Column(
            "copies", "抄送地址", Fill.OFFICE, Kind.LONG_TEXT, width=28, advice="填写邮箱地址，几个用顿号隔开"
        ),
        Column(
            "may_answer",
            "可回复地址",
            Fill.OFFICE,
            Kind.LONG_TEXT,
            width=28,
            advice="填写也可能用来发回表的邮箱地址，几个用顿号隔开",
        ),
        Column("starts", "起始日期", Fill.OFFICE, Kind.DATE, width=13),
        Column("ends", "终止日期", Fill.OFFICE, Kind.DATE, width=13),
        Column("note", "备注", Fill.OFFICE, Kind.LONG_TEXT, width=24),
    ),
)
_REQUIRED = {ADDRESS_SHEET.code: ("unit", "name")}
_DIGITS = 2
_ADDRESSES = ("to", "copies", "may_answer")


def no_addresses() -> dict[str, Rows]:
    """Return the table of a fresh 通讯录.xlsx, which has nobody."""
    return {ADDRESS_SHEET.name: [[column.header for column in ADDRESS_SHEET.columns]]}


def read_addresses(
    tables: Mapping[str, Rows], file: str, plan: Plan
) -> tuple[AddressBook | None, list[Finding]]:
    """Return the address book, None where it has errors; and all findings that do not depend on the day."""
    records, findings = read_records(tables, [ADDRESS_SHEET], file, _REQUIRED)
    if records is None:
        return None, findings
    contacts = []
    for record in records[ADDRESS_SHEET.code]:
        contact, faults = _contact(record, plan)
        findings += faults
        if contact is None:
            continue
        office = leader_named(contact.name, plan)
        if office:
            findings.append(finding(Code.ADDRESS_LEADER, record.place("name"), contact.name, expected=office))
        findings += _doubts(contact, record, plan)
        contacts.append((contact, record))
    findings += _shared(contacts, plan)
    findings += _first_posts(contacts)
    if has_errors(findings):
        return None, findings
    return AddressBook(tuple(contact for contact, _ in contacts)), findings


def _contact(record: Record, plan: Plan) -> tuple[Contact | None, list[Finding]]:
    """Return a line of the address book, None for an unknown unit; and what is wrong with it."""
    findings: list[Finding] = []
    name = record.text("unit")
    unit = unit_named(name, plan)
    if unit is None:
        if name:
            findings.append(finding(Code.ADDRESS_UNIT, record.place("unit"), name))
        return None, findings
    forces = forces_of(unit, plan)
    typed = [canonical(code) for code in split_units(record.text("task_forces"))]
    named = tuple(dict.fromkeys(code.zfill(_DIGITS) for code in typed))  # Excel keeps 03 as 3
    for code in named:
        if code not in forces:
            place = record.place("task_forces")
            findings.append(finding(Code.ADDRESS_FORCE, place, code, expected=printed_unit(unit, plan)))
    addresses = {}
    for field in _ADDRESSES:
        addresses[field], faults = _addresses(record, field)
        findings += faults
    starts, ends = record.day("starts"), record.day("ends")
    if starts and ends and ends < starts:
        findings.append(
            finding(Code.ADDRESS_DATES, record.place("ends"), record.text("name"), expected=starts)
        )
    channel = record.text("channel")
    if not channel and addresses["to"]:
        channel = MAIL
    contact = Contact(
        unit=unit,
        section=record.text("section"),
        name=record.text("name"),
        post=Post(record.text("post") or Post.FIRST),
        task_forces=named,
        phone=record.text("phone"),
        channel=channel,
        starts=starts,
        ends=ends,
        **addresses,
    )
    return contact, findings


def _addresses(record: Record, field: str) -> tuple[tuple[str, ...], list[Finding]]:
    """Return the addresses of a cell, in lower case and half width, and those that are none."""
    found, findings = [], []
    for typed in split_units(record.text(field)):
        address = unicodedata.normalize("NFKC", typed).lower()
        if is_address(address):
            found.append(address)
        else:
            findings.append(finding(Code.ADDRESS_SYNTAX, record.place(field), typed))
    return tuple(dict.fromkeys(found)), findings


def is_address(text: str) -> bool:
    """Return whether a text is one mail address as such, with a domain that has a dot."""
    from email.errors import MessageError  # noqa: PLC0415  # needed where the book is read, not where it is known
    from email.headerregistry import Address  # noqa: PLC0415

    try:
        address = Address(addr_spec=text)
    except (MessageError, ValueError, IndexError):  # the parser of the library meets all three
        return False
    return text.isascii() and "." in address.domain.strip(".")


def leader_named(name: str, plan: Plan) -> str:
    """Return which leader of the plan has a name, such as `01专班召集人`, "" for none.

    The plan may write a leader with a title, 黄飞副区长.
    """
    return next((office for leader, office in _leaders(plan) if name and leader.startswith(name)), "")


def _leaders(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the conveners of the plan, as it writes them, each with the office."""
    yield plan.programme.convener, Role.CHIEF_CONVENER.label
    for force in plan.task_forces:
        for name in force.conveners:
            yield name, f"{force.code}专班{Role.CONVENER.label}"
    for (force_code, role), people in by_office(plan).items():
        if role in (Role.CONVENER, Role.CHIEF_CONVENER):
            office = f"{force_code}专班{role.label}" if force_code else role.label
            for person in people:
                yield person.name, office


def _doubts(contact: Contact, record: Record, plan: Plan) -> Iterator[Finding]:
    if contact.is_mailed and not contact.to:
        place = record.place("to")
        yield finding(Code.ADDRESS_MISSING, place, f"{printed_unit(contact.unit, plan)} {contact.name}")


def _shared(contacts: Sequence[tuple[Contact, Record]], plan: Plan) -> Iterator[Finding]:
    """Yield the addresses that stand with several units, at the line that repeats one."""
    units: dict[str, list[str]] = {}
    for contact, record in contacts:
        for address in dict.fromkeys(contact.addresses):
            known = units.setdefault(address, [])
            if contact.unit in known:
                continue
            known.append(contact.unit)
            if len(known) > 1:
                names = "、".join(printed_unit(unit, plan) for unit in known)
                yield finding(Code.ADDRESS_SHARED, record.place("to"), address, expected=names)


def _first_posts(contacts: Sequence[tuple[Contact, Record]]) -> Iterator[Finding]:
    """Yield who is A岗 of what has one already on some day."""
    before: list[Contact] = []
    for contact, record in contacts:
        if contact.post is not Post.FIRST:
            continue
        for other in before:
            if _is_same_place(contact, other) and _meet(contact, other):
                yield finding(Code.ADDRESS_TWICE, record.place("post"), contact.name, expected=other.name)
                break
        before.append(contact)


def _is_same_place(one: Contact, other: Contact) -> bool:
    """Return whether two lines are for the same section, and for a task force in common, or for all."""
    if (one.unit, one.section) != (other.unit, other.section):
        return False
    if not one.task_forces and not other.task_forces:
        return True
    return bool(set(one.task_forces) & set(other.task_forces))


def _meet(one: Contact, other: Contact) -> bool:
    begins = max(one.starts or date.min, other.starts or date.min)
    return begins <= min(one.ends or date.max, other.ends or date.max)


# --- what depends on the day


def coverage_findings(book: AddressBook, plan: Plan, day: date, file: str) -> Iterator[Finding]:
    """Yield the lead units that nobody answers for on a day, and A岗 that have ended without a successor."""
    if not book.contacts:
        return
    place = Place(file, ADDRESS_SHEET.name)
    told = set()
    if not plan.programme.contact:
        yield finding(Code.ADDRESS_NO_PHONE, place)
    for force in plan.task_forces:
        lead = liaison_of_force(force, book, plan, day)
        if not lead.holders:
            yield finding(Code.ADDRESS_NONE, place, f"{force.code}专班", expected=lead.printed)
    for contact in book.contacts:
        ended = contact.post is Post.FIRST and contact.ends is not None and contact.ends < day
        if not ended or (contact.unit, contact.section) in told:
            continue
        told.add((contact.unit, contact.section))
        others = [
            other for other in book.contacts if _is_same_place(contact, other) and other.is_in_office(day)
        ]
        if any(other.post is Post.FIRST for other in others):
            continue
        where = " ".join(part for part in (printed_unit(contact.unit, plan), contact.section) if part)
        advice = "现在没有人接"
        if others:
            advice = f"现在由B岗“{others[0].name}”代"
        yield finding(
            Code.ADDRESS_EXPIRED, place, contact.name, expected=where, after=contact.ends, advice=advice
        )


# --- instead of the plan's own 联络员


def liaisons_apart(plan_tables: Mapping[str, Rows], file: str, book_file: str) -> list[Finding]:
    """Return a finding for each 联络员 in 人员 of a plan whose office keeps an address book."""
    findings = []
    records, _ = read_records(plan_tables, [PEOPLE], file, {})
    for record in (records or {}).get(PEOPLE.code, ()):
        if record.text("role") in (Role.LIAISON, Role.UNIT_LIAISON):
            name = record.text("name")
            findings.append(finding(Code.PLAN_LIAISON_APART, record.place("name"), name, expected=book_file))
    return findings


def with_people(tables: Mapping[str, Rows], people: Sequence[Person]) -> dict[str, Rows]:
    """Return the tables of a plan with these 联络员 in 人员, in place of those that stand there."""
    headers = [column.header for column in PEOPLE.columns]
    rows: list[Sequence[object]] = [headers]
    written = tables.get(PEOPLE.name, ())
    layout = locate(written, PEOPLE)
    if layout is not None:
        for row in written[layout.first :]:
            cells = {field: row[at] for field, at in layout.positions.items()}
            if cells.get("role") not in (Role.LIAISON.label, Role.UNIT_LIAISON.label):
                rows.append([cells.get(column.field) for column in PEOPLE.columns])
    for person in people:
        values = {**vars(person), "role": person.role.label}
        rows.append([_written(values[column.field]) for column in PEOPLE.columns])
    return {**tables, PEOPLE.name: rows}


def _written(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value or None
