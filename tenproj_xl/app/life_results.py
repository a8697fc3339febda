"""What `history` gives back: the life of a row, a unit or a received file."""

from datetime import tzinfo

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.model.conflicts import ConflictDecision
from tenproj_xl.model.decisions import Decision, Withdrawal
from tenproj_xl.model.lives import RecordedValue
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.receipts import Receipt


class LifeOf(LabelledCode):
    """What a life is told of."""

    ROW = "row", "事项"
    UNIT = "unit", "单位"
    FILE = "file", "文件"


@dataclass(frozen=True)
class Ruling:
    """A decision on a cell about which units disagreed, and whether it still holds."""

    decision: ConflictDecision
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Life:
    """What became of something: all values in it, the files about it, and what the office decided.

    `subject` is the code of a row or unit, or the hash of a file; `title` what people call it. `receipts` are
    those of a unit or file, `decisions` and `rulings` (on disagreements) those on a row or in a file, `slips`
    the supervision slips on a row, in words.
    """

    of: LifeOf
    subject: str
    title: str
    values: tuple[RecordedValue, ...]
    plan: Plan
    zone: tzinfo
    receipts: tuple[Receipt, ...] = ()
    decisions: tuple[Decision, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    withdrawn: Withdrawal | None = None
    slips: tuple[str, ...] = ()
