"""Faults of programs and environments, which are raised. Faults in data are values, see `findings`."""


class TenprojError(Exception):
    """Base of all that the command line reports instead of a traceback; `exit_code` is the process's."""

    exit_code = 3


class UsageProblem(TenprojError):
    """The command was given something that cannot be meant (an unknown period, an existing folder)."""

    exit_code = 2


class EnvironmentProblem(TenprojError):
    """The workspace or the machine is not fit for the command (a missing plan, a file held open)."""


class UnwrittenFile(EnvironmentProblem):
    """A file is held open by another program, or its folder is not to be written to."""


class CheckCrashed(Exception):
    """A validation rule itself failed: a fault of the program, never of the sender."""
