"""Messages that were not understood, kept for the team once nothing in them can identify anybody."""
