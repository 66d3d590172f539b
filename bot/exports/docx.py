"""The booklet as a document to go on writing: one section a competency, with room for the candidate's own text."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from bot.exports.plain import printable
from bot.exports.texts import BookletWords, booklet_words
from bot.positioning.booklet import Booklet, Entry
from referential.french_dates import french_date

if TYPE_CHECKING:
    from docx.document import Document

_ROOM = 4
"""Empty paragraphs left under each competency."""


def docx(booklet: Booklet) -> bytes:
    """Return a Word document, in French, with real headings and a table of contents."""
    document = _new(booklet)
    words = booklet_words()
    document.add_heading(printable(booklet.title), 0)
    document.add_paragraph(words.made_on.format(day=french_date(booklet.made_on)))
    _bullets(document, booklet.notices)
    _contents(document)
    if booklet.blocs:
        document.add_heading(words.table_caption, 1)
        _summary(document, booklet)
    steps = tuple(f"{step.title}. {step.text} {step.reason}" for step in booklet.steps)
    lists = ((words.strengths, booklet.strengths), (words.gaps, booklet.gaps), (words.steps, steps))
    for title, items in lists:
        document.add_heading(title, 1)
        _bullets(document, items or (words.none_yet,))
    if booklet.changes:
        document.add_heading(words.changes, 1)
        _bullets(document, booklet.changes)
    for bloc in booklet.blocs:
        document.add_heading(words.bloc.format(number=bloc.number, title=bloc.title), 1)
        document.add_paragraph(words.bloc_state.format(state=bloc.state, summary=bloc.summary))
        for entry in bloc.entries:
            _section(document, entry, booklet.fiche_code)
    document.add_paragraph(words.source.format(code=booklet.fiche_code, title=booklet.fiche_title))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _new(booklet: Booklet) -> "Document":
    """Return an empty document, titled, dated, in French, naming nobody."""
    # Imported here, as below: the server starts without it.
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = Document()
    made = datetime.combine(booklet.made_on, time(), UTC)
    properties = document.core_properties
    properties.title, properties.language, properties.author = booklet.title, "fr-FR", ""
    properties.created, properties.modified, properties.comments = made, made, ""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    normal.element.get_or_add_rPr().append(language)
    return document


def _bullets(document: "Document", items: Sequence[str]) -> None:
    for item in items:
        document.add_paragraph(printable(item), style="List Bullet")


def _summary(document: "Document", booklet: Booklet) -> None:
    """Add the table of levels by bloc, its header repeated on each page."""
    from docx.oxml import OxmlElement

    words = booklet_words()
    labels = [label for label, _ in booklet.blocs[0].counts]
    table = document.add_table(rows=1, cols=len(labels) + 2, style="Table Grid")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    rows = [[words.table_bloc, *labels, words.table_state]]
    for bloc in booklet.blocs:
        name = words.picture_bar.format(number=bloc.number)
        rows.append([name, *(str(count) for _, count in bloc.counts), bloc.state])
    for rank, texts in enumerate(rows):
        cells = table.rows[0].cells if rank == 0 else table.add_row().cells
        for cell, text in zip(cells, texts, strict=True):
            cell.text = text


def _section(document: "Document", entry: Entry, code: str) -> None:
    """Add one competency: official wording, level, example or prompts, room to write, documents."""
    words = booklet_words()
    document.add_heading(entry.name, 2)
    document.add_paragraph(f"{words.official.format(code=code)} : « {entry.wording} »", style="Quote")
    document.add_paragraph(_level(entry, words))
    document.add_paragraph(f"{words.story} :" if entry.story else words.no_story)
    if entry.story:
        document.add_paragraph(printable(entry.story), style="Intense Quote")
    _bullets(document, entry.prompts)
    document.add_heading(words.write_here, 3)
    for _ in range(_ROOM):
        document.add_paragraph()
    document.add_paragraph(f"{words.documents} :")
    _bullets(document, [f"☐ {name}" for name in entry.documents])


def _level(entry: Entry, words: BookletWords) -> str:
    parts = [f"{words.level} : {entry.level_label} ({entry.level_said})"]
    if entry.estimated:
        parts.append(words.estimated)
    if entry.change:
        parts.append(f"{words.change} : {entry.change}")
    return " – ".join(parts)


def _contents(document: "Document") -> None:
    """Add a table of contents, which the word processor fills when it opens the document."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = document.add_paragraph().add_run()
    for kind, text in (("begin", ""), ("", 'TOC \\o "1-2" \\h \\z \\u'), ("end", "")):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
        run._r.append(element)
