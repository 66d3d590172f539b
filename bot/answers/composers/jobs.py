"""Topics of work: sectors, structures, jobs, regulation, acronyms."""

from bot.answers.composers.scene import Composed, Scene, absent
from bot.answers.mentions import Kind
from bot.text.folding import words


def sectors(scene: Scene) -> Composed:
    """Say where people work; confirm the structures that the question names."""
    said = scene.fiche.sectors
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    named = [s for s in said.value.structures if s.name in scene.question.all(Kind.STRUCTURE)]
    others = scene.question.all(Kind.OTHER_STRUCTURE)
    values = {"text": said.value.text, "structures": said.value.structures, "named": named, "others": others}
    if named:
        return Composed("cited", values, (said.section,))
    if others and scene.question.closed:
        return Composed("not_cited", values, (said.section,))
    return Composed("stated", values, (said.section,), count=len(said.value.structures))


def jobs(scene: Scene) -> Composed:
    """List the jobs; confirm one that a closed question names."""
    said = scene.fiche.jobs
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    common = scene.question.vocabulary.data.common_job_words
    asked = {w.rstrip("s") for w in words(scene.question.folded) if len(w) > 3} - common
    cited = [job for job in said.value if asked & ({w.rstrip("s") for w in words(job) if len(w) > 3} - common)]
    values = {"jobs": said.value, "cited": cited}
    if scene.question.first(Kind.COUNT):
        return Composed("stated", values, (said.section,), count=len(said.value))
    return Composed("cited" if cited and scene.question.closed else "stated", values, (said.section,))


def acronym(scene: Scene) -> Composed:
    """Spell out an acronym as the fiche does, else as the glossary of the complements does."""
    asked = scene.question.all(Kind.ACRONYM)
    if not asked and (missing := absent(scene.fiche.acronyms)):
        return missing
    known = {a.acronym: a for a in scene.fiche.acronyms.value or ()}
    own = scene.fiche.abbreviation
    wanted = [a for a in asked if a != own] or asked
    if not wanted:
        expanded = [a for a in known.values() if a.expansion.stated]
        return Composed("which", {"acronyms": expanded}, (scene.fiche.acronyms.section,))
    name = wanted[0]
    also = [known[a] for a in wanted[1:] if a in known]
    entry, glossary = known.get(name), scene.complements.expansion(name)
    values = {"acronym": name, "entry": entry, "glossary": glossary, "also": also}
    if entry is not None and entry.expansion.stated:
        return Composed("spelt_out", values, (entry.expansion.section,))
    if entry is not None:
        return Composed("used_with_glossary" if glossary else "used", values, (entry.expansion.section,))
    return Composed("glossary" if glossary else "unknown", values)
