"""The widget for everybody: axe-core in each state, keyboard, small and large screens, contrast modes."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Opener, Widget
from tests.conftest import ROOT


def in_state(widget: Widget, state: str) -> None:
    widget.visit("/" if state == "page" else "/demo")
    if state in ("closed", "page"):
        return
    widget.open()
    if state == "open":
        widget.says("Quels sont les blocs ?")
        widget.answered("RNCP41402BC01")
    elif state in ("questionnaire", "results"):
        widget.begins()
        widget.choose("Pas encore")
        widget.answered("Question 2 sur 13")
        if state == "results":
            widget.says("je veux voir mes résultats")
            widget.answered("Ce lien est privé")
    elif state == "error":
        widget.page.route("**/web/**", lambda route: route.abort())
        widget.says("bonjour")
        expect(widget.status).to_contain_text("Votre message est gardé")
    elif state == "options":
        widget.press("Options")


STATES = ["closed", "open", "questionnaire", "results", "error", "options", "page"]
MODES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"size": PHONE},
    "forced colours": {"forced_colors": "active"},
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(opener: Opener, state: str, mode: str) -> None:
    options = dict(MODES[mode])
    widget = opener(options.pop("size", DESKTOP), bypass_csp=True, **options)
    in_state(widget, state)
    widget.page.wait_for_timeout(150)
    assert widget.violations() == []


@pytest.mark.parametrize("state", ["open", "questionnaire", "results", "options", "page"])
@pytest.mark.parametrize("width", [320, 640])
def test_nothing_overflows(opener: Opener, state: str, width: int) -> None:
    """320 px is also what 1280 px gives at 400 %, and 640 px at 200 %."""
    widget = opener({"width": width, "height": 640})
    in_state(widget, state)
    wide = widget.page.evaluate("""() => {
        const host = document.querySelector('etaie-assistant').shadowRoot;
        const parts = [document.documentElement, ...host.querySelectorAll('.panel, .talk, .answers, .bubble, dialog')];
        return parts.filter(p => p.scrollWidth > p.clientWidth + 1 && p.clientWidth).map(p => p.className || p.tagName);
    }""")
    assert wide == []


def test_escape_closes_and_gives_the_focus_back(opener: Opener) -> None:
    widget = opener()
    widget.visit()
    widget.launcher.focus()
    widget.page.keyboard.press("Enter")
    expect(widget.field).to_be_focused()
    widget.page.keyboard.press("Escape")
    expect(widget.launcher).to_be_focused()
    expect(widget.launcher).to_have_attribute("aria-expanded", "false")


def test_escape_in_the_options_closes_only_them(opener: Opener) -> None:
    widget = opener()
    widget.visit()
    widget.open()
    widget.press("Options")
    widget.page.keyboard.press("Escape")
    expect(widget.page.get_by_role("dialog", name="Options")).to_have_count(0)
    expect(widget.field).to_be_visible()


def test_on_a_phone_the_focus_stays_in_and_the_page_is_out_of_reach(opener: Opener) -> None:
    widget = opener(PHONE)
    widget.visit()
    widget.open()
    panel = widget.page.get_by_role("dialog", name="Assistant ETAIE")
    expect(panel).to_have_attribute("aria-modal", "true")
    assert widget.page.locator("main").get_attribute("inert") is not None
    for key in ("Tab", "Shift+Tab"):
        for _ in range(15):
            widget.page.keyboard.press(key)
            assert widget.page.evaluate("document.activeElement.tagName") == "ETAIE-ASSISTANT"
    widget.press("Fermer la conversation")
    assert widget.page.locator("main").get_attribute("inert") is None
    expect(widget.launcher).to_be_focused()


def test_each_reply_is_read_once(opener: Opener) -> None:
    widget = opener()
    widget.visit()
    widget.open()
    log = widget.page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    widget.page.evaluate("""() => {
        const log = document.querySelector('etaie-assistant').shadowRoot.querySelector('.log');
        window.added = [];
        new MutationObserver(changes => changes.forEach(c => c.addedNodes.forEach(n => n.classList.contains('bot') && window.added.push(n.textContent))))
            .observe(log, {childList: true});
    }""")
    widget.says("Quels sont les blocs ?")
    widget.answered("RNCP41402BC01")
    widget.page.wait_for_timeout(300)
    added = widget.page.evaluate("window.added")
    assert len(added) == 1 and added[0].startswith("L'assistant répond :")


def test_the_text_may_be_spaced(opener: Opener) -> None:
    """The spacing of WCAG 1.4.12: nothing is cut."""
    widget = opener(PHONE)
    in_state(widget, "questionnaire")
    cut = widget.page.evaluate("""() => {
        const host = document.querySelector('etaie-assistant').shadowRoot;
        const spaced = new CSSStyleSheet();
        spaced.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }');
        host.adoptedStyleSheets = [...host.adoptedStyleSheets, spaced];
        return [...host.querySelectorAll('button, .level, .bubble, legend, h2')].filter(n => n.offsetParent)
            .filter(n => n.scrollWidth > n.clientWidth + 1 && getComputedStyle(n).overflow !== 'visible').map(n => n.textContent);
    }""")
    assert cut == []


def test_everything_is_there_without_styles(opener: Opener) -> None:
    widget = opener()
    in_state(widget, "questionnaire")
    widget.page.evaluate("document.querySelector('etaie-assistant').shadowRoot.adoptedStyleSheets = []")
    for role, name in (
        ("heading", "Assistant ETAIE"),
        ("log", "Conversation"),
        ("radio", "Avec de l'aide"),
        ("button", "Envoyer"),
    ):
        expect(widget.page.get_by_role(role, name=name, exact=True)).to_be_visible()  # type: ignore[arg-type]


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("border", "behind"),
    [
        ("#767b85", "#ffffff"),
        ("#1f3d7a", "#ffffff"),
        ("#9aa1ad", "#17191f"),
        ("#b3c8ff", "#17191f"),
        ("#1f3d7a", "#eef2fb"),
    ],
)
def test_the_borders_of_controls_stand_out(border: str, behind: str) -> None:
    css = (ROOT / "widget" / "src" / "styles.css").read_text(encoding="utf-8")
    assert border in css and behind in css, "les couleurs de la feuille de styles"
    assert contrast(border, behind) >= 3


def test_targets_are_large_enough(opener: Opener) -> None:
    widget = opener(PHONE)
    in_state(widget, "questionnaire")
    small = widget.page.evaluate("""() => {
        const host = document.querySelector('etaie-assistant').shadowRoot;
        return [...host.querySelectorAll('button, .level, textarea')].filter(n => n.offsetParent)
            .map(n => [n.textContent || n.id, n.getBoundingClientRect()])
            .filter(([, r]) => r.width < 24 || r.height < 24).map(([t]) => t);
    }""")
    assert small == []


def test_text_size_is_kept(opener: Opener) -> None:
    widget = opener()
    widget.visit()
    widget.open()
    widget.press("Options")
    widget.page.get_by_role("radio", name="Très grande").check()
    widget.press("Terminé")
    size = "getComputedStyle(document.querySelector('etaie-assistant').shadowRoot.querySelector('.panel')).fontSize"
    assert float(widget.page.evaluate(size).removesuffix("px")) > 20
    widget.page.reload()
    widget.open()
    assert float(widget.page.evaluate(size).removesuffix("px")) > 20


def test_reduced_motion(opener: Opener) -> None:
    widget = opener(reduced_motion="reduce")
    widget.visit()
    widget.open()
    # Never answered: the assistant seems to be writing.
    widget.page.route("**/web/**", lambda route: None)
    widget.says("bonjour")
    dot = widget.page.locator(".typing i").first
    dot.wait_for()
    assert dot.evaluate("node => getComputedStyle(node).animationName") == "none"


def test_voice_is_off_until_asked_for(opener: Opener) -> None:
    widget = opener()
    widget.visit()
    widget.open()
    widget.says("bonjour")
    widget.answered("Mes réponses viennent de la fiche")
    expect(widget.page.get_by_role("button", name="Écouter")).to_have_count(0)
    widget.press("Options")
    widget.page.get_by_role("checkbox", name="Proposer d'écouter les réponses").check()
    widget.press("Terminé")
    expect(widget.page.get_by_role("button", name="Écouter").first).to_be_visible()


CAPTURES = {
    "bulle-fermee": ("closed", DESKTOP, "light"),
    "conversation": ("open", DESKTOP, "light"),
    "questionnaire": ("questionnaire", DESKTOP, "light"),
    "resultats-telephone": ("results", PHONE, "light"),
    "questionnaire-telephone": ("questionnaire", PHONE, "light"),
    "sombre": ("questionnaire", DESKTOP, "dark"),
    "hors-ligne": ("error", PHONE, "light"),
    "pleine-page": ("page", DESKTOP, "light"),
}


@pytest.mark.parametrize("name", CAPTURES)
def test_pictures_of_the_documentation(opener: Opener, captures: Path, name: str) -> None:
    """Each state can be drawn; `REWRITE=1` keeps the pictures."""
    state, size, scheme = CAPTURES[name]
    widget = opener(size, color_scheme=scheme)
    in_state(widget, state)
    widget.page.wait_for_timeout(200)
    picture = widget.page.screenshot(path=captures / f"{name}.png" if os.environ.get("REWRITE") else None)
    assert len(picture) > 5_000
