"""A request that cannot be served, and why."""


class RefusedError(Exception):
    """A request that cannot be served, with the reason in French."""

    def __init__(self, status: int, reason: str) -> None:
        """Keep the HTTP status and the reason."""
        super().__init__(reason)
        self.status = status
        self.reason = reason
