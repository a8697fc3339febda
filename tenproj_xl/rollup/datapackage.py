"""Frames as files: CSV or Parquet, described by a Frictionless Data Package.

A table becomes a resource with a Table Schema (https://specs.frictionlessdata.io/table-schema/): names,
types, titles, meanings, units (`unit`, a property of ours) and, of codes, the values with their labels. The
same tables give the same bytes.
"""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from tenproj_xl.core.files import sha256
from tenproj_xl.rollup.data_columns import DataColumn
from tenproj_xl.rollup.drawing.table import Holds
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.frames import frame_of

DESCRIPTOR = "datapackage.json"
_PREFIX = "tenproj-"
CSV, PARQUET = "csv", "parquet"
_MEDIA_TYPES = {CSV: "text/csv", PARQUET: "application/vnd.apache.parquet"}
_TYPES = {
    Holds.TEXT: "string",
    Holds.NUMBER: "number",
    Holds.COUNT: "integer",
    Holds.DAY: "date",
    Holds.TRUTH: "boolean",
}
_ALIVE = ("=", "+", "-", "@", "\t", "\r")
SHIELD = "'"
"""Stands before a text of a CSV that Excel would take for a formula, and before one that begins with it."""


_ON_CONTENTS = "内容与领导版汇总表各表相同，含不公开的数据，供办公室内部使用。"
_ON_SHIELDS = "CSV 中以 = + - @、制表符、回车或 ' 开头的文字，前面多一个 '，读取时去掉。"


class Exportable(Protocol):
    """A table that can be written and described: `rollup.frames.DataTable`, or a list for a platform."""

    @property
    def code(self) -> str:
        """The name of the resource."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def columns(self) -> Sequence[DataColumn]:
        """Its columns."""

    @property
    def lines(self) -> Sequence[Any]:
        """Its lines."""


def table_bytes(table: Exportable, file_format: str) -> bytes:
    """Return a table as a file.

    A CSV is in UTF-8 with a byte order mark: without one, Excel in China reads GB18030.
    """
    file, frame = BytesIO(), frame_of(table.columns, table.lines)
    if file_format == PARQUET:
        frame.to_parquet(file, engine="pyarrow", index=False)
        return file.getvalue()
    for column in table.columns:
        if column.holds is Holds.TEXT:
            frame[column.name] = frame[column.name].map(shielded, na_action="ignore")
    frame.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\r\n", date_format="%Y-%m-%d")
    return file.getvalue()


def shielded(text: str) -> str:
    """Return a text as a CSV has it: what units typed never acts as a formula."""
    if text.startswith((*_ALIVE, SHIELD)):
        return SHIELD + text
    return text


def resource(table: Exportable, path: str, file_format: str, data: bytes) -> dict[str, object]:
    """Return the description of a table that was written as a file."""
    described: dict[str, object] = {
        "name": table.code,
        "type": "table",
        "path": path,
        "title": table.title,
        "format": file_format,
        "mediatype": _MEDIA_TYPES[file_format],
        "bytes": len(data),
        "hash": f"sha256:{sha256(data)}",
    }
    if file_format == CSV:
        described["encoding"] = "utf-8"
    described["schema"] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    return described


def _field(column: DataColumn) -> dict[str, object]:
    described: dict[str, object] = {
        "name": column.name,
        "type": _TYPES[column.holds],
        "title": column.title,
        "description": column.meaning,
    }
    if column.unit:
        described["unit"] = column.unit
    if column.labels:
        described["categories"] = [{"value": code, "label": label} for code, label in column.labels.items()]
    if column.is_closed:
        described["constraints"] = {"enum": list(column.labels)}
    return described


def descriptor(data: RollupInput, resources: Sequence[dict[str, object]]) -> bytes:
    """Return the file that describes a package of resources."""
    package = {
        "name": _PREFIX + data.period.code.lower(),
        "title": f"{data.title}　{data.period.paper_label}",
        "description": f"{_ON_CONTENTS}{_ON_SHIELDS}{data.version_line}。",
        "resources": list(resources),
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def exported_files(described: bytes) -> set[str]:
    """Return the names of the files of which a package of ours consists.

    Raises:
        ValueError: The description is that of another package, or of none.
    """
    package = json.loads(described)
    if not isinstance(package, dict) or not str(package.get("name")).startswith(_PREFIX):
        raise ValueError("no package of ours")
    paths = {str(made["path"]) for made in package["resources"]}
    return {path for path in paths if Path(path).name == path}
