"""Workbooks in which the office decides: sign-off, conflicts, supervision."""
