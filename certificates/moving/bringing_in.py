"""Bringing a programme in: all of it or nothing, and only after everything has been counted and worked out anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

import assessments.actions
from certificates import keys
from certificates.checks import check
from certificates.models import Certificate, CertificateFile, IssuerKey
from certificates.moving import archive, rows
from certificates.moving.giving_out import FORM, PAPERS, pepper_mark
from certificates.moving.what import KINDS, LET_GO, Kind
from people.fields import blind_index
from people.models import AccessEntry, Consent, SigningPin, User
from programme import own
from programme.actions import follow_roles
from programme.models import Installation, RoleAssignment
from progress.checking import Count, differences

ROWS_AT_A_TIME = 500
MOST_TOLD = 50


class NotBroughtIn(ValueError):
    """Nothing was brought in; ``problems`` says everything that stood against it, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems[:MOST_TOLD]))
        self.problems = problems


@dataclass
class Brought:
    """How many rows of each kind came, how many of them were here already, and whether PINs go on."""

    programme: str
    country: str
    counts: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    pins_go_on: bool = True
    acts_checked: int = 0
    certificates_checked: int = 0


@transaction.atomic
def bring_in(*, data: bytes, passphrase: str, today: date) -> Brought:
    """Bring in what ``give_out`` gave. Anything that contradicts what is here already ends it, and all of it is told.

    Raises ``archive.NotOpened`` or ``NotBroughtIn``.
    """
    files = archive.unseal(data, passphrase)
    manifest = json.loads(files[archive.MANIFEST])
    _check_the_place(manifest)
    arriving = _Arriving(manifest, files)
    with rows.moments_kept(*(kind.model for kind in KINDS)):
        for kind in KINDS:
            arriving.bring(kind)
    if arriving.problems:
        raise NotBroughtIn(arriving.problems)
    if arriving.is_renumbered:
        # What is published here stays what is read and asked: it becomes the newest again.
        assessments.actions.freeze_every_quiz()
    for person in User.objects.filter(
        pk__in=RoleAssignment.objects.filter(pk__in=arriving.made(RoleAssignment)).values("user")
    ):
        follow_roles(person, today)
    arriving.check_everything(today)
    transaction.on_commit(own.learn)
    return arriving.result


def _check_the_place(manifest: dict[str, Any]) -> None:
    if manifest["form"] != FORM:
        raise NotBroughtIn([f"This file has form {manifest['form']}; this release reads form {FORM}."])
    here = Installation.objects.first()
    if here is None and not User.objects.exists():
        here = Installation.decide(is_demonstration=manifest["is_demonstration"])
        Installation.forget()
    if manifest["is_demonstration"] != bool(here and here.is_demonstration):
        kinds = ("a real programme", "a demonstration")
        there, this = kinds[manifest["is_demonstration"]], kinds[bool(here and here.is_demonstration)]
        raise NotBroughtIn([f"The file holds {there}, and this installation {this}. Neither ever becomes the other."])


class _Arriving:
    """The rows on their way: where each stands here, and what stands against it."""

    def __init__(self, manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        self.files, self.manifest = files, manifest
        self.problems: list[str] = []
        self.here: dict[str, dict[Any, Any]] = {}
        self.new: dict[str, list[Any]] = {}
        self.is_renumbered = False
        same_pepper = manifest["pepper"] == pepper_mark()
        self.result = Brought(manifest["programme"], manifest["country"], pins_go_on=same_pepper)

    def made(self, model: type[models.Model]) -> list[Any]:
        """Primary keys of the rows of ``model`` that were not here before."""
        return self.new.get(model._meta.label, [])  # noqa: SLF001 -- Django documents it for this

    def bring(self, kind: Kind) -> None:
        """Every row of ``kind``: found here, or made."""
        arrived = archive.read_lines(self.files[f"rows/{kind.label}.jsonl"])
        self.here[kind.label], self.new[kind.label] = {}, []
        if kind.model is SigningPin and not self.result.pins_go_on:
            self.result.counts[kind.label] = 0
            return
        waiting: list[tuple[Any, models.Model]] = []
        for row in arrived:
            made = self._one(kind, row)
            if made is not None:
                waiting.append((row["pk"], made))
            # A certificate may replace the one before it: that one must have its number first.
            if len(waiting) >= ROWS_AT_A_TIME or kind.model is Certificate or kind.known_by:
                self._store(kind, waiting)
        self._store(kind, waiting)
        self.result.counts[kind.label] = len(self.here[kind.label])
        self.result.known[kind.label] = len(self.here[kind.label]) - len(self.new[kind.label])
        if not self.problems and len(arrived) != len(self.here[kind.label]):
            self.problems.append(f"{kind.label}: {len(arrived)} in the file, {len(self.here[kind.label])} here.")

    def _one(self, kind: Kind, row: rows.Plain) -> models.Model | None:
        """A row to store, or ``None`` when it is here, or cannot be."""
        try:
            values = rows.fields_of(kind.model, row, lambda relation, pk: self._leads_to(kind, relation, pk))
        except (_Gone, ValidationError, TypeError, ValueError) as problem:
            self._tell(f"{kind.label} {row['pk']}: {problem}")
            return None
        self._shape(kind, values, row)
        if kind.known_by and self._may_be_known(kind):
            present = self._present(kind, values)
            if present is not None:
                self._same(kind, row, values, present)
                return None
        made = kind.model(**values)
        if kind.numbered:
            self._number(kind, made)
        if (taken := self._taken(kind, made)) is not None:
            self._tell(taken)
            return None
        return made

    def _may_be_known(self, kind: Kind) -> bool:
        """A person who has just come has nothing here: a thousand lines of her log need not be looked for."""
        is_about_people = kind.model in (AccessEntry, Consent, SigningPin)
        return not is_about_people or bool(self.result.known.get(User._meta.label))  # noqa: SLF001 -- as above

    def _leads_to(self, kind: Kind, relation: Any, pk: Any) -> Any:
        if pk is None or (kind.label, relation.name) in LET_GO:
            return None
        label = relation.related_model._meta.label  # noqa: SLF001 -- Django documents it for this
        try:
            return self.here[label][pk]
        except KeyError:
            raise _Gone(f"its {relation.name} is not in the file") from None

    def _shape(self, kind: Kind, values: dict[str, Any], row: rows.Plain) -> None:
        if kind.model is User:
            values["phone_index"], values["email_index"] = blind_index(values["phone"]), blind_index(values["email"])
            if not self.result.pins_go_on:
                values["password"] = make_password(None)
        if kind.model is IssuerKey:
            # Its private half stays where it was made. Here the programme signs with a key of its own.
            values["retired_at"] = values["retired_at"] or datetime.fromisoformat(self.manifest["given_out_at"])
        if kind.model is CertificateFile:
            values["pdf"] = self.files[f"{PAPERS}/{row['sha256']}.pdf"]

    def _present(self, kind: Kind, values: dict[str, Any]) -> models.Model | None:
        manager = kind.model._default_manager  # noqa: SLF001 -- Django documents it for this
        names = [kind.model._meta.get_field(name).attname for name in kind.known_by]  # type: ignore[union-attr] # noqa: SLF001
        return manager.filter(**{name: values[name] for name in names}).first()

    def _same(self, kind: Kind, row: rows.Plain, values: dict[str, Any], present: models.Model) -> None:
        if kind.is_hers:
            self._tell(f"{_named(kind, row)} is here already.")
            return
        for name in kind.agrees_in:
            attname = kind.model._meta.get_field(name).attname  # type: ignore[union-attr] # noqa: SLF001 -- as above
            if getattr(present, attname) != values[attname]:
                self._tell(f"{_named(kind, row)} is here already, with another {name}.")
                return
        if isinstance(present, IssuerKey) and values["lost_at"] is not None:
            # Lost since it was first brought in: whoever holds it now can sign for here, too.
            keys.lose(key=present, at=values["lost_at"])
        self.here[kind.label][row["pk"]] = present.pk

    def _number(self, kind: Kind, made: models.Model) -> None:
        """Its number, or the next one where another text has that here."""
        beside = {name: getattr(made, name) for name in self._numbered_beside(kind)}
        taken = set(
            kind.model._default_manager.filter(**beside).values_list(kind.numbered, flat=True)  # noqa: SLF001 -- as above
        )
        if taken and (getattr(made, kind.numbered) in taken or getattr(made, kind.numbered) > max(taken)):
            setattr(made, kind.numbered, max(taken) + 1)
            self.is_renumbered = True

    @staticmethod
    def _numbered_beside(kind: Kind) -> list[str]:
        names = [name for name in kind.known_by if not name.endswith("_hash")]
        return [kind.model._meta.get_field(name).attname for name in names]  # type: ignore[union-attr] # noqa: SLF001

    def _taken(self, kind: Kind, made: models.Model) -> str | None:
        """What of ``made`` only one row may have, and another has here."""
        for one in kind.model._meta.local_concrete_fields:  # noqa: SLF001 -- Django documents it for this
            value = getattr(made, one.attname)
            if not one.unique or value is None or (one.primary_key and one.name == "id"):
                continue
            if kind.model._default_manager.filter(**{one.attname: value}).exists():  # noqa: SLF001 -- as above
                return f"{kind.label}: {one.name} {value} belongs to another one here."
        host = getattr(made, "host_name", "")
        if host and kind.model._default_manager.filter(host_name=host).exists():  # noqa: SLF001 -- as above
            return f"{kind.label}: the host name {host} belongs to another one here."
        return None

    def _store(self, kind: Kind, waiting: list[tuple[Any, models.Model]]) -> None:
        if waiting and not self.problems:
            try:
                with transaction.atomic():
                    stored = kind.model._default_manager.bulk_create([made for _pk, made in waiting])  # noqa: SLF001
            except (IntegrityError, DataError) as problem:
                self._tell(f"{kind.label}: {problem}")
            else:
                for (pk, _made), row in zip(waiting, stored, strict=True):
                    self.here[kind.label][pk] = row.pk
                    self.new[kind.label].append(row.pk)
        elif waiting:
            # What follows from one refusal is not told as another.
            for pk, _made in waiting:
                self.here[kind.label][pk] = -1
        waiting.clear()

    def _tell(self, sentence: str) -> None:
        self.problems.append(sentence)

    def check_everything(self, today: date) -> None:
        """Work everything out anew; one difference, and nothing was brought in."""
        counted = Count()
        found = [str(difference) for difference in differences(counted)]
        found += list(self._broken_papers(today))
        if found:
            raise NotBroughtIn(found)
        self.result.acts_checked = counted.checked

    def _broken_papers(self, today: date) -> Iterable[str]:
        for certificate in Certificate.objects.filter(pk__in=self.made(Certificate)):
            answer, _found = check(certificate.serial, today, certificate.printed_name)
            if answer is None or (answer.has_name and answer.is_match is not True):
                yield f"The certificate {certificate.serial} is not confirmed here."
            self.result.certificates_checked += 1
        for paper in CertificateFile.objects.filter(pk__in=self.made(CertificateFile)).iterator():
            if hashlib.sha256(bytes(paper.pdf)).hexdigest() != paper.sha256:
                yield f"The paper {paper.sha256} is not what was issued."


class _Gone(LookupError):
    """A row leads to one that is not in the file, or was refused."""


def _named(kind: Kind, row: rows.Plain) -> str:
    """A row as its owner knows it: never a name, a phone or an answer."""
    known = [str(row[name]) for name in kind.known_by if isinstance(row.get(name), str | int)]
    return " ".join([kind.label, *known])
