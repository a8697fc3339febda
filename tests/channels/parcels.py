"""Mails as the programs of clerks write them, with a form in them or without one that anybody could open."""

import base64
import hashlib
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.utils import format_datetime
from functools import cache
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

from tests.helpers.mail_servers import certificate
from tests.helpers.mails import XLSX, letter


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What a clerk sends: the form's name and contents, from whom, to whom, when, and about what."""

    name: str
    data: bytes
    sender: str
    to: str
    at: datetime
    subject: str = "第48期填报表"

    @property
    def message_id(self) -> str:
        """The same for the same mail, whatever sends it."""
        digest = hashlib.sha256(f"{self.sender}{self.at}{self.subject}".encode()).hexdigest()[:20]
        return f"<{digest}@example.com>"

    def mail(self, *besides: tuple[str, bytes], text: str = "请查收。", sender: str = "") -> EmailMessage:
        """Return it as an ordinary mail, with further files beside the form."""
        attached = [(self.name, self.data)] if self.data else []
        made = letter(
            *attached,
            *besides,
            sender=sender or self.sender,
            subject=self.subject,
            text=text,
            sent_at=self.at,
        )
        made.replace_header("To", self.to)
        made.replace_header("Message-ID", self.message_id)
        return made


def _b64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def _gbk_word(text: str) -> str:
    return f"=?gb2312?B?{base64.b64encode(text.encode('gb18030')).decode()}?="


def _utf_8_word(text: str) -> str:
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


def _whole(head: str, parts: list[bytes], boundary: str, *, encoding: str = "ascii") -> bytes:
    lines = [head.replace("\n", "\r\n").encode(encoding), b"\r\n\r\n"]
    for part in parts:
        lines += [f"--{boundary}\r\n".encode(), part, b"\r\n"]
    return b"".join([*lines, f"--{boundary}--\r\n".encode()])


def _head(parcel: Parcel, sender: str, subject: str, kind: str, program: str) -> str:
    return (
        f"Date: {format_datetime(parcel.at)}\nFrom: {sender}\nTo: {parcel.to}\nSubject: {subject}\n"
        f"X-Mailer: {program}\nMIME-Version: 1.0\nMessage-ID: {parcel.message_id}\nContent-Type: {kind}"
    )


def foxmail(parcel: Parcel) -> bytes:
    """Write names and subject in GBK, as encoded words."""
    kind = 'multipart/mixed;\n boundary="----=_001_NextPart"'
    sender = f"{_gbk_word('张三')} <{parcel.sender}>"
    head = _head(parcel, sender, _gbk_word(parcel.subject), kind, "Foxmail 7.2.25.228[cn]")
    name = _gbk_word(parcel.name)
    text = b'Content-Type: text/plain;\r\n\tcharset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    form = f'Content-Type: application/octet-stream;\r\n\tname="{name}"\r\n'
    form += f'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n\tfilename="{name}"\r\n\r\n'
    return _whole(
        head, [text + _b64("请查收。".encode("gbk")), form.encode() + _b64(parcel.data)], "----=_001_NextPart"
    )


def foxmail_raw(parcel: Parcel) -> bytes:
    """Write names and subject in bare GBK, against the rules, as old ones do."""
    kind = 'multipart/mixed; boundary="=====001_Dragon=="'
    head = _head(parcel, f'"张三" <{parcel.sender}>', parcel.subject, kind, "Foxmail 5.0 [cn]")
    form = f'Content-Type: application/octet-stream; name="{parcel.name}"\r\n'
    form += "Content-Transfer-Encoding: base64\r\n"
    form += f'Content-Disposition: attachment; filename="{parcel.name}"\r\n\r\n'
    text = 'Content-Type: text/plain; charset="gb2312"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n请查收。'
    return _whole(
        head,
        [text.encode("gbk"), form.encode("gbk") + _b64(parcel.data)],
        "=====001_Dragon==",
        encoding="gbk",
    )


def apple_mail(parcel: Parcel) -> bytes:
    """Show the form within the text, as an inline part between two pieces of it."""
    kind = 'multipart/mixed; boundary="Apple-Mail=_1A2B"'
    head = _head(parcel, parcel.sender, _utf_8_word(parcel.subject), kind,
                 "Apple Mail (2.3774.600.62)")  # fmt: skip
    text = b"Content-Transfer-Encoding: base64\r\nContent-Type: text/html;\r\n\tcharset=utf-8\r\n\r\n"
    form = f"Content-Disposition: inline;\r\n\tfilename*=utf-8''{quote(parcel.name)}\r\n"
    form += f"Content-Type: {XLSX};\r\n\tx-unix-mode=0644;\r\n\tname*=utf-8''{quote(parcel.name)}\r\n"
    form += "Content-Transfer-Encoding: base64\r\n\r\n"
    after = b"Content-Transfer-Encoding: 7bit\r\nContent-Type: text/html;\r\n\tcharset=us-ascii\r\n\r\n<html><body><br>"
    before = text + _b64("<html><body>请查收：".encode())
    return _whole(head, [before, form.encode() + _b64(parcel.data), after], "Apple-Mail=_1A2B")


def forwarded(parcel: Parcel) -> bytes:
    """Forward a mail as an attachment twice: clerk, head of section, office of the bureau."""
    inner = parcel.mail(sender="李科员 <keyuan@bureau.example>")
    for hand in ("kezhang@bureau.example", parcel.sender):
        outer = letter(sender=hand, subject=f"转发: {parcel.subject}", text="请查收。", sent_at=parcel.at)
        outer.replace_header("To", parcel.to)
        outer.replace_header("Message-ID", f"<{hand}.{parcel.message_id[1:]}")
        outer.add_attachment(inner)
        inner = outer
    return bytes(inner)


def in_zip_with_scan(parcel: Parcel) -> bytes:
    """Attach the form with the stamped scan beside it."""
    return bytes(parcel.mail(("盖章扫描件.pdf", b"%PDF-1.4\n%%EOF\n")))


def with_photograph(parcel: Parcel, megabytes: int = 30) -> bytes:
    """Attach the form with a very large photograph beside it."""
    return bytes(parcel.mail(("现场照片.jpg", b"\xff\xd8\xff\xe0" + bytes(megabytes << 20))))


@cache
def _signer() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    public, private = certificate("clerk.example")
    key = serialization.load_pem_private_key(private, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return x509.load_pem_x509_certificate(public), key


def _signed_by(entity: bytes) -> pkcs7.PKCS7SignatureBuilder:
    public, key = _signer()
    return pkcs7.PKCS7SignatureBuilder().set_data(entity).add_signer(public, key, hashes.SHA256())


def signed(parcel: Parcel) -> bytes:
    """Sign the mail with a signature beside its parts, which anybody can open."""
    entity = _entity(parcel)
    signature = _signed_by(entity).sign(
        serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    )
    kind = (
        'multipart/signed; protocol="application/pkcs7-signature"; micalg="sha-256";\n boundary="----SIGNED"'
    )
    part = b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\n'
    part += b'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n' + _b64(signature)
    return _whole(
        _head(parcel, parcel.sender, _utf_8_word(parcel.subject), kind, "Thunderbird"),
        [entity, part],
        "----SIGNED",
    )


def wrapped_by_signature(parcel: Parcel) -> bytes:
    """Sign the mail so that its parts lie within the signature."""
    data = _signed_by(_entity(parcel)).sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    kind = 'application/pkcs7-mime; smime-type=signed-data;\n name="smime.p7m"\nContent-Transfer-Encoding: base64'
    head = _head(parcel, parcel.sender, _utf_8_word(parcel.subject), kind, "Microsoft Outlook 16.0")
    return head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + _b64(data)


def _entity(parcel: Parcel) -> bytes:
    """Return the parts of a mail as they are signed: without the headers of the mail itself."""
    mail: Message = message_from_bytes(bytes(parcel.mail()))
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"):
        del mail[name]
    return bytes(mail).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def winmail(parcel: Parcel) -> bytes:
    """Pack the form as Outlook does for recipients of its own kind: TNEF, whose attachment is the form."""
    mail = parcel.mail()
    (form,) = list(mail.iter_attachments())
    packed = MIMEBase("application", "ms-tnef", name="winmail.dat")
    packed.set_payload(base64.encodebytes(_tnef(parcel)).decode())
    packed["Content-Transfer-Encoding"] = "base64"
    packed["Content-Disposition"] = 'attachment; filename="winmail.dat"'
    parts = mail.get_payload()
    assert isinstance(parts, list)
    parts[parts.index(form)] = packed
    return bytes(mail)


_TITLE, _RENDER, _DATA = 0x00018010, 0x00069002, 0x0006800F


def _tnef(parcel: Parcel) -> bytes:
    found = struct.pack("<IH", 0x223E9F78, 1)
    name = parcel.name.encode("gbk") + b"\0"
    for attribute, value in ((_RENDER, bytes(14)), (_TITLE, name), (_DATA, parcel.data)):
        found += struct.pack("<BII", 2, attribute, len(value)) + value
        found += struct.pack("<H", sum(value) & 0xFFFF)
    return found


def only_a_link(parcel: Parcel) -> bytes:
    """Send the link to a large attachment of QQ, and no attachment."""
    mail = letter(sender=parcel.sender, subject=parcel.subject, text="", sent_at=parcel.at)
    mail.replace_header("To", parcel.to)
    mail.replace_header("Message-ID", parcel.message_id)
    page = f'<div>从QQ邮箱发来的超大附件</div><a href="https://wx.mail.qq.com/ftn/download?func=3&key=1">{parcel.name}</a>'
    mail.set_content(page, subtype="html")
    return bytes(mail)


OPENED: Mapping[str, Callable[[Parcel], bytes]] = {
    "Foxmail": foxmail,
    "Foxmail 5": foxmail_raw,
    "Apple Mail": apple_mail,
    "forwarded twice": forwarded,
    "signed": signed,
    "with a scan": in_zip_with_scan,
}
"""Mails whose form is found, by what people call them."""
NAMED: Mapping[str, tuple[Callable[[Parcel], bytes], str]] = {
    "winmail.dat": (winmail, "请把附件另存出来单独发送"),
    "wrapped by its signature": (wrapped_by_signature, "请"),
    "link of QQ": (only_a_link, "请"),
}
"""Mails whose form nobody here can open, and words of the remedy that the sender is told."""
