"""One function a topic, or a family of topics: it picks what to say; the words are in the data."""

from bot.answers.composers import access, blocs, dates, equivalences, jobs, social, statistics, title
from bot.answers.composers.scene import Composed, Composer, Scene

COMPOSERS: dict[str, Composer] = {
    "title_overview": title.title_overview,
    "level": title.level,
    "nsf": title.coded,
    "formacode": title.coded,
    "title_code": title.title_code,
    "previous_fiche": title.previous_fiche,
    "certifier": title.certifier,
    "framework_document": title.framework_document,
    "certifier_siret": title.certifier_siret,
    "certifier_website": title.certifier_website,
    "blocs": blocs.blocs,
    "bloc_detail": blocs.bloc_detail,
    "competencies": blocs.competencies,
    "competency_search": blocs.competency_search,
    "assessment": blocs.assessment,
    "all_blocs_required": blocs.all_blocs_required,
    "partial_blocs": blocs.partial_blocs,
    "prerequisites": access.prerequisites,
    "prerequisites_blocs": access.bloc_prerequisites,
    "access_routes": access.access_routes,
    "access_route": access.access_route,
    "vae": access.vae,
    "jury": access.jury,
    "jury_date": access.jury_date,
    "overseas": access.overseas,
    "sectors": jobs.sectors,
    "jobs": jobs.jobs,
    "rome": title.coded,
    "acronym": jobs.acronym,
    "correspondences": equivalences.correspondences,
    "registration": dates.registration,
    "decision_date": dates.one_date,
    "registration_duration": dates.duration,
    "expiry_date": dates.one_date,
    "last_delivery_date": dates.one_date,
    "last_journal_date": dates.one_date,
    "legal_texts": dates.legal_texts,
    "statistics": statistics.statistics,
    "distress": social.distress,
    "help": social.help_menu,
    "other_title": social.other_title,
    "privacy": social.privacy,
}
"""Topics that need more than the default of their theme."""


def composer_of(topic: str, theme: str) -> Composer:
    """Return the composer of a topic: its own, or the default of its theme."""
    if topic in COMPOSERS:
        return COMPOSERS[topic]
    return {"silent": social.silent, "social": social.plain}.get(theme, title.fact)


__all__ = ["COMPOSERS", "Composed", "Composer", "Scene", "composer_of"]
