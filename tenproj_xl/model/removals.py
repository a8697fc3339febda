"""What was taken out by law (销毁): secrets that were not to be there, personal data; and on what basis."""

from datetime import datetime

from tenproj_xl.core.dataclass import dataclass

TAKEN_OUT = "（已按规定清除）"
"""What stands in the place of a text that was taken out."""


@dataclass(frozen=True, kw_only=True)
class Removal:
    """A removal: of which file (its hash and the name it came under), on what basis, when.

    `entries` is how many entries of the ledger were taken out, whole or in part. A removal of passwords from
    what was kept of settings is of no file, and has no hash.
    """

    sha256: str
    name: str
    why: str
    at: datetime
    entries: int
