"""The identity of new issues: a code is given at first acceptance and remembered for good.

An issue goes by its row's token and by what it says: the same words are the same issue in whichever row
they come back, and other words in the same row are another issue unless they are alike, as after a
correction. In one return the same words of another unit, with another deadline or about another row of the
plan are another issue. In the return of another period the same words are the same issue where all else that
it is registered by is the same too, and the form of that period does not list the issue as registered: so it
is where the form of the week before comes late.
"""

from difflib import SequenceMatcher
from typing import Protocol

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import sha256
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.texts import canonical
from tenproj_xl.ledger.store import Ledger

_MIN_SIMILARITY = 0.6


@dataclass(frozen=True, kw_only=True)
class NewIssue:
    """An issue without a code: where it was registered, and its description.

    `namesakes` is how many other issues with the same description stand before it in its return,
    `particulars` is what else it is registered by, and `listed` are the codes of the registered issues of
    its form.
    """

    period: str
    task_force: str
    token: str
    description: object
    namesakes: int = 0
    particulars: tuple[str, ...] = ()
    listed: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The name that its description gives it."""
        said = f"{self.period}/{self.task_force}/{canonical(self.description)}"
        if self.namesakes:
            said += f"/{self.namesakes}"
        return sha256(said.encode())

    @property
    def full_name(self) -> str:
        """The name that all it is registered by gives it, in whatever period; "" where that is unknown."""
        if not self.particulars:
            return ""
        said = "/".join((self.task_force, canonical(self.description), *self.particulars))
        return sha256(said.encode())

    @property
    def names(self) -> list[str]:
        """All names that it goes by."""
        return [name for name in (self.name, self.token, self.full_name) if name]


class Named(Protocol):
    """Knows issues by their names."""

    def issue_named(self, name: str) -> tuple[str, str] | None:
        """Return the code and the description of the issue that goes by a name, None if there is none."""


class IssuesAtHand:
    """The issues that are known, and those that returns at hand register before they are recorded."""

    def __init__(self, recorded: Named) -> None:
        self._recorded = recorded
        self._new: dict[str, tuple[str, str]] = {}

    def issue_named(self, name: str) -> tuple[str, str] | None:
        """Return the code and the description of the issue that goes by a name, None if there is none."""
        return self._recorded.issue_named(name) or self._new.get(name)

    def code_of(self, issue: NewIssue) -> str:
        """Return the code of an issue, its name in place of one that it is yet to get, and remember it."""
        code = known_issue(issue, self) or issue.name
        for name in issue.names:
            self._new.setdefault(name, (code, canonical(issue.description)))
        return code


def known_issue(issue: NewIssue, ledger: Named) -> str:
    """Return the code of the issue that a new row is about, "" if it is none that is known."""
    description = canonical(issue.description)
    by_token = ledger.issue_named(issue.token) if issue.token else None
    if by_token and by_token[1] == description:
        return by_token[0]
    by_name = ledger.issue_named(issue.name)
    if by_name:
        return by_name[0]
    by_full_name = ledger.issue_named(issue.full_name) if issue.full_name else None
    if by_full_name and by_full_name[0] not in issue.listed:
        return by_full_name[0]
    if by_token is None:
        return ""
    code, earlier = by_token
    if SequenceMatcher(None, earlier, description, autojunk=False).ratio() >= _MIN_SIMILARITY:
        return code
    return ""


def issue_code(issue: NewIssue, ledger: Ledger) -> str:
    """Return the code of a new issue, given now if it has none."""
    year = parse_period(issue.period).year
    code = known_issue(issue, ledger) or ledger.next_issue_code(issue.task_force, year)
    for name in issue.names:
        ledger.name_issue(name, code, canonical(issue.description))
    return code
