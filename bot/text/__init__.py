"""French text: folding, dates, lists. Pure functions, no domain knowledge."""
