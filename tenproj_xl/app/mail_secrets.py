"""The command `secret`: keep what opens the mailbox in the system's key ring, look, remove it."""

from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.post.secrets import Secret, SecretName, SecretPlace, key_ring, place_of


def account_of(workspace: Workspace) -> str:
    """Return the account that secrets are of.

    Raises:
        EnvironmentProblem: The settings have none.
    """
    account = load(workspace).settings.mail.account
    if not account:
        raise EnvironmentProblem(
            "还没有登记邮箱账号。请在“设置.xlsx”的“邮箱”表填“账号”，再运行一次"
            "（以前的设置没有这张表的，从 tenproj init 新建的工作区复制过来）。"
        )
    return account


def keep_secret(workspace: Workspace, name: SecretName, text: str) -> str:
    """Keep a secret in the key ring; return the account that it is of.

    Raises:
        UsageProblem: Nothing was typed.
        EnvironmentProblem: There is no key ring, or no account.
    """
    if not text:
        raise UsageProblem(f"没有输入{name.label}，没有保存。")
    account = account_of(workspace)
    key_ring(name).put(name, account, Secret(text))
    return account


def look_for_secret(workspace: Workspace, name: SecretName) -> tuple[str, SecretPlace | None]:
    """Return the account, and where its secret stands that would be used now."""
    account = account_of(workspace)
    return account, place_of(name, account)


def remove_secret(workspace: Workspace, name: SecretName) -> tuple[str, bool]:
    """Remove a secret from the key ring; return the account, and whether there was one."""
    account = account_of(workspace)
    return account, key_ring(name).remove(name, account)
