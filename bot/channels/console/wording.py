"""The words of the reception, for what the console makes it say."""

from bot.reception.texts import ReceptionTexts, load_reception_texts
from bot.team.limits import team_limits


def wording() -> ReceptionTexts:
    """Return the words of the data files."""
    limits = team_limits()
    return load_reception_texts(limits.enrolment_days, limits.request_days, limits.group)
