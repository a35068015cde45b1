"""One measured value with its budget, and how a list of them is printed."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measure:
    """``budget`` is the most the value may be, or the least when ``at_least``; ``None`` where there is none.

    ``peers`` are the figures of Moodle 4.5.5 and Kolibri 0.19.5 with the same lesson (design, section 7).
    """

    bench: str
    measure: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False
    peers: tuple[str, str] = ("-", "-")

    @property
    def ok(self) -> bool | None:
        if self.budget is None:
            return None
        return self.value >= self.budget if self.at_least else self.value <= self.budget

    def as_json(self) -> dict[str, Any]:
        names = ("bench", "measure", "value", "unit", "budget", "ok")
        return {name: getattr(self, name) for name in names}


def table(measures: Iterable[Measure]) -> str:
    """A Markdown table, the peers' figures beside ours."""
    lines = ["| What | Moodle | Kolibri | Budget | Measured | |", "|---|---|---|---|---|---|"]
    for m in measures:
        budget = "-" if m.budget is None else f"{'>=' if m.at_least else '<='} {_number(m.budget)} {m.unit}"
        verdict = {True: "ok", False: "**over**", None: ""}[m.ok]
        if verdict == "**over**" and m.at_least:
            verdict = "**under**"
        lines.append(f"| {m.measure} | {' | '.join(m.peers)} | {budget} | {_number(m.value)} {m.unit} | {verdict} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}".rstrip("0").rstrip(".")


def machine() -> str:
    """One line on where this was measured: an absolute time means nothing without it."""
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"Machine: {os.cpu_count()} cores, {_processor()}, Python {platform.python_version()}, load before {load}."


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
