"""Bars and sparklines within cells, as SVG without styles of its own: attributes say all."""

from tenproj_xl.desk.picture_looks import colour_of
from tenproj_xl.reading.picture.model import DataBar, Spark

_HIGH = 100.0
_ROOM = 0.2
"""The share of a column's place that stays blank."""


def bar_svg(bar: DataBar) -> str:
    """Return the bar that fills a part of a cell."""
    share = 100 * min(1.0, max(0.0, bar.share))
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{share:.1f}" height="10" fill="{colour_of(bar.colour, "#9dc3e6")}"/></svg>'
    )


def spark_svg(spark: Spark) -> str:
    """Return the columns of a sparkline, which say their values to who cannot see them."""
    spread = (spark.highest - spark.lowest) or 1.0
    known = [n for n, value in enumerate(spark.values) if value is not None]
    zero = _HIGH * (1 - (min(max(0.0, spark.lowest), spark.highest) - spark.lowest) / spread)
    drawn = []
    for n in known:
        value = spark.values[n] or 0.0
        top = _HIGH * (1 - (min(max(value, spark.lowest), spark.highest) - spark.lowest) / spread)
        high = max(abs(top - zero), 1.0)
        drawn.append(
            f'<rect x="{n + _ROOM / 2:.2f}" y="{min(top, zero):.1f}" width="{1 - _ROOM}" '
            f'height="{high:.1f}" fill="{_colour(spark, n, value, is_last=n == known[-1])}"/>'
        )
    if spark.axis:
        drawn.append(f'<rect x="0" y="{zero:.1f}" width="{len(spark.values)}" height="1.5" fill="#000000"/>')
    words = "、".join(f"{spark.values[n]:g}" for n in known)
    return (
        f'<svg class="spark" viewBox="0 0 {len(spark.values)} 100" preserveAspectRatio="none" role="img" '
        f'aria-label="走势：{words}">{"".join(drawn)}</svg>'
    )


def _colour(spark: Spark, n: int, value: float, *, is_last: bool) -> str:
    colour = spark.colour
    if spark.negative and value < 0:
        colour = spark.negative
    elif spark.last and is_last and n == len(spark.values) - 1:
        colour = spark.last
    return colour_of(colour, "#376092")
