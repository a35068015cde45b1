"""The rest of the curriculum, brought into a demonstration that already answers.

Four modules in two languages are enough to begin; sixteen in four would keep a visitor waiting for minutes. The rest
comes in by the background queue, in bites so short that whoever writes meanwhile hardly waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import sleep

from django.conf import settings
from django.tasks import task

import curriculum.actions
from curriculum.models import ModulePage
from curriculum.packs import module_folders
from programme.models import Installation

PACK = Path(settings.BASE_DIR) / "packs" / "mentor-mother"
FIRST = ("p2", "s1", "m4", "d1")
FIRST_LANGUAGES = ("sw",)
LANGUAGES = ("sw", "pt", "fr")
A_BREATH = 0.5
"""Seconds between two bites, in which somebody else may write."""


def first_folders() -> list[Path]:
    """The modules with which the demonstration begins."""
    return [folder for folder in module_folders(PACK) if folder.name in FIRST]


def bites() -> Iterator[tuple[Path, str]]:
    """What is not there yet: a module's folder and one language of it, the modules that are there first."""
    there = set(ModulePage.objects.live().values_list("module__code", "locale__language_code"))
    for folder in sorted(module_folders(PACK), key=lambda folder: (folder.name not in FIRST, folder.name)):
        for language in LANGUAGES:
            if (folder.name.upper(), language) not in there:
                yield folder, language


@task(backend="background", queue_name="background")
def bring_in_the_rest() -> None:
    """Import what is missing; some minutes on a small machine. Broken off, it goes on where it was."""
    missing = list(bites())
    if not missing or not Installation.is_demo():
        return
    for folder, language in missing:
        # What a visitor wrote at the desk stays.
        curriculum.actions.import_pack(folder, decide=curriculum.actions.always("keep"), languages=(language,))
        sleep(A_BREATH)
    curriculum.actions.renew_references.enqueue()
