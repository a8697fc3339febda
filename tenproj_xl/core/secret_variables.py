"""Environment variables that hold secrets, which no process that we start is given."""

import os

PREFIX = "TENPROJ_SECRET_"


def environment_without_secrets() -> dict[str, str]:
    """Return the environment for a process that has no use for a secret, as one that reads files."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
