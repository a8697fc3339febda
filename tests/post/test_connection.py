"""What is told of a server whose certificate does not hold."""

import ssl
from contextlib import suppress
from pathlib import Path

import pytest

from tenproj_xl.model.mail_settings import MailServer
from tenproj_xl.post.connection import tls, told
from tests.helpers.mail_servers import HOST, certificate


def greeted(folder: Path, shown: tuple[bytes, bytes], trusted: bytes) -> ssl.SSLCertVerificationError:
    """Let a server show a certificate to us who trust another or the same; return what we find."""
    for name, data in (("shown.pem", shown[0]), ("key.pem", shown[1]), ("trusted.pem", trusted)):
        (folder / name).write_bytes(data)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "shown.pem", folder / "key.pem")
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(there, back, server_side=True)
    client = tls(folder / "trusted.pem").wrap_bio(back, there, server_hostname=HOST)
    for end in (client, server):
        with suppress(ssl.SSLWantReadError):
            end.do_handshake()
    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        client.do_handshake()
    return caught.value


def test_a_certificate_that_is_past_its_time_makes_one_look_at_the_computers_clock(tmp_path: Path) -> None:
    past = certificate(last_year=2011)
    fault = greeted(tmp_path, past, past[0])
    said = str(told(fault, MailServer(host=HOST, port=993, is_ssl=True), "收信服务器"))
    assert said.startswith(f"收信服务器 {HOST}:993 的证书按这台电脑的时钟还没有生效或已经过期，没有连接。")
    assert "请先把电脑的日期和时间调准" in said


def test_a_certificate_that_nobody_vouches_for_is_told_with_what_to_do(tmp_path: Path) -> None:
    fault = greeted(tmp_path, certificate(), certificate("mail.example.com")[0])
    said = str(told(fault, MailServer(host=HOST, port=993, is_ssl=True), "收信服务器"))
    assert "的证书不可信，没有连接。请核对服务器名称" in said
