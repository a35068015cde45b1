"""The small curriculum whose lessons are read aloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def library(begin_with: Callable[..., Any]) -> None:
    """One language is enough here, and half the time."""
    begin_with(swahili="")
