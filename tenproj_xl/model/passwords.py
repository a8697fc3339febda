"""The passwords of returns, 打开密码.xlsx, which no snapshot, backup or report takes in."""

from collections.abc import Callable
from dataclasses import field
from functools import cached_property

from tenproj_xl.core.dataclass import dataclass


@dataclass(frozen=True)
class Passwords:
    """The passwords to try on an encrypted file; whether some stand in 设置.xlsx still.

    `told` gives them: they are kept nowhere, and read where they are needed.
    """

    told: Callable[[], tuple[str, ...]] = field(default=tuple, repr=False, compare=False)
    in_settings: bool = False

    @cached_property
    def known(self) -> tuple[str, ...]:
        """The passwords themselves."""
        return self.told()


NO_PASSWORDS = Passwords()
