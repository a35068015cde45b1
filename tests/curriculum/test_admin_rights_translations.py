"""Nobody translates into a language that is not hers, whichever address of wagtail-localize she posts to."""

from __future__ import annotations

import pytest
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from curriculum.models import LessonPage
from tests.curriculum.admin_desk import (
    locale,
    make_lesson_page,
    make_module_page,
    make_person,
    make_question_snippet,
)
from tests.factories import make_country

pytestmark = pytest.mark.django_db


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
