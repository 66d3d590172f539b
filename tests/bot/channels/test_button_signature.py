from hypothesis import given
from hypothesis import strategies as st

from bot.channels.button_signature import message_for_rasa, signed

KEY = b"k"


@given(payload=st.text(min_size=1).map(lambda text: f"/{text}"), sender=st.text())
def test_a_signed_payload_is_handed_over_as_it_is(payload: str, sender: str) -> None:
    assert message_for_rasa(signed(payload, sender, KEY), sender, KEY) == payload


@given(text=st.text())
def test_an_unsigned_text_is_never_a_command(text: str) -> None:
    assert not message_for_rasa(text, "a", KEY).strip().startswith("/")


@given(text=st.text().filter(lambda text: "/" not in text))
def test_plain_text_is_untouched(text: str) -> None:
    assert message_for_rasa(text, "a", KEY) == text


def test_another_conversation_or_another_key_is_refused() -> None:
    offered = signed("/blocs", "a", KEY)
    assert message_for_rasa(offered, "b", KEY) != "/blocs"
    assert message_for_rasa(offered, "a", b"other") != "/blocs"
