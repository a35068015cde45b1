"""What other apps keep in a module's folder: each registers a part, which is read, checked and written with the rest.

A lesson is the curriculum's; a question is not. The app that owns a kind of file hands over one object that knows
all of it (``Part``), in its ``AppConfig.ready()``; this package never learns what is inside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from curriculum.packs.model import Module, Pack, Problems, Reviewed, String


class Part(Protocol):
    """One kind of file beside the lessons of a module. What ``read`` returns is handed to all others."""

    name: str
    """Under this name its value stands in ``Module.parts``."""

    @property
    def files(self) -> Collection[str]:
        """The names of its files in a module's folder, such as ``questions.gift``."""

    def read(self, texts: Mapping[str, str], module: Module, problems: Problems) -> Any:
        """The value of the files in ``texts`` (``{name: text}``), everything wrong in them into ``problems``.

        Never raises for what a file says. A file that was not wholly understood is named in
        ``problems.unread``, so that nobody writes it again. Files are named by ``module.file(name)``.
        """

    def write(self, value: Any) -> Mapping[str, str]:
        """``{name: text}`` in canonical form; reading it again gives an equal value."""

    def minted(self, value: Any) -> Any:
        """``value`` with an id for whatever had none."""

    def strings(self, value: Any, module: Module) -> Iterator[String]:
        """Everything in ``value`` that is translated, in reading order; the keys are free of the lessons' own."""

    def check(self, value: Any, module: Module, pack: Pack, problems: Problems) -> None:
        """What is wrong between its own lines, and between them and the module; the prose is checked elsewhere."""

    def count(self, value: Any) -> Mapping[str, int]:
        """What a report says of it: ``{"questions": 18, ...}``."""

    def pieces(self, value: Any) -> Mapping[str, str]:
        """``{id: words}`` of what a trainer changes at one go, in its order; only what the database holds too."""

    def picked(self, pack: Any, desk: Any, chosen: Sequence[tuple[str, bool]]) -> Any:
        """A value of the pieces named in ``chosen``, in that order: ``(id, whether the pack's or the desk's)``."""

    def bring_in(
        self, value: Any, module: Module, texts: Mapping[str, Mapping[str, str]], stays: Collection[str]
    ) -> tuple[int, list[str]]:
        """Write it into the database, below the module's pages that are there.

        Returns how many texts were published, and a sentence for each that could not be.

        ``texts`` is ``{language: {key: text}}`` of what may be published: nothing missing, nothing outdated.
        ``stays``: ids of pieces at which the desk's own text stays, untouched.
        """

    def drafts(self, module_code: str, value: Any) -> Collection[str]:
        """The ids of pieces on which somebody is writing at the desk: there is a draft that learners do not see."""

    def take_out(self, value: Any, module: Module, said: Said) -> Any:
        """What the database says now, in the order and with the ids of ``value`` where they are the same things."""


class Said(Protocol):
    """Where a part puts the translations that it takes out of the database."""

    def __call__(
        self, language: str, key: str, text: str, *, made_from: str, reviewed: Reviewed | None = None
    ) -> None: ...


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Make ``part`` known; again with the same name replaces it. Raises ``ValueError`` when a file has two owners."""
    for other in _parts.values():
        if other.name != part.name and (both := set(other.files) & set(part.files)):
            raise ValueError(f"{', '.join(sorted(both))}: read by {other.name} and {part.name}")
    _parts[part.name] = part


def registered() -> list[Part]:
    """Every part, in the order of their names."""
    return [_parts[name] for name in sorted(_parts)]
