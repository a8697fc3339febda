"""What a report tells something about: by this the ledger chooses the reports that a history needs."""

from collections.abc import Mapping

from tenproj_xl.core.sheets import VERIFICATION
from tenproj_xl.model.history import Reported, figure_in

_TOPICS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "indicators": {"value": ("data_period",)},
    "tasks": {"status": (), "invest_done": (), "milestone_done": ("milestone_done", "milestone")},
}
"""Fields whose last value is asked for, by sheet, each with the fields that tell about what it is."""


def topics(row: Reported) -> set[str]:
    """Return what a report tells something about: "" for the row as a whole, and what it has a value for.

    A `History` that has the last reports on each topic, the last two on a row as a whole, and all on an
    issue, answers the same as one that has all reports. What asks a history for more needs a topic here,
    and a new version of the ledger.
    """
    found = {""}
    figure = figure_in(row)
    if row.basis:
        about = str(row.values.get("data_period") or "")
        found = {f"amended {name} {about}" for name in row.changed_fields}
    if figure and figure.is_verified:
        found.add(f"verified {figure.row.values['data_period']}")
    if row.basis:
        return found
    if row.values.get(VERIFICATION):
        found.add(VERIFICATION)
    counted = row.counted
    if counted is None:
        return found
    for name, fields in _TOPICS.get(row.sheet, {}).items():
        if counted.values.get(name) is not None:
            found.add(" ".join([name, *(str(counted.values.get(field)) for field in fields)]))
    return found
