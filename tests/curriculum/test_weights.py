"""What a lesson costs her is told while it is written, and nothing too heavy is published, whichever way it comes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as PillowImage
from wagtail.images.models import Image
from wagtail.models import PageLogEntry, Revision, TaskState
from wagtail_localize.models import StringTranslation, TranslationSource

from curriculum.four_eyes import PublicationRefused
from curriculum.models import Article, LessonPage
from curriculum.pictures import PHONE_FILTER, for_phone
from curriculum.scheduling import NOT_PUBLISHED
from curriculum.weights import Weight, weigh
from people.models import User
from tests.curriculum.admin_desk import make_lesson_page, make_module_page, make_person, page_form
from tests.factories import make_country, make_user

pytestmark = pytest.mark.django_db

TOO_MUCH = "Please divide it into two lessons."


def noise(size: int) -> str:
    """``size`` letters that do not compress to less than half."""
    letters = random.Random(7)  # noqa: S311 -- nothing secret
    return "".join(letters.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(size))


@pytest.fixture(autouse=True)
def _small(settings: Any) -> None:
    """One kilobyte of text is the most, so that the packs of the tests are light enough and noise is not."""
    make_country("KE")
    settings.LESSON_TEXT_MOST_KB = 1


@pytest.fixture
def superuser(client: Client) -> Client:
    user: User = make_user(pin="a long enough password")
    User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True, secret_kind="password")
    client.force_login(User.objects.get(pk=user.pk))
    return client


def make_heavy(page: LessonPage) -> Revision:
    """The newest revision of ``page`` is too heavy; what is live is not."""
    blocks = json.loads(json.dumps(list(page.body.raw_data)))
    blocks[0]["value"]["text"] = f"<p>{noise(4000)}</p>"
    page.body = json.dumps(blocks)
    return page.save_revision()


def live_text(page: LessonPage) -> str:
    return str(LessonPage.objects.get(pk=page.pk).body[0].value["text"].source)


def photograph(width: int = 1600, height: int = 1200) -> Image:
    """As a telephone takes it, with the place where it was taken."""
    picture = PillowImage.effect_noise((width, height), 40).convert("RGB")
    exif = PillowImage.Exif()
    exif[0x010F] = "Camera of a nurse"
    file = BytesIO()
    picture.save(file, "JPEG", quality=90, exif=exif)
    return Image.objects.create(title="x", file=ImageFile(BytesIO(file.getvalue()), name="x.jpg"))


# ---------------------------------------------------------------- the limit


@pytest.mark.parametrize(
    ("weight", "count"),
    [
        (Weight(30_000, 270_000, 0), 0),
        (Weight(30_001, 0, 0), 1),
        (Weight(30_000, 270_000, 900_000), 0),
        (Weight(9_000, 0, 900_001), 1),
        (Weight(30_000, 270_001, 900_001), 2),
        (Weight(300_001, 0, 0), 2),
    ],
)
def test_the_limits_are_those_of_the_programme(settings: Any, weight: Weight, count: int) -> None:
    settings.LESSON_TEXT_MOST_KB = 30

    assert len(weight.reasons) == count


@pytest.mark.parametrize(
    ("weight", "sentence"),
    [
        (Weight(9_000, 55_000, 56_000), "9 KB, with pictures 64 KB, with sound 120 KB"),
        (Weight(9_000, 55_000, 0), "9 KB, with pictures 64 KB"),
        (Weight(9_000, 0, 20_400), "9 KB, with sound 29 KB"),
        (Weight(10, 0, 0), "1 KB"),
    ],
)
def test_the_price_names_only_what_is_there(weight: Weight, sentence: str) -> None:
    assert weight.sentence == sentence


# ---------------------------------------------------------------- every way to publish


def test_the_button_refuses_and_keeps_what_she_typed(client: Client) -> None:
    page = make_lesson_page(make_module_page())
    client.force_login(make_person("author"))
    typed = noise(4000)
    form = page_form(page)
    form["body-0-value-text"] = form["body-0-value-text"].replace("Changed.", typed)

    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form | {"action-publish": "x"})

    shown = response.content.decode()
    assert response.status_code == 200
    assert TOO_MUCH in shown
    assert typed in shown
    assert "Milk is enough." in live_text(page)


def test_a_draft_may_be_as_heavy_as_it_is(client: Client) -> None:
    page = make_lesson_page(make_module_page())
    client.force_login(make_person("author"))
    form = page_form(page)
    form["body-0-value-text"] = form["body-0-value-text"].replace("Changed.", noise(4000))

    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)

    assert response.status_code == 302
    assert weigh(LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()).text > 2_000


def test_bulk_publication_refuses(client: Client) -> None:
    page = make_lesson_page(make_module_page())
    make_heavy(page)
    client.force_login(make_person("author"))

    response = client.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", follow=True)

    assert TOO_MUCH in response.content.decode()
    assert "Milk is enough." in live_text(page)


def test_a_schedule_refuses_when_it_is_made_and_when_it_is_due() -> None:
    page = make_lesson_page(make_module_page())
    revision = make_heavy(page)
    later = page.get_latest_revision_as_object()
    later.go_live_at = timezone.now() + timedelta(days=1)
    with pytest.raises(PublicationRefused):
        later.save_revision().publish()
    # The limit was another when this one was planned.
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - timedelta(minutes=1))

    call_command("publish_scheduled")

    assert "Milk is enough." in live_text(page)
    (reason,) = PageLogEntry.objects.get(action=NOT_PUBLISHED).data["reasons"]
    assert reason.endswith(TOO_MUCH)


def test_the_end_of_a_review_refuses() -> None:
    page = make_lesson_page(make_module_page())
    author, reviewer = make_person("author"), make_person("reviewer", country="KE")
    make_heavy(page)
    page.save_revision(user=author)
    task_state = page.get_workflow().start(page, author).current_task_state

    with pytest.raises(PublicationRefused):
        task_state.task.specific.on_action(task_state, reviewer, "approve")

    task_state.refresh_from_db()
    assert task_state.status == TaskState.STATUS_IN_PROGRESS
    assert "Milk is enough." in live_text(page)


def test_an_import_refuses_and_brings_nothing(bring_in: Callable[..., Any]) -> None:
    with pytest.raises(PublicationRefused):
        bring_in({"Then you wait.": noise(4000)})

    assert not LessonPage.objects.exists()


def test_a_translation_refuses_and_keeps_the_text_that_is_live(
    superuser: Client, begin_with: Callable[..., Any]
) -> None:
    begin_with()
    english = LessonPage.objects.get(locale__language_code="en", slug="l1")
    swahili = LessonPage.objects.get(locale__language_code="sw", slug="l1")
    before = Article.objects.get(path="x1/l1", language="sw", country="KE").html
    segment = TranslationSource.objects.get_for_instance(english).stringsegment_set.filter(order__gt=0)[1]
    StringTranslation.objects.filter(translation_of=segment.string, context=segment.context).update(data=noise(4000))

    response = superuser.post(f"/admin/pages/{swahili.pk}/edit/", {"action": "publish"}, follow=True)

    assert TOO_MUCH in response.content.decode()
    assert Article.objects.get(path="x1/l1", language="sw", country="KE").html == before


# ---------------------------------------------------------------- what counts

# Wagtail leaves the file of a fresh rendition to the collector.
leaves_a_file = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@leaves_a_file
def test_a_photograph_is_made_small_and_loses_what_it_tells() -> None:
    image = photograph()

    made = for_phone(image)

    with PillowImage.open(image.get_rendition(PHONE_FILTER).file.path) as sent:
        assert (sent.format, sent.size) == ("WEBP", (720, 540))
        assert not dict(sent.getexif())
    assert (made.width, made.height) == (720, 540)
    assert made.size_bytes < image.get_file_size() / 3


@leaves_a_file
def test_a_picture_counts_once_and_as_it_is_sent(settings: Any) -> None:
    image = photograph()
    page = make_lesson_page(make_module_page())
    before = weigh(page)
    block = {"type": "picture", "value": {"image": image.pk, "alt": "A gate.", "caption": ""}}
    page.body = json.dumps([*json.loads(json.dumps(list(page.body.raw_data))), block, block])

    after = weigh(page)

    assert (before.pictures, after.pictures) == (0, for_phone(image).size_bytes)
    settings.LESSON_MOST_KB = 10
    with pytest.raises(PublicationRefused, match="take out a picture"):
        page.save_revision().publish()


# ---------------------------------------------------------------- told while it is written


def test_the_editor_and_the_preview_say_what_it_costs(client: Client) -> None:
    page = make_lesson_page(make_module_page())
    make_heavy(page)
    client.force_login(make_person("author"))
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    editor = client.get(address).content.decode()
    client.post(reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]), page_form(page))
    preview = client.get(reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])).content.decode()

    assert "What it costs her" in editor
    assert "<strong>3 KB</strong>" in editor
    assert TOO_MUCH in editor
    assert "What it costs her: 1 KB" in preview
    assert TOO_MUCH not in preview
