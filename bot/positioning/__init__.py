"""Self-positioning, competency by competency: plain Python, no Rasa, no web, no database."""
