"""Cells to draw from and spellings, for the tests of values."""

import string

from hypothesis import strategies as st

CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.dates(), st.text()
)
FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in string.printable if "!" <= c <= "~"}
"""For `str.translate`: the full-width form of each ASCII character."""
