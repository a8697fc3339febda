"""The roll-up workbook: pure computation in `facts` and the modules it uses, one module per sheet, `book` puts them together."""
