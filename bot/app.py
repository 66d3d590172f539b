"""The server: one ASGI application that holds the dialogue engine in process."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from actions.answer import Review
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
from bot.positioning.guide import load_guide
from bot.private_links import PrivateLinks
from bot.review.recorder import ReviewRecorder
from bot.settings import Settings, signing_key
from bot.storage import messaging, positionings, review, web_conversations
from bot.storage.conversations import purge

logger = logging.getLogger(__name__)

_PURGE_EVERY = timedelta(hours=6)
_REASONS = {404: "Cette adresse n'existe pas.", 405: "Cette adresse n'accepte pas cette méthode HTTP."}


def create_app(settings: Settings) -> FastAPI:
    """Load the model and return the application, ready to answer."""
    recorder = ReviewRecorder(settings.database_url) if settings.review else None
    engine = load_engine(settings, Review(recorder.record, settings.review_retention_days) if recorder else None)

    key = signing_key(settings)
    services = MessagingService(
        engine, engine.store.database, key, load_providers(settings.credentials, settings.environment())
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        cleaning = asyncio.create_task(_purge_for_ever(engine, settings))
        if services.providers:
            services.start()
        yield
        cleaning.cancel()
        await services.stop()
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

    @app.get("/health", summary="Le serveur est-il prêt ?")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.exception_handler(RefusedError)
    async def refused(_: Request, error: RefusedError) -> JSONResponse:
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
        messaging.purge(connection, now - timedelta(days=settings.retention_days))
    counts = (erased + talked, reviewed, positioned)
    if any(counts):
        logger.info("Effacé, trop ancien : %d conversations, %d phrases à relire, %d positionnements", *counts)
