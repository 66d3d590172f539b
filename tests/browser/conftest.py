"""Debian's Chromium, and the widget in it."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.conftest import ROOT, Server

AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 640}
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program, "Chromium manque : lancez bash tests/install-services.sh"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def web_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that lets one other site in: that of the embedding test."""
    folder = tmp_path_factory.mktemp("navigateur")
    environment = {
        "SECRET_KEY": "clé",
        "WIDGET_ORIGINS": OTHER_SITE,
        "WEB_RATE_PER_MINUTE": "1000",
        "WEB_NEW_PER_MINUTE": "1000",
    }
    running = Server(f"sqlite:///{folder}/etaie.db", environment, log=folder / "log.txt")
    running.start()
    yield running
    running.stop()


OTHER_SITE = "http://localhost:48123"
"""Origin of a site that embeds the widget."""


class Widget:
    """The widget as a person sees it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:", OTHER_SITE)):
            self.foreign.append(url)

    def visit(self, path: str = "/demo") -> None:
        self.page.goto(self.url + path)

    def open(self) -> None:
        self.launcher.click()

    def says(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def answered(self, part: str, timeout: int = 10_000) -> Locator:
        """Wait for a reply that holds a text."""
        reply = self.page.locator(".bubble.bot").filter(has_text=part).last
        reply.wait_for(timeout=timeout)
        return reply

    def press(self, title: str) -> None:
        self.page.get_by_role("button", name=title, exact=True).click()

    def choose(self, level: str) -> None:
        self.page.get_by_role("radio", name=level, exact=True).check()
        self.press("Valider")

    def begins(self) -> None:
        """Go as far as the first question of the quick path."""
        self.says("je veux me positionner")
        self.answered("Êtes-vous d'accord")
        self.press("D'accord, je commence")
        self.answered("Quel parcours")
        self.press("Parcours court")
        self.answered("Question 1 sur 13")

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="Une question ?")

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Votre message")

    @property
    def bubbles(self) -> Locator:
        return self.page.locator(".bubble:not(.waiting)")

    @property
    def status(self) -> Locator:
        return self.page.locator("p.status")

    def violations(self) -> list[str]:
        """Return what axe-core finds wrong."""
        return violations(self.page)


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong in a page, shadow roots included."""
    assert AXE.exists(), "axe-core manque : lancez make widget"
    page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)"
    )
    return [f"{v['id']}: {v['help']} {json.dumps([n['target'] for n in v['nodes']])}" for v in found]


Opener = Callable[..., Widget]


@pytest.fixture
def opener(browser: Browser, web_server: Server) -> Iterator[Opener]:
    """Open pages of a size, each in a browser profile of its own."""
    contexts: list[BrowserContext] = []

    def open_page(
        size: dict[str, int] = DESKTOP, context: BrowserContext | None = None, url: str = "", **options: Any
    ) -> Widget:
        if context is None:
            context = browser.new_context(viewport=size, locale="fr-FR", timezone_id="Europe/Paris", **options)  # type: ignore[arg-type]
            contexts.append(context)
        return Widget(context.new_page(), url or web_server.url)

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def widget(opener: Opener) -> Iterator[Widget]:
    opened = opener()
    opened.visit()
    yield opened
    assert opened.errors == []
    assert opened.foreign == []


@pytest.fixture
def captures() -> Path:
    """Where the pictures of the documentation are."""
    folder = ROOT / "docs" / "captures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
