"""YAML files read into typed models, and written from them.

Every fault of a file is reported at once, in French, with its line.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString, LiteralScalarString

ModelT = TypeVar("ModelT", bound=BaseModel)
Location = tuple[Hashable, ...]
"""Keys and ranks that lead to a value, from the top of the file."""

_WIDTH = 110
_LONG = 80
"""Length from which a text gets lines of its own."""
_SHOWN = 60
"""Length to which a refused value is shown."""


@dataclass(frozen=True)
class Problem:
    """One fault, and where it stands."""

    message: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        """Return « fichier:ligne: message »."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}" if place else self.message


class DataError(Exception):
    """A data file is wrong. Holds every fault found in it."""

    problems: tuple[Problem, ...]

    def __init__(self, problems: Sequence[Problem | str]) -> None:
        """Keep the faults; a plain string is taken as it is."""
        self.problems = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))


@dataclass(frozen=True)
class Located(Generic[ModelT]):
    """A model with the lines of the file that it was read from."""

    model: ModelT
    file: str
    lines: Mapping[Location, int]

    def problem(self, message: str, *location: Hashable) -> Problem:
        """Return a fault placed at a location, or at the nearest one above it that the file has."""
        return Problem(message, self.file, _line_of(self.lines, location))


def load_model(path: Path, model: type[ModelT]) -> ModelT:
    """Read a YAML file into a model.

    Raises:
        DataError: the file is absent, is not YAML, or does not fit the model.
    """
    return load_located(path, model).model


def load_located(path: Path, model: type[ModelT]) -> Located[ModelT]:
    """Read a YAML file into a model, keeping line numbers for checks that come after.

    Raises:
        DataError: the file is absent, is not YAML, or does not fit the model.
    """
    data, lines = _read(path)
    try:
        return Located(model.model_validate(data), str(path), lines)
    except ValidationError as error:
        raise DataError([_problem(path, lines, e) for e in _own_faults(error)]) from None


def read_source_text(path: Path) -> str:
    """Return the text of a UTF-8 file, line ends untouched.

    Raises:
        DataError: the file is absent or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError([Problem("caractère illisible : le fichier n'est pas en UTF-8", str(path), line)]) from None
    except OSError as error:
        reason = (
            "fichier introuvable" if isinstance(error, FileNotFoundError) else f"fichier illisible ({error.strerror})"
        )
        raise DataError([Problem(reason, str(path))]) from None


# --- Reading --------------------------------------------------------------------------------------

_YAML_PROBLEMS = {
    "mapping values are not allowed here": "deux-points de trop (texte à mettre entre guillemets ?)",
    "could not find expected ':'": "deux-points attendus après une clé",
    "found character '\\t' that cannot start any token": "tabulation interdite : mettre des espaces",
    "found unexpected end of stream": "fin de fichier inattendue (guillemet non fermé ?)",
    "expected <block end>, but found": "retrait (indentation) incorrect",
    "found undefined alias": "renvoi (*) vers une ancre qui n'existe pas",
    "could not determine a constructor": "étiquette (!) inconnue",
    "expected a single document": "un seul document attendu par fichier",
}


def _read(path: Path) -> tuple[Any, dict[Location, int]]:
    """Return the data of a YAML file, with the line of each key and item."""
    text = read_source_text(path)
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
        if root is None:
            raise DataError([Problem("le fichier est vide", str(path))])
        builder = _Builder(yaml, str(path))
        data = builder.build(root, (), frozenset())
    except YAMLError as error:
        raise DataError([_syntax_problem(path, error)]) from None
    except RecursionError:
        raise DataError([Problem("YAML trop imbriqué", str(path))]) from None
    if builder.problems:
        raise DataError(builder.problems)
    return data, builder.lines


class _Builder:
    """Builds plain data from YAML nodes. The library's own construction would lose the lines."""

    def __init__(self, yaml: YAML, file: str) -> None:
        self._constructor = yaml.constructor
        self._file = file
        self.lines: dict[Location, int] = {}
        self.problems: list[Problem] = []

    def build(self, node: Node, location: Location, above: frozenset[int]) -> Any:
        """Return the value of a node."""
        self.lines.setdefault(location, node.start_mark.line + 1)
        if id(node) in above:
            self._report("renvoi (*) vers un bloc qui le contient", node)
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, location, above | {id(node)})
        if isinstance(node, SequenceNode):
            return [self.build(item, (*location, rank), above | {id(node)}) for rank, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, location: Location, above: frozenset[int]) -> dict[Hashable, Any]:
        built: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = self._scalar(key_node)
            if key in built:
                first = self.lines[(*location, key)]
                self._report(f"{_spelt((*location, key))} : clé déjà présente ligne {first}", key_node)
                continue
            self.lines[(*location, key)] = key_node.start_mark.line + 1
            built[key] = self.build(value_node, (*location, key), above)
        return built

    def _scalar(self, node: Node) -> Any:
        if isinstance(node, MappingNode | SequenceNode):
            self._report("une clé doit être un mot simple", node)
            return None
        try:
            return self._constructor.construct_object(node)
        except (ValueError, OverflowError):
            self._report(f"valeur impossible : « {_cut(str(node.value))} »", node)
            return None

    def _report(self, message: str, node: Node) -> None:
        self.problems.append(Problem(message, self._file, node.start_mark.line + 1))


def _syntax_problem(path: Path, error: YAMLError) -> Problem:
    said = str(getattr(error, "problem", None) or error).splitlines()[0]
    french = next((f for start, f in _YAML_PROBLEMS.items() if said.startswith(start)), said)
    mark = error.problem_mark or error.context_mark if isinstance(error, MarkedYAMLError) else None
    return Problem(f"YAML incorrect : {french}", str(path), mark.line + 1 if mark else 0)


# --- Faults of pydantic, in French ----------------------------------------------------------------

_MESSAGES = {
    "missing": "clé manquante",
    "extra_forbidden": "clé inconnue",
    "string_type": "texte attendu",
    "int_type": "nombre entier attendu",
    "int_parsing": "nombre entier attendu",
    "int_from_float": "nombre entier attendu",
    "float_type": "nombre attendu",
    "float_parsing": "nombre attendu",
    "bool_type": "« true » ou « false » attendu",
    "bool_parsing": "« true » ou « false » attendu",
    "list_type": "liste attendue",
    "tuple_type": "liste attendue",
    "set_type": "liste attendue",
    "frozen_set_type": "liste attendue",
    "dict_type": "clés et valeurs attendues",
    "mapping_type": "clés et valeurs attendues",
    "model_type": "clés et valeurs attendues",
    "model_attributes_type": "clés et valeurs attendues",
    "none_required": "valeur vide attendue",
    "date_type": "date attendue (AAAA-MM-JJ)",
    "date_parsing": "date attendue (AAAA-MM-JJ)",
    "date_from_datetime_parsing": "date attendue (AAAA-MM-JJ)",
    "date_from_datetime_inexact": "date attendue, sans heure (AAAA-MM-JJ)",
    "enum": "une de ces valeurs attendue : {expected}",
    "literal_error": "une de ces valeurs attendue : {expected}",
    "string_pattern_mismatch": "forme attendue : {pattern}",
    "string_too_short": "texte trop court (au moins {min_length} caractère(s))",
    "string_too_long": "texte trop long (au plus {max_length} caractères)",
    "too_short": "liste trop courte ({actual_length} au lieu d'au moins {min_length})",
    "too_long": "liste trop longue (au plus {max_length})",
    "greater_than": "nombre plus grand que {gt} attendu",
    "greater_than_equal": "nombre d'au moins {ge} attendu",
    "less_than": "nombre plus petit que {lt} attendu",
    "less_than_equal": "nombre d'au plus {le} attendu",
    "url_parsing": "adresse internet attendue",
    "url_type": "adresse internet attendue",
}
_WITHOUT_VALUE = {"missing", "extra_forbidden", "value_error", "assertion_error", "too_short", "too_long"}


def french_message(error: ErrorDetails) -> str:
    """Say a fault found by pydantic in French."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in ("value_error", "assertion_error"):
        message = str(context.get("error", error["msg"]))
    elif kind in _MESSAGES:
        message = _MESSAGES[kind].format(**context).replace(" or ", " ou ")
    else:
        message = f"valeur refusée ({error['msg']})"
    if kind in _WITHOUT_VALUE or isinstance(error["input"], dict | list | BaseModel):
        return message
    shown = "rien" if error["input"] is None else f"« {_cut(str(error['input']))} »"
    return f"{message}, et non {shown}"


def _own_faults(error: ValidationError) -> list[ErrorDetails]:
    """Return the faults, without those of a list found too short only because its items are wrong."""
    faults = error.errors(include_url=False)
    places = [fault["loc"] for fault in faults]

    def follows_from_items(fault: ErrorDetails) -> bool:
        place = fault["loc"]
        inside = any(len(other) > len(place) and other[: len(place)] == place for other in places)
        return fault["type"] == "too_short" and inside

    return [fault for fault in faults if not follows_from_items(fault)]


def _problem(path: Path, lines: Mapping[Location, int], error: ErrorDetails) -> Problem:
    location: Location = tuple(part for part in error["loc"] if part != "[key]")
    spelt = _spelt(location)
    message = french_message(error)
    return Problem(f"{spelt} : {message}" if spelt else message, str(path), _line_of(lines, location))


def _line_of(lines: Mapping[Location, int], location: Location) -> int:
    """Return the line of a location, or of the nearest one above it: what is missing has no line."""
    for length in range(len(location), -1, -1):
        if location[:length] in lines:
            return lines[location[:length]]
    return 1


def _spelt(location: Location) -> str:
    """Return « entries[0].topic »."""
    spelt = ""
    for part in location:
        spelt += f"[{part}]" if isinstance(part, int) else f".{part}"
    return spelt.removeprefix(".")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


# --- Writing --------------------------------------------------------------------------------------


def dump_model(model: BaseModel, path: Path, *, command: str, source: str) -> None:
    """Write a model as a readable YAML file.

    Args:
        model: what to write; keys come in the order of the fields.
        path: file to write.
        command: command that generates the file, named in its header.
        source: what the file is generated from, named in its header.
    """
    header = [
        "# Fichier généré : ne le modifiez pas à la main, votre changement serait perdu.",
        f"# Source : {source}",
        f"# Commande : {command}",
    ]
    yaml = YAML()
    yaml.width = _WIDTH  # type: ignore[assignment]  # the library types its default, None
    yaml.indent(mapping=2, sequence=4, offset=2)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in header)
        yaml.dump(_plain(model), file)


def _plain(value: Any) -> Any:
    """Return what YAML can write; an empty optional field is left out, which reads back the same."""
    if isinstance(value, BaseModel):
        return {name: _plain(field) for name, field in _written_fields(value)}
    if isinstance(value, Mapping):
        return {_plain_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return _laid_out(value)
    if isinstance(value, Sequence | set | frozenset):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | date):
        return value
    raise TypeError(f"YAML ne sait pas écrire {type(value).__name__}")


def _plain_key(key: Any) -> Any:
    plain = _plain(key)
    # A key stays on its line, however long.
    return str(key) if isinstance(plain, FoldedScalarString | LiteralScalarString) else plain


def _written_fields(model: BaseModel) -> Iterator[tuple[str, Any]]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if value is not None or field.is_required():
            yield name, value


def _laid_out(text: str) -> str:
    """Give a long text lines of its own, when the block forms of YAML can hold it exactly."""
    lines = text.split("\n")
    laid_out: str = text
    if not all(line.isprintable() for line in lines):
        # Only between double quotes does the library escape every character that YAML reads as a line end.
        laid_out = DoubleQuotedScalarString(text)
    elif not all(line and line == line.strip() for line in lines):
        pass
    elif len(lines) > 1:
        laid_out = LiteralScalarString(text)
    elif len(text) >= _LONG and "  " not in text:
        laid_out = FoldedScalarString(text)
    return laid_out
