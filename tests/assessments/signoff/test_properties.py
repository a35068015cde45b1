"""For any order, repetition and loss: each signed practice is there once, and each wrong PIN is counted once."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assessments.models import Observation, ObservationComment
from offline.models import RefusedEntry
from people.models import WrongSigning
from tests.assessments.making import make_checklist
from tests.assessments.signoff.making import WRONG, make_signer, observed, sign
from tests.factories import give_consent, make_term, make_user
from tests.offline.phone import Phone, post

WRONG_ONES = 4
"""One fewer than pause the PIN: with these, no order may cost a right one."""


@pytest.mark.django_db
class AnyOrder(TestCase):
    @settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(
        rounds=st.lists(st.tuples(st.integers(0, 1), st.booleans(), st.randoms()), max_size=8), right=st.integers(1, 4)
    )
    def test_each_act_counts_once(self, rounds: list[tuple[int, bool, random.Random]], right: int) -> None:
        learner = make_user()
        give_consent(learner)
        term = make_term(learner=learner, start_on=timezone.now().date() - timedelta(days=100))
        text, signer = make_checklist(), make_signer(term)
        client = Client()
        client.force_login(learner)
        phones = [Phone(learner, device="one"), Phone(learner, device="two")]
        good = {sign(phones[number % 2], observed(text), signer.alias) for number in range(right)}
        for number in range(WRONG_ONES):
            sign(phones[number % 2], observed(text), signer.alias, WRONG)

        for which, is_heard, chance in rounds:
            phone = phones[which]
            names = [name for name in phone.outbox if chance.random() < 0.6] * 2
            chance.shuffle(names)
            answer = post(client, phone.batch(names))
            if is_heard:
                phone.hear(answer.json())
        for phone in phones:
            phone.send(client)

        assert {str(each.client_uuid) for each in Observation.objects.all()} == good
        assert ObservationComment.objects.count() == len(good)
        assert WrongSigning.objects.count() == RefusedEntry.objects.count() == WRONG_ONES
