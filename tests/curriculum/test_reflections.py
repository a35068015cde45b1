"""A question that she answers for herself alone."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client

from curriculum.blocks import LessonBody
from curriculum.freeze import freeze_module
from curriculum.models import Article, LessonPage
from tests.offline.library import make_reader, publish

QUESTION = "Who in your life would you tell first?"


@pytest.mark.django_db
def test_online_she_thinks_of_it_or_writes_it_on_paper(client: Client) -> None:
    module = publish()
    note = str(uuid4())
    page = LessonPage.objects.get()
    page.body = json.dumps([{"type": "reflection", "id": note, "value": {"note": note, "question": QUESTION}}])
    page.save_revision().publish()
    freeze_module(module)
    html = Article.objects.get(kind="lesson").html
    assert f'data-note="{note}"' in html
    client.force_login(make_reader(module).learner)
    shown = client.get("/en/m4/l1/").content.decode()
    assert QUESTION in shown
    assert "Think of it, or write it on paper. Nobody asks you for it." in shown
    assert "<textarea" not in shown


def test_the_question_is_translated_and_its_identity_is_not() -> None:
    block = LessonBody().child_blocks["reflection"]
    value = block.to_python({"note": "n1", "question": QUESTION})
    assert block.child_blocks["note"].get_translatable_segments(value["note"]) == []
    assert not block.child_blocks["note"].required
