"""The widget in Debian's Chromium: weight, time to evaluate its script, time to open, time to answer."""

import gzip
import shutil
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SCRIPT = Path(__file__).resolve().parent.parent / "bot" / "channels" / "pages" / "widget.js"
_SLOW = 4
"""The processor is slowed so many times, as a poor phone is."""
_TRIES = 5


@dataclass(frozen=True)
class WidgetFigures:
    """Milliseconds, on a processor four times slower; bytes, compressed."""

    weight: int
    evaluate: float
    open: float
    answer: float


def measure(url: str) -> WidgetFigures | None:
    """Measure the widget of a running server; None without Chromium."""
    program = shutil.which("chromium")
    if program is None:
        return None
    from playwright.sync_api import sync_playwright

    evaluated, opened, answered = [], [], []
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        for _ in range(_TRIES):
            page = browser.new_page(viewport={"width": 360, "height": 640})
            session = page.context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOW})
            page.goto(f"{url}/health")
            page.evaluate("document.documentElement.lang = 'fr'")
            source = SCRIPT.read_text(encoding="utf-8")
            evaluated.append(
                page.evaluate(
                    "code => { const s = performance.now(); (0, eval)(code); return performance.now() - s; }", source
                )
            )
            page.goto(f"{url}/demo")
            opened.append(
                page.evaluate("""async () => {
                    const started = performance.now();
                    document.querySelector('etaie-assistant').open();
                    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
                    return performance.now() - started;
                }""")
            )
            answered.append(
                page.evaluate("""() => new Promise(done => {
                    const assistant = document.querySelector('etaie-assistant');
                    const started = performance.now();
                    assistant.addEventListener('etaie:message', e => e.detail.from === 'bot' && done(performance.now() - started));
                    assistant.send('Quels sont les blocs ?');
                })""")
            )
            page.close()
        browser.close()
    weight = len(gzip.compress(SCRIPT.read_bytes(), 9))
    return WidgetFigures(weight, median(evaluated), median(opened), median(answered))
