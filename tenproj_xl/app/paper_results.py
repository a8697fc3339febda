"""What `publish` gives back: the papers that it registers and lists."""

from datetime import tzinfo
from pathlib import Path

from tenproj_xl.app.matrix_results import PaperState
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.model.publications import Publication, PublishedFile


@dataclass(frozen=True)
class RegisteredPaper:
    """A paper that was given out, the files that were new, and what is to be told of them."""

    publication: Publication
    added: tuple[PublishedFile, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class PublishedPapers:
    """What was registered as given out."""

    papers: tuple[RegisteredPaper, ...]


@dataclass(frozen=True)
class ListedPapers:
    """The papers that were given out, and the files that were handed out again.

    `removed` are the hashes of all files that were lawfully removed.
    """

    papers: tuple[PaperState, ...]
    written: tuple[Path, ...]
    removed: frozenset[str]
    zone: tzinfo
