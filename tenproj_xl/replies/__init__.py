"""What goes back to senders: the correction workbook and the letter."""
