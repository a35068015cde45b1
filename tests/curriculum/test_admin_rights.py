"""Who reaches the desk, and that nobody changes a country or a meaning that is not hers."""

from __future__ import annotations

import pytest
from wagtail.models import GroupPagePermission

from curriculum import policies
from curriculum.models import Country, EditorialRight, FactValue, GlossaryEntry, GlossaryMeaning
from people.models import User
from tests.curriculum.admin_desk import give_right, make_fact_value, make_module_page, make_person
from tests.factories import give_consent, make_country, make_user

pytestmark = pytest.mark.django_db


# -- Who reaches the desk -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/pages/", "/admin/translations/", "/admin/reviews/", "/admin/words/"]
)
def test_desk_signed_in_learner_finds_nothing(client, path):
    learner = make_user()
    give_consent(learner)
    client.force_login(learner)

    response = client.get(path)

    assert response.status_code == 404
    assert b"admin" not in response.content.lower()


def test_desk_stranger_is_sent_to_sign_in(client):
    response = client.get("/admin/")

    assert response.status_code == 302
    assert response.headers["Location"].endswith("/sign-in/?next=/admin/")


@pytest.mark.parametrize("craft", ["author", "translator", "reviewer"])
def test_desk_opens_for_every_craft(client, craft):
    make_country("KE")
    client.force_login(make_person(craft, language="sw" if craft == "translator" else "", country="KE"))

    assert client.get("/admin/").status_code == 200


def test_desk_right_taken_away_closes_the_desk(client):
    user = make_person("author")
    client.force_login(user)
    user.groups.clear()

    assert client.get("/admin/").status_code == 404


def test_desk_people_are_not_made_there(client):
    root = User.objects.create_superuser("ROOT-1", "correct horse battery staple")
    give_consent(root)
    client.force_login(root)

    assert client.get("/admin/users/").status_code == 404
    assert client.post("/admin/users/new/", {"alias": "NEW-1", "is_superuser": "on"}).status_code == 404
    assert list(User.objects.filter(is_superuser=True)) == [root]


# -- The rights themselves ----------------------------------------------------------------------------


def test_right_is_granted_once_however_often(client):
    make_module_page()
    user = make_person("author")
    right = EditorialRight.objects.get()
    before = (right.group.permissions.count(), GroupPagePermission.objects.filter(group=right.group).count())

    policies.grant(right)
    policies.grant(right)

    assert before == (
        right.group.permissions.count(),
        GroupPagePermission.objects.filter(group=right.group).count(),
    )
    assert before[1] == 3
    assert policies.languages_written_by(user) == {"en"}


@pytest.mark.parametrize(
    ("craft", "right", "languages", "countries"),
    [
        ("author", {}, {"en"}, None),
        ("author", {"country": "KE"}, {"en"}, {"KE"}),
        ("translator", {"language": "sw"}, {"sw"}, set()),
        ("translator", {}, {"sw", "fr", "pt", "zu", "xh", "st", "ny"}, set()),
        ("reviewer", {"country": "ZA"}, set(), {"ZA"}),
    ],
)
def test_right_says_which_languages_and_countries(craft, right, languages, countries):
    user = make_user()
    give_right(user, craft, **right)

    assert policies.languages_written_by(user) == languages
    assert policies.countries_valued_by(user) == countries


def test_right_of_a_closed_account_is_none():
    user = make_user(is_active=False)
    give_right(user, "author")

    assert policies.languages_written_by(user) == set()
    assert not policies.is_author(user)


def test_reviewer_of_all_countries_answers_for_each():
    make_country("KE")
    make_country("ZA")
    user = make_user()
    give_right(user, "reviewer")

    assert policies.countries_reviewed_by(user, "sw") == {"KE", "ZA"}
    assert Country.objects.count() == 2


# -- Fact values --------------------------------------------------------------------------------------

VALUE = "/admin/snippets/curriculum/factvalue"


def value_form(value: FactValue, **changes: str) -> dict[str, str]:
    return {
        "fact": str(value.fact_id),
        "country": value.country_id,
        "text_en": "taken over",
        "mark": "sourced",
        "source": "Guideline, page 3",
        "valid_from_on": "2026-01-01",
        **changes,
    }


@pytest.mark.parametrize("act", ["edit", "delete"])
def test_fact_value_of_another_country_is_not_there(client, act):
    value = make_fact_value("ZA")
    make_fact_value("KE")
    client.force_login(make_person("author", country="KE"))

    response = client.post(f"{VALUE}/{act}/{value.pk}/", value_form(value))

    assert response.status_code == 404
    value.refresh_from_db()
    assert value.texts == {"en": "six months"}


def test_fact_value_bulk_delete_of_another_country_deletes_nothing(client):
    value = make_fact_value("ZA")
    make_fact_value("KE")
    client.force_login(make_person("author", country="KE"))

    client.post(f"/admin/bulk/curriculum/factvalue/delete/?id={value.pk}")

    assert FactValue.objects.filter(pk=value.pk).exists()


@pytest.mark.parametrize("craft", ["author", "reviewer"])
def test_fact_value_of_her_country_is_hers(client, craft):
    value = make_fact_value("KE")
    client.force_login(make_person(craft, country="KE"))

    response = client.post(f"{VALUE}/edit/{value.pk}/", value_form(value, text_sw="miezi sita"))

    assert response.status_code == 302
    value.refresh_from_db()
    assert value.texts == {"en": "taken over", "sw": "miezi sita"}


def test_fact_value_cannot_be_moved_to_another_country(client):
    value = make_fact_value("KE")
    make_country("ZA")
    client.force_login(make_person("author", country="KE"))

    response = client.post(f"{VALUE}/edit/{value.pk}/", value_form(value, country="ZA"))

    assert response.status_code == 200
    value.refresh_from_db()
    assert value.country_id == "KE"


def test_fact_value_translator_has_no_part_in_it(client):
    value = make_fact_value("KE")
    client.force_login(make_person("translator", language="sw"))

    assert client.post(f"{VALUE}/edit/{value.pk}/", value_form(value)).status_code == 404
    value.refresh_from_db()
    assert value.texts == {"en": "six months"}


# -- Words --------------------------------------------------------------------------------------------


def word_form(entry, *meanings: dict[str, str]) -> dict[str, str]:
    data = {
        "key": entry.key,
        "meanings-TOTAL_FORMS": str(len(meanings)),
        "meanings-INITIAL_FORMS": str(sum("id" in meaning for meaning in meanings)),
        "meanings-MIN_NUM_FORMS": "0",
        "meanings-MAX_NUM_FORMS": "1000",
    }
    for place, meaning in enumerate(meanings):
        data |= {f"meanings-{place}-{name}": value for name, value in meaning.items()}
    return data


def test_word_translator_adds_hers_and_leaves_the_others(client):
    entry = GlossaryEntry.objects.create(key="colostrum")
    english = GlossaryMeaning.objects.create(entry=entry, language="en", word="Colostrum", meaning="The first milk.")
    client.force_login(make_person("translator", language="sw"))
    path = f"/admin/snippets/curriculum/glossaryentry/edit/{entry.pk}/"
    kept = {"id": str(english.pk), "language": "en", "word": "Colostrum", "meaning": "The first milk."}
    hers = {"language": "sw", "word": "Dang'a", "meaning": "Maziwa ya kwanza."}

    changed = client.post(path, word_form(entry, kept | {"meaning": "Taken over."}))
    added = client.post(path, word_form(entry, kept, hers))

    assert (changed.status_code, added.status_code) == (200, 302)
    assert list(GlossaryMeaning.objects.order_by("language").values_list("language", "meaning")) == [
        ("en", "The first milk."),
        ("sw", "Maziwa ya kwanza."),
    ]
