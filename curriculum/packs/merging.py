"""A pack, the desk, and what was brought in last: which of two texts stays, piece by piece.

A piece is what a trainer changes at one go: a title, a block, a line of a checklist, a question, one text in one
language. It is compared three ways. Unchanged at the desk since the last import: the pack's is taken. Changed at the
desk only: the desk's stays. Changed in both: a conflict, which somebody decides; the desk's later edit is never
overwritten in silence. Nothing here knows the database.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from curriculum.packs import parts, po
from curriculum.packs.model import Block, Entry, Item, Lesson, Module, Translation, Word
from curriculum.packs.pieces import Last, Place, block_text, entry_hash, hash_of, item_text, pieces, word_text
from curriculum.packs.strings import strings

Decision = Literal["keep", "replace"]
What = Literal["new", "changed", "removed", "kept", "conflict"]
Why = Literal["", "both", "unknown", "removed_here", "removed_there", "draft", "added_here", "unpublished"]


@dataclass(frozen=True)
class Change:
    """What an import does, or would do, at one place, with both texts; ``why`` tells what stands against it."""

    place: Place
    what: What
    desk: str = ""
    pack: str = ""
    why: Why = ""
    decided: Decision | None = None

    @property
    def lesson(self) -> str:
        """``l1`` of ``l1.km1e``; empty for what belongs to no lesson."""
        name = self.place.key.partition(".")[0]
        return name if name[:1] == "l" and name[1:].isdigit() else ""


@dataclass
class Merged:
    """What is to be brought in of one module, and how it differs from what is at the desk."""

    module: Module | None
    """The module with the desk's words where they stay; ``None`` when it stays as it is."""
    changes: list[Change] = field(default_factory=list)
    as_is: set[Place] = field(default_factory=set)
    """Places at which nothing is written: the desk says the same, or what it says stays."""
    kept: set[Place] = field(default_factory=set)
    """Those of them at which the desk says something else than the pack."""

    @property
    def undecided(self) -> list[Change]:
        return [change for change in self.changes if change.what == "conflict" and change.decided is None]

    def stays(self, key: str, language: str = "") -> bool:
        """Whether nothing is written at ``key``."""
        return self.module is not None and Place(self.module.code, language, key) in self.as_is

    def entry(self, key: str, language: str) -> Entry | None:
        """What is to be said at ``key`` in ``language``."""
        translation = self.module.translations.get(language) if self.module is not None else None
        return translation.entries.get(key) if translation is not None else None

    @property
    def kept_keys(self) -> set[str]:
        """The keys of pieces in the source language at which the desk's own words stay."""
        return {place.key for place in self.kept if not place.language}


def merge(
    pack: Module,
    desk: Module | None,
    last: Mapping[Place, Last],
    *,
    decide: Callable[[Place], Decision | None] = lambda place: None,
    drafts: Collection[str] = (),
    unpublished: Collection[str] = (),
) -> Merged:
    """``pack`` over ``desk``, which is ``None`` where there is no such module yet.

    ``drafts``: keys of lessons, questions and ``module`` on which somebody is writing at the desk: whatever would
    change there is a conflict. ``unpublished``: lessons that were taken back at the desk; they stay so.
    """
    return _Merging(pack, desk, last, decide, frozenset(drafts), frozenset(unpublished)).merged()


class _Merging:
    """One module being compared."""

    def __init__(
        self,
        pack: Module,
        desk: Module | None,
        last: Mapping[Place, Last],
        decide: Callable[[Place], Decision | None],
        drafts: frozenset[str],
        unpublished: frozenset[str],
    ) -> None:
        self.pack, self.desk, self.last, self.decide = pack, desk or Module(pack.folder, pack.code), last, decide
        self.drafts, self.unpublished = drafts, unpublished
        self.is_new = desk is None
        self.found = Merged(replace(pack))

    def merged(self) -> Merged:
        module = self.found.module
        assert module is not None  # noqa: S101 -- it was made a line above
        for name in ("title", "cover_title", "hours"):
            setattr(module, name, self._field(name, getattr(self.desk, name), getattr(self.pack, name), "module"))
        module.objectives = self._list("objective", self.desk.objectives, self.pack.objectives, item_text, "module")
        module.steps = self._list("practice", self.desk.steps, self.pack.steps, item_text, "module")
        module.others = self.desk.others | self.pack.others
        desk = {lesson.id: lesson for lesson in self.desk.lessons}
        module.lessons = [
            kept for one in self.pack.lessons if (kept := self._lesson(one, desk.get(one.id))) is not None
        ]
        here = {lesson.id for lesson in self.pack.lessons}
        for lesson in self.desk.lessons:
            if lesson.id not in here and Place(self.pack.code, "", f"{lesson.id}.title") in self.last:
                self._tell(lesson.id, "kept", lesson.title, "", "removed_there")
        module.words = [self._word(word) for word in self.pack.words]
        module.parts = dict(self.pack.parts)
        for part in parts.registered():
            if part.name in self.pack.parts:
                module.parts[part.name] = self._part(part)
        module.translations = self._translations(module)
        return self.found

    # ---------------------------------------------------------------- one piece

    def _tell(
        self,
        key: str,
        what: What,
        desk: str,
        pack: str,
        why: Why = "",
        decided: Decision | None = None,
        language: str = "",
    ) -> None:
        self.found.changes.append(Change(Place(self.pack.code, language, key), what, desk, pack, why, decided))

    def _takes_pack(self, key: str, desk: str | None, pack: str | None, page: str) -> bool:
        """Whether the pack's is taken at ``key``; where it is not, the desk stays as it is."""
        place = Place(self.pack.code, "", key)
        if desk == pack:
            self.found.as_is.add(place)
            return True
        was = self.last[place].hash if place in self.last else None
        what, why = self._judged(was, desk, pack)
        if what in ("new", "changed", "removed") and page in self.drafts:
            what, why = "conflict", "draft"
        decided = self.decide(place) if what == "conflict" else None
        self._tell(key, what, desk or "", pack or "", why, decided)
        takes = decided == "replace" if what == "conflict" else what != "kept"
        if not takes:
            self._stays(place)
        return takes

    def _stays(self, place: Place) -> None:
        self.found.as_is.add(place)
        self.found.kept.add(place)

    def _judged(self, was: str | None, desk: str | None, pack: str | None) -> tuple[What, Why]:
        here = None if desk is None else hash_of(desk)
        there = None if pack is None else hash_of(pack)
        if desk is None:
            if was is None or self.is_new:
                return "new", ""
            return ("kept", "removed_here") if there == was else ("conflict", "removed_here")
        if pack is None:
            if was is None:
                return "kept", "added_here"
            return ("removed", "") if here == was else ("conflict", "removed_there")
        if was is None:
            return ("changed", "") if self.is_new else ("conflict", "unknown")
        if here == was:
            return "changed", ""
        return ("kept", "") if there == was else ("conflict", "both")

    def _field[T](self, key: str, desk: T, pack: T, page: str) -> T:
        mine = None if self.is_new else str(desk)
        return pack if self._takes_pack(key, mine, str(pack), page) else desk

    # ---------------------------------------------------------------- lists

    def _list[T: Item | Block](
        self, stem: str, desk: Sequence[T], pack: Sequence[T], text_of: Callable[[T], str], page: str
    ) -> list[T]:
        here, there = {thing.id: thing for thing in desk}, {thing.id: thing for thing in pack}
        chosen = self._chosen(
            stem,
            f"{stem}.order",
            {name: text_of(thing) for name, thing in here.items()},
            {name: self._text_in_pack(thing, text_of) for name, thing in there.items()},
            page,
        )
        return [there[name] if takes_pack else here[name] for name, takes_pack in chosen]

    def _text_in_pack(self, thing: Any, text_of: Callable[[Any], str]) -> str:
        return block_text(thing, self.pack) if isinstance(thing, Block) else text_of(thing)

    def _chosen(
        self, stem: str, order_key: str, desk: Mapping[str, str], pack: Mapping[str, str], page: str
    ) -> list[tuple[str, bool]]:
        """``(id, whether the pack's)`` of what is in the list afterwards, in its order."""
        takes: dict[str, bool] = {}
        for name in dict.fromkeys([*pack, *desk]):
            key = f"{stem}.{name}" if stem else name
            own_page = page or name
            takes_pack = self._takes_pack(key, desk.get(name), pack.get(name), own_page)
            if name in (pack if takes_pack else desk):
                takes[name] = takes_pack
        return [(name, takes[name]) for name in self._order(order_key, list(desk), list(pack), takes, page)]

    def _order(
        self, key: str, desk: Sequence[str], pack: Sequence[str], stays: Collection[str], page: str
    ) -> list[str]:
        """The ids in ``stays`` in the order of whoever moved them last; what only the other has stands where it was."""
        both = [name for name in desk if name in pack and name in stays]
        theirs = [name for name in pack if name in desk and name in stays]
        leads_desk = False
        if both != theirs:
            place = Place(self.pack.code, "", key)
            was = [name for name in self.last[place].order if name in both] if place in self.last else []
            what, why = self._judged(hash_of(" ".join(was)) if was else None, " ".join(both), " ".join(theirs))
            if what == "changed" and page in self.drafts:
                what, why = "conflict", "draft"
            decided = self.decide(place) if what == "conflict" else None
            self._tell(key, what, " ".join(both), " ".join(theirs), why, decided)
            leads_desk = what == "kept" or (what == "conflict" and decided != "replace")
        first, second = (desk, pack) if leads_desk else (pack, desk)
        found = [name for name in first if name in stays]
        for place_, name in enumerate(second):
            if name in stays and name not in found:
                before = next((other for other in reversed(second[:place_]) if other in found), None)
                found.insert(found.index(before) + 1 if before is not None else 0, name)
        return found

    # ---------------------------------------------------------------- lessons, words, parts

    def _lesson(self, pack: Lesson, desk: Lesson | None) -> Lesson | None:
        if desk is None:
            if not self.is_new and pack.id in self.unpublished:
                self._tell(pack.id, "kept", "", pack.title, "unpublished")
                return None
            desk = Lesson(pack.id)
            if self.is_new or Place(self.pack.code, "", f"{pack.id}.title") not in self.last:
                return self._new_lesson(pack)
            decided = None
            if all(self.last.get(place) == piece for place, piece in self._pieces_of(pack)):
                self._tell(pack.id, "kept", "", pack.title, "removed_here")
                return None
            place = Place(self.pack.code, "", pack.id)
            decided = self.decide(place)
            self._tell(pack.id, "conflict", "", pack.title, "removed_here", decided)
            return pack if decided == "replace" else None
        title = self._field(f"{pack.id}.title", desk.title, pack.title, pack.id)
        minutes = self._field(f"{pack.id}.minutes", desk.minutes, pack.minutes, pack.id)
        blocks = self._list(pack.id, desk.blocks, pack.blocks, lambda block: block_text(block, self.desk), pack.id)
        return replace(pack, title=title, minutes=minutes, blocks=blocks)

    def _new_lesson(self, pack: Lesson) -> Lesson:
        self._tell(f"{pack.id}.title", "new", "", pack.title)
        for block in pack.blocks:
            self._tell(f"{pack.id}.{block.id}", "new", "", block_text(block, self.pack))
        return pack

    def _pieces_of(self, lesson: Lesson) -> list[tuple[Place, Last]]:
        found = pieces(Module(self.pack.folder, self.pack.code, lessons=[lesson], others=self.pack.others))
        return [(place, piece) for place, piece in found.items() if place.key.startswith(f"{lesson.id}.")]

    def _word(self, pack: Word) -> Word:
        desk = next((word for word in self.desk.words if word.key == pack.key), None)
        takes = self._takes_pack(
            f"glossary.{pack.key}", word_text(desk) if desk else None, word_text(pack), f"glossary.{pack.key}"
        )
        return pack if takes or desk is None else desk

    def _part(self, part: parts.Part) -> Any:
        mine, theirs = self.desk.parts.get(part.name), self.pack.parts[part.name]
        chosen = self._chosen(
            "", f"{part.name}.order", part.pieces(mine) if mine is not None else {}, part.pieces(theirs), ""
        )
        return part.picked(theirs, mine, chosen)

    # ---------------------------------------------------------------- translations

    def _translations(self, module: Module) -> dict[str, Translation]:
        found: dict[str, Translation] = {}
        now = {string.key: string.text for string in strings(module)}
        offered = {string.key: string.text for string in strings(self.pack)}
        for language, pack in self.pack.translations.items():
            desk = self.desk.translations.get(language, Translation(language))
            chosen = Translation(language, file=pack.file)
            for key, source in now.items():
                mine, theirs = desk.entries.get(key), pack.entries.get(key)
                is_offered = theirs is not None and po.state_of(theirs, offered.get(key, "")) in ("draft", "reviewed")
                if theirs is not None and is_offered and theirs.made_from == source:
                    chosen.entries[key] = self._entry(key, language, mine, theirs)
                elif mine is not None:
                    self._stays(Place(self.pack.code, language, key))
                    chosen.entries[key] = mine
                elif theirs is not None:
                    chosen.entries[key] = theirs
            found[language] = chosen
        return found

    def _entry(self, key: str, language: str, desk: Entry | None, pack: Entry) -> Entry:
        place = Place(self.pack.code, language, key)
        was = self.last[place].hash if place in self.last else None
        if desk is None or not desk.text:
            if was != entry_hash(pack) or self.is_new:
                self._tell(key, "new", "", pack.text, language=language)
            return pack
        if desk.text == pack.text:
            return pack
        what, why = self._judged_entry(was, desk, pack)
        if what == "changed" and f"{key.partition('.')[0]}@{language}" in self.drafts:
            what, why = "conflict", "draft"
        decided = self.decide(place) if what == "conflict" else None
        self._tell(key, what, desk.text, pack.text, why, decided, language)
        if what == "changed" or decided == "replace":
            return pack
        self._stays(place)
        return desk

    def _judged_entry(self, was: str | None, desk: Entry, pack: Entry) -> tuple[What, Why]:
        if was is None:
            return "conflict", "unknown"
        if entry_hash(desk) == was:
            return "changed", ""
        return ("kept", "") if entry_hash(pack) == was else ("conflict", "both")
