"""Papers: what was made for leaders, and what was given out of it (印发稿), numbered in its series.

A draft (送审稿) and a signed paper (签发稿) may be made again. A publication never changes: what changes
after it stands in a correction (更正稿), which keeps the number of what it corrects.
"""

from collections.abc import Iterable
from datetime import datetime

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.periods import Period
from tenproj_xl.model.published import Published


class Series(LabelledCode):
    """What is numbered on its own, from 1 in each year."""

    BRIEF = "brief", "简报"
    LEAGUE = "league", "晾晒"
    WEEK = "week", "汇总"
    MEETING = "meeting", "例会"
    MONTH = "month", "月调度"
    QUARTER = "quarter", "季分析"
    YEAR = "year", "年总结"
    REPORT = "report", "年度报告"


class PaperKind(LabelledCode):
    """What a file of a publication is."""

    WORKBOOK = "workbook", "工作簿"
    TEXT = "text", "文稿"
    SCAN = "scan", "扫描件"


@dataclass(frozen=True)
class MadeFile:
    """A file as it was written: its path in the workspace, and the hash of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class WrittenFile:
    """The last writing of a file: its path in the workspace, when that was recorded, and by which command."""

    path: str
    at: datetime
    command: str


@dataclass(frozen=True, kw_only=True)
class MadeEdition:
    """One making of an edition: its files by series, and what they told.

    `edition` is the code of the edition, `plan` the hash of the plan it was made by; `signed_by` is "" for a
    draft. `made_from` is what its files say of plan and ledger. `seq` is the number of the entry.
    """

    edition: str
    made_from: str
    signed_by: str
    plan: str
    files: tuple[tuple[Series, MadeFile], ...]
    told: Published
    seq: int = 0

    @property
    def period(self) -> Period:
        """The period that it is about."""
        return self.told.period

    def file(self, series: Series) -> MadeFile | None:
        """Return its file of a series, None if it has none."""
        return dict(self.files).get(series)


@dataclass(frozen=True)
class PublishedFile:
    """A file that was given out, under its own name; its bytes are in the archive by their hash."""

    name: str
    sha256: str
    kind: PaperKind


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A paper that was given out: `correction` is 0 for the first, n for its n-th 更正稿.

    `edition` is the code of the edition that the paper is part of, `told` what the ledger said for it when it
    was made, `plan` the hash of the plan in force then.
    """

    series: Series
    year: int
    number: int
    correction: int = 0
    edition: str
    published_at: datetime
    published_by: str
    files: tuple[PublishedFile, ...]
    told: Published
    plan: str

    @property
    def period(self) -> Period:
        """The period that it is about."""
        return self.told.period

    @property
    def key(self) -> tuple[Series, int, int, int]:
        """Series, year, number and correction, which identify it."""
        return self.series, self.year, self.number, self.correction

    @property
    def label(self) -> str:
        """What it is called: `月调度2026年第3期`, `月调度2026年第3期更正稿（第1次）`."""
        return f"{self.series.label}{self.year}年{number_label(self.number, self.correction)}"

    @property
    def sequence(self) -> int:
        """The ledger's sequence number that it was made at."""
        return self.told.sequence

    def has(self, sha256: str) -> bool:
        """Whether a file of this hash is among its files."""
        return any(file.sha256 == sha256 for file in self.files)


def number_label(number: int, correction: int = 0) -> str:
    """Return a number as papers show it: `第13期`, `第13期更正稿（第1次）`."""
    if correction:
        return f"第{number}期更正稿（第{correction}次）"
    return f"第{number}期"


def newest(
    publications: Iterable[Publication], series: Series, period: str, edition: str
) -> Publication | None:
    """Return the last correction of a paper that was given out, else the paper itself, None if none was."""
    found = [p for p in publications if (p.series, p.period.code, p.edition) == (series, period, edition)]
    return max(found, key=lambda p: p.correction, default=None)
