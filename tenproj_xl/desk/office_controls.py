"""Controls of the office's own steps: received files, units, and where a backup goes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.desk.places import backup_name
from tenproj_xl.desk.received import ReceivedKind


@dataclass(frozen=True, kw_only=True)
class ReceivedChoice:
    """A received file, by name; the command gets the beginning of its hash, which is never ambiguous.

    Attributes:
        which: Which files can be chosen.
        label: What stands beside the field.
        nothing: What is said where there are none.
    """

    which: ReceivedKind
    label: str = "哪一份"
    nothing: str = "（现在没有）"

    kind: ClassVar[str] = "received"
    name: ClassVar[str] = "received"
    is_positional: ClassVar[bool] = True

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return the beginning of the hash."""
        chosen = "".join(given)
        if not chosen:
            raise UsageProblem(f"还没有选文件，请选“{self.label}”。列表是空的，就是现在没有要办的。")
        return [chosen]


@dataclass(frozen=True, kw_only=True)
class UnitChoice:
    """A unit of the plan, or none."""

    option: str
    label: str
    first: str

    kind: ClassVar[str] = "unit"
    is_positional: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.option.lstrip("-")

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return the option with the unit, if one was chosen."""
        unit = "".join(given)
        return [f"{self.option}={unit}"] if unit else []


@dataclass(frozen=True, kw_only=True)
class RowField:
    """A row, typed by its code or chosen by its name; the command gets the code."""

    label: str = "哪一项"

    kind: ClassVar[str] = "row"
    name: ClassVar[str] = "row"
    is_positional: ClassVar[bool] = True

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return the code, which stands before the name."""
        words = " ".join(given).split()
        if not words:
            raise UsageProblem(f"请填“{self.label}”：写编号，或打几个字从列表里选。")
        return words[:1]


@dataclass(frozen=True, kw_only=True)
class ColumnChoice:
    """A column of the form, by its header."""

    label: str = "哪一栏"

    kind: ClassVar[str] = "column"
    name: ClassVar[str] = "column"
    is_positional: ClassVar[bool] = True

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return the header."""
        if not any(given):
            raise UsageProblem(f"请选“{self.label}”。")
        return ["".join(given)]


@dataclass(frozen=True, kw_only=True)
class BackupPlace:
    """The folder for a backup, of those offered or as typed; the file is named by the time."""

    label: str = "备份到"

    kind: ClassVar[str] = "place"
    name: ClassVar[str] = "place"
    is_positional: ClassVar[bool] = True

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return the path of the file: what was typed counts before what was chosen."""
        places = [text.strip().strip('"') for text in given if text.strip()]
        if not places:
            raise UsageProblem("还没有选备份到哪里。请插上U盘刷新页面，或写明一个文件夹。")
        folder = Path(places[-1])
        if not folder.is_absolute():
            raise UsageProblem("文件夹请写全，如 E:\\备份 或 /media/备份。")
        return [str(folder / backup_name("十项重大工程", datetime.now(UTC).astimezone()))]
