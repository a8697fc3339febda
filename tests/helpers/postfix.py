"""Postfix on the loopback: it takes letters over TLS, delivers them to Dovecot, bounces others."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.mail_servers import HOST, MAIL_OWNER, Dovecot, free_port, wait_for

_ACCOUNTS = 300
NOWHERE = "nowhere.example"
"""A domain that nobody reaches: letters to it are taken, and bounce."""
FAR = "far.example"
"""A domain with a server of its own, which a test runs."""


@dataclass
class Postfix:
    """An SMTP server for accounts of a Dovecot: `bgs0@example.com` and so on, and `box0@example.com`."""

    folder: Path
    port: int
    far_port: int
    """Where a server of the domain `FAR` has to run for letters to it to be handed on."""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["postfix", "-c", str(self.folder / "etc"), "start-fg"]
        self.process = subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        wait_for(self.port)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the server with all its processes; what it has taken lies in its queue."""
        if self.process is None:
            return
        # The master leaves the group of the command that started it, and leads one of its own.
        master = int((self.folder / "queue" / "pid" / "master.pid").read_text())
        for group in (master, self.process.pid):
            with suppress(ProcessLookupError):
                os.killpg(group, how)
        self.process.wait()
        self.process = None
        wait_for(self.port, answers=False)

    def answer(self, **answers: str) -> None:
        """Answer to some addresses of example.com from now on as told: `box3="452 4.2.2 mailbox full"`."""
        lines = [f"{name}@example.com {said}\n" for name, said in answers.items()]
        (self.folder / "etc" / "answers").write_text("".join(lines))
        self.stop()
        self.start()


@contextmanager
def postfix(mailboxes: Dovecot) -> Iterator[Postfix]:
    """Run Postfix in a folder that goes with the block."""
    with tempfile.TemporaryDirectory(prefix="tp-", ignore_cleanup_errors=True) as name:
        server = Postfix(Path(name), free_port(), free_port())
        _lay_out(server, mailboxes)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _lay_out(server: Postfix, mailboxes: Dovecot) -> None:
    folder = server.folder
    folder.chmod(0o755)
    for part in ("etc", "queue", "data"):
        (folder / part).mkdir()
    shutil.chown(folder / "data", "postfix")
    accounts = [f"{name}{n}@example.com" for name in ("bgs", "box") for n in range(_ACCOUNTS)]
    (folder / "etc" / "mailboxes").write_text("".join(f"{one} {one}/\n" for one in accounts))
    (folder / "etc" / "transport").write_text(f"{FAR} smtp:[{HOST}]:{server.far_port}\n")
    (folder / "etc" / "answers").write_text("")
    owner = pwd.getpwnam(MAIL_OWNER)
    (folder / "etc" / "main.cf").write_text(
        f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = {HOST}
inet_protocols = ipv4
myhostname = mx.example.com
mydestination =
local_recipient_maps =
virtual_mailbox_domains = example.com
virtual_mailbox_base = {mailboxes.mails}
virtual_mailbox_maps = texthash:{folder}/etc/mailboxes
virtual_uid_maps = static:{owner.pw_uid}
virtual_gid_maps = static:{owner.pw_gid}
virtual_minimum_uid = 1
default_transport = smtp:[{HOST}]:1
transport_maps = texthash:{folder}/etc/transport
maximal_queue_lifetime = 0
smtpd_tls_cert_file = {mailboxes.certificate}
smtpd_tls_key_file = {mailboxes.folder}/server.key
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {mailboxes.folder}/auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access texthash:{folder}/etc/answers
message_size_limit = 20000000
alias_maps =
alias_database =
"""
    )
    services = [
        f"{HOST}:{server.port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes",
        "pickup unix n - n 60 1 pickup",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr",
        "rewrite unix - - n - - trivial-rewrite",
        "proxymap unix - - n - - proxymap",
        "anvil unix - - n - 1 anvil",
        "virtual unix - n n - - virtual",
        "smtp unix - - n - - smtp",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "postlog unix-dgram n - n - 1 postlogd",
        *(f"{name} unix - - n - 0 bounce" for name in ("bounce", "defer", "trace")),
    ]
    (folder / "etc" / "master.cf").write_text("\n".join(services) + "\n")
