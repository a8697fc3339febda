"""Hold the program against what others take for the same work, all in one run.

    python -m benchmarks.run                  # everything, an hour or two
    python -m benchmarks.run ten many         # the measures that are named
    python -m benchmarks.run --large NAME…    # in the sizes that are promised at most: hours
    python -m benchmarks.run --large --returns 10000 by-number   # as many returns at most
    python -m benchmarks.run --record         # everything, or what is named, and keep it in README.md
    python -m benchmarks.run --smoke          # little of it; worse by half than recorded, thrice, fails

Below 1, ours is the faster. Ratios by the clock mean something on an idle machine only. The smoke run holds
those of the processor against the record, which other programs change little.
"""

import argparse
import platform
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from benchmarks.measures import LARGE, MEASURES, SMALL, Size
from benchmarks.processes import warm_up
from benchmarks.results import Result, record, recorded, table
from benchmarks.scale import AT_SCALE
from tenproj_xl.core.processors import usable_cores

_COMPARED = ("click", "openpyxl", "pandas", "pandera", "python-calamine", "xlsxwriter")
_SMOKE = ("start", "ten", "roll-up", "known")
_WORSE_BY_HALF = 1.5
_EVERY = {**MEASURES, **AT_SCALE}
_TRIES = 3


def main() -> None:
    """Measure, print, and keep or compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help=" ".join(_EVERY))
    parser.add_argument("--large", action="store_true", help="measure in the sizes that take hours")
    parser.add_argument("--returns", type=int, help="take in so many at most in by-number")
    parser.add_argument("--record", action="store_true", help="keep the results")
    parser.add_argument("--smoke", action="store_true", help="compare a little with the record")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in _EVERY]:
        parser.error(f"no measure {', '.join(unknown)}: {' '.join(_EVERY)}")
    warm_up()
    if given.smoke:
        sys.exit(_smoke())
    size = LARGE if given.large else Size()
    if given.returns:
        size = replace(size, forms=[count for count in size.forms if count <= given.returns])
    results = _measured(given.names or list(_EVERY), size, keep=given.record)
    print(_machine(), table(results), sep="\n\n")


def _measured(names: Iterable[str], size: Size, *, keep: bool) -> list[Result]:
    """Return the results of measures, each printed as it comes, and kept on record if so wanted."""
    results = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            for result in _EVERY[name](Path(folder).resolve(), size):
                print(f"{result.ratio:7.2f} ×  {result.code}: {result.what}, against {result.against}")
                results.append(result)
                if keep:  # at once: the next one may take an hour
                    record([result], _machine())
    return results


def _smoke() -> int:
    """Return 1 where a ratio is worse by half than the one of record, in each of some tries."""
    kept, doubted = recorded(), list(_SMOKE)
    if not kept:
        print("nothing is recorded to compare with: run with --record first", file=sys.stderr)
        return 2
    for _ in range(_TRIES):
        doubted = [name for name in doubted if _is_worse(name, kept)]
        if not doubted:
            return 0
    print(f"worse by half than recorded, {_TRIES} times: {', '.join(doubted)}", file=sys.stderr)
    return 1


def _is_worse(name: str, kept: Mapping[str, float]) -> bool:
    results = _measured([name], SMALL, keep=False)
    for result in results:
        ratio, before = result.processor, kept.get(result.code)
        if ratio is not None and before is not None and ratio > _WORSE_BY_HALF * before:
            print(f"{result.code}: {ratio:.2f} of the processor, recorded {before:.2f}", file=sys.stderr)
            return True
    return False


def _machine() -> str:
    """Return what the figures depend on: the machine, and the versions of what is compared."""
    versions = ", ".join(f"{name} {version(name)}" for name in _COMPARED)
    return f"{usable_cores()} cores, {platform.machine()}, Python {platform.python_version()}; {versions}."


if __name__ == "__main__":
    main()
