"""How much of a received file is read at most."""

from tenproj_xl.core.dataclass import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is read at most. None of these refused an honest form; a file alone never comes near them.

    Sizes are in bytes. `inflated` counts what really comes out of the parts that are read, whatever the zip
    declares; `tags` is how many an XML may have that is parsed as a whole; `unpacked` and `members` are all
    that an outermost zip or mail may hold, whatever is inside what; `cells` is the box from A1 to the
    furthest value (largest seen 353,052), because the reader holds the whole box; `filled` counts the cells
    with content and `texts` their characters, of a workbook as a whole; `text` is the longest text of one
    cell, `plain` the largest text file; `parts` and `merges` cost the reader time each. `formats` is the
    largest list of cell formats of an .xlsx that is looked through for those that show per cent: some
    workbooks carry formats by the ten thousand. `conversions` is how many workbooks of an outermost file are
    given to LibreOffice.

    All these count, so that a verdict is the same on every machine at every load. `seconds` of processor time
    and `memory` bound the reading process as a whole, for what no count foresees.
    """

    size: int = 64 << 20
    inflated: int = 64 << 20
    unpacked: int = 128 << 20
    members: int = 500
    cells: int = 2_000_000
    filled: int = 100_000
    texts: int = 8 << 20
    text: int = 1 << 19
    plain: int = 16 << 20
    parts: int = 2_000
    merges: int = 50_000
    tags: int = 2_000_000
    seconds: float = 10
    memory: int = 560 << 20
    formats: int = 1 << 20
    conversions: int = 8

    @property
    def work(self) -> int:
        """What reading an outermost file and all in it may cost: bytes, and tags and cells as bytes."""
        return 8 * (self.size + self.inflated)

    @property
    def answer(self) -> int:
        """How long the answer of a reading process may be, but for the files that were taken out of one."""
        return 4 * self.texts + 16 * self.filled + 8 * self.cells


LIMITS = Limits()
