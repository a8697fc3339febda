"""What sheets and page one are drawn with: pages, data tables, looks, charts; no sheet of its own."""
