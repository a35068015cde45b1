"""A block of a pack's lesson as a page stores it, and the files that it shows."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail_localize.strings import extract_strings

from curriculum import policies
from curriculum.models import Lesson, Module
from curriculum.packs import model, prose


def html_of(markdown: str) -> str:
    """Markdown of a pack as rich text: paragraphs, lists, bold and italic without attributes."""
    return prose.html_of(prose.tree(markdown))


def pieces_of(markdown: str) -> list[str]:
    """The sentences of ``html_of(markdown)`` as wagtail-localize's segmenter cuts them."""
    return [string.data for string, _attrs in extract_strings(html_of(markdown))[1]]


class ImportedBlock:
    """One block of a lesson in a pack: as it is stored in a page, and where its sentences stand."""

    def __init__(self, lesson: Lesson, lesson_key: str, entry: model.Block) -> None:
        self.entry, self.kind = entry, entry.kind
        self.key = f"{lesson_key}.{entry.id}"
        self.id = uuid.UUID(entry.uuid) if entry.uuid else uuid.uuid5(uuid.UUID(str(lesson.uuid)), entry.id)

    def stored(self, kept: KeptFiles, entries: Mapping[str, int]) -> dict[str, Any]:
        value: dict[str, Any] = {name: self._stored_text(name) for name in model.FIELDS[self.kind]}
        if self.kind == "picture":
            value = {"image": kept.picture(self.entry.target)} | value
        elif self.kind == "audio":
            value = {"recording": kept.sound(self.entry.target)} | value
        elif self.kind == "word":
            value = {"entry": entries[self.entry.target]}
        elif self.kind == "reflection":
            value = {"note": self.entry.target or str(uuid.uuid5(self.id, "note"))} | value
        elif self.kind in model.WITH_OPTIONS:
            value["options"] = self._items(
                {"text": option.text, "is_right": option.is_right, "feedback": option.feedback}
                for option in self.entry.items
            )
        elif self.kind in model.WITH_ITEMS:
            value["items"] = self._items(item.text for item in self.entry.items)
        return {"type": self.kind, "value": value, "id": str(self.id)}

    def texts(self, said: Mapping[str, str]) -> Iterator[tuple[str, str | list[str]]]:
        """``(path in the page, translated text)`` for everything in this block that ``said`` has words for."""
        for name in model.FIELDS[self.kind]:
            if text := said.get(f"{self.key}.{name}"):
                yield f"body.{self.id}.{name}", pieces_of(text) if self.entry.is_markdown(name) else text
        for item in self.entry.items:
            if self.kind in model.WITH_OPTIONS:
                for name in ("text", "feedback"):
                    if text := said.get(f"{self.key}.{item.id}.{name}"):
                        yield f"body.{self.id}.options.{self._item_id(item)}.{name}", text
            elif text := said.get(f"{self.key}.{item.id}"):
                yield f"body.{self.id}.items.{self._item_id(item)}", text

    def paths(self) -> dict[str, list[str]]:
        """``{key in the pack: paths in the page}`` of everything in this block that is translated."""
        found = {f"{self.key}.{name}": [f"body.{self.id}.{name}"] for name in model.FIELDS[self.kind]}
        for item in self.entry.items:
            stem = f"{self.key}.{item.id}"
            if self.kind in model.WITH_OPTIONS:
                place = f"body.{self.id}.options.{self._item_id(item)}"
                found |= {f"{stem}.{name}": [f"{place}.{name}"] for name in ("text", "feedback")}
            else:
                found[stem] = [f"body.{self.id}.items.{self._item_id(item)}"]
        return found

    def _stored_text(self, name: str) -> str:
        text = self.entry.words.get(name, "")
        return html_of(text) if self.entry.is_markdown(name) else text

    def _items(self, values: Iterable[Any]) -> list[dict[str, Any]]:
        return [
            {"type": "item", "value": value, "id": self._item_id(item)}
            for item, value in zip(self.entry.items, values, strict=True)
        ]

    def _item_id(self, item: model.Item) -> str:
        return item.uuid or str(uuid.uuid5(self.id, item.id))


class KeptFiles:
    """A module's drawings and recordings with neutral names: ``m4-1.svg`` says nothing to who sees the address."""

    def __init__(self, source: model.Module, module: Module) -> None:
        self.source, self.module = source, module

    def picture(self, file: str) -> int:
        """The primary key of the image that ``file`` is.

        An image is known by its bytes: a drawing that was changed is another image, so that a block that keeps the
        older one at the desk goes on showing it.
        """
        data = self.source.others[file]
        mark = _sha1(data)
        stem = f"{self.module.slug}-"
        images: type[AbstractImage] = get_image_model()
        numbers = []
        for image in images.objects.filter(title__startswith=stem).order_by("pk"):
            number = image.title.removeprefix(stem)
            if not number.isdigit():
                continue
            numbers.append(int(number))
            if (image.file_hash or _sha1(_stored_bytes(image))) == mark:
                return image.pk
        name = f"{stem}{max(numbers, default=0) + 1}"
        image = images(title=name, file=ContentFile(data, name=f"{name}{Path(file).suffix}"), file_hash=mark)
        image.collection = policies.files_of(self.module.strand.curriculum)
        image.full_clean(exclude=["uploaded_by_user", "tags"])
        image.save()
        return image.pk

    def sound(self, file: str) -> int:
        """The primary key of the document that ``file`` is."""
        name = f"{self.module.slug}-{Path(file).stem}"
        data = self.source.others[file]
        document = get_document_model().objects.filter(title=name).first() or get_document_model()(title=name)
        if not document.pk or _stored_bytes(document) != data:
            document.file = ContentFile(data, name=f"{name}{Path(file).suffix}")
            document.file_size, document.file_hash = len(data), ""
            document.collection = policies.files_of(self.module.strand.curriculum)
            document.save()
        return int(document.pk)


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def _stored_bytes(kept: Any) -> bytes:
    try:
        with kept.file.open("rb") as stored:
            return bytes(stored.read())
    except FileNotFoundError:
        return b""
