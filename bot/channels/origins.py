"""Which other sites may talk with the server from a browser."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class WidgetOrigins:
    """Lets the sites of a list use the channel of the widget, and that channel only."""

    def __init__(self, app: ASGIApp, origins: Sequence[str], prefix: str = "/web/") -> None:
        """Wrap an application."""
        self._app = app
        self._prefix = prefix
        self._open = CORSMiddleware(
            app,
            allow_origins=list(origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After"],
            max_age=3600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        concerned = scope["type"] == "http" and scope["path"].startswith(self._prefix)
        await (self._open if concerned else self._app)(scope, receive, send)
