"""What the curriculum's tests share: the smallest pack, brought in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.curriculum.pack import write_pack
from tests.remembered import remembered


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def bring_in(db: None, tmp_path: Path) -> Callable[..., Any]:
    """``bring_in({"old": "new"}, swahili=...)`` writes the small pack so and imports it."""
    from curriculum.actions import import_pack

    return lambda *changed, **texts: import_pack(write_pack(tmp_path, *changed, **texts))


@pytest.fixture
def begin_with(db: None, tmp_path: Path) -> Callable[..., Any]:
    """The same for tests that begin there: what the import gave before is put there again."""
    from curriculum.actions import import_pack

    def _begin(*changed: Any, **texts: Any) -> Any:
        pack = write_pack(tmp_path, *changed, **texts)
        return remembered(lambda: import_pack(pack), pack)

    return _begin
