"""A sheet as it looks: what a picture of it is drawn from, without any program for spreadsheets."""
