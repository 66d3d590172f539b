"""The addresses that messaging services call: ``/webhooks/<name>/webhook``, as Rasa names them."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.channels.bodies import read_body
from bot.channels.messaging.contract import Delivery, Provider
from bot.channels.messaging.service import MessagingService
from bot.channels.refusals import RefusedError


def messaging_router(service: MessagingService, address: str) -> APIRouter:
    """Return the routes of the services that are set up.

    Args:
        service: what keeps and answers.
        address: of the server as providers call it: Twilio signs it.
    """
    router = APIRouter(prefix="/webhooks")
    for provider in service.providers.values():
        _serve(router, service, provider, address)
    return router


def _serve(router: APIRouter, service: MessagingService, provider: Provider, address: str) -> None:
    path = f"/{provider.name}/webhook"

    async def delivery_of(request: Request) -> Delivery:
        query = f"?{request.url.query}" if request.url.query else ""
        return Delivery(
            await read_body(request),
            {name.lower(): value for name, value in request.headers.items()},
            f"{address}{request.url.path}{query}",
            dict(request.query_params),
        )

    @router.get(path, summary=f"{provider.name} vérifie l'adresse")
    async def verify(request: Request) -> Response:
        answer = provider.challenge(await delivery_of(request))
        if answer is None:
            raise RefusedError(403, "Le jeton de vérification n'est pas le bon.")
        return PlainTextResponse(answer)

    @router.post(path, summary=f"{provider.name} apporte des messages")
    async def receive(request: Request) -> Response:
        delivery = await delivery_of(request)
        if not provider.is_genuine(delivery):
            raise RefusedError(403, "La signature n'est pas la bonne.")
        try:
            service.keep(provider, delivery)
        except ValueError:
            raise RefusedError(400, "Le corps de la requête n'a pas la forme attendue.") from None
        return JSONResponse({"status": "ok"})
