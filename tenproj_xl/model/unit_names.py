"""Which units a text names: by a full, current or short name, with more around it, or by most of one."""

from collections.abc import Iterator, Sequence

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.lists import split_units
from tenproj_xl.core.texts import canonical, text_of
from tenproj_xl.model.plan import Plan, Unit, plain_name

_SHORTEST_NAME = 3
_SUPERIORS = ("市", "省", "国家")
_BRANCHES = ("分局", "分公司")


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A unit that a text names, perhaps one that has ended: from where on, in which canonical spelling."""

    unit: Unit
    begin: int
    spelled: str

    @property
    def end(self) -> int:
        """Where the name ends."""
        return self.begin + len(self.spelled)


class UnitNames:
    """The names of the units of a plan, as they are looked up for every row of every form and return."""

    def __init__(self, plan: Plan) -> None:
        self._district = _place_of(plan.programme.region)
        self._by_spelling: dict[str, Unit] = {}
        for unit in plan.units:
            for spelling in (*plan.spellings(unit.name), canonical(plain_name(unit.name))):
                self._by_spelling.setdefault(spelling, unit)
        names = [(name, unit) for unit in plan.units for name in plan.spellings(unit.name) if name]
        self._by_length = sorted(names, key=lambda named: -len(named[0]))

    def named(self, text: object) -> Mention | None:
        """Return the unit whose name a text is, with or without what stands in brackets behind it."""
        name = text_of(text)
        for written in (canonical(name), canonical(plain_name(name))):
            unit = self._by_spelling.get(written)
            if written and unit:
                return Mention(unit=unit, begin=0, spelled=written)
        return None

    def listed(self, text: str) -> Sequence[str]:
        """Return the names that a text lists; blanks part names, and may stand in one."""
        return (text,) if self.named(text) else split_units(text)

    def held(self, text: str) -> list[Mention]:
        """Return the units whose names a text holds, in turn; of names within names the longest.

        市科技局 is no unit of ours, though 科技局 is; 市规划资源东海分局 is, where 东海 is the district.
        """
        written, found = canonical(text), list[Mention]()
        for spelling, unit in self._by_length:
            for begin in _places(spelling, written):
                if not self._is_above(written[:begin], spelling):
                    found.append(Mention(unit=unit, begin=begin, spelled=spelling))
            written = written.replace(spelling, " " * len(spelling))
        return sorted(found, key=lambda mention: mention.begin)

    def _is_above(self, before: str, spelling: str) -> bool:
        """Return whether what stands before a name makes it that of a body above the district's."""
        is_branch = spelling.endswith(_BRANCHES) or (self._district and self._district in spelling)
        return before.endswith(_SUPERIORS) and not is_branch

    def longer(self, text: str) -> list[Mention]:
        """Return the units of whose names a text is most: 发改经信, where the plan has 区发改经信局."""
        written = canonical(text)
        if len(written) < _SHORTEST_NAME:
            return []
        units = [unit for name, unit in self._by_length if written in name]
        return [Mention(unit=unit, begin=0, spelled=written) for unit in units]


def _place_of(region: str) -> str:
    """Return the name of a district as its branches have it: 东海 of 东海区, 泗县 of 泗县."""
    place = canonical(region)
    if len(place) > 2 and place.endswith(("区", "县", "市")):
        return place[:-1]
    return place


def _places(name: str, written: str) -> Iterator[int]:
    begin = written.find(name)
    while begin >= 0:
        yield begin
        begin = written.find(name, begin + len(name))
