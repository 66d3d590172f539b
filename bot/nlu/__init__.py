"""Components of the Rasa NLU pipeline. They import Rasa; nothing else of ``bot`` imports them."""
