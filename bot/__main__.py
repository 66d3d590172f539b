"""``python -m bot`` is the ``etaie`` command."""

from bot.cli import main

main()
