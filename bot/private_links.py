"""Private links: signed, so that nobody can guess one, and expiring. Nothing of them is stored."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

RESULTS = "/positionnement"
"""Where the results of an attempt are read, followed by a token."""


@dataclass(frozen=True)
class PrivateLinks:
    """Makes and reads the links to the results of attempts."""

    key: bytes
    address: str
    """Of the server as people reach it, without a slash at the end."""
    days: int
    """How long a link works."""

    @property
    def _serializer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.key, salt="positionnement")

    def make(self, attempt_id: str, now: datetime) -> tuple[str, date]:
        """Return a new link, and the last day on which it surely works."""
        token = self._serializer.dumps(attempt_id)
        return f"{self.address}{RESULTS}/{token}", (now + timedelta(days=self.days)).date()

    def read(self, token: str) -> tuple[str, date] | None:
        """Return the attempt of a token and its last day; None when it is forged or too old."""
        try:
            attempt_id, made = self._serializer.loads(token, max_age=self.days * 24 * 3600, return_timestamp=True)
        except BadSignature:
            return None
        return str(attempt_id), (made + timedelta(days=self.days)).date()
