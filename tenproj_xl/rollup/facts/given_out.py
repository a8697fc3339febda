"""What became of the grounds of papers after they were given out: files withdrawn, plans put right."""

from collections.abc import Mapping
from dataclasses import field

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.plan_changes import PlanDifference

_SHOWN = 12


def file_mark(sha256: str) -> str:
    """Return the digits by which a published row names the file that it comes from."""
    return sha256[:_SHOWN]


@dataclass(frozen=True, kw_only=True)
class SinceGivenOut:
    """What became of the grounds of papers.

    `withdrawn` has the withdrawals in force, `refused` why the office does not use a figure, both by the
    marks of their files. `plan_changes` are what differs from the plan of a paper, by its snapshot;
    `plan_reason` is why the plan in force was put right, "" where it was not.
    """

    withdrawn: Mapping[str, Withdrawal] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    plan_changes: Mapping[str, tuple[PlanDifference, ...]] = field(default_factory=dict)
    plan_reason: str = ""


NOTHING_SINCE = SinceGivenOut()
