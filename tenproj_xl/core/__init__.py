"""What every package needs: cells, periods, declared columns and sheets, values, findings, files."""
