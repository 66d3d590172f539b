"""One file a change: number, then what it does."""
