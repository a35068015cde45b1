from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex, Revision, Site

from curriculum import packs
from curriculum.actions import PackNotClean, export_pack, import_pack
from curriculum.blocks import PictureBlock
from curriculum.imported_blocks import html_of, pieces_of
from curriculum.models import (
    Article,
    Country,
    Fact,
    FactValue,
    GlossaryMeaning,
    Lesson,
    LessonPage,
    Module,
    ModulePage,
    TranslatedSegment,
)
from curriculum.openable import closed
from curriculum.translating.report import is_same_as_source
from curriculum.translating.segments import segments
from curriculum.translation import MissingTranslations, refreshed_source
from tests.curriculum.pack import FACTS, SWAHILI, write_pack

pytestmark = pytest.mark.django_db
REAL_PACK = Path(settings.BASE_DIR) / "packs" / "mentor-mother"


def addresses() -> list[tuple[str, str]]:
    pages = Page.objects.filter(depth__gt=1).order_by("path").select_related("locale")
    return [(page.locale.language_code, page.url_path) for page in pages]


def test_import_makes_the_tree_in_both_languages_at_neutral_addresses(bring_in) -> None:
    bring_in()

    assert addresses() == [
        ("en", "/library/"),
        ("en", "/library/strand-2/"),
        ("en", "/library/strand-2/x1/"),
        ("en", "/library/strand-2/x1/l1/"),
        ("en", "/library/strand-2/x1/l2/"),
        ("en", "/library/strand-2/x1/q/"),
        ("sw", "/library-1/"),
        ("sw", "/library-1/strand-2/"),
        ("sw", "/library-1/strand-2/x1/"),
        ("sw", "/library-1/strand-2/x1/l1/"),
        ("sw", "/library-1/strand-2/x1/l2/"),
        ("sw", "/library-1/strand-2/x1/q/"),
    ]
    assert Page.objects.filter(live=False).count() == 0
    assert Page.objects.exclude(alias_of=None).count() == 0
    assert Site.objects.get().root_page.slug == "library"


def test_import_gives_every_language_the_same_identities(bring_in) -> None:
    bring_in()

    lessons = {page.locale.language_code: page.lesson_id for page in LessonPage.objects.filter(slug="l1")}
    assert lessons["en"] == lessons["sw"]
    assert Lesson.objects.count() == 2
    steps = [[block.value["step"] for block in page.practice] for page in ModulePage.objects.order_by("path")]
    assert steps[0] == steps[1]
    assert len(set(steps[0])) == 2


def test_import_keeps_plain_rich_text_and_its_placeholder(bring_in) -> None:
    bring_in()

    english, swahili = LessonPage.objects.filter(slug="l1").order_by("path")
    assert english.body[0].value["text"].source == (
        "<p>First you <b>greet</b> her. Then you wait.</p><ul><li>She sits.</li><li>You sit.</li></ul>"
        "<p>How long: {bf_duration}</p>"
    )
    assert swahili.body[0].value["text"].source == (
        "<p>Kwanza <b>unamsalimia</b>. Kisha unasubiri.</p><ul><li>Yeye anakaa.</li><li>Wewe unakaa.</li></ul>"
        "<p>Muda gani: {bf_duration}</p>"
    )


def test_import_twice_changes_nothing(bring_in) -> None:
    bring_in()
    before = (
        list(Revision.objects.values_list("pk", flat=True)),
        list(Article.objects.order_by("pk").values_list("pk", "content_hash", "frozen_at")),
        list(TranslatedSegment.objects.order_by("pk").values_list("pk", flat=True)),
        list(get_image_model().objects.values_list("pk", "file")),
    )

    again = bring_in()

    assert again.published == 0
    assert before == (
        list(Revision.objects.values_list("pk", flat=True)),
        list(Article.objects.order_by("pk").values_list("pk", "content_hash", "frozen_at")),
        list(TranslatedSegment.objects.order_by("pk").values_list("pk", flat=True)),
        list(get_image_model().objects.values_list("pk", "file")),
    )


def test_import_of_one_changed_lesson_publishes_that_lesson_only(bring_in) -> None:
    bring_in()

    again = bring_in(
        {"{#km}\nA greeting opens the door.": "{#km}\nA greeting opens every door."},
        swahili=SWAHILI | {"l1.km.text": "Salamu inafungua kila mlango."},
    )

    assert again.published == 2
    html = closed(Article.objects.get(path="x1/l1", language="sw", country="ZA").html)
    assert "Salamu inafungua kila mlango." in html
    assert "Salamu inafungua mlango." not in html


def test_import_of_a_synchronised_change_reaches_the_translation(bring_in) -> None:
    bring_in()

    bring_in({"minutes = 4": "minutes = 7"})

    assert set(LessonPage.objects.filter(slug="l1").values_list("study_minutes", flat=True)) == {7}


def test_import_with_a_missing_sentence_brings_in_nothing(bring_in) -> None:
    with pytest.raises(PackNotClean) as refusal:
        bring_in(swahili={key: text for key, text in SWAHILI.items() if key != "l1.km.text"})

    assert [(problem.key, problem.what) for problem in refusal.value.problems] == [("l1.km.text", "not translated")]

    assert Module.objects.count() == 0
    assert Page.objects.filter(depth__gt=2).count() == 0


def test_import_of_a_changed_source_keeps_the_older_translation_and_marks_it(bring_in, tmp_path: Path) -> None:
    bring_in()
    lesson = tmp_path / "small" / "x1" / "l1.md"
    lesson.write_text(lesson.read_text().replace("A greeting opens the door.", "A smile opens the door."))

    imported = import_pack(tmp_path / "small")

    assert imported.left_out == []
    article = Article.objects.get(path="x1/l1", language="sw", country="ZA")
    assert ("Salamu inafungua mlango." in closed(article.html), article.is_stale) == (True, True)


def test_a_language_that_is_only_beginning_waits_page_by_page(bring_in, tmp_path: Path) -> None:
    bring_in(swahili={key: text for key, text in SWAHILI.items() if key != "l2.ck.c1"}, promised=False)

    assert addresses()[-4:] == [
        ("sw", "/library-1/strand-2/"),
        ("sw", "/library-1/strand-2/x1/"),
        ("sw", "/library-1/strand-2/x1/l1/"),
        ("sw", "/library-1/strand-2/x1/q/"),
    ]
    assert import_pack(tmp_path / "small").left_out == ["Listening (sw): its translation is not whole"]


def test_import_brings_reflections_and_recordings_of_a_lesson(bring_in, tmp_path: Path) -> None:
    bring_in(swahili={})
    folder = tmp_path / "small" / "x1"
    (folder / "sound").mkdir()
    (folder / "sound" / "gate.mp3").write_bytes(b"ID3 a gate")
    with (folder / "l2.md").open("a") as lesson:
        lesson.write("\n::: reflection {#rf}\nWho greeted you?\n:::\n")
        lesson.write('\n::: audio {#au file="sound/gate.mp3"}\nA gate opens.\n:::\n')

    import_pack(tmp_path / "small")

    *_others, reflection, audio = LessonPage.objects.get(slug="l2").body
    assert (reflection.value["question"], len(reflection.value["note"])) == ("Who greeted you?", 36)
    assert (audio.value["transcript"], audio.value["recording"].title) == ("A gate opens.", "x1-gate")
    assert import_pack(tmp_path / "small").published == 0
    assert export_pack(tmp_path / "small") == []


def test_import_makes_pictures_with_neutral_names(bring_in) -> None:
    bring_in()

    image = get_image_model().objects.get()
    assert (image.title, image.file.name, image.width, image.height) == ("x1-1", "original_images/x1-1.svg", 600, 400)


def test_import_brings_words_in_every_language(bring_in) -> None:
    bring_in()

    assert set(GlossaryMeaning.objects.values_list("entry__key", "language", "word")) == {
        ("greeting", "en", "greeting"),
        ("greeting", "sw", "salamu"),
    }


def test_import_of_a_changed_value_leaves_the_old_one_readable_and_freezes_again(bring_in) -> None:
    bring_in()

    bring_in(facts=FACTS.replace("12 months & more", "18 months"))

    old, new = FactValue.objects.filter(country="ZA").order_by("pk")
    assert (old.texts["en"], old.valid_to_on, new.texts["en"]) == ("12 months & more", new.valid_from_on, "18 months")
    assert "How long: 18 months" in Article.objects.get(path="x1/l1", language="en", country="ZA").html


def test_import_does_not_overwrite_a_value_that_a_person_has_replaced(bring_in) -> None:
    bring_in()
    FactValue.objects.filter(country="ZA").update(valid_to_on=date(2026, 1, 1))
    hers = FactValue.objects.create(
        fact=Fact.objects.get(), country_id="ZA", texts={"en": "hers"}, mark="sourced", valid_from_on=date(2026, 1, 1)
    )

    bring_in()

    assert FactValue.objects.get(country="ZA", valid_to_on=None) == hers


def test_import_of_one_module_folder_uses_what_stands_beside_it(db: None, tmp_path: Path) -> None:
    imported = import_pack(write_pack(tmp_path) / "x1")

    assert [module.code for module in imported.modules] == ["X1"]
    assert Country.objects.count() == 2


def test_command_says_what_it_did_and_a_dry_run_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_pack(tmp_path)

    call_command("import_pack", str(folder), dry_run=True)
    said = capsys.readouterr().out
    assert said.startswith("X1\n  title: new\n")
    assert said.endswith("\nen: 18 new\nsw: 31 new\nX1: 14 pages and questions would be published.\n")
    assert Module.objects.count() == 0

    call_command("import_pack", str(folder))
    assert (capsys.readouterr().out, Module.objects.count()) == ("X1: 14 pages and questions published.\n", 1)


def test_command_refuses_a_pack_with_problems_and_names_them_all(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, {"{bf_duration}": "{no_such_fact}"})

    with pytest.raises(CommandError) as refusal:
        call_command("import_pack", str(folder))

    assert "x1/l1.md:6: l1.tx.text: unknown fact {no_such_fact}" in str(refusal.value)
    assert "l1.tx.text: the {placeholders} differ from the source" in str(refusal.value)
    assert Module.objects.count() == 0


def test_command_refuses_a_folder_without_modules(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no module in .*module\.md"):
        call_command("import_pack", str(tmp_path))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("One\ntwo.", "<p>One two.</p>"),
        ("**A** and *b*.", "<p><b>A</b> and <i>b</i>.</p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("- one\n\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("<script>x</script> [a](http://b)", "<p>&lt;script&gt;x&lt;/script&gt; [a](http://b)</p>"),
        ('"{key}" & more', "<p>&quot;{key}&quot; &amp; more</p>"),
    ],
)
def test_html_of_markdown_is_plain(markdown: str, html: str) -> None:
    assert html_of(markdown) == html


def test_pieces_are_the_sentences_that_the_segmenter_cuts() -> None:
    assert pieces_of("A **b**.\n\n- **All**\n- c & d") == ["A <b>b</b>.", "All", "c &amp; d"]


def test_the_real_pack_has_no_error_and_is_in_canonical_form() -> None:
    assert packs.open_pack(REAL_PACK).problems == []


def test_what_its_pictures_show_has_room_at_the_desk_in_every_language() -> None:
    room = PictureBlock().child_blocks["alt"].field.max_length
    modules = packs.open_pack(REAL_PACK).pack.modules
    said = [entry for module in modules for each in module.translations.values() for entry in each.entries.values()]

    shown = [max(len(entry.made_from), len(entry.text)) for entry in said if entry.key.endswith(".alt")]

    assert len(shown) > 50
    assert max(shown) <= room


def nothing_is_left_english() -> None:
    # Words that are the same in both languages are named one by one (same_words.toml).
    assert [
        (language, segment.text.path, segment.text.sentences)
        for language, found in segments(
            sorted(Module.objects.values_list("code", flat=True)), ["sw", "pt", "fr"]
        ).items()
        for segment in found
        if is_same_as_source(segment)
    ] == []
    assert not Article.objects.filter(is_stale=True).exists()
    assert {"en", "sw", "pt", "fr"} <= set(Article.objects.values_list("language", flat=True))
    assert Article.objects.filter(html__contains="{").count() == 0
    for page in LessonPage.objects.filter(locale__language_code="en"):
        assert page.body.stream_block.clean(page.body) is not None
        assert refreshed_source(page)[1] is False


@pytest.mark.slow
def test_a_real_module_comes_in_whole_and_nothing_stays_english() -> None:
    imported = import_pack(REAL_PACK / "m4")

    assert [module.code for module in imported.modules] == ["M4"]
    nothing_is_left_english()


@pytest.mark.slow
def test_one_language_after_the_other_gives_what_all_at_once_give() -> None:
    for languages in ((), ("sw",), ("fr",)):
        import_pack(REAL_PACK / "d1", languages=languages)
    one_by_one = articles()
    again = import_pack(REAL_PACK / "d1", languages=("sw", "fr"))

    assert again.published == 0
    assert articles() == one_by_one
    assert {language for _path, _country, language, _hash in one_by_one} == {"en", "sw", "fr"}


def articles() -> list[tuple[str, str, str, str]]:
    return sorted(Article.objects.values_list("path", "country", "language", "content_hash"))


@pytest.mark.whole
def test_the_whole_pack_comes_in_and_nothing_stays_english() -> None:
    assert len(import_pack(REAL_PACK).modules) == 16
    nothing_is_left_english()


def test_missing_translation_is_refused_by_name(bring_in) -> None:
    """What the pack's own check would have said, in case somebody imports without it."""
    bring_in(swahili="")
    from curriculum.actions import translate

    page = LessonPage.objects.get(slug="l1")
    with pytest.raises(MissingTranslations) as refusal:
        translate(page, "sw", {"title": "Salamu"})

    assert ("A greeting opens the door.") in [text for _path, text in refusal.value.missing]
    assert LessonPage.objects.filter(locale__language_code="sw").count() == 0


def test_command_tells_wagtail_what_uses_what(tmp_path: Path) -> None:
    call_command("import_pack", str(write_pack(tmp_path)))
    picture = get_image_model().objects.get()
    users = {reference.content_type.model for reference in ReferenceIndex.get_references_to(picture)}
    assert "lessonpage" in users
