"""Papers that the office of a simulated district gave out: their bytes, their numbers, and what they told.

What has changed since is worked out here from what was told then and what would be told now, by plain comparison.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tenproj_xl.app.editions import PRINT_COPY, WALL
from tenproj_xl.app.matrix_results import PaperState
from tenproj_xl.app.publications import publications
from tenproj_xl.app.publish import publish
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.periods import Period
from tenproj_xl.model.published import Published

TELLS = {
    "indicators": ("state", "value", "data_period", "target"),
    "tasks": ("state", "milestone", "deadline"),
    "issues": ("state", "level", "deadline"),
    "league": ("rank", "score"),
}
"""What a paper tells of each kind of rows."""
JUDGES = {"indicators": "state", "tasks": "state", "issues": "state", "league": "rank"}
"""What calls for a correction where it has changed."""
PAGE_ONE = (
    *("counted", "on_pace", "slow", "behind", "pending", "missing", "stale", "tasks_overdue"),
    *("issues_open", "issues_overdue", "asks", "owed", "returned"),
)
FOR_ALL = "league"
"""The series that all may read: it has neither issues nor page one."""


@dataclass(frozen=True, kw_only=True)
class GivenOut:
    """A paper: its series, edition and period, its number and correction, and its file."""

    series: str
    edition: str
    period: Period
    number: int
    correction: int
    told: Published
    file: str
    data: bytes

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is a paper of, whichever correction."""
        return self.series, self.edition, self.period.code


@dataclass(kw_only=True)
class Press:
    """All that was given out, oldest first."""

    given: list[GivenOut] = field(default_factory=list)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)

    def last(self, key: tuple[str, str, str]) -> GivenOut | None:
        """Return the newest paper of a series, edition and period."""
        return next((paper for paper in reversed(self.given) if paper.key == key), None)

    def give_out(
        self, workspace: Workspace, files: Iterable[Path], edition: str, period: Period, told: Published
    ) -> None:
        """Register files as given out; check that each gets the number that is next."""
        paths = [path for path in files if not path.name.endswith((PRINT_COPY, WALL))]  # no papers
        done = publish(workspace, paths, "李四", period_code=period.code, edition_code=edition)
        assert len(done.papers) == len(paths)
        expected = [self._paper(path, edition, period, told) for path in paths]
        got = {paper.publication.series.value: paper for paper in done.papers}
        for paper in expected:
            one = got[paper.series]
            assert one.findings == (), one.findings
            assert (one.publication.number, one.publication.correction) == (paper.number, paper.correction)
        self.given += expected

    def _paper(self, path: Path, edition: str, period: Period, told: Published) -> GivenOut:
        series = edition
        if path.stem.endswith("晾晒版"):
            series = FOR_ALL
        elif path.suffix == ".docx":
            series = "brief"
        before = self.last((series, edition, period.code))
        if before:
            number, correction = before.number, before.correction + 1
        else:
            year = int(period.code[:4])
            number, correction = self.numbers.get((series, year), 0) + 1, 0
            self.numbers[series, year] = number
        return GivenOut(
            series=series,
            edition=edition,
            period=period,
            number=number,
            correction=correction,
            told=told,
            file=path.name,
            data=path.read_bytes(),
        )

    def check(self, workspace: Workspace, period: Period | None, now: Mapping[str, Published]) -> None:
        """Check what `publications` says and hands out of a period, or of all.

        Args:
            workspace: The workspace.
            period: The period, None for all.
            now: What would be told now, by edition and period (`month 2026-11`).
        """
        wanted = [paper for paper in self.given if period is None or paper.period.code == period.code]
        code = period.code if period else None
        with TemporaryDirectory() as folder:
            listed = publications(workspace, code, Path(folder))
            found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in listed.written}
        states = {_key(state): state for state in listed.papers}
        assert len(states) == len(wanted) == len(found)
        for paper in wanted:
            state = states[(*paper.key, paper.correction)]
            assert found[f"{state.publication.label}/{paper.file}"] == paper.data, (
                "other bytes than given out"
            )
            self._check_changes(paper, state, now[f"{paper.edition} {paper.period.code}"])

    def _check_changes(self, paper: GivenOut, state: PaperState, now: Published) -> None:
        where = state.publication.label
        if paper is not self.last(paper.key):
            assert (state.changes, state.proposal) == (None, ""), where
            return
        is_for_all = paper.series == FOR_ALL
        assert bool(state.changes) == differs(paper.told, now, is_for_all=is_for_all), (
            f"{where} {state.changes}"
        )
        calls = paper.edition != "week" and calls_for_correction(paper.told, now, is_for_all=is_for_all)
        assert bool(state.proposal) == calls, f"{where}: {state.proposal} {state.changes}"


def _key(state: PaperState) -> tuple[str, str, str, int]:
    paper = state.publication
    return paper.series.value, paper.edition, paper.period.code, paper.correction


def differs(then: Published, now: Published, *, is_for_all: bool) -> bool:
    """Return whether a paper would tell anything otherwise now."""
    for sheet, was, is_now in _pairs(then, now, is_for_all=is_for_all):
        if _spoken(sheet, was) != _spoken(sheet, is_now):
            return True
    return not is_for_all and _page_one(then) != _page_one(now)


def calls_for_correction(then: Published, now: Published, *, is_for_all: bool) -> bool:
    """Return whether a verdict, a rank or a number of page one has changed."""
    for sheet, was, is_now in _pairs(then, now, is_for_all=is_for_all):
        if (was or {}).get(JUDGES[sheet]) != (is_now or {}).get(JUDGES[sheet]):
            return True
    return not is_for_all and _page_one(then) != _page_one(now)


_Row = Mapping[str, object]


def _pairs(
    then: Published, now: Published, *, is_for_all: bool
) -> Iterator[tuple[str, _Row | None, _Row | None]]:
    for sheet in TELLS:
        if sheet == "issues" and is_for_all:
            continue
        before, after = then.rows.get(sheet, {}), now.rows.get(sheet, {})
        for code in sorted(before.keys() | after.keys()):
            yield sheet, before.get(code), after.get(code)


def _spoken(sheet: str, row: _Row | None) -> tuple[object, ...] | None:
    if row is None:
        return None
    told = [row.get(name) for name in TELLS[sheet]]
    if sheet == "indicators" and row.get("value") is None:
        told[2] = None
    if sheet == "league" and row.get("rank") is None:
        told = [None, None]
    return tuple(told)


def _page_one(told: Published) -> list[float]:
    return [told.numbers[name] for name in PAGE_ONE]
