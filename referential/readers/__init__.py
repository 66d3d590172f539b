"""Readers: each turns a published form of a fiche into :class:`referential.model.Fiche`.

A reader of another form (the XML export, say) is one more module here and one more line in ``_READERS``:
all that comes after works on the model and on nothing else.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from referential.model import Fiche
from referential.readers.text import Manifest, read_text
from referential.yaml_files import DataError, Problem, load_model, read_source_text

_READERS: Mapping[str, Callable[[str, Manifest, Path], Fiche]] = {".txt": read_text}


def manifest_path(source: Path) -> Path:
    """Return where the manifest of a source is, unless told otherwise: beside it."""
    return source.with_suffix(".source.yml")


def read_source(source: Path, manifest: Path | None = None) -> Fiche:
    """Read a fiche from a published form, with the reader of its kind.

    Raises:
        DataError: the source or its manifest is absent or wrong, or no reader knows the kind.
    """
    reader = _READERS.get(source.suffix)
    if reader is None:
        known = ", ".join(_READERS)
        raise DataError([Problem(f"aucun lecteur pour « {source.suffix} » (formes lues : {known})", str(source))])
    text = read_source_text(source)
    return reader(text, load_model(manifest or manifest_path(source), Manifest), source)
