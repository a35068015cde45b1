"""The facts of a pack and what its countries say. What a person has put in force since stays hers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from curriculum.fact_changing import NewValue, change_value
from curriculum.facts import words_of
from curriculum.models import Country, Fact, FactValue, Mark

FACT_FIELDS = ("statement", "kind", "names", "register", "source", "mark")
HOW_WE_KNOW = ("source", "version", "reviewer", "reviewed_on", "review_due_on")


def import_facts(shared: Mapping[str, Any], curriculum: str = "") -> bool:
    """Facts, countries and values; say whether anything is printed otherwise than before.

    A rule that is another one is changed as at the desk (``change_value``): the old one keeps its dates, and whoever
    learned it is told. More languages, or a better source, for the same rule change it in place.
    """
    for code, name in shared.get("countries", {}).items():
        Country.objects.get_or_create(code=code, defaults={"name": name, "languages": ["en", "sw"]})
    for key, given in shared.get("facts", {}).items():
        fields = {"statement": given} if isinstance(given, str) else {name: given.get(name) for name in FACT_FIELDS}
        fields = {name: value for name, value in fields.items() if value is not None}
        Fact.objects.update_or_create(key=key, defaults=fields, create_defaults=fields | {"curriculum": curriculum})
    has_changed = False
    for entry in shared.get("values", []):
        has_changed |= _import_value(entry)
    return has_changed


def _import_value(entry: Mapping[str, Any]) -> bool:
    fact, country = Fact.objects.get(key=entry["fact"]), Country.objects.get(code=entry["country"])
    how = {name: entry[name] for name in HOW_WE_KNOW if entry.get(name) is not None}
    new = NewValue(mark=entry["mark"], value=entry.get("value"), texts=entry.get("texts", {}), **how)
    present = FactValue.objects.filter(fact=fact, country=country, valid_to_on=None).first()
    if present is None:
        said = {"value": new.value, "texts": new.texts, "mark": new.mark}
        FactValue.objects.create(fact=fact, country=country, valid_from_on=entry["valid_from_on"], **said, **how)
        return True
    if _is_widened(present, new):
        return _widen(present, new, how)
    ended = FactValue.objects.filter(fact=fact, country=country, valid_to_on__isnull=False)
    if any(_is_widened(old, new) for old in ended):
        # This value was in force once and a person has replaced it since: hers stays.
        return False
    change_value(fact=fact, country=country, new=new, on=max(entry["valid_from_on"], timezone.localdate()))
    return True


def _is_widened(old: FactValue, new: NewValue) -> bool:
    """Whether ``new`` says everything that ``old`` said, as surely, and perhaps in more languages or as a type."""
    if old.is_sure != (new.mark != Mark.UNSURE) or (old.value is not None and old.value != new.value):
        return False
    said = FactValue(value=new.value, texts=new.texts)
    return all(words_of(said, language) == words for language, words in old.texts.items())


def _widen(present: FactValue, new: NewValue, how: Mapping[str, Any]) -> bool:
    """Bring ``present`` to what ``new`` says of the same rule; say whether she reads more than before."""
    fields = {"value": new.value, "texts": new.texts, "mark": new.mark, **how}
    changed = [name for name, given in fields.items() if getattr(present, name) != given]
    for name in changed:
        setattr(present, name, fields[name])
    if changed:
        present.save(update_fields=changed)
    return bool({"value", "texts", "mark"} & set(changed))
