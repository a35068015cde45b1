"""``script/bench certificates``: it runs, its budgets can fail, and what is not whole has no figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from bench import certificates as bench
from bench import papers
from bench.certificates import _Batch, _many, _one
from certificates.models import IssueBatch, IssueBatchItem
from tests.certificates.making import World

ONE: dict[str, Any] = {
    "drawn": 80.0,
    "signed": 20.0,
    "both": 100.0,
    "both_processor": 99.0,
    "plain": 40.0,
    "plain_processor": 40.0,
    "bytes": 30_000,
    "plain_bytes": 13_000,
}
COLD = {"plain": 900.0, "ours": 1_500.0}


def batch(**changes: Any) -> _Batch:
    fields: dict[str, Any] = {"asked": 1.0, "issued": 10.0, "papers": 20.0, "memory": 400.0, "processor": 60.0}
    fields |= {"disk": 50_000_000, "made": {"women": 1_500, "bytes": 31_000}}
    return _Batch(**fields | changes)


@pytest.mark.slow
def test_it_measures_a_few_women_the_whole_way(db: None, schema_folder: Path) -> None:
    kept = schema_folder / "kept"
    schema = Path(kept.read_text()) if kept.exists() else schema_folder / "schema.sqlite3"
    found = {measure.measure: measure for measure in bench.run(0.5, 12, schema)}
    assert "a batch of 12: asked for" in found
    assert {measure.bench for measure in found.values()} == {"certificates"}
    assert [name for name, measure in found.items() if measure.value <= 0] == []
    assert {name for name, measure in found.items() if measure.unit == "kB" and measure.ok is False} == set()


def test_its_budgets_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert all(measure.ok is not False for measure in [*_one(ONE, COLD), *_many(batch(), ONE, 40)])
    slow = _one(ONE | {"both": 121, "bytes": 60_100}, COLD)
    assert [measure.measure for measure in slow if measure.ok is False] == ["both", "size of a certificate"]
    dear = _many(batch(papers=100.0, processor=200.0, made={"women": 1_500, "bytes": 61_000}), ONE, 40)
    assert [measure.measure for measure in dear if measure.ok is False] == [
        "certificates a second and core, issue and paper",
        "certificates a second of processor time",
        "the largest paper",
    ]


def test_where_the_system_does_not_tell_it_says_nothing_of_processors_and_memory() -> None:
    told = [measure.measure for measure in _many(batch(memory=None, processor=None), ONE, 40)]
    assert [name for name in told if "processor" in name or "memory" in name] == []


def test_a_plain_page_holds_the_same_words_and_nothing_else() -> None:
    page = papers.plain_page("<html><p class='x'>One &amp; <b>two</b></p><img src='data:x' alt='no'></html>")
    assert page.endswith("<title>Words</title><p>One &amp;<p>two")


def test_a_batch_that_is_not_whole_has_no_figures(world: World) -> None:
    asked = {"programme": world.programme, "award": world.induction, "asked_by": world.coordinator}
    made = IssueBatch.objects.create(asked_at=timezone.now(), issue_on=timezone.now().date(), **asked)
    IssueBatchItem.objects.create(batch=made, term=world.term)
    with pytest.raises(SystemExit, match="of 1 women 0 have a number and 0 a paper"):
        papers.looked_through(made.pk)
