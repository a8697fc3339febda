"""Check the lock file and the bill of materials of a release; with `--renew`, make both anew.

The lock file has every package that runs in a release, with the hashes of its files; the bill (CycloneDX)
lists the same, with their licences and what they need.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK, BILL = "requirements.lock", "sbom.cdx.json"
OLDEST = "3.11"
PYTHONS = (OLDEST, "3.12", "3.13")
SYSTEMS = (("linux", "Linux"), ("win32", "Windows"), ("darwin", "Darwin"))
_ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\\n]+?))? \\$", re.MULTILINE
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ABOUT = """
import json, sys
from importlib.metadata import distributions
found = {}
for one in distributions():
    meta = one.metadata
    found[one.name] = {
        "license": meta.get("License-Expression") or meta.get("License") or "",
        "classifiers": [c for c in meta.get_all("Classifier", []) if c.startswith("License ::")],
        "summary": meta.get("Summary") or "",
        "requires": one.requires or [],
    }
json.dump(found, sys.stdout)
"""


@dataclass(frozen=True)
class Locked:
    """A package in the lock file: where it is needed ("" everywhere), and the hashes of its files."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def locked(text: str) -> list[Locked]:
    """Return the packages of a lock file."""
    entries = list(_ENTRY.finditer(text))
    ends = [entry.start() for entry in entries[1:]] + [len(text)]
    found = []
    for entry, end in zip(entries, ends, strict=True):
        hashes = tuple(_HASH.findall(text, entry.end(), end))
        found.append(
            Locked(canonicalize_name(entry["name"]), entry["version"], entry["marker"] or "", hashes)
        )
    return found


def faults(root: Path) -> Iterator[str]:
    """Yield what is wrong with the lock file and the bill of materials of a folder."""
    packages = locked((root / LOCK).read_text("utf-8"))
    for package in packages:
        if not package.hashes:
            yield f"{LOCK}: {package.name} has no hash"
    yield from _unsatisfied(root, packages)
    yield from _bill_faults(json.loads((root / BILL).read_text("utf-8")), packages, _version(root))


def _unsatisfied(root: Path, packages: Sequence[Locked]) -> Iterator[str]:
    """Yield the dependencies that the lock file does not answer on one of the Pythons and systems."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    for text in project["dependencies"]:
        wanted = Requirement(text)
        own = [package for package in packages if package.name == canonicalize_name(wanted.name)]
        for python, (platform, system) in product(PYTHONS, SYSTEMS):
            there = {"python_version": python, "python_full_version": f"{python}.0"}
            there |= {"sys_platform": platform, "platform_system": system}
            answers = [wanted.specifier.contains(one.version) for one in own if _is_for(one, there)]
            if answers != [True]:
                yield f"{LOCK}: {text} is not answered for Python {python} on {system}"


def _is_for(package: Locked, there: Mapping[str, str]) -> bool:
    return not package.marker or Marker(package.marker).evaluate({**default_environment(), **there})


def _bill_faults(bill: Mapping[str, Any], packages: Sequence[Locked], version: str) -> Iterator[str]:
    said = {(c["name"], c["version"]): [h["content"] for h in c["hashes"]] for c in bill["components"]}
    ours = {(package.name, package.version): list(package.hashes) for package in packages}
    for name, number in sorted(said.keys() ^ ours.keys()):
        yield f"{BILL}: {name} {number} stands in only one of {BILL} and {LOCK}"
    for key in sorted(said.keys() & ours.keys()):
        if said[key] != ours[key]:
            yield f"{BILL}: the hashes of {key[0]} differ from those in {LOCK}"
    if bill["metadata"]["component"]["version"] != version:
        yield f"{BILL}: it is of another version than {version}"


def _version(root: Path) -> str:
    (version,) = re.findall(r'__version__ = "([^"]+)"', (root / "tenproj_xl/__init__.py").read_text("utf-8"))
    return version


# --- renewing


def renew(root: Path) -> None:
    """Resolve the newest versions that pyproject.toml allows, install them by their hashes, and list them."""
    command = ["--quiet", "--universal", "--generate-hashes", "--upgrade", "--python-version", OLDEST]
    _uv(root, "pip", "compile", *command, "pyproject.toml", "--output-file", LOCK)
    packages = locked((root / LOCK).read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        _uv(root, "venv", "--quiet", "--python", OLDEST, folder)
        python = next(Path(folder).glob("[bS]*/python*"))
        _uv(root, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r", LOCK)
        told = subprocess.run([python, "-c", _ABOUT], check=True, capture_output=True).stdout  # noqa: S603  # ours
    about = {canonicalize_name(name): said for name, said in json.loads(told).items()}
    bill = json.dumps(_bill(root, packages, about), ensure_ascii=False, indent=1)
    (root / BILL).write_text(bill + "\n", "utf-8")


def _uv(root: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "uv", *arguments], check=True, cwd=root)  # noqa: S603  # ours


def _bill(root: Path, packages: Sequence[Locked], about: Mapping[str, Any]) -> dict[str, object]:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    by_name: dict[str, list[str]] = {}
    for package in packages:
        by_name.setdefault(package.name, []).append(_purl(package))
    needs = [{"ref": "tenproj_xl", "dependsOn": _needed(project["dependencies"], by_name)}]
    for package in packages:
        required = about.get(package.name, {}).get("requires", [])
        needs.append({"ref": _purl(package), "dependsOn": _needed(required, by_name)})
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "tenproj_xl",
                "name": project["name"],
                "version": _version(root),
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [_component(package, about.get(package.name, {})) for package in packages],
        "dependencies": needs,
    }


def _component(package: Locked, about: Mapping[str, Any]) -> dict[str, object]:
    made: dict[str, object] = {
        "type": "library",
        "bom-ref": _purl(package),
        "name": package.name,
        "version": package.version,
        "purl": _purl(package),
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
    }
    if about.get("summary"):
        made["description"] = about["summary"]
    if licence := _licence(about):
        made["licenses"] = [{"license": {"name": licence}}]
    return made


def _licence(about: Mapping[str, Any]) -> str:
    """Return what a package says of its licence in a line: an expression, a name, or a classifier."""
    first, *_ = (about.get("license") or "").strip().splitlines() or [""]
    classified = [one.rpartition(" :: ")[2] for one in about.get("classifiers", ())]
    return first or ", ".join(classified)


def _needed(requires: Sequence[str], by_name: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what of the lock file some requirements name; those of extras are none."""
    names = set()
    for text in requires:
        wanted = Requirement(text)
        if "extra" not in str(wanted.marker or ""):
            names.add(canonicalize_name(wanted.name))
    return sorted(purl for name in names for purl in by_name.get(name, ()))


def _purl(package: Locked) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"


def _schema_faults(root: Path) -> Iterator[str]:
    """Yield what keeps the bill from being one of CycloneDX."""
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415  # the tests of this file go without
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str((root / BILL).read_text("utf-8"))
    if fault is not None:
        yield f"{BILL}: {fault}"


if __name__ == "__main__":
    if "--renew" in sys.argv:
        renew(ROOT)
    found = [*faults(ROOT), *_schema_faults(ROOT)]
    for fault in found:
        print(fault)
    sys.exit(bool(found))
