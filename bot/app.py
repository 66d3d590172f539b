"""The server: one ASGI application that holds the dialogue engine in process."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from actions.answer import Review, shared_assistant
from actions.reception import Team, load_clerk, send_reminders
from actions.team_answers import entry_of, shown
from bot.answers.assistant import Assistant
from bot.channels.console.desk import HOME, Console, Topic
from bot.channels.console.routes import add_console, error_page
from bot.channels.letters import Letters
from bot.channels.messaging.credentials import load_providers
from bot.channels.messaging.service import MessagingService
from bot.channels.messaging.webhooks import messaging_router
from bot.channels.origins import WidgetOrigins
from bot.channels.positioning_pages import ResultsDesk, positioning_router
from bot.channels.refusals import FAILED, RefusedError
from bot.channels.rest import rest_router
from bot.channels.web import WebChannel, WebLimits, web_router
from bot.channels.web_pages import pages_router
from bot.engine.agent import DialogueEngine, load_engine
from bot.kept_results import kept_booklet
from bot.measures import Measures
from bot.nlu.likeness import Likeness
from bot.positioning.guide import load_guide
from bot.private_links import PrivateLinks
from bot.review.recorder import ReviewRecorder
from bot.settings import Settings, signing_key
from bot.storage import (
    callbacks,
    info_sessions,
    messaging,
    positionings,
    quality,
    reception,
    review,
    team_accounts,
    web_conversations,
)
from bot.storage.conversations import purge
from bot.storage.database import shared_database
from bot.team.limits import TeamLimits, team_limits

logger = logging.getLogger(__name__)

_PURGE_EVERY = timedelta(hours=6)
_MEASURE_EVERY = 2.0
"""Seconds."""
_REMIND_EVERY = 60.0
"""Seconds."""
_REASONS = {404: "Cette adresse n'existe pas.", 405: "Cette adresse n'accepte pas cette méthode HTTP."}


def create_app(settings: Settings) -> FastAPI:
    """Load the model and return the application, ready to answer."""
    recorder = ReviewRecorder(settings.database_url) if settings.review else None
    review_of = Review(recorder.record, settings.review_retention_days) if recorder else None
    key, letters = signing_key(settings), Letters()
    assistant = shared_assistant()
    likeness = Likeness([topic.entry.label for topic in assistant.catalogue.topics.values()])
    measures = Measures(shared_database(settings.database_url), key)
    engine = load_engine(settings, review_of, Team(letters.send, letters.reachable, likeness.vectors), measures.note)
    services = MessagingService(
        engine, engine.store.database, key, load_providers(settings.credentials, settings.environment())
    )
    letters.messaging = services

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loops = [
            asyncio.create_task(_purge_for_ever(engine, settings)),
            asyncio.create_task(_store_measures(measures)),
            asyncio.create_task(_remind(engine, letters)),
        ]
        if services.providers:
            services.start()
        yield
        for loop in loops:
            loop.cancel()
        await services.stop()
        await asyncio.to_thread(measures.store)
        if recorder:
            await asyncio.to_thread(recorder.close)

    # The interactive API page would load scripts from a third party: only the schema is served.
    app = FastAPI(title="Assistant ETAIE", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.include_router(rest_router(engine, key))
    app.include_router(messaging_router(services, settings.public_address))
    web = WebLimits(settings.web_rate_per_minute, settings.web_new_per_minute, settings.web_retention_days)
    app.include_router(web_router(WebChannel(engine, engine.store.database, key, web)))
    app.include_router(pages_router())
    app.add_middleware(WidgetOrigins, origins=settings.origins)
    guide = load_guide(settings.positioning_retention_days)
    links = PrivateLinks(key, settings.public_address, guide.limits.link_days)
    app.include_router(
        positioning_router(
            ResultsDesk(links, lambda attempt_id: kept_booklet(engine.store.database, guide, attempt_id))
        )
    )

    app.state.console = Console(
        database=engine.store.database,
        key=key,
        address=settings.public_address,
        limits=team_limits(),
        guide=guide,
        topics=topics_for_the_team(assistant),
        preview=lambda content: shown(assistant, entry_of(content)),
        encode=likeness.vectors,
        send=letters.send,
        reachable=letters.reachable,
        wake=letters.wake,
    )
    add_console(app)

    @app.get("/health", summary="Le serveur est-il prêt ?")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.exception_handler(RefusedError)
    async def refused(request: Request, error: RefusedError) -> Response:
        if request.url.path.startswith(HOME):
            return error_page(request, error.status, error.reason)
        return JSONResponse({"detail": error.reason}, status_code=error.status, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def bad_parameter(_: Request, error: RequestValidationError) -> JSONResponse:
        name = str(error.errors()[0]["loc"][-1])
        return JSONResponse({"detail": f"Le paramètre « {name} » n'est pas valable."}, status_code=422)

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> JSONResponse:
        reason = _REASONS.get(error.status_code, "La requête n'a pas pu être traitée.")
        return JSONResponse({"detail": reason}, status_code=error.status_code, headers=error.headers)

    @app.exception_handler(Exception)
    async def failed(_: Request, error: Exception) -> JSONResponse:
        # The type alone: the message of an exception may hold what the candidate wrote.
        logger.error("Erreur imprévue : %s", type(error).__name__)
        return JSONResponse({"detail": FAILED}, status_code=500)

    return app


def topics_for_the_team(assistant: Assistant) -> list[Topic]:
    """Return the topics that a message may be about, by their words."""
    topics = assistant.catalogue.topics.values()
    named = [Topic(t.name, t.entry.label, t.theme == "silent") for t in topics if t.theme != "social"]
    return sorted(named, key=lambda topic: topic.label)


async def _store_measures(measures: Measures) -> None:
    """Store what was counted, now and then again."""
    while True:
        await asyncio.sleep(_MEASURE_EVERY)
        try:
            await asyncio.to_thread(measures.store)
        except SQLAlchemyError as error:
            logger.error("Chiffres perdus : %s", type(error).__name__)  # noqa: TRY400


async def _remind(engine: DialogueEngine, letters: Letters) -> None:
    """Remind people of their information session, now and then again."""
    clerk = load_clerk()
    while True:
        try:
            await asyncio.to_thread(send_reminders, engine.store.database, letters.send, clerk)
            letters.wake()
        except SQLAlchemyError as error:
            logger.error("Rappels remis à plus tard : %s", type(error).__name__)  # noqa: TRY400
        await asyncio.sleep(_REMIND_EVERY)


async def _purge_for_ever(engine: DialogueEngine, settings: Settings) -> None:
    """Erase what is past its retention, now and then again."""
    while True:
        try:
            _purge(engine, settings)
        except SQLAlchemyError as error:
            # The database is away: what is too old is erased next time.
            logger.error("Effacement remis à plus tard : %s", type(error).__name__)  # noqa: TRY400
        await asyncio.sleep(_PURGE_EVERY.total_seconds())


def _purge(engine: DialogueEngine, settings: Settings) -> None:
    now = datetime.now(UTC)
    with engine.store.database.begin() as connection:
        erased = purge(connection, now - timedelta(days=settings.retention_days))
        reviewed = review.purge(connection, (now - timedelta(days=settings.review_retention_days)).date())
        positioned = positionings.purge(connection, now - timedelta(days=settings.positioning_retention_days))
        talked = web_conversations.purge(connection, now - timedelta(days=settings.web_retention_days))
        _purge_team(connection, now, team_limits())
        messaging.purge(connection, now - timedelta(days=settings.retention_days))
    counts = (erased + talked, reviewed, positioned)
    if any(counts):
        logger.info("Effacé, trop ancien : %d conversations, %d phrases à relire, %d positionnements", *counts)


def _purge_team(connection: Connection, now: datetime, limits: TeamLimits) -> None:
    info_sessions.purge(connection, now - timedelta(days=limits.enrolment_days))
    callbacks.purge(connection, now - timedelta(days=limits.request_days))
    reception.purge(connection, now - timedelta(days=limits.request_days))
    quality.purge(connection, (now - timedelta(days=limits.measure_days)).date())
    journal_before = now - timedelta(days=limits.journal_days)
    team_accounts.purge(connection, now - timedelta(hours=limits.session_hours), journal_before)
