"""An import over what a trainer has changed at the desk: kept, taken, or named and decided."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Revision

from assessments.models import QuestionSnippet
from curriculum.actions import Undecided, always, import_pack, translate
from curriculum.models import Article, ImportedPiece, LessonPage, ModulePage
from curriculum.openable import closed
from tests.curriculum.pack import SWAHILI, write_pack

pytestmark = pytest.mark.django_db
Bring = Callable[..., Any]
KM = "{#km}\nA greeting opens the door."


def page(slug: str = "l1", language: str = "en") -> LessonPage:
    return LessonPage.objects.get(slug=slug, locale__language_code=language)


def key_message(language: str = "en") -> str:
    return next(block.value["text"] for block in page(language=language).body if block.block_type == "key_message")


def edit(text: str, *, publish: bool = True) -> None:
    """What the desk saves: the block, and the marks of its editor in all rich text."""
    lesson = page()
    body = list(lesson.body.raw_data)
    for block in body:
        if block["type"] == "key_message":
            block["value"]["text"] = text
        elif block["type"] == "text":
            block["value"]["text"] = block["value"]["text"].replace("<p>", '<p data-block-key="abc12">')
    lesson.body = json.dumps(body)
    revision = lesson.save_revision()
    if publish:
        revision.publish()


def pack_says(text: str, swahili: str = "Salamu inafungua mlango.") -> tuple[dict[str, str], dict[str, str]]:
    return {KM: f"{{#km}}\n{text}"}, SWAHILI | {"l1.km.text": swahili}


def test_a_later_edit_at_the_desk_stays(bring_in: Bring) -> None:
    bring_in()
    edit("A smile opens the door.")
    revisions = Revision.objects.count()

    again = bring_in()

    assert key_message() == "A smile opens the door."
    assert [(str(change.place), change.what) for change in again.changes] == [("X1/l1.km", "kept")]
    # The marks of the editor in the other block are no news: nothing was published, no approval is lost.
    assert (again.published, Revision.objects.count()) == (0, revisions)


def test_what_the_pack_changed_beside_it_comes_in(bring_in: Bring) -> None:
    bring_in()
    edit("A smile opens the door.")

    bring_in({"She waits.": "She waits long."}, swahili=SWAHILI | {"l1.pc.caption": "Anasubiri sana."})

    html = Article.objects.get(path="x1/l1", language="en", country="ZA").html
    assert ("A smile opens the door." in html, "She waits long." in html) == (True, True)


def test_a_change_in_both_brings_in_nothing_at_all(bring_in: Bring) -> None:
    bring_in()
    edit("A smile opens the door.")
    changed, swahili = pack_says("A hand opens the door.", "Mkono unafungua mlango.")

    with pytest.raises(Undecided) as refusal, transaction.atomic():
        bring_in(changed | {'title = "Listening"': 'title = "Hearing"'}, swahili=swahili)

    assert [(str(change.place), change.why) for change in refusal.value.conflicts] == [("X1/l1.km", "both")]
    assert "A smile opens the door." in refusal.value.conflicts[0].desk
    assert "A hand opens the door." in refusal.value.conflicts[0].pack
    assert (key_message(), page("l2").title) == ("A smile opens the door.", "Listening")


@pytest.mark.parametrize(("decision", "text"), [("keep", "A smile opens the door."), ("replace", "A hand opens it.")])
def test_command_keeps_or_replaces(tmp_path: Path, bring_in: Bring, decision: str, text: str) -> None:
    bring_in()
    edit("A smile opens the door.")
    changed, swahili = pack_says("A hand opens it.", "Mkono unaufungua.")
    folder = write_pack(tmp_path, changed, swahili=swahili)

    with pytest.raises(CommandError, match="1 pieces were changed here and in the pack"):
        call_command("import_pack", str(folder), stdout=io.StringIO())
    assert key_message() == "A smile opens the door."
    call_command("import_pack", str(folder), **{decision: True}, stdout=io.StringIO())
    assert key_message() == text
    # Decided once; the same pack asks no second time.
    call_command("import_pack", str(folder), stdout=io.StringIO())
    assert key_message() == text


def test_dry_run_shows_both_texts_and_counts_the_languages(tmp_path: Path, bring_in: Bring) -> None:
    bring_in()
    edit("A smile opens the door.")
    changed, swahili = pack_says("A hand opens it.", "Mkono unaufungua.")
    folder = write_pack(tmp_path, changed | {'title = "Listening"': 'title = "Hearing"'}, swahili=swahili)
    said = io.StringIO()

    call_command("import_pack", str(folder), dry_run=True, stdout=said)

    assert said.getvalue().startswith(
        "X1\n"
        "  l1\n"
        "    l1.km: changed in both\n"
        "      It was changed here and in the pack.\n"
        "      - ::: key-message {#km}\n      - A smile opens the door.\n      - :::\n"
        "      + ::: key-message {#km}\n      + A hand opens it.\n      + :::\n"
    )
    assert "    l2.title: changed\n      - Listening\n      + Hearing\n" in said.getvalue()
    assert "en: 1 changed, 1 changed in both\n" in said.getvalue()
    assert page("l2").title == "Listening"


def test_json_names_each_change(tmp_path: Path, bring_in: Bring) -> None:
    bring_in()
    edit("A smile opens the door.")
    said = io.StringIO()

    call_command("import_pack", str(write_pack(tmp_path)), dry_run=True, json=True, stdout=said)

    found = json.loads(said.getvalue())
    assert (found["published"], found["languages"]["en"]["kept"]) == (0, 1)
    assert [(one["place"], one["what"]) for one in found["changes"]] == [("X1/l1.km", "kept")]


def test_a_draft_is_not_buried(bring_in: Bring) -> None:
    bring_in()
    edit("A smile opens the door.", publish=False)
    changed, swahili = pack_says("A hand opens it.", "Mkono unaufungua.")

    with pytest.raises(Undecided) as refusal, transaction.atomic():
        bring_in(changed, swahili=swahili)
    assert [change.why for change in refusal.value.conflicts] == ["draft"]
    assert bring_in().published == 0

    draft = page().get_latest_revision_as_object()
    assert draft.body[1].value["text"] == "A smile opens the door."


def test_a_translation_that_was_mended_at_the_desk_stays(tmp_path: Path, bring_in: Bring) -> None:
    bring_in()
    lesson = page()
    translate(lesson, "sw", {f"body.{lesson.body[1].id}.text": "Salamu hufungua mlango."})

    assert bring_in().published == 0
    assert key_message("sw") == "Salamu hufungua mlango."
    newer = write_pack(tmp_path, swahili=SWAHILI | {"l1.km.text": "Salamu yafungua mlango."})
    with pytest.raises(Undecided) as refusal, transaction.atomic():
        import_pack(newer)
    assert [str(change.place) for change in refusal.value.conflicts] == ["X1/l1.km.text@sw"]
    import_pack(newer, decide=always("replace"))
    assert key_message("sw") == "Salamu yafungua mlango."


def test_translators_words_in_hand_are_not_overwritten(tmp_path: Path, bring_in: Bring) -> None:
    from wagtail_localize.models import StringTranslation

    bring_in()
    StringTranslation.objects.filter(data="Salamu inafungua mlango.", locale__language_code="sw").update(data="Kazi.")

    with pytest.raises(Undecided) as refusal, transaction.atomic():
        bring_in(swahili=SWAHILI | {"l1.km.text": "Salamu yafungua mlango."})

    assert [(str(change.place), change.why) for change in refusal.value.conflicts] == [("X1/l1.km.text@sw", "draft")]


def test_a_question_that_was_changed_at_the_desk_stays(tmp_path: Path, bring_in: Bring) -> None:
    bring_in()
    snippet = QuestionSnippet.objects.get(locale__language_code="en")
    snippet.stem = "What is first?"
    snippet.save()
    snippet.save_revision().publish()

    again = bring_in()
    assert [(str(change.place), change.what) for change in again.changes] == [("X1/q1", "kept")]
    newer = write_pack(tmp_path, {"What comes first?": "What do you do first?"}, swahili=SWAHILI)
    with pytest.raises(Undecided), transaction.atomic():
        import_pack(newer)
    import_pack(newer, decide=always("replace"))

    assert QuestionSnippet.objects.get(locale__language_code="en").stem == "What do you do first?"


def test_a_step_written_at_the_desk_keeps_its_identity_over_an_import(bring_in: Bring) -> None:
    bring_in()
    module = ModulePage.objects.get(locale__language_code="en")
    steps = [*module.practice.raw_data]
    own = {"step": "6f3cf9c5-4f4a-4a9e-9a3a-0b7a3bd6a111", "text": "Says goodbye.", "is_safety": False}
    steps.append({"type": "step", "value": own, "id": "0d0cfd5c-6b5f-4d4e-8df3-0a2b6f0f2222"})
    module.practice = json.dumps(steps)
    module.save_revision().publish()

    bring_in({"Waits for her.": "Waits long for her."}, swahili=SWAHILI | {"practice.s2": "Anamsubiri sana."})

    rows = list(ModulePage.objects.get(locale__language_code="en").practice.raw_data)
    assert [row["value"]["text"] for row in rows] == ["Greets her first.", "Waits long for her.", "Says goodbye."]
    assert (rows[-1]["id"], rows[-1]["value"]["step"]) == (steps[-1]["id"], own["step"])


def test_a_failure_in_the_middle_leaves_nothing(bring_in: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("assessments.actions.importing._pages", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        bring_in()

    assert (LessonPage.objects.count(), ImportedPiece.objects.count(), Article.objects.count()) == (0, 0, 0)


# ---------------------------------------------------------------- any sequence

WORDS = ["A greeting opens the door.", "A smile opens the door.", "A hand opens the door."]
KISWAHILI = dict(zip(WORDS, ["Salamu inafungua mlango.", "Tabasamu linafungua.", "Mkono unafungua."], strict=True))
steps = st.lists(
    st.tuples(
        st.sampled_from(["desk", "pack", "import"]), st.sampled_from(WORDS), st.sampled_from([None, "keep", "replace"])
    ),
    min_size=1,
    max_size=5,
)


def test_over_any_sequence_of_edits_and_imports(tmp_path: Path) -> None:
    import_pack(_saying(tmp_path, WORDS[0]))

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps)
    def from_the_same_beginning(said: list[tuple[str, str, Any]]) -> None:
        with transaction.atomic():
            _follow(tmp_path, said)
            transaction.set_rollback(True)

    from_the_same_beginning()


def _saying(folder: Path, text: str) -> Path:
    return write_pack(folder, {KM: f"{{#km}}\n{text}"}, swahili=SWAHILI | {"l1.km.text": KISWAHILI[text]})


def _follow(tmp_path: Path, said: list[tuple[str, str, Any]]) -> None:
    desk = pack = base = WORDS[0]
    for act, text, decision in [*said, ("import", "", None)]:
        if act == "pack":
            pack = text
        elif act == "desk":
            edit(desk := text)
        else:
            is_conflict = desk != pack and desk != base and pack != base
            try:
                import_pack(_saying(tmp_path, pack), decide=always(decision))
            except Undecided:
                assert is_conflict and decision is None
            else:
                assert not is_conflict or decision is not None
                if desk == base or (is_conflict and decision == "replace"):
                    desk = pack
                base = pack
        assert key_message() == desk
        article = Article.objects.get(path="x1/l1", language="sw", country="ZA")
        # Never "current" while its words were made from others.
        assert article.is_stale or KISWAHILI[desk] in closed(article.html)
