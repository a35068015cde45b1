"""A lesson's page is drawn once for all to whom it looks the same, and nothing of one is in another's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from programme.models import Installation
from progress import drawing
from tests.factories import give_consent, make_term
from tests.progress.conftest import World, make_world, study

RANDOM = re.compile(r'(name="(?:csrfmiddlewaretoken|client_uuid)" value=")[^"]+')


def without_randoms(html: str) -> str:
    return RANDOM.sub(r"\1", html)


def randoms(html: str) -> list[str]:
    return re.findall(r'name="(?:csrfmiddlewaretoken|client_uuid)" value="([^"]+)', html)


@pytest.mark.parametrize("is_demonstration", [True, False])
@pytest.mark.parametrize("is_studied", [True, False])
@pytest.mark.parametrize(
    "person", [{}, {"text_size": 2}, {"secret_kind": "password"}, {"secret_kind": "password", "is_staff": True}]
)
def test_drawn_page_is_the_page_that_is_rendered(
    person: dict[str, Any], is_studied: bool, is_demonstration: bool, db: None, client: Client, monkeypatch: Any
) -> None:
    """When this fails, the frame (``base.html``) has come to use something that ``Frame`` does not know."""
    world = make_world(languages=("en",), hers=("sw", "en"))
    for name, value in person.items():
        setattr(world.learner, name, value)
    world.learner.save()
    Installation.decide(is_demonstration=is_demonstration)
    if is_studied:
        study(world.term, world.lessons[0], world.today)
    client.force_login(world.learner)

    drawn = client.get("/sw/m4/l1/").content.decode()
    monkeypatch.setattr(drawing, "get_messages", lambda _request: ["one that waits"])
    rendered = client.get("/sw/m4/l1/").content.decode()

    assert without_randoms(drawn) == without_randoms(rendered)


def test_drawn_page_of_another_woman_shares_nothing_of_hers(world: World, client: Client) -> None:
    other = make_term(pathway_version=world.term.pathway_version)
    give_consent(other.learner)
    other.learner.display_name = "Amélia"
    other.learner.save()
    drawing._draw.cache_clear()
    pages = []
    for learner in (world.learner, other.learner):
        phone = Client()
        phone.force_login(learner)
        pages.append(phone.get("/en/m4/l1/").content.decode())

    assert drawing._draw.cache_info().hits == 1
    assert without_randoms(pages[0]) == without_randoms(pages[1])
    assert set(randoms(pages[0])).isdisjoint(randoms(pages[1]))
    assert "put-in-later" not in pages[0] + pages[1]
    for word in (world.learner.display_name, world.learner.alias, str(world.term.uuid)):
        assert word not in pages[0]


def test_drawn_page_twice_has_a_new_act_each_time(world: World, client: Client) -> None:
    client.force_login(world.learner)
    first, second = (client.get("/en/m4/l1/").content.decode() for _ in range(2))
    assert set(randoms(first)).isdisjoint(randoms(second))
    assert all(randoms(first))
