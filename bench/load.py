"""Write to a REST channel as people would, and time it."""

import asyncio
import json
import time
from dataclasses import dataclass

QUESTIONS = (
    "bonjour",
    "Quels sont les blocs du titre ?",
    "qui delivre le titre",
    "c'est combien la formation",
    "il y a combien de blocs",
    "Quel est l'organisme qui certifie ?",
    "salut",
    "le prix svp",
)


@dataclass(frozen=True)
class Figures:
    """Figures of a load, times in milliseconds."""

    per_second: float
    p50: float
    p95: float


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sender: str, message: str) -> float:
    body = json.dumps({"sender": sender, "message": message}).encode()
    head = (
        "POST /webhooks/rest/webhook HTTP/1.1\r\nHost: bench\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    started = time.perf_counter()
    writer.write(head.encode() + body)
    headers = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert headers.startswith(b"http/1.1 200"), headers
    length = int(headers.split(b"content-length:")[1].split(b"\r\n")[0])
    reply = await reader.readexactly(length)
    assert b"text" in reply, reply
    return (time.perf_counter() - started) * 1000


async def _person(port: int, sender: str, count: int) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = [await _ask(reader, writer, sender, QUESTIONS[n % len(QUESTIONS)]) for n in range(count)]
    writer.close()
    return times


async def _together(port: int, people: int, count: int) -> Figures:
    started = time.perf_counter()
    groups = await asyncio.gather(*(_person(port, f"{started}-{n}", count) for n in range(people)))
    seconds = time.perf_counter() - started
    times = sorted(t for group in groups for t in group)
    return Figures(len(times) / seconds, times[len(times) // 2], times[int(len(times) * 0.95)])


def together(port: int, people: int, count: int) -> Figures:
    """Let several people write at once, ``count`` messages each."""
    return asyncio.run(_together(port, people, count))


def long_conversation(port: int, turns: int = 205) -> tuple[float, float]:
    """Return the median time of turns 3 to 7 and of the last five turns of one conversation."""
    times = asyncio.run(_person(port, f"long-{time.time()}", turns))
    early, late = sorted(times[2:7]), sorted(times[-5:])
    return early[2], late[2]
