"""Who may write, translate and approve which text. One truth for pages, snippets and translations.

Wagtail grants permissions per type and per branch of the tree; a Swahili translator would be free to
change Zulu questions, and a Kenyan author the values of South Africa. The policies here ask the
editorial rights of a person's groups for every single object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from curriculum.separation import is_hers, only_hers

if TYPE_CHECKING:
    from curriculum.models import EditorialRight

AUTHOR, TRANSLATOR, REVIEWER = "author", "translator", "reviewer"
WRITING = frozenset({"add", "change", "delete", "publish", "lock", "unlock"})
KEPT_ON_PERSON = "_editorial_rights"
FIRST_FILES = "Library"

PAGE_ACTIONS: Mapping[str, tuple[str, ...]] = {AUTHOR: ("add", "change", "publish"), TRANSLATOR: ("change", "publish")}
"""What each craft may do below the library of its languages. A reviewer reads; she changes nothing."""


def source_language() -> str:
    """The language in which texts are first written."""
    return settings.LANGUAGE_CODE


def rights_of(user: Any) -> list[EditorialRight]:
    """The editorial rights of ``user``, asked once per request; none for a closed account."""
    if not user.is_active or user.is_anonymous:
        return []
    if not hasattr(user, KEPT_ON_PERSON):
        right = apps.get_model("curriculum", "EditorialRight")
        setattr(user, KEPT_ON_PERSON, list(right.objects.filter(group__user=user)))
    return getattr(user, KEPT_ON_PERSON)


def _languages_of_right(right: EditorialRight) -> set[str]:
    known = {code for code, _name in settings.LANGUAGES}
    if right.craft == AUTHOR:
        return {right.language or source_language()}
    if right.craft == TRANSLATOR:
        return {right.language} if right.language else known - {source_language()}
    return {right.language} if right.language else known


def languages_written_by(user: Any) -> set[str]:
    """The languages whose texts ``user`` may change, as author or as translator."""
    if user.is_active and user.is_superuser:
        return {code for code, _name in settings.LANGUAGES}
    return {
        code for right in rights_of(user) if right.craft in {AUTHOR, TRANSLATOR} for code in _languages_of_right(right)
    }


def may_write(user: Any, language: str) -> bool:
    """Whether ``user`` may change texts in ``language``."""
    return language in languages_written_by(user)


def is_author(user: Any) -> bool:
    """Whether ``user`` writes new texts, and not only translates them."""
    return (user.is_active and user.is_superuser) or any(right.craft == AUTHOR for right in rights_of(user))


def is_translator(user: Any) -> bool:
    """Whether translations wait for ``user``."""
    return (user.is_active and user.is_superuser) or any(right.craft == TRANSLATOR for right in rights_of(user))


def is_reviewer(user: Any) -> bool:
    """Whether ``user`` approves. A superuser does not: an approval carries a reviewer's name."""
    return any(right.craft == REVIEWER for right in rights_of(user))


def may_read_all(user: Any) -> bool:
    """Whether ``user`` works at the writing desk: everybody there may read every text."""
    return (user.is_active and user.is_superuser) or bool(rights_of(user))


def countries_reviewed_by(user: Any, language: str) -> set[str]:
    """The countries for which ``user`` may approve a text in ``language``."""
    country = apps.get_model("curriculum", "Country")
    found: set[str] = set()
    for right in rights_of(user):
        if right.craft == REVIEWER and language in _languages_of_right(right):
            found |= {right.country} if right.country else set(country.objects.values_list("code", flat=True))
    return found


def countries_valued_by(user: Any) -> set[str] | None:
    """The countries whose fact values ``user`` may write; ``None`` means all."""
    if user.is_active and user.is_superuser:
        return None
    rights = [right for right in rights_of(user) if right.craft in {AUTHOR, REVIEWER}]
    if any(not right.country for right in rights):
        return None
    return {right.country for right in rights}


def language_of(obj: Any) -> str:
    """The language of a page or of a translatable snippet."""
    return obj.locale.language_code


class EditorialPolicy(ModelPermissionPolicy):
    """Permissions from editorial rights. Subclasses say which rows somebody may write."""

    def may_write_some(self, user: Any, action: str) -> bool:
        """Whether there could be a row that ``user`` may do ``action`` to."""
        raise NotImplementedError

    def may_write_this(self, user: Any, action: str, instance: Any) -> bool:
        """Whether ``user`` may do ``action`` to ``instance``."""
        raise NotImplementedError

    def writable(self, user: Any) -> Q | None:
        """Which rows ``user`` may write; ``None`` means all."""
        raise NotImplementedError

    def user_has_permission(self, user: Any, action: str) -> bool:
        if not user.is_active:
            return False
        if action in WRITING:
            return self.may_write_some(user, action)
        return action == "view" and may_read_all(user)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if not user.is_active or (getattr(instance, "pk", None) and not is_hers(user, instance)):
            return False
        if action in WRITING:
            return self.may_write_this(user, action, instance)
        return action == "view" and may_read_all(user)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> models.QuerySet:
        rows = only_hers(user, self.model._default_manager.all())  # noqa: SLF001 -- Django documents it for this
        actions = set(actions)
        if not self.user_has_any_permission(user, actions):
            return rows.none()
        if "view" in actions:
            return rows
        condition = self.writable(user)
        return rows if condition is None else rows.filter(condition)


class LanguagePolicy(EditorialPolicy):
    """Translatable snippets: whoever writes a language writes its rows; only authors add new ones."""

    def may_write_some(self, user: Any, action: str) -> bool:
        if action == "add":
            return is_author(user)
        return bool(languages_written_by(user))

    def may_write_this(self, user: Any, action: str, instance: Any) -> bool:
        if action == "add" and not is_author(user):
            return False
        return may_write(user, language_of(instance))

    def writable(self, user: Any) -> Q | None:
        return Q(locale__language_code__in=languages_written_by(user))


class CountryPolicy(EditorialPolicy):
    """Rows of one country: written by the authors and reviewers of that country."""

    def may_write_some(self, user: Any, action: str) -> bool:
        countries = countries_valued_by(user)
        return countries is None or bool(countries)

    def may_write_this(self, user: Any, action: str, instance: Any) -> bool:
        countries = countries_valued_by(user)
        return countries is None or instance.country_id in countries

    def writable(self, user: Any) -> Q | None:
        countries = countries_valued_by(user)
        return None if countries is None else Q(country_id__in=countries)


class AuthorPolicy(EditorialPolicy):
    """Rows without language that only authors write."""

    def may_write_some(self, user: Any, action: str) -> bool:
        return is_author(user)

    def may_write_this(self, user: Any, action: str, instance: Any) -> bool:
        return is_author(user)

    def writable(self, user: Any) -> Q | None:
        return None


class WordPolicy(AuthorPolicy):
    """Words: authors make them, translators add the meaning in their language (the form sees to it)."""

    def may_write_some(self, user: Any, action: str) -> bool:
        return self.may_write_this(user, action, None)

    def may_write_this(self, user: Any, action: str, instance: Any) -> bool:
        return is_author(user) or (action == "change" and is_translator(user))


class ReadingPolicy(AuthorPolicy):
    """Rows that nobody writes at the desk: they are made with something else."""

    def may_write_some(self, user: Any, action: str) -> bool:
        return False

    def may_write_this(self, user: Any, action: str, instance: Any) -> bool:
        return False


@dataclass(frozen=True)
class DeskModel:
    """A type of snippet at the writing desk, and what Wagtail itself must be told about it."""

    label: str
    grants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_reviewed: bool = False


DESK_MODELS: dict[str, DeskModel] = {}


def bring_to_the_desk(
    model: type[models.Model],
    policy: type[EditorialPolicy],
    *,
    grants: Mapping[str, tuple[str, ...]] | None = None,
    is_reviewed: bool = False,
) -> None:
    """Register the policy of a snippet type; called from ``AppConfig.ready``, before anybody asks.

    ``grants`` are Django permissions per craft that wagtail-localize asks for by name, past any policy;
    the address guard of the desk narrows them to the single object again.
    """
    if model._meta.label in DESK_MODELS:  # noqa: SLF001 -- Django documents it for this
        return
    register_permission_policy(model, policy(model), exact_class=True)
    DESK_MODELS[model._meta.label] = DeskModel(model._meta.label, dict(grants or {}), is_reviewed)  # noqa: SLF001 -- Django documents it for this


def register() -> None:
    """Register the policies of this app's own snippets."""
    for name, policy in {
        "Fact": AuthorPolicy,
        "FactValue": CountryPolicy,
        "GlossaryEntry": WordPolicy,
        "LocalBlock": CountryPolicy,
    }.items():
        bring_to_the_desk(apps.get_model("curriculum", name), policy)


def reviewed_models() -> list[type[models.Model]]:
    """The snippet types that go through clinical review."""
    return [apps.get_model(desk.label) for desk in DESK_MODELS.values() if desk.is_reviewed]


@transaction.atomic
def grant(right: EditorialRight) -> None:
    """Give the group of ``right`` exactly what Wagtail needs to let its members in. Safe to repeat."""
    group: Group = right.group
    wanted = {"wagtailadmin.access_admin"}
    if right.craft != REVIEWER:
        wanted |= {"wagtail_localize.submit_translation"}
    for desk in DESK_MODELS.values():
        app_label, model_name = desk.label.lower().split(".")
        wanted |= {f"{app_label}.{action}_{model_name}" for action in desk.grants.get(right.craft, ())}
    group.permissions.set(_permissions(wanted))

    page_permissions = _permissions({f"wagtailcore.{action}_page" for action in PAGE_ACTIONS.get(right.craft, ())})
    library = apps.get_model("curriculum", "LibraryPage")
    languages = _languages_of_right(right) if right.craft != REVIEWER else set()
    pages = list(library.objects.filter(locale__language_code__in=languages, curriculum=right.curriculum))
    GroupPagePermission.objects.filter(group=group).exclude(page__in=pages, permission__in=page_permissions).delete()
    for page in pages:
        for permission in page_permissions:
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)

    root = files_of(right.curriculum)
    if root is None:
        return
    GroupCollectionPermission.objects.filter(group=group).exclude(collection=root).delete()
    files = ("add", "change", "choose") if right.craft == AUTHOR else ("choose",)
    for name in ("wagtailimages", "wagtaildocs"):
        kind = {"wagtailimages": "image", "wagtaildocs": "document"}[name]
        for permission in _permissions({f"{name}.{action}_{kind}" for action in files}):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def files_of(curriculum: str) -> Collection | None:
    """Where pictures and recordings of ``curriculum`` are kept: all in one place while there is only one."""
    root = Collection.get_first_root_node()
    if root is None:
        return None
    library = apps.get_model("curriculum", "LibraryPage")
    if not curriculum and not library.objects.exclude(curriculum="").exists():
        return root
    # A right at the root would reach into every one below it: the first curriculum needs a place of its own, too.
    name = curriculum or FIRST_FILES
    return root.get_children().filter(name=name).first() or root.add_child(instance=Collection(name=name))


@transaction.atomic
def separate_files() -> None:
    """A second curriculum has come: what lay at the root is the first one's, and every right follows."""
    root = Collection.get_first_root_node()
    first = files_of("")
    if root is None or first is None or first.pk == root.pk:
        return
    for name in ("wagtailimages.Image", "wagtaildocs.Document"):
        apps.get_model(name).objects.filter(collection=root).update(collection=first)
    for right in apps.get_model("curriculum", "EditorialRight").objects.all():
        grant(right)


def _permissions(names: set[str]) -> list[Permission]:
    """The permission rows called ``app.codename``."""
    condition = Q(pk__in=[])
    for name in names:
        app_label, codename = name.split(".")
        condition |= Q(content_type__app_label=app_label, codename=codename)
    return list(Permission.objects.filter(condition))
