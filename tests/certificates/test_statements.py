"""The 95 signed bytes on a paper: they say what the row says, and nothing in them can be changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from certificates.keys import fingerprint_of
from certificates.models import check_character
from certificates.names import words_of
from certificates.statements import (
    FIRST_DAY,
    STATEMENT_BYTES,
    TEXT_LENGTH,
    NotAStatement,
    NotSayable,
    Statement,
    address,
    as_text,
    encoded,
    from_text,
    is_genuine,
    name_digest,
    read,
)
from people.models import UNAMBIGUOUS

VECTORS = json.loads((Path(__file__).parent / "statement_vectors.json").read_text())


@dataclass
class InMemory:
    """A key that signs and lies in no file."""

    private: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> ec.EllipticCurvePublicKey:
        return self.private.public_key()

    @property
    def key(self) -> Any:
        return SimpleNamespace(short=fingerprint_of(self.public)[:8])

    def sign(self, message: bytes) -> bytes:
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)


SIGNER = InMemory(ec.generate_private_key(ec.SECP256R1()))
OTHER = InMemory(ec.generate_private_key(ec.SECP256R1()))
SALT = b"\x01\x02\x03\x04"


def a_statement(**fields: Any) -> Statement:
    facts = {
        "key": SIGNER.key.short,
        "serial": "K7M2QXAB9TRE",
        "award": 2,
        "issued_on": date(2026, 6, 15),
        "expires_on": date(2027, 6, 15),
        "is_demonstration": False,
        "salt": SALT,
        "name_digest": name_digest("Wanjikũ Amélia", SALT),
    }
    return Statement(**(facts | fields))


BODIES = st.text(UNAMBIGUOUS, min_size=11, max_size=11)
DAYS = st.integers(1, 0xFFFF).map(lambda days: FIRST_DAY + timedelta(days=days))
STATEMENTS = st.builds(
    a_statement,
    serial=BODIES.map(lambda body: body + check_character(body)),
    award=st.integers(0, 255),
    issued_on=DAYS,
    expires_on=st.none() | DAYS,
    is_demonstration=st.booleans(),
    salt=st.binary(min_size=4, max_size=4),
    name_digest=st.binary(min_size=8, max_size=8),
)


@given(STATEMENTS)
def test_what_was_encoded_is_read_again(statement: Statement) -> None:
    raw = encoded(statement, SIGNER)
    assert len(raw) == STATEMENT_BYTES
    assert read(raw) == statement
    assert is_genuine(raw, SIGNER.public)
    assert from_text(as_text(raw)) == raw
    assert len(as_text(raw)) == TEXT_LENGTH


def test_every_change_of_a_single_bit_is_refused() -> None:
    raw = encoded(a_statement(), SIGNER)
    changed = [
        bytes(byte ^ (1 << bit) * (n == place) for n, byte in enumerate(raw)) for place in range(95) for bit in range(8)
    ]
    assert len(set(changed)) == 760
    assert [other for other in changed if is_genuine(other, SIGNER.public)] == []


@given(st.data())
def test_another_statement_with_an_old_signature_is_refused(data: st.DataObject) -> None:
    raw, other = encoded(data.draw(STATEMENTS), SIGNER), encoded(data.draw(STATEMENTS), SIGNER)
    mixed = raw[:31] + other[31:]
    assert is_genuine(mixed, SIGNER.public) is (raw[:31] == other[:31])


@pytest.mark.parametrize(
    "rubbish", [b"", b"\x01", b"\x01" * 94, b"\x01" * 96, bytes(95), b"\x02" + b"\x01" * 94, b"\x01" + b"\xff" * 94]
)
def test_rubbish_is_no_statement(rubbish: bytes) -> None:
    assert not is_genuine(rubbish, SIGNER.public)
    with pytest.raises(NotAStatement):
        read(rubbish)


@given(st.binary(min_size=0, max_size=120))
def test_no_bytes_whatever_make_it_raise(raw: bytes) -> None:
    assert not is_genuine(raw, SIGNER.public)


@pytest.mark.parametrize("text", ["", "A", "A" * 151, "A" * 153, "1" * 152, "ŵ" * 152, "=" * 152, "A" * 144 + "=" * 8])
def test_letters_that_are_no_statement(text: str) -> None:
    with pytest.raises(NotAStatement):
        from_text(text)


def test_another_key_s_statement_is_not_genuine_here() -> None:
    raw = encoded(a_statement(key=OTHER.key.short), OTHER)
    assert is_genuine(raw, OTHER.public)
    assert not is_genuine(raw, SIGNER.public)
    # Signed by us, but it names another: whoever looks the key up by that name would not find ours.
    facts = encoded(a_statement(), SIGNER)[:31]
    named = facts[:1] + bytes.fromhex(OTHER.key.short) + facts[5:]
    assert not is_genuine(named + SIGNER.sign(b"thuto statement 1\0" + named), SIGNER.public)
    with pytest.raises(ValueError, match="names the key"):
        encoded(a_statement(key="00000000"), SIGNER)


def test_a_signature_for_something_else_is_none_for_a_statement() -> None:
    facts = encoded(a_statement(), SIGNER)[:31]
    assert not is_genuine(facts + SIGNER.sign(facts), SIGNER.public)


@pytest.mark.parametrize(
    "fields",
    [
        {"issued_on": date(2019, 12, 31)},
        {"issued_on": date(2300, 1, 1)},
        {"expires_on": FIRST_DAY},
        {"expires_on": date(2300, 1, 1)},
        {"award": 256},
        {"award": -1},
        {"serial": "K7M2QXAB9TR"},
        {"serial": "K7M2QXAB9TR0"},
    ],
)
def test_what_has_no_place_is_refused_and_never_cut_off(fields: dict[str, Any]) -> None:
    with pytest.raises(NotSayable):
        encoded(a_statement(**fields), SIGNER)


@pytest.mark.parametrize(
    ("name", "same", "another"),
    [
        ("Wanjikũ Amélia", "AMELIA  wanjiku", "Wanjikũ"),
        ("Ng’ang’a O'Brien", "obrien ng'ang'a".replace("obrien", "o’brien"), "Nganga OBrien"),
        ("ሰላማዊት ተስፋዬ", "ተስፋዬ ሰላማዊት", "ሰላማዊት"),
        ("Nomathamsanqa Mkhize-Zungu", "zungu mkhize nomathamsanqa", "Mkhize"),
        ("Straße", "STRASSE", "Strase"),
    ],
)
def test_the_digest_forgives_what_a_reader_does(name: str, same: str, another: str) -> None:
    said = a_statement(name_digest=name_digest(name, SALT))
    assert said.is_of(same)
    assert not said.is_of(another)
    assert not a_statement(name_digest=name_digest(name, b"1234"), salt=SALT).is_of(name)


def test_the_digest_names_nobody_by_itself() -> None:
    raw = encoded(a_statement(), SIGNER)
    for word in words_of("Wanjikũ Amélia"):
        assert word.encode() not in raw.lower()


def test_the_address_is_one_that_a_code_holds_as_letters(settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://learn.example.org/"
    raw = encoded(a_statement(), SIGNER)
    assert address(raw) == f"HTTPS://LEARN.EXAMPLE.ORG/V/{as_text(raw)}"
    assert set(address(raw)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["what"])
def test_the_published_examples(vector: dict[str, Any]) -> None:
    """Read from the document's words alone, without our code; then ours says the same."""
    import base64

    raw = base64.b32decode(vector["text"])
    x, y = (int.from_bytes(base64.urlsafe_b64decode(vector["key"][name] + "=")) for name in "xy")
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    number = int.from_bytes(raw[5:13])
    serial = ""
    for _ in range(12):
        number, place = divmod(number, 31)
        serial = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"[place] + serial
    days = [int.from_bytes(raw[place : place + 2]) for place in (14, 16)]
    said = {
        "key": raw[1:5].hex(),
        "number": serial,
        "award": raw[13],
        "issued_on": str(date(2020, 1, 1) + timedelta(days=days[0])),
        "expires_on": str(date(2020, 1, 1) + timedelta(days=days[1])) if days[1] else None,
        "is_demonstration": bool(raw[18] & 1),
        "name_digest": hashlib.sha256(raw[19:23] + " ".join(vector["words"]).encode()).hexdigest()[:16],
    }
    assert said == vector["says"]
    assert raw[23:31].hex() == vector["says"]["name_digest"]
    assert is_genuine(raw, public) is vector["is_genuine"]
    ours = read(raw)
    assert (ours.key, ours.serial, ours.award) == (said["key"], said["number"], said["award"])
    assert (ours.is_demonstration, str(ours.issued_on)) == (said["is_demonstration"], said["issued_on"])
    assert ours.is_of(vector["name"])
    assert sorted(words_of(vector["name"])) == vector["words"]


def test_replacing_one_field_makes_another_statement() -> None:
    raw = encoded(a_statement(), SIGNER)
    assert encoded(replace(a_statement(), award=3), SIGNER)[:31] != raw[:31]
