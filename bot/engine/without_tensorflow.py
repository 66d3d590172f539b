"""Leave TensorFlow out of the server.

Rasa imports TensorFlow at start (320 MB, 3 s) for components that this project does not use. The server
puts a placeholder in its place: importing it and naming its classes works, using them says what is wrong.
``rasa train``, ``rasa test`` and ``rasa shell`` are not concerned: they load the real one.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import MutableSequence, Sequence
from types import ModuleType
from typing import Any

_ABSENT = ("tensorflow", "keras", "tensorflow_addons", "tensorflow_hub")


_REFUSAL = (
    "« {name} » demande TensorFlow, que le serveur ne charge pas. "
    "Réglez TENSORFLOW=true si config.yml emploie un composant qui s'en sert."
)


class _AbsentMeta(type):
    """Lets a placeholder class stand for any class, decorator or nested name."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Absent

    def __getitem__(cls, _: object) -> "type[_Absent]":
        return _Absent

    def __or__(cls, other: object) -> Any:
        return cls

    def __ror__(cls, other: object) -> Any:
        return cls


class _Absent(metaclass=_AbsentMeta):
    """Stands for anything of TensorFlow while modules are imported; can be subclassed, not used."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        # « @tf.function » on a method: hand the method back. Anything else is a real use.
        if cls is _Absent and len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]
        if cls is _Absent:
            return lambda decorated: decorated
        raise RuntimeError(_REFUSAL.format(name=cls.__name__))


class _AbsentModule(ModuleType):
    """A module whose every name is a placeholder."""

    __path__: MutableSequence[str] = []  # noqa: RUF012  never written: a package needs one
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Absent


class _AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers the imports of TensorFlow and of what is below it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in _ABSENT:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to execute."""


def leave_tensorflow_out() -> None:
    """Answer every later import of TensorFlow with the placeholder; no effect once the real one is there."""
    if "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _AbsentFinder())
