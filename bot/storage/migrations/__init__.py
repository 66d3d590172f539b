"""Changes of the tables, in order; ``etaie`` applies them when it opens a database."""
