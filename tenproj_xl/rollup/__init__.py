"""The roll-up workbook and the brief."""
