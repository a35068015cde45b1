"""What ``check_pack --fix`` adds to a pack: ids, marks of what a country has seen, empty files for translators."""

from __future__ import annotations

from curriculum.packs import ids, lessons, parts
from curriculum.packs.model import Block, Lesson, Module, Pack, Translation


def mint_missing(pack: Pack) -> None:
    """Give everything in ``pack`` what it needs and has not; what is there stays."""
    for module in pack.all_modules():
        for kind, found in (("objectives", module.objectives), ("practice", module.steps)):
            for item in found:
                item.id = item.id or lessons.new_item_id(kind, found)
        for lesson in module.lessons:
            _mint_in_lesson(lesson, shared_blocks(pack, module, lesson))
        for part in parts.registered():
            if part.name in module.parts:
                module.parts[part.name] = part.minted(module.parts[part.name])
        if module.lessons:
            for language in pack.languages:
                module.translations.setdefault(language, Translation(language, file=module.file(f"po/{language}.po")))


def _mint_in_lesson(lesson: Lesson, shared: dict[str, Block]) -> None:
    taken = {block.id for block in lesson.blocks} | shared.keys()
    for block in lesson.blocks:
        if not block.id and block.place != "replaces":
            block.id = ids.mint(lessons.said_by(block), taken)
            taken.add(block.id)
        for item in block.items:
            item.id = item.id or lessons.new_item_id(block.kind, block.items)
        if block.place == "replaces" and not block.seen and block.of in shared:
            block.seen = ids.mark_of(lessons.said_by(shared[block.of]))


def shared_blocks(pack: Pack, module: Module, lesson: Lesson) -> dict[str, Block]:
    """The blocks of the shared lesson beside which a country's lesson stands; none for a shared lesson itself."""
    if not module.country:
        return {}
    folder = module.folder.split("/")[-1]
    return {
        block.id: block
        for other in pack.modules
        if other.folder == folder
        for each in other.lessons
        if each.id == lesson.id
        for block in each.blocks
    }
