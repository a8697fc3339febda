"""Declaration of 邮箱, the table of 设置.xlsx about the mailbox that forms are fetched from and sent by."""

from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.model.parameters import Parameter

SSL, STARTTLS = "SSL", "STARTTLS"
_HIGHEST_PORT = 65535
MAIL_SHEET = Sheet(
    "mail",
    "邮箱",
    (
        Column("name", "项目", Fill.OFFICE, width=18),
        Column("value", "内容", Fill.OFFICE, width=30),
        Column("why", "说明", Fill.OFFICE, Kind.LONG_TEXT, width=70),
    ),
    may_lack=True,
)


def _port(field: str, name: str, default: str, why: str) -> Parameter:
    return Parameter(field, name, default, low=1, high=_HIGHEST_PORT, why=why, may_lack=True, unit="号")


def _encryption(field: str, name: str, port: str) -> Parameter:
    why = f"SSL（端口一般是{port}）或STARTTLS；服务器给哪种填哪种，不加密的不用"
    return Parameter(field, name, SSL, kind=Kind.CHOICE, choices=(SSL, STARTTLS), why=why, may_lack=True)


def _text(field: str, name: str, default: str, why: str) -> Parameter:
    return Parameter(field, name, default, kind=Kind.TEXT, why=why, may_lack=True)


MAIL_PARAMETERS = (
    _text("incoming", "收信服务器", "", "IMAP服务器的名称，如 imap.example.com；不从邮箱收表的，空着"),
    _port("incoming_port", "收信端口", "993", "SSL一般是993，STARTTLS一般是143"),
    _encryption("incoming_tls", "收信加密", "993"),
    _text("outgoing", "发信服务器", "", "SMTP服务器的名称，如 smtp.example.com；不用软件发信的，空着"),
    _port("outgoing_port", "发信端口", "465", "SSL一般是465，STARTTLS一般是587"),
    _encryption("outgoing_tls", "发信加密", "465"),
    _text("account", "账号", "", "登录邮箱的账号，一般就是完整的邮箱地址"),
    _text("sender", "发件人", "", "信上写的发件地址；与账号一样的，空着"),
    _text("sender_name", "发件人名称", "", "信上写的发件人名称，如 重点项目办公室"),
    _text("folder", "收取的文件夹", "INBOX", "从邮箱的哪个文件夹收表；收件箱是 INBOX"),
    Parameter(
        "per_minute",
        "每分钟封数",
        "10",
        unit="封",
        low=1,
        high=600,
        why="发信时每分钟最多几封，太快会被服务器当作垃圾邮件",
        may_lack=True,
    ),
    Parameter(
        "per_day",
        "每个地址每天封数",
        "10",
        unit="封",
        low=1,
        high=1000,
        why="同一个地址一天最多发几封，再多的第二天发；要当天发的，在待发清单写“再发”",
        may_lack=True,
    ),
    _text(
        "certificate",
        "服务器证书",
        "",
        "单位自建邮箱用自签证书的，把证书（.pem）放进工作区，写文件名；其余空着",
    ),
    _text(
        "verifier",
        "验证标识",
        "",
        "本单位邮件系统在信头 Authentication-Results 里的名称；写了，收表时显示发件验证的结果",
    ),
)
