"""What the tests of printing start from: a module that takes seconds to bring in, made once for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from tests.printing.making import World, make_world


@pytest.fixture(scope="module")
def stage(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """A world in a transaction that each test begins inside and leaves as it was; taken back at the end."""
    folder = tmp_path_factory.mktemp("printing")
    media = folder / "media"
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=str(media)):
            world = make_world(folder)
        yield world, media
        transaction.set_rollback(True)


@pytest.fixture
def papers(tmp_path: Path, settings: Any) -> Path:
    """The storage of this test alone."""
    folder = tmp_path / "papers"
    settings.STORAGES = settings.STORAGES | {
        "papers": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        }
    }
    return folder


@pytest.fixture
def world(stage: tuple[World, Path], db: None, papers: Path, settings: Any) -> World:
    world, media = stage
    settings.MEDIA_ROOT = str(media)
    return world.anew()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()
