"""The office's clock: what dates a change to its workbooks, whatever time zone the machine is set to."""

from datetime import UTC, datetime

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.model.settings_reader import default_settings, read_settings
from tenproj_xl.reading.office_book import load_rows


def office_now(workspace: Workspace) -> datetime:
    """Return the present moment in the time zone of the settings; where these have errors, of the shipped."""
    (rows,) = load_rows(workspace.settings)
    settings, _ = read_settings(rows, workspace.settings.name)
    return datetime.now(UTC).astimezone((settings or default_settings()).zone)
