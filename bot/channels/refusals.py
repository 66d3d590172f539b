"""A request that cannot be served, and why."""

FAILED = "Une erreur est survenue de notre côté. Réessayez dans un instant."
"""Whatever went wrong here."""


class RefusedError(Exception):
    """A request that cannot be served, with the reason in French."""

    def __init__(self, status: int, reason: str, wait: int = 0) -> None:
        """Keep the HTTP status, the reason, and the seconds after which to try again, if that helps."""
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = {"Retry-After": str(wait)} if wait else {}
