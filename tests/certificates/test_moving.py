"""A programme that moves house: nothing lost, nothing counted twice, every paper still confirmed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from append_only import lifted
from certificates import keys, moving
from certificates.genuine import Verdict, examine
from certificates.models import Certificate, CertificateFile, IssuerKey
from certificates.moving import archive
from certificates.moving.what import KINDS
from certificates.setting_up import set_up_programme
from curriculum.models import ModulePage
from demonstration import cast, second, staging
from people.models import User
from programme.models import Installation, OrganisationUnit, Placement, Programme, Term, UnitParent
from progress.checking import Count, differences
from progress.models import LessonStudy

pytestmark = pytest.mark.django_db

WORDS = "a long enough passphrase"
AGEWELL = Path(__file__).resolve().parents[2] / "packs" / "agewell"
QUICK = 2**10
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _quick_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sealed for another number of rounds could not be opened: every test seals and opens with these."""
    monkeypatch.setattr(archive, "SCRYPT_N", QUICK)


@pytest.fixture(autouse=True)
def _allowed(settings: Any, tmp_path: Path) -> None:
    settings.ALLOWED_HOSTS = ["testserver", ".localhost"]
    settings.MEDIA_ROOT = tmp_path / "media"


class Undone(Exception):
    """Takes back everything that a block did."""


@contextmanager
def elsewhere() -> Iterator[None]:
    """What is made inside stands in another installation: afterwards nothing of it is here."""
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        Installation.forget()


def make_programme(parts: tuple[cast.Part, ...] = cast.SECOND_PARTS, *, with_papers: bool = True) -> None:
    """AgeWell with ``parts`` on stage, as in the demonstration."""
    Installation.decide(is_demonstration=True)
    Installation.forget()
    if not Programme.objects.filter(code="agewell").exists():
        set_up_programme(AGEWELL)
        if not OrganisationUnit.objects.filter(short_code="ROOT").exists():
            OrganisationUnit.objects.create(short_code="ROOT", name="First programme", level="root")
    # The tree stood before anybody's first day.
    UnitParent.objects.update(from_on=TODAY - timedelta(days=2000))
    secrets = staging.Secrets()
    staff = staging.stage_staff(TODAY, secrets, cast.SECOND_STAFF)
    at_home = staging.Staff(staff.supervisors, {"ZA": staff.coordinators["GC"]})
    texts = staging.Texts()
    for part in parts:
        staging.stage_part(part, TODAY, at_home, texts, secrets)
    if with_papers:
        from certificates.actions import pdf_of

        for certificate in Certificate.objects.all():
            pdf_of(certificate)


@dataclass(frozen=True)
class Packed:
    """AgeWell of the demonstration as a sealed file, and what it held."""

    given_out: moving.GivenOut
    rows: dict[str, list[tuple[Any, ...]]]
    serials: frozenset[str]
    papers: frozenset[bytes]


@pytest.fixture(scope="module")
def packed(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """Made once, in an installation of which nothing is left."""
    allowed, media = django_settings.ALLOWED_HOSTS, django_settings.MEDIA_ROOT
    django_settings.ALLOWED_HOSTS = ["testserver", ".localhost"]
    django_settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    try:
        with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, elsewhere():
            patch.setattr(archive, "SCRYPT_N", QUICK)
            make_programme()
            given_out = give_out()
            return Packed(
                given_out,
                said(given_out.data),
                frozenset(Certificate.objects.values_list("serial", flat=True)),
                frozenset(bytes(paper.pdf) for paper in CertificateFile.objects.all()),
            )
    finally:
        django_settings.ALLOWED_HOSTS, django_settings.MEDIA_ROOT = allowed, media


def give_out(**options: Any) -> moving.GivenOut:
    return moving.give_out(code="agewell", passphrase=WORDS, now=timezone.now(), **options)


def bring_in(data: bytes, passphrase: str = WORDS) -> moving.Brought:
    return moving.bring_in(data=data, passphrase=passphrase, today=TODAY)


def said(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Every row in a sealed file without the numbers that a database gives it."""
    files = archive.unseal(data, WORDS)
    found = {}
    for kind in KINDS:
        left_out = {f.name for f in kind.model._meta.local_concrete_fields if f.is_relation} | {"pk"}
        if kind.model is IssuerKey:
            left_out.add("retired_at")  # a key arrives retired: its private half stays where it was made
        rows = archive.read_lines(files[f"rows/{kind.label}.jsonl"])
        kept = [
            tuple(sorted((name, repr(value)) for name, value in row.items() if name not in left_out)) for row in rows
        ]
        found[kind.label] = sorted(kept)
    return found


def test_a_programme_moves_into_an_empty_installation_and_everything_stands_there(
    packed: Packed, client: Client
) -> None:
    given_out, before, serials, papers = packed.given_out, packed.rows, packed.serials, packed.papers
    assert not Term.objects.exists()
    assert not ModulePage.objects.exists()
    assert serials
    assert papers

    brought = bring_in(given_out.data)

    assert brought.counts == given_out.counts
    assert brought.certificates_checked == len(serials)
    assert said(give_out().data) == before
    assert list(differences(Count())) == []
    assert {bytes(paper.pdf) for paper in CertificateFile.objects.all()} == set(papers)
    for serial in serials:
        page = client.get(f"/verify/{serial}/")
        assert page.status_code == 200
        assert "This certificate is current today." in page.content.decode()
    assert User.objects.get(alias="SIP-403").check_password(cast.PIN)


def test_its_keys_arrive_retired_and_its_papers_are_genuine_there(packed: Packed) -> None:
    with elsewhere():
        bring_in(packed.given_out.data)
        (key,) = IssuerKey.objects.all()
        assert keys.state_of(key) is keys.KeyState.RETIRED
        assert keys.active_key(key.programme) is None
        assert packed.papers
        for paper in packed.papers:
            found = examine(paper, on=TODAY)
            assert (found.verdict, found.is_kept, found.key) == (Verdict.CURRENT, True, key)

        # A file of ours from there is known by the key alone, too.
        with lifted("certificates_certificatefile"):
            CertificateFile.objects.all().delete()
        assert {examine(paper, on=TODAY).verdict for paper in packed.papers} == {Verdict.CURRENT}


def test_its_curriculum_comes_after_it_and_what_she_did_goes_on(packed: Packed, client: Client) -> None:
    bring_in(packed.given_out.data)

    set_up_programme(AGEWELL)

    assert list(differences(Count())) == []
    learner = User.objects.get(alias="JOS-404")
    client.force_login(learner)
    shown = client.get("/en/a1/", headers={"host": "jirani.localhost"}).content.decode()
    assert "Two at the door" in shown
    assert LessonStudy.objects.filter(term__learner=learner).exists()
    assert Programme.objects.filter(code="agewell").count() == 1


PARTS = st.builds(
    cast.Part,
    alias=st.from_regex(r"[A-Z]{3}-[5-9][0-9]{2}", fullmatch=True),
    name=st.sampled_from(["Thandi", "Nomathamsanqa Thandolwethu Sibongakonke Mkhize", "Zoë", "Ñandú"]),
    site=st.sampled_from(["GC-11", "GC-12"]),
    day=st.integers(40, 400),
    languages=st.just(("en",)),
    lessons=st.sets(st.sampled_from(cast.VISITS)).map(tuple),
    quizzes=st.sets(st.sampled_from(cast.VISITS)).map(lambda some: tuple(sorted(some))),
    practices=st.sets(st.sampled_from(cast.VISITS)).map(lambda some: tuple(sorted(some))),
    leave=st.sampled_from([None, (-6, -2), (-3, 10), (5, 20)]),
    ended=st.sampled_from([None, (0, "completed"), (0, "moved")]),
    has_consented=st.booleans(),
    pathway=st.just("visitor"),
    is_open_ended=st.booleans(),
)


def test_whatever_a_programme_holds_comes_out_as_it_went_in() -> None:
    make_programme(parts=(), with_papers=False)

    @given(st.lists(PARTS, min_size=1, max_size=6, unique_by=lambda part: part.alias))
    @hypothesis_settings(
        max_examples=3,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def moved(parts: list[cast.Part]) -> None:
        with elsewhere():
            secrets = staging.Secrets()
            leader = User.objects.get(alias="LEA-411")
            staff = staging.Staff({"GC-11": leader, "GC-12": leader}, {"ZA": User.objects.get(alias="COO-412")})
            texts = staging.Texts()
            for part in parts:
                staging.stage_part(part, TODAY, staff, texts, secrets)
            given_out = give_out()
            before = said(given_out.data)
        assert not Term.objects.exists()
        with elsewhere():
            brought = bring_in(given_out.data)
            assert brought.counts == given_out.counts
            assert said(give_out().data) == before
            assert list(differences(Count())) == []

    moved()


def test_the_same_file_twice_is_refused_and_changes_nothing(packed: Packed) -> None:
    given_out = packed.given_out
    bring_in(given_out.data)
    studies = LessonStudy.objects.count()

    with pytest.raises(moving.NotBroughtIn) as refusal:
        bring_in(given_out.data)

    assert any("programme.Term" in problem and "is here already" in problem for problem in refusal.value.problems)
    assert LessonStudy.objects.count() == studies
    assert Certificate.objects.count() == given_out.counts["certificates.Certificate"]


def test_a_work_name_that_somebody_else_has_there_is_told_and_nothing_comes(packed: Packed) -> None:
    given_out = packed.given_out
    Installation.decide(is_demonstration=True)
    Installation.forget()
    User.objects.create_user(alias="THA-401", display_name="Somebody else")

    with pytest.raises(moving.NotBroughtIn) as refusal:
        bring_in(given_out.data)

    assert any("THA-401" in problem for problem in refusal.value.problems)
    assert not Programme.objects.exists()
    assert User.objects.count() == 1


def test_a_demonstration_never_becomes_real_work(packed: Packed) -> None:
    given_out = packed.given_out
    Installation.decide(is_demonstration=False)
    Installation.forget()

    with pytest.raises(moving.NotBroughtIn, match="a demonstration, and this installation a real programme"):
        bring_in(given_out.data)


def test_where_another_secret_is_mixed_into_pins_everybody_needs_a_slip(packed: Packed, settings: Any) -> None:
    given_out = packed.given_out
    settings.PIN_PEPPER = "another one"

    brought = bring_in(given_out.data)

    assert not brought.pins_go_on
    assert not User.objects.get(alias="THA-401").has_usable_password()


def test_contacts_are_readable_there_and_nowhere_on_the_way(packed: Packed) -> None:
    with elsewhere():
        bring_in(packed.given_out.data)
        visitor = User.objects.get(alias="THA-401")
        visitor.set_phone("+27825550199")
        visitor.save()
        given_out = give_out()
    assert b"27825550199" not in given_out.data
    assert b"Thandiwe" not in given_out.data
    assert not zipfile.is_zipfile(io.BytesIO(given_out.data))

    bring_in(given_out.data)

    visitor = User.objects.get(alias="THA-401")
    assert visitor.phone == "+27825550199"
    assert visitor.phone_index


def test_another_passphrase_or_a_changed_byte_opens_nothing() -> None:
    sealed = archive.seal({archive.MANIFEST: b'{"sha256": {}}'}, WORDS)

    assert archive.unseal(sealed, WORDS)
    with pytest.raises(moving.NotOpened):
        archive.unseal(sealed, "another long passphrase")
    with pytest.raises(moving.NotOpened):
        archive.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), WORDS)
    with pytest.raises(moving.NotOpened):
        archive.unseal(b"PK\x03\x04", WORDS)
    with pytest.raises(moving.TooShort):
        archive.seal({}, "short")


def test_one_country_goes_and_the_other_stays(packed: Packed) -> None:
    with elsewhere():
        bring_in(packed.given_out.data)
        root = OrganisationUnit.objects.get(short_code="GC")
        kenya = OrganisationUnit.objects.create(short_code="GC-KE", name="Kenya", level="country", country="KE")
        team = OrganisationUnit.objects.create(short_code="GC-21", name="Jacaranda", level="facility", country="KE")
        for unit, parent in ((kenya, root), (team, kenya)):
            UnitParent.objects.create(unit=unit, parent=parent, from_on=TODAY - timedelta(days=900))
        Placement.objects.filter(term__learner__alias="JOS-404").update(facility=team)
        south, north = give_out(country="ZA"), give_out(country="KE")
        with pytest.raises(moving.NothingToGive):
            give_out(country="MW")

    bring_in(south.data)
    assert not User.objects.filter(alias="JOS-404").exists()
    assert not OrganisationUnit.objects.filter(short_code="GC-21").exists()
    brought = bring_in(north.data)

    assert brought.known["programme.Programme"] == 1
    assert set(Term.objects.values_list("learner__alias", flat=True)) == {"THA-401", "ELS-402", "SIP-403", "JOS-404"}
    assert list(differences(Count())) == []


def test_the_commands_write_once_and_say_what_came(packed: Packed, tmp_path: Path) -> None:
    sealed, words = tmp_path / "gone.bin", tmp_path / "words"
    words.write_text(WORDS + "\n")
    with elsewhere():
        bring_in(packed.given_out.data)
        call_command("export_programme", "agewell", str(sealed), passphrase_file=words)
        with pytest.raises(CommandError, match="is there already"):
            call_command("export_programme", "agewell", str(sealed), passphrase_file=words)
    assert sealed.stat().st_mode & 0o077 == 0

    out = io.StringIO()
    call_command("import_programme", str(sealed), passphrase_file=words, dry_run=True, stdout=out)
    assert "Tried only. Nothing was changed." in out.getvalue()
    assert not Term.objects.exists()
    call_command("import_programme", str(sealed), passphrase_file=words, stdout=out)
    assert "0 differences" in out.getvalue()
    assert Term.objects.count() == len(second.cast.SECOND_PARTS)
