"""Cells to our rows: whose form a workbook is, and which row and column each cell belongs to."""
