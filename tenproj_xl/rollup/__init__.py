"""The roll-up workbook: computed in `facts` and what it uses, one module per sheet, put together in `book`."""
