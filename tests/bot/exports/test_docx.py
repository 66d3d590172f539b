"""The document read back as a word processor reads it."""

import io
from collections.abc import Callable

from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.exports.docx import docx
from bot.positioning.booklet import Booklet


def test_one_section_a_competency_with_wording_level_example_and_room(booklet: Booklet) -> None:
    document = Document(io.BytesIO(docx(booklet)))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 2"]
    entries = [entry for bloc in booklet.blocs for entry in bloc.entries]
    assert headings == [entry.name for entry in entries]
    text = "\n".join(p.text for p in document.paragraphs)
    for entry in entries:
        assert entry.wording in text and entry.level_said in text
    assert "<script>alert(1)</script>" in text, "ce que la personne a écrit est là, comme du texte"
    assert text.count("Votre texte") == len(entries)


def test_it_is_french_and_names_nobody(booklet: Booklet) -> None:
    document = Document(io.BytesIO(docx(booklet)))
    assert document.core_properties.language == "fr-FR"
    assert document.core_properties.title == booklet.title
    assert document.core_properties.author == ""
    assert 'w:lang w:val="fr-FR"' in document.styles["Normal"].element.xml
    assert "w:tblHeader" in document.tables[0].rows[0]._tr.xml


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.text(max_size=200))
def test_no_text_breaks_it(story: str, with_story: Callable[[str], Booklet]) -> None:
    Document(io.BytesIO(docx(with_story(story))))
