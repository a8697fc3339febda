"""What bundles (绿色版) hold, and whether one runs where nothing is installed."""
