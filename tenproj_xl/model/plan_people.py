"""People of the plan: who holds which office of the programme, and from when to when."""

from datetime import date

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass


class Role(LabelledCode):
    """What somebody is for the programme or a task force (职务)."""

    CHIEF_CONVENER = "chief_convener", "总召集人"
    CONVENER = "convener", "召集人"
    LIAISON = "liaison", "联络员"
    UNIT_LIAISON = "unit_liaison", "单位联络员"
    """Of a unit, and of no task force."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in an office of a task force, or of the whole programme where `task_force` is "".

    They hold it from the day `starts` to the day `ends`, both included; None is without beginning or end.
    `section` is the 承办科室 of their unit.
    """

    task_force: str
    role: Role
    name: str
    unit: str
    section: str
    phone: str
    starts: date | None
    ends: date | None

    @property
    def contact(self) -> str:
        """The name with section and telephone: `张三（科技科，0571-88880000）`."""
        where = "，".join(part for part in (self.section, self.phone) if part)
        if where:
            return f"{self.name}（{where}）"
        return self.name
