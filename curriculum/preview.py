"""A lesson or a module as a learner would read it, from what is written and not yet published."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from curriculum import facts
from curriculum.desk_weights import words_of
from curriculum.freeze import render_body
from curriculum.models import LessonPage, ModulePage
from curriculum.weights import weigh


def preview(page: ModulePage | LessonPage, *, country: str) -> str:
    """The page as a learner of its language in ``country`` would read it, from what is written, not published."""
    language = page.locale.language_code
    values = facts.values_for(country, language)
    words: dict[str, Any] = {"title": facts.fill(page.title, values), "language": language}
    if isinstance(page, LessonPage):
        words |= {"minutes": page.study_minutes, "html": facts.fill_html(render_body(page.body, language), values)}
        # The trainer's own language, above the page: it is no part of what is read.
        words["price"] = render_to_string("wagtailadmin/desk/weight_line.html", words_of(weigh(page)))
    else:
        words |= {
            "objectives": [facts.fill(str(block.value), values) for block in page.objectives],
            "steps": [facts.fill(block.value["text"], values) for block in page.practice],
        }
    with translation.override(language):
        return render_to_string("curriculum/preview.html", words)
