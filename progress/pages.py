"""What the templates of her first pages are told, for a page of the site and for a page on her phone alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from programme.actions.pairs import partner_of
from programme.scope import Study
from progress.reading import module_titles, modules_by_strand, next_step
from progress.standing import Standing
from progress.timeline import timeline_of
from progress.update_pages import waiting_for

MOST_DUE = 3
"""Of what is due, on her first page: more would only weigh on her."""

Note = Callable[[Study], str]
"""A sentence for her first page, in the language in force; empty for none. At most two queries."""

_notes: list[Note] = []


def register_note(note: Note) -> None:
    """Let an app above say something on her first page: what ends soon and is hers."""
    if note not in _notes:
        _notes.append(note)


def today_words(study: Study, standing: Standing, languages: Sequence[str]) -> dict[str, Any]:
    """For ``progress/today.html``. At most three queries where no rule has changed, and those of the notes."""
    titles = module_titles(standing, study, languages)
    due = [(item, titles.get(item.milestone.module_id)) for item in (standing.overdue + standing.due)[:MOST_DUE]]
    return {
        "study": study,
        "standing": standing,
        "updates": waiting_for(study, languages),
        "step": next_step(study, standing, languages),
        "due": due,
        "done_count": sum(item.is_done for item in standing.items),
        "nothing_before": min((item.due_on for item in standing.left), default=None),
        "timeline": timeline_of(standing),
        "partner": partner_of(study.term, study.today),
        "notes": [said for note in _notes if (said := note(study))],
    }


def learn_words(study: Study, standing: Standing, languages: Sequence[str]) -> dict[str, Any]:
    """For ``progress/learn.html``. Four queries."""
    return {"strands": modules_by_strand(study, standing, languages), "standing": standing}
