"""A questionnaire of 200 turns: whether a turn costs more when there are many answers."""

import http.client
import json
import time
from statistics import median
from typing import Any

_WINDOW = 20
"""Turns over which a cost is taken."""


class Candidate:
    """Somebody who answers, and whose turns are timed."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.said: list[dict[str, Any]] = []
        self.times: list[float] = []

    def say(self, text: str) -> None:
        body = json.dumps({"sender": "bench-positionnement", "message": text})
        started = time.perf_counter()
        self._connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
        self.said = json.loads(self._connection.getresponse().read())
        self.times.append(1000 * (time.perf_counter() - started))

    def press(self, title: str) -> bool:
        buttons = [button for message in self.said for button in message.get("buttons") or ()]
        found = next((button["payload"] for button in buttons if button["title"] == title), None)
        if found is None:
            return False
        self.say(found)
        return True


def answered(port: int, turns: int = 200) -> tuple[float, float]:
    """Return the median cost of a turn around the 5th and the 200th, in milliseconds."""
    candidate = Candidate(port)
    candidate.say("je veux me positionner")
    candidate.press("D'accord, je commence")
    candidate.press("Parcours complet")
    number = 0
    while len(candidate.times) < turns:
        if candidate.press("Ne plus demander") or candidate.press("Sans aide, d'habitude"):
            continue
        # All is answered: an earlier answer is corrected, as people do.
        number = number % 39 + 1
        candidate.say(f"je veux corriger la {number}")
    times = candidate.times
    return median(times[4 : 4 + _WINDOW]), median(times[-_WINDOW:])
