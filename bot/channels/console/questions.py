"""What the assistant could not answer, and what the team answers: sorted, written, previewed, put on line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from fastapi import APIRouter
from starlette.responses import Response

from bot.channels.console.desk import (
    HOME,
    Filled,
    MemberVisit,
    MemberWrite,
    PublisherVisit,
    PublisherWrite,
    Visit,
)
from bot.channels.refusals import RefusedError
from bot.storage import complements, review
from bot.storage.complements import NewComplement
from bot.storage.review import Decision, Queued
from bot.team.likeness import grouped, in_order

router = APIRouter(prefix=HOME, include_in_schema=False)

QUESTIONS = f"{HOME}/questions"
ANSWERS = f"{HOME}/reponses"
_SHOWN = 30
"""Groups on the page."""
_READ = 400
"""Messages that are grouped: the most frequent."""


@dataclass(frozen=True)
class QueuedGroup:
    """Messages that say the same."""

    messages: tuple[Queued, ...]

    @property
    def times(self) -> int:
        """How many times it came."""
        return sum(queued.message.times for queued in self.messages)

    @property
    def guess(self) -> str:
        """The topic that it is perhaps about."""
        suggestions = self.messages[0].message.suggestions
        return suggestions[0][0] if suggestions else ""


# --- The queue ------------------------------------------------------------------------------------


@router.get("/questions")
def queue(visit: MemberVisit) -> Response:
    """Show the messages that were not understood, grouped."""
    with visit.console.database.connect() as connection:
        queued = review.queue(connection)[:_READ]
    groups = _grouped(visit, queued)
    left = max(0, len(groups) - _SHOWN)
    return visit.page("questions", groups=groups[:_SHOWN], total=len(queued), left=left, topics=visit.console.topics)


def _grouped(visit: Visit, queued: list[Queued]) -> list[QueuedGroup]:
    if not queued:
        return []
    vectors = visit.console.encode([q.message.text for q in queued])
    groups = in_order(grouped(vectors, visit.console.limits.alike / 100), [q.message.times for q in queued])
    return [QueuedGroup(tuple(queued[place] for place in group.members)) for group in groups]


@router.post("/questions")
def decide(visit: MemberWrite, form: Filled) -> Response:
    """Keep what was decided of a group."""
    digests, act, topic = _digests(form), form.get("act", ""), form.get("topic", "")
    if not digests:
        raise RefusedError(422, "Aucun message n'est choisi.")
    if act == "attach" and topic not in {t.name for t in visit.console.topics}:
        return visit.go(QUESTIONS, "Choisissez un sujet dans la liste.")
    decision = {"off_topic": Decision.OFF_TOPIC, "attach": Decision.ATTACHED}.get(act)
    if decision is None:
        raise RefusedError(422, "Cette action n'existe pas.")
    chosen = topic if decision is Decision.ATTACHED else ""
    with visit.writing() as connection:
        texts = review.decide(connection, digests, decision, chosen, visit.account.name, datetime.now(UTC))
        visit.note(connection, "Messages classés", f"{len(texts)} : {chosen or 'hors sujet'}")
    word = "rangé sous ce sujet : le prochain entraînement l'apprendra" if chosen else "hors sujet"
    return visit.go(QUESTIONS, f"{len(texts)} message{'s' if len(texts) > 1 else ''} : {word}.")


def _digests(form: Mapping[str, str]) -> list[str]:
    return [digest for digest in form.get("digests", "").split(",") if re.fullmatch(r"[0-9a-f]{64}", digest)][:_READ]


# --- The answers ----------------------------------------------------------------------------------


@router.get("/reponses")
def answers(visit: MemberVisit) -> Response:
    """Show what the team answers."""
    with visit.console.database.connect() as connection:
        kept = complements.listed(connection)
    labels = {topic.name: topic.label for topic in visit.console.topics}
    return visit.page("answers", kept=kept, labels=labels, today=datetime.now(UTC).date())


@router.post("/reponses/nouvelle")
def new(visit: PublisherWrite, form: Filled) -> Response:
    """Show the form of an answer to messages of the queue, or to nothing yet."""
    digests = _digests(form)
    with visit.console.database.connect() as connection:
        queued = {q.digest: q for q in review.queue(connection)}
    texts = [queued[digest].message.text for digest in digests if digest in queued]
    first = {"question": texts[0][:300] if texts else "", "source_date": datetime.now(UTC).date().isoformat()}
    return _form(visit, first | {"digests": ",".join(digests)}, texts=texts)


@router.get("/reponses/nouvelle")
def empty(visit: PublisherVisit) -> Response:
    """Show the form of an answer to nothing in the queue."""
    return _form(visit, {"source_date": datetime.now(UTC).date().isoformat()})


@router.get("/reponses/{identifier}")
def one(visit: MemberVisit, identifier: str) -> Response:
    """Show an answer and all its wordings."""
    with visit.console.database.connect() as connection:
        kept = complements.read(connection, identifier)
        versions = complements.versions(connection, identifier)
    if kept is None:
        raise RefusedError(404, "Cette réponse n'existe pas.")
    labels = {topic.name: topic.label for topic in visit.console.topics}
    preview = visit.console.preview(kept.last.content)
    return visit.page("answer", kept=kept, versions=versions, labels=labels, preview=preview)


@router.get("/reponses/{identifier}/modifier")
def edit(visit: PublisherVisit, identifier: str) -> Response:
    """Show the form of a new wording."""
    with visit.console.database.connect() as connection:
        kept = complements.read(connection, identifier)
    if kept is None:
        raise RefusedError(404, "Cette réponse n'existe pas.")
    content = kept.last.content
    known = {
        "id": kept.id,
        "topic": content.topic,
        "question": content.question,
        "text": content.text,
        "source": content.source,
        "source_date": content.source_date.isoformat(),
        "link": content.link,
        "valid_until": content.valid_until.isoformat() if content.valid_until else "",
    }
    return _form(visit, known, texts=list(kept.examples))


@router.post("/reponses/ecrire")
def write(visit: PublisherWrite, form: Filled) -> Response:
    """Show an answer as candidates will read it, or put it on line."""
    digests = _digests(form)
    with visit.console.database.connect() as connection:
        queued = {q.digest: q for q in review.queue(connection)}
    texts = [queued[digest].message.text for digest in digests if digest in queued]
    content, problems = content_of(form, {t.name for t in visit.console.topics if t.silent})
    if content is None:
        return _form(visit, form, problems, texts, status=422)
    if form.get("act") != "publish":
        return _form(visit, form, texts=texts, preview=content)
    account, now = visit.account, datetime.now(UTC)
    with visit.writing() as connection:
        known = form.get("id", "")
        if known and complements.read(connection, known) is None:
            raise RefusedError(404, "Cette réponse n'existe pas.")
        identifier = complements.write(connection, content, account.name, now, known, texts)
        if digests:
            review.decide(connection, digests, Decision.ANSWERED, content.topic, account.name, now)
        visit.note(connection, "Réponse mise en ligne", content.question)
    return visit.go(f"{ANSWERS}/{identifier}", "La réponse est en ligne : l'assistant la donne dès maintenant.")


@router.post("/reponses/{identifier}")
def change(visit: PublisherWrite, identifier: str, form: Filled) -> Response:
    """Take an answer off line, or put it back."""
    with visit.writing() as connection:
        kept = complements.read(connection, identifier)
        if kept is None:
            raise RefusedError(404, "Cette réponse n'existe pas.")
        complements.set_active(connection, identifier, form.get("act") == "on")
        said = "Réponse remise en ligne" if form.get("act") == "on" else "Réponse retirée"
        visit.note(connection, said, kept.last.content.question)
    return visit.go(f"{ANSWERS}/{identifier}", "C'est fait. L'assistant en tient compte dès maintenant.")


def _form(  # noqa: PLR0913  one argument a part of the page
    visit: Visit,
    form: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
    texts: list[str] | None = None,
    preview: NewComplement | None = None,
    *,
    status: int = 200,
) -> Response:
    return visit.page(
        "answer_form",
        status,
        form=form,
        problems=problems or {},
        texts=texts or [],
        preview=visit.console.preview(preview) if preview else None,
        silent=[topic for topic in visit.console.topics if topic.silent],
    )


def content_of(form: Mapping[str, str], silent: set[str]) -> tuple[NewComplement | None, dict[str, str]]:
    """Return the answer of a form, or what is wrong with each field, in French."""
    problems: dict[str, str] = {}
    topic, question, text = form.get("topic", ""), form.get("question", ""), form.get("text", "")
    source, link = form.get("source", ""), form.get("link", "")
    if topic and topic not in silent:
        problems["topic"] = "Sur ce sujet, la fiche répond : l'équipe ne la remplace pas."
    if not 0 < len(question) <= 300:
        problems["question"] = "Écrivez la question, en 300 caractères au plus."
    if not 0 < len(text) <= 900:
        problems["text"] = "Écrivez la réponse, en 900 caractères au plus."
    if not 0 < len(source) <= 200:
        problems["source"] = "Dites d'où vient l'information."
    if link and (not re.fullmatch(r"https?://\S+", link) or len(link) > 500):
        problems["link"] = "Le lien commence par https:// et n'a pas d'espace."
    source_date = _day(form.get("source_date", ""))
    valid_until = _day(form.get("valid_until", ""))
    if source_date is None:
        problems["source_date"] = "Donnez la date de la source."
    if form.get("valid_until") and valid_until is None:
        problems["valid_until"] = "Cette date n'est pas valable."
    if problems or source_date is None:
        return None, problems
    return NewComplement(topic, question, text, source, source_date, link, valid_until), problems


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
