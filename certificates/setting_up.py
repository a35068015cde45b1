"""A programme from its text: what it is called, what it teaches and asks for, what it issues. Safe to repeat."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import curriculum.actions
from certificates import keys
from certificates.models import Award
from curriculum import belonging, packs
from curriculum.models import Country, Module
from curriculum.packs.model import Problem
from programme import configuration, own
from programme.configuration import PROGRAMME_FILE, Configuration, NotConfigured
from programme.models import (
    Milestone,
    OrganisationUnit,
    Pathway,
    PathwayVersion,
    Programme,
    Term,
    UnitParent,
)

RULES = ("pass_mark_percent", "certifying_tries", "practice_pass_percent", "long_leave_days")


@dataclass
class SetUp:
    """The programme as it is now, a line for each thing that changed, and one for each that somebody should look at."""

    programme: Programme
    changes: list[str] = field(default_factory=list)
    to_look_at: list[str] = field(default_factory=list)


@transaction.atomic
def set_up_programme(folder: Path) -> SetUp:
    """Make or refresh the programme in ``folder``: its curriculum, units, pathway and awards. All of it or nothing.

    Safe to repeat: what says the same is left alone. A pathway that a term runs under stays as it is, and what it asks
    for now becomes its next version, for terms that begin from now on. Nothing is ever taken away: a unit, an award or
    a module that the text no longer names stays, and is named in ``changes``.
    Raises ``NotConfigured`` with everything that is wrong, ``curriculum.actions.PackNotClean`` or ``Undecided``.
    """
    wanted = configuration.read(folder)
    _check_what_is_here(wanted)
    if wanted.problems.errors:
        raise NotConfigured(wanted.problems.errors)
    changes: list[str] = []
    wanted.fields["curriculum"] = _bring_in_curriculum(wanted, changes)
    missing = _missing_modules(wanted)
    if missing:
        raise NotConfigured(missing)
    units = _units(wanted, changes)
    programme = _programme(wanted, units[wanted.root_code], changes)
    _pathway(wanted, programme, changes)
    _awards(wanted, programme, changes)
    _key(programme, changes)
    transaction.on_commit(own.learn)
    return SetUp(programme, changes, _untitled(programme))


def _untitled(programme: Programme) -> list[str]:
    """Awards without a title in a language that papers of the programme may have; the paper says it in another."""
    languages = list(dict.fromkeys([programme.working_language, *(programme.languages or settings.COMPLETE_LANGUAGES)]))
    told = []
    for award in programme.awards.order_by("order"):
        missing = [code for code in languages if not award.titles.get(code)]
        if missing:
            words = ", ".join(missing)
            told.append(f"award {award.code} has no title in {words}: papers in it say the title in another language")
    return told


def _key(programme: Programme, changes: list[str]) -> None:
    """A key that signs its papers, when it has none: its file is written once everything else stands."""
    if keys.active_key(programme) is not None:
        return
    if not settings.ISSUER_KEY_SECRET:
        changes.append("no key that signs its certificates: ISSUER_KEY_SECRET is not set (docs/keys.md)")
        return
    changes.append("a key that signs its certificates: copy its file to a safe place (docs/keys.md)")
    transaction.on_commit(partial(_make_key, programme))


def _make_key(programme: Programme) -> None:
    """Unless one was made meanwhile: a demonstration makes it when it issues its first paper."""
    if keys.active_key(programme) is None:
        keys.make_key(programme=programme, made_at=timezone.now())


def _check_what_is_here(wanted: Configuration) -> None:
    """What the file says and this installation contradicts."""
    fields, problems = wanted.fields, wanted.problems
    host = fields.get("host_name", "")
    if host:
        taken = Programme.objects.filter(host_name=host).exclude(code=wanted.code).exists()
        if taken:
            problems.error(PROGRAMME_FILE, 0, "host_name", "this host name is taken")
        if not _is_allowed(host):
            problems.error(PROGRAMME_FILE, 0, "host_name", f"{host} is not among ALLOWED_HOSTS (docs/settings.md)")
    has_files = wanted.pack.is_dir() and bool(packs.module_folders(wanted.pack))
    if not has_files and not belonging.is_known(wanted.curriculum or wanted.pack.name):
        problems.error(PROGRAMME_FILE, 0, "curriculum", f"there is no pack in {wanted.pack.name}")
    present = Programme.objects.filter(code=wanted.code).select_related("root_unit").first()
    if present is not None and wanted.root_code and present.root_unit.short_code != wanted.root_code:
        code = present.root_unit.short_code
        problems.error(PROGRAMME_FILE, 0, "units", f"its root is {code} already, and stays so")
    if present is None:
        codes = [unit.code for unit in wanted.units]
        for code in OrganisationUnit.objects.filter(short_code__in=codes).values_list("short_code", flat=True):
            problems.error(PROGRAMME_FILE, 0, "units", f"the short code {code} is taken here; choose another")


def _is_allowed(host: str) -> bool:
    return any(
        allowed in ("*", host) or (allowed.startswith(".") and (host.endswith(allowed) or host == allowed[1:]))
        for allowed in settings.ALLOWED_HOSTS
    )


def _bring_in_curriculum(wanted: Configuration, changes: list[str]) -> str:
    """Bring the pack in, when it stands here as files; return the curriculum that its modules belong to."""
    code = wanted.curriculum or wanted.pack.name
    for unit in wanted.units:
        # What learners read is frozen for every country that there is: it must be there first.
        if unit.country:
            name = unit.name if unit.level == "country" else unit.country
            spoken = wanted.fields.get("languages") or [settings.LANGUAGE_CODE]
            _row, is_new = Country.objects.get_or_create(
                code=unit.country, defaults={"name": name, "languages": spoken}
            )
            if is_new:
                changes.append(f"country {unit.country}")
    folders = packs.module_folders(wanted.pack) if wanted.pack.is_dir() else []
    if folders and not (belonging.is_known(code) and wanted.pack != wanted.folder):
        imported = curriculum.actions.import_pack(wanted.pack, curriculum=code)
        if imported.published:
            names = ", ".join(module.code for module in imported.modules)
            changes.append(f"curriculum {code}: {names}, {imported.published} pages and questions published")
            curriculum.actions.renew_references.enqueue()
    return belonging.curriculum_of(code)


def _missing_modules(wanted: Configuration) -> list[Problem]:
    """Milestones whose module is not in the programme's own curriculum."""
    here = set(Module.objects.filter(strand__curriculum=wanted.fields["curriculum"]).values_list("code", flat=True))
    missing = sorted({row["module"] for row in wanted.milestones} - here)
    for code in missing:
        wanted.problems.error(PROGRAMME_FILE, 0, "pathway.milestones", f"there is no module {code} in its curriculum")
    return wanted.problems.errors


def _units(wanted: Configuration, changes: list[str]) -> dict[str, OrganisationUnit]:
    found: dict[str, OrganisationUnit] = {}
    today = timezone.localdate()
    for unit in wanted.units:
        row, is_new = OrganisationUnit.objects.get_or_create(
            short_code=unit.code,
            defaults={
                "name": unit.name,
                "level": unit.level,
                "country": unit.country,
                "time_zone": unit.time_zone,
            },
        )
        if is_new:
            changes.append(f"unit {unit.code}")
            if unit.parent:
                # Its history begins before anybody's first day, so that a term begun last month stands under it.
                UnitParent.objects.create(unit=row, parent=found[unit.parent], from_on=today.replace(day=1, month=1))
        elif row.name != unit.name:
            row.name = unit.name
            row.save(update_fields=["name"])
            changes.append(f"unit {unit.code}: its name")
        found[unit.code] = row
    return found


def _programme(wanted: Configuration, root: OrganisationUnit, changes: list[str]) -> Programme:
    row = Programme.objects.filter(code=wanted.code).first()
    if row is None:
        changes.append(f"programme {wanted.code}")
        return Programme.objects.create(root_unit=root, **wanted.fields)
    changed = [name for name, value in wanted.fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted.fields[name])
        changes.append(f"programme {wanted.code}: {name}")
    if changed:
        row.save(update_fields=changed)
    return row


def _pathway(wanted: Configuration, programme: Programme, changes: list[str]) -> None:
    pathway, _created = Pathway.objects.get_or_create(programme=programme, code=wanted.pathway["code"])
    rules = {name: wanted.pathway[name] for name in RULES if name in wanted.pathway}
    newest = pathway.versions.order_by("-number").first()
    if newest is not None and _says(newest) == _asks(wanted, rules, newest):
        return
    if newest is not None and not Term.objects.filter(pathway_version=newest).exists():
        newest.milestones.all().delete()
        for name, value in rules.items():
            setattr(newest, name, value)
        newest.save()
        version = newest
    else:
        number = newest.number + 1 if newest else 1
        version = PathwayVersion.objects.create(pathway=pathway, number=number, **rules)
    modules = {module.code: module for module in Module.objects.all()}
    Milestone.objects.bulk_create(
        Milestone(
            version=version,
            order=order,
            kind=row["kind"],
            module=modules[row["module"]],
            due_day=row["day"],
            gate=row["gate"],
        )
        for order, row in enumerate(wanted.milestones, start=1)
    )
    changes.append(f"pathway {pathway.code}: version {version.number}")


def _says(version: PathwayVersion) -> tuple[Any, ...]:
    rows = version.milestones.values_list("kind", "module__code", "due_day", "gate")
    return tuple(getattr(version, name) for name in RULES), list(rows)


def _asks(wanted: Configuration, rules: dict[str, Any], present: PathwayVersion) -> tuple[Any, ...]:
    rows = [(row["kind"], row["module"], row["day"], row["gate"]) for row in wanted.milestones]
    return tuple(rules.get(name, getattr(present, name)) for name in RULES), rows


def _awards(wanted: Configuration, programme: Programme, changes: list[str]) -> None:
    places = dict(programme.awards.values_list("code", "order"))
    for row in wanted.awards:
        # Signed codes on paper name an award by its place for ever: it keeps the place that it had first.
        row["order"] = places.setdefault(row["code"], _free_place(row["order"], places.values()))
        award, is_new = Award.objects.get_or_create(programme=programme, code=row["code"], defaults=row)
        changed = [name for name, value in row.items() if getattr(award, name) != value]
        if is_new:
            changes.append(f"award {award.code}")
        elif changed:
            for name in changed:
                setattr(award, name, row[name])
            award.save(update_fields=changed)
            changes.append(f"award {award.code}: {', '.join(changed)}")
    named = [row["code"] for row in wanted.awards]
    for code in programme.awards.exclude(code__in=named).values_list("code", flat=True):
        changes.append(f"award {code} is not in the text; it stays")


def _free_place(wanted: int, taken: Collection[int]) -> int:
    return wanted if wanted not in taken else max(taken) + 1
