"""The office's mailbox in 设置.xlsx, and a key ring for tests."""

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from keyring.backend import KeyringBackend
from openpyxl import load_workbook

from tenproj_xl.app.workspace import Workspace

ACCOUNT = "bgs@example.com"


class MemoryKeyRing(KeyringBackend):
    """A key ring that forgets all when it is done with."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@contextmanager
def using_key_ring(backend: KeyringBackend) -> Iterator[None]:
    """Let a key ring be that of the machine."""
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(before)


def set_mail(workspace: Workspace, **values: str | float) -> None:
    """Type values into 邮箱, by the names of its lines; an account is there anyway."""
    book = load_workbook(workspace.settings)
    wanted = dict(values)
    for row in book["邮箱"].iter_rows():
        name = str(row[0].value)
        if name in wanted:
            row[1].value = wanted.pop(name)
        elif name == "账号" and not row[1].value:
            row[1].value = ACCOUNT
    assert not wanted
    book.save(workspace.settings)
