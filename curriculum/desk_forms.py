"""Forms of the writing desk that give new pages and words their identity, so that no trainer has to."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from curriculum import policies
from curriculum.four_eyes import cover_title_reason
from curriculum.models import FactValue, Lesson, Module
from curriculum.models.pages import next_lesson_slug
from curriculum.separation import only_hers
from curriculum.weights import weigh_words

MODULE_CODE = re.compile(r"[A-Z]{1,2}[0-9]{1,2}")


class IdentifiedPageForm(WagtailAdminPageForm):
    """A page over an identity: a new page gets a new one, and a neutral address.

    A preview of a page that does not exist yet must leave no row behind: somebody's progress is
    counted over identities.
    """

    @property
    def is_new(self) -> bool:
        return self.instance.pk is None

    @property
    def is_preview(self) -> bool:
        """Wagtail gives a page a place in the tree before it previews it, and after it creates it."""
        return bool(self.instance.path)

    def identify(self, *, keep: bool) -> None:
        """Put identity and slug on ``self.instance``; write rows only to ``keep`` them."""
        raise NotImplementedError

    def save(self, commit: bool = True) -> Any:
        if self.is_new:
            with transaction.atomic():
                self.identify(keep=not self.is_preview)
                return super().save(commit)
        return super().save(commit)


class LessonPageForm(IdentifiedPageForm):
    """A new lesson is the next one of its module: ``l4`` after ``l3``."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_new:
            # Before Wagtail would make an address out of the title: addresses say nothing about health.
            self.instance.slug = next_lesson_slug(self.parent_page)
        if "action-publish" in self.data and "body" in cleaned:
            # The guard of publishing would say the same, and what she typed would be gone.
            weight = weigh_words(
                title=cleaned.get("title", ""), body=cleaned["body"], language=self.instance.locale.language_code
            )
            for reason in weight.reasons:
                self.add_error("body", reason)
        return cleaned

    def identify(self, *, keep: bool) -> None:
        if not keep:
            # The page gets a lasting one of its own as it is saved.
            self.instance.lesson = Lesson(module=self.parent_page.specific.module)


class ModulePageForm(IdentifiedPageForm):
    """A new module is a new code; a cover title stays neutral in every way to save it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "module" not in self.fields:
            return
        if self.is_new:
            self.fields["module"] = forms.CharField(
                label=_("Code"),
                max_length=4,
                help_text=_(
                    "One or two letters and a number, such as M5. It never changes; she sees it beside the title."
                ),
            )
        else:
            self.fields["module"].disabled = True
            self.fields["module"].help_text = _("The code of a module never changes.")

    def clean_module(self) -> Any:
        typed = self.cleaned_data["module"]
        if not self.is_new:
            return typed
        code = typed.strip().upper()
        if not MODULE_CODE.fullmatch(code):
            raise ValidationError(_("Please write one or two letters and a number, such as M5."))
        if Module.objects.filter(code=code).exists():
            raise ValidationError(_("There is a module with this code already. Please take the next number."))
        return code

    def clean_cover_title(self) -> str:
        title = self.cleaned_data["cover_title"]
        if (reason := cover_title_reason(title)) is not None:
            raise ValidationError(reason)
        return title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_new and "module" in cleaned:
            # Not a row yet, so Django must not set it on the page.
            self.code = cleaned.pop("module")
            self.instance.slug = self.code.lower()
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | ({"module"} if self.is_new else set())

    def identify(self, *, keep: bool) -> None:
        module = Module(code=self.code, strand=self.parent_page.specific.strand)
        if keep:
            module.save()
        self.instance.module = module


class GlossaryEntryForm(WagtailAdminModelForm):
    """A word with its meanings; each meaning is changed by whoever writes that language."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk and not policies.is_author(self.for_user) and "key" in self.changed_data:
            self.add_error("key", _("Only an author can change this."))
        for meaning in getattr(self, "formsets", {}).get("meanings", []):
            if not meaning.has_changed():
                continue
            typed = meaning.data.get(meaning.add_prefix("language"), "")
            for language in {meaning.initial.get("language") or typed, typed}:
                if not policies.may_write(self.for_user, language):
                    self.add_error(None, _("You can change the meaning in your own language only."))
                    return cleaned
        return cleaned


def numbers_said(text: str) -> list[str]:
    """The digits of ``text``, whatever stands between them."""
    return sorted(re.findall(r"[0-9]+", text))


class FactValueFormBase(WagtailAdminModelForm):
    """A value of one country, with its words in one field per language (added below).

    Words that texts print may be corrected here: a slip, or a better wording. Another rule is a change, with its own
    page, because women have learned this one (``curriculum.rules``).
    """

    PREFIX = "text_"

    meaning = forms.ChoiceField(
        required=False,
        choices=[("", "–"), ("typo", _("a slip of the pen")), ("wording", _("better words, the same rule"))],
        label=_("What kind of correction is it"),
        help_text=_("Nobody has to learn anything again. For another rule, use “The rule has changed”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = policies.countries_valued_by(self.for_user)
        if "fact" in self.fields:
            self.fields["fact"].queryset = only_hers(self.for_user, self.fields["fact"].queryset)
        if countries is not None and "country" in self.fields:
            self.fields["country"].queryset = self.fields["country"].queryset.filter(pk__in=countries)
        for name in self.fields:
            if name.startswith(self.PREFIX):
                self.initial.setdefault(name, self.instance.texts.get(name.removeprefix(self.PREFIX), ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        has_words = any(cleaned.get(name) for name in self.fields if name.startswith(self.PREFIX))
        if not has_words and not self.instance.value:
            self.add_error(None, _("Please write the value in at least one language."))
        stored = FactValue.objects.filter(pk=self.instance.pk).first()
        if stored is not None and stored.fact.prints.exists():
            self._keep_the_rule(stored, cleaned)
        return cleaned

    def _keep_the_rule(self, value: FactValue, cleaned: dict[str, Any]) -> None:
        """What texts print may be said better here; it stays the rule that somebody may have learned."""
        another = _("That is another rule. Use “The rule has changed”, so that whoever learned this one is told.")
        is_sure = cleaned.get("mark") != FactValue.Mark.UNSURE
        if is_sure != value.is_sure or cleaned.get("valid_to_on") != value.valid_to_on:
            self.add_error(None, another)
        stored = value.texts if value.is_sure else {}
        given = {name.removeprefix(self.PREFIX): said for name, said in cleaned.items() if name.startswith(self.PREFIX)}
        changed = [code for code, said in given.items() if stored.get(code, "") and said.strip() != stored[code]]
        for code in changed:
            if numbers_said(given[code]) != numbers_said(stored[code]):
                self.add_error(f"{self.PREFIX}{code}", another)
        if changed and not cleaned.get("meaning"):
            self.add_error("meaning", _("Please say what kind of correction it is."))

    def save(self, commit: bool = True) -> FactValue:
        for name in self.fields:
            if name.startswith(self.PREFIX):
                code, words = name.removeprefix(self.PREFIX), self.cleaned_data.get(name, "").strip()
                if words:
                    self.instance.texts[code] = words
                else:
                    self.instance.texts.pop(code, None)
        return super().save(commit)


FactValueForm = type(
    "FactValueForm",
    (FactValueFormBase,),
    {
        f"{FactValueFormBase.PREFIX}{code}": forms.CharField(
            label=name, required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2, "lang": code})
        )
        for code, name in settings.LANGUAGES
    },
)


class FactForm(WagtailAdminModelForm):
    """The key of a fact is written in lessons: it never changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["key"].disabled = True
