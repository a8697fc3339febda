"""The workbooks of the office as they lie in a workspace, and what they say."""

from collections.abc import Sequence

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.model.folders import FolderLine
from tenproj_xl.model.settings import Loaded
from tenproj_xl.reading.office_file import OfficeFile

PLAN = "工作计划.xlsx"
SETTINGS = "设置.xlsx"
PASSWORDS = "打开密码.xlsx"
ADDRESSES = "通讯录.xlsx"
LETTERS = "信函.xlsx"


@dataclass(frozen=True, kw_only=True)
class OfficeWorkbooks:
    """The workbooks of the office as they lie in a workspace; an earlier one lacks the later ones."""

    plan: OfficeFile
    settings: OfficeFile
    passwords: OfficeFile | None
    addresses: OfficeFile | None
    letters: OfficeFile | None

    @property
    def there(self) -> Sequence[OfficeFile]:
        """Those that are there."""
        files = (self.plan, self.settings, self.passwords, self.addresses, self.letters)
        return [file for file in files if file]


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What the workbooks say, None where they have errors, and what is wrong with them.

    `folders` are the lines of 收件夹, whose faults hang on where the workspace lies.
    """

    loaded: Loaded | None
    findings: tuple[Finding, ...]
    folders: tuple[FolderLine, ...] = ()
