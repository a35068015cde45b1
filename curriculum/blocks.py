"""The blocks a trainer builds a lesson from. Each label and help text says what a learner will see."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

PLAIN_FEATURES = ["bold", "italic", "ul", "ol"]
"""Rich text keeps to inline tags without attributes: the translation segmenter refuses others."""


class IdentityWidget(forms.HiddenInput):
    """A hidden field that gives a new row its identity the first time the form comes back."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return super().value_from_datadict(data, files, name) or str(uuid.uuid4())


class IdentityBlock(blocks.FieldBlock):
    """The identity of a row inside a block: what evidence points at. Never translated, never shown.

    Block ids will not do: they are copied with a page and recreated by some imports.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    @cached_property
    def field(self) -> forms.CharField:
        return forms.CharField(required=False, max_length=36, widget=IdentityWidget())

    def get_translatable_segments(self, value: str) -> list[Any]:
        """Nothing to translate; the same in every language."""
        return []


class TextBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(
        label=_("Text"),
        features=PLAIN_FEATURES,
        help_text=_("One idea, under 120 words: about one screen on her phone."),
    )

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "curriculum/blocks/text.html"


class KeyMessageBlock(blocks.StructBlock):
    text = blocks.TextBlock(
        label=_("Key message"), rows=2, help_text=_("The sentence she should remember tomorrow. It is set apart.")
    )

    class Meta:
        icon = "pick"
        label = _("Key message")
        template = "curriculum/blocks/key_message.html"


class StoryBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title of the story"), max_length=80)
    text = blocks.RichTextBlock(
        label=_("Story"),
        features=PLAIN_FEATURES,
        help_text=_("An invented story: a first name only, no real place, no date."),
    )

    class Meta:
        icon = "openquote"
        label = _("Story")
        template = "curriculum/blocks/story.html"


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(
        label=_("Picture"), help_text=_("No words inside the picture: they cannot be translated.")
    )
    alt = blocks.CharBlock(
        label=_("What the picture shows"), max_length=400, help_text=_("Read aloud to a woman who cannot see it.")
    )
    caption = blocks.CharBlock(label=_("Words beside it"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "curriculum/blocks/picture.html"


class AudioBlock(blocks.StructBlock):
    recording = DocumentChooserBlock(label=_("Recording"), help_text=_("Plays only when she taps it."))
    transcript = blocks.TextBlock(label=_("The same in words"), help_text=_("For a woman who cannot listen now."))

    class Meta:
        icon = "media"
        label = _("Recording")
        template = "curriculum/blocks/audio.html"


class TryItOptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Answer"), max_length=200)
    is_right = blocks.BooleanBlock(label=_("This answer is right"), required=False)
    feedback = blocks.TextBlock(label=_("What she reads when she taps it"), rows=2)


class TryItBlock(blocks.StructBlock):
    question = blocks.TextBlock(label=_("Question"), rows=2)
    options = blocks.ListBlock(TryItOptionBlock(label=_("Answer")), label=_("Answers"), min_num=2, max_num=5)

    class Meta:
        icon = "help"
        label = _("Try it")
        template = "curriculum/blocks/try_it.html"
        help_text = _("A question inside the lesson. Nothing is kept: she may tap every answer.")


class RolePlayBlock(blocks.StructBlock):
    situation = blocks.RichTextBlock(label=_("Who plays whom"), features=PLAIN_FEATURES)
    items = blocks.ListBlock(blocks.CharBlock(label=_("Try this"), max_length=200), label=_("What to try"))

    class Meta:
        icon = "group"
        label = _("Role play")
        template = "curriculum/blocks/role_play.html"


class ChecklistBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=80)
    items = blocks.ListBlock(blocks.CharBlock(label=_("Line"), max_length=200), label=_("Lines"))

    class Meta:
        icon = "tick"
        label = _("Checklist")
        template = "curriculum/blocks/checklist.html"


class ReflectionBlock(blocks.StructBlock):
    note = IdentityBlock()
    question = blocks.TextBlock(
        label=_("What she asks herself"),
        rows=2,
        help_text=_("About her own life or work. No answer is right, and nobody reads hers."),
    )

    class Meta:
        icon = "edit"
        label = _("For herself")
        template = "curriculum/blocks/reflection.html"
        help_text = _("She thinks of it, or writes it where only she can read it. It is never sent.")


class WordBlock(blocks.StructBlock):
    entry = SnippetChooserBlock("curriculum.GlossaryEntry", label=_("Word"))

    class Meta:
        icon = "tag"
        label = _("Word explained")
        template = "curriculum/blocks/word.html"
        help_text = _("The word and its meaning, from the word list in her language.")


class LessonBody(blocks.StreamBlock):
    """Everything a lesson can hold."""

    text = TextBlock()
    key_message = KeyMessageBlock()
    story = StoryBlock()
    picture = PictureBlock()
    audio = AudioBlock()
    try_it = TryItBlock()
    role_play = RolePlayBlock()
    checklist = ChecklistBlock()
    reflection = ReflectionBlock()
    word = WordBlock()


class PracticeStepBlock(blocks.StructBlock):
    step = IdentityBlock()
    text = blocks.CharBlock(label=_("What the observer looks for"), max_length=200)
    is_safety = blocks.BooleanBlock(
        label=_("Safety step"), required=False, help_text=_("When it is not done, the practice is not yet signed off.")
    )

    class Meta:
        icon = "tick"
        label = _("Step")


class ObjectiveBlock(blocks.CharBlock):
    class Meta:
        icon = "list-ul"
        label = _("She will be able to")
