"""Excel forms for task forces: sent out, read back, checked, kept in a ledger, merged into one roll-up.

From Python: `tenproj_xl.open("工作区")`, see docs/python.md.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenproj_xl.api import OpenWorkspace, open  # noqa: A004  # called as tenproj_xl.open

__version__ = "0.4.0"
__all__ = ["OpenWorkspace", "__version__", "open"]


def __getattr__(name: str) -> object:
    """Load the names of the API on first use (PEP 562), so that the command line starts at once.

    Raises:
        AttributeError: There is no such name.
    """
    if name not in ("OpenWorkspace", "open"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("tenproj_xl.api"), name)
