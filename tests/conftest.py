"""What pytest must tear down after every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.core.cache import cache
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

from config import messages
from programme import own
from programme.models import Installation
from tests import schema


def pytest_configure(config: pytest.Config) -> None:
    """Pages are tried in their languages as they are written now, not as they were compiled last week."""
    if not hasattr(config, "workerinput"):
        messages.compile_catalogs()


WITH_A_WORLD = ("tests/printing/", "tests/supervision/test_two_programmes.py", "tests/certificates/test_moving.py")
"""Files whose tests begin from one world, made once: two workers would make it twice."""


class TwoStages(LoadScopeScheduling):
    """Every test goes to whichever worker is free, but the flows in two lots: a lot shares a stage, dear to make.

    And a file ``WITH_A_WORLD`` in one piece.
    """

    def _split_scope(self, nodeid: str) -> str:
        # Not a mark: xdist 3.8 writes its groups into names that pytest 9.2 no longer reads.
        file = nodeid.partition("::")[0]
        if file.startswith("tests/flows/"):
            return f"flows {crc32(file.encode()) % 2}"
        return file if file.startswith(WITH_A_WORLD) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TwoStages:
    return TwoStages(config, log)


@pytest.fixture(scope="session")
def schema_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Where the workers of this run find the database that the first of them has migrated."""
    return schema.shared_folder(tmp_path_factory, request.config)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, schema_folder: Path
) -> Iterator[None]:
    """Stays in force until the test database has been made."""
    with pytest.MonkeyPatch.context() as patch:
        schema.lend_to_tests(schema_folder, patch)
        yield


@pytest.fixture(autouse=True)
def _forget_installation() -> Iterator[None]:
    """The process remembers what its database is; each test has a database of its own."""
    Installation.forget()
    own.forget()
    yield
    Installation.forget()
    own.forget()


@pytest.fixture(autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """Limits on tries count from nothing, and no test speaks the language of the one before."""
    with translation.override("en"):
        yield
    cache.clear()
