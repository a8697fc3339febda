"""Emailed Excel forms out to task forces, back in, checked, kept in a ledger and merged into one roll-up workbook."""

__version__ = "0.2.1"
