"""How much of a received file is read at most."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is read at most. None of these refused an honest file among 4,553 foreign spreadsheets.

    Sizes are in bytes. `inflated` counts what really comes out of the parts that are read, whatever the zip
    declares (largest seen 114 MB); `unpacked` is all that a zip or a mail may hold, whatever is inside
    what; `cells` is the box from A1 to the furthest value (largest seen 353,052), because the reader holds
    the whole box; `parts` and `merges` cost the reader time each; `seconds` and `memory` bound the reading
    process as a whole, for what no check foresees. `formats` is the largest list of cell formats of an .xlsx
    that is looked through for those that show per cent: some workbooks carry formats by the ten thousand.
    """

    size: int = 64 << 20
    inflated: int = 256 << 20
    unpacked: int = 128 << 20
    cells: int = 2_000_000
    parts: int = 2_000
    merges: int = 50_000
    seconds: float = 10
    memory: int = 1 << 30
    formats: int = 1 << 20


LIMITS = Limits()
