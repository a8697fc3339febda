"""Find in the XML of a workbook what Excel would refuse, repair or silently drop, and other programs accept.

From the limits that Microsoft documents (“Excel specifications and limits”, ECMA-376 part 1); it only knows the parts
that our writers make.
"""

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from openpyxl.utils import range_boundaries

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_NAME = re.compile(r"(_xlnm\.)?[\w\\][\w.\\?]*")
_CELL = re.compile(r"\$?[A-Z]{1,3}\$?\d+", re.IGNORECASE)
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_SHEET_NAME = re.compile(r"'((?:[^']|'')+)'!")
_FUNCTION = re.compile(r"([A-Z][A-Z0-9.]+)\(")
_SINCE_2013 = {
    "CONCAT",
    "TEXTJOIN",
    "IFS",
    "SWITCH",
    "MAXIFS",
    "MINIFS",
    "XLOOKUP",
    "FILTER",
    "UNIQUE",
    "SORT",
    "SEQUENCE",
    "LET",
    "IFNA",
    "DAYS",
    "ISFORMULA",
    "NUMBERVALUE",
}


class Sheet(NamedTuple):
    """A worksheet: its name, its root, and the parts that it refers to by id."""

    name: str
    root: ET.Element
    related: dict[str, str]

    def all(self, *path: str) -> list[ET.Element]:
        return self.root.findall("/".join(_MAIN + step for step in path))


def refusals(path: Path) -> list[str]:
    """Return what Excel would not accept, a line for each fault."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
        twice = [n for n, count in Counter(map(str.casefold, file.namelist())).items() if count > 1]
    roots = {
        name: ET.fromstring(data) for name, data in parts.items() if name.endswith((".xml", ".rels", ".vml"))
    }  # our own
    book = roots["xl/workbook.xml"]
    places = related(roots, "xl/workbook.xml")
    listed = list(book.find(f"{_MAIN}sheets") or ())
    sheets = [
        Sheet(s.attrib["name"], roots[target], related(roots, target))
        for s in listed
        for target in [places[s.attrib[_RELATION]]]
    ]
    names = [s.name for s in sheets]
    found = [f"part twice: {n}" for n in twice]
    found += package(roots, parts)
    found += sheet_names(names)
    found += views(book, listed, sheets)
    found += defined_names(book, names)
    formats = roots["xl/styles.xml"].find(f"{_MAIN}cellXfs")
    differing = roots["xl/styles.xml"].find(f"{_MAIN}dxfs")
    strings = roots.get("xl/sharedStrings.xml")
    counts = (len(formats or ()), len(differing or ()), len(strings if strings is not None else ()))
    if strings is not None:
        found += [f"text of {len(t)} characters" for s in strings if len(t := "".join(s.itertext())) > 32767]
    for sheet in sheets:
        checks = (
            cells(sheet, counts),
            merges(sheet),
            validations(sheet),
            conditions(sheet, counts[1]),
            links(sheet, names),
            page(sheet),
            notes(sheet, roots),
        )
        found += [f"{sheet.name}: {said}" for check in checks for said in check]
        for formula, place in formulas(sheet):
            found += [f"{sheet.name}!{place}: {said}" for said in formula_faults(formula, names)]
    for name, root in roots.items():
        if name.startswith("xl/charts/"):
            references = [e.text or "" for e in root.iter() if e.tag.endswith("}f")]
            found += [f"{name}: {said}" for f in references for said in formula_faults(f, names)]
    return found


def related(roots: dict[str, ET.Element], part: str) -> dict[str, str]:
    """Return the parts inside the package that a part refers to, by id."""
    folder, name = posixpath.split(part)
    root = roots.get(f"{folder}/_rels/{name}.rels")
    inner = [r for r in root.iter(_PACKAGE) if r.get("TargetMode") != "External"] if root is not None else []
    return {
        r.attrib["Id"]: posixpath.normpath(posixpath.join(folder, r.attrib["Target"])).lstrip("/")
        for r in inner
    }


def package(roots: dict[str, ET.Element], parts: dict[str, bytes]) -> Iterator[str]:
    """Yield duplicate ids, missing parts, and parts of an unknown type."""
    for name, root in roots.items():
        if not name.endswith(".rels"):
            continue
        ids = Counter(r.attrib["Id"] for r in root.iter(_PACKAGE))
        yield from (f"{name}: {i} twice" for i, count in ids.items() if count > 1)
        owner = name.replace("_rels/", "").removesuffix(".rels")
        yield from (
            f"{name}: no {target}" for target in related(roots, owner).values() if target not in parts
        )
    types = list(roots["[Content_Types].xml"])
    endings = {t.attrib["Extension"] for t in types if "Extension" in t.attrib}
    known = {t.attrib["PartName"].lstrip("/") for t in types if "PartName" in t.attrib}
    yield from (
        f"type of {n} unknown" for n in parts if n not in known and n.rpartition(".")[2] not in endings
    )
    yield from (f"type of {n}, which is not there" for n in known if n not in parts)


def sheet_names(names: Sequence[str]) -> Iterator[str]:
    yield from (
        f"sheet name twice: {n}" for n, count in Counter(map(str.casefold, names)).items() if count > 1
    )
    yield from (
        f"sheet name: {n}" for n in names if not 0 < len(n) <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", n)
    )


def views(book: ET.Element, listed: Sequence[ET.Element], sheets: Sequence[Sheet]) -> Iterator[str]:
    """Check that the active sheet is visible and the only one selected."""
    first = int(next((v.get("activeTab", "0") for v in book.iter(f"{_MAIN}workbookView")), "0"))
    if listed[first].get("state", "visible") != "visible":
        yield f"opens on the hidden sheet {sheets[first].name}"
    chosen = [s.name for s in sheets for v in s.all("sheetViews", "sheetView") if v.get("tabSelected") == "1"]
    if len(chosen) > 1:
        yield f"sheets selected together: {chosen}"


def defined_names(book: ET.Element, names: Sequence[str]) -> Iterator[str]:
    defined = list(book.iter(f"{_MAIN}definedName"))
    keys = Counter((d.attrib["name"].casefold(), d.get("localSheetId")) for d in defined)
    yield from (f"name twice: {key}" for key, count in keys.items() if count > 1)
    for d in defined:
        name = d.attrib["name"]
        if not _NAME.fullmatch(name) or _CELL.fullmatch(name) or len(name) > 255:
            yield f"name: {name}"
        yield from (f"name {name}: {said}" for said in formula_faults(d.text or "", names))


# --- of one sheet


def cells(sheet: Sheet, counts: tuple[int, int, int]) -> Iterator[str]:
    """Check that rows and cells are in order and their styles and texts exist."""
    last_row = 0
    for row in sheet.all("sheetData", "row"):
        number, last_column = int(row.attrib["r"]), 0
        if number <= last_row:
            yield f"row {number} after {last_row}"
        last_row = number
        for c in row:
            column = range_boundaries(c.attrib["r"])[0] or 0
            if column <= last_column:
                yield f"{c.attrib['r']} out of order"
            last_column = column
            if int(c.get("s", 0)) >= counts[0]:
                yield f"{c.attrib['r']}: no style {c.get('s')}"
            if c.get("t") == "s" and int(c.findtext(f"{_MAIN}v") or 0) >= counts[2]:
                yield f"{c.attrib['r']}: no text {c.findtext(f'{_MAIN}v')}"
    bands = [(int(c.attrib["min"]), int(c.attrib["max"])) for c in sheet.all("cols", "col")]
    for (_, end), (start, _) in pairwise(bands):
        if start <= end:
            yield f"columns {start} twice"


def merges(sheet: Sheet) -> Iterator[str]:
    areas = [m.attrib["ref"] for m in sheet.all("mergeCells", "mergeCell")]
    yield from (f"merges {a} and {b}" for a, b in overlapping(areas))
    yield from (f"merge of one cell: {a}" for a in areas if ":" not in a)


def overlapping(areas: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of ranges that share a cell."""
    boxes = [(a, range_boundaries(a)) for a in areas]
    for n, (a, (left, top, right, bottom)) in enumerate(boxes):
        for b, (l2, t2, r2, b2) in boxes[n + 1 :]:
            if left <= r2 and l2 <= right and top <= b2 and t2 <= bottom:  # type: ignore[operator]
                yield a, b


def validations(sheet: Sheet) -> Iterator[str]:
    """Check the lengths of texts and lists of data validations, and that none overlap."""
    rules = sheet.all("dataValidations", "dataValidation")
    limits = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
    for v in rules:
        place = v.attrib.get("sqref", "")
        if not place:
            yield "input rule of no cell"
        yield from (f"{place}: {a} too long" for a, most in limits.items() if len(v.get(a, "")) > most)
        for part in (f"{_MAIN}formula1", f"{_MAIN}formula2"):
            if len((v.findtext(part) or "").strip('"')) > 255:
                yield f"{place}: list too long"
    for n, v in enumerate(rules):
        for w in rules[n + 1 :]:
            both = [*v.attrib["sqref"].split(), *w.attrib["sqref"].split()]
            yield from (f"two input rules: {a}, {b}" for a, b in overlapping(both))


def conditions(sheet: Sheet, formats: int) -> Iterator[str]:
    for area in sheet.all("conditionalFormatting"):
        if not area.get("sqref"):
            yield "conditional format of no cell"
        for rule in area:
            if "dxfId" in rule.attrib and int(rule.attrib["dxfId"]) >= formats:
                yield f"{area.get('sqref')}: no format {rule.attrib['dxfId']}"
    order = Counter(r.attrib["priority"] for r in sheet.all("conditionalFormatting", "cfRule"))
    yield from (f"priority {p} twice" for p, count in order.items() if count > 1)


def links(sheet: Sheet, names: Sequence[str]) -> Iterator[str]:
    """Check that links lead to existing places."""
    found = sheet.all("hyperlinks", "hyperlink")
    if len(found) > 65530:
        yield f"{len(found)} links"
    places = Counter(link.attrib["ref"] for link in found)
    yield from (f"two links: {place}" for place, count in places.items() if count > 1)
    for link in found:
        place = link.attrib["ref"]
        for attribute, most in (("location", 2079), ("tooltip", 255), ("display", 2079)):
            if len(link.get(attribute, "")) > most:
                yield f"{place}: {attribute} too long"
        if _RELATION not in link.attrib:
            yield from (f"{place}: {said}" for said in formula_faults(link.get("location", ""), names))


def page(sheet: Sheet) -> Iterator[str]:
    for part in sheet.all("headerFooter"):
        yield from (f"{e.tag.rpartition('}')[2]} too long" for e in part if len(e.text or "") > 255)
    for pane in sheet.all("sheetViews", "sheetView", "pane"):
        if not (float(pane.get("xSplit", 0)) or float(pane.get("ySplit", 0))):
            yield "frozen at nothing"


def notes(sheet: Sheet, roots: dict[str, ET.Element]) -> Iterator[str]:
    for target in sheet.related.values():
        if "comments" in target:
            places = Counter(c.attrib["ref"] for c in roots[target].iter(f"{_MAIN}comment"))
            yield from (f"two notes: {place}" for place, count in places.items() if count > 1)


# --- of formulas


def formulas(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Yield every formula of a sheet with its place."""
    for c in sheet.all("sheetData", "row", "c"):
        if formula := c.findtext(f"{_MAIN}f"):
            yield formula, c.attrib["r"]
    for v in sheet.all("dataValidations", "dataValidation"):
        for part in ("formula1", "formula2"):
            if formula := v.findtext(_MAIN + part):
                yield formula, v.attrib["sqref"]
    for area in sheet.all("conditionalFormatting"):
        for f in area.iter(f"{_MAIN}formula"):
            yield f.text or "", area.attrib["sqref"]


def formula_faults(formula: str, names: Sequence[str]) -> Iterator[str]:
    """Yield what keeps Excel from reading a formula (or a reference)."""
    if len(formula) > 8192:
        yield f"formula of {len(formula)} characters"
    if any(len(text) > 257 for text in _TEXT.findall(formula)):
        yield "text too long for a formula"
    for name in _SHEET_NAME.findall(formula):
        if name.replace("''", "'") not in names:
            yield f"no sheet {name}"
    bare = re.sub(r"'(?:[^']|'')*'", "X", _TEXT.sub('""', formula))
    depth = deepest = 0
    for c in bare:
        depth += (c == "(") - (c == ")")
        deepest = max(deepest, depth)
        if depth < 0:
            break
    if depth or bare.count('"') % 2:
        yield f"not balanced: {formula}"
    if deepest > 64:
        yield "too deep"
    if "#REF!" in formula:
        yield "refers to nothing"
    yield from (f"{f} is younger than Excel 2010" for f in _FUNCTION.findall(bare) if f in _SINCE_2013)
