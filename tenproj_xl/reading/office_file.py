"""The bytes of a workbook that the office edits."""

from dataclasses import field
from pathlib import Path
from typing import Self

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem

_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods")


@dataclass(frozen=True)
class OfficeFile:
    """A workbook of the office as it lies there, and what helps where it is damaged."""

    name: str
    data: bytes = field(repr=False)
    if_damaged: str = "请从备份恢复"

    @classmethod
    def at(cls, path: Path) -> Self:
        """Read the bytes of a file.

        Raises:
            EnvironmentProblem: there is no such file.
            OSError: the system does not let it be opened.
        """
        try:
            return cls(path.name, path.read_bytes())
        except FileNotFoundError as fault:
            if other := in_other_format(path):
                raise EnvironmentProblem(to_save_as(path, other)) from fault
            missing = f"“{path.parent}”里没有“{path.name}”"
            remedy = "请先进入工作区文件夹，或用 -C 指明它；文件丢了的，请从备份恢复"
            remedy += "；还没有工作区的，请先运行 tenproj init 建立"
            raise EnvironmentProblem(f"{missing}。{remedy}。") from fault


def in_other_format(path: Path) -> Path | None:
    """Return the file that lies in place of a missing workbook: of its name, saved in another format."""
    if path.exists() or not path.parent.is_dir():
        return None
    alike = [one for one in path.parent.iterdir() if one.stem == path.stem and one.suffix.lower() in _ENDINGS]
    return min(alike, default=None)


def to_save_as(path: Path, other: Path) -> str:
    """Return what to do with a workbook that was saved in another format."""
    problem = f"“{path.parent}”里只有“{other.name}”"
    return f"{problem}。请在 WPS 或 Excel 中打开它，另存为“{path.name}”，放在同一文件夹里。"
