"""The texts of a page or question as it is stored: what a translator sees as one thing, cut into its sentences.

wagtail-localize cuts the same, but asks the database for every picture and word on the way; a report on a whole
library would ask thousands of times. ``sentences_of`` and ``texts_of`` agree, and a test says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.strings import StringValue, extract_strings, restore_strings

from curriculum.packs import plain, prose
from curriculum.translation.sentences import has_words, segment_hash
from curriculum.translation.sentences import plain as without_html


@dataclass(frozen=True)
class Text:
    """The words at one path of an original. ``sentences`` are html, in reading order.

    ``template`` is the html around the sentences of a rich text; it is empty for plain words.
    """

    path: str
    sentences: tuple[str, ...]
    attrs: tuple[Any, ...] = ()
    template: str = ""

    @property
    def is_rich(self) -> bool:
        return bool(self.template)

    @cached_property
    def hashes(self) -> tuple[str, ...]:
        """What each sentence is known by in the ledger."""
        return tuple(segment_hash(sentence) for sentence in self.sentences)

    @cached_property
    def has_words(self) -> bool:
        """Whether there is anything to translate."""
        return any(has_words(sentence) for sentence in self.sentences)

    @cached_property
    def words(self) -> str:
        """What a person reads: Markdown for a rich text, plain words otherwise."""
        return self.with_sentences(list(self.sentences))

    def with_sentences(self, sentences: list[str], template: str = "") -> str:
        """The same text with other sentences, for a person to read.

        ``template`` is the html around them where the text had another form, such as one paragraph more.
        """
        if not self.is_rich:
            return plain.tidy(" ".join(map(without_html, sentences)))
        attrs = [*self.attrs, *[{}] * len(sentences)]
        pieces = [(StringValue(sentence), attrs[place]) for place, sentence in enumerate(sentences)]
        around = self.template if len(sentences) == len(self.sentences) else template
        html = "".join(f"<p>{piece.data}</p>" for piece, _attrs in pieces)
        if around:
            with suppress(IndexError):
                html = restore_strings(around, pieces)
        return prose.written(prose.tree_of_html(html))


def texts_of(instance: Any) -> list[Text]:
    """Everything in ``instance`` that is translated, in reading order."""
    found: list[Text] = []
    for translatable in get_translatable_fields(type(instance)):
        if not translatable.is_translated(instance):
            continue
        field = translatable.get_field(type(instance))
        value = field.value_from_object(instance)
        if isinstance(field, StreamField):
            found += _stream(field.stream_block, value.raw_data, field.name)
        elif isinstance(field, models.CharField | models.TextField) and not field.choices and value:
            found.append(plain_text(field.name, value))
    return [text for text in found if text.sentences]


def plain_text(path: str, value: str) -> Text:
    """Plain words at ``path``."""
    segment = StringSegmentValue(path, value)
    return Text(path, () if segment.is_empty() else (segment.string.data,))


def _stream(block: blocks.BaseStreamBlock, rows: Any, path: str) -> Iterator[Text]:
    for row in rows:
        if (child := block.child_blocks.get(row["type"])) is not None:
            yield from _block(child, row["value"], f"{path}.{row['id']}")


def _block(block: blocks.Block, value: Any, path: str) -> Iterator[Text]:
    if hasattr(block, "get_translatable_segments") or isinstance(block, blocks.ChooserBlock):
        return
    if isinstance(block, blocks.RichTextBlock):
        template, strings = extract_strings(value or "")
        if strings:
            sentences, attrs = zip(*((string.data, attrs) for string, attrs in strings), strict=True)
            yield Text(path, sentences, attrs, template)
    elif isinstance(block, blocks.CharBlock | blocks.TextBlock):
        yield plain_text(path, value or "")
    elif isinstance(block, blocks.BaseStructBlock):
        for name, child in block.child_blocks.items():
            yield from _block(child, value.get(name), f"{path}.{name}")
    elif isinstance(block, blocks.ListBlock):
        for item in value or ():
            yield from _block(block.child_block, item["value"], f"{path}.{item['id']}")
    elif isinstance(block, blocks.BaseStreamBlock):
        yield from _stream(block, value or (), path)
