"""The texts of letters, read from 信函.xlsx: one row a passage, its fields in braces.

Where the workbook lacks a passage, as in earlier workspaces, its default text is written.
"""

from collections.abc import Mapping
from dataclasses import field

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.placeholders import fill_in, without
from tenproj_xl.model.letter_passages import DEADLINE, PASSAGES, Occasion


@dataclass(frozen=True)
class LetterTexts:
    """The texts of the passages, and whether figures of units and targets may stand in letters."""

    own: Mapping[Occasion, str] = field(default_factory=dict)
    has_figures: bool = True

    def text(self, occasion: Occasion) -> str:
        """Return the text of a passage, with its fields."""
        return self.own.get(occasion, PASSAGES[occasion].default)

    def write(self, occasion: Occasion, values: Mapping[str, str]) -> str:
        """Return a passage with its fields filled in; where there is no deadline, nothing is said of one.

        Raises:
            KeyError: A field that the office may use has no value.
        """
        text = self.text(occasion)
        if DEADLINE in values and not values[DEADLINE]:
            text = without(text, DEADLINE)
        return fill_in(text, {name: values[name] for name in PASSAGES[occasion].fields})


DEFAULT_TEXTS = LetterTexts()
