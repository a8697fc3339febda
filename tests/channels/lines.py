"""The line between the program and a server, which slows down or breaks off as it is told."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.helpers.mail_servers import HOST

_BLOCK = 4096


@dataclass
class Trouble:
    """What befalls a line, once.

    Attributes:
        delay: Seconds that each block takes.
        after_sent: Once the program has sent so many bytes, no answer of the server passes any more.
        after_received: Once the server has sent so many bytes, the line is cut.
        struck: Called as the line is cut: the server is killed.
        has_struck: Whether it was cut.
    """

    delay: float = 0.0
    after_sent: int = 0
    after_received: int = 0
    struck: Callable[[], None] = lambda: None
    has_struck: bool = False
    _once: threading.Lock = field(default_factory=threading.Lock)

    def strike(self) -> None:
        with self._once:
            if not self.has_struck:
                self.has_struck = True
                self.struck()


@dataclass
class _Counts:
    sent: int = 0
    received: int = 0


class Line:
    """A port of its own in front of a server's; `trouble` may change between connections."""

    def __init__(self, server_port: int) -> None:
        self.trouble = Trouble()
        self._server_port = server_port
        self._listening = socket.create_server((HOST, 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            try:
                far = socket.create_connection((HOST, self._server_port))
            except OSError:
                near.close()
                continue
            counts = _Counts()
            for pump in (self._send, self._receive):
                threading.Thread(target=pump, args=(near, far, counts, self.trouble), daemon=True).start()

    def _send(self, near: socket.socket, far: socket.socket, counts: _Counts, trouble: Trouble) -> None:
        with suppress(OSError):
            while block := near.recv(_BLOCK):
                time.sleep(trouble.delay)
                counts.sent += len(block)
                far.sendall(block)
        _end(near, far)

    def _receive(self, near: socket.socket, far: socket.socket, counts: _Counts, trouble: Trouble) -> None:
        with suppress(OSError):
            while block := far.recv(_BLOCK):
                time.sleep(trouble.delay)
                counts.received += len(block)
                is_cut = trouble.after_sent and counts.sent > trouble.after_sent
                is_cut = is_cut or (trouble.after_received and counts.received > trouble.after_received)
                if is_cut and not trouble.has_struck:
                    trouble.strike()
                    break
                near.sendall(block)
        _end(near, far)


def _end(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            end.close()
