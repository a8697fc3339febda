"""The Python API: `tenproj_xl.open("工作区")` gives an `OpenWorkspace`, whose methods are the commands.

They take plain arguments, return the result objects of `app.results` and print nothing. What a method needs
is loaded when it is called.
"""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tenproj_xl.app.workspace import Workspace

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

    from tenproj_xl.app.life_results import Life
    from tenproj_xl.app.mail_results import Fetched
    from tenproj_xl.app.matrix_results import Matrix
    from tenproj_xl.app.results import Exported, Ingested, Merged
    from tenproj_xl.app.send_results import Laid
    from tenproj_xl.rollup.frames import Frames

EditionCode = Literal["meeting", "month", "quarter", "year"]


class OpenWorkspace:
    """A workspace, worked on from Python.

    Every method may raise `UsageProblem` where it was called for what there is not, such as a period without
    forms, and `EnvironmentProblem` where the workspace or the machine is not fit for it; both are in
    `tenproj_xl.core.errors`, their message is a Chinese sentence with the remedy.
    """

    def __init__(self, folder: "str | PathLike[str]") -> None:
        self._workspace = Workspace(Path(folder).resolve())

    def __repr__(self) -> str:
        return f"tenproj_xl.open({str(self.folder)!r})"

    @property
    def folder(self) -> Path:
        """The folder of the workspace."""
        return self._workspace.root

    # --- looking

    def periods(self) -> tuple[str, ...]:
        """Return the codes of the periods that forms went out for, oldest first."""
        from tenproj_xl.app.frames import issued_periods

        return issued_periods(self._workspace)

    def status(self, period: str | None = None) -> "Matrix":
        """Return who has returned what for a period, by default the newest that forms went out for."""
        from tenproj_xl.app.status import status

        return status(self._workspace, period)

    def history(self, subject: str) -> "Life":
        """Return the life of a row (by its code), of a unit, or of a received file (by name or hash)."""
        from tenproj_xl.app.history import history

        return history(self._workspace, subject)

    def check(self, *files: "str | PathLike[str]", period: str | None = None) -> "Ingested":
        """Say what would become of returns; nothing is recorded, written or moved."""
        from tenproj_xl.app.check import check

        return check(self._workspace, [Path(file) for file in files], period)

    def frames(self, period: str | None = None) -> "Frames":
        """Return the data sheets of a period's roll-up as pandas frames, by the codes of the sheets.

        Args:
            period: A week (`2026-W48`), month, quarter or year; by default the newest week that forms went
                out for.
        """
        from tenproj_xl.app.frames import facts_for
        from tenproj_xl.rollup.frames import frames_of

        return frames_of(facts_for(self._workspace, period))

    def schemas(self, period: str | None = None) -> "dict[str, DataFrameSchema]":
        """Return the pandera schemas of `frames(period)`: types, titles, meanings, units, labels of codes.

        The unit of a column and the labels of its codes are in its `metadata`.
        """
        from tenproj_xl.app.frames import facts_for
        from tenproj_xl.rollup.frames import schemas_of

        return schemas_of(facts_for(self._workspace, period))

    def export(
        self, folder: "str | PathLike[str]", period: str | None = None, *, file_format: str = "csv"
    ) -> "Exported":
        """Write the frames of a period and the lists for a platform into a folder, as CSV or Parquet.

        Args:
            folder: One that is new, empty, or of an earlier export.
            period: As in `frames`.
            file_format: `csv` or `parquet`.
        """
        from tenproj_xl.app.export import export

        return export(self._workspace, Path(folder), period, file_format)

    # --- working

    def generate(self, period: str | None = None, *, by_unit: bool = False) -> tuple[Path, ...]:
        """Write and record the forms of a period, one for each task force or for each unit; return them.

        The period is by default the one that is due.
        """
        from tenproj_xl.app.generate import generate

        return generate(self._workspace, period, by_unit=by_unit).written

    def send(self, period: str | None = None, *, remind: bool = False) -> "Laid":
        """Lay out the letters that are to be sent, one for each liaison; nothing is mailed."""
        from tenproj_xl.app.send import send

        return send(self._workspace, period, remind=remind)

    def ingest(self, period: str | None = None) -> "Ingested":
        """Archive, judge, record and answer what lies in the inbox."""
        from tenproj_xl.app.ingest import ingest

        return ingest(self._workspace, period)

    def fetch(self) -> "Fetched":
        """Take in the new mails of the office's mailbox, and what lies in the inbox.

        The password comes from the environment or the system's key ring; nobody is asked.
        """
        from tenproj_xl.app.fetch import fetch

        return fetch(self._workspace)

    def merge(self, period: str | None = None, *, signed_by: str = "") -> "Merged":
        """Take in what lies in the inbox, and make the roll-up of a period; a draft unless it is signed."""
        from tenproj_xl.app.merge import merge

        return merge(self._workspace, period, signed_by)

    def report(
        self, edition: EditionCode, period: str | None = None, *, signed_by: str = ""
    ) -> tuple[Path, ...]:
        """Make an edition of the roll-up from the ledger alone; return its files.

        Args:
            edition: `meeting`, `month`, `quarter` or `year`.
            period: A period of returns for a meeting, else a month, quarter or year; by default the newest
                that forms went out for, or that in which it ends.
            signed_by: Who signed it; a draft without.
        """
        from tenproj_xl.app.report import report

        return report(self._workspace, edition, period, signed_by).written


def open(folder: "str | PathLike[str]") -> OpenWorkspace:  # noqa: A001  # called as tenproj_xl.open
    """Open a workspace. Nothing is read until a method is called."""
    return OpenWorkspace(folder)
