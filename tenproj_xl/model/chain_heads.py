"""The head of the ledger's chain that a paper was made at, as it stands on the paper."""

import re

from tenproj_xl.core.dataclass import dataclass

SHOWN = 12
"""As many hex digits of a hash stand on papers and on the console."""
_WRITTEN = re.compile(r"数据截至台账第(\d{1,12})笔（校验码 ([0-9a-f]{12})）", re.ASCII)
_NOTHING_YET = "台账还没有记录"


@dataclass(frozen=True)
class ChainHead:
    """An entry of the ledger: its number, 0 for none, and the beginning of the hash over all up to it."""

    number: int
    code: str

    @property
    def label(self) -> str:
        """What stands on a paper: `数据截至台账第345笔（校验码 1a2b3c4d5e6f）`."""
        if not self.number:
            return _NOTHING_YET
        return f"数据截至台账第{self.number}笔（校验码 {self.code}）"


def head_in(text: str) -> ChainHead | None:
    """Return the head that a text of a paper names, None if it names none."""
    found = _WRITTEN.search(text)
    return ChainHead(int(found[1]), found[2]) if found else None
