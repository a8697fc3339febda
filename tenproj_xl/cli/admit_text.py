"""What the command `admit` prints."""

from collections.abc import Iterator

from tenproj_xl.app.admit import Admitted
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.as_json import ingested_json
from tenproj_xl.cli.returns_text import ingested_lines


def admitted_lines(done: Admitted, workspace: Workspace) -> Iterator[str]:
    """Yield that a file was admitted, what became of it, and which address was learnt."""
    if done.ingested:
        yield f"“{done.receipt.file}”已核实来源，予以接收。"
    if done.learnt:
        yield f"已在“{workspace.addresses.name}”的“可回复地址”记下{done.learnt}。"
    if done.ingested:
        yield from ingested_lines(done.ingested, workspace)


def admitted_json(done: Admitted, workspace: Workspace) -> dict[str, object]:
    """Return the same for machines."""
    taken = ingested_json(done.ingested, workspace) if done.ingested else {}
    return {"file": done.receipt.file, "sha256": done.receipt.sha256, "learnt": done.learnt or None, **taken}
