"""The people who run information sessions: who may do what, and with what secret. No web, no database."""
