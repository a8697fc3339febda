"""Mails as programs of clerks write them."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from zoneinfo import ZoneInfo

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
THURSDAY = datetime(2026, 11, 26, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def letter(
    *attached: tuple[str, bytes],
    sender: str = "张三 <zhangsan@kjj.example.com>",
    subject: str = "第48期填报表",
    text: str = "请查收。",
    sent_at: datetime = THURSDAY,
    **headers: str,
) -> EmailMessage:
    """Return a mail to the office; `X_Name="…"` gives a header X-Name."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "bgs@example.com", subject
    mail["Date"], mail["Message-ID"] = format_datetime(sent_at), make_msgid(domain="example.com")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, data in attached:
        main, _, sub = XLSX.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail
