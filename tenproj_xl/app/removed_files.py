"""What is told where somebody asks for a file that was lawfully removed."""

from datetime import tzinfo

from tenproj_xl.ledger.view import LedgerView


def removed_then(name: str, ledger: LedgerView, zone: tzinfo) -> str:
    """Return when and on what basis the file of a name, or of a hash, was removed; "" where it was not."""
    wanted = name.strip().casefold()
    for removal in ledger.removals():
        own_name = removal.name.casefold().rpartition("/")[2]
        is_hash = len(wanted) >= _SHORTEST_PREFIX and removal.sha256.startswith(wanted)
        if removal.sha256 and (wanted in (removal.name.casefold(), own_name) or is_hash):
            at = removal.at.astimezone(zone)
            return f"“{removal.name}”已在{at:%Y年%m月%d日}按规定清除，依据：{removal.why}。"
    return ""


_SHORTEST_PREFIX = 6
