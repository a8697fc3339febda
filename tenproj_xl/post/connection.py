"""What connections to servers of mail have in common: TLS, and faults told in a sentence with its remedy."""

import socket
import ssl
from pathlib import Path

from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.model.mail_settings import MailServer
from tenproj_xl.post.secrets import Secret

SECONDS = 60.0
"""How long an answer of a server is waited for."""
_LONGEST_ANSWER = 120
_NOT_NOW = (9, 10)
"""What OpenSSL finds where a certificate is not valid yet, or no more: by the clock of this computer."""


class ConnectionProblem(EnvironmentProblem):
    """A server of mail could not be reached or used, or the connection broke off."""


def require_library() -> None:
    """Raise EnvironmentProblem where the extra `mail` is not installed."""
    try:
        import imap_tools  # noqa: F401, PLC0415  # only who fetches loads it
    except ImportError:
        raise EnvironmentProblem(
            '没有装收发邮件的组件。请在本软件的文件夹里运行 pip install ".[mail]"，再运行一次。'
        ) from None


def tls(certificate: Path | None) -> ssl.SSLContext:
    """Return what a server has to prove: its name, by the system's certificates and those of a file.

    Raises:
        EnvironmentProblem: The file has no certificates.
    """
    context = ssl.create_default_context()
    if certificate is not None:
        try:
            context.load_verify_locations(cafile=certificate)
        except (OSError, ssl.SSLError):
            raise EnvironmentProblem(
                f"“{certificate.name}”读不出证书。请把服务器的证书（PEM格式）放进工作区，"
                "并核对“设置.xlsx”“邮箱”表的“服务器证书”。"
            ) from None
    return context


def told(fault: Exception, server: MailServer, what: str) -> ConnectionProblem:
    """Return what is told of a fault of a connection.

    Args:
        fault: The fault.
        server: The server.
        what: What it is for: 收信服务器.
    """
    name = f"{what} {server.host}:{server.port}"
    if isinstance(fault, ssl.SSLCertVerificationError):
        return _not_trusted(fault, name)
    if isinstance(fault, socket.gaierror):
        return ConnectionProblem(f"找不到{name}。请检查网络，并核对“设置.xlsx”“邮箱”表的服务器名称。")
    if isinstance(fault, TimeoutError):
        return ConnectionProblem(f"{name} 没有回应（等了{SECONDS:.0f}秒）。请检查网络，稍后再运行一次。")
    if isinstance(fault, ConnectionRefusedError):
        return ConnectionProblem(f"{name} 连不上。请核对“邮箱”表的服务器和端口，或稍后再运行一次。")
    if isinstance(fault, ssl.SSLError) and "WRONG_VERSION_NUMBER" in str(fault):
        return ConnectionProblem(f"{name} 不能这样加密连接。请核对“邮箱”表的端口和加密（SSL或STARTTLS）。")
    return ConnectionProblem(f"与{name} 的连接中断。请检查网络，稍后再运行一次。")


def _not_trusted(fault: ssl.SSLCertVerificationError, name: str) -> ConnectionProblem:
    if fault.verify_code in _NOT_NOW:
        found = "按这台电脑的时钟还没有生效或已经过期，没有连接。请先把电脑的日期和时间调准，再运行一次"
        return ConnectionProblem(f"{name} 的证书{found}；时间没有错的，请邮件服务器的管理员更新证书。")
    remedy = "请核对服务器名称；单位自建邮箱用自签证书的，把证书（.pem）放进工作区，"
    remedy += "在“邮箱”表的“服务器证书”写文件名"
    return ConnectionProblem(f"{name} 的证书不可信，没有连接。{remedy}。")


def answer_of(text: object, secret: Secret) -> str:
    """Return what a server answered as it may be told: short, and without the secret."""
    said = str(text)
    if isinstance(text, bytes):
        said = text.decode("utf-8", "replace")
    return " ".join(said.replace(secret.reveal(), "…").split())[:_LONGEST_ANSWER]


def refused(server: MailServer, what: str, account: str, said: str) -> ConnectionProblem:
    """Return what is told where a server does not let an account in."""
    because = f"（服务器说：{said}）" if said else ""
    return ConnectionProblem(
        f"{what} {server.host} 没有让“{account}”登录{because}。请核对账号，再运行 "
        "tenproj secret set mail 重新保存密码；QQ、网易等邮箱要用授权码，并在邮箱的设置里开通IMAP/SMTP。"
    )
