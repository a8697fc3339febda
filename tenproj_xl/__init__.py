"""Emailed Excel forms: out to task forces, back in, checked, kept in a ledger, merged into one roll-up workbook."""

__version__ = "0.2.1"
