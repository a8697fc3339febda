"""Excel forms for task forces: sent out, read back, checked, kept in a ledger, merged into one roll-up."""

__version__ = "0.2.1"
