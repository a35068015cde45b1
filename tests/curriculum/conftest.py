"""What the curriculum's tests share: the smallest pack, brought in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.curriculum.pack import write_pack


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def bring_in(db: None, tmp_path: Path) -> Callable[..., Any]:
    """``bring_in({"old": "new"}, swahili=...)`` writes the small pack so and imports it."""
    from curriculum.actions import import_pack

    return lambda *changed, **texts: import_pack(write_pack(tmp_path, *changed, **texts))
