"""Numbers as people type them, and the code on the paper."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import segno
from django.urls import reverse

from certificates import statements
from certificates.addresses import site_address
from certificates.models import SERIAL_LENGTH, Certificate, check_character
from people.models import UNAMBIGUOUS

LEVEL = "m"
"""How much of the code may be lost: 15 %. Measured against the others at 25 mm (docs/decisions/0030)."""

MASK = 3
"""Which pattern is laid over the code. To try all eight and take the best is a tenth of the work on a paper, and a
signature is so even by itself that the best of eight is hardly better (5 % in the points of ISO/IEC 18004, 7.8.3)."""


def typed_serial(typed: str) -> str:
    """The number meant by ``typed``: with or without gaps, in any case, or the whole address.

    At most twelve characters, none of them foreign to a number; empty when nothing is left.
    """
    path = typed[:400].partition("?")[0].partition("#")[0]
    last = next((part for part in reversed(path.split("/")) if part.strip()), "")
    return "".join(letter for letter in last.upper() if letter in UNAMBIGUOUS)[:SERIAL_LENGTH]


def typed_statement(typed: str) -> bytes | None:
    """The statement in ``typed``, pasted as its address or its letters alone; ``None`` where there is none."""
    last = typed[:400].partition("?")[0].partition("#")[0].rstrip("/ \n").rpartition("/")[2]
    try:
        return statements.from_text(last)
    except statements.NotAStatement:
        return None


def is_well_formed(serial: str) -> bool:
    """Whether ``serial`` has twelve characters and its last is the check of the others: no slip of the hand.

    Known from the number alone; it says nothing of whether there is such a paper.
    """
    return len(serial) == SERIAL_LENGTH and check_character(serial[:-1]) == serial[-1]


def verify_address(serial: str = "") -> str:
    """The public address at which ``serial`` (or any number) is checked."""
    path = reverse("verify-serial", args=[serial]) if serial else reverse("verify")
    return site_address() + path


@dataclass(frozen=True)
class Measure:
    """How fine a code is: ``version`` of the QR code, its ``level``, and modules a side without the quiet zone."""

    version: int
    level: str
    modules: int


def qr_says(paper: Certificate) -> str:
    """What the code on ``paper`` holds: the signed statement in its address, or on an old paper the number in its."""
    return statements.address(bytes(paper.statement)) if paper.statement else verify_address(paper.serial)


def qr_measure(paper: Certificate) -> Measure:
    """The measure of the code that ``qr_svg`` draws."""
    code = _code(paper)
    return Measure(int(code.version), str(code.error), int(code.symbol_size(border=0)[0]))


def qr_svg(paper: Certificate, *, border: int = 2) -> str:
    """The code on ``paper`` as SVG, dark on white; it fills the width it is given.

    ``border``: modules of quiet zone inside the picture. Readers want four: with two, two more of white paper
    have to be around it.
    """
    out = BytesIO()
    _code(paper).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        omitsize=True,
        border=border,
        dark="#000",
        light="#fff",
        title=paper.serial,
    )
    return out.getvalue().decode()


def _code(paper: Certificate) -> segno.QRCode:
    return segno.make(qr_says(paper), error=LEVEL, micro=False, mask=MASK)
