from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    LocaleSynchronization,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.synctree import synchronize_tree

from curriculum.actions import publish_translation, translate
from curriculum.models import Article, LessonPage, LibraryPage, ModulePage, StrandPage, TranslatedSegment
from curriculum.translation import (
    AliasRefused,
    MissingTranslations,
    ParentNotTranslated,
    SourceTextUnderOtherLanguage,
    refreshed_source,
    segment_hash,
)
from people.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(begin_with: Callable[..., Any]) -> None:
    begin_with()


@pytest.fixture
def english_only(begin_with: Callable[..., Any]) -> None:
    begin_with(swahili="")
    translate(LibraryPage.objects.get(), "sw", {"title": "Maktaba"})


@pytest.fixture
def desk(client: Client) -> Client:
    """Signed in as somebody who may do everything: not even she publishes English as Swahili."""
    user: User = make_user(pin="a long enough password")
    User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True, secret_kind="password")
    client.force_login(User.objects.get(pk=user.pk))
    return client


def lesson(language: str, slug: str = "l1") -> LessonPage:
    return LessonPage.objects.get(locale__language_code=language, slug=slug)


def publish_english(page: LessonPage, change: Callable[[list[dict[str, Any]]], Any], **fields: Any) -> None:
    """Change the blocks of ``page`` as a trainer would, and publish."""
    blocks = json.loads(json.dumps(list(page.body.raw_data)))
    change(blocks)
    page.body = json.dumps(blocks)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def set_key_message(text: str) -> Callable[[list[dict[str, Any]]], Any]:
    return lambda blocks: blocks[1]["value"].update(text=text)


def set_text(html: str) -> Callable[[list[dict[str, Any]]], Any]:
    return lambda blocks: blocks[0]["value"].update(text=html)


def key_message(page: LessonPage) -> str:
    return page.body[1].value["text"]


def text(page: LessonPage) -> str:
    return page.body[0].value["text"].source


def live_english_under_swahili() -> list[tuple[str, str]]:
    """Every sentence of a live Swahili page that is word for word the English one."""
    return [
        (row.path, row.text)
        for row in TranslatedSegment.objects.filter(language="sw")
        if row.text == row.source and not row.text.startswith("{")
    ]


# ---------------------------------------------------------------- the action


def test_translation_keeps_the_ledger_of_what_each_sentence_was_made_from(library: None) -> None:
    rows = TranslatedSegment.objects.of(lesson("en").translation_key, "sw").filter(path__endswith=".text")

    block = f"body.{lesson('en').body[0].id}.text"
    first = rows.get(path=block, order=0)
    assert (first.source, first.text, first.is_stale) == (
        "First you <b>greet</b> her. Then you wait.",
        "Kwanza <b>unamsalimia</b>. Kisha unasubiri.",
        False,
    )
    assert first.source_hash == segment_hash(first.source)
    assert [row.order for row in rows.filter(path=block)] == [0, 1, 2, 3]


def test_publish_translation_refuses_missing_sentences_and_leaves_everything(english_only: None) -> None:
    with pytest.raises(MissingTranslations) as refusal:
        publish_translation(ModulePage.objects.get(), "sw")

    assert ("title", "Talking well") in refusal.value.missing
    assert "“Talking well”" in str(refusal.value)
    assert ModulePage.objects.filter(locale__language_code="sw").count() == 0


def test_publish_translation_refuses_a_page_without_its_parent(english_only: None) -> None:
    with pytest.raises(ParentNotTranslated, match="“Working well”"):
        module = ModulePage.objects.get()
        source, _is_new = refreshed_source(module)
        translate(
            module,
            "sw",
            dict.fromkeys(source.stringsegment_set.values_list("context__path", flat=True), "Neno"),
        )

    assert Page.objects.filter(locale__language_code="sw").count() == 1  # the library only


def test_translate_refuses_paths_that_are_not_in_the_source(library: None) -> None:
    with pytest.raises(ValueError, match=r"not in the source: body\.nowhere"):
        translate(lesson("en"), "sw", {"body.nowhere": "Neno"})


def test_translate_refuses_another_number_of_pieces(library: None) -> None:
    with pytest.raises(ValueError, match="1 pieces; the source has 4"):
        translate(lesson("en"), "sw", {f"body.{lesson('en').body[0].id}.text": ["Moja"]})


def test_translate_twice_publishes_once(library: None) -> None:
    before = lesson("sw").live_revision_id

    translate(lesson("en"), "sw", {"title": "Salamu"})

    assert lesson("sw").live_revision_id == before


# ---------------------------------------------------------------- what happens when the source changes


def test_a_changed_sentence_keeps_its_last_translation_and_is_stale(library: None) -> None:
    publish_english(lesson("en"), set_key_message("A greeting opens every door."))
    publish_translation(lesson("en"), "sw")

    assert key_message(lesson("sw")) == "Salamu inafungua mlango."
    (stale,) = TranslatedSegment.objects.filter(is_stale=True)
    assert (stale.text, stale.source) == ("Salamu inafungua mlango.", "A greeting opens the door.")


def test_stale_is_known_as_soon_as_the_source_is_published(library: None) -> None:
    publish_english(lesson("en"), set_key_message("A greeting opens every door."))

    assert TranslatedSegment.objects.filter(is_stale=True).count() == 1
    states = dict(Article.objects.filter(path="x1/l1", country="ZA").values_list("language", "is_stale"))
    assert states == {"en": False, "sw": True}
    assert not Article.objects.filter(path="x1/l2", is_stale=True).exists()


def test_a_translated_change_is_no_longer_stale(library: None) -> None:
    publish_english(lesson("en"), set_key_message("A greeting opens every door."))

    translate(lesson("en"), "sw", {f"body.{lesson('en').body[1].id}.text": "Salamu inafungua kila mlango."})

    assert key_message(lesson("sw")) == "Salamu inafungua kila mlango."
    assert TranslatedSegment.objects.filter(is_stale=True).count() == 0
    assert not Article.objects.filter(is_stale=True).exists()


def test_one_changed_paragraph_keeps_its_place_among_the_others(library: None) -> None:
    publish_english(
        lesson("en"),
        set_text(
            "<p>First you smile. Then you wait.</p><ul><li>She sits.</li><li>You sit.</li></ul>"
            "<p>How long: {bf_duration}</p>"
        ),
    )
    publish_translation(lesson("en"), "sw")

    assert text(lesson("sw")) == (
        "<p>Kwanza <b>unamsalimia</b>. Kisha unasubiri.</p><ul><li>Yeye anakaa.</li><li>Wewe unakaa.</li></ul>"
        "<p>Muda gani: {bf_duration}</p>"
    )
    assert [row.order for row in TranslatedSegment.objects.filter(is_stale=True)] == [0]


def test_an_added_paragraph_keeps_the_last_text_whole(library: None) -> None:
    before = text(lesson("sw"))
    publish_english(
        lesson("en"),
        set_text(
            "<p>First you <b>greet</b> her. Then you wait.</p><p>Never hurry.</p>"
            "<ul><li>She sits.</li><li>You sit.</li></ul><p>How long: {bf_duration}</p>"
        ),
    )
    publish_translation(lesson("en"), "sw")

    assert text(lesson("sw")) == before
    assert TranslatedSegment.objects.filter(is_stale=True).count() == 4


def test_a_removed_paragraph_goes_and_nothing_is_stale(library: None) -> None:
    publish_english(lesson("en"), set_text("<p>First you <b>greet</b> her. Then you wait.</p>"))
    publish_translation(lesson("en"), "sw")

    assert text(lesson("sw")) == "<p>Kwanza <b>unamsalimia</b>. Kisha unasubiri.</p>"
    assert TranslatedSegment.objects.filter(is_stale=True).count() == 0


def test_a_new_block_is_refused_and_the_old_text_stays_live(library: None) -> None:
    publish_english(
        lesson("en"),
        lambda blocks: blocks.append(
            {"type": "key_message", "id": "11111111-1111-4111-8111-111111111111", "value": {"text": "Wait."}}
        ),
    )

    with pytest.raises(MissingTranslations) as refusal:
        publish_translation(lesson("en"), "sw")

    assert [sentence for _path, sentence in refusal.value.missing] == ["Wait."]
    assert "Wait." not in str(lesson("sw").body)
    assert Article.objects.get(path="x1/l1", language="sw", country="ZA").is_stale


def test_a_sentence_of_placeholders_only_needs_no_translation(library: None) -> None:
    publish_english(lesson("en"), set_text("<p>{bf_duration}</p>"))
    publish_translation(lesson("en"), "sw")

    assert text(lesson("sw")) == "<p>{bf_duration}</p>"


# ---------------------------------------------------------------- the library's own buttons


def submit(desk: Client, page: Page) -> Any:
    sw = Locale.objects.get(language_code="sw")
    return desk.post(f"/admin/localize/submit/page/{page.pk}/", {"locales": [sw.pk]})


def test_submit_view_makes_drafts_up_to_the_library_and_nothing_live(english_only: None, desk: Client) -> None:
    response = submit(desk, LessonPage.objects.get(slug="l1"))

    assert response.status_code == 302
    swahili = Page.objects.filter(locale__language_code="sw").order_by("path")
    assert [(page.slug, page.live, page.alias_of_id) for page in swahili] == [
        ("library-1", True, None),
        ("strand-2", False, None),
        ("x1", False, None),
        ("l1", False, None),
    ]
    assert not Article.objects.filter(language="sw").exists()


def test_publish_button_refuses_english_text(english_only: None, desk: Client) -> None:
    strand = StrandPage.objects.get()
    translate(strand, "sw", {"title": "Kufanya kazi vizuri"})
    submit(desk, ModulePage.objects.get())
    draft = ModulePage.objects.get(locale__language_code="sw")

    response = desk.post(f"/admin/pages/{draft.pk}/edit/", {"action": "publish"}, follow=True)

    assert "not translated yet" in response.content.decode()
    assert not Page.objects.get(pk=draft.pk).live
    assert not Article.objects.filter(language="sw").exists()


def test_publish_button_publishes_a_complete_translation(library: None, desk: Client) -> None:
    source = TranslationSource.objects.get_for_instance(lesson("en"))
    segment = source.stringsegment_set.get(context__path="title")
    StringTranslation.objects.filter(translation_of=segment.string, context=segment.context).update(data="Salamu njema")

    desk.post(f"/admin/pages/{lesson('sw').pk}/edit/", {"action": "publish"})

    assert lesson("sw").title == "Salamu njema"
    assert Article.objects.get(path="x1/l1", language="sw", country="ZA").title == "Salamu njema"


def test_sync_view_keeps_the_live_swahili_text_after_an_english_edit(library: None, desk: Client) -> None:
    publish_english(lesson("en"), set_key_message("A greeting opens every door."), title="Saying hello")
    source = TranslationSource.objects.get_for_instance(lesson("en"))

    response = desk.post(f"/admin/localize/update/{source.pk}/", {"publish_translations": "on"})

    assert response.status_code == 302
    assert lesson("sw").title == "Salamu"
    assert key_message(lesson("sw")) == "Salamu inafungua mlango."
    assert live_english_under_swahili() == []
    assert TranslatedSegment.objects.filter(is_stale=True).count() == 2


def test_sync_view_refuses_a_new_block_and_leaves_swahili_live(library: None, desk: Client) -> None:
    before = lesson("sw").live_revision_id
    publish_english(
        lesson("en"),
        lambda blocks: blocks.append(
            {"type": "key_message", "id": "11111111-1111-4111-8111-111111111111", "value": {"text": "Wait."}}
        ),
    )
    source = TranslationSource.objects.get_for_instance(lesson("en"))

    response = desk.post(f"/admin/localize/update/{source.pk}/", {"publish_translations": "on"}, follow=True)

    assert "not translated yet: “Wait.”" in response.content.decode()
    assert lesson("sw").live_revision_id == before
    assert source.stringsegment_set.filter(string__data="Wait.").exists()


def test_draft_of_a_live_translation_leaves_the_live_text(library: None) -> None:
    """The library's own ``publish=False`` writes into the live row."""
    publish_english(
        lesson("en"),
        lambda blocks: blocks.append(
            {"type": "key_message", "id": "11111111-1111-4111-8111-111111111111", "value": {"text": "Wait."}}
        ),
    )
    before = lesson("sw").body.raw_data[:]

    Translation.objects.get(source__object_id=lesson("en").translation_key).save_target(publish=False)

    page = lesson("sw")
    assert page.live
    assert page.body.raw_data[:] == before
    assert "Wait." in str(page.get_latest_revision_as_object().body)


@pytest.mark.parametrize("way", ["button", "revision"])
def test_core_publishing_of_a_stopped_translation_refuses_english(english_only: None, desk: Client, way: str) -> None:
    strand = StrandPage.objects.get()
    submit(desk, strand)
    draft = StrandPage.objects.get(locale__language_code="sw")
    Translation.objects.update(enabled=False)

    if way == "button":
        response = desk.post(
            f"/admin/pages/{draft.pk}/edit/",
            {"action-publish": "1", "title": draft.title, "strand": draft.strand_id, "slug": draft.slug},
            follow=True,
        )
        assert "not translated yet" in response.content.decode()
    else:
        with pytest.raises(SourceTextUnderOtherLanguage):
            draft.save_revision().publish()

    assert not Page.objects.get(pk=draft.pk).live


def test_core_publishing_of_a_stopped_translation_takes_words_of_its_own(library: None) -> None:
    Translation.objects.update(enabled=False)
    page = lesson("sw")
    page.title = "Habari"

    page.save_revision().publish()

    assert lesson("sw").title == "Habari"
    row = TranslatedSegment.objects.get(translation_key=page.translation_key, path="title")
    assert (row.text, row.source, row.is_stale) == ("Habari", "Greeting", False)


def test_a_translation_that_is_the_same_word_may_be_published_when_a_translator_said_so(library: None) -> None:
    translate(lesson("en"), "sw", {"title": "Greeting"})

    assert lesson("sw").title == "Greeting"


def test_a_translator_without_the_right_publishes_nothing_through_the_sync_view(
    library: None, desk: Client, client: Client
) -> None:
    """The library's view asks only for the right to submit."""
    from django.contrib.auth.models import Group, Permission

    user = make_user(pin="a long enough password")
    User.objects.filter(pk=user.pk).update(is_staff=True, secret_kind="password")
    group = Group.objects.create(name="submitters")
    group.permissions.set(Permission.objects.filter(codename__in=["submit_translation", "access_admin"]))
    User.objects.get(pk=user.pk).groups.add(group)
    publish_english(lesson("en"), set_key_message("A greeting opens every door."))
    before = lesson("sw").live_revision_id
    client.force_login(User.objects.get(pk=user.pk))

    source = TranslationSource.objects.get_for_instance(lesson("en"))
    client.post(f"/admin/localize/update/{source.pk}/", {"publish_translations": "on"})

    assert lesson("sw").live_revision_id == before


# ---------------------------------------------------------------- no aliases


def test_synchronising_trees_is_refused(english_only: None) -> None:
    with pytest.raises(AliasRefused):
        synchronize_tree(Locale.get_default(), Locale.objects.get(language_code="sw"))

    assert Page.objects.exclude(alias_of=None).count() == 0


def test_locale_synchronisation_is_refused(english_only: None) -> None:
    with pytest.raises(PermissionDenied):
        LocaleSynchronization(locale=Locale.objects.get(language_code="sw"), sync_from=Locale.get_default()).save()

    assert LocaleSynchronization.objects.count() == 0


def test_locale_form_does_not_offer_synchronisation(english_only: None, desk: Client) -> None:
    sw = Locale.objects.get(language_code="sw")

    assert "sync_from" not in desk.get(f"/admin/locales/edit/{sw.pk}/").content.decode()


def test_alias_of_a_page_is_refused(library: None) -> None:
    with pytest.raises(AliasRefused):
        lesson("en").create_alias(update_slug="l9")
    with pytest.raises(AliasRefused):
        lesson("en").copy_for_translation(Locale.objects.get_or_create(language_code="fr")[0], copy_parents=True)

    assert Page.objects.exclude(alias_of=None).count() == 0


def test_convert_to_alias_is_refused(library: None, desk: Client) -> None:
    page = lesson("sw")

    desk.post(f"/admin/localize/page/{page.pk}/convert_to_alias/")

    assert lesson("sw").alias_of_id is None
    assert lesson("sw").title == "Salamu"
    assert Translation.objects.filter(source__object_id=page.translation_key).exists()
