"""Which curriculum of this installation something belongs to. One that has only one has only ``""``.

Those who work with one curriculum, and those who learn from it, find nothing of another: no page, word or value.
"""

from __future__ import annotations

from curriculum import packs
from curriculum.models import Fact, GlossaryEntry, KeptPack, Module, Strand
from curriculum.packs import toml_text
from curriculum.packs.model import Problem, Problems
from curriculum.packs.reading import FACTS_FILE, MODULE_FILE, WORDS_FILE

LONGEST_STRAND_CODE = 20


def curriculum_of(pack_code: str, otherwise: str = "") -> str:
    """The curriculum that the pack called ``pack_code`` came into; ``otherwise`` when it has never come."""
    found = KeptPack.objects.filter(code=pack_code).values_list("curriculum", flat=True).first()
    return otherwise if found is None else found


def strand_code(curriculum: str, order: int) -> str:
    """The neutral code of the ``order``-th strand of ``curriculum``."""
    ending = f"strand-{order}"
    room = LONGEST_STRAND_CODE - len(ending) - 1
    return f"{curriculum[:room]}-{ending}" if curriculum else ending


def taken_elsewhere(pack: packs.Pack, curriculum: str) -> list[Problem]:
    """What ``pack`` calls its own and another curriculum already has: codes of modules, keys of words."""
    codes = [module.code for module in pack.modules]
    modules = set(
        Module.objects.filter(code__in=codes).exclude(strand__curriculum=curriculum).values_list("code", flat=True)
    )
    keys = {word.key for module in pack.modules for word in module.words}
    words = set(GlossaryEntry.objects.filter(key__in=keys).exclude(curriculum=curriculum).values_list("key", flat=True))
    problems = Problems()
    for module in pack.modules:
        if module.code in modules:
            problems.error(module.file(MODULE_FILE), 0, module.code, "this code cannot be used here; choose another")
        for word in module.words:
            if word.key in words:
                file = module.file(WORDS_FILE)
                problems.error(file, word.line, word.key, "this key cannot be used here; choose another")
    mine = pack.facts.get("facts", {})
    facts = Fact.objects.filter(key__in=mine).exclude(curriculum=curriculum).order_by("key")
    for key in facts.values_list("key", flat=True):
        problems.error(
            FACTS_FILE, toml_text.line_of(pack.facts_text, key), key, "this key cannot be used here; choose another"
        )
    return list(problems)


def curricula() -> list[str]:
    """Every curriculum there is. One query."""
    return sorted(set(Strand.objects.values_list("curriculum", flat=True)))


def is_known(pack_code: str) -> bool:
    """Whether the pack called ``pack_code`` has ever been brought in."""
    return KeptPack.objects.filter(code=pack_code).exists()
