"""Row tokens: what identifies a row wherever it turns up. A token identifies, it does not authorise."""

import base64
import hashlib
import hmac
import re
import secrets
from functools import lru_cache
from operator import mul

_LENGTH = 12
_WEIGHTS = range(1, _LENGTH + 1)
_TOKEN = re.compile(rf"[A-Z2-7]{{{_LENGTH}}}[A-Z]")
MAGIC = "TENPROJ-XL"
"""The word by which the machine's own sheet is found, whatever it is called."""
EXAMPLE = "填报示例"
"""Whose form an example says it is, in place of a recipient, and the name of its file."""
_EXAMPLE_ROWS = 20
"""As many rows as a sheet of an example may have."""
_EXAMPLE_SHEETS = ("indicators", "tasks", "issues")
FORM_NAME = "tenproj_form"
"""The defined name that stands for a form's identity; it is known by its text, whatever it is called."""


def new_secret() -> str:
    """Return a fresh secret for a ledger."""
    return secrets.token_hex(32)


def token(secret: str, *parts: str) -> str:
    """Return the token of programme, period, recipient, sheet and row: the same parts, the same token.

    Ends in a letter that is not 60 bits of chance but a check over the rest, so that dragging a cell down,
    which counts a last digit up, never makes a neighbour's token.
    """
    digest = hmac.new(bytes.fromhex(secret), "\x1f".join(parts).encode(), hashlib.sha256).digest()
    body = base64.b32encode(digest).decode()[:_LENGTH]
    return body + _check_letter(body)


def example_token(secret: str, sheet: str, number: int) -> str:
    """Return the token of a row of an example, counted from 0: the same in every period."""
    return token(secret, EXAMPLE, sheet, str(number))


@lru_cache(maxsize=8)  # every file of a run asks
def example_tokens(secret: str) -> frozenset[str]:
    """Return the tokens of all rows that an example may have."""
    return frozenset(
        example_token(secret, sheet, number) for sheet in _EXAMPLE_SHEETS for number in range(_EXAMPLE_ROWS)
    )


def _check_letter(body: str) -> str:
    return chr(65 + sum(map(mul, _WEIGHTS, body.encode())) % 26)


@lru_cache(maxsize=1 << 12)  # asked several times of every row
def is_token(text: str) -> bool:
    """Return whether a text is shaped like a token, its check letter right."""
    return (
        len(text) == _LENGTH + 1
        and _TOKEN.fullmatch(text) is not None
        and _check_letter(text[:-1]) == text[-1]
    )
