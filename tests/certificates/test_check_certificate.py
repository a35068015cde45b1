"""Where its row is known: a file is told with its state, and `check_certificate` says it in a sentence."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from append_only import lifted
from certificates import keys
from certificates.genuine import Verdict, examine
from certificates.models import Award, Certificate, CertificateEvent, CertificateFile
from tests.certificates import signed as papers
from tests.certificates.signed import ISSUED_ON, SERIAL
from tests.factories import make_programme, make_term, make_user

ON = ISSUED_ON + timedelta(days=30)


@pytest.fixture
def issued(db: None) -> tuple[Certificate, bytes]:
    """The paper in the tables of an installation, with its file."""
    programme = make_programme()
    keys.make_key(programme=programme, made_at=papers.KEY_MADE_AT)
    term = make_term()
    type(term).objects.filter(pk=term.pk).update(programme=programme)
    award = Award.objects.create(programme=programme, code="one", titles={"en": "One"})
    certificate = papers.certificate(
        term_id=term.pk, award=award, signed_off_by=make_user(), issued_by=make_user(), key=keys.active_key(programme)
    )
    certificate.save(force_insert=True)
    CertificateEvent.objects.create(
        certificate=certificate, state=CertificateEvent.State.ISSUED, by=certificate.issued_by, at=papers.AT
    )
    pdf = papers.signed(keys.signing_key(programme))
    CertificateFile.objects.create(certificate=certificate, pdf=pdf, sha256=sha256(pdf).hexdigest())
    return Certificate.objects.get(pk=certificate.pk), pdf


def test_the_file_that_was_issued_is_current(issued: tuple[Certificate, bytes]) -> None:
    found = examine(issued[1], on=ON)
    assert (found.verdict, found.is_kept) == (Verdict.CURRENT, True)


def test_it_takes_few_queries(issued: tuple[Certificate, bytes], django_assert_num_queries: Any) -> None:
    """Key, certificate, leave, files, and the programme of its term."""
    with django_assert_num_queries(5):
        examine(issued[1], on=ON)


@pytest.mark.parametrize(
    ("event", "verdict"),
    [
        (CertificateEvent.State.SUSPENDED, Verdict.NOT_CURRENT),
        (CertificateEvent.State.REVOKED, Verdict.NOT_CURRENT),
        (CertificateEvent.State.REPLACED, Verdict.NOT_CURRENT),
        (CertificateEvent.State.RESTORED, Verdict.CURRENT),
    ],
)
def test_its_state_is_told_and_never_why(
    issued: tuple[Certificate, bytes], event: CertificateEvent.State, verdict: Verdict
) -> None:
    certificate, pdf = issued
    CertificateEvent.objects.create(
        certificate=certificate, state=event, by=certificate.issued_by, at=papers.AT + timedelta(days=1)
    )
    found = examine(pdf, on=ON)
    assert found.verdict is verdict
    assert event.value not in found.verdict.sentence


def test_its_days_are_those_of_the_row(issued: tuple[Certificate, bytes]) -> None:
    assert examine(issued[1], on=papers.EXPIRES_ON + timedelta(days=1)).verdict is Verdict.EXPIRED
    assert examine(issued[1], on=ISSUED_ON - timedelta(days=1)).verdict is Verdict.NOT_YET


def test_another_file_under_its_number_is_not_it(issued: tuple[Certificate, bytes]) -> None:
    """Signed with the very key, as somebody could who has it: still not what was issued."""
    certificate, _pdf = issued
    key = keys.signing_key(certificate.term.programme)
    assert examine(papers.signed(key, name="Somebody Else"), on=ON).verdict is Verdict.OTHER_FILE


def without_file(certificate: Certificate) -> None:
    with lifted("certificates_certificatefile"):
        certificate.files.all().delete()


def test_without_a_file_the_record_is_compared_with_the_row(issued: tuple[Certificate, bytes]) -> None:
    """The background has not kept it yet."""
    certificate, pdf = issued
    without_file(certificate)
    key = keys.signing_key(certificate.term.programme)

    assert examine(pdf, on=ON).verdict is Verdict.CURRENT
    assert examine(papers.signed(key, name="Somebody Else"), on=ON).verdict is Verdict.OTHER_FACTS
    assert examine(papers.signed(key, expires_on="2099-01-01"), on=ON).verdict is Verdict.OTHER_FACTS
    # A later release may write more into it.
    assert examine(papers.signed(key, colour="green"), on=ON).verdict is Verdict.CURRENT


def test_a_key_of_another_programme_does_not_sign_for_this_one(issued: tuple[Certificate, bytes]) -> None:
    certificate, _pdf = issued
    without_file(certificate)
    other = make_programme()
    keys.make_key(programme=other, made_at=papers.KEY_MADE_AT)
    assert examine(papers.signed(keys.signing_key(other)), on=ON).verdict is Verdict.OTHER_FACTS


def test_what_a_retired_key_signed_stays_good(issued: tuple[Certificate, bytes]) -> None:
    certificate, pdf = issued
    keys.rotate(programme=certificate.term.programme, at=papers.AT + timedelta(days=1))
    found = examine(pdf, on=ON)
    assert found.verdict is Verdict.CURRENT
    assert keys.state_of(found.key) is keys.KeyState.RETIRED

    without_file(certificate)
    assert examine(pdf, on=ON).verdict is Verdict.CURRENT


def test_what_says_that_it_was_signed_after_its_key_was_retired_is_good_only_when_it_is_known(
    issued: tuple[Certificate, bytes],
) -> None:
    certificate, _pdf = issued
    programme = certificate.term.programme
    later = papers.signed(keys.signing_key(programme), at=papers.AT + timedelta(days=5))
    keys.retire(key=keys.active_key(programme), at=papers.AT + timedelta(days=1))
    without_file(certificate)

    assert examine(later, on=ON).verdict is Verdict.AFTER_RETIREMENT
    CertificateFile.objects.create(certificate=certificate, pdf=later, sha256=sha256(later).hexdigest())
    assert examine(later, on=ON).verdict is Verdict.CURRENT


def test_what_a_lost_key_signed_is_good_only_when_it_is_known(issued: tuple[Certificate, bytes]) -> None:
    certificate, pdf = issued
    key = keys.active_key(certificate.term.programme)
    keys.lose(key=key, at=papers.AT + timedelta(days=1))
    assert examine(pdf, on=ON).verdict is Verdict.CURRENT

    without_file(certificate)
    assert examine(pdf, on=ON).verdict is Verdict.LOST_KEY


def test_an_old_paper_without_signature_is_known_by_its_bytes(issued: tuple[Certificate, bytes]) -> None:
    """From before there were keys."""
    certificate, _pdf = issued
    without_file(certificate)
    old = papers.drawn()
    CertificateFile.objects.create(certificate=certificate, pdf=old, sha256=sha256(old).hexdigest())

    assert examine(old, on=ON).verdict is Verdict.CURRENT
    assert not examine(old + b"\n", on=ON).verdict.is_genuine


def test_a_demonstration_says_so(issued: tuple[Certificate, bytes]) -> None:
    key = keys.signing_key(issued[0].term.programme)
    found = examine(papers.signed(key, is_demonstration=True), on=ON, key_of={key.key.fingerprint: key.key}.get)
    assert found.is_demonstration


# The command


def check(file: Path, *options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_certificate", str(file), *options, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def file(issued: tuple[Certificate, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(timezone, "localdate", lambda *args: ON)
    path = tmp_path / "paper.pdf"
    path.write_bytes(issued[1])
    return path


def test_the_command_says_it_in_sentences(file: Path, issued: tuple[Certificate, bytes]) -> None:
    ended, said = check(file)
    assert ended == 0
    assert said.splitlines() == [
        "It is genuine and current.",
        f"Number {SERIAL}, Family Learning Programme, 2026-03-03, until 2027-03-03.",
        "It is, byte for byte, the file that this installation keeps.",
        f"Signed on 2026-03-03 with key {issued[0].key.short} (active).",
    ]
    assert papers.NAME not in said


def test_the_command_ends_by_its_verdict(file: Path, issued: tuple[Certificate, bytes]) -> None:
    certificate, pdf = issued
    file.write_bytes(pdf.replace(b"/Tabs /S", b"/Tabs /W"))
    ended, said = check(file)
    assert ended == 1
    assert said.startswith("It was changed after it was signed. Do not rely on anything in it.")
    assert "Number" not in said

    file.write_bytes(pdf)
    CertificateEvent.objects.create(
        certificate=certificate,
        state=CertificateEvent.State.REVOKED,
        by=certificate.issued_by,
        at=papers.AT + timedelta(days=1),
    )
    assert check(file)[0] == 2


def test_a_clock_before_the_day_of_issue_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args: ISSUED_ON - timedelta(days=400))
    ended, said = check(file)
    assert ended == 3
    assert "Look at the clock of this machine first." in said


def test_the_command_speaks_to_programs(file: Path, issued: tuple[Certificate, bytes]) -> None:
    ended, said = check(file, "--json")
    told = json.loads(said)
    assert ended == 0
    assert (told["verdict"], told["is_genuine"], told["is_kept"]) == ("current", True, True)
    assert told["number"] == SERIAL
    assert told["record"]["name"] == papers.NAME
    assert (told["key"], told["key_state"]) == (issued[0].key.fingerprint, "active")


def test_with_a_file_of_keys_no_table_is_asked(
    file: Path, tmp_path: Path, issued: tuple[Certificate, bytes], django_assert_num_queries: Any
) -> None:
    pem = tmp_path / "keys.pem"
    other = papers.loose_key()
    pem.write_text(other.key.certificate_pem + issued[0].key.certificate_pem)
    with django_assert_num_queries(0):
        ended, said = check(file, "--key", str(pem))
    assert (ended, said.splitlines()[0]) == (0, Verdict.UNKNOWN_HERE.sentence)

    pem.write_text(other.key.certificate_pem)
    ended, said = check(file, "--key", str(pem))
    assert (ended, said.splitlines()[0]) == (1, Verdict.NOT_OURS.sentence)


def test_the_command_says_what_it_cannot_read(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        check(tmp_path / "nothing.pdf")
    with pytest.raises(CommandError, match="issuer_key list --pem"):
        check(file, "--key", str(file))
