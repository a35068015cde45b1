"""For any order, repetition, loss and number of phones: the evidence is the set of acknowledged acts.

Each phone may send any part of what it holds at any time; any request and any answer may be lost. What the
phone hears, it lets go of. In the end every phone is heard out, and nothing may be lost or doubled.
"""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from offline.models import Receipt
from progress.models import LessonStudy
from tests.offline.conftest import another, study_payload
from tests.offline.phone import Phone, post
from tests.progress.conftest import make_world

PHONES = 3

steps = st.lists(
    st.one_of(
        st.tuples(st.just("act"), st.integers(0, PHONES - 1), st.integers(0, 1)),
        st.tuples(st.just("wait"), st.integers(0, PHONES - 1), st.integers(-10_000_000, 10_000_000)),
        st.tuples(
            st.just("send"),
            st.integers(0, PHONES - 1),
            st.tuples(st.sampled_from(["heard", "answer lost", "request lost", "twice"]), st.randoms()),
        ),
    ),
    max_size=25,
)


@pytest.mark.django_db
class AnyOrder(TestCase):
    @settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=steps)
    def test_evidence_is_the_set_of_acts(self, steps) -> None:
        worlds = [make_world()]
        worlds.append(another(worlds[0]))
        owners = [worlds[0], worlds[0], worlds[1]]  # the first woman has two phones
        phones = [Phone(world.learner, device=f"phone {n}") for n, world in enumerate(owners)]
        clients = [Client() for _ in phones]
        for client, world in zip(clients, owners, strict=True):
            client.force_login(world.learner)
        acts: set[str] = set()
        for verb, n, how in steps:
            phone, client = phones[n], clients[n]
            if verb == "act":
                acts.add(phone.act("study", study_payload(owners[n], how)))
            elif verb == "wait":
                phone.now += how
            else:
                fate, chance = how
                names = [name for name in phone.outbox if chance.random() < 0.7]
                chance.shuffle(names)
                if fate == "request lost" or not names:
                    continue
                answer = post(client, phone.batch(names))
                if fate == "twice":
                    answer = post(client, phone.batch(names))
                if fate != "answer lost":
                    phone.hear(answer.json())
                assert {str(each.client_uuid) for each in LessonStudy.objects.all()} >= set(phone.heard)
        for phone, client in zip(phones, clients, strict=True):
            if phone.outbox:
                phone.send(client)
            assert not phone.outbox
        stored = Counter(
            (str(study.client_uuid), study.term_id) for study in LessonStudy.objects.select_related("term")
        )
        heard = {name: world.term.pk for phone, world in zip(phones, owners, strict=True) for name in phone.heard}
        assert stored == Counter(heard.items())
        assert set(heard) == acts
        assert Receipt.objects.count() == len(acts)
