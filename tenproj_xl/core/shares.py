"""How shares of a target are spelled: what is short of the whole never reads as the whole.

39.99 of 40 is 99.975 %, which would be rounded to 100.0 % beside 未达标.
"""

SHARE_FORMAT = '[>=1]0.0%;[>=0.9995]"99.9%";0.0%'
"""The number format of cells that hold a share as a fraction."""
HUNDREDTHS_FORMAT = '[>=100]0.0;[>=99.95]"99.9";0.0'
"""That of cells that hold it in hundredths."""
_WHOLE, _WHOLE_IN_BRIEF, _JUST_SHORT = "100.0%", "100%", "99.9%"
_PLACES = 9
"""What is short by less than this was added up of decimals: 0.7 + 0.2 + 0.1 is not quite 1."""


def share_in_words(share: float) -> str:
    """Return a share that is given as a fraction: `86.2%`."""
    text = f"{share:.1%}"
    if text == _WHOLE and _is_short(share):
        return _JUST_SHORT
    return text


def share_in_brief(share: float) -> str:
    """Return a share in whole hundredths, for little room: `86%`; what is just short has a decimal."""
    text = f"{share:.0%}"
    if text == _WHOLE_IN_BRIEF and _is_short(share):
        return share_in_words(share)
    return text


def _is_short(share: float) -> bool:
    return round(share, _PLACES) < 1
