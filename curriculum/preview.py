"""A lesson or a module as a learner would read it, from what is written and not yet published."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from curriculum import facts
from curriculum.desk_weights import words_of
from curriculum.freeze import render_body
from curriculum.local_blocks import LocalBodies
from curriculum.models import LessonPage, ModulePage
from curriculum.weights import weigh


def _body(page: LessonPage, country: str) -> Any:
    """What is written, with what the country has of its own in it: a reviewer says yes to both."""
    hers = LocalBodies(page.lesson.module).of(page, country, page.locale.language_code) if page.lesson_id else None
    return hers.blocks if hers is not None else page.body


def preview(page: ModulePage | LessonPage, *, country: str) -> str:
    """The page as a learner of its language in ``country`` would read it, from what is written, not published."""
    language = page.locale.language_code
    values = facts.values_for(country, language)
    words: dict[str, Any] = {"title": facts.fill(page.title, values), "language": language}
    if isinstance(page, LessonPage):
        body = render_body(_body(page, country), language)
        words |= {"minutes": page.study_minutes, "html": facts.fill_html(body, values)}
        # The trainer's own language, above the page: it is no part of what is read.
        words["price"] = render_to_string("wagtailadmin/desk/weight_line.html", words_of(weigh(page)))
    else:
        words |= {
            "objectives": [facts.fill(str(block.value), values) for block in page.objectives],
            "steps": [facts.fill(block.value["text"], values) for block in page.practice],
        }
    with translation.override(language):
        return render_to_string("curriculum/preview.html", words)
