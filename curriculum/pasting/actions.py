"""A draft lesson from a pasted text."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import transaction

from curriculum.models import LessonPage, ModulePage
from curriculum.pasting.cleaning import Pasted, html_of


@transaction.atomic
def draft_lesson(*, title: str, module: ModulePage, pasted: Pasted, by: Any) -> LessonPage:
    """A lesson that nobody reads yet, below ``module``: a text block for each heading, with what stands under it.

    Its writer publishes it, or sends it for review, like any other.
    """
    blocks = [{"type": "text", "value": {"text": html_of(part)}, "id": str(uuid.uuid4())} for part in pasted.parts()]
    page = LessonPage(title=title, locale=module.locale, body=json.dumps(blocks), live=False, owner=by)
    module.add_child(instance=page)
    page.save_revision(user=by)
    return page
