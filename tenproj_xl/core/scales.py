"""Scales: by which power of ten a figure is out, and what its writer seems to have had in mind."""

from collections.abc import Iterator
from typing import NamedTuple

_TEN_THOUSAND, _HUNDRED_MILLION = "万", "亿"


class ScaleSlip(NamedTuple):
    """A figure `factor` times too large: `guess` completes “疑似…”, `advice` says how to write it."""

    factor: float
    guess: str
    advice: str


def slip(value: float, other: float, unit: str, *, least: float = 0.2, most: float = 5.0) -> ScaleSlip | None:
    """Explain a value about 10,000 or 100 times another one, None if it cannot be explained.

    Args:
        value: What was typed.
        other: What it is compared with, of about the same size if both are in the same unit.
        unit: The unit that is asked for.
        least: How small a part of the other one the value may be once it is put right.
        most: How many times the other one it may be then.
    """
    if not value or not other:
        return None
    return next((s for s in _slips(unit) if least <= value / s.factor / other <= most), None)


def _slips(unit: str) -> Iterator[ScaleSlip]:
    if unit == "%":
        yield ScaleSlip(0.01, "把百分数填成了小数", "这里应填百分数，如 93 表示93%")
        yield ScaleSlip(100.0, "多乘了100", "这里应填百分数，如 93 表示93%")
        return
    advice = f"这里应按{unit}填写"
    for factor, other in _beside(unit):
        yield ScaleSlip(factor, f"单位为{other}", advice)


def _beside(unit: str) -> Iterator[tuple[float, str]]:
    """Yield units of the same thing, and how many of them make one of this unit."""
    if unit.startswith(_HUNDRED_MILLION):
        yield 1e4, _TEN_THOUSAND + unit[1:]
        yield 1e8, unit[1:]
    elif unit.startswith(_TEN_THOUSAND):
        yield 1e4, unit[1:]
        yield 1e-4, _HUNDRED_MILLION + unit[1:]
    elif unit:
        yield 1e-4, _TEN_THOUSAND + unit
