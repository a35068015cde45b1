"""A changed rule at the desk and in a pack: values with their dates, who prints them, what women are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from curriculum import facts
from curriculum.actions import NotComplete, complete_update, publish_update
from curriculum.models import (
    Article,
    Fact,
    FactChange,
    FactPrint,
    FactUpdate,
    FactValue,
    LessonPage,
)
from tests.curriculum.admin_desk import make_person

pytestmark = pytest.mark.django_db

RULE = "/admin/rules/bf_duration/"
CHANGE = f"{RULE}ZA/change/"


@pytest.fixture
def library(begin_with: Callable[..., Any], bring_in: Callable[..., Any]) -> Callable[..., Any]:
    """A module in English and Kiswahili whose first lesson prints {bf_duration}."""
    begin_with()
    return bring_in


def desk(craft: str = "author", country: str = "ZA", **right: str) -> Client:
    client = Client()
    client.force_login(make_person(craft, country=country, **right))
    return client


def text_of(response: Any) -> str:
    html = re.sub(r"<(head|script|aside)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def number_fact() -> None:
    Fact.objects.update(kind="number", names={"en": "How long a mother breastfeeds"})


NEW = {
    "number": "18", "to": "", "unit": "month", "mark": "sourced", "source": "Guideline 2026, page 4",
    "version": "2026", "reviewer": "N. Dlamini", "reviewed_on": "2026-06-01", "review_due_on": "2027-06-01",
    "text_en": "", "text_sw": "",
}  # fmt: skip


# -- Where it is printed -------------------------------------------------------------------------------


def prints() -> list[tuple[str, str, str]]:
    return list(FactPrint.objects.values_list("place", "language", "title"))


def test_what_prints_a_fact_is_noted_when_it_is_frozen(library) -> None:
    assert prints() == [("lesson", "en", "Greeting"), ("lesson", "sw", "Salamu")]


def test_prints_follow_every_publication_and_drafts_do_not_count(library) -> None:
    page = LessonPage.objects.get(slug="l1", locale__language_code="en")
    page.title = "Greeting well"
    revision = page.save_revision()
    assert prints()[0] == ("lesson", "en", "Greeting")
    revision.publish()
    assert prints()[0] == ("lesson", "en", "Greeting well")
    LessonPage.objects.get(pk=page.pk).unpublish()
    assert prints() == [("lesson", "sw", "Salamu")]


def test_freezing_again_writes_no_print_again(library) -> None:
    from curriculum.actions import freeze_all

    before = list(FactPrint.objects.values_list("pk", flat=True))
    freeze_all()
    assert list(FactPrint.objects.values_list("pk", flat=True)) == before


# -- The pages -----------------------------------------------------------------------------------------


def test_rules_of_her_country_say_what_is_missing(library) -> None:
    said = text_of(desk(country="KE").get("/admin/rules/"))
    assert "1 value that texts print is not known or not confirmed for Kenya." in said
    assert "{bf_duration}" in said
    assert "2 texts" in said
    assert "12 months &amp; more" not in said


def test_a_rule_shows_every_value_with_its_dates_and_who_prints_it(library) -> None:
    value = FactValue.objects.get(country="ZA")
    FactValue.objects.create(
        fact=value.fact, country=value.country, texts={"en": "6 months"}, mark="sourced", source="an older guideline",
        valid_from_on=date(2015, 1, 1), valid_to_on=date(2020, 1, 1),
    )  # fmt: skip
    said = text_of(desk().get(RULE))
    for words in ("12 months &amp; more", "6 months", "1 Jan 2015", "1 Jan 2020", "an older guideline", "Salamu"):
        assert words in said
    assert "24 months" not in said  # Kenya's


@pytest.mark.parametrize("address", ["/admin/rules/", RULE, CHANGE])
def test_somebody_without_a_right_finds_nothing(library, address: str) -> None:
    from tests.factories import give_consent, make_user

    learner = make_user()
    give_consent(learner)
    client = Client()
    client.force_login(learner)
    assert client.get(address).status_code == 404


def test_only_whoever_writes_the_countrys_values_changes_one(library) -> None:
    number_fact()
    for client in (desk(country="KE"), desk("translator", country="", language="sw")):
        assert client.get(CHANGE).status_code == 404
        assert client.post(CHANGE, NEW).status_code == 404
    assert FactValue.objects.get(country="ZA", valid_to_on=None).texts["en"] == "12 months & more"


def test_the_form_says_beforehand_what_follows(library) -> None:
    number_fact()
    said = text_of(desk().get(CHANGE))
    assert "12 months &amp; more . It ends today and stays readable with its dates." in said
    assert "X1, lesson: Greeting (en)" in said
    assert "An update is drafted for everyone who learned the old rule." in said


def test_a_change_at_the_desk_closes_the_old_value_and_drafts_the_update(library) -> None:
    number_fact()
    response = desk().post(CHANGE, NEW)
    update = FactUpdate.objects.get()
    assert response.headers["Location"] == f"/admin/updates/{update.uuid}/"
    old, new = FactValue.objects.filter(country="ZA").order_by("pk")
    today = timezone.localdate()
    assert (old.texts["en"], old.valid_to_on) == ("12 months & more", today)
    assert (new.value, new.valid_from_on, new.valid_to_on, new.reviewer) == (
        {"number": "18", "unit": "month"}, today, None, "N. Dlamini",
    )  # fmt: skip
    assert "How long: 18 months</p>" in Article.objects.get(path="x1/l1", language="en", country="ZA").html
    assert "Muda gani: miezi 18</p>" in Article.objects.get(path="x1/l1", language="sw", country="ZA").html
    assert facts.number_for("ZA", "bf_duration") == 18
    english, swahili = update.texts.order_by("language")
    assert (english.title, english.now) == ("How long a mother breastfeeds", "The rule now: 18 months.")
    assert (swahili.title, swahili.now) == ("", "Kanuni sasa: miezi 18.")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": "many"}, "Please write a number in digits"),
        ({"number": ""}, "Please write the value itself"),
        ({"to": "12"}, "The second number is the larger one"),
        ({"source": ""}, "Please say how we know"),
        ({"reviewer": ""}, "Please say how we know"),
        ({"unit": "mg"}, "Select a valid choice"),
    ],
)
def test_a_rule_that_is_not_whole_is_not_put_in_force(library, wrong: dict[str, str], words: str) -> None:
    number_fact()
    before = list(FactValue.objects.order_by("pk").values())
    assert words in text_of(desk().post(CHANGE, NEW | wrong))
    assert (list(FactValue.objects.order_by("pk").values()), FactChange.objects.count()) == (before, 0)


def test_a_list_of_times_is_typed_line_by_line(library) -> None:
    Fact.objects.update(kind="times")
    lines = {
        "times-TOTAL_FORMS": "3", "times-INITIAL_FORMS": "0",
        "times-0-point": "birth", "times-0-what": "pcr",
        "times-1-number": "10", "times-1-unit": "week",
    }  # fmt: skip
    rest = {name: value for name, value in NEW.items() if name not in {"number", "to", "unit"}}
    client = desk()
    assert "Please choose the unit" in text_of(client.post(CHANGE, rest | lines | {"times-1-unit": ""}))
    client.post(CHANGE, rest | lines)
    assert FactValue.objects.get(country="ZA", valid_to_on=None).value == [
        {"point": "birth", "what": "pcr"},
        {"number": "10", "unit": "week"},
    ]
    assert (
        "How long: at birth (PCR test) and 10 weeks</p>"
        in Article.objects.get(path="x1/l1", language="en", country="ZA").html
    )


# -- The update ----------------------------------------------------------------------------------------


def fill_in(update: FactUpdate) -> dict[str, str]:
    """Every field of its form."""
    data = {}
    for text in update.texts.all():
        for name in ("title", "was", "now", "means", "question"):
            data[f"{text.language}-{name}"] = f"{name} in {text.language}"
        for place in range(len(update.choices)):
            data |= {f"{text.language}-option_{place}": f"option {place}", f"{text.language}-feedback_{place}": "Why."}
    return data


@pytest.fixture
def draft(library) -> FactUpdate:
    number_fact()
    desk().post(CHANGE, NEW)
    return FactUpdate.objects.get()


def test_the_draft_lists_what_is_to_be_read_again(draft: FactUpdate) -> None:
    said = text_of(desk().get(f"/admin/updates/{draft.uuid}/"))
    assert "Texts to read again: 0 of 2 done" in said
    assert "Salamu lesson X1 sw send it for clinical review" in said


def test_a_draft_is_saved_and_published_only_when_it_is_whole(draft: FactUpdate) -> None:
    client, address = desk(), f"/admin/updates/{draft.uuid}/"
    words = fill_in(draft)
    said = text_of(client.post(address, words | {"sw-means": "", "publish": "1"}, follow=True))
    assert "Saved, not yet published. Something is missing in: Kiswahili." in said
    draft.refresh_from_db()
    assert (draft.is_published, draft.texts.get(language="en").means) == (False, "means in en")
    client.post(address, words | {"publish": "1"})
    draft.refresh_from_db()
    assert draft.is_published
    assert all(len(text.content_hash) == 64 for text in draft.texts.all())


def test_what_women_have_read_stays(draft: FactUpdate) -> None:
    client, address = desk(), f"/admin/updates/{draft.uuid}/"
    client.post(address, fill_in(draft) | {"publish": "1"})
    client.post(address, fill_in(draft) | {"en-now": "Another rule."})
    assert draft.texts.get(language="en").now == "now in en"


@pytest.mark.parametrize("who", [("author", "KE", ""), ("translator", "", "sw")])
def test_the_update_of_another_country_is_not_there(draft: FactUpdate, who: tuple[str, str, str]) -> None:
    client = desk(who[0], country=who[1], language=who[2])
    assert client.get(f"/admin/updates/{draft.uuid}/").status_code == 404
    assert client.post(f"/admin/updates/{draft.uuid}/", fill_in(draft) | {"publish": "1"}).status_code == 404
    draft.refresh_from_db()
    assert not draft.is_published


def test_a_language_that_is_missing_altogether_is_named(draft: FactUpdate) -> None:
    complete_update(update=draft, texts={})
    draft.texts.filter(language="sw").delete()
    with pytest.raises(NotComplete) as refused:
        publish_update(update=draft, now=timezone.now())
    assert "sw" in refused.value.languages


# -- Correcting words --------------------------------------------------------------------------------


def correct(client: Client, **changes: str) -> Any:
    value = FactValue.objects.get(country="ZA", valid_to_on=None)
    return client.post(
        f"/admin/snippets/curriculum/factvalue/edit/{value.pk}/",
        {
            "fact": str(value.fact_id), "country": "ZA", "mark": "sourced", "source": "a guideline",
            "valid_from_on": "2020-01-01", "text_en": "12 months & more", "text_sw": "miezi 12 na zaidi", **changes,
        },
    )  # fmt: skip


def test_a_typo_changes_words_and_nothing_else(library) -> None:
    correct(desk(), text_en="12 months and more", meaning="typo")
    assert "How long: 12 months and more" in Article.objects.get(path="x1/l1", language="en", country="ZA").html
    assert (FactChange.objects.count(), FactUpdate.objects.count(), FactValue.objects.filter(country="ZA").count()) == (
        0, 0, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text_en": "18 months & more", "meaning": "typo"}, "That is another rule."),
        ({"text_en": "12 months and more"}, "Please say what kind of correction it is."),
        ({"mark": "unsure"}, "That is another rule."),
        ({"valid_to_on": "2026-01-01"}, "That is another rule."),
    ],
)
def test_another_rule_is_no_correction(library, changes: dict[str, str], words: str) -> None:
    assert words in text_of(correct(desk(), **changes))
    assert FactValue.objects.get(country="ZA").texts["en"] == "12 months & more"


def test_a_printed_value_cannot_be_deleted(library) -> None:
    value = FactValue.objects.get(country="ZA")
    desk().post(f"/admin/snippets/curriculum/factvalue/delete/{value.pk}/")
    assert FactValue.objects.filter(pk=value.pk).exists()


# -- Packs -------------------------------------------------------------------------------------------


def test_another_rule_in_a_pack_is_a_change_and_more_languages_are_none(library) -> None:
    library({"miezi 12 na zaidi": "miezi 12 na zaidi kidogo"})
    assert FactChange.objects.count() == 1  # other words of a rule that was there
    library({'texts.en = "12 months & more"\ntexts.sw = "miezi 12 na zaidi"': 'texts.en = "18 months"'})
    assert FactUpdate.objects.count() == 2
    before = FactChange.objects.count()
    english = {'texts.en = "12 months & more"': 'texts.en = "18 months"'}
    library(english | {'texts.sw = "miezi 12 na zaidi"': 'texts.sw = "miezi 18"'})
    assert FactChange.objects.count() == before
    assert FactValue.objects.get(country="ZA", valid_to_on=None).texts == {"en": "18 months", "sw": "miezi 18"}


def test_a_typed_value_comes_with_a_pack(library) -> None:
    library(
        {
            'bf_duration = "How long."': 'bf_duration = { statement = "How long.", kind = "number", register = "F40", '
            'mark = "recalled", names = { en = "How long" } }',
            'texts.en = "24 months"\ntexts.sw = "miezi 24"': 'value = { number = "24", unit = "month" }\n'
            'reviewer = "N. O."',
        }
    )
    fact, value = Fact.objects.get(), FactValue.objects.get(country="KE", valid_to_on=None)
    assert (fact.kind, fact.register, fact.names) == ("number", "F40", {"en": "How long"})
    assert (value.value, value.reviewer) == ({"number": "24", "unit": "month"}, "N. O.")
    assert "Ask your trainer" in Article.objects.get(path="x1/l1", language="en", country="KE").html
