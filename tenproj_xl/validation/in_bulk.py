"""Validate the rows of many returns at once.

Apart from the schemas, for these load pandas and pandera: only the process that validates does.
"""

from collections.abc import Mapping, Sequence

from tenproj_xl.core.columns import Sheet
from tenproj_xl.validation.failures import Failure


def failures_in(sheet: Sheet, rows: Sequence[Mapping[str, object]]) -> list[Failure]:
    """Return every cell that fails the pandera schema of a sheet, in one validation of all rows.

    Args:
        sheet: The declaration of the sheet.
        rows: The values of the input cells by field; failures count the rows from 0.

    Raises:
        CheckCrashed: A check itself failed.
    """
    from tenproj_xl.validation.schemas import failures, frame_of  # noqa: PLC0415 - pandas and pandera

    return failures(sheet, frame_of(sheet, rows))
