"""Nobody changes what is not hers: real posts by people with the wrong language or country."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from assessments.models import QuestionSnippet
from curriculum import policies
from curriculum.models import Country, EditorialRight, FactValue, LessonPage
from people.models import User
from tests.curriculum.admin_desk import (
    give_right,
    locale,
    make_fact_value,
    make_lesson_page,
    make_module_page,
    make_person,
    make_question_snippet,
)
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


# -- Pages --------------------------------------------------------------------------------------------


def french_and_swahili() -> tuple[LessonPage, LessonPage]:
    """The same lesson published in French and in Kiswahili."""
    french = make_lesson_page(make_module_page(language="fr"), "Du lait.")
    swahili = make_lesson_page(make_module_page(language="sw"), "Maziwa.")
    return french, swahili


def page_form(page: LessonPage, **changes: str) -> dict[str, str]:
    """What the editor of a lesson posts."""
    block = page.body.raw_data[0]
    return {
        "title": page.title,
        "study_minutes": "6",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": block["id"],
        "body-0-value-text": json.dumps(
            {
                "blocks": [
                    {
                        "key": "a",
                        "text": "Changed.",
                        "type": "unstyled",
                        "depth": 0,
                        "inlineStyleRanges": [],
                        "entityRanges": [],
                    }
                ],
                "entityMap": {},
            }
        ),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comment_notifications": "",
        **changes,
    }


def snapshot(page: LessonPage) -> tuple[object, ...]:
    page = LessonPage.objects.get(pk=page.pk)
    return (page.title, page.live, page.latest_revision_id, page.live_revision_id, page.body.raw_data[0]["value"])


def give_stray_permissions(user: User) -> None:
    """Somebody gave her group Wagtail's own permissions on every page there is."""
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__endswith="_page"):
        GroupPagePermission.objects.get_or_create(
            group=user.groups.get(), page=Page.get_first_root_node(), permission=permission
        )


PAGE_POSTS = {
    "edit": lambda page: (reverse("wagtailadmin_pages:edit", args=[page.pk]), page_form(page, title="Taken over")),
    "publish": lambda page: (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        page_form(page, title="Taken over", **{"action-publish": "1"}),
    ),
    "unpublish": lambda page: (reverse("wagtailadmin_pages:unpublish", args=[page.pk]), {}),
    "delete": lambda page: (reverse("wagtailadmin_pages:delete", args=[page.pk]), {}),
    "revert": lambda page: (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        page_form(page, revision=str(page.latest_revision_id), **{"action-publish": "1"}),
    ),
    "move": lambda page: (
        reverse("wagtailadmin_pages:move_confirm", args=[page.pk, page.get_parent().pk]),
        {},
    ),
    "copy": lambda page: (
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {"new_title": "Copy", "new_slug": "copy", "new_parent_page": page.get_parent().pk},
    ),
    "lock": lambda page: (reverse("wagtailadmin_pages:lock", args=[page.pk]), {}),
    "bulk publish": lambda page: (f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", {}),
    "bulk unpublish": lambda page: (f"/admin/bulk/wagtailcore/page/unpublish/?id={page.pk}", {}),
    "bulk delete": lambda page: (f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}", {}),
}


@pytest.mark.parametrize("has_stray_permission", [False, True])
@pytest.mark.parametrize("act", PAGE_POSTS)
def test_page_of_another_language_stays_as_it_is(client, act, has_stray_permission):
    french, _swahili = french_and_swahili()
    translator = make_person("translator", language="sw")
    if has_stray_permission:
        give_stray_permissions(translator)
    client.force_login(translator)
    before, count = snapshot(french), Page.objects.count()
    path, data = PAGE_POSTS[act](french)

    response = client.post(path, data)

    assert response.status_code in {302, 403, 404} or act.startswith("bulk")
    assert "consent" not in response.headers.get("Location", "")
    assert snapshot(french) == before
    assert Page.objects.count() == count


def test_page_of_her_language_is_hers(client):
    _french, swahili = french_and_swahili()
    client.force_login(make_person("translator", language="sw"))
    path, data = PAGE_POSTS["publish"](swahili)

    response = client.post(path, data | {"title": "Somo"})

    assert response.status_code == 302
    assert LessonPage.objects.get(pk=swahili.pk).title == "Somo"


def test_page_translator_makes_no_new_pages(client):
    _french, swahili = french_and_swahili()
    client.force_login(make_person("translator", language="sw"))

    response = client.post(
        reverse("wagtailadmin_pages:add", args=["curriculum", "lessonpage", swahili.get_parent().pk]),
        page_form(swahili, title="Mpya"),
    )

    assert response.status_code == 302
    assert swahili.get_siblings().count() == 1


def test_page_author_writes_the_source_language_only(client):
    english = make_lesson_page(make_module_page())
    french, _swahili = french_and_swahili()
    client.force_login(make_person("author", country="KE"))

    for page, expected in ((english, "Taken over"), (french, "Lesson 1")):
        path, data = PAGE_POSTS["publish"](page)
        client.post(path, data)
        assert LessonPage.objects.get(pk=page.pk).title == expected


def test_page_reviewer_reads_and_changes_nothing(client):
    english = make_lesson_page(make_module_page())
    make_country("KE")
    client.force_login(make_person("reviewer", country="KE"))
    before = snapshot(english)

    for act in PAGE_POSTS:
        path, data = PAGE_POSTS[act](english)
        client.post(path, data)

    assert snapshot(english) == before


# -- Questions ----------------------------------------------------------------------------------------


def question_form(snippet: QuestionSnippet, **changes: str) -> dict[str, str]:
    data = {
        "module": str(snippet.question.module_id),
        "stem": snippet.stem,
        "why": snippet.why,
        "kind": snippet.kind,
        "use": snippet.use,
        "look_again": "",
        "choices-count": str(len(snippet.choices)),
    }
    for place, block in enumerate(snippet.choices.raw_data):
        prefix = f"choices-{place}"
        data |= {
            f"{prefix}-deleted": "",
            f"{prefix}-order": str(place),
            f"{prefix}-type": "choice",
            f"{prefix}-id": block["id"],
            f"{prefix}-value-choice": block["value"]["choice"],
            f"{prefix}-value-text": block["value"]["text"],
            f"{prefix}-value-feedback": block["value"]["feedback"],
        }
        if block["value"]["is_right"]:
            data[f"{prefix}-value-is_right"] = "on"
    return data | changes


QUESTION = "/admin/snippets/assessments/questionsnippet"
QUESTION_POSTS = {
    "edit": lambda row: (f"{QUESTION}/edit/{row.pk}/", question_form(row, stem="Taken over")),
    "publish": lambda row: (
        f"{QUESTION}/edit/{row.pk}/",
        question_form(row, stem="Taken over", **{"action-publish": "1"}),
    ),
    "unpublish": lambda row: (f"{QUESTION}/unpublish/{row.pk}/", {}),
    "delete": lambda row: (f"{QUESTION}/delete/{row.pk}/", {}),
    "revert": lambda row: (
        f"{QUESTION}/history/{row.pk}/revisions/{row.latest_revision_id}/revert/",
        question_form(row, stem="Taken over", **{"action-publish": "1"}),
    ),
    "unschedule": lambda row: (f"{QUESTION}/history/{row.pk}/revisions/{row.latest_revision_id}/unschedule/", {}),
    "lock": lambda row: (f"{QUESTION}/lock/{row.pk}/", {}),
    "preview": lambda row: (f"{QUESTION}/preview/{row.pk}/", question_form(row)),
    "bulk delete": lambda row: (f"/admin/bulk/assessments/questionsnippet/delete/?id={row.pk}", {}),
}


def question_snapshot(row: QuestionSnippet) -> tuple[object, ...]:
    row = QuestionSnippet.objects.get(pk=row.pk)
    return (row.stem, row.live, row.latest_revision_id, row.locked)


@pytest.mark.parametrize("act", QUESTION_POSTS)
def test_question_of_another_language_is_not_there(client, act):
    french = make_question_snippet(make_module_page().module, "fr", "Le lait suffit-il ?")
    client.force_login(make_person("translator", language="sw"))
    before = question_snapshot(french)
    path, data = QUESTION_POSTS[act](french)

    response = client.post(path, data)

    assert response.status_code == 404 or act.startswith("bulk")
    assert "Le lait" not in response.content.decode()
    assert question_snapshot(french) == before


def test_question_of_her_language_is_hers(client):
    swahili = make_question_snippet(make_module_page().module, "sw", "Je, maziwa yanatosha?")
    client.force_login(make_person("translator", language="sw"))
    path, data = QUESTION_POSTS["publish"](swahili)

    response = client.post(path, data)

    assert response.status_code == 302
    assert question_snapshot(swahili)[0] == "Taken over"


def test_question_list_shows_her_language_only(client):
    module = make_module_page().module
    make_question_snippet(module, "fr", "Le lait suffit-il ?")
    make_question_snippet(module, "sw", "Je, maziwa yanatosha?")
    client.force_login(make_person("translator", language="sw"))

    page = client.get(f"{QUESTION}/").content.decode()

    assert "maziwa" in page
    assert "Le lait" not in page


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
    from curriculum.models import GlossaryEntry, GlossaryMeaning

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


# -- wagtail-localize ---------------------------------------------------------------------------------


def begun(page, *codes: str) -> dict[str, Translation]:
    source, _made = TranslationSource.get_or_create_from_instance(page)
    return {code: Translation.objects.create(source=source, target_locale=locale(code), enabled=True) for code in codes}


def french_posts(translation: Translation, source: TranslationSource) -> dict[str, tuple[str, str, dict[str, object]]]:
    segment = source.stringsegment_set.first()
    base = f"/admin/localize/translate/{translation.pk}"
    return {
        "sentence": ("put", f"{base}/strings/{segment.pk}/edit/", {"value": "Pris"}),
        "po upload": ("post", f"{base}/pofile/upload/", {}),
        "po download": ("get", f"{base}/pofile/download/", {}),
        "machine": ("post", f"{base}/machine_translate/", {}),
        "stop": ("post", f"{base}/disable/", {}),
        "preview": ("get", f"{base}/preview/", {}),
        "sync": ("post", f"/admin/localize/update/{source.pk}/", {}),
        "sync and publish": ("post", f"/admin/localize/update/{source.pk}/", {"publish_translations": "on"}),
    }


ACTS = ["sentence", "po upload", "po download", "machine", "stop", "preview", "sync", "sync and publish"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("kind", ["page", "question"])
def test_translation_into_another_language_is_not_there(client, act, kind):
    module_page = make_module_page()
    text = make_lesson_page(module_page) if kind == "page" else make_question_snippet(module_page.module)
    translation = begun(text, "fr")["fr"]
    client.force_login(make_person("translator", language="sw"))
    method, path, data = french_posts(translation, translation.source)[act]

    if method == "put":
        response = client.put(path, "value=Pris", content_type="application/x-www-form-urlencoded")
    else:
        response = getattr(client, method)(path, data)

    assert response.status_code == 404
    translation.refresh_from_db()
    assert translation.enabled
    assert not StringTranslation.objects.exists()


def with_targets(page: LessonPage, *codes: str) -> dict[str, Translation]:
    """Begun translations whose pages exist."""
    for code in codes:
        target = make_lesson_page(make_module_page(language=code))
        LessonPage.objects.filter(pk=target.pk).update(translation_key=page.translation_key)
    return begun(page, *codes)


def test_translation_into_her_language_is_hers(client):
    translation = with_targets(make_lesson_page(make_module_page()), "sw")["sw"]
    client.force_login(make_person("translator", language="sw"))
    segment = translation.source.stringsegment_set.first()

    response = client.put(
        f"/admin/localize/translate/{translation.pk}/strings/{segment.pk}/edit/",
        "value=Somo",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 201, response.content
    assert list(StringTranslation.objects.values_list("data", flat=True)) == ["Somo"]


def test_translation_sync_publishes_only_when_every_language_is_hers(client):
    source = with_targets(make_lesson_page(make_module_page()), "fr", "sw")["sw"].source
    client.force_login(make_person("translator", language="sw"))
    path = f"/admin/localize/update/{source.pk}/"

    assert client.post(path, {"publish_translations": "on"}).status_code == 404
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(("codes", "status"), [(["fr"], 404), (["fr", "sw"], 404), (["sw"], 302)])
def test_translation_is_begun_in_her_languages_only(client, codes, status):
    page = make_lesson_page(make_module_page())
    for code in ("fr", "sw"):
        locale(code)
    client.force_login(make_person("translator", language="sw"))

    response = client.post(f"/admin/localize/submit/page/{page.pk}/", {"locales": [locale(code).pk for code in codes]})

    assert response.status_code == status
    assert Translation.objects.exists() == (status == 302)


def test_translation_reviewer_begins_nothing(client):
    page = make_lesson_page(make_module_page())
    make_country("KE")
    client.force_login(make_person("reviewer", country="KE"))

    response = client.post(f"/admin/localize/submit/page/{page.pk}/", {"locales": [locale("sw").pk]})

    assert response.status_code == 404
    assert not Translation.objects.exists()


def test_translation_is_never_turned_into_an_alias(client):
    page = make_lesson_page(make_module_page())
    client.force_login(make_person("author"))

    assert client.post(f"/admin/localize/page/{page.pk}/convert_to_alias/").status_code == 404


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
        ("translator", {}, {"sw", "fr", "pt"}, set()),
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
