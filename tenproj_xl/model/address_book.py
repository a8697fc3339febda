"""The address book: who is liaison (联络员) of a unit, from when to when, and how he or she is reached."""

from datetime import date

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass

MAIL = "邮件"
"""The channel for which addresses are needed; any other is a word of the office, such as 浙政钉."""


class Post(LabelledCode):
    """Whether somebody is the first or the second liaison."""

    FIRST = "first", "A岗"
    SECOND = "second", "B岗"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One line of the address book: somebody who holds a post from a day to a day, both included.

    `unit` is the code of the unit; `task_forces` are those that he or she is for, none for all of the unit's.
    `may_answer` are further addresses from which the unit's returns may come.
    """

    unit: str
    section: str
    name: str
    post: Post
    task_forces: tuple[str, ...]
    phone: str
    channel: str
    to: tuple[str, ...]
    copies: tuple[str, ...]
    may_answer: tuple[str, ...]
    starts: date | None
    ends: date | None

    def is_in_office(self, day: date) -> bool:
        """Return whether the post is held on a day."""
        begun = self.starts is None or self.starts <= day
        return begun and (self.ends is None or day <= self.ends)

    @property
    def is_mailed(self) -> bool:
        """Whether letters go to this person by mail."""
        return self.channel == MAIL

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses that returns of the unit may come from."""
        return (*self.to, *self.copies, *self.may_answer)


@dataclass(frozen=True)
class AddressBook:
    """The lines of 通讯录.xlsx, in their order; none where the office keeps no address book."""

    contacts: tuple[Contact, ...] = ()

    def of_unit(self, unit: str) -> list[Contact]:
        """Return the lines of a unit."""
        return [contact for contact in self.contacts if contact.unit == unit]

    def of_whole_unit(self, unit: str) -> list[Contact]:
        """Return the lines of a unit that are for all its task forces."""
        return [contact for contact in self.of_unit(unit) if not contact.task_forces]

    def units_of(self, address: str) -> tuple[str, ...]:
        """Return the units that an address is registered for, on whatever days."""
        return tuple(dict.fromkeys(c.unit for c in self.contacts if address in c.addresses))


NO_ADDRESSES = AddressBook()
