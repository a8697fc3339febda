"""Secrets of the office: from an environment variable, else the system's key ring, else the terminal.

A secret stands in no file of the workspace, no message and no `repr`. The key ring is the library `keyring`,
which the extra `mail` installs.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.secret_variables import PREFIX

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "tenproj"
Ask = Callable[[str], str]
"""Asks a person at the terminal for what is named, without showing what is typed."""
_INSTALL = '在本软件的文件夹里运行 pip install ".[mail]"'


class SecretName(LabelledCode):
    """What a secret is for."""

    MAIL = "mail", "邮箱密码"

    @property
    def variable(self) -> str:
        """The environment variable that may hold it."""
        return f"{PREFIX}{self.upper()}"


class SecretPlace(LabelledCode):
    """Where a secret stands."""

    ENVIRONMENT = "environment", "环境变量"
    KEY_RING = "key_ring", "系统的密钥环"


class Secret:
    """A secret, which shows itself to nobody who does not ask with `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


@dataclass(frozen=True)
class KeyRing:
    """The system's key ring."""

    backend: "KeyringBackend"

    def get(self, name: SecretName, account: str) -> Secret | None:
        """Return the secret of an account, None where it has none."""
        text = self._told(lambda: self.backend.get_password(_service(name), account), name)
        if not text:
            return None
        return Secret(text)

    def put(self, name: SecretName, account: str, secret: Secret) -> None:
        """Keep the secret of an account in place of the one before."""
        self._told(lambda: self.backend.set_password(_service(name), account, secret.reveal()), name)

    def remove(self, name: SecretName, account: str) -> bool:
        """Remove the secret of an account; return whether there was one."""
        if self.get(name, account) is None:
            return False
        self._told(lambda: self.backend.delete_password(_service(name), account), name)
        return True

    @staticmethod
    def _told(call: Callable[[], str | None], name: SecretName) -> str | None:
        from keyring.errors import KeyringError  # noqa: PLC0415  # only who keeps secrets loads it

        try:
            return call()
        except (KeyringError, RuntimeError, OSError):
            problem = "系统的密钥环打不开（可能上了锁，或没有登录桌面）"
        raise EnvironmentProblem(f"{problem}。请解锁后再运行；不用密钥环的，{_by_variable(name)}。")


def key_ring(name: SecretName) -> KeyRing:
    """Return the key ring of this machine.

    Raises:
        EnvironmentProblem: There is none that keeps secrets safely, or the library is missing.
    """
    try:
        import keyring  # noqa: PLC0415
        from keyring.backends import chainer, fail, null  # noqa: PLC0415
    except ImportError:
        problem = f"没有装读写密钥环的组件。请{_INSTALL}"
        raise EnvironmentProblem(f"{problem}；不用密钥环的，{_by_variable(name)}。") from None
    backend = keyring.get_keyring()
    keeps_nothing = isinstance(backend, fail.Keyring | null.Keyring)
    if isinstance(backend, chainer.ChainerBackend):
        keeps_nothing = not backend.backends
    if keeps_nothing or type(backend).__module__.startswith("keyrings.alt"):  # that keeps them in plain files
        raise EnvironmentProblem(f"这台电脑没有可以保存密码的密钥环。请{_by_variable(name)}。")
    return KeyRing(backend)


def secret_of(name: SecretName, account: str, ask: Ask | None = None) -> Secret:
    """Return a secret: from its environment variable, else the key ring, else as a person types it.

    Args:
        name: What it is for.
        account: Whose it is.
        ask: Asks a person, None where nobody sits at a terminal.

    Raises:
        EnvironmentProblem: There is none, and nobody to ask.
    """
    if text := os.environ.get(name.variable):
        return Secret(text)
    missing = (
        f"没有“{account}”的{name.label}。请运行 tenproj secret set {name} 保存，或{_by_variable(name)}。"
    )
    try:
        found = key_ring(name).get(name, account)
    except EnvironmentProblem as fault:
        found, missing = None, str(fault)
    if found is None and ask is not None:
        found = Secret(ask(f"“{account}”的{name.label}"))
    if found is None:
        raise EnvironmentProblem(missing)
    return found


def place_of(name: SecretName, account: str) -> SecretPlace | None:
    """Return where a secret stands that would be used now, None where there is none."""
    if os.environ.get(name.variable):
        return SecretPlace.ENVIRONMENT
    with suppress(EnvironmentProblem):
        if key_ring(name).get(name, account):
            return SecretPlace.KEY_RING
    return None


def _service(name: SecretName) -> str:
    return f"{_SERVICE} {name}"


def _by_variable(name: SecretName) -> str:
    return f"把{name.label}放进环境变量 {name.variable}"
