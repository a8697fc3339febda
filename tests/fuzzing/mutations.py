"""Spoil files as damage, carelessness or malice may, at random but repeatably.

mutant = spoiled(seed, random.Random(7))
"""

import base64
import io
import random
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import olefile  # only workers need it, and only for .xls

from tenproj_xl.reading.sniff import open_zip

Chance = random.Random
Part = tuple[str, bytes]

CELL_LIMIT = 32_767
"""Characters that a cell of Excel holds."""
_NASTY = (
    b"",
    b"0",
    b"-1",
    b"1",
    b"2",
    b"255",
    b"16384",
    b"65536",
    b"1048576",
    b"1048577",
    b"2147483648",
    b"4294967295",
    b"18446744073709551616",
    b"1e999",
    b"NaN",
    b"-1e308",
    b"A0",
    b"A1",
    b"XFD1048576",
    b"ZZZZZZZ1",
    b"B2:A1",
    b"R1C1",
    b"A1:XFD1048576",
    b"../../etc/passwd",
    b"file:///etc/passwd",
    b"http://192.0.2.1/x",
    b"=1+1",
    b"&#0;",
    b"&lol;",
    b"&#xFFFF;",
    b"&#x202E;",
    b" ",
    b"e",
    b"s",
    b"str",
    b"inlineStr",
    b"b",
    b"d",
    b"n",
    b"true",
    b"veryHidden",
    b"\xff",
    "指标".encode(),
    b"x" * 40_000,
    b"2026-02-30",
    b"0000-00-00",
    b"float",
    b"date",
    b"percentage",
    b"error",
)
_MARKUP = (
    b"<",
    b">",
    b"<c/>",
    b"</row>",
    b"<row>",
    b"<!-- ",
    b"<![CDATA[",
    b'<!DOCTYPE x [<!ENTITY a "b">]>',
    b"<?x?>",
    b'<c r="A1" t="e"><v>#REF!</v></c>',
    b"<f>1/0</f>",
    b'<mergeCell ref="A1:XFD9"/>',
    b"<v>1</v>",
    b"\0",
    b"\xef\xbb\xbf",
)
_SAVED = (2026, 11, 25, 9, 0, 0)
"""When the entries of a zip were saved."""
_NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE)
_ATTRIBUTE = re.compile(rb'[\w:]+="([^"<>]*)"')
_TAG = re.compile(rb"<[^<>]+>")
_ELEMENT = re.compile(rb"<([\w:]+)[\s>][^<>]*>?[^<]*</\1>|<[\w:]+[^<>]*/>")


@dataclass(frozen=True)
class Mutant:
    """A spoiled file; `is_shown` says that the file's own checksums show the damage."""

    what: str
    data: bytes
    is_shown: bool = False


def spoiled(data: bytes, chance: Chance) -> Mutant:
    """Return the file, spoiled in a way that suits its kind."""
    archive = open_zip(data) if data.startswith(b"PK") else None
    if archive and chance.random() < 0.75:
        return _spoiled_zip(data, archive, chance)
    if olefile.isOleFile(io.BytesIO(data)) and chance.random() < 0.7:
        return _spoiled_records(data, chance)
    if data[:200].lstrip().startswith(b"<") and chance.random() < 0.8:
        return Mutant("XML", _spoiled_xml(data, chance))
    if b"base64" in data[:4000].lower() and chance.random() < 0.6:
        return _spoiled_mail(data, chance)
    what, spoil = _choice(_BYTES, chance)
    return Mutant(f"bytes: {what}", spoil(data, chance), is_shown=archive is not None)


def _choice(ways: Sequence[Callable[..., bytes]], chance: Chance) -> tuple[str, Callable[..., bytes]]:
    way = chance.choice(ways)
    return way.__name__.strip("_").replace("_", " "), way


# --- bytes


def _flip(data: bytes, chance: Chance) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64)) if out else 0):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def _cut_off(data: bytes, chance: Chance) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _cut_out(data: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.choice((1, 2, 16, 512, 4096)) :]


def _repeat(data: bytes, chance: Chance) -> bytes:
    start, length = chance.randrange(len(data) + 1), chance.choice((1, 16, 512, 4096))
    return data[:start] + data[start : start + length] * chance.choice((2, 3, 50)) + data[start + length :]


def _insert(data: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + chance.choice((chance.randbytes(8), *_MARKUP, *_NASTY)) + data[start:]


def _write_number(data: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(data) + 1)
    number = struct.pack("<I", chance.choice(_NUMBERS))[: chance.choice((1, 2, 4))]
    return data[:start] + number + data[start + len(number) :]


def _swap_lines(data: bytes, chance: Chance) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) > 1:
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


_BYTES = (_flip, _cut_off, _cut_out, _repeat, _insert, _write_number, _swap_lines)

# --- XML


def _spoiled_xml(xml: bytes, chance: Chance) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 5))):
        xml = chance.choice(_XML)(xml, chance)
    return xml


def _one(pattern: re.Pattern[bytes], xml: bytes, chance: Chance) -> re.Match[bytes] | None:
    """Return a random match near a random place of the file."""
    start = chance.randrange(len(xml) + 1)
    return pattern.search(xml, start) or pattern.search(xml)


def _attribute(xml: bytes, chance: Chance) -> bytes:
    found = _one(_ATTRIBUTE, xml, chance)
    return xml[: found.start(1)] + chance.choice(_NASTY) + xml[found.end(1) :] if found else xml


def _no_attribute(xml: bytes, chance: Chance) -> bytes:
    found = _one(_ATTRIBUTE, xml, chance)
    return xml[: found.start()] + xml[found.end() :] if found else xml


def _text(xml: bytes, chance: Chance) -> bytes:
    found = _one(re.compile(rb">([^<>]+)<"), xml, chance)
    return xml[: found.start(1)] + chance.choice(_NASTY) + xml[found.end(1) :] if found else xml


def _grown(xml: bytes, chance: Chance) -> bytes:
    """Grow a text to the most characters that a cell holds, by repeating a part of it."""
    found = _one(re.compile(rb">([^<>]+)<"), xml, chance)
    if found is None:
        return xml
    text = found[1].decode("utf-8", "replace")
    part = text[: chance.choice((1, 2, 5, len(text)))]
    end = chance.choice(("", " ", "\N{CJK UNIFIED IDEOGRAPH-20BB7}", "（"))
    grown = (part * CELL_LIMIT)[: CELL_LIMIT - len(end)] + end
    return xml[: found.start(1)] + grown.encode() + xml[found.end(1) :]


def _no_element(xml: bytes, chance: Chance) -> bytes:
    found = _one(_ELEMENT, xml, chance)
    return xml[: found.start()] + xml[found.end() :] if found else xml


def _elements(xml: bytes, chance: Chance) -> bytes:
    found = _one(_ELEMENT, xml, chance)
    return xml[: found.end()] + found[0] * chance.choice((1, 3, 100)) + xml[found.end() :] if found else xml


def _elsewhere(xml: bytes, chance: Chance) -> bytes:
    found, target = _one(_ELEMENT, xml, chance), _one(_TAG, xml, chance)
    return xml[: target.end()] + found[0] + xml[target.end() :] if found and target else xml


def _no_tag(xml: bytes, chance: Chance) -> bytes:
    found = _one(_TAG, xml, chance)
    return xml[: found.start()] + xml[found.end() :] if found else xml


def _markup(xml: bytes, chance: Chance) -> bytes:
    found = _one(_TAG, xml, chance)
    return xml[: found.end()] + chance.choice(_MARKUP) + xml[found.end() :] if found else xml


_XML = (
    _attribute,
    _attribute,
    _no_attribute,
    _text,
    _text,
    _grown,
    _no_element,
    _elements,
    _elsewhere,
    _no_tag,
    _markup,
)

# --- zips


def _spoiled_zip(data: bytes, archive: zipfile.ZipFile, chance: Chance) -> Mutant:
    try:
        parts = [(e.filename, archive.read(e)) for e in archive.infolist()]
    except Exception:  # noqa: BLE001  # a seed from elsewhere may be anything
        parts = []
    if not parts:
        return Mutant("bytes: flip", _flip(data, chance))
    xml = [n for n, (name, _) in enumerate(parts) if name.lower().endswith((".xml", ".rels"))]
    if xml and chance.random() < 0.6:
        n = chance.choice(xml)
        name, part = parts[n]
        parts[n] = name, _spoiled_xml(part, chance)
        return Mutant(f"zip: XML of {name}", zipped(parts))
    if chance.random() < 0.3:
        what, spoil = _choice(_BYTES, chance)
        n = chance.randrange(len(parts))
        name, part = parts[n]
        parts[n] = name, spoil(part, chance)
        return Mutant(f"zip: {what} in {name}", zipped(parts))
    return chance.choice((_no_part, _part_twice, _parts_swapped, _part_renamed, _lying_entry))(parts, chance)


def zipped(parts: Sequence[Part], *, packed: bool = True) -> bytes:
    """Return a zip of parts, the same bytes at any time; several may have the same name."""
    file, method = io.BytesIO(), zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of names that come twice
        with zipfile.ZipFile(file, "w", method, compresslevel=1) as archive:
            for name, part in parts:
                entry = zipfile.ZipInfo(name.replace("\0", ""), _SAVED)
                entry.external_attr = 0o600 << 16
                archive.writestr(entry, part, method, compresslevel=1)
    return file.getvalue()


def _no_part(parts: list[Part], chance: Chance) -> Mutant:
    name, _ = parts.pop(chance.randrange(len(parts)))
    return Mutant(f"zip: no {name}", zipped(parts), is_shown=_is_read(name))


def _is_read(name: str) -> bool:
    """Return whether a part of an .xlsx is referred to and has values or says how they are read."""
    return re.search(r"xl/(?:worksheets/sheet\d+|sharedStrings|styles)\.xml$", name) is not None


def _part_twice(parts: list[Part], chance: Chance) -> Mutant:
    name, part = chance.choice(parts)
    again = chance.choice((name, name.upper(), name.replace("/", "\\"), f"/{name}", f"./{name}"))
    parts.append((again, _spoiled_xml(part, chance)))
    return Mutant(f"zip: {name} again as {again}", zipped(parts))


def _parts_swapped(parts: list[Part], chance: Chance) -> Mutant:
    one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    (name, part), (second, content) = parts[one], parts[other]
    parts[one], parts[other] = (name, content), (second, part)
    return Mutant(f"zip: {name} and {second} swapped", zipped(parts))


def _part_renamed(parts: list[Part], chance: Chance) -> Mutant:
    n = chance.randrange(len(parts))
    name, part = parts[n]
    parts[n] = (
        chance.choice((name.upper(), f"../{name}", f"/{name}", name + "x", name[:-1], "x" * 3000, "\u202e")),
        part,
    )
    return Mutant(f"zip: {name} renamed", zipped(parts))


def _lying_entry(parts: list[Part], chance: Chance) -> Mutant:
    """Change a field of the central directory: flags, method, checksum, sizes, offset, lengths."""
    data = bytearray(zipped(parts))
    entries = [m.start() for m in re.finditer(b"PK\x01\x02", data)]
    at = chance.choice(entries) + chance.choice((8, 10, 16, 20, 24, 28, 30, 32, 38, 42))
    struct.pack_into("<I", data, at, chance.choice(_NUMBERS))
    return Mutant("zip: lying entry", bytes(data), is_shown=True)


# --- .xls


def _spoiled_records(data: bytes, chance: Chance) -> Mutant:
    """Change records of the workbook in place, their lengths included."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            name = next(n for n in ("Workbook", "Book") if ole.exists(n))
            stream = bytearray(ole.openstream(name).read())
        whats = [_spoil_record(stream, _records(stream), chance) for _ in range(chance.choice((1, 1, 3)))]
        file = io.BytesIO(data)
        with olefile.OleFileIO(file, write_mode=True) as ole:
            ole.write_stream(name, bytes(stream))
            made = file.getvalue()  # olefile 0.46 closes the file object
    except Exception:  # noqa: BLE001  # a seed from elsewhere may be anything
        return Mutant("bytes: flip", _flip(data, chance))
    return Mutant(f"records: {', '.join(whats)}", made)


def _records(stream: bytes | bytearray) -> list[tuple[int, int, int]]:
    found, at = [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if at + 4 + size > len(stream):
            break
        found.append((kind, at, size))
        at += 4 + size
    return found


def _spoil_record(stream: bytearray, records: Sequence[tuple[int, int, int]], chance: Chance) -> str:
    kind, at, size = chance.choice(records)
    way = chance.choice(("kind", "length", "content", "content", "number", "other"))
    if way == "kind":
        struct.pack_into("<H", stream, at, chance.choice(records)[0])
    elif way == "length":
        struct.pack_into(
            "<H", stream, at + 2, chance.choice((0, 1, size + 1, max(0, size - 1), 8224, 0xFFFF))
        )
    elif way == "other":
        _, source, _ = chance.choice(records)
        content = bytes(stream[source + 4 : source + 4 + size])
        stream[at + 4 : at + 4 + len(content)] = content
    elif size:
        start = at + 4 + chance.randrange(size)
        number = struct.pack("<I", chance.choice(_NUMBERS)) if way == "number" else chance.randbytes(4)
        end = min(start + 4, at + 4 + size)
        stream[start:end] = number[: end - start]
    return f"{way} of {kind:04x}"


# --- mails


def _spoiled_mail(data: bytes, chance: Chance) -> Mutant:
    head, separator, body = data.partition(b"base64")
    if chance.random() < 0.5:
        what, spoil = _choice(_BYTES, chance)
        return Mutant(f"mail: {what} in its head", spoil(head, chance) + separator + body)
    found = re.search(rb"(?:[A-Za-z0-9+/=]{60,}\r?\n)+", body)
    try:
        inner = spoiled(base64.b64decode(found[0], validate=False), chance) if found else Mutant("flip", b"")
    except ValueError:
        inner = Mutant("flip", b"")
    text = base64.encodebytes(inner.data)
    start, end = found.span() if found else (0, 0)
    return Mutant(f"mail: {inner.what}", head + separator + body[:start] + text + body[end:])
