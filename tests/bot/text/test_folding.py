"""Folding: texts that a person reads as the same are compared as the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.folding import fold, fold_aligned, without_control_characters, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élève à l’ÉCOLE", "eleve a l'ecole"),
        ("  deux\n\tespaces\u00a0durs ", "deux espaces durs"),
        ("Mise en Œuvre, cæcum", "mise en oeuvre, caecum"),
        ("l‘un ʼ l`autre ´", "l'un ' l'autre '"),
        ("e\u0301valuation", "evaluation"),
        ("ﬁche n° ½", "fiche n° 1⁄2"),
        ("ÇA NOËL", "ca noel"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"])))
def test_a_folded_text_has_no_accent_and_no_double_space(text: str) -> None:
    folded = fold(text)
    assert "  " not in folded
    assert folded == folded.strip()
    assert not any(unicodedata.combining(c) for c in folded)


@given(st.text())
def test_aligned_folding_keeps_the_length(text: str) -> None:
    assert len(fold_aligned(text)) == len(text)


@pytest.mark.parametrize("text", ["Le métier visé, à l’été", "RNCP41402BC01", "École 2"])
def test_aligned_folding_reads_like_folding(text: str) -> None:
    assert fold_aligned(text) == fold(text)


@pytest.mark.parametrize("text", ["œuvre", "½ bloc", "e\u0301 bloc 3", "🙂 bloc 3", "ﬁche 3"])
def test_aligned_offsets_point_into_the_text(text: str) -> None:
    folded = fold_aligned(text)
    assert len(folded) == len(text)
    if "bloc 3" in text:
        start = folded.index("bloc 3")
        assert text[start : start + 6] == "bloc 3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'encadrant d’équipe, 2 blocs !", ["l", "encadrant", "d", "equipe", "2", "blocs"]),
        ("moniteur-éducateur", ["moniteur", "educateur"]),
        ("?!…", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1b[0m", "ab[0m"),
        ("ligne\n\tsuite", "ligne\n\tsuite"),
        ("droite\u202eà gauche\u200b", "droiteà gauche"),
        ("seul\ud800", "seul"),
        ("Déjà, l’été 🙂", "Déjà, l’été 🙂"),
    ],
)
def test_control_characters_are_dropped(text: str, kept: str) -> None:
    assert without_control_characters(text) == kept


@given(st.text())
def test_nothing_that_can_be_read_is_dropped(text: str) -> None:
    kept = without_control_characters(text)
    assert [c for c in text if c.isprintable()] == [c for c in kept if c.isprintable()]
    assert without_control_characters(kept) == kept
