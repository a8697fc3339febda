"""The registry of sheets: page one, and a declaration from each module of `rollup.sheets`.

A new sheet is a new module there with a `SPEC`; nothing else has to name it.
"""

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from operator import attrgetter

from tenproj_xl.rollup import sheets
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec
from tenproj_xl.rollup.facts.editions import Audience, Release
from tenproj_xl.rollup.overview import agenda, page_one


def declared() -> tuple[SheetSpec, ...]:
    """Return the declarations of all sheets in order."""
    names = [module.name for module in pkgutil.iter_modules(sheets.__path__, f"{sheets.__name__}.")]
    specs: list[SheetSpec] = [agenda.SPEC, page_one.SPEC, *(import_module(name).SPEC for name in names)]
    return tuple(sorted(specs, key=attrgetter("order")))


SPECS = declared()


def sheets_of(release: Release, specs: Iterable[SheetSpec] = SPECS) -> tuple[SheetSpec, ...]:
    """Return the sheets of a release in order: for leaders first those that the edition opens with."""
    chosen = [spec for spec in specs if _belongs(spec, release)]

    def place(spec: SheetSpec) -> tuple[bool, int]:
        comes_first = not release.is_public and release.edition in spec.opens
        return not comes_first, spec.order

    return tuple(sorted(chosen, key=place))


def _belongs(spec: SheetSpec, release: Release) -> bool:
    if release.is_public and spec.audience is not Audience.PUBLIC:
        return False
    if spec.only_public and not release.is_public:
        return False
    if spec.only_in and release.edition not in spec.only_in:
        return False
    if spec.only_corrections and not release.correction:
        return False
    return release.edition not in spec.left_out_of
