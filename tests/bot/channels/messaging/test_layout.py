"""Replies laid out: never beyond a provider's limits, no choice out of reach, no word lost."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messaging.contract import Limits
from bot.channels.messaging.layout import Menu, laid_out, picked, pieces
from bot.channels.messaging.providers import Messenger, Telegram, Twilio, WhatsApp

LIMITS = {
    "whatsapp": WhatsApp("a", "b", "c", "d").limits,
    "telegram": Telegram("a", "b").limits,
    "facebook": Messenger("a", "b", "c").limits,
    "twilio": Twilio("a", "b", "c").limits,
}
words = st.text(st.characters(categories=["L", "N", "P"], include_characters=" \n"), min_size=1, max_size=3000)
choices = st.lists(
    st.tuples(st.text("abcdé ", min_size=1, max_size=60).filter(str.strip), st.uuids().map(str)), max_size=20
)
replies = st.lists(st.tuples(words.filter(str.strip), choices), min_size=1, max_size=4)


@given(replies=replies, limits=st.sampled_from(sorted(LIMITS)))
def test_every_limit_is_kept_and_every_choice_can_be_made(
    replies: list[tuple[str, list[tuple[str, str]]]], limits: str
) -> None:
    allowed = LIMITS[limits]
    laid = laid_out(replies, allowed, "7")
    for part in laid.parts:
        assert 1 <= len(part.text) <= allowed.text
        if part.buttons:
            assert len(part.buttons) <= allowed.buttons and len(part.text) <= allowed.body_with_buttons
            assert all(len(option.title) <= allowed.button_title for option in part.buttons)
        if part.rows:
            assert len(part.rows) <= allowed.rows and len(part.text) <= allowed.body_with_list
            assert all(len(option.title) <= allowed.row_title for option in part.rows)
        assert all(len(option.id.encode()) <= 64 for option in (*part.buttons, *part.rows))
    asked = {choice for _, offered in replies for choice in offered}
    assert set(laid.menu.choices) == asked
    if laid.menu.numbered:
        for rank, (_, payload) in enumerate(laid.menu.choices, 1):
            assert picked(laid.menu, f" {rank}. ") == payload
        assert re.search(rf"^{len(asked)}\. ", "\n".join(part.text for part in laid.parts), re.MULTILINE)
    elif asked:
        shown = [option.id for part in laid.parts for option in (*part.buttons, *part.rows)]
        assert shown == [f"7.{rank}" for rank in range(len(asked))]


@given(text=words, limit=st.integers(20, 400))
def test_cutting_loses_no_word(text: str, limit: int) -> None:
    cut = pieces(text, limit)
    assert all(0 < len(piece) <= limit for piece in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_a_text_is_cut_between_paragraphs_first() -> None:
    assert pieces("un paragraphe assez long\n\nun autre", 30) == ["un paragraphe assez long", "un autre"]
    assert pieces("Une phrase ici. Une autre phrase.", 20) == ["Une phrase ici.", "Une autre phrase."]


def test_levels_fit_a_list_of_whatsapp() -> None:
    titles = ["Pas encore", "Avec de l'aide", "Sans aide, d'habitude", "Même dans l'imprévu", "Je ne sais pas"]
    others = ["Un exemple", "Texte officiel", "Passer", "Faire une pause", "Question d'avant"]
    laid = laid_out(
        [("Noté.", []), ("Question ?", [(title, title) for title in titles + others])], LIMITS["whatsapp"], "1"
    )
    assert [len(part.rows) for part in laid.parts] == [0, 10]


def test_a_number_means_nothing_where_there_are_buttons() -> None:
    assert picked(Menu((("Oui", "/oui"),), numbered=False), "1") == ""
    assert picked(Menu((("Oui", "/oui"),), numbered=True), "2") == ""


def test_no_limits_no_choice() -> None:
    assert laid_out([], Limits(100), "1").parts == ()


def test_bold_is_written_as_each_service_writes_it() -> None:
    part = laid_out([("Le **bloc 2** :\n- un **point**\nhttps://exemple.fr", [])], LIMITS["whatsapp"], "1").parts[0]
    assert (
        WhatsApp("a", "b", "c", "d").calls("1", part)[0].body["text"]["body"].startswith("Le *bloc 2* :\n- un *point*")
    )
    assert Telegram("a", "b").calls("1", part)[0].body["text"] == "Le bloc 2 :\n- un point\nhttps://exemple.fr"
