"""Questions about the title: what was asked, what the fiche says, how it is said. No Rasa, no web."""
