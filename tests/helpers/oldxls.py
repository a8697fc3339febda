"""Write files of Excel 95 and 97: records in an OLE file, which no library here writes.

xls([[number(0, 0, 72.5), error(1, 0)]], names=["一"])
"""

import struct
from collections.abc import Iterator, Sequence
from hashlib import md5
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from msoffcrypto.method.rc4 import _makekey

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512
_BOF, _FILEPASS, _BOUNDSHEET = 0x0809, 0x002F, 0x0085


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def whole_number(row: int, column: int, value: int) -> bytes:
    """Return the record of a number in the short form of 30 bits (RK)."""
    return record(0x027E, struct.pack("<HHHI", row, column, 0, value << 2 | 2))


def text(row: int, column: int, said: str) -> bytes:
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(said), 1) + said.encode("utf-16-le"))


def error(row: int, column: int, code: int = 0x07) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))


def failed_formula(row: int, column: int, code: int = 0x07) -> bytes:
    result = struct.pack("<BBBBBBH", 2, 0, code, 0, 0, 0, 0xFFFF)
    return record(0x0006, struct.pack("<HHH", row, column, 0) + result + bytes(6) + b"\x03\0\x1e\x01\0")


def running(kind: int, text: str) -> bytes:
    return record(kind, struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def _bof(kind: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def stream(
    sheets: Sequence[Sequence[bytes]], names: Sequence[str], extra: bytes = b"", early: bytes = b""
) -> bytes:
    """Return the records of a workbook, with `early` ones right after the first and `extra` ones among its own."""
    bodies = [_bof(0x10) + b"".join(sheet) + record(0x000A) for sheet in sheets]
    start = len(_bof(5) + early + record(0x0042, b"\xb0\x04") + extra + record(0x000A))
    start += sum(12 + 2 * len(name) for name in names)
    about = b""
    for name, body in zip(names, bodies, strict=True):
        text = name.encode("utf-16-le")
        about += record(0x0085, struct.pack("<IHBB", start, 0, len(name), 1) + text)
        start += len(body)
    globals_ = _bof(5) + early + record(0x0042, b"\xb0\x04") + about + extra + record(0x000A)
    return globals_ + b"".join(bodies)


def xls(
    sheets: Sequence[Sequence[bytes]], names: Sequence[str] = ("一",), extra: bytes = b"", early: bytes = b""
) -> bytes:
    return ole({"Workbook": stream(sheets, names, extra, early)})


def encrypted_xls(sheets: Sequence[Sequence[bytes]], password: str, names: Sequence[str] = ("一",)) -> bytes:
    """Return an .xls under a password, encrypted with RC4 as by Excel 97 to 2003."""
    salt, proof = bytes(range(16)), bytes(range(16, 32))
    cipher = _cipher(password, salt, 0)
    told = salt + cipher.update(proof) + cipher.update(md5(proof).digest())  # noqa: S324  # the format's own
    plain = stream(sheets, names, early=record(_FILEPASS, struct.pack("<HHH", 1, 1, 1) + told))
    hidden = bytearray()
    for n in range(0, len(plain), 1024):
        hidden += _cipher(password, salt, n // 1024).update(plain[n : n + 1024])
    for start, end in _open(plain):
        hidden[start:end] = plain[start:end]
    return ole({"Workbook": bytes(hidden)})


def _cipher(password: str, salt: bytes, block: int) -> Any:
    return Cipher(ARC4(_makekey(password, salt, block)), mode=None).encryptor()


def _open(plain: bytes) -> Iterator[tuple[int, int]]:
    """Yield what stays plain: headers of records, records that open a stream or describe the password, offsets."""
    at = 0
    while at < len(plain):
        kind, size = struct.unpack_from("<HH", plain, at)
        yield at, at + 4 + (size if kind in (_BOF, _FILEPASS) else 4 if kind == _BOUNDSHEET else 0)
        at += 4 + size


def xls95(name: str, text: str) -> bytes:
    """Return an .xls of Excel 95."""
    return ole({"Book": stream95(name, text)})


def stream95(name: str, text: str) -> bytes:
    """Return the records of Excel 95 in the code page of Chinese Windows: one sheet with a text in A1."""
    named, told = name.encode("gbk"), text.encode("gbk")
    bof = [record(0x0809, struct.pack("<HHHH", 0x0500, kind, 0x0DBB, 0x07CC)) for kind in (5, 0x10)]
    before, end = bof[0] + record(0x0042, struct.pack("<H", 936)), record(0x000A)
    start = len(before) + 11 + len(named) + len(end)
    about = record(0x0085, struct.pack("<IHB", start, 0, len(named)) + named)
    label = record(0x0204, struct.pack("<HHHH", 0, 0, 0, len(told)) + told)
    return before + about + end + bof[1] + label + end


def ole(streams: dict[str, bytes], root_class: bytes = bytes(16)) -> bytes:
    """Return an OLE file of a few streams, none small enough for the mini stream."""
    sectors = [_directory(streams, root_class)]
    chain = [_END]
    for content in streams.values():
        blocks = _blocks(content)
        chain += [*range(len(sectors) + 1, len(sectors) + len(blocks)), _END]
        sectors += blocks
    fat = [*chain, _FAT]
    assert len(fat) <= _SECTOR // 4
    table = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    return _header(len(sectors)) + b"".join(sectors) + table


def _blocks(content: bytes) -> list[bytes]:
    padded = content.ljust(4096, b"\0")
    return [padded[n : n + _SECTOR].ljust(_SECTOR, b"\0") for n in range(0, len(padded), _SECTOR)]


def _header(fat_sector: int) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 0, 0, 4096, _END, 0, _END, 0)
    return (head + struct.pack("<I", fat_sector)).ljust(_SECTOR, b"\xff")


def _directory(streams: dict[str, bytes], root_class: bytes) -> bytes:
    entries = _entry("Root Entry", 5, _FREE, 1 if streams else _FREE, _END, 0, root_class)
    start = 1
    for n, (name, content) in enumerate(streams.items(), 1):
        right = n + 1 if n < len(streams) else _FREE
        size = max(len(content), 4096)
        entries += _entry(name, 2, right, _FREE, start, size)
        start += len(_blocks(content))
    assert len(entries) <= _SECTOR
    return entries.ljust(_SECTOR, b"\0")


def _entry(
    name: str, kind: int, right: int, child: int, start: int, size: int, clsid: bytes = bytes(16)
) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, _FREE, right, child)
    return head + clsid + bytes(20) + struct.pack("<IQ", start, size)
