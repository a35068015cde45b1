"""Nothing that can be read out of a paper, its card or its copy says more than she chose: not a field, not a name.

The programme, its places and its modules here are called everything that they must not be called; then every string
in the finished files is looked at, as somebody would who takes them apart.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import cms
from django.test import Client
from django.utils import timezone

from certificates import actions
from certificates.models import Award, Certificate, CertificateFile
from certificates.render import cards_pdf
from curriculum.models import Article, Module
from people.models import User
from programme.models import Cohort, OrganisationUnit
from tests.certificates.making import World, make_award
from tests.certificates.test_public_views import blocked_in
from tests.factories import TODAY

pytestmark = pytest.mark.slow

Kind = CertificateFile.Kind
FULL_NAME = "PMTCT Mentor Mothers Against HIV"
COVERS = {"en": "Family health at home", "sw": "Afya ya familia nyumbani"}


@pytest.fixture
def telling(world: World) -> World:
    """Everything around the paper tells; what is meant to be printed does not."""
    programme = world.programme
    programme.name, programme.code = FULL_NAME, "pmtct-hiv"
    programme.allows_named_copy, programme.named_copy_name = True, FULL_NAME
    programme.working_language = "en"
    programme.save()
    OrganisationUnit.objects.update(name="HIV Clinic")
    User.objects.exclude(pk=world.learner.pk).update(display_name="Sister Antiretroviral")
    world.learner.alias, world.learner.languages = "VVU-101", ["sw", "en"]
    world.learner.save()
    cohort = Cohort.objects.create(
        programme=programme, unit=world.term.placements.get().facility, code="arv-2026", start_on=TODAY
    )
    world.term.cohort = cohort
    world.term.ended_on, world.term.end_class = TODAY + timedelta(days=30), "employer"
    world.term.save()
    Article.objects.update(title="Mothers living with HIV")
    for module in Module.objects.all():
        article = Article.objects.get(kind="module", module=module)
        article.pk, article.language, article.cover_title = None, "sw", COVERS["sw"]
        article.save()
    for order, award in enumerate(Award.objects.all()):
        award.code, award.order = f"pmtct-{order}", order
        award.save()
    return world


@pytest.fixture
def files(telling: World) -> dict[str, bytes]:
    """The sheet, the card, her named copy, a record, a passport, and the sheet of cards."""
    telling.earn("M4", "D1")
    Award.objects.update(valid_months=None)
    certificate = telling.certify(Award.objects.get(pk=telling.induction.pk))
    record = telling.certify(Award.objects.get(pk=telling.record.pk))
    passport = make_award(telling.programme, "passport", [], kind="passport", is_record=True, order=9)
    made = {kind.value: bytes(actions.pdf_of(certificate, kind).pdf) for kind in Kind}
    made["record"] = bytes(actions.pdf_of(record).pdf)
    made["passport"] = bytes(actions.pdf_of(telling.certify(passport)).pdf)
    made["cards"] = cards_pdf(list(Certificate.objects.with_state()))
    return made


def strings_in(item: Any, seen: set[tuple[int, int]]) -> Iterator[str]:
    """Every name and every string of an object of a PDF and of those that it leads to."""
    if isinstance(item, pikepdf.Object) and item.is_indirect:
        if item.objgen in seen:
            return
        seen.add(item.objgen)
    if isinstance(item, pikepdf.String | pikepdf.Name):
        yield str(item)
    elif isinstance(item, pikepdf.Array):
        for each in item:  # type: ignore[attr-defined]
            yield from strings_in(each, seen)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key in item.keys():  # noqa: SIM118 -- a stream is no mapping
            yield str(key)
            yield from strings_in(item.get(key), seen)


def everything_in(pdf: bytes, folder: Path) -> dict[str, str]:
    """What can be read out of a file: page, structure, metadata, attachments with their names, and who signed."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    page = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    found = {"page": page}
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found["structure"] = "\n".join(strings_in(opened.trailer, set()))
        found["xmp"] = opened.Root.Metadata.read_bytes().decode()
        found["info"] = " ".join(f"{key} {value}" for key, value in opened.docinfo.items())
        for name, attached in opened.attachments.items():
            found[f"attached {name}"] = name + attached.get_file().read_bytes().decode()
        if "/AcroForm" in opened.Root:
            signature = opened.Root.AcroForm.Fields[0].V
            (embedded,) = cms.ContentInfo.load(bytes(signature.Contents))["content"]["certificates"]
            found["signer"] = f"{embedded.chosen.subject.native} {embedded.chosen.issuer.native}"
    return found


def tells(said: str, world: World) -> list[str]:
    """Words that would disclose her, and things that are known here alone."""
    inside = [FULL_NAME, "pmtct", "arv-2026", "VVU-101", "Sister", "HIV Clinic", str(world.term.uuid), "employer"]
    return blocked_in(said) + [word for word in inside if word.casefold() in said.casefold()]


def test_no_file_says_what_is_not_printed_on_purpose(telling: World, files: dict[str, bytes], tmp_path: Path) -> None:
    found = {
        (kind, part): tells(said, telling)
        for kind, pdf in files.items()
        for part, said in everything_in(pdf, tmp_path).items()
        if (kind, part) != ("named", "page")
    }
    assert {place: words for place, words in found.items() if words} == {}
    assert {part for kind, part in found if kind == "paper"} == {
        "page", "structure", "xmp", "info", "attached record.json", "signer",
    }  # fmt: skip


def test_her_named_copy_names_it_on_the_page_alone(telling: World, files: dict[str, bytes], tmp_path: Path) -> None:
    """She asked for it; and so that the test above can fail."""
    parts = everything_in(files["named"], tmp_path)
    assert FULL_NAME in " ".join(parts["page"].split())
    assert [part for part, said in parts.items() if FULL_NAME in said] == ["page"]
    assert {"hiv", "mentor mother*", "pmtct"} <= set(tells(parts["page"], telling))


def test_files_come_under_names_that_say_nothing(
    telling: World, files: dict[str, bytes], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programme.after_term.timezone.now", lambda: timezone.make_aware(timezone.datetime(2026, 7, 1)))
    serial = Certificate.objects.get(award=telling.induction).serial
    client.force_login(telling.learner)
    names = {}
    for path in (f"{serial}.pdf", f"{serial}/card.pdf", f"{serial}/full.pdf"):
        response = client.get(f"/en/certificates/{path}")
        names[path] = response.headers["Content-Disposition"]
    assert names == {
        f"{serial}.pdf": f'attachment; filename="{serial}.pdf"',
        f"{serial}/card.pdf": f'attachment; filename="{serial}-card.pdf"',
        f"{serial}/full.pdf": f'attachment; filename="{serial}-full.pdf"',
    }


def test_what_the_public_may_ask_says_no_more(telling: World, files: dict[str, bytes], client: Client) -> None:
    """The answer to a number, and the list for phones, which speak of every programme here."""
    for certificate in Certificate.objects.all():
        answer = client.get(f"/verify/{certificate.serial}/")
        assert "current today" in answer.content.decode()
        assert tells(answer.content.decode() + str(answer.headers), telling) == []
    told = client.get("/verify/list.json").content.decode()
    assert tells(told, telling) == []
