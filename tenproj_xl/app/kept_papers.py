"""Which papers the archive keeps: those that were made to be signed or given out, and what was given out."""

from pathlib import Path

from tenproj_xl.ledger.view import LedgerView


def kept_papers(ledger: LedgerView) -> dict[str, str]:
    """Return the names of the papers in the archive, by their hashes."""
    names: dict[str, str] = {}
    for publication in ledger.publications():
        names |= {file.sha256: file.name for file in publication.files}
    for period, edition in ledger.editions_made():
        for made in ledger.made_editions(period, edition):
            names |= {file.sha256: Path(file.path).name for _, file in made.files}
    return names
