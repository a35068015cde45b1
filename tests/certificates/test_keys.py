"""One key signs for a programme; what is locked opens only here; and without a key nothing is half done."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from certificates import keys
from certificates.models import IssuerKey
from programme.models import Installation, Programme
from tests.factories import make_programme

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.ISSUER_KEYS = str(tmp_path / "keys")
    yield tmp_path / "keys"
    Installation.forget()


@pytest.fixture
def programme() -> Programme:
    return make_programme(code="walking", issuing_name="Family Learning Programme")


def is_signed(key: IssuerKey, message: bytes, raw: bytes) -> bool:
    try:
        keys.public_key_of(key).verify(
            encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])), message, ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature:
        return False
    return True


def test_a_key_signs_and_only_what_it_signed(programme: Programme) -> None:
    key = keys.make_key(programme=programme, made_at=NOW)
    opened = keys.signing_key(programme)
    raw = opened.sign(b"a message")

    assert opened.key == key
    assert len(raw) == 64
    assert int.from_bytes(raw[32:]) <= keys.ORDER // 2
    assert is_signed(key, b"a message", raw)
    assert not is_signed(key, b"another message", raw)
    assert "PrivateKey" not in repr(opened)


def test_the_certificate_of_a_key_names_nobody_but_the_issuer(programme: Programme) -> None:
    certificate = keys.certificate_of(keys.make_key(programme=programme, made_at=NOW))

    assert certificate.subject.rfc4514_string() == "CN=Family Learning Programme"
    assert certificate.issuer == certificate.subject
    assert certificate.not_valid_before_utc == NOW
    assert certificate.not_valid_after_utc > NOW.replace(year=NOW.year + 25)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert (usage.value.digital_signature, usage.value.content_commitment, usage.value.key_cert_sign) == (
        True,
        True,
        False,
    )
    certificate.verify_directly_issued_by(certificate)


def test_without_an_issuing_name_no_code_of_a_programme_stands_in_it(programme: Programme) -> None:
    """The code is for those who run the site, and may say what the name must not."""
    programme.issuing_name = ""
    certificate = keys.certificate_of(keys.make_key(programme=programme, made_at=NOW))
    assert certificate.subject.rfc4514_string() == "CN=Thuto"


def test_a_name_too_long_for_a_certificate_is_cut(programme: Programme) -> None:
    programme.issuing_name = "Ŵ" * 100
    subject = keys.certificate_of(keys.make_key(programme=programme, made_at=NOW)).subject
    assert subject.rfc4514_string() == "CN=" + "Ŵ" * 32


def test_the_private_half_is_locked_and_for_the_owner_only(programme: Programme, folder: Path, settings: Any) -> None:
    key = keys.make_key(programme=programme, made_at=NOW)
    (path,) = folder.iterdir()

    assert path == keys.file_of(key.fingerprint)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises(ValueError, match="password"):
        load_pem_private_key(path.read_bytes(), b"another secret")
    assert load_pem_private_key(path.read_bytes(), settings.ISSUER_KEY_SECRET.encode())


def test_a_file_that_others_can_read_is_told(programme: Programme) -> None:
    key = keys.make_key(programme=programme, made_at=NOW)
    path = keys.file_of(key.fingerprint)
    for mode, is_told in ((0o600, False), (0o640, True), (0o604, True)):
        path.chmod(mode)
        out = StringIO()
        call_command("issuer_key", "list", stdout=out)
        assert (f"Others on this machine can read its file: chmod 600 {path}" in out.getvalue()) is is_told
        # It is locked all the same.
        assert keys.signing_key(programme).key == key


def test_a_file_is_written_whole_or_not_at_all(
    programme: Programme, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keys.os, "fsync", full)
    with pytest.raises(keys.NoSigningKey) as refusal:
        keys.make_key(programme=programme, made_at=NOW)

    assert "No space left on device" in refusal.value.detail
    assert list(folder.iterdir()) == []
    assert not IssuerKey.objects.exists()


def test_without_a_row_no_file_is_left(programme: Programme, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process was faster."""
    keys.make_key(programme=programme, made_at=NOW)
    monkeypatch.setattr(keys, "active_key", lambda programme: None)

    with pytest.raises(IntegrityError), transaction.atomic():
        keys.make_key(programme=programme, made_at=NOW)

    assert len(list(folder.iterdir())) == 1


def test_a_second_key_beside_the_first_is_refused(programme: Programme) -> None:
    keys.make_key(programme=programme, made_at=NOW)
    with pytest.raises(keys.KeyStands):
        keys.make_key(programme=programme, made_at=NOW)


def test_two_signing_keys_break_the_database(programme: Programme) -> None:
    key = keys.make_key(programme=programme, made_at=NOW)
    with pytest.raises(IntegrityError, match=r"one_signing_key_per_programme|UNIQUE"), transaction.atomic():
        IssuerKey.objects.create(
            programme=programme, fingerprint="0" * 64, certificate_pem=key.certificate_pem, made_at=NOW
        )


def test_rotating_retires_the_old_and_signs_with_the_new(
    programme: Programme, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    old = keys.make_key(programme=programme, made_at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        new = keys.rotate(programme=programme, at=NOW + timedelta(days=1))
    old.refresh_from_db()

    assert keys.state_of(old) is keys.KeyState.RETIRED
    assert keys.signing_key(programme).key == new
    assert [path.stem for path in folder.iterdir()] == [new.fingerprint]


def test_a_lost_key_signs_nothing_also_when_it_was_retired_before(
    programme: Programme, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    key = keys.make_key(programme=programme, made_at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        keys.lose(key=key, at=NOW)
    assert keys.state_of(key) is keys.KeyState.LOST
    assert list(folder.iterdir()) == []
    with pytest.raises(keys.NoSigningKey):
        keys.signing_key(programme)

    retired = keys.make_key(programme=programme, made_at=NOW)
    keys.retire(key=retired, at=NOW)
    keys.lose(key=retired, at=NOW + timedelta(days=1))
    keys.lose(key=retired, at=NOW + timedelta(days=2))
    assert keys.state_of(retired) is keys.KeyState.LOST
    assert retired.lost_at == NOW + timedelta(days=1)


@pytest.mark.parametrize("what", ["no key", "no file", "no secret", "another secret", "rubbish", "another key"])
def test_without_a_key_there_is_a_clear_sentence_and_the_reason_is_for_the_operator(
    programme: Programme, settings: Any, what: str
) -> None:
    if what != "no key":
        key = keys.make_key(programme=programme, made_at=NOW)
        path = keys.file_of(key.fingerprint)
    if what == "no file":
        path.unlink()
    elif what == "no secret":
        settings.ISSUER_KEY_SECRET = ""
    elif what == "another secret":
        settings.ISSUER_KEY_SECRET = "another"
    elif what == "rubbish":
        path.write_text("rubbish")
    elif what == "another key":
        other = keys.make_key(programme=make_programme(), made_at=NOW)
        path.write_bytes(keys.file_of(other.fingerprint).read_bytes())

    with pytest.raises(keys.NoSigningKey) as refusal:
        keys.signing_key(programme)

    assert str(refusal.value) == (
        "Nothing was issued: the key that signs certificates is not ready. Please tell whoever runs this site."
    )
    said = {
        "no key": "issuer_key make walking",
        "no file": "is not there",
        "no secret": "ISSUER_KEY_SECRET is not set",
        "another secret": "does not open",
        "rubbish": "does not open",
        "another key": "holds another key",
    }
    assert said[what] in refusal.value.detail
    assert "PRIVATE" not in refusal.value.detail


def test_a_demonstration_makes_its_own_key_and_real_work_does_not(programme: Programme) -> None:
    with pytest.raises(keys.NoSigningKey):
        keys.signing_key(programme)
    Installation.decide(is_demonstration=True)
    Installation.forget()

    first = keys.signing_key(programme).key
    assert keys.signing_key(programme).key == first
    keys.file_of(first.fingerprint).unlink()
    assert keys.signing_key(programme).key != first
    first.refresh_from_db()
    assert keys.state_of(first) is keys.KeyState.RETIRED


def test_a_certificate_that_is_not_the_key_of_its_row_is_no_key(programme: Programme) -> None:
    key = keys.make_key(programme=programme, made_at=NOW)
    key.fingerprint = "0" * 64
    with pytest.raises(ValueError, match="not what its fingerprint says"):
        keys.public_key_of(key)


# The command


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("issuer_key", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_takes_a_key_through_its_life(
    programme: Programme, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    assert run("list") == "walking has no key: manage.py issuer_key make walking\n"
    assert "Nothing was changed" in run("make", "walking", "--dry-run")
    assert not folder.exists()

    run("make", "walking")
    first = IssuerKey.objects.get()
    with pytest.raises(CommandError, match="issuer_key rotate walking"):
        run("make", "walking")
    assert f"walking  {first.fingerprint}" in run("list")

    with django_capture_on_commit_callbacks(execute=True):
        assert "retired" in run("rotate", "walking")
        assert "Nothing is issued until there is another" in run("retire", "walking")
        assert "is lost" in run("lost", "walking", "--key", first.short)
    with pytest.raises(CommandError, match="no key that signs"):
        run("retire", "walking")
    told = json.loads(run("list", "walking", "--json"))
    assert [row["state"] for row in told] == ["lost", "retired"]
    assert run("list", "--pem").count("BEGIN CERTIFICATE") == 1
    assert "PRIVATE" not in run("list", "--json") + run("list", "--pem")
    assert list(folder.iterdir()) == []


def test_the_list_says_which_key_cannot_sign(programme: Programme) -> None:
    key = keys.make_key(programme=programme, made_at=NOW)
    keys.file_of(key.fingerprint).unlink()
    assert "It cannot sign: " in run("list")


@pytest.mark.parametrize("verb", ["make", "rotate", "retire", "lost"])
def test_the_command_asks_which_programme(programme: Programme, verb: str) -> None:
    with pytest.raises(CommandError, match="Which programme"):
        run(verb)
    with pytest.raises(CommandError, match="There are: walking"):
        run(verb, "running")
    assert not IssuerKey.objects.exists()


def test_the_command_says_why_no_key_was_made(programme: Programme, settings: Any) -> None:
    settings.ISSUER_KEY_SECRET = ""
    with pytest.raises(CommandError, match=r"Nothing was changed. ISSUER_KEY_SECRET is not set"):
        run("make", "walking")
