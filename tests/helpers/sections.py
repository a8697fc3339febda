"""A bureau that leads five task forces, each with a 科室 of its own, among bureaus that are one."""

from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tests.helpers.address_book import contact
from tests.helpers.by_unit import LEAD, SCIENCE, district

INVESTMENT, INDUSTRY, SERVICES, REGION, ENERGY = "投资科", "工业科", "服务业科", "区域科", "能源科"
FORCES = {INVESTMENT: "01", INDUSTRY: "02", SERVICES: "04", REGION: "06", ENERGY: "09"}
"""The 科室 of 区发改经信局, and the task forces that they are for."""


def of(section: str) -> str:
    """Return the code of the recipient of a 科室 of that bureau."""
    return f"{LEAD}_{section}"


def with_sections(root: Path) -> Workspace:
    """Make the district of `helpers.by_unit` with an address book; no forms are out."""
    workspace = district(root)
    contact(workspace, LEAD, "办公室A岗", section="办公室", phone="0571-0", to="bgs@example.com")
    for section, force in FORCES.items():
        address = f"ke{force}@example.com"
        contact(workspace, LEAD, f"{section}A岗", section=section, task_forces=force, to=address)
    contact(workspace, LEAD, "投资科B岗", section=INVESTMENT, post="B岗", task_forces="01", phone="0571-11")
    contact(workspace, SCIENCE, "规划科A岗", section="规划科", phone="0571-3")
    return workspace
